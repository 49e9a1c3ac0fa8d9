"""Feet and inches: ``5'6"``, ``2 in. wide``. "in" is seldom inches, and a mark may close a quotation."""

from __future__ import annotations

import re

from audioleaflet.script.verbalizer.amounts import VULGAR, Amount
from audioleaflet.script.verbalizer.counting import cardinal
from audioleaflet.script.verbalizer.patterns import lazy
from audioleaflet.script.verbalizer.rules import Reading, reading
from audioleaflet.script.verbalizer.units import POINT, Chain, Symbols

_S = r"[ \u00a0\u2009\u202f]"
_BOTH = lazy(rf"([0-9]{{1,2}})['’′]{_S}?([0-9]{{1,2}}(?:\.5|½)?)(?:[\"”″]|''|’’|′′)")
_UNCLOSED = lazy(r"([3-7])['’′](1[01]|[0-9])(?![\w'’\"”″]|[.,][0-9])")
_IN = lazy(rf"(?:{_S}|-|)in(?![^\W_])")
_FIGURE_AFTER = lazy(rf"-|{_S}[0-9]")
_FEET_BEFORE = lazy(r"(?:\bft|\bfeet|\bfoot|['′’])\.?,?[ \u00a0]?$")
_TIMES_BEFORE = lazy(rf"in\.?{_S}?(?:[x×]|by){_S}?$")
_TIMES_AFTER = lazy(rf"{_S}?(?:[x×]|by){_S}?[0-9{VULGAR}]")
_CLOSED = lazy(r"\s{0,3}(?:[.,;:)]|$)|\s(?:and|or|by|but|on|at|with|x|×)(?![^\W_])")
_ENDS = lazy(r"\.(?:\s{1,3}[^\Wa-z]|\s{0,3}$)")
_SHUT = lazy(r"\)|\.?\s{0,3}$")
_OPENING = lazy(r"(?:^|[\s(\[])\"(?=\S)")
_QUOTED = 200  # how far back an opening quotation mark is looked for


class Inches:
    """Inches and feet of one language."""

    def __init__(self, symbols: Symbols) -> None:
        self.symbols = symbols
        data = symbols.data
        self._adjective = lazy(rf"{_S}(?:{'|'.join(data.dimensions)})(?![^\W_]|-)")
        self._noun = lazy(rf"{_S}(?:{'|'.join((*data.dimensions, *data.of_inches, *data.carriers))})s?(?![^\W_])")
        self._article = lazy(rf"(?:^|[\s(“\"])(?:{'|'.join(data.articles)})\s$", re.IGNORECASE)

    def both(self, text: str, at: int) -> Reading | None:
        """``5'6"``: the two marks together are never quotation marks; and ``6'2``, the height of a person."""
        marks = _BOTH.match(text, at) or _UNCLOSED.match(text, at)
        if marks is None:
            return None
        inches = self.symbols.amounts.read(text, marks.start(2))
        assert inches is not None, "the pattern has a number there"
        foot, inch = (self.symbols.data.units[name] for name in ("foot", "inch"))
        feet = f"{cardinal(int(marks[1]), self.symbols.tag)} {foot.one if marks[1] == '1' else foot.many}"
        return reading(marks.end(), f"{feet} {inches.words} {inch.one if inches.form == 'one' else inch.many}")

    def after(self, text: str, at: int, amount: Amount) -> Chain | None:
        """The inches or feet of an amount that begins at ``at``, or None."""
        end = amount.end
        mark = text[end : end + 1]
        if mark and mark in "'’" and self._is_adjective(text, end + 1):
            return self.symbols.named("foot", end + 1)
        if mark and mark in '"”' and not _quoted(text, end, mark):
            return self.symbols.named("inch", end + 1)
        match = _IN.match(text, end)
        if match is None or not self._are_inches(text, at, amount, match):
            return None
        point = POINT.match(text, match.end())
        return self.symbols.named("inch", point.end() if point else match.end())

    def _are_inches(self, text: str, at: int, amount: Amount, match: re.Match[str]) -> bool:
        end = match.end()
        if match.group() == "in":
            return not _FIGURE_AFTER.match(text, end)  # 6in, but 1in 4 is a space forgotten
        if match.group()[0] == "-":
            return text[end : end + 1] != "-"  # 5-in, but not 2-in-1
        if text[end : end + 1] == "." and not _ENDS.match(text, end):
            return True
        if _FEET_BEFORE.search(text, max(0, at - 16), at) or _TIMES_BEFORE.search(text, max(0, at - 8), at):
            return True
        if _TIMES_AFTER.match(text, end) or self._is_adjective(text, end):
            return True
        if self._article.search(text, max(0, at - 4), at) and self._noun.match(text, end):
            return True
        # Nothing follows that a preposition could lead; and people are not counted in fractions.
        closed = _SHUT.match(text, end) or (
            (amount.form == "part" or amount.value % 1 > 0) and _CLOSED.match(text, end)
        )
        return bool(closed)

    def _is_adjective(self, text: str, end: int) -> bool:
        """Whether "long", "wide" and the like follow, and close what is said: "1 in long COVID" is another "in"."""
        adjective = self._adjective.match(text, end)
        return adjective is not None and _CLOSED.match(text, adjective.end()) is not None


def _quoted(text: str, at: int, mark: str) -> bool:
    """Whether the mark at ``at`` closes a quotation that was opened before it."""
    before = text[max(0, at - _QUOTED) : at]
    if mark == "”":
        return before.rfind("“") > before.rfind("”")
    opened = list(_OPENING.finditer(before))
    return bool(opened) and '"' not in before[opened[-1].end() :]
