"""``<slug>-<lang>-chapters.zip``: every chapter in one file, for people who carry them to a player."""

from __future__ import annotations

import zipfile
from pathlib import Path, PurePosixPath

from audioleaflet.book.model import Book
from audioleaflet.errors import PublishError

SUFFIX = "-chapters.zip"
_DAWN = (1980, 1, 1, 0, 0, 0)  # the first time that a zip can tell (APPNOTE 4.4.6, MS-DOS time)


def write_archive(book: Book, folder: Path) -> None:
    """Write the zip of the chapters beside the whole recording in ``folder``.

    Stored, as MP3 does not shrink; names without folders, in the order of listening, all of one time: the same
    chapters give the same bytes. Raises PublishError for a chapter that is missing or not named as ours are.
    """
    with zipfile.ZipFile(folder / f"{stem(book)}{SUFFIX}", "w", zipfile.ZIP_STORED) as archive:
        for chapter in book.chapters:
            path = folder / chapter.audio
            try:
                content = path.read_bytes()
            except FileNotFoundError as error:
                raise PublishError(f"{path} is missing", next_step="build the edition again") from error
            entry = zipfile.ZipInfo(path.name, _DAWN)
            entry.create_system = 3  # Unix, so that the permissions count
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, content)


def stem(book: Book) -> str:
    """How the names of an edition's files begin: ``<slug>-<lang>``. Raises PublishError."""
    first = book.chapters[0]
    name, suffix = PurePosixPath(first.audio).name, f"-{first.number:02}-{first.id}.mp3"
    if not name.endswith(suffix) or name == suffix:
        raise PublishError(f"book.json: {first.audio!r} is not a chapter's name", next_step="build the edition again")
    return name.removesuffix(suffix)
