"""``<slug>-<lang>-chapters.zip``: every chapter in one file, for people who carry them to a player."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from audioleaflet.book.model import Book
from audioleaflet.errors import PublishError
from audioleaflet.publish.zipped import Entry, write_zip

SUFFIX = "-chapters.zip"


def write_archive(book: Book, folder: Path) -> None:
    """Write the zip of the chapters beside the whole recording in ``folder``.

    Stored, as MP3 does not shrink; names without folders, in the order of listening: the same chapters give the same
    bytes. Raises PublishError for a chapter that is missing or not named as ours are.
    """
    files = [folder / chapter.audio for chapter in book.chapters]
    write_zip(folder / f"{stem(book)}{SUFFIX}", (Entry(name=file.name, content=file) for file in files))


def stem(book: Book) -> str:
    """How the names of an edition's files begin: ``<slug>-<lang>``. Raises PublishError."""
    first = book.chapters[0]
    name, suffix = PurePosixPath(first.audio).name, f"-{first.number:02}-{first.id}.mp3"
    if not name.endswith(suffix) or name == suffix:
        raise PublishError(f"book.json: {first.audio!r} is not a chapter's name", next_step="build the edition again")
    return name.removesuffix(suffix)
