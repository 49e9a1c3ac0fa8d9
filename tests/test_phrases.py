"""The wording of the web pages: amounts and lengths in words."""

from __future__ import annotations

import pytest

from audioleaflet.errors import ConfigError
from audioleaflet.phrases import languages, load, load_site


@pytest.mark.parametrize(
    ("milliseconds", "told"),
    [
        (0, "0 seconds"),
        (499, "0 seconds"),
        (1_000, "1 second"),
        (60_000, "1 minute"),
        (72_400, "1 minute 12 seconds"),
        (3_599_600, "1 hour"),
        (7_261_000, "2 hours 1 minute 1 second"),
    ],
)
def test_a_length_in_words(milliseconds: int, told: str) -> None:
    assert load_site("en-GB").length(milliseconds) == told


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("2026-01-31", "January 31, 2026"),
        *((text, text) for text in ("2026", "2026-01", "mid-March-2026", "22-11-2026", "2026-00-12", "2026-02-31")),
        *((text, text) for text in ("2026-W01-1", "20260131", "", "-- --")),
    ],
)
def test_a_day(written: str, told: str) -> None:
    assert load("en-US").day(written) == told


def test_every_language_has_all_the_wording_of_the_pages() -> None:
    english = load_site("en").model_dump()
    for language in languages():
        own = load_site(language).model_dump()
        assert {group: own[group].keys() for group in own} == {group: english[group].keys() for group in english}


def test_a_language_without_wording() -> None:
    with pytest.raises(ConfigError, match="there is no wording for the language 'tlh'"):
        load_site("tlh")


@pytest.mark.parametrize(
    ("language", "told"),
    [
        *((tag, "May 1, 2026") for tag in ("en", "en-US", "en-us", "en-CA", "en-PH")),
        *(
            (tag, "1 May 2026")
            for tag in ("en-GB", "en-gb", "en-AU", "en-IE", "en-NZ", "en-ZA", "en-IN", "en-GB-oxendict")
        ),
    ],
)
def test_a_day_is_written_as_it_is_where_the_reader_lives(language: str, told: str) -> None:
    assert load(language).day("2026-05-01") == told
