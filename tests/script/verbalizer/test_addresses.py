"""Where an address begins and ends, and what only looks like one."""

from __future__ import annotations

import pytest

from audioleaflet import phrases
from audioleaflet.script.model import Term
from audioleaflet.script.verbalizer import addresses
from audioleaflet.script.verbalizer.rules import Language
from audioleaflet.units import Ms

ENGLISH = Language(tag="en-US", region="US", phrases=phrases.load("en-US"), between_groups=Ms(200))


def found(text: str) -> list[str]:
    return [text[begin:end] for begin, end, _ in addresses.find(text, ENGLISH)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("See www.cancer.org.", ["www.cancer.org"]),
        ("(see cancer.org/help)", ["cancer.org/help"]),
        ("“cancer.org”, nhs.uk; who.int!", ["cancer.org", "nhs.uk", "who.int"]),
        ("cancer.org's and cancer.org’s", ["cancer.org", "cancer.org"]),
        ("https://www.nhs.uk/a_b?c=d&e=f#g.", ["https://www.nhs.uk/a_b?c=d&e=f#g"]),
        ("Write to help-line@x.nhs.uk, or", ["help-line@x.nhs.uk"]),
        ("<https://a.example>", ["https://a.example"]),
        ("read guide-2.pdf now", ["guide-2.pdf"]),
        ("https://localhost:8000/x", ["https://localhost:8000/x"]),
    ],
)
def test_an_address_ends_where_its_sentence_goes_on(text: str, expected: list[str]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "e.g. this",
        "at 5 p.m.The doctor",
        "10 mg.The dose",
        "pain.It is",
        "Rest.In bed",
        "day.in bed",
        "3.5 kg",
        "1.5.2",
        "vs.normal",
        "U.S.",
        "and/or.then",
        "@cancer",
        "info@nhs",
        "a.b",
        ".org",
        "https://a.example/" + "x" * 3000,
    ],
)
def test_a_missing_space_makes_no_address(text: str) -> None:
    assert found(text) == []


def test_letters_that_make_no_word_are_terms_and_words_are_not() -> None:
    ((_, _, spoken),) = addresses.find("nhs.uk", ENGLISH)
    assert [span.text for span in spoken if isinstance(span, Term)] == ["N H S", "U K"]
    ((_, _, spoken),) = addresses.find("cancer.org", ENGLISH)
    assert not any(isinstance(span, Term) for span in spoken)
