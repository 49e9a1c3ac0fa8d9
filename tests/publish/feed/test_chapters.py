from __future__ import annotations

import json

from tests.publish.conftest import write_hostile
from tests.publish.feed.conftest import edition, with_files

from audioleaflet.publish.feed.chapters import chapters_json


def test_the_chapters_have_the_times_of_the_book() -> None:
    book = edition()
    content = json.loads(chapters_json(book))
    assert content["version"] == "1.2.0"
    assert content["fileName"] == "sample-en.mp3"
    assert [
        (round(chapter["startTime"] * 1000), round(chapter["endTime"] * 1000), chapter["title"])
        for chapter in content["chapters"]
    ] == [(chapter.start_ms, chapter.start_ms + chapter.duration_ms, chapter.title) for chapter in book.chapters]
    assert book.chapters[1].start_ms > 0  # else nothing was compared


def test_times_are_seconds_to_the_millisecond() -> None:
    book = edition()
    moved = book.chapters[1].model_copy(update={"start_ms": 83_121, "duration_ms": 1_002})
    content = json.loads(chapters_json(book.model_copy(update={"chapters": (book.chapters[0], moved)})))
    assert (content["chapters"][1]["startTime"], content["chapters"][1]["endTime"]) == (83.121, 84.123)


def test_words_that_look_like_markup_stay_as_they_are() -> None:
    titles = [entry["title"] for entry in json.loads(chapters_json(with_files(write_hostile())))["chapters"]]
    assert titles == ["</title><b>Intro</b> & -->", "One <i>& only</i>"]


def test_same_book_same_bytes() -> None:
    assert chapters_json(edition()) == chapters_json(edition())
