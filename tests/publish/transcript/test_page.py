from __future__ import annotations

import re

import lxml.html
import pytest
from lxml.etree import _Element

from audioleaflet.book.model import Book
from audioleaflet.publish.transcript import transcript_html
from audioleaflet.publish.transcript.wording import one_line


def read(page: str) -> _Element:
    return lxml.html.document_fromstring(page)


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


def test_headings(sample: Book, words: dict[str, str]) -> None:
    root = read(transcript_html(sample, words))
    assert texts(root, "//h1") == ["Understanding bone metastasis"]
    assert texts(root, "//main//h2") == ["Introduction", "1. What is bone metastasis?", "Word list"]
    assert texts(root, "//main//h3") == ["In short"]


def test_lists_and_breaks_are_those_of_the_leaflet(sample: Book, words: dict[str, str]) -> None:
    root = read(transcript_html(sample, words))
    section = find(root, "//section[@id='chapter-1']")[0]
    assert texts(section, "./ul/li/ul/li") == ["at night", "when you move"]
    assert texts(section, "./ul/li[2]/p") == ["A weak bone.", "Tell your nurse."]
    assert texts(section, "./ul/li[3]") == ["Feeling tired"]
    assert texts(section, "./ol/li") == ["Call the clinic.", "Say your name."]
    assert len(find(section, "./p[last()]/br")) == 2
    assert values(section, "./p[last()]/a/@href") == ["https://www.cancer.org", "tel:+18002272345"]


def test_contents_lead_to_every_chapter(sample: Book, words: dict[str, str]) -> None:
    root = read(transcript_html(sample, words))
    assert texts(root, "//nav//a") == ["Introduction", "1. What is bone metastasis?", "Word list"]
    for target in values(root, "//a[starts-with(@href, '#')]/@href"):
        assert len(find(root, f"//*[@id='{target[1:]}']")) == 1, target
    assert values(root, "//nav/@aria-labelledby") == values(root, "//nav/h2/@id")


def test_times_stand_under_chapter_headings(sample: Book, words: dict[str, str]) -> None:
    root = read(transcript_html(sample, words))
    assert [(time.get("datetime"), text(time)) for time in find(root, "//time")] == [
        ("PT0S", "0:00"),
        ("PT16S", "0:16"),
    ]
    assert texts(root, "//section/p[time]") == [
        "Starts at 0:00 in the recording",
        "Starts at 0:16 in the recording",
    ]


def test_the_word_list(sample: Book, words: dict[str, str]) -> None:
    root = read(transcript_html(sample, words))
    assert texts(root, "//dl//dt") == ["metastasis"]
    assert texts(root, "//dl//dd") == ["muh-TAS-tuh-sis", "cancer that has spread from where it began"]


def test_no_word_list_without_terms(sample: Book, words: dict[str, str]) -> None:
    root = read(transcript_html(sample.model_copy(update={"terms": ()}), words))
    assert not find(root, "//dl")
    assert "Word list" not in text(find(root, "//body")[0])


def test_who_checked_it_is_said_before_the_text(sample: Book, words: dict[str, str]) -> None:
    root = read(transcript_html(sample, words))
    assert texts(root, "//header/p[@class='status']") == [sample.status]


@pytest.mark.parametrize(("language", "direction"), [("en-US", "ltr"), ("ar", "rtl")])
def test_language_and_direction(sample: Book, words: dict[str, str], language: str, direction: str) -> None:
    book = sample.model_copy(update={"language": language, "dir": direction})
    html = read(transcript_html(book, words))
    assert (html.get("lang"), html.get("dir")) == (language, direction)


def test_every_printed_word_is_there_in_order(hostile: Book, words: dict[str, str]) -> None:
    rest = text(find(read(transcript_html(hostile, words)), "//main")[0])
    for chapter in hostile.chapters:
        for cue in chapter.cues:
            if cue.printed:
                _, found, rest = rest.partition(" ".join(one_line(cue.text).split()))
                assert found, cue.text


def test_words_never_become_markup(hostile: Book, words: dict[str, str]) -> None:
    root = read(transcript_html(hostile, words))
    assert not find(root, "//script | //b | //i | //comment() | //*[@onclick or @src]")
    assert len(find(root, "//style")) == len(find(root, "//title")) == 1
    assert find(root, "//a[not(starts-with(@href, '#') or starts-with(@href, 'https://'))]") == []


def test_nothing_is_fetched_from_outside(sample: Book, words: dict[str, str]) -> None:
    page = transcript_html(sample, words)
    assert not re.search(r"url\(|@import|<link|<script|<img|src=", page)


def test_only_for_the_ear_is_left_out(sample: Book, words: dict[str, str]) -> None:
    page = transcript_html(sample, words)
    assert "A list of three items." not in page
    assert "me-tas-ta-sis" not in page


def test_18_points_in_print(sample: Book, words: dict[str, str]) -> None:
    printed = transcript_html(sample, words).partition("@media print")[2]
    assert "html { font-size: 18pt; }" in printed
