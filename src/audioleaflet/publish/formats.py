"""The formats of an edition: this list is what there is. A new one is a file that reads ``Book``, and a line here.

A format is known by a file that no other has. What a build alone can make needs a voice; everything else is made from
``book.json`` and the files that it names, with the library's facts where it tells them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from audioleaflet.book.model import Book  # pydantic, which 'audioleaflet --help' need not load
    from audioleaflet.publish.library import Library

PAGE, FEED, CHAPTERS, COVER = "index.html", "feed.xml", "chapters.json", "cover.png"
"""Files of pages and feeds. The cover is that of the library's feed."""
MANIFEST: Final = "publication.json"
"""The manifest of a W3C audiobook, which the page names to programs."""
TELEPHONE: Final = "phone-"
"""How the names of renditions for the telephone begin."""

Writer = Callable[["Book", Path, "Library", bool], Path]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a format cannot be made. ``text``: which text cannot be written in it, by its index; None: none can, here."""

    message: str
    next_step: str
    text: int | None = None


Check = Callable[[str, Sequence[str]], Iterable[Refusal]]


def _anything(_: str, __: Sequence[str]) -> Iterable[Refusal]:
    return ()


def _nothing() -> str:
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A format for players and reading apps: one file beside ``book.json``.

    ``ends``: how its file's name ends. ``label``: what a download is called; empty for one that only programs read.
    ``write``: its writer, told the edition's folder, its library and whether it has a web page; it raises PublishError.
    ``usual``: whether it is made if nothing else is asked for. ``alone``: whether the file serves without the others.
    ``of_library``: whether it tells facts of the library, such as the addresses of its pages. ``check``: what stands
    against writing texts in a language (BCP 47) in it on this computer, known before anything is made. ``program``: a
    hash of the program of the system that writes it; "" for none, or where that is not installed.
    """

    name: str
    ends: str
    label: str
    write: Writer
    usual: bool = True
    alone: bool = True
    of_library: bool = False
    check: Check = _anything
    program: Callable[[], str] = _nothing


def _epub(book: Book, folder: Path, _: Library, __: bool) -> Path:
    from audioleaflet.publish.epub import write_epub

    return write_epub(book, folder)


def _daisy(book: Book, folder: Path, _: Library, __: bool) -> Path:
    from audioleaflet.publish.daisy import write_daisy

    return write_daisy(book, folder)


def _audiobook(book: Book, folder: Path, _: Library, __: bool) -> Path:
    from audioleaflet.publish.audiobook import write_audiobook

    return write_audiobook(book, folder)


def _w3c(book: Book, folder: Path, _: Library, __: bool) -> Path:
    from audioleaflet.publish.w3c import write_w3c

    return write_w3c(book, folder)


def _braille(book: Book, folder: Path, _: Library, __: bool) -> Path:
    from audioleaflet.publish.braille import write_braille

    return write_braille(book, folder)


def _braille_check(language: str, texts: Sequence[str]) -> Iterable[Refusal]:
    from audioleaflet.publish.braille import refusals

    return refusals(language, texts)


def _braille_program() -> str:
    from audioleaflet.publish.braille.liblouis import identity

    return identity()


def _pdf(book: Book, folder: Path, library: Library, page: bool) -> Path:
    from audioleaflet.publish.pdf import write_pdf

    return write_pdf(book, folder, library, page=page)


def _pdf_check(language: str, texts: Sequence[str]) -> Iterable[Refusal]:
    from audioleaflet.publish.pdf import refusals

    return refusals(language, texts)


READINGS: Final = (
    Reading(name="epub", ends=".epub", label="EPUB", write=_epub),
    Reading(name="daisy", ends=".daisy.zip", label="DAISY", write=_daisy),
    Reading(name="audiobook", ends=".audiobook", label="Readium", write=_audiobook),
    Reading(name="w3c", ends=MANIFEST, label="", write=_w3c, alone=False),
    Reading(
        name="braille",
        ends=".brf",
        label="BRF",
        write=_braille,
        usual=False,
        check=_braille_check,
        program=_braille_program,
    ),
    Reading(
        name="pdf", ends=".large-print.pdf", label="PDF", write=_pdf, usual=False, of_library=True, check=_pdf_check
    ),
)
"""In the order in which they are made and offered."""

PAGES: Final = ("site", "feed")
"""Those that are made from ``book.json`` and the library's facts, and can be made again without the leaflet."""
VOICED: Final = ("mp3", "m4b", "phone")
"""Those that only a build can make: it has the voice."""
DEFAULT: Final = ("mp3", "m4b", "transcript", *PAGES, *(one.name for one in READINGS if one.usual))
"""What a build makes if nothing else is asked for."""
FORMATS: Final = (*DEFAULT, *(one.name for one in READINGS if not one.usual), "phone")
PUBLISHED: Final = tuple(name for name in FORMATS if name not in VOICED)
"""What can be made from an edition, with no voice and no leaflet."""
ALONE: Final = ("transcript", *(one.name for one in READINGS if one.alone))
"""Those of them whose files serve in any folder."""
_KNOWN_BY: Final = {
    "m4b": ".m4b",
    "transcript": "transcript.vtt",
    "site": PAGE,
    "feed": FEED,
    **{one.name: one.ends for one in READINGS},
}


def made(book: Book) -> set[str]:
    """The formats that an edition holds."""
    found = {name for name, ends in _KNOWN_BY.items() if path_of(book, ends)}
    if any(rendition.name.startswith(TELEPHONE) for rendition in book.renditions):
        found.add("phone")
    return {"mp3", *found}


def path_of(book: Book, ends: str) -> str:
    """The file beside ``book.json`` whose name ends so; "" if there is none."""
    return next((file.path for file in book.files if "/" not in file.path and file.path.endswith(ends)), "")


def files_of(book: Book, name: str) -> tuple[str, ...]:
    """The files of one of ``PUBLISHED`` that an edition has."""
    if name == "transcript":
        return tuple(file.path for file in book.files if file.path.startswith("transcript."))
    return tuple(filter(None, [path_of(book, _KNOWN_BY[name])]))
