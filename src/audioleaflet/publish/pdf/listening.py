"""From a printed chapter to its sound: a square code for a telephone's camera, and an address to type."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

import segno

from audioleaflet.book.model import Book, Chapter
from audioleaflet.errors import PublishError
from audioleaflet.publish.feed.addresses import address, edition_path, web_folder
from audioleaflet.publish.library import Library

_QUIET = 4  # modules of white around the code (ISO/IEC 18004, 6.3.8)
_SMALLEST_MM = 40
_MODULE_MM = 0.7  # a camera that is held by an unsteady hand still tells the modules apart


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """Where a chapter can be heard. ``sound``: the address of its MP3, which the code holds; ``svg``: the code.

    ``side_mm``: how wide and high the code is printed, with its white edge. ``typed``: the address to type, ``shown``
    as a reader meets it.
    """

    sound: str
    svg: str
    side_mm: float
    typed: str
    shown: str


def listening(book: Book, chapter: Chapter, library: Library, *, page: bool) -> Listening:
    """Where ``chapter`` can be heard, in a library that has an address. ``page``: the edition has a web page.

    Raises PublishError for an address that no code can hold.
    """
    edition = address(web_folder(library), edition_path(book), "")
    sound = address(edition, chapter.audio)
    typed = edition if page else sound
    svg, side_mm = _code(sound)
    return Listening(sound=sound, svg=svg, side_mm=side_mm, typed=typed, shown=typed.removeprefix("https://"))


def _code(text: str) -> tuple[str, float]:
    """``text`` as a QR code (ISO/IEC 18004, correction level M or better): its SVG, and its side in mm."""
    try:
        code = segno.make_qr(text, error="m")
    except segno.DataOverflowError as error:
        raise PublishError(
            f"an address of {len(text)} characters is too long for a square code: {text[:60]}…",
            next_step="give the library a shorter 'base_url' in library.yaml",
        ) from error
    drawn = BytesIO()
    code.save(drawn, kind="svg", border=_QUIET, dark="#000", light="#fff", xmldecl=False, nl=False)
    modules = code.symbol_size(border=_QUIET)[0]
    return drawn.getvalue().decode("utf-8"), max(_SMALLEST_MM, round(modules * _MODULE_MM, 1))
