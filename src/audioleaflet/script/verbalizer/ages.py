"""Ages: ``65+`` is "sixty-five and over", ``a 65-year-old`` and ``65 y/o`` have their years."""

from __future__ import annotations

import re
from collections.abc import Iterator

from audioleaflet.script.verbalizer.counting import cardinal
from audioleaflet.script.verbalizer.dates import Calendar
from audioleaflet.script.verbalizer.patterns import lazy
from audioleaflet.script.verbalizer.places import DASH, any_of, begins, ended, word_after, word_before
from audioleaflet.script.verbalizer.rules import Language, Reading, Rule, reading
from audioleaflet.script.verbalizer.vocabulary import Vocabulary, load

_REACH = 32


class Ages(Vocabulary):
    """The words around ages; see en/ages.yaml."""

    units: dict[str, str]
    years_old: tuple[str, ...]
    cues: frozenset[str]
    people: frozenset[str]
    and_over: str
    or_more: str
    plain: frozenset[str]
    to: str
    old: str
    years: str
    of_a_person: str


class _Ages:
    def __init__(self, language: Language) -> None:
        self.tag = language.tag
        self.words = words = load("ages", Ages, language.tag)
        self.calendar = load("calendar", Calendar, language.tag)
        self.plus = lazy(
            r"(?P<number>\d{1,3}(?:,\d{3}){0,3}|\d{1,7})(?:\s?\+(?P<years>[\s-]?(?:years?|yrs?)\b\.?)?|\s(?P<after>years?|yrs?|months?|weeks?)\s?\+)"
            r"(?P<old>[\s-](?:old|of age)\b)?(?![\w+=/]|\s?\d|-[\d+])"
        )
        self.old = lazy(
            rf"(?P<a>\d{{1,3}})(?:(?:\s?{DASH}\s?|-?\s?(?P<word>to|or|and)\s)(?P<b>\d{{1,3}}))?[-‑–\s]"
            rf"(?P<unit>{any_of(words.units)})[-‑–\s]?old(?P<s>s?)(?!\w)"
        )
        self.short = lazy(rf"(?P<a>\d{{1,3}})[\s-]?{any_of(words.years_old)}(?!\w)", re.IGNORECASE)

    def read(self, text: str, at: int) -> Reading | None:
        """An age, or a number "and over"."""
        if not begins(text, at):
            return None
        match = self.old.match(text, at)
        if match is not None and (match["unit"].lower() == match["unit"]):
            hyphened = "-" in match.group().replace("‑", "-") or match["s"]
            return reading(match.end(), self._old(match)) if hyphened and match["unit"] in self.words.units else None
        match = self.short.match(text, at)
        if match is not None:
            person = word_after(text, match.end()).lower() in self.words.people
            words = self.words.of_a_person if person else f" {self.words.years} {self.words.old}"
            return reading(match.end(), f"{cardinal(int(match['a']), self.tag)}{words}")
        match = self.plus.match(text, at)
        return self._and_over(text, at, match) if match is not None else None

    def _old(self, match: re.Match[str]) -> str:
        words = cardinal(int(match["a"]), self.tag)
        if match["b"]:
            words += f" {match['word'] or self.words.to} {cardinal(int(match['b']), self.tag)}"
        return f"{words}-{self.words.units[match['unit']]}-{self.words.old}{match['s']}"

    def _and_over(self, text: str, at: int, match: re.Match[str]) -> Reading | None:
        if word_before(text, at) in self.words.plain:
            return None  # SPF 50+
        number = int(match["number"].replace(",", ""))
        words = cardinal(number, self.tag)
        before = {word.lower() for word in re.findall(r"[^\W\d_]+", text[max(0, at - _REACH) : at])[-2:]}
        counted = self.calendar.counts(word_after(text, match.end())) and text[match.end() : match.end() + 1] == " "
        aged = bool(before & self.words.cues) and number < 120 and (not counted or match["years"] is not None)
        if match["after"]:
            unit = match["after"] if match["after"].startswith(("m", "w")) else self.words.years
            return reading(match.end(), f"{words} {unit} {self.words.and_over}")
        if match["years"]:
            years = f"{words} {self.words.years}"
            old = (match["old"] or "").replace("-", " ")
            if aged or old:
                return reading(match.end(), f"{years}{old} {self.words.and_over}")
            return reading(match.end(), f"{words} {self.words.or_more} {self.words.years}")
        if match["old"]:
            return None
        alone = ended(text, match.end()) or word_after(text, match.end()).lower() in self.words.people
        if aged or (alone and 12 <= number < 100):
            return reading(match.end(), f"{words} {self.words.and_over}")
        follows = text[match.end() : match.end() + 1] == " " and word_after(text, match.end())[:1].islower()
        many = counted or (number > 4 and (follows or alone))
        return reading(match.end(), f"{words} {self.words.or_more}") if many else None


def rules(language: Language) -> Iterator[tuple[str, Rule]]:
    """See rules.py."""
    yield "0", _Ages(language).read
