"""The square code and the address of a chapter."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lxml import etree
from tests.publish.conftest import write_sample
from tests.publish.pdf.conftest import HEARD, named

from audioleaflet.errors import PublishError
from audioleaflet.publish.pdf.listening import listening


def test_the_code_holds_the_address_of_the_chapters_own_sound() -> None:
    book = named(write_sample())
    heard = [listening(book, chapter, HEARD, page=True) for chapter in book.chapters]
    assert [one.sound for one in heard] == [
        "https://library.example/audio/sample/en/chapters/sample-en-00-introduction.mp3",
        "https://library.example/audio/sample/en/chapters/sample-en-01-what-is-it.mp3",
    ]
    assert heard[0].svg != heard[1].svg
    assert {one.shown for one in heard} == {"library.example/audio/sample/en/"}


def test_an_address_without_encryption_is_shown_whole() -> None:
    book = named(write_sample())
    heard = listening(book, book.chapters[0], replace(HEARD, base_url="http://clinic.example/"), page=True)
    assert heard.shown == "http://clinic.example/sample/en/"


def test_the_code_has_its_white_edge_and_modules_that_a_camera_can_tell_apart() -> None:
    book = named(write_sample())
    for base in ("https://a.example/", f"https://a.example/{'long/' * 60}"):
        heard = listening(book, book.chapters[0], replace(HEARD, base_url=base), page=True)
        modules = int(etree.fromstring(heard.svg.encode()).get("width", ""))
        assert (modules - 8 - 17) % 4 == 0  # ISO/IEC 18004, 5.3.1: 17 + 4 a version, and 4 of white on each side
        assert heard.side_mm >= 40
        assert heard.side_mm / modules >= 0.69


def test_an_address_that_no_code_can_hold_is_an_error_with_its_remedy() -> None:
    book = named(write_sample())
    with pytest.raises(PublishError, match="'base_url'"):
        listening(book, book.chapters[0], replace(HEARD, base_url=f"https://a.example/{'long/' * 600}"), page=True)
