"""Which days there are, and whose order a date in figures has."""

from __future__ import annotations

import pytest

from audioleaflet import phrases
from audioleaflet.script.lexicon import Lexicon
from audioleaflet.script.model import Unread
from audioleaflet.script.print import in_words
from audioleaflet.script.verbalizer import Verbalizer
from audioleaflet.settings import Pauses


def said(text: str, language: str = "en-US") -> str:
    return in_words(verbalizer(language).spoken(text))


def verbalizer(language: str) -> Verbalizer:
    return Verbalizer.of(language, Lexicon(()), phrases.load(language), Pauses())


@pytest.mark.parametrize(
    ("language", "spoken"),
    [
        ("en", "March fourth, twenty twenty-six"),
        ("en-US", "March fourth, twenty twenty-six"),
        ("en-GB", "the third of April twenty twenty-six"),
        ("en-AU", "April third, twenty twenty-six"),
    ],
)
def test_only_the_united_states_have_the_month_first(language: str, spoken: str) -> None:
    assert said("03/04/2026", language) == spoken


@pytest.mark.parametrize("language", ["en-US", "en-GB"])
@pytest.mark.parametrize(
    "text",
    [
        "13/45/2026",
        "00/10/2026",
        "31.04.2026",
        "2026-13-01",
        "2026-02-30",
        "30/02/2026",
        "February 29, 2100",
        "31 June 2026",
    ],
)
def test_a_day_that_there_is_not_is_never_guessed(text: str, language: str) -> None:
    assert [span.text for span in verbalizer(language).spoken(text) if isinstance(span, Unread)] == [text]


@pytest.mark.parametrize("text", ["February 29, 2028", "February 29, 2000", "February 29"])
def test_a_leap_day_is_a_day(text: str) -> None:
    assert said(text).startswith("February twenty-ninth")


@pytest.mark.parametrize(("short", "spoken"), [("49", "twenty forty-nine"), ("50", "nineteen fifty")])
def test_two_digits_are_a_year_of_our_time(short: str, spoken: str) -> None:
    assert said(f"11/22/{short}") == f"November twenty-second, {spoken}"


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("2-3", "two to three"),
        ("1/2", "one half"),
        ("120/80", "one hundred twenty over eighty"),
        ("10.5", "ten point five"),
        ("3/4 cup", "three quarters cup"),
        ("2000 mg in 2000 mL", "two thousand milligrams in two thousand milliliters"),
        ("in 1950 patients", "in one thousand nine hundred fifty patients"),
        ("1:20 dilution", "one to twenty dilution"),
        ("You may 5 times", "You may five times"),
        ("no. 5 mg of it", "no. five milligrams of it"),
    ],
)
def test_what_is_counted_is_no_date_time_or_reference(text: str, spoken: str) -> None:
    assert said(text) == spoken
