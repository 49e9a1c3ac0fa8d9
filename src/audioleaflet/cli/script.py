"""``audioleaflet script``: what will be said, and what is said in another way than before."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from audioleaflet.cli.answers import print_json, print_lines
from audioleaflet.cli.options import JSON, found_leaflets, one_leaflet
from audioleaflet.errors import PublishError
from audioleaflet.terminal import write


@click.command("script")
@click.argument("leaflet")
@click.option(
    "--diff",
    "old",
    type=click.Path(path_type=Path),
    metavar="OLD",
    help="Only what differs from OLD, an edition's folder or its book.json.",
)
@JSON
def command(leaflet: str, old: Path | None, as_json: bool) -> int:
    """Show what will be said: every line as a reader sees it and, where it differs, as it is spoken.

    With --diff, exit 0 means that nothing differs, 1 that something does. Silences are not compared.
    """
    from audioleaflet.pipeline import prepare
    from audioleaflet.script.print import as_data, as_lines

    if old is not None:
        return _differences(one_leaflet(leaflet), old, as_json=as_json)
    scripts = [prepare(path).script for path in found_leaflets((leaflet,))]
    if as_json:
        print_json([as_data(script) for script in scripts])
    else:
        print_lines(line for script in scripts for line in as_lines(script, colour=sys.stdout.isatty()))
    return 0


def _differences(leaflet: Path, old: Path, *, as_json: bool) -> int:
    from audioleaflet.pipeline import prepare
    from audioleaflet.script.diff import as_data, as_lines, compare
    from audioleaflet.script.stored import load

    edition = old.parent if old.is_file() else old
    if not any((edition / name).is_file() for name in ("book.json", "script.json")):
        raise PublishError(f"there is no edition in {old}", next_step="name its folder, such as audio/NAME/LANGUAGE")
    changes = compare(load(edition), prepare(leaflet).script)
    if as_json:
        print_json(as_data(changes))
    else:
        print_lines(as_lines(changes, colour=sys.stdout.isatty()))
        write(f"{len(changes) or 'no'} difference{'s' * (len(changes) != 1)} from {edition}")
    return 1 if changes else 0
