"""Two numbers with a slash or a colon between them: fractions, blood pressures, scores, strengths, ratios."""

from __future__ import annotations

import re

from audioleaflet.script.verbalizer.amounts import DASHES, NUMBER, Amount, Amounts
from audioleaflet.script.verbalizer.counting import cardinal, numeral
from audioleaflet.script.verbalizer.patterns import lazy
from audioleaflet.script.verbalizer.units import Symbols

_FIGURES = rf"{NUMBER}(?:\.[0-9]{{1,6}}(?![0-9]))?"
_PAIR = lazy(rf"({_FIGURES})([ \u00a0]?)[/⁄∕]\2({_FIGURES})(?:(?:ths?|rds?|nds?|TH|RD)(?!\w))?(?![/⁄∕]|[.,][0-9])")
_PRESSURE = lazy(
    rf"([0-9]{{2,3}})(?:[{DASHES}]([0-9]{{2,3}}))?[/⁄∕]([0-9]{{2,3}})(?:[{DASHES}]([0-9]{{2,3}}))?(?![\w/⁄∕]|[.,{DASHES}][0-9])"
)
_RATIO = lazy(rf"({_FIGURES})((?:(?:[:∶]|[ \u00a0][:∶][ \u00a0]){_FIGURES}){{1,3}})(?![:∶]?[0-9])")
_ROOM = lazy(r"[ \u00a0\u2009\u202f-]?")
_LETTERS = lazy(r"[a-z]{2,12}")
_NEAR_BEFORE, _NEAR_AFTER = 48, 24  # characters: a cue word stands in the same clause
_SCALES = frozenset({5, 6, 7, 10, 15, 20, 30, 50, 60, 100})
_COMMON = frozenset({2, 3, 4, 8})  # parts that a spoon or a tablet is divided into
_PRESSURE_UNIT = "millimeter of mercury"
_TEN = 10
_HOURS_OF_A_DAY = 24
_RANGE_BEFORE = lazy(rf"[0-9][{DASHES}]$")
_EVEN = {(20, 20), (50, 50)}


class Pairs:
    """Reads pairs of one language."""

    def __init__(self, tag: str, amounts: Amounts, symbols: Symbols) -> None:
        self.tag = tag
        self.amounts = amounts
        self.symbols = symbols
        self.parts = amounts.parts

    def read(self, text: str, at: int) -> Amount | None:
        """The pair that begins at ``at`` as one amount, or None. Its unit, if any, is not part of it."""
        return self._pressures(text, at) or self._pair(text, at)

    def ratio(self, text: str, at: int) -> Amount | None:
        """``3:1`` as "three to one"."""
        match = _RATIO.match(text, at)
        if match is None:
            return None
        figures = [match[1], *re.split(r"[:∶]", match[2])[1:]]
        words = f" {self.parts.joined.to} ".join(self._say(part) for part in figures)
        return Amount(match.end(), words, "many", 0)

    def _say(self, figures: str) -> str:
        bare = re.sub(r"[, \u00a0\u2009\u202f]", "", figures)
        return numeral(bare, self.tag)

    def _pressures(self, text: str, at: int) -> Amount | None:
        """``120-129/80-84``, where at least one side is a range."""
        match = _PRESSURE.match(text, at)
        if match is None or not (match[2] or match[4]):
            return None
        high, higher, low, lower = (int(part) if part else 0 for part in match.groups())
        if not (50 <= high <= 300 and 30 <= low <= 200 and high > low):
            return None
        joined = self.parts.joined
        sides = [
            cardinal(a, self.tag) + (f" {joined.to} {cardinal(b, self.tag)}" if b else "")
            for a, b in ((high, higher), (low, lower))
        ]
        return Amount(match.end(), f" {joined.over} ".join(sides), "many", 0)

    def _pair(self, text: str, at: int) -> Amount | None:
        match = _PAIR.match(text, at)
        if match is None:
            return None
        above, under = (part.replace(",", "") for part in (match[1], match[3]))
        first, second = self._say(above), self._say(under)
        joined, end = self.parts.joined, match.end()
        if not (above.isdecimal() and under.isdecimal()):
            line = joined.slash if self._strength(text, end) else joined.over
            return Amount(end, f"{first} {line} {second}", "many", 0)
        a, b = int(above), int(under)
        between = self._between(text, at, end, a, b)
        if between is not None:
            return Amount(end, f"{first}{between}{second}", "many", 0)
        strength = self._strength(text, end)
        if 0 < a < b and b in self.parts.denominators and (not strength or a == 1 or b in _COMMON):
            return Amount(end, self.amounts.fraction(a, b), "part", a / b)
        return Amount(end, f"{first} {joined.slash if strength else joined.over} {second}", "many", 0)

    def _between(self, text: str, at: int, end: int, a: int, b: int) -> str | None:
        """The words between two whole numbers that the words near them settle."""
        joined = self.parts.joined
        before = _LETTERS.findall(text[max(0, at - _NEAR_BEFORE) : at].lower())
        after = _LETTERS.findall(text[end : end + _NEAR_AFTER].lower())
        if (a, b) in _EVEN or (not self.parts.vision_near.isdisjoint(before + after) and a in (6, 20)):
            return " "
        last = before[-1] if before else ""
        if last in self.parts.part_after and a <= b:
            return f" {joined.part_of} "
        if b == _HOURS_OF_A_DAY and a < b and after and after[0] in self.parts.hours:
            return f" {joined.one_in} "  # max 8/24 hrs
        if last in self.parts.unsettled_after:
            return f" {joined.slash} "
        if after and after[0] in self.parts.spans and 0 < a < b and b not in _COMMON:
            return f" {joined.one_in if a == 1 else joined.out_of} "
        if b == _TEN and a <= b and _RANGE_BEFORE.search(text, max(0, at - 4), at):
            return f" {joined.out_of} "  # 5-6/10
        if last in self.parts.either_after and b == a + 1:
            return f" {joined.either} "
        if after and after[0] in self.parts.counted and a < b:
            return f" {joined.one_in if a == 1 else joined.out_of} "
        scored = not self.parts.score_near.isdisjoint(before + after)
        if a <= b and b in _SCALES and (a == 0 or a == b or scored):
            return f" {joined.out_of} "
        return None

    def _strength(self, text: str, end: int) -> bool:
        """Whether a unit of strength follows: ``500/125 mg`` names two, ``120/80 mmHg`` a pressure."""
        room = _ROOM.match(text, end)
        chain = self.symbols.chain(text, room.end()) if room else None
        return chain is not None and chain.symbol != _PRESSURE_UNIT
