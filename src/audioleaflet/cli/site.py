"""``audioleaflet site``: the web pages of a library, from its editions."""

from __future__ import annotations

from pathlib import Path

import click

from audioleaflet.cli.answers import print_json, print_lines
from audioleaflet.cli.options import JSON, OUTPUT, today_here
from audioleaflet.errors import AudioleafletError
from audioleaflet.terminal import write


@click.command("site")
@click.option(
    "--library",
    "library_file",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="The library.yaml with its title and address.  [default: the one in content/]",
)
@OUTPUT
@JSON
def command(library_file: Path | None, output: Path, as_json: bool) -> int:
    """Write the web pages of all editions again, and the page that lists them.

    Reads the editions alone: no leaflet, no voice. 'build' does the same for what it builds. Run it daily, so that a
    page tells of a review date that has passed.
    """
    from audioleaflet.pipeline import library_of
    from audioleaflet.publish import pages
    from audioleaflet.publish.formats import PAGE, PAGES
    from audioleaflet.settings import load_settings, read_settings

    settings = read_settings(library_file) if library_file else load_settings(Path("content"), cwd=Path.cwd())
    library, today = library_of(settings), today_here()
    if not library.base_url:
        write(pages.NO_FEED)
    failures: list[str] = []
    renewed: list[str] = []
    for listed in pages.editions(output, failures.append):
        try:
            if pages.renew(output / listed.path, library, PAGES, today=today):
                renewed.append(listed.path)
        except AudioleafletError as error:
            failures.append(f"{listed.path} keeps its old page: {error}")
    shown = pages.write_library(output, library, today=today, message=lambda _told: None)
    page = output / PAGE
    for failure in failures:
        write(failure)
    if as_json:
        print_json(
            {"page": str(page), "editions": [one.path for one in shown], "renewed": renewed, "problems": failures}
        )
    else:
        write(f"{library.title}: {len(shown)} edition{'s' * (len(shown) != 1)}, {len(renewed)} with a new page")
        write("  look at it: audioleaflet serve" + ("" if output == Path("audio") else f" --output {output}"))
        print_lines([str(page)])
    return 1 if failures else 0
