"""``<slug>-<lang>.epub``: the leaflet as EPUB 3.3 with media overlays, to read, to hear, or both at once.

content    a page a chapter, the cover, the words and how to say them, the contents
overlay    a SMIL file a chapter: which sound belongs to which sentence
package    what the book is made of, and what it says of itself
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from audioleaflet.book.model import Book
from audioleaflet.publish.epub.content import Pages, xml
from audioleaflet.publish.epub.overlay import smil
from audioleaflet.publish.epub.package import CONTAINER, opf
from audioleaflet.publish.site.archive import stem
from audioleaflet.publish.track import tracks
from audioleaflet.publish.transcript.wording import open_book
from audioleaflet.publish.zipped import Entry, write_zip

SUFFIX = ".epub"
MEDIA_TYPE = "application/epub+zip"


def write_epub(book: Book, folder: Path) -> Path:
    """Write the EPUB of the edition in ``folder``. The same edition gives the same bytes.

    Raises PublishError for a chapter whose sound is missing, is not MP3, or does not last as long as its cues.
    """
    path = folder / f"{stem(book)}{SUFFIX}"
    write_zip(path, _entries(book, folder))
    return path


def _entries(book: Book, folder: Path) -> Iterator[Entry]:
    opened = open_book(book)
    played = tracks(book, opened, folder)
    lengths_ms = {track.shown.number: track.duration_ms for track in played}
    pages = Pages(book, opened)
    # EPUB 3.3, 4.3.3: the first, and not compressed, so that a program knows the file by its first bytes.
    yield Entry(name="mimetype", content=MEDIA_TYPE.encode())
    yield Entry(name="META-INF/container.xml", content=CONTAINER, stored=False)
    yield Entry(name="EPUB/package.opf", content=opf(book, lengths_ms), stored=False)
    yield Entry(name="EPUB/nav.xhtml", content=xml(pages.nav()), stored=False)
    yield Entry(name="EPUB/cover.xhtml", content=xml(pages.cover()), stored=False)
    for track in played:
        page, number = pages.chapter(track.shown), track.shown.number
        yield Entry(name=f"EPUB/{number:02}.xhtml", content=xml(page), stored=False)
        yield Entry(name=f"EPUB/{number:02}.smil", content=smil(page, track.clips, number=number), stored=False)
    if book.terms:
        yield Entry(name="EPUB/words.xhtml", content=xml(pages.words()), stored=False)
    yield Entry(name="EPUB/book.css", content=Path(__file__).with_name("book.css"), stored=False)
    yield Entry(name="EPUB/cover.png", content=folder / book.cover)
    for chapter in book.chapters:
        yield Entry(name=f"EPUB/audio/{chapter.number:02}.mp3", content=folder / chapter.audio)
