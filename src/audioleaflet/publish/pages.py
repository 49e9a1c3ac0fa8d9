"""Web pages and feeds: written with an edition, written again from its ``book.json``, and written for a library."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path

from audioleaflet.book import manifest
from audioleaflet.book.edition import locked, staged, storage_error
from audioleaflet.book.model import Book
from audioleaflet.digest import text_sha256
from audioleaflet.errors import AudioleafletError, PublishError
from audioleaflet.publish.formats import CHAPTERS, COVER, FEED, PAGE, PAGES, made
from audioleaflet.publish.library import Library, Listed

_HERE = Path(__file__).parent
_ASSETS = re.compile(r"assets/[0-9a-f]{8}")
_OWN = (PAGE, FEED, CHAPTERS)
NO_FEED = "no feed is made: library.yaml has no 'base_url', the address of the library on the web"


def pages_sha256(library: Library) -> str:
    """A hash of all that pages and feeds are made from, besides a book and the day."""
    return text_sha256("\0".join((_program(), library.title, library.publisher, library.base_url, library.telephone)))


@lru_cache(maxsize=1)
def _program() -> str:
    """The hash of the programs, templates and wording that write pages."""
    digest = hashlib.sha256()
    for folder in (_HERE, _HERE.parent / "phrases"):
        for path in sorted(folder.rglob("*")):
            if path.suffix in (".py", ".html", ".css", ".js", ".svg", ".yaml"):
                digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def are_current(book: Book, library: Library) -> bool:
    """Whether the pages of an edition, if it has any, were written by this program with these facts."""
    return not made(book) & set(PAGES) or book.pages_sha256 == pages_sha256(library)


def add_pages(
    book: Book, folder: Path, library: Library, formats: Collection[str], *, output: Path, today: date
) -> Book:
    """Write the pages that ``formats`` name into the ``folder`` of an edition, and then its ``book.json``.

    ``folder`` holds everything else already, and nothing of an older page. ``output``: the library folder, for what all
    pages share. There is no feed without the library's address. Raises PublishError.
    """
    if "site" in formats:
        from audioleaflet.publish.site import write_archive, write_assets, write_edition_page

        write_assets(output)
        if not any(file.path.endswith(".zip") for file in book.files):  # else it is the old edition's own, linked
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


def renew(folder: Path, library: Library, formats: Collection[str], *, today: date) -> bool:
    """Write the pages of the edition in ``folder`` again, from its ``book.json``; answer whether any has changed.

    The sound and all other files stay as they are. Raises PublishError for an edition that is not whole, StorageError.
    """
    with staged(folder) as edition:
        old = manifest.load(folder)
        if not manifest.whole(old, folder):
            raise PublishError(
                f"files of {folder} are missing or were changed", next_step="build the leaflet again with --force"
            )
        kept = tuple(file for file in old.files if file.path not in _OWN)
        for file in kept:
            _link(folder / file.path, edition.staging / file.path)
        book = old.model_copy(update={"files": kept})
        new = add_pages(book, edition.staging, library, formats, output=folder.parent.parent, today=today)
        if new == old:
            return False
        before = {file.path: file.sha256 for file in old.files}
        edition.commit(unchanged=[name for name in _OWN if name in before and _sha256(new, name) == before[name]])
        return True


def _sha256(book: Book, name: str) -> str:
    return next((file.sha256 for file in book.files if file.path == name), "")


def _link(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:  # a file system without hard links
        shutil.copy2(source, target)


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
        raise storage_error(output, error) from error
    return listed


def _exchange(staging: Path, output: Path) -> None:
    for name in (PAGE, COVER, FEED):
        new, old = staging / name, output / name
        if not new.exists():
            old.unlink(missing_ok=True)
        elif not old.is_file() or old.read_bytes() != new.read_bytes():
            new.replace(old)


def _remove_unused_assets(output: Path, listed: Iterable[Listed]) -> None:
    kept = [path for path in (output / "assets").iterdir() if not path.name.startswith(".")]
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
