"""Telephone numbers as spans that can be repeated, and what is none."""

from __future__ import annotations

import pytest

from audioleaflet import phrases
from audioleaflet.script.lexicon import Lexicon
from audioleaflet.script.model import Spelled
from audioleaflet.script.verbalizer import Verbalizer
from audioleaflet.settings import Pauses


def numbers(text: str, language: str = "en-US") -> list[str]:
    verbalizer = Verbalizer.of(language, Lexicon(()), phrases.load(language), Pauses())
    return [number.text for number in verbalizer.telephones(text)]


def groups(text: str, language: str = "en-US") -> str:
    verbalizer = Verbalizer.of(language, Lexicon(()), phrases.load(language), Pauses())
    (number,) = verbalizer.telephones(text)
    return ", ".join(" ".join(group) for group in number.groups)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Call 800-227-2345 or 1-800-422-6237.", ["800-227-2345", "1-800-422-6237"]),
        ("(800) 227-2345, ext. 5, is ours", ["(800) 227-2345, ext. 5"]),
        ("(800-227-2345)", ["800-227-2345"]),
        ("800-227-2345 (extension 12) is ours", ["800-227-2345 (extension 12)"]),
        ("Ask on 020 7946 0018 (24 hours)", ["020 7946 0018"]),
        ("020 7946 0018/0161 496 0018", ["020 7946 0018", "0161 496 0018"]),
        ("Dial +44 (0)20 7946 0018 from abroad", ["+44 (0)20 7946 0018"]),
        ("0800 123 4567 – 24 hours a day", ["0800 123 4567"]),
        ("1-800-4-CANCER (1-800-422-6237)", ["1-800-4-CANCER", "1-800-422-6237"]),
        ("Take 2 800-227-2345", ["800-227-2345"]),
    ],
)
def test_a_number_is_found_with_its_extension_and_nothing_more(text: str, found: list[str]) -> None:
    assert numbers(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "2010-2015",
        "1980-1986",
        "10-15 mg",
        "100-200-300",
        "100 200 3000",
        "10,000-20,000",
        "1 000 000 people",
        "11-22-2026",
        "2026-11-22",
        "ISBN 978-0-306-40615-7",
        "ISBN 0306406157",
        "NHS number 943 476 5919",
        "123-45-6789",
        "4111 1111 1111 1111",
        "12345678",
        "0.123456789",
        "$800-227-2345",
        "800 mg",
        "800-mg",
        "438-2201",
        "a1-800-227-2345",
        "800-227-23456",
    ],
)
def test_a_count_a_date_or_a_code_is_no_number(text: str) -> None:
    assert numbers(text) == []


@pytest.mark.parametrize("text", ["Call 911.", "NHS 111", "TTY 711", "text HOME to 741741", "call 116 123"])
def test_a_short_number_is_words_that_are_not_repeated(text: str) -> None:
    verbalizer = Verbalizer.of("en-US", Lexicon(()), phrases.load("en-US"), Pauses())
    assert numbers(text) == []
    assert not any(isinstance(span, Spelled) for span in verbalizer.spoken(text))
    assert not any(char.isdigit() for span in verbalizer.spoken(text) for char in getattr(span, "text", ""))


@pytest.mark.parametrize(
    ("text", "language", "said"),
    [
        ("Call 8002272345.", "en-US", "eight zero zero, two two seven, two three four five"),
        ("02079460018", "en-GB", "zero two zero, seven nine four six, zero zero one eight"),
        ("+442079460018", "en-US", "plus four four, two zero, seven nine four six, zero zero one eight"),
        ("Call 13 11 14", "en-AU", "one three, one one, one four"),
        ("0800 1234567", "en-GB", "zero eight zero zero, one two three, four five six seven"),
    ],
)
def test_groups_are_those_written_or_else_the_usual(text: str, language: str, said: str) -> None:
    assert groups(text, language) == said


def test_a_word_is_followed_by_its_digits_unless_the_text_has_them() -> None:
    digits = "one, eight zero zero, four two two, six two three seven"
    assert groups("1-800-4-CANCER") == f"one, eight zero zero, four, CANCER, that is {digits}"
    verbalizer = Verbalizer.of("en-US", Lexicon(()), phrases.load("en-US"), Pauses())
    word, number = verbalizer.telephones("1-800-4-CANCER (1-800-422-6237)")
    assert word.groups[-1] == ("CANCER",)
    assert ", ".join(" ".join(group) for group in number.groups) == digits


def test_letters_beyond_the_last_digit_are_not_dialled() -> None:
    assert groups("1-800-MEDICARE").endswith("that is one, eight zero zero, six three three, four two two seven")


def test_no_digit_is_lost_in_any_form() -> None:
    words = phrases.load("en").digits
    for text in ("+44 (0)20 7946 0018", "0044 20 7946 0018", "18002272345", "+4915112345678", "+1 800 227 2345 x77"):
        verbalizer = Verbalizer.of("en-US", Lexicon(()), phrases.load("en-US"), Pauses())
        (number,) = verbalizer.telephones(f"call {text}")
        said = "".join(str(words.index(word)) for group in number.groups for word in group if word in words)
        assert said == "".join(char for char in text if char.isdigit())
