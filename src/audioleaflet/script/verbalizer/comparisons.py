"""Signs before a number: more than, at least, about, plus, minus."""

from __future__ import annotations

import re
from collections.abc import Iterator

from audioleaflet.script.verbalizer.amounts import VULGAR
from audioleaflet.script.verbalizer.rules import Language, Reading, Rule, reading
from audioleaflet.script.verbalizer.vocabulary import Vocabulary, load

# A number may have a sign, or the sign of a currency, before it.
_NUMBER = re.compile(rf"[ \u00a0\u2009\u202f]{{0,2}}(?=[-−–+~]?[$£€]?\.?[0-9{VULGAR}])")
_MINUS = re.compile(rf"[-‑–−](?=\.?[0-9{VULGAR}])")
_BEFORE_MINUS = frozenset("([{<>≥≤=~≈±+:;,/“\"‘'")
_DEGREES = re.compile(r"[-‑–−][0-9.]{1,6}(?: ?[-–—] ?[-−–]?[0-9.]{1,6}| (?:to|and) [-−–]?[0-9.]{1,6})? ?[°º˚℃℉]")


class Comparisons(Vocabulary):
    """``signs``: what is said for each; ``minus``: the word before a negative number."""

    signs: dict[str, str]
    minus: str


def rules(language: Language) -> Iterator[tuple[str, Rule]]:
    """See rules.py."""
    words = load("comparisons", Comparisons, language.tag)
    longest_first = sorted(words.signs, key=lambda sign: (-len(sign), sign))
    pattern = re.compile("|".join(map(re.escape, longest_first)))

    def compared(text: str, at: int) -> Reading | None:
        sign = pattern.match(text, at)
        number = _NUMBER.match(text, sign.end()) if sign else None
        if sign is None or number is None:
            return None
        before = " " if at and not text[at - 1].isspace() and text[at - 1] not in "([{“‘\"'" else ""
        return reading(number.end(), f"{before}{words.signs[sign.group()]} ")

    def negative(text: str, at: int) -> Reading | None:
        sign = _MINUS.match(text, at)
        before = text[at - 1] if at else " "
        if sign is None or not (before.isspace() or before in _BEFORE_MINUS):
            return None
        # A dash that leans on a number may be a dash; before degrees it is a minus.
        if text[at] in "–‑" and at and before not in _BEFORE_MINUS and not _DEGREES.match(text, at):
            return None
        return reading(at + 1, f"{words.minus} ")

    for key in sorted({sign[0] for sign in words.signs}):
        yield key, compared
    for key in "-‑–−":
        yield key, negative
