"""Which sound belongs to which sentence."""

from __future__ import annotations

import pytest
from tests.publish.conftest import Writing, bind

from audioleaflet.book.model import Book
from audioleaflet.errors import PublishError
from audioleaflet.publish.overlay import clips
from audioleaflet.publish.transcript.wording import open_book


def heard(book: Book) -> list[tuple[str, int, int]]:
    return [(clip.cue, clip.begin_ms, clip.end_ms) for clip in clips(open_book(book), book.chapters[0])]


def told(*roles: str) -> Book:
    """A chapter of cues of these roles; each but the first lasts 2300 ms, the first 2800 ms."""
    only = Writing(0, "only", "Only")
    for role in roles:
        if role == "text":
            only.say("Words.")
        else:
            only.cue("Sound.", role)
    return bind(only)


def test_an_announcement_goes_with_what_it_announces() -> None:
    book = told("announcement", "announcement", "text", "announcement", "text")
    assert heard(book) == [("c00-003", 0, 7400), ("c00-005", 7400, 12000)]


def test_a_repeat_goes_with_what_it_repeats() -> None:
    assert heard(told("text", "repeat", "repeat", "text")) == [("c00-001", 0, 7400), ("c00-004", 7400, 9700)]


def test_a_repeat_after_an_announcement_goes_with_what_comes() -> None:
    book = told("text", "announcement", "repeat", "text")
    assert heard(book) == [("c00-001", 0, 2800), ("c00-004", 2800, 9700)]


def test_a_repeat_before_all_words_goes_with_the_first() -> None:
    assert heard(told("repeat", "text")) == [("c00-002", 0, 5100)]


def test_what_comes_after_the_last_words_goes_with_them() -> None:
    assert heard(told("text", "announcement", "repeat")) == [("c00-001", 0, 7400)]


def test_a_chapter_without_words_is_told() -> None:
    with pytest.raises(PublishError, match="chapter 0 has no words to read; build the edition again"):
        heard(told("announcement", "repeat"))


@pytest.mark.parametrize(
    ("at", "change", "message"),
    [
        (
            1,
            {"begin_ms": 2801},
            "the sound of 'c00-002' goes from 2801 to 5100 ms, and the sentence before it ends at 2800",
        ),
        (1, {"end_ms": 2800}, "the sound of 'c00-002' goes from 2800 to 2800 ms"),
        (0, {"begin_ms": 1}, "the sound of 'c00-001' goes from 1 to 2800 ms"),
        (2, {"end_ms": 9000}, "chapter 0 lasts 7400 ms, and its sentences end at 9000 ms"),
    ],
)
def test_cues_that_do_not_tile_their_chapter_are_told(at: int, change: dict[str, int], message: str) -> None:
    book = told("text", "text", "text")
    chapter = book.chapters[0]
    cues = list(chapter.cues)
    cues[at] = cues[at].model_copy(update=change)
    chapter = chapter.model_copy(update={"cues": tuple(cues)})
    with pytest.raises(PublishError, match=message):
        clips(open_book(book), chapter)


def test_the_clips_of_any_chapter_tile_it(any_book: Book) -> None:
    opened = open_book(any_book)
    for chapter in any_book.chapters:
        found = clips(opened, chapter)
        assert [clip.begin_ms for clip in found] == [0, *(clip.end_ms for clip in found[:-1])]
        assert found[-1].end_ms == chapter.duration_ms


@pytest.fixture(params=["sample", "hostile"])
def any_book(request: pytest.FixtureRequest, sample: Book, hostile: Book) -> Book:
    return sample if request.param == "sample" else hostile
