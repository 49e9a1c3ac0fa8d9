"""Parts of a street's address: ``N. Main St.`` is "North Main Street", ``King Jr. Dr.`` "King Junior Drive".

The kinds of street are with the abbreviations; here stands what only an address has.
"""

from __future__ import annotations

from collections.abc import Iterator

from audioleaflet.script.model import Text
from audioleaflet.script.verbalizer.closing import keeps_stop, starters
from audioleaflet.script.verbalizer.patterns import lazy
from audioleaflet.script.verbalizer.places import any_of
from audioleaflet.script.verbalizer.rules import Language, Reading, Rule
from audioleaflet.script.verbalizer.vocabulary import Vocabulary, load

_NAME_BEFORE = lazy(r"(?<![^\W_])(?:[A-Z]|Drs?|Mrs?|Ms|Mx|Prof|Rev)\.? ?$")
_NUMBER_BEFORE = lazy(r"(?<![\w.,/:-])\d{1,5}[A-Z]? $")
_WORD = lazy(r"[^\W\d_]\s$")
_NAME_AFTER = lazy(r"\.\s[A-Z][a-z]")
_DRIVE = lazy(r"Dr\.(?!\s[A-Z][a-z])|Dr(?=\s?(?:[,;)]|$))")
_JUNIOR = lazy(r"(?<![^\W_])(?:Jr|Sr)\.? $")
_FLOOR = lazy(r"Fl(?:\.|(?=\s?(?:[,;)]|$)))")
_ORDINAL = lazy(r"\d(?:st|nd|rd|th) $")
_REACH = 48


class Streets(Vocabulary):
    """``directions``: their letters and words. ``kinds``: what a street is; ``doubtful``: only with a number before.

    ``drive``, ``floor``: the words for both.
    """

    directions: dict[str, str]
    kinds: tuple[str, ...]
    doubtful: tuple[str, ...]
    drive: str
    floor: str


class _Streets:
    def __init__(self, words: Streets, language: Language) -> None:
        self.words = words
        self.starters = starters(language.tag)
        letters, kinds = any_of(words.directions), any_of((*words.kinds, *words.doubtful))
        self.before = lazy(
            rf"(?P<letters>{letters})(?P<point>\.?)\s"
            rf"(?=(?:(?:[A-Z][\w’'.-]{{1,20}}|\d{{1,3}}(?:st|nd|rd|th))\s){{1,3}}(?:{any_of(words.kinds)}|(?P<doubtful>{any_of(words.doubtful)}))(?![^\W_]))"
        )
        self.letters = lazy(rf"(?P<letters>{letters})(?P<point>\.?)(?![^\W_]|['’.])")
        self.street = lazy(rf"(?<![\w.])[A-Z0-9][\w’'-]{{0,20}}\s{kinds}\.?,? $")

    def direction(self, text: str, at: int) -> Reading | None:
        """``N. Main St.``, ``450 W. Fifth``, ``9th St. NW``; ``A. S. Smith Drive`` is a name."""
        if _NAME_BEFORE.search(text, max(0, at - 6), at):
            return None
        numbered = _NUMBER_BEFORE.search(text, max(0, at - 8), at) is not None
        match = self.before.match(text, at)
        if match is not None and (numbered or not match["doubtful"]):
            sure = numbered or match["point"] or not _WORD.search(text, max(0, at - 2), at)
            if sure:  # "vitamin E Main St"
                return Reading(match.end(), (Text(text=f"{self.words.directions[match['letters']]} "),))
        match = self.letters.match(text, at)
        if match is None:
            return None
        word = self.words.directions[match["letters"]]
        if numbered and _NAME_AFTER.match(text, match.start("point")):
            return Reading(match.end(), (Text(text=word),))
        if not self.street.search(text, max(0, at - _REACH), at):
            return None
        return self._reading(text, match.end(), word)

    def drive(self, text: str, at: int) -> Reading | None:
        """``Martin Luther King Jr. Dr.``: no doctor has "Junior" before the title."""
        match = _DRIVE.match(text, at)
        if match is None or not _JUNIOR.search(text, max(0, at - 5), at):
            return None
        return self._reading(text, match.end(), self.words.drive)

    def floor(self, text: str, at: int) -> Reading | None:
        """``2nd Fl.``"""
        match = _FLOOR.match(text, at)
        if match is None or not _ORDINAL.search(text, max(0, at - 5), at):
            return None
        return self._reading(text, match.end(), self.words.floor)

    def _reading(self, text: str, end: int, word: str) -> Reading:
        stop = "." if text[end - 1] == "." and keeps_stop(text, end, self.starters) else ""
        return Reading(end, (Text(text=word + stop),))


def rules(language: Language) -> Iterator[tuple[str, Rule]]:
    """See rules.py."""
    streets = _Streets(load("streets", Streets, language.tag), language)
    for letters in streets.words.directions:
        yield letters.lower(), streets.direction
    yield "dr", streets.drive
    yield "fl", streets.floor
