"""``audioleaflet publish``: further formats of an edition, with no voice and no leaflet."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from audioleaflet.cli.answers import print_json, print_lines
from audioleaflet.cli.options import JSON, today_here
from audioleaflet.errors import PublishError
from audioleaflet.publish.formats import ALONE, DEFAULT, FORMATS, PAGE, PAGES, PUBLISHED, VOICED, files_of, made
from audioleaflet.terminal import write

if TYPE_CHECKING:
    from audioleaflet.book.model import Book
    from audioleaflet.publish.library import Library

_USUAL = tuple(name for name in DEFAULT if name in PUBLISHED)


@click.command("publish")
@click.argument("book", type=click.Path(path_type=Path))
@click.option(
    "--formats",
    default="",
    metavar="NAME,...",
    help=f"Of {', '.join((*PUBLISHED, 'all'))}; all is all that can be made here.  [default: {', '.join(_USUAL)}]",
)
@click.option(
    "--library",
    "library_file",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="The library.yaml with its title and address.  [default: the nearest one, or the one in content/]",
)
@click.option(
    "--to",
    "target",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write the files into this folder, and leave the edition as it is.",
)
@JSON
def command(book: Path, formats: str, library_file: Path | None, target: Path | None, as_json: bool) -> int:
    """Make further formats of an edition, with no voice and no leaflet.

    BOOK is an edition's folder or its book.json. What the edition has already stays, and is made again only where it
    is out of date.
    """
    from audioleaflet.book import manifest

    folder = book.parent if book.name == manifest.NAME else book
    wanted = _formats(formats, alone=target is not None)
    edition = manifest.load(folder)
    library = _library(library_file, folder)
    # "all" is all that can be made here; what is asked for by name must be.
    spare = _spare if "all" in _names(formats) else None
    if target is not None:
        changed, paths = False, _export(target, folder, library or _from_book(edition), wanted, spare)
    else:
        changed, paths = _add(folder, edition, library, wanted, asked=bool(formats), spare=spare)
    if as_json:
        print_json({"folder": str(folder), "changed": changed, "files": [str(path) for path in paths]})
        return 0
    write(f"{edition.title}: {len(paths)} file{'s' * (len(paths) != 1)} {_told(changed, target)}")
    print_lines(str(path) for path in paths)
    return 0


def _told(changed: bool, target: Path | None) -> str:
    if target is not None:
        return f"in {target}"
    return "made now" if changed else "already up to date"


def _spare(error: PublishError) -> None:
    write(f"a format is left out: {error}")


def _export(
    target: Path,
    folder: Path,
    library: Library,
    wanted: tuple[str, ...],
    spare: Callable[[PublishError], None] | None,
) -> tuple[Path, ...]:
    from audioleaflet.publish import pages

    if target.resolve().is_relative_to(folder.resolve()):
        raise click.UsageError(f"--to {target} is inside the edition; leave it out, or name another folder")
    return pages.write_to(target, folder, library, wanted, spare=spare)


def _add(
    folder: Path,
    edition: Book,
    library: Library | None,
    wanted: tuple[str, ...],
    *,
    asked: bool,
    spare: Callable[[PublishError], None] | None,
) -> tuple[bool, tuple[Path, ...]]:
    """Make the formats in the edition; answer whether any file has changed, and the files of these formats."""
    from audioleaflet.book import manifest
    from audioleaflet.publish import pages
    from audioleaflet.publish.feed.addresses import edition_path

    had = made(edition) & set(PAGES)
    place = edition_path(edition)  # to which feeds and large print lead
    in_place = folder.resolve().as_posix().endswith(f"/{place}")
    if not in_place and asked and set(wanted) & set(PAGES):
        raise click.UsageError(f"web pages and feeds are made in a library, at {place}/; {folder} is not there")
    if in_place and (library or not had):
        chosen = {*wanted, *had}  # a page offers what there is now
    else:
        chosen = set(wanted) - set(PAGES)
        if had and in_place:
            write("the web page stays as it was: no library.yaml tells of its library; name it with --library")
        elif had:
            write(f"the web page stays as it was: {folder} is not at {place}/ of a library")
    known = library or _from_book(edition)
    if "feed" in chosen and not known.base_url:
        write(pages.NO_FEED)
    changed = pages.renew(folder, known, chosen, today=today_here(), spare=spare)
    output = folder.resolve().parent.parent
    if changed and "site" in chosen and (library or not (output / PAGE).is_file()):
        pages.write_library(output, known, today=today_here(), message=write)
    new = manifest.load(folder)
    return changed, tuple(folder / path for name in wanted if name in chosen for path in files_of(new, name))


def _library(file: Path | None, folder: Path) -> Library | None:
    """The facts of the library whose ``library.yaml`` is named, or near to the edition, or in content/; else None."""
    from audioleaflet.pipeline import library_of
    from audioleaflet.settings import LIBRARY, read_settings

    if file is None:
        places = [place for above in folder.resolve().parents for place in (above, above / "content")]
        near = [place / LIBRARY for place in (*places, Path("content")) if (place / LIBRARY).is_file()]
        file = near[0] if near else None
    return library_of(read_settings(file)) if file else None


def _from_book(edition: Book) -> Library:
    from audioleaflet.publish.library import Library

    return Library(title="", publisher=edition.publisher, base_url="", telephone="")


def _names(formats: str) -> list[str]:
    return [name.strip() for name in formats.split(",") if name.strip()]


def _formats(names: str, *, alone: bool) -> tuple[str, ...]:
    """The formats that are asked for, in their order, each once. Raises UsageError."""
    possible = ALONE if alone else PUBLISHED
    chosen = _names(names)
    for name in chosen:
        if name in VOICED:
            raise click.UsageError(f"{name!r} needs the voice: make it with 'audioleaflet build --formats {name}'")
        if name in PUBLISHED and name not in possible:
            raise click.UsageError(f"{name!r} belongs beside the chapters, in the edition: leave out --to")
        if name not in (*PUBLISHED, "all"):
            raise click.UsageError(f"there is no format {name!r}; the formats are {', '.join((*PUBLISHED, 'all'))}")
    asked = set(possible) if "all" in chosen else set(chosen or _USUAL) & set(possible)
    return tuple(name for name in FORMATS if name in asked)
