"""Two numbers with a hyphen that are the strengths of one medicine: ``5-325 mg`` is no range of doses.

A range goes up and its ends are near each other; a tablet of two medicines has any two strengths. They are two where
the second is less, is more than ``_MOST_APART`` times the first with no word of a range before, or where a medicine of
two names, or a brand known to hold two, stands before. Anything else is read as a range.
"""

from __future__ import annotations

import re

from audioleaflet.script.verbalizer.acronyms import common_words
from audioleaflet.script.verbalizer.patterns import lazy
from audioleaflet.script.verbalizer.vocabulary import Vocabulary, load

_MOST_APART = 20  # no leaflet that we know gives a dose a range as wide: "5 to 60 mg" is twelve times
_REACH = 72
_NAMES = lazy(
    r"(?<![^\W_])(?:([A-Za-z]{5,24})[/-]([A-Za-z]{3,24})|(co-[a-z]{5,20}))(?: \([A-Za-z /-]{3,30}\))?"
    r"(?: (?:tablets?|capsules?))? $",
    re.IGNORECASE,
)
_NAME = lazy(r"(?<![^\W_])([A-Za-z]{4,20})[®™]? (?:(?:tablets?|capsules?) )?$")


class Strengths(Vocabulary):
    """``brands``: medicines of two substances. ``usual``: pairs known without a unit. ``ranged``: before a range."""

    brands: str
    usual: dict[float, tuple[float, ...]]
    ranged: tuple[str, ...]


class Pairing:
    """Tells two strengths from a range, in one language."""

    def __init__(self, tag: str) -> None:
        self.tag = tag
        data = load("strengths", Strengths, tag)
        self.brands, self.usual = set(data.brands.split()), data.usual
        self._ranged = lazy(rf"(?<![^\W_])(?:{'|'.join(data.ranged)})\s(?:[a-z]{{2,8}}\s){{0,2}}$", re.IGNORECASE)

    def are_two(self, text: str, at: int, first: float, second: float, *, unit: bool) -> bool:
        """Whether the hyphen after ``first``, which begins at ``at``, parts two strengths. ``unit``: mg or the like."""
        if second < first:
            return unit
        start = max(0, at - _REACH)
        if self._ranged.search(text, start, at):
            return False
        if second in self.usual.get(first, ()):
            return True
        return unit and (0 < first * _MOST_APART < second or self._named(text, start, at))

    def _named(self, text: str, start: int, at: int) -> bool:
        one = _NAME.search(text, start, at)
        if one is not None and one[1].lower() in self.brands:
            return True
        both = _NAMES.search(text, start, at)
        if both is None:
            return False
        common = common_words(self.tag)
        return both[3] is not None or (both[1].lower() not in common and both[2].lower() not in common)
