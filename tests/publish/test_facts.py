"""Facts of a book, as formats tell them."""

from __future__ import annotations

import pytest

from audioleaflet.book.model import Book
from audioleaflet.errors import PublishError
from audioleaflet.publish.facts import changed_at, cover_described, narrator


@pytest.mark.parametrize(
    ("modified", "told"),
    [
        ("2026-11-22", "2026-11-22T00:00:00Z"),
        ("2026-11-22T05:06:07Z", "2026-11-22T05:06:07Z"),
        ("2026-11-22T01:30:00.500+02:00", "2026-11-21T23:30:00Z"),
    ],
)
def test_the_time_of_change_is_in_utc_to_the_second(sample: Book, modified: str, told: str) -> None:
    assert changed_at(sample.model_copy(update={"modified": modified})) == told


@pytest.mark.parametrize("modified", ["", "yesterday", "2026-13-01"])
def test_a_time_that_is_none_is_told(sample: Book, modified: str) -> None:
    with pytest.raises(PublishError, match=r"'modified' is no time: .*; build the edition again"):
        changed_at(sample.model_copy(update={"modified": modified}))


def test_the_cover_and_the_voice_in_words(sample: Book) -> None:
    assert cover_described(sample) == "Cover: Understanding bone metastasis, Sample Trust"
    assert cover_described(sample.model_copy(update={"publisher": " "})) == "Cover: Understanding bone metastasis"
    assert narrator(sample) == "A computer voice (en-us)"
