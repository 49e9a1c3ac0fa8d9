"""The formats for players and reading apps: written with an edition, and written again from its ``book.json``.

Each is written again only when something that it is made from has changed: the book says of each what that was.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from audioleaflet.book import manifest
from audioleaflet.book.model import Book
from audioleaflet.digest import text_sha256
from audioleaflet.errors import PublishError
from audioleaflet.publish.formats import READINGS, Reading, Refusal, made, path_of
from audioleaflet.publish.library import Library, whole_recording

_HERE = Path(__file__).parent
_LIBRARIES = ("font-source-sans-pro", "lxml", "segno", "typst")  # what the bytes depend on besides
# What a book holds besides the text, its sound and what is told of them.
_OTHERS = {"files", "pages_sha256", "reading_sha256", "telephone_sha256", "renditions", "prompts", "hotline"}


@lru_cache(maxsize=1)
def program_sha256() -> str:
    """The hash of the programs, templates and wording that write what this room writes."""
    digest = hashlib.sha256()
    for folder in (_HERE, _HERE.parent / "phrases"):
        for path in sorted(folder.rglob("*")):
            if path.suffix in (".py", ".html", ".css", ".js", ".svg", ".yaml"):
                digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def reading_sha256(book: Book, library: Library, *, page: bool) -> dict[str, str]:
    """For each format for players and reading apps, a hash of all that it is made from.

    ``book.files`` lists the sound and the transcripts. ``page``: whether the edition has, or gets, a web page.
    """
    read = {*sources(book), "transcript.html"}
    files = [f"{file.path} {file.sha256}" for file in book.files if file.path in read]
    parts = [program_sha256(), *map(version, _LIBRARIES), book.model_dump_json(exclude=_OTHERS), *files]
    common = text_sha256("\0".join(parts))
    facts = {one.name: (*library.facts(), str(page)) if one.of_library else () for one in READINGS}
    return {name: text_sha256("\0".join((name, common, *told))) for name, told in facts.items()}


def are_current(book: Book, library: Library) -> bool:
    """Whether the formats that an edition has were written by this program from what the edition is now."""
    sha256 = reading_sha256(book, library, page="site" in made(book))
    return all(_is_of(one, book, sha256[one.name]) for one in READINGS if path_of(book, one.ends))


def refusals(formats: Collection[str], language: str, texts: Sequence[str]) -> Iterator[Refusal]:
    """What stands against making ``formats`` of ``texts``, before anything is made. Raises PublishError."""
    for one in READINGS:
        if one.name in formats:
            yield from one.check(language, texts)


def add_readings(
    book: Book,
    folder: Path,
    library: Library,
    formats: Collection[str],
    *,
    page: bool,
    old: tuple[Book, Path] | None = None,
    spare: Callable[[PublishError], None] | None = None,
) -> Book:
    """Write those of ``formats`` that are for players and reading apps into the ``folder`` of an edition.

    ``folder`` holds the sound and the transcripts, and of these formats only what stays as it is. ``page``: whether the
    edition has, or gets, a web page. ``old``: the edition before and its folder; what is still right there is linked
    from it. ``spare`` is told of a format that cannot be made, which is left out; without it that is a PublishError.
    Answers the book with its files.
    """
    book = manifest.described(book, folder, known=book.files)
    sha256 = reading_sha256(book, library, page=page)
    written: dict[str, str] = {}
    for one in READINGS:
        if path_of(book, one.ends):
            written |= _recorded(one, book)
    for one in READINGS:
        if one.name not in formats:
            continue
        try:
            if old and _taken_over(one, sha256[one.name], *old, folder):
                told = _recorded(one, old[0])
            else:
                one.write(book, folder, library, page)
                told = {one.name: sha256[one.name], _program(one): one.program()}
        except PublishError as error:
            if spare is None:
                raise
            for path in folder.glob(f"*{one.ends}"):  # what there is of it
                path.unlink()
            spare(error)
        else:
            written |= told
    book = book.model_copy(update={"reading_sha256": {name: value for name, value in written.items() if value}})
    return manifest.described(book, folder, known=book.files)


def _program(one: Reading) -> str:
    """The name under which a book records the program of the system that wrote a format."""
    return f"{one.name}.program"


def _recorded(one: Reading, book: Book) -> dict[str, str]:
    return {name: book.reading_sha256.get(name, "") for name in (one.name, _program(one))}


def _is_of(one: Reading, book: Book, sha256: str) -> bool:
    """Whether a format of ``book`` was made from what ``sha256`` covers, by the program that is here.

    Where that is not installed, what another computer's has written of the same stays.
    """
    if book.reading_sha256.get(one.name) != sha256:
        return False
    program = one.program()
    return not program or book.reading_sha256.get(_program(one)) == program


def _taken_over(one: Reading, sha256: str, old: Book, old_folder: Path, folder: Path) -> bool:
    """Link a file from the edition before, if it was made from the same and is as it was written."""
    path = path_of(old, one.ends)
    if not _is_of(one, old, sha256):
        return False
    if not any(manifest.is_as_listed(file, old_folder) for file in old.files if file.path == path):
        return False
    link(old_folder / path, folder / path)
    return True


def link(source: Path, target: Path) -> None:
    """Put the file ``source`` at ``target`` too, with its time: one file under two names where the system can."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:  # a file system without hard links, or another one
        shutil.copy2(source, target)


def sources(book: Book) -> Iterator[str]:
    """The paths of the files that these formats hold or name: the cover, the whole recording and the chapters."""
    yield book.cover
    yield whole_recording(book).path
    yield from (chapter.audio for chapter in book.chapters)
