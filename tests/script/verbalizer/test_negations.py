"""No rule takes away a word that denies, allows or limits: each is heard wherever it stands."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from audioleaflet import phrases
from audioleaflet.leaflet.lexicon import read_lexicon
from audioleaflet.script.lexicon import Lexicon
from audioleaflet.script.model import Unread
from audioleaflet.script.print import in_words
from audioleaflet.script.verbalizer import Verbalizer
from audioleaflet.settings import Pauses

WORDS = (
    "not", "no", "never", "may", "can", "if", "only", "unless", "cannot", "don't", "don’t", "without", "except",
    "until", "more", "less", "least", "most", "won't", "shouldn’t", "avoid", "neither", "nor", "stop",
)  # fmt: skip
PLACES = (
    "take it {} 5 mg",
    "{} 10 mg tab",
    "10 mg, {} 20 mg tablets",
    "({} 50 mg)",
    "[{}] with milk",
    "“{}” at night",
    "‘{}’ now",
    "milk/{}",
    "{}/milk",
    "{} crush/chew",
    "{} cut/crush/chew it",
    "{} 1/2 tablet",
    "{} ½ tablet",
    "{} 5-325 mg",
    "{} 1 800 people",
    "{} ≥ 5",
    "{} <5%",
    "{} –2.5",
    "{} -2 °C",
    "{} 6 months-5 years",
    "{} for 30s",
    "two (2) {} one (1)",
    "{} b.i.d.",
    "{} PRN",
    "{} q4h",
    "{} w/ food",
    "{} an IV",
    "stage II {} III",
    "stage {} IV",
    "{} e.g. milk",
    "{} Dr. Lee",
    "{} HER2+",
    "{} β2",
    "{} → stop",
    "✗ {} milk",
    "{} & milk",
    "{} #5",
    "{} x 3",
    "3 x/day {} 2",
    "{}—then",
    "{} – then",
    "{}… then",
    "{}: 5",
    "take it {}.",
)


@cache
def verbalizer(language: str) -> Verbalizer:
    lexicon = Lexicon(read_lexicon(Path("content/lexicon/en.yaml")))
    return Verbalizer.of(language, lexicon, phrases.load(language), Pauses())


def heard(text: str, language: str) -> str:
    return in_words(tuple(span for span in verbalizer(language).spoken(text) if not isinstance(span, Unread)))


def count(word: str, text: str) -> int:
    return len(re.findall(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE))


@pytest.mark.parametrize("language", ["en-US", "en-GB"])
@pytest.mark.parametrize("place", PLACES)
def test_each_is_heard_in_every_place(place: str, language: str) -> None:
    lost = []
    for word in WORDS:
        for shown in (word, word.upper(), word.capitalize()):
            if count(word, heard(place.format(shown), language)) < count(word, place.format(shown)):
                lost.append(place.format(shown))
    assert lost == []


@pytest.mark.parametrize(
    ("shown", "spoken"),
    [
        ("≠ 5 mg", "not equal to five milligrams"),
        ("!= 5", "not equal to five"),
        ("≮ 5 mg", "not less than five milligrams"),
        ("≯ 5 mg", "not more than five milligrams"),
        ("W/O food", "Without food"),
        ("w/out food", "without food"),
        ("0 mg", "zero milligrams"),
        ("ER-/PR-", "E R negative, P R negative"),
        ("no. 5", "number five"),
        ("No.", "No."),
    ],
)
def test_signs_deny_in_words(shown: str, spoken: str) -> None:
    assert in_words(verbalizer("en-US").spoken(shown)) == spoken


@pytest.mark.parametrize("shown", ["ø alcohol", "Ø alcohol", "∅ alcohol", "¬ safe"])
def test_a_sign_that_may_deny_is_never_guessed(shown: str) -> None:
    assert [span.text for span in verbalizer("en-US").spoken(shown) if isinstance(span, Unread)] == [shown[0]]
