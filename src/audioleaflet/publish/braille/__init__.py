"""``<slug>-<lang>.brf``: the leaflet in contracted braille, to emboss or to read on a braille display.

BRF has no standard of its own. What is written is what embossers and displays agree on: one ASCII character a cell
(North American Braille ASCII, 0x20 to 0x5F), at most 40 cells a line and 25 lines a page, CR LF after each line and a
form feed after each page (as liblouisutdml has them too), after the last one so that it leaves the embosser.

liblouis   the translator, a program of the system
signs      characters that have no braille, or that a table has in parts
cells      the words of a book as units of cells that stay on one line
blocks     what the book holds: headings, paragraphs, items, contents
pages      lines and pages of 40 cells by 25 lines
"""

from __future__ import annotations

from pathlib import Path

from audioleaflet.book.model import Book
from audioleaflet.publish.braille.blocks import blocks, lines_of, opening
from audioleaflet.publish.braille.cells import Cells
from audioleaflet.publish.braille.pages import Block, Line, Page, Placed, entry, number, paginate, place, running_head
from audioleaflet.publish.braille.signs import refusals
from audioleaflet.publish.site.archive import stem
from audioleaflet.publish.transcript.wording import one_line, open_book

__all__ = ["SUFFIX", "brf", "refusals", "write_braille"]
SUFFIX = ".brf"


def write_braille(book: Book, folder: Path) -> Path:
    """Write the braille of the edition in ``folder``. The same edition and liblouis give the same bytes.

    Raises PublishError without liblouis, in a language that has no table here, and for a character that has no braille.
    """
    path = folder / f"{stem(book)}{SUFFIX}"
    path.write_bytes(brf(book))
    return path


def brf(book: Book) -> bytes:
    """The braille of ``book``. Raises PublishError as ``write_braille`` does."""
    title = Line(text=one_line(book.title))
    front, body = opening(book), blocks(book, open_book(book))
    said = (one_line(term.respelling) for term in book.terms if "-" in term.respelling)
    cells = Cells(book.language, said, (title, *lines_of((*front, *body))))
    head = cells.units(title)
    # How many pages the contents take does not depend on the numbers in them: each has the same room.
    before = len(paginate(_front(front, body, [1] * len(body), cells)))
    pages = paginate([place(block, cells) for block in body])
    at = {index: before + page for page, made in enumerate(pages, start=1) for index in made.begun}
    contents = paginate(_front(front, body, [at[index] for index in range(len(body))], cells))
    return b"".join(_page(page, head, count) for count, page in enumerate((*contents, *pages), start=1))


def _front(front: tuple[Block, ...], body: tuple[Block, ...], at: list[int], cells: Cells) -> list[Placed]:
    """The title and the contents. ``at``: the page of each block of the body."""
    listed = [(block, page) for block, page in zip(body, at, strict=True) if block.level]
    deepest = max((block.level for block, _ in listed), default=1)
    entries = [entry(block, page, deepest, cells, last=block is listed[-1][0]) for block, page in listed]
    return [*(place(block, cells) for block in front), *entries]


def _page(page: Page, head: tuple[str, ...], count: int) -> bytes:
    # Formats 1.8: no running head where the title itself stands.
    top = running_head(head if count > 1 else (), number(count))
    return "".join(f"{line}\r\n" for line in (top, *page.lines)).encode("ascii") + b"\f"
