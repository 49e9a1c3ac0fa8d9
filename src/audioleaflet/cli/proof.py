"""``audioleaflet proof``: a page to hear, read, print and sign."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from audioleaflet.cli.answers import print_json, print_lines
from audioleaflet.cli.options import JSON, OUTPUT, found_leaflets, today_here
from audioleaflet.errors import PublishError
from audioleaflet.terminal import write

if TYPE_CHECKING:
    from audioleaflet.pipeline import Prepared
    from audioleaflet.proof.page import Matter


@click.command("proof")
@click.argument("leaflet")
@click.option(
    "--to",
    type=click.Path(path_type=Path, file_okay=False),
    default="proof",
    show_default=True,
    help="Where the proof's folder is written.",
)
@click.option("--zip", "zipped", is_flag=True, help="Pack it as one zip, too: to be sent to whoever checks it.")
@OUTPUT
@JSON
def command(leaflet: str, to: Path, zipped: bool, output: Path, as_json: bool) -> int:
    """Write a proof of a built leaflet: one page with every line to hear and to read, to be printed and signed.

    The page lies in a folder with its sound, and needs no network and no program but a browser.
    """
    from audioleaflet.pipeline import prepare
    from audioleaflet.proof import bundle
    from audioleaflet.proof.page import proof_page

    made: list[dict[str, str]] = []
    for path in found_leaflets((leaflet,)):
        matter = _matter(prepare(path, today=today_here()), path, output)
        page = bundle.write_folder(proof_page(matter), matter.book, matter.folder, to)
        packed = bundle.write_zip(page.parent) if zipped else None
        made.append({"page": str(page), "zip": str(packed or "")})
        if not as_json:
            write(f"{matter.book.title}: open {page} in a browser")
            print_lines([str(packed or page)])
    if as_json:
        print_json(made)
    return 0


def _matter(prepared: Prepared, path: Path, output: Path) -> Matter:
    """What is proved. Raises PublishError unless the edition under ``output`` is of this leaflet as it is now."""
    from audioleaflet.book import manifest
    from audioleaflet.digest import content_sha256
    from audioleaflet.pipeline import edition_name
    from audioleaflet.pronunciation.checks import check
    from audioleaflet.proof.approval import fingerprint_of
    from audioleaflet.proof.page import Matter

    folder = output / prepared.leaflet.slug / edition_name(prepared.leaflet)
    build = f"build it with 'audioleaflet build {path}'"
    try:
        book = manifest.load(folder)
    except PublishError as error:
        raise PublishError(error.message, next_step=build) from error
    if book.withdrawn:
        raise PublishError(
            f"the leaflet was withdrawn on {book.withdrawn.date}, and the edition in {folder} is its notice",
            next_step="lift that first with 'audioleaflet withdraw --lift'",
        )
    if book.script_sha256 != content_sha256(prepared.script):
        raise PublishError(f"the edition in {folder} was made from another script than {path} has now", next_step=build)
    leaflet, script, lexicon = prepared.leaflet, prepared.script, prepared.lexicon
    return Matter(
        leaflet=leaflet,
        script=script,
        lexicon=lexicon,
        about=prepared.phrases.about,
        problems=(*prepared.problems, *check(leaflet, lexicon, prepared.phrases, prepared.settings)),
        marks=fingerprint_of(leaflet, script, lexicon, prepared.settings),
        book=book,
        folder=folder,
    )
