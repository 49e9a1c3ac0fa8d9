"""Years, decades and school years, where something tells that a number is one: "in 2005", "the 1980s", "2019–2021"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from audioleaflet.script.model import Text
from audioleaflet.script.verbalizer.counting import cardinal, year
from audioleaflet.script.verbalizer.dates import Calendar
from audioleaflet.script.verbalizer.letters import spelled
from audioleaflet.script.verbalizer.patterns import lazy
from audioleaflet.script.verbalizer.places import DASH, any_of, begins, ended, word_after, word_before
from audioleaflet.script.verbalizer.rules import Language, Reading, Rule, reading
from audioleaflet.script.verbalizer.vocabulary import Vocabulary, load

_OVER = r"(?![\w%°]|[.,:/;]\d)"
_YEAR = lazy(rf"(?P<year>1[5-9]\d\d|20\d\d|21\d\d){_OVER}")
_RANGE = lazy(
    rf"(?P<a>19\d\d|20\d\d)(?:\s?(?P<dash>{DASH}|/)\s?|\s(?P<word>to|until|through|and|or)\s)(?P<b>19\d\d|20\d\d|\d\d){_OVER}"
)
_DECADE = lazy(r"(?P<year>1[5-9]\d0|20\d0)\s?['’]?s(?!\w)")
_SHORT_DECADE = lazy(r"(?P<number>[1-9]\d?)['’]?s(?!\w)")
_TO_DECADE = lazy(rf"\s?{DASH}\s?(?:(?P<year>1[5-9]\d0|20\d0)|['’]?(?P<tens>[2-9]0))['’]?s(?!\w)")
_APOSTROPHE = lazy(r"['’‘](?:(?P<decade>[2-9]0)['’]?s|(?P<year>\d\d))(?![\w'’])")
_FINANCIAL = lazy(rf"FY\s?(?P<a>20\d\d)(?:[/–-](?P<b>20\d\d|\d\d))?{_OVER}")
_NAME = lazy(r" [A-Z][a-z]{2}")  # "2020–2024 Mayo Foundation", but no unit
_LISTED_AFTER = lazy(r"(?<![\d.,])(?:19|20)\d\d(?:,?\s(?:and|or|&)|,)\s$|(?<!\w)Q[1-4]\s$")
_LISTED_BEFORE = lazy(
    r"(?:,?\s(?:and|or|&)|,)\s(?:19|20)\d\d(?:(?:,?\s(?:and|or|&)|,)\s(?:19|20)\d\d){0,8}(?=[.;:)]|$)"
)
_REACH = 30


class Years(Vocabulary):
    """The words that tell a year from a count; see en/years.yaml."""

    before: frozenset[str]
    weak: frozenset[str]
    after: frozenset[str]
    nouns: frozenset[str]
    decades_after: frozenset[str]
    ages_after: frozenset[str]
    to: str
    many: dict[str, str]


class _Years:
    def __init__(self, language: Language) -> None:
        self.tag = language.tag
        self.words = load("years", Years, language.tag)
        self.calendar = load("calendar", Calendar, language.tag)
        joined = rf"\s?(?:{DASH}|to|and|or|,)\s?"
        self.many = lazy(rf"{any_of(self.words.many)}(?= (?:of|more)(?![^\W_]))")
        cue = any_of(self.words.decades_after)
        self.chained = lazy(
            rf"\b(?:{cue}[\s-](?:\d0['’]?s{joined}){{1,3}}|[12]\d\d0['’]?s{joined}(?:\d0['’]?s{joined}){{0,3}})$"
        )

    def read(self, text: str, at: int) -> Reading | None:
        """A year or a range of years."""
        if not begins(text, at) and text[at - 1] not in "/-":
            return None
        match = _RANGE.match(text, at)
        if match is not None and begins(text, at):
            found = self._range(text, at, match)
            if found is not None:
                return found
        match = _YEAR.match(text, at)
        if match is None or not (begins(text, at) and self._is_year(text, at, match.end(), int(match["year"]))):
            return None
        return reading(match.end(), year(int(match["year"]), self.tag))

    def _range(self, text: str, at: int, match: re.Match[str]) -> Reading | None:
        first = int(match["a"])
        second = int(match["b"]) if len(match["b"]) == 4 else first // 100 * 100 + int(match["b"])
        after = word_after(text, match.end()).lower()
        if second <= first or self.calendar.counts(after):
            return None
        cued = word_before(text, at) in self.words.before | self.words.weak or text[max(0, at - 2) : at].strip() == "©"
        if match["word"] and not cued and (match["word"] not in ("to", "until", "through") or at or first % 50 == 0):
            return None
        if match["dash"] and len(match["b"]) == 2 and match["dash"] != "/" and second - first > 40:
            return None
        season = match["dash"] and len(match["b"]) == 2 and second == first + 1
        names = _NAME.match(text, match.end()) is not None
        plain = season or names or ended(text, match.end()) or after in self.words.after | self.words.nouns
        if not (plain or cued):
            return None
        return reading(
            match.end(), f"{year(first, self.tag)} {match['word'] or self.words.to} {year(second, self.tag)}"
        )

    def _is_year(self, text: str, at: int, end: int, number: int) -> bool:
        before, after = word_before(text, at), word_after(text, end).lower()
        over = ended(text, end)
        if after and not over and self.calendar.counts(after):
            return False
        if (over and _LISTED_AFTER.search(text[max(0, at - _REACH) : at])) or _LISTED_BEFORE.match(text, end):
            return 1900 <= number < 2100
        told = before in self.words.before or (before in self.words.weak and 1900 <= number < 2100)
        if told and (over or after in self.words.after | self.words.nouns):
            return True
        if not 1900 <= number < 2100:
            return False
        if after in self.words.nouns and text[end : end + 1] in " -":
            return True
        alone = not text[:at].strip("( ©") and not text[end:].strip(" .,;:)")
        bracketed = text[at - 1 : at] == "(" and text[end : end + 1] in "),;:"
        listed = (
            text[max(0, at - 2) : at] == ", "
            and over
            and text[end : end + 1] != ":"
            and text[max(0, at - 3)] not in "0123456789"
        )
        return at >= 0 and (
            alone or bracketed or "©" in text[max(0, at - 3) : at] or (listed and number > 1949 and number % 50 != 0)
        )

    def of_money(self, text: str, at: int) -> Reading | None:
        """``FY2025``: a financial year."""
        match = _FINANCIAL.match(text, at)
        if match is None:
            return None
        words = f" {year(int(match['a']), self.tag)}"
        if match["b"]:
            second = int(match["b"]) if len(match["b"]) == 4 else int(match["a"]) // 100 * 100 + int(match["b"])
            words += f" {self.words.to} {year(second, self.tag)}"
        return Reading(match.end(), (spelled(text[at : at + 2], self.tag), Text(text=words)))

    def decade(self, text: str, at: int) -> Reading | None:
        """``1980s``; ``60s`` where it is an age or a decade and no count of seconds."""
        many = self.many.match(text, at)
        if many is not None and begins(text, at):
            return reading(many.end(), self.words.many[many.group()])
        match = _DECADE.match(text, at)
        if match is not None and (begins(text, at) or text[at - 1] in "-‑–/"):
            return self._decades(text, match.end(), _plural(year(int(match["year"]), self.tag)))
        match = _SHORT_DECADE.match(text, at)
        if match is None or not (begins(text, at) or text[at - 1] in "-‑–"):
            return None
        before, tens = word_before(text, at), match["number"]
        group = before in self.words.ages_after  # "under-5s", "the over 65s"
        decade = len(tens) == 2 and tens[1] == "0" and before in self.words.decades_after
        if group or decade or self.chained.search(text[max(0, at - _REACH) : at].lower()):
            return self._decades(text, match.end(), _plural(cardinal(int(tens), self.tag)))
        return None

    def _decades(self, text: str, end: int, words: str) -> Reading:
        """A decade, and a second one after a dash."""
        match = _TO_DECADE.match(text, end)
        if match is None:
            return reading(end, words)
        last = year(int(match["year"]), self.tag) if match["year"] else cardinal(int(match["tens"]), self.tag)
        return reading(match.end(), f"{words} {self.words.to} {_plural(last)}")

    def shortened(self, text: str, at: int) -> Reading | None:
        """``'80s``."""
        match = _APOSTROPHE.match(text, at)
        if match is None or (at and text[at - 1].isalnum()) or not match["decade"]:
            return None
        return self._decades(text, match.end(), _plural(cardinal(int(match["decade"]), self.tag)))


def _plural(words: str) -> str:
    """``eighty`` as "eighties", ``nineteen hundred`` as "nineteen hundreds"."""
    if words.endswith("y"):
        return f"{words[:-1]}ies"
    return f"{words}es" if words.endswith("x") else f"{words}s"


def rules(language: Language) -> Iterator[tuple[str, Rule]]:
    """See rules.py."""
    years = _Years(language)
    yield "0", years.decade
    yield "0", years.read
    yield "fy", years.of_money
    for apostrophe in "'’‘":
        yield apostrophe, years.shortened
