"""What a listener can jump to inside a chapter."""

from __future__ import annotations

from tests.publish.conftest import write_hostile
from tests.publish.epub.books import deep, one_chapter

from audioleaflet.book.model import Book
from audioleaflet.publish.contents import Place, places
from audioleaflet.publish.transcript.wording import open_book


def of(book: Book, at: int) -> tuple[Place, ...]:
    return places(book, open_book(book), book.chapters[at])


def test_headings_hold_those_below_them() -> None:
    found = of(deep(), 1)
    assert [(place.text, place.cue, [below.text for below in place.below]) for place in found] == [
        ("Deep at once", "c01-010", ["Deeper"]),
        ("Higher again", "c01-013", []),
        ("In an item", "c01-014", []),
    ]


def test_a_place_begins_with_what_announces_it() -> None:
    book = deep()
    place = of(book, 0)[0]
    assert (place.text, place.cue) == ("How to say the words", "c00-003")
    announcement = book.chapters[0].cues[1]
    assert announcement.role == "announcement"
    assert place.begin_ms == announcement.begin_ms


def test_a_chapter_may_have_no_places() -> None:
    assert of(one_chapter(), 0) == ()


def test_a_term_whose_sound_is_not_there_is_no_place() -> None:
    book = write_hostile()
    term = book.terms[0].model_copy(update={"cues": ("gone",)})
    assert of(book.model_copy(update={"terms": (term,)}), 0) == ()
