"""Ordinals: ``1st`` is "first", ``21st`` "twenty-first", ``1st-3rd`` "first to third"."""

from __future__ import annotations

from collections.abc import Iterator

from audioleaflet.script.verbalizer.counting import ordinal
from audioleaflet.script.verbalizer.patterns import lazy
from audioleaflet.script.verbalizer.places import DASH, begins
from audioleaflet.script.verbalizer.rules import Language, Reading, Rule, reading
from audioleaflet.script.verbalizer.vocabulary import Vocabulary, load

_ORDINAL = lazy(r"(\d{1,3}(?:,\d{3}){1,3}|\d{1,9})(st|nd|rd|th|ST|ND|RD|TH)(?!\w)")
_TO = lazy(rf"\s?{DASH}\s?(?=\d)")


class Ordinals(Vocabulary):
    """Endings by the last digit, and the word of a range; see en/ordinals.yaml."""

    endings: dict[int, str]
    other: str
    teens: tuple[int, ...]
    to: str


def rules(language: Language) -> Iterator[tuple[str, Rule]]:
    """See rules.py."""
    words = load("ordinals", Ordinals, language.tag)

    def one(text: str, at: int) -> tuple[int, str] | None:
        match = _ORDINAL.match(text, at)
        if match is None:
            return None
        number = int(match[1].replace(",", ""))
        ending = words.other if number % 100 in words.teens else words.endings.get(number % 10, words.other)
        return (match.end(), ordinal(number, language.tag)) if match[2].lower() == ending else None

    def read(text: str, at: int) -> Reading | None:
        first = one(text, at) if begins(text, at) or text[at - 1] in "/-–" else None
        if first is None:
            return None
        dash = _TO.match(text, first[0])
        second = one(text, dash.end()) if dash else None
        if second is not None:
            return reading(second[0], f"{first[1]} {words.to} {second[1]}")
        return reading(*first)

    yield "0", read
