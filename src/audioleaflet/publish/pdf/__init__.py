"""``<slug>-<lang>.large-print.pdf``: the leaflet in 18 point type, tagged for screen readers (PDF/UA-1).

content      what is printed, as data: the template never sees a word of a leaflet as markup
listening    the square code and the address that lead from a chapter to its sound
typesetter   Typst, with fonts of its own and none of the machine's
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from audioleaflet.book.model import Book
from audioleaflet.publish.facts import changed_at
from audioleaflet.publish.formats import Refusal
from audioleaflet.publish.library import Library
from audioleaflet.publish.pdf.content import printed, trial
from audioleaflet.publish.pdf.typesetter import NEXT_STEP, named, typeset, without_letters
from audioleaflet.publish.site.archive import stem

_COMMON = 0x180  # below it is Latin, of which every letter is in our font
SUFFIX = ".large-print.pdf"
MEDIA_TYPE = "application/pdf"


def write_pdf(book: Book, folder: Path, library: Library, *, page: bool = True) -> Path:
    """Write the large print of the edition in ``folder``. The same edition and library give the same bytes.

    With the library's ``base_url``, each chapter says where it can be heard. ``page``: whether the edition has its web
    page, whose address is the short one to type; without it the address is that of the chapter's MP3.

    Raises PublishError for a book that cannot be printed, such as one with characters that no font of ours has.
    """
    path = folder / f"{stem(book)}{SUFFIX}"
    path.write_bytes(typeset(printed(book, library, page=page), changed_at(book)))
    return path


def refusals(language: str, texts: Sequence[str]) -> Iterator[Refusal]:
    """Why ``texts`` in ``language`` (BCP 47) cannot be printed: characters that no font of ours has."""
    rare = [at for at, text in enumerate(texts) if any(ord(char) >= _COMMON for char in text)]
    if not rare:
        return
    for letters in without_letters(trial([texts[at] for at in rare], language)):
        at = next((at for at in rare if letters in texts[at]), None)
        yield Refusal(message=named([letters]), next_step=NEXT_STEP, text=at)
