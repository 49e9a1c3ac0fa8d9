"""``<slug>-<lang>.daisy.zip``: the leaflet as a DAISY 2.02 talking book, all of it as text and as sound.

DAISY 2.02 Specification (Recommendation, 28 February 2001). The zip holds one folder, which is what a player wants on
its card: ``ncc.html``, ``content.html``, ``master.smil``, and a ``chNN.smil`` and ``chNN.mp3`` a chapter.

outline    what a listener can jump to, and how deep it stands
ncc        the navigation control center: the outline, and what the book says of itself
smil       which sound belongs to which sentence
content    the text
xml        how files and times are written
"""

from __future__ import annotations

from pathlib import Path

from audioleaflet.book.model import Book
from audioleaflet.publish.daisy.content import CONTENT, content
from audioleaflet.publish.daisy.ncc import NCC, ncc
from audioleaflet.publish.daisy.outline import outline
from audioleaflet.publish.daisy.smil import MASTER, chapter_smil, master_smil
from audioleaflet.publish.site.archive import stem
from audioleaflet.publish.track import tracks
from audioleaflet.publish.transcript.wording import open_book
from audioleaflet.publish.zipped import Entry, write_zip

SUFFIX = ".daisy.zip"


def write_daisy(book: Book, folder: Path) -> Path:
    """Write the talking book of the edition in ``folder``. The same edition gives the same bytes.

    Raises PublishError for a chapter whose sound is missing, is not MP3, or does not last as long as its cues.
    """
    name = stem(book)
    path = folder / f"{name}{SUFFIX}"
    # Players want ncc.html at the root of their card or in a folder of its own: it unpacks into one.
    write_zip(
        path,
        (
            Entry(name=f"{name}/{file}", content=data, stored=file.endswith(".mp3"))
            for file, data in _files(book, folder).items()
        ),
    )
    return path


def _files(book: Book, folder: Path) -> dict[str, bytes]:
    """The files of the talking book by name, ``ncc.html`` first: it counts the others."""
    opened = open_book(book)
    played = tracks(book, opened, folder)
    places = outline(book, opened, played)
    others = {CONTENT: content(book, opened, played, places), MASTER: master_smil(book, played)}
    elapsed_ms = 0
    for track in played:
        others[track.smil] = chapter_smil(book, track, elapsed_ms)
        elapsed_ms += track.duration_ms
    others |= {track.mp3: track.sound for track in played}
    return {NCC: ncc(book, places, duration_ms=elapsed_ms, others=others), **others}
