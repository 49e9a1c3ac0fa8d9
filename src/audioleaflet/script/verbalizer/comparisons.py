"""Signs before a number: more than, at least, about, plus, minus."""

from __future__ import annotations

import re
from collections.abc import Iterator

from audioleaflet.script.model import Unread
from audioleaflet.script.verbalizer.amounts import VULGAR
from audioleaflet.script.verbalizer.patterns import lazy
from audioleaflet.script.verbalizer.rules import Language, Reading, Rule, reading
from audioleaflet.script.verbalizer.vocabulary import Vocabulary, load

# A number may have a sign, or the sign of a currency, before it.
_NUMBER = lazy(rf"[ \u00a0\u2009\u202f]{{0,2}}(?=[-−–+~]?[$£€]?\.?[0-9{VULGAR}])")
_MINUS = lazy(rf"[-‑–−] ?(?=\.?[0-9{VULGAR}])")
_BEFORE_MINUS = frozenset("([{<>≥≤=~≈±+:;,/“\"‘'")
# Decimals that are no dose, and where the other end of a range has a sign too.
_NEGATIVE = lazy(
    r"–(?:[0-9]{0,3}\.[0-9]{1,3}(?! ?(?:[kmµμ]?g|mcg|m[lL]|tab)(?![^\W_])|[0-9])"
    r"|[0-9]{1,3} (?:to|and) [-–−+][0-9])"
)
_DEGREES = lazy(r"[-‑–−][0-9.]{1,6}(?: ?[-–—] ?[-−–]?[0-9.]{1,6}| (?:to|and) [-−–]?[0-9.]{1,6})? ?[°º˚℃℉]")


class Comparisons(Vocabulary):
    """``signs``: what is said for each; ``minus``: the word before a negative number.

    ``before_minus``: words after which a dash before a number is a minus; ``before_loose_minus``: and a space.
    """

    signs: dict[str, str]
    minus: str
    before_minus: tuple[str, ...]
    before_loose_minus: tuple[str, ...]


def rules(language: Language) -> Iterator[tuple[str, Rule]]:
    """See rules.py."""
    words = load("comparisons", Comparisons, language.tag)
    longest_first = sorted(words.signs, key=lambda sign: (-len(sign), sign))
    led, loose = (
        lazy(rf"(?:[<>≤≥=~≈±:]|(?<![^\W_])(?:{'|'.join(before)}))\s$", re.IGNORECASE)
        for before in (words.before_minus, words.before_loose_minus)
    )
    pattern = lazy("|".join(map(re.escape, longest_first)))

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
        start = max(0, at - 12)
        if sign.end() - at > 1:  # of - 2.5
            return reading(sign.end(), f"{words.minus} ") if loose.search(text, start, at) else None
        # A dash that leans on a number may be a dash: what is before it or after it tells, or nothing does.
        if text[at] == "–" and at and before not in _BEFORE_MINUS and not _DEGREES.match(text, at):
            if text[at - 2 : at - 1].isdigit():
                return None
            if not _NEGATIVE.match(text, at) and not led.search(text, start, at):
                return Reading(at + 1, (Unread(text=text[at]),))
        return reading(at + 1, f"{words.minus} ")

    for key in sorted({sign[0] for sign in words.signs}):
        yield key, compared
    for key in "-‑–−":
        yield key, negative
