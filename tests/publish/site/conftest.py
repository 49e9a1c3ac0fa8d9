"""Editions to write pages of: small ones made by hand with files of a few bytes, and the real one."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import lxml.html
import pytest
from lxml.etree import _Element
from tests.conftest import Made
from tests.publish.conftest import Writing, bind, write_hostile, write_sample

from audioleaflet.book import manifest
from audioleaflet.book.model import Approval, Book, Check, Withdrawn
from audioleaflet.publish.site import Library, write_archive, write_edition_page

TODAY = date(2026, 11, 22)
LIBRARY = Library(title="Sample library", publisher="Sample Trust", base_url="", telephone="")
MADE_LATER = ("index.html", "feed.xml", "chapters.json", "book.json")


@dataclass(frozen=True, slots=True)
class Written:
    """An edition with its page: as it was written, and as a parser reads it."""

    book: Book
    folder: Path
    html: str

    @property
    def root(self) -> _Element:
        return lxml.html.document_fromstring(self.html.encode())


def make_files(book: Book, folder: Path) -> Book:
    """Files for a book made by hand: small ones, each of its own size, named as a build names them."""
    (folder / "chapters").mkdir(parents=True)
    chapters = []
    for chapter in book.chapters:
        audio = f"chapters/sample-en-{chapter.number:02}-{chapter.id}.mp3"
        (folder / audio).write_bytes(bytes([65 + chapter.number]) * (1000 + chapter.number))
        chapters.append(chapter.model_copy(update={"audio": audio}))
    (folder / "sample-en.mp3").write_bytes(b"m" * 2_345_678)
    (folder / "sample-en.m4b").write_bytes(b"b" * 999_600)
    (folder / "transcript.txt").write_bytes(b"t" * 1234)
    return book.model_copy(update={"chapters": tuple(chapters)})


def listed(book: Book, folder: Path) -> Book:
    """The book with the files that are there now, but for what is written after the page."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name not in MADE_LATER)
    return book.model_copy(update={"files": tuple(manifest.describe(folder, paths))})


def write(book: Book, folder: Path, library: Library = LIBRARY, today: date = TODAY) -> Written:
    """The page of a book made by hand, in an empty ``folder``."""
    book = make_files(book, folder)
    write_archive(book, folder)
    book = listed(book, folder)
    write_edition_page(book, folder, library, today=today)
    return Written(book, folder, (folder / "index.html").read_text(encoding="utf-8"))


def long_book() -> Book:
    """An introduction and 59 chapters."""
    writings = []
    for number in range(60):
        chapter = Writing(number, f"part-{number}", f"Part {number}")
        chapter.heading(f"Part {number}")
        chapter.say(f"This is part {number}.", "It is short.")
        writings.append(chapter)
    return bind(*writings, title="A long leaflet")


def withdrawn_book() -> Book:
    """The notice of a leaflet that was withdrawn: one chapter, as a build writes it."""
    notice = Writing(0, "withdrawn", "Withdrawn")
    notice.heading("Understanding bone metastasis", level=0, kind="title")
    notice.say("This leaflet was withdrawn by Sample Trust on November 1, 2026.")
    notice.say("Please do not rely on earlier copies.", "Ask your care team.")
    book = bind(notice)
    return book.model_copy(
        update={
            "withdrawn": Withdrawn(by="A. Nurse", reason="A dose was wrong", date="2026-11-01"),
            "status": "This leaflet was withdrawn by Sample Trust on November 1, 2026.",
            "terms": (),
            "sources": (),
            "notice": "",
        }
    )


def approved(book: Book, due: str, *, sound_due: str = "2030-01-01", state: str = "approved") -> Book:
    """The book as a nurse approved it."""
    approval = Approval.model_validate(
        {
            "by": "A. Nurse",
            "role": "nurse",
            "date": "2026-01-02",
            "review_due": due,
            "state": state,
            "scopes": ("wording", "sound"),
            "sound": Check(by="A. Nurse", role="nurse", date="2026-01-02", review_due=sound_due),
            "changed_terms": (),
            "changed_sentences": (),
        }
    )
    return book.model_copy(update={"approval": approval, "status": "Checked by A. Nurse, nurse, on January 2, 2026."})


def find(root: _Element, path: str) -> list[_Element]:
    found = root.xpath(path)
    assert isinstance(found, list)
    return [element for element in found if isinstance(element, _Element)]


def values(root: _Element, path: str) -> list[str]:
    found = root.xpath(path)
    assert isinstance(found, list)
    return [str(value) for value in found]


def text(element: _Element) -> str:
    return " ".join("".join(str(piece) for piece in element.itertext()).split())


def texts(root: _Element, path: str) -> list[str]:
    return [text(element) for element in find(root, path)]


BOOKS = {"sample": write_sample, "hostile": write_hostile, "long": long_book, "withdrawn": withdrawn_book}


@pytest.fixture(params=sorted(BOOKS))
def any_written(request: pytest.FixtureRequest, tmp_path: Path) -> Written:
    """The page of each of the books made by hand."""
    return write(BOOKS[str(request.param)](), tmp_path / "edition")


@pytest.fixture
def written(sample: Book, tmp_path: Path) -> Written:
    """The page of a plain leaflet of two chapters."""
    return write(sample, tmp_path / "edition")


@pytest.fixture(scope="module")
def real_page(real: Made, tmp_path_factory: pytest.TempPathFactory) -> Written:
    """The page of the real leaflet, in a copy of its edition."""
    folder = tmp_path_factory.mktemp("site") / "bone-metastasis" / "en"
    shutil.copytree(real.folder, folder, ignore=shutil.ignore_patterns(*MADE_LATER, "*-chapters.zip"))
    write_archive(real.book, folder)
    book = listed(real.book, folder)
    write_edition_page(book, folder, LIBRARY, today=TODAY)
    return Written(book, folder, (folder / "index.html").read_text(encoding="utf-8"))
