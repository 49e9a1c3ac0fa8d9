"""``book.json`` on disk: written, and read back with every doubt named."""

from __future__ import annotations

import hashlib
import mimetypes
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from pydantic import ValidationError

from audioleaflet.book.edition import heal
from audioleaflet.book.model import FORMAT, Book, Chapter, File
from audioleaflet.errors import PublishError

NAME = "book.json"
_LARGEST = 64_000_000  # a ten-hour book has about 5 MB, and three times as much again with its telephone sound
# A cue with its text and its place in the structure takes about 500 bytes, ten times that with a very long sentence.
_A_BOOK, _A_CUE = 1_000_000, 5_000
_NOT_IN_NAMES = frozenset("\\:\0")
_MEDIA_TYPES = {
    ".mp3": "audio/mpeg",
    ".m4b": "audio/mp4",
    ".ulaw": "audio/basic",  # RFC 2046, 4.3: µ-law at 8000 Hz, one channel
    ".alaw": "audio/x-alaw-basic",
    ".g722": "audio/G722",
    ".sln16": "audio/x-sln16",
    ".wav": "audio/x-wav",
    ".vtt": "text/vtt",
    ".srt": "application/x-subrip",
    ".txt": "text/plain",
    ".html": "text/html",
    ".png": "image/png",
    ".xml": "application/xml",
    ".json": "application/json",
    ".zip": "application/zip",
    ".epub": "application/epub+zip",
    ".audiobook": "application/audiobook+zip",
    ".brf": "text/plain",
    ".pdf": "application/pdf",
}


def load(path: Path) -> Book:
    """The book of an edition: ``path`` is its folder or its ``book.json``.

    Raises PublishError where there is none, or it is of another version, damaged, too large, or names a path outside.
    """
    file = path if path.name == NAME else path / NAME
    heal(file.parent.resolve())  # a relative path may be no more than a dot
    try:
        size = file.stat().st_size
        if size > _LARGEST:
            raise PublishError(f"{file} is {size} bytes long, too large for a book", next_step="build it again")
        content = file.read_bytes()
    except OSError as error:
        raise PublishError(
            f"cannot read {file}: {error.strerror}", next_step="build the leaflet first with 'audioleaflet build'"
        ) from error
    book = _parsed(content, file)
    cues = sum(len(chapter.cues) for chapter in _chapters(book))
    if size > _A_BOOK + _A_CUE * cues:
        raise PublishError(
            f"{file} is {size} bytes long, too large for a book of {cues} sentences",
            next_step="build the leaflet again with --force",
        )
    for name in _paths(book):
        if not is_inside(name):
            raise PublishError(f"{file} names a path outside its folder: {name!r}", next_step="build it again")
    return book


def described(book: Book, folder: Path, *, known: Iterable[File] = ()) -> Book:
    """The book with ``files`` filled in: all that the folder holds. ``known`` are not read again."""
    files = {file.path: file for file in known}
    paths = _files(folder)
    names = [path.relative_to(folder).as_posix() for path in paths]
    new = describe(folder, [path for path, name in zip(paths, names, strict=True) if name not in files])
    files |= {file.path: file for file in new}
    return book.model_copy(update={"files": tuple(files[name] for name in names)})


def save(book: Book, folder: Path, *, known: Iterable[File] = ()) -> Book:
    """Write ``book.json`` into the folder of its files, and answer the book with ``files`` filled in."""
    whole = described(book, folder, known=known)
    (folder / NAME).write_text(whole.model_dump_json(indent=1) + "\n", encoding="utf-8")
    return whole


def describe(folder: Path, files: Iterable[Path]) -> Iterable[File]:
    """Each file's size and SHA-256, by its path inside ``folder``."""
    for path in files:
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        media_type = _MEDIA_TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0]
        yield File(
            path=path.relative_to(folder).as_posix(),
            media_type=media_type or "application/octet-stream",
            bytes=path.stat().st_size,
            sha256=digest,
        )


def paths(book: Book) -> frozenset[str]:
    """All that an edition is made of, by path."""
    return frozenset({NAME, *(file.path for file in book.files)})


def whole(book: Book, folder: Path) -> bool:
    """Whether every file of the book is there with its size and its hash."""
    try:
        found = tuple(describe(folder, [folder / file.path for file in book.files]))
    except OSError:
        return False
    return found == book.files


def check(files: Iterable[File], folder: Path) -> None:
    """Raise PublishError for the first of ``files`` that is missing, was changed, or is not in ``folder`` at all."""
    for file in files:
        if not is_as_listed(file, folder):
            raise PublishError(
                f"{folder / file.path} {_fault(folder / file.path, folder)}",
                next_step="build the leaflet again with --force",
            )


def is_as_listed(file: File, folder: Path) -> bool:
    """Whether a file is there, in the folder and not by a link elsewhere, with its size and its hash."""
    path = folder / file.path
    try:
        if not (path.is_file() and path.stat().st_size == file.bytes and _is_held(path, folder)):
            return False
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest() == file.sha256
    except OSError:
        return False


def _fault(path: Path, folder: Path) -> str:
    if not _is_held(path, folder):
        return "is a link that leads out of the edition's folder"
    if not path.is_file():
        return "is missing"
    if not os.access(path, os.R_OK):
        return "cannot be read"
    return "was changed since it was made: its SHA-256 is not the one in book.json"


def _is_held(path: Path, folder: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve())


def _parsed(content: bytes, file: Path) -> Book:
    try:
        book = Book.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"])) or "the file"
        raise _not_a_book(file, f"{place}: {first['msg']}") from error
    if "format" not in book.model_fields_set:
        raise _not_a_book(file, "format: Field required")
    return book


def _not_a_book(file: Path, fault: str) -> PublishError:
    return PublishError(
        f"{file} is not a book of the format {FORMAT}: {fault}",
        next_step="build the leaflet again with this version of audioleaflet",
    )


def _paths(book: Book) -> Iterator[str]:
    yield book.cover
    yield from (chapter.audio for chapter in _chapters(book))
    yield from (prompt.audio for prompt in book.prompts)
    yield from (file.path for file in book.files)


def _chapters(book: Book) -> Iterator[Chapter]:
    yield from book.chapters
    yield from (chapter for rendition in book.renditions for chapter in rendition.chapters)


def is_inside(path: str) -> bool:
    """Whether a path stays in its folder on every system: no root, no drive, no way up."""
    parts = path.split("/")
    return not any(part in ("", ".", "..") or set(part) & _NOT_IN_NAMES for part in parts)


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.name != NAME)
