"""``audioleaflet script``: what will be said."""

from __future__ import annotations

import click

from audioleaflet.cli.answers import print_json, print_lines
from audioleaflet.cli.options import JSON, found_leaflets


@click.command("script")
@click.argument("leaflet")
@JSON
def command(leaflet: str, as_json: bool) -> int:
    """Show what will be said: every line as a reader sees it and, where it differs, as it is spoken."""
    from audioleaflet.pipeline import prepare
    from audioleaflet.script.print import as_data, as_lines

    scripts = [prepare(path).script for path in found_leaflets((leaflet,))]
    if as_json:
        print_json([as_data(script) for script in scripts])
    else:
        print_lines(line for script in scripts for line in as_lines(script))
    return 0
