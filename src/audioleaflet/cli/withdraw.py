"""``audioleaflet withdraw``: a leaflet taken back, at once."""

from __future__ import annotations

from pathlib import Path

import click

from audioleaflet.cli.answers import print_json, print_lines
from audioleaflet.cli.options import CACHE, JSON, OUTPUT, VOICE, cache_folder, one_leaflet, today_here
from audioleaflet.errors import ConfigError
from audioleaflet.terminal import Stops, reporting, write


@click.command("withdraw")
@click.argument("leaflet")
@click.option("--by", required=True, metavar="NAME", help="Who withdraws it.")
@click.option("--reason", required=True, metavar="TEXT", help="Why: listeners hear these words.")
@click.option("--lift", is_flag=True, help="End a withdrawal: the next build makes the edition again.")
@VOICE
@OUTPUT
@CACHE
@JSON
def command(
    leaflet: str, by: str, reason: str, lift: bool, voice: str, output: Path, cache: Path | None, as_json: bool
) -> int:
    """Replace an edition at once by a notice, spoken and written, that it is withdrawn.

    A record is kept beside the leaflet. Until the withdrawal is lifted, every build makes the notice. If no notice can
    be made, the edition is taken away.
    """
    from audioleaflet import notices
    from audioleaflet.leaflet.withdrawal import withdrawals_path

    path, today = _file(leaflet), today_here()
    record = str(withdrawals_path(path))
    if lift:
        notices.lift(path, by=by, reason=reason, today=today, output=output)
        if as_json:
            print_json({"withdrawn": False, "record": record})
        else:
            write(f"{path}: no longer withdrawn; build it again: audioleaflet build {leaflet}")
            print_lines([record])
        return 0
    with Stops() as stops, reporting(path.parent.name, stops, quiet=as_json) as reporter:
        built = notices.withdraw(
            path,
            by=by,
            reason=reason,
            today=today,
            output=output,
            cache=cache or cache_folder(),
            voice=voice,
            reporter=reporter,
        )
    if as_json:
        print_json({"withdrawn": True, "record": record, "folder": str(built.folder), "status": built.book.status})
    else:
        write(f"{built.book.title}: {built.book.status}")
        write(f"  the record is {record}")
        print_lines([str(built.folder)])
    return 0


def _file(name: str) -> Path:
    """The leaflet file; one that was deleted may be named by its path, for its edition is still there."""
    try:
        return one_leaflet(name)
    except ConfigError:
        path = Path(name)
        if path.suffix in (".yaml", ".yml") and not path.exists() and path.parent.is_dir():
            return path
        raise
