"""``audioleaflet doctor``: what is installed, what is missing and how to get it."""

from __future__ import annotations

import click

from audioleaflet.cli.answers import print_json, print_lines
from audioleaflet.cli.options import JSON, cache_folder
from audioleaflet.errors import ConfigError


@click.command("doctor")
@click.option("--online", is_flag=True, help="Also ask Google whether gTTS is reachable.")
@JSON
def command(online: bool, as_json: bool) -> int:
    """Tell what is installed, what is missing and how to get it."""
    from audioleaflet.doctor import examine

    findings = examine(cache=cache_folder(), online=online)
    if as_json:
        print_json([{"part": one.part, "ok": one.ok, "message": one.message} for one in findings])
    else:
        print_lines(f"{'ok     ' if one.ok else 'MISSING'}  {one.part:14} {one.message}" for one in findings)
    return 0 if all(one.ok for one in findings) else ConfigError.exit_code
