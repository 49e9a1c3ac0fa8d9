"""What is made from editions: formats and web pages made again from a ``book.json``, and the pages of a library."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from audioleaflet.book import manifest
from audioleaflet.book.edition import locked, staged, storage_error
from audioleaflet.book.model import Book, File
from audioleaflet.digest import text_sha256
from audioleaflet.errors import AudioleafletError, PublishError, StorageError
from audioleaflet.publish import reading
from audioleaflet.publish.formats import CHAPTERS, COVER, FEED, PAGE, PAGES, READINGS, made, path_of
from audioleaflet.publish.library import Library, Listed

_ASSETS = re.compile(r"assets/[0-9a-f]{8}")
_OWN = (PAGE, FEED, CHAPTERS)
NO_FEED = "no feed is made: library.yaml has no 'base_url', the address of the library on the web"


def pages_sha256(library: Library) -> str:
    """A hash of all that pages and feeds are made from, besides a book and the day."""
    return text_sha256("\0".join((reading.program_sha256(), *library.facts())))


def are_current(book: Book, library: Library) -> bool:
    """Whether all that is made from an edition was written by this program, with these facts, from what it is now."""
    pages = not made(book) & set(PAGES) or book.pages_sha256 == pages_sha256(library)
    return pages and reading.are_current(book, library)


def add_pages(
    book: Book, folder: Path, library: Library, formats: Collection[str], *, output: Path, today: date
) -> Book:
    """Write the pages that ``formats`` name into the ``folder`` of an edition, and then its ``book.json``.

    ``folder`` holds everything else already, and nothing of an older page. ``output``: the library folder, for what all
    pages share. There is no feed without the library's address. Raises PublishError.
    """
    if "site" in formats:
        from audioleaflet.publish.site import write_archive, write_assets, write_edition_page
        from audioleaflet.publish.site.archive import SUFFIX

        write_assets(output)
        if not any(file.path.endswith(SUFFIX) for file in book.files):  # else it is the old edition's own, linked
            write_archive(book, folder)
        book = manifest.described(book, folder, known=book.files)
        # Without a feed beside it, the page names none.
        known = library if "feed" in formats else replace(library, base_url="")
        write_edition_page(book, folder, known, today=today)
    if "feed" in formats and library.base_url:
        from audioleaflet.publish.feed import write_edition_feed

        book = manifest.described(book, folder, known=book.files)
        write_edition_feed(book, folder, library)
    sha256 = pages_sha256(library) if set(formats) & set(PAGES) else ""
    return manifest.save(book.model_copy(update={"pages_sha256": sha256}), folder, known=book.files)


def renew(
    folder: Path,
    library: Library,
    formats: Collection[str],
    *,
    today: date,
    spare: Callable[[PublishError], None] | None = None,
) -> bool:
    """Make those of ``formats`` that need no voice from the edition in ``folder``; answer whether anything has changed.

    All others stay as they are, but that with the pages goes what else the edition has that tells facts of the library.
    A file whose bytes would be the same stays too. ``spare`` is told of a format that cannot be made, which is left
    out; without it that is a PublishError. Raises PublishError where what the formats are made from is missing or was
    changed, ConfigError, StorageError.
    """
    with staged(folder) as edition:
        old = manifest.load(folder)
        if set(formats) & set(PAGES):
            formats = {*formats, *(one.name for one in READINGS if one.of_library and path_of(old, one.ends))}
        remade = _remade(old, formats)
        kept = tuple(file for file in old.files if file not in remade)
        manifest.check(kept, folder)
        for file in kept:
            reading.link(folder / file.path, edition.staging / file.path)
        book = old.model_copy(update={"files": kept})
        if "transcript" in formats and "transcript" not in made(old):
            _write_transcripts(book, edition.staging)
        page = "site" in {*formats, *made(book)}
        book = reading.add_readings(book, edition.staging, library, formats, page=page, old=(old, folder), spare=spare)
        if set(formats) & set(PAGES):
            new = add_pages(book, edition.staging, library, formats, output=folder.parent.parent, today=today)
        else:
            new = manifest.save(book, edition.staging, known=book.files)
        if new == old and all(manifest.is_as_listed(file, folder) for file in remade):
            return False
        edition.commit(unchanged=[file.path for file in remade if file in new.files], own=manifest.paths(old))
        return True


def _remade(old: Book, formats: Collection[str]) -> list[File]:
    """The files of an edition that are made again, or taken over if they are right."""
    paths = {path_of(old, one.ends) for one in READINGS if one.name in formats}
    if set(formats) & set(PAGES):
        paths |= set(_OWN)
    return [file for file in old.files if file.path in paths]


def _write_transcripts(book: Book, folder: Path) -> None:
    from audioleaflet import phrases
    from audioleaflet.publish.transcript import write_transcripts

    write_transcripts(book, folder, phrases.load(book.language).page)


def write_to(
    target: Path,
    folder: Path,
    library: Library,
    formats: Collection[str],
    *,
    spare: Callable[[PublishError], None] | None = None,
) -> tuple[Path, ...]:
    """Write those of ``formats`` that serve alone into the folder ``target``; the edition in ``folder`` stays as it is.

    Every file is named by its edition, so that another's beside it stays. Nothing is written unless all of them can be,
    but for those of which ``spare`` is told; a file whose bytes would be the same is left alone. Answers the files.
    Raises PublishError, ConfigError, StorageError.
    """
    book = manifest.load(folder)
    sources = [file for file in book.files if file.path in set(reading.sources(book))]
    manifest.check(sources, folder)
    try:
        target.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=target, prefix=".audioleaflet-") as name:
            staging = Path(name)
            for file in sources:
                reading.link(folder / file.path, staging / file.path)
            bare = book.model_copy(update={"files": tuple(sources)})
            if "transcript" in formats:
                _write_transcripts(bare, staging)
            page = "site" in made(book)
            whole = reading.add_readings(bare, staging, library, formats, page=page, spare=spare)
            held = {file.path for file in sources}
            new = [file.path for file in whole.files if file.path not in held]
            return tuple(_put(staging / path, target / _name(book, path)) for path in new)
    except OSError as error:
        raise storage_error(target / book.slug, error) from error


def _name(book: Book, path: str) -> str:
    """The name of a file among those of other editions, which have a ``transcript.txt`` too."""
    from audioleaflet.publish.site.archive import stem

    return path if path.startswith(stem(book)) else f"{stem(book)}.{path}"


def _put(new: Path, path: Path) -> Path:
    if not path.is_file() or path.read_bytes() != new.read_bytes():
        new.replace(path)
    return path


def editions(output: Path, message: Callable[[str], None]) -> tuple[Listed, ...]:
    """Every edition below the library folder, by its path. One that cannot be read is told and left out."""
    return tuple(_readable(output, message))


def _readable(output: Path, message: Callable[[str], None]) -> Iterator[Listed]:
    for path in sorted(output.glob(f"*/*/{manifest.NAME}")):
        name = path.parent.relative_to(output).as_posix()
        if any(part.startswith(".") for part in name.split("/")):  # what a build is making
            continue
        try:
            yield Listed(book=manifest.load(path), path=name)
        except AudioleafletError as error:
            message(f"{name} is left out of the library: {error}")


def write_library(output: Path, library: Library, *, today: date, message: Callable[[str], None]) -> tuple[Listed, ...]:
    """Write the pages of a library: its list of editions, its feed, and what all pages share. Answer its editions.

    A file whose bytes would be the same is left alone. Raises PublishError, StorageError.
    """
    from audioleaflet.publish.feed import write_library_feed
    from audioleaflet.publish.site import write_assets, write_library_page

    try:
        output.mkdir(parents=True, exist_ok=True)
        with locked(output / ".library.lock", output):
            _check_place(output / PAGE)
            write_assets(output)
            listed = editions(output, message)
            shown = [one for one in listed if "site" in made(one.book)]
            fed = [one for one in listed if "feed" in made(one.book)]
            staging = output / ".library.building"
            shutil.rmtree(staging, ignore_errors=True)
            staging.mkdir()
            try:
                # A feed that no edition is in any longer would go on naming what was withdrawn.
                known = replace(library, base_url=library.base_url if fed else "")
                write_library_page(shown, staging, known, today=today)
                if fed and library.base_url:
                    write_library_feed(fed, staging, library)
                _exchange(staging, output)
            finally:
                shutil.rmtree(staging, ignore_errors=True)
            _remove_unused_assets(output, listed)
    except OSError as error:
        raise storage_error(output / PAGE, error) from error
    return listed


def _check_place(page: Path) -> None:
    """A page that is not of a library is somebody's."""
    if page.exists() and not _ASSETS.search(page.read_text(encoding="utf-8", errors="replace")):
        raise StorageError(
            f"{page} is in the way: it is not the page of a library",
            next_step="move it away, or name another folder with --output",
        )


def _exchange(staging: Path, output: Path) -> None:
    for name in (PAGE, COVER, FEED):
        new, old = staging / name, output / name
        if not new.exists():
            old.unlink(missing_ok=True)
        elif not old.is_file() or old.read_bytes() != new.read_bytes():
            new.replace(old)


def _remove_unused_assets(output: Path, listed: Iterable[Listed]) -> None:
    kept = [path for path in (output / "assets").iterdir() if _ASSETS.fullmatch(f"assets/{path.name}")]
    if len(kept) < 2:
        return
    pages = [output / PAGE, *(output / one.path / PAGE for one in listed)]
    used: set[str] = set()
    for page in pages:
        with suppress(FileNotFoundError):
            used.update(_ASSETS.findall(page.read_text(encoding="utf-8")))
    for path in kept:
        if f"assets/{path.name}" not in used:
            shutil.rmtree(path, ignore_errors=True)
