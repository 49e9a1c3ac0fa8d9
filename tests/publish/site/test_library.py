from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import lxml.html
from lxml.etree import _Element
from tests.publish.conftest import write_hostile, write_sample
from tests.publish.site.conftest import (
    LIBRARY,
    TODAY,
    approved,
    find,
    text,
    texts,
    values,
    withdrawn_book,
)

from audioleaflet.book.model import Book
from audioleaflet.publish.site import Library, Listed, assets_name, write_library_page


def page(
    folder: Path, *books: Book, library: Library = LIBRARY, today: date = TODAY, paths: tuple[str, ...] = ()
) -> _Element:
    names = paths or tuple(f"leaflet-{number}/en" for number in range(len(books)))
    editions = [Listed(book=book, path=path) for book, path in zip(books, names, strict=True)]
    write_library_page(editions, folder, library, today=today)
    return lxml.html.document_fromstring((folder / "index.html").read_bytes())


def titled(title: str, language: str = "en-US") -> Book:
    return write_sample().model_copy(update={"title": title, "language": language})


def test_each_edition_with_what_one_needs_to_choose(tmp_path: Path) -> None:
    root = page(tmp_path, titled("Fatigue"), paths=("fatigue/en",))
    (entry,) = find(root, "//main//li")
    assert values(entry, ".//h2/a/@href") == ["fatigue/en/index.html"]
    assert texts(entry, ".//h2") == ["Fatigue"]
    assert texts(entry, "./p[@class='by']") == ["English · 54 seconds · 2 chapters"]
    assert texts(entry, "./p[@class='status warn']") == ["This is a sample. No health professional has checked it."]


def test_by_title_without_regard_to_capitals_and_accents(tmp_path: Path) -> None:
    root = page(tmp_path, titled("zinc"), titled("Épilepsie"), titled("Fatigue"), titled("asthma"))
    assert texts(root, "//h2") == ["asthma", "Épilepsie", "Fatigue", "zinc"]


def test_by_title_with_its_numbers_as_numbers(tmp_path: Path) -> None:
    numbered = ("Session 10", "12 steps", "Session 2: 10 exercises", "Session", "Session 2: 9 rules", "2 steps")
    root = page(tmp_path, *(titled(title) for title in numbered))
    ordered = ["2 steps", "12 steps", "Session", "Session 2: 9 rules", "Session 2: 10 exercises", "Session 10"]
    assert texts(root, "//h2") == ordered


def test_the_page_is_in_the_language_of_most_and_each_entry_in_its_own(tmp_path: Path) -> None:
    rtl = titled("C", "en-GB").model_copy(update={"dir": "rtl"})
    root = page(tmp_path, titled("A", "en-US"), titled("B", "en-US"), rtl)
    assert root.get("lang") == "en-US"
    assert [(one.get("lang"), one.get("dir")) for one in find(root, "//main//li")] == [
        ("en-US", "ltr"),
        ("en-US", "ltr"),
        ("en-GB", "rtl"),
    ]


def test_a_withdrawn_edition_says_so(tmp_path: Path) -> None:
    root = page(tmp_path, withdrawn_book())
    assert texts(root, "//li/p[contains(@class, 'warn')]") == [
        "This leaflet was withdrawn by Sample Trust on November 1, 2026."
    ]


def test_an_approved_edition_and_the_day_its_review_is_past(tmp_path: Path) -> None:
    book = approved(write_sample(), "2027-01-31")
    for today, hidden in ((date(2027, 1, 31), True), (date(2027, 2, 1), False)):
        root = page(tmp_path, book, today=today)
        (note,) = find(root, "//li/p[@data-due='2027-01-31']")
        assert (note.get("hidden") is not None) is hidden
        assert text(note).startswith("This leaflet is past its review date.")
        assert texts(root, "//li/p[@class='status']") == ["Checked by A. Nurse, nurse, on January 2, 2026."]


def test_a_search_box_once_there_are_more_than_ten(tmp_path: Path) -> None:
    books = [titled(f"Leaflet {number}") for number in range(11)]
    assert not find(page(tmp_path, *books[:10]), "//input | //*[@role='search']")
    (search,) = find(page(tmp_path, *books), "//*[@role='search']")
    assert search.get("hidden") is not None
    assert values(search, ".//label/@for") == values(search, ".//input/@id")
    said = json.loads(values(search, ".//*[@role='status']/@data-words")[0])
    assert said == {"none": "No leaflet found", "one": "1 leaflet found", "other": "{count} leaflets found"}


def test_the_feed_stands_where_the_library_has_an_address(tmp_path: Path) -> None:
    assert not values(page(tmp_path, write_sample()), "//*[@href='feed.xml']")
    online = replace(LIBRARY, base_url="https://library.example/audio/")
    root = page(tmp_path, write_sample(), library=online)
    assert values(root, "//head/link[@rel='alternate']/@href") == ["feed.xml"]
    assert texts(root, "//footer//a[@href='feed.xml']") == ["New recordings, as a podcast feed"]


def test_the_telephone(tmp_path: Path) -> None:
    root = page(tmp_path, write_sample(), library=replace(LIBRARY, telephone="0800 123 456"))
    assert values(root, "//footer//a/@href") == ["tel:0800123456"]
    assert texts(root, "//footer/p") == ["To listen by telephone, call 0800 123 456"]


def test_an_empty_library_says_so(tmp_path: Path) -> None:
    root = page(tmp_path, library=Library(title="", publisher="", base_url="", telephone=""))
    assert texts(root, "//main/p") == ["There are no recordings here yet."]
    assert texts(root, "//h1") == ["Patient leaflets to listen to"]


def test_words_never_become_markup_and_nothing_comes_from_outside(tmp_path: Path) -> None:
    book = write_hostile()
    named = replace(LIBRARY, title="<b>& Library", publisher='"Quotes" 👩‍⚕️')
    root = page(tmp_path, book, library=named)
    assert texts(root, "//h2") == [book.title]
    assert texts(root, "//h1") == ["<b>& Library"]
    assert not find(root, "//b | //style | //*[@style] | //script[not(@src)] | //@*[starts-with(name(), 'on')]/..")
    assets = assets_name()
    assert values(root, "//@src") == [f"{assets}/library.js"]
    assert values(root, "//head/link/@href") == [f"{assets}/icon.svg", f"{assets}/page.css"]
    policy = values(root, "//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in policy


def test_the_same_editions_in_any_order_give_the_same_bytes(tmp_path: Path) -> None:
    one, other = Listed(book=titled("A"), path="a/en"), Listed(book=titled("A"), path="b/en")
    write_library_page([one, other], tmp_path, LIBRARY, today=TODAY)
    before = (tmp_path / "index.html").read_bytes()
    write_library_page([other, one], tmp_path, LIBRARY, today=TODAY)
    assert (tmp_path / "index.html").read_bytes() == before
