"""The large print of the real leaflet, read by poppler, by a reader of square codes, and by a checker of PDF/UA."""

from __future__ import annotations

import importlib
import os
import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from lxml import html
from tests.conftest import Made
from tests.peers.conftest import require
from tests.peers.test_site_shapes import write_right_to_left
from tests.publish.conftest import Writing, bind, write_sample
from tests.publish.pdf.conftest import HEARD, named
from tests.publish.site.conftest import long_book, withdrawn_book

from audioleaflet import phrases
from audioleaflet.book.model import Book, Node, Term
from audioleaflet.publish.pdf import write_pdf
from audioleaflet.publish.transcript.text import transcript_txt

pytestmark = pytest.mark.peer

BASE = "https://library.example/audio"
_FOOT = re.compile(r"^Page \d+ of \d+$", re.MULTILINE)
_MARK = re.compile(r"^ *(?:- |[1-9]\. )?")
# What stands between two lines of a transcript: the mark of an item, and where a chapter can be heard.
_FURNITURE = re.compile(r"(?:Listentothischapter.*library\.example/audio/bone-metastasis/en/)?[•–]?(?:[1-9]\.)?")


def validator() -> ModuleType:
    """The checker ``page-validation``. Without it the test is skipped with its reason; where CI is set, it fails."""
    try:
        return importlib.import_module("page")
    except ImportError:
        reason = "page-validation is not installed"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)


def run(*command: str | Path) -> str:
    return subprocess.run([str(one) for one in command], capture_output=True, text=True, check=True).stdout


def close(text: str) -> str:
    return re.sub(r"\s+", "", text)


def taught(term: Term) -> tuple[str, ...]:
    return tuple(close(word) for word in (term.term, term.respelling, term.meaning))


def test_poppler_reads_every_word_of_the_transcript_in_order_and_nothing_twice(real: Made, tmp_path: Path) -> None:
    path = write_pdf(real.book, tmp_path, HEARD)
    front, contents, *pages = _FOOT.sub("", run(require("pdftotext"), path, "-")).split("\f")
    title, *lines = [line for line in transcript_txt(real.book, phrases.load("en").page).splitlines() if line]
    assert close(front).startswith(close(title))
    assert close(real.book.status) in close(front)
    assert contents.strip().startswith("Contents")
    left = close("".join(pages))
    assert len(lines) > 80
    for line in lines:
        before, found, left = left.partition(close(_MARK.sub("", line)))
        assert found, line
        assert _FURNITURE.fullmatch(before), before
    for told in [close("How to say it"), *(word for term in real.book.terms for word in taught(term))]:
        before, found, left = left.partition(told)
        assert (found, before) == (told, "")
    assert left == ""


def long_words() -> Book:
    word = "abcdefghij" * 15
    chapter = Writing(0, "introduction", word)
    chapter.heading(word, level=3)
    chapter.say(word, f"https://example.org/{'part/' * 30}")
    inner = Node(kind="item", children=(chapter.paragraph("One."), chapter.items(word)))
    chapter.nodes.append(chapter.items(inner, word))
    return bind(chapter, title=word)


@pytest.mark.parametrize("write", [write_sample, write_right_to_left, long_words])
def test_no_word_leaves_the_margins(write: Callable[[], Book], tmp_path: Path) -> None:
    path = write_pdf(named(write()), tmp_path, replace(HEARD, base_url=f"https://library.example/{'folder/' * 9}"))
    boxes: Any = html.fromstring(run(require("pdftotext"), "-bbox", path, "-").encode())
    margin = 62.3  # 2.2 cm in points
    assert boxes.xpath("//word")
    for word in boxes.xpath("//word"):
        assert float(word.get("xmin")) >= margin
        assert float(word.get("xmax")) <= float(word.getparent().get("width")) - margin + 0.1, word.text


def test_no_line_of_an_address_or_a_telephone_number_ends_as_if_it_were_whole(tmp_path: Path) -> None:
    chapter = Writing(1, "one", "One")
    chapter.say(
        f"{'x' * 24} 0800 123 1000", "", *(f"See {'x' * at} https://a-b.example.org/c-d/en-gb." for at in range(40))
    )
    book = named(bind(chapter)).model_copy(update={"language": "en-GB"})
    path = write_pdf(book, tmp_path, replace(HEARD, base_url="https://library.example/a-very-long-way/to-it/"))
    ends = re.findall(r"(\S*?)$", run(require("pdftotext"), "-layout", path, "-"), re.MULTILINE)
    assert any(end.endswith("/") for end in ends)
    assert [end for end in ends if re.search(r"-$|\bb$|\.example$|\b0800$|\b123$", end)] == []


def test_a_reader_of_square_codes_finds_the_sound_of_each_chapter(real: Made, tmp_path: Path) -> None:
    pdftoppm, zbarimg = require("pdftoppm"), require("zbarimg")
    path = write_pdf(real.book, tmp_path, HEARD)
    run(pdftoppm, "-r", "100", "-gray", "-png", path, tmp_path / "page")
    found = [
        line
        for picture in sorted(tmp_path.glob("page-*.png"))
        for line in subprocess.run(
            [zbarimg, "-q", "--raw", str(picture)], capture_output=True, text=True, check=False
        ).stdout.splitlines()
    ]
    assert found == [f"{BASE}/bone-metastasis/en/{chapter.audio}" for chapter in real.book.chapters]
    assert all((real.folder / address.removeprefix(f"{BASE}/bone-metastasis/en/")).is_file() for address in found)


def test_the_real_leaflet_is_pdf_ua(real: Made, tmp_path: Path) -> None:
    page = validator()
    report = page.validate_pdf(write_pdf(real.book, tmp_path, HEARD), profile="ua1")
    assert [failure.message for failure in report.failures] == []
    assert report.is_compliant


@pytest.mark.parametrize("write", [write_sample, write_right_to_left, long_book, withdrawn_book])
def test_leaflets_of_other_shapes_are_pdf_ua(write: Callable[[], Book], tmp_path: Path) -> None:
    page = validator()
    report = page.validate_pdf(write_pdf(named(write()), tmp_path, HEARD), profile="ua1")
    assert [failure.message for failure in report.failures] == []
