"""``<slug>-<lang>.large-print.pdf``: the leaflet in 18 point type, tagged for screen readers (PDF/UA-1).

content      what is printed, as data: the template never sees a word of a leaflet as markup
listening    the square code and the address that lead from a chapter to its sound
typesetter   Typst, with fonts of its own and none of the machine's
"""

from __future__ import annotations

from pathlib import Path

from audioleaflet.book.model import Book
from audioleaflet.publish.library import Library
from audioleaflet.publish.pdf.content import printed
from audioleaflet.publish.pdf.typesetter import typeset
from audioleaflet.publish.site.archive import stem

SUFFIX = ".large-print.pdf"
MEDIA_TYPE = "application/pdf"


def write_pdf(book: Book, folder: Path, library: Library, *, page: bool = True) -> Path:
    """Write the large print of the edition in ``folder``. The same edition and library give the same bytes.

    With the library's ``base_url``, each chapter says where it can be heard. ``page``: whether the edition has its web
    page, whose address is the short one to type; without it the address is that of the chapter's MP3.

    Raises PublishError for a book that cannot be printed, such as one with characters that no font of ours has.
    """
    path = folder / f"{stem(book)}{SUFFIX}"
    path.write_bytes(typeset(printed(book, library, page=page), book.modified))
    return path
