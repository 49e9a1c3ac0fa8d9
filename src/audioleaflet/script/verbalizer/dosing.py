"""Prescribing Latin: ``1 tab po bid prn`` is "one tablet by mouth twice a day as needed".

Points make it sure (``b.i.d.``), capitals mostly (BID); what is also a word or another abbreviation (bid, PO, OD) needs
a dose or a route before it. What stays unsure is left to the rules after this one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from audioleaflet.script.model import Span, Text, Unread
from audioleaflet.script.verbalizer.closing import keeps_stop
from audioleaflet.script.verbalizer.counting import cardinal
from audioleaflet.script.verbalizer.letters import said
from audioleaflet.script.verbalizer.patterns import lazy
from audioleaflet.script.verbalizer.rules import Language, Reading, Rule
from audioleaflet.script.verbalizer.vocabulary import Vocabulary, load

_SHORT_WORD = lazy(r"[a-z]{2,6}(?![\w'’])", re.IGNORECASE)
_INTERVAL = lazy(
    r"q(?:\.?\s?(\d{1,3})(?:\s?(?:[-–‑]|to)\s?(\d{1,3}))?(?:\s?-?|\.\s?)|\s(?=[a-z]{2}))([a-z]{1,7})\b(\.?)",
    re.IGNORECASE,
)
_NUMERAL = lazy(r"i{1,3}(?![^\W_])")
_CLOSED = lazy(r"\s?(?:[.,;:)]|$)|\s(?:PRN|prn|for|as|BID|TID|QID|QD|daily|once|twice|every|q)(?![^\W_])")
_CAPITALS_AFTER = lazy(r"\s[A-Z]{2,5}(?![^\W_])")  # "q.4.h. PRN" goes on
_LOOK_BACK = 32
_PRN = "prn"


class Dosing(Vocabulary):
    """``pointed`` and ``shortened``: sure with points. ``sure``: in any case. ``capitals``: sure in capitals.

    ``after_dose``: in any case after ``dose`` (a pattern of what a dose ends with) or before ``often``, in capitals
    also after ``verbs``; never before ``nouns``. ``reasons``: after "prn", with ``reason`` between. ``unsure``: no
    words, and not read elsewhere. ``forms``: after a number (a pattern, of which ``one`` is the singular), singular and
    plural. ``capitals_after_dose``: in capitals after a dose, at the end of what is said; unread where it is empty.
    ``numerals``: Roman ones in small letters, before a form only. ``every`` with ``{}``; ``to`` between two numbers;
    ``intervals``: a unit's spellings by its singular and plural.
    """

    pointed: dict[str, str]
    sure: dict[str, str]
    capitals: dict[str, str]
    after_dose: dict[str, str]
    dose: str
    capitals_after_dose: dict[str, str]
    numerals: str
    often: str
    verbs: str
    nouns: str
    reasons: str
    reason: str
    unsure: str
    number: str
    one: str
    forms: dict[str, tuple[str, str]]
    shortened: dict[str, str]
    every: str
    to: str
    intervals: dict[str, tuple[str, str, str]]


def rules(language: Language) -> Iterator[tuple[str, Rule]]:
    """See rules.py."""
    words = load("dosing", Dosing, language.tag)
    reader = _Reader(words, language)
    yield "q", reader.interval
    yield "aA", reader.interval
    for spelling in (*words.pointed, *words.shortened):
        yield re.split(r"[^a-z]", spelling)[0], reader.pointed
    for spelling in words.forms:
        yield spelling, reader.form
    for spelling in sorted({*words.sure, *words.capitals, *words.after_dose, *words.unsure.split()}):
        yield spelling.split("-")[0], reader.bare
    for spelling in words.capitals_after_dose:
        yield spelling, reader.in_capitals
    for numeral in words.numerals.split():
        yield numeral, reader.numeral


class _Reader:
    def __init__(self, words: Dosing, language: Language) -> None:
        self.words, self.language = words, language
        self.dose = lazy(rf"(?:{words.dose})\.?,?\s?[(]?$", re.IGNORECASE)
        self.number = lazy(rf"(?:^|[^\w.])({words.number})[\s-]?$", re.IGNORECASE)
        self.noun = lazy(rf"[ -](?:{words.nouns})(?![^\W_])", re.IGNORECASE)
        self.reasons = lazy(rf" (?:{words.reasons})(?![^\W_])", re.IGNORECASE)
        self.often = lazy(rf" (?:{words.often})(?![^\W_])", re.IGNORECASE)
        self.verb = lazy(rf"(?<![^\W_])(?:{words.verbs}) $", re.IGNORECASE)
        self.counted = lazy(rf" (?:{'|'.join(words.forms)}|puffs?|drops?)(?![^\W_])", re.IGNORECASE)
        self.unsure = set(words.unsure.split())
        self.pointed_forms = _alternatives([*words.pointed])
        self.shortened_forms = _alternatives([*words.shortened])
        self.bare_forms = _alternatives(
            [*words.sure, *words.capitals, *words.after_dose, *self.unsure], end=r"(?![\w&'’])"
        )
        self.units = {unit: names for names in words.intervals.values() for unit in names[2].split()}

    def pointed(self, text: str, at: int) -> Reading | None:
        """``b.i.d.``, ``p.o``, ``supp.``"""
        for forms, readings in ((self.pointed_forms, self.words.pointed), (self.shortened_forms, self.words.shortened)):
            match = forms.match(text, at)
            if match is not None:
                return self._reading(
                    text, at, match.end(), readings[match.group().lower().replace(" ", "").rstrip(".")]
                )
        return None

    def bare(self, text: str, at: int) -> Reading | None:
        """``BID``, ``prn``, and after a dose ``bid`` and ``PO``."""
        match = self.bare_forms.match(text, at)
        if match is None:
            return None
        spelling, form = match.group(), match.group().lower()
        if form in self.words.sure:
            return self._reading(text, at, match.end(), self.words.sure[form])
        if form in self.words.capitals and spelling.isupper():
            return self._reading(text, at, match.end(), self.words.capitals[form])
        if form in self.words.after_dose and self._is_dosing(text, at, match.end(), spelling):
            return self._reading(text, at, match.end(), self.words.after_dose[form])
        if form in self.unsure and spelling.islower():
            return Reading(match.end(), (Unread(text=spelling),))
        return None

    def _is_dosing(self, text: str, at: int, end: int, spelling: str) -> bool:
        """Whether a dose stands before, or how often stands after; and no noun (an IM injection)."""
        if self.noun.match(text, end):
            return False
        start = max(0, at - _LOOK_BACK)
        if self.dose.search(text, start, at) or self.often.match(text, end):
            return True
        return spelling.isupper() and self.verb.search(text, start, at) is not None

    def in_capitals(self, text: str, at: int) -> Reading | None:
        """``7.5 mg ON``, which in other places is the word "on"."""
        match = _SHORT_WORD.match(text, at)
        if match is None or not match.group().isupper() or not _CLOSED.match(text, match.end()):
            return None
        dose = self.dose.search(text, max(0, at - _LOOK_BACK), at)
        if dose is None or dose.group().rstrip()[-1].isdigit():
            return None
        words = self.words.capitals_after_dose[match.group().lower()]
        return (
            self._reading(text, at, match.end(), words)
            if words
            else Reading(match.end(), (Unread(text=match.group()),))
        )

    def numeral(self, text: str, at: int) -> Reading | None:
        """``ii tabs``."""
        match = _NUMERAL.match(text, at)
        if match is None or not self.counted.match(text, match.end()):
            return None
        return self._reading(text, at, match.end(), cardinal(len(match.group()), self.language.tag))

    def form(self, text: str, at: int) -> Reading | None:
        """``tab`` and ``caps`` after a number."""
        match = _SHORT_WORD.match(text, at)
        start = max(0, at - _LOOK_BACK)
        if match is None or not self.dose.search(text, start, at):
            return None
        singular, plural = self.words.forms[match.group().lower()]
        number = self.number.search(text, start, at)
        many = not re.fullmatch(self.words.one, number[1], re.I) if number else match.group().lower().endswith("s")
        point = text[match.end() : match.end() + 1] == "."
        return self._reading(text, at, match.end() + point, plural if many else singular)

    def interval(self, text: str, at: int) -> Reading | None:
        """``q4h``, ``q 4-6 hrs``, ``Q12H``, ``q wk``."""
        match = _INTERVAL.match(text, at)
        if match is None or match[3].lower() not in self.units or (match[1] and match[3].lower() in ("am", "pm")):
            return None
        first, last = match[1], match[2]
        singular, plural, _ = self.units[match[3].lower()]
        count = cardinal(int(first or 1), self.language.tag)
        if last:
            count = f"{count} {self.words.to} {cardinal(int(last), self.language.tag)}"
        single = int(first or 1) == 1 and not last
        return self._reading(
            text, at, match.end(), self.words.every.format(singular if single else f"{count} {plural}")
        )

    def _reading(self, text: str, start: int, end: int, words: str) -> Reading:
        first, _, rest = words.partition(" ")
        before = text[max(0, start - 8) : start].lower()
        if rest and before.endswith(f"{first} "):  # "at h.s.", "every q4h"
            words = rest
        if text[start:end].lower().replace(".", "").replace(" ", "") == _PRN and self.reasons.match(text, end):
            words = f"{words} {self.words.reason}"
        spans: tuple[Span, ...] = said(words, self.language.tag)
        if text[end : end + 1] == "." and text[end - 1] != "." and not keeps_stop(text, end + 1):
            return Reading(end + 1, spans)
        if text[end - 1] == "." and keeps_stop(text, end) and not _CAPITALS_AFTER.match(text, end):
            spans = (*spans, Text(text="."))
        return Reading(end, spans)


def _alternatives(forms: list[str], end: str = "") -> re.Pattern[str]:
    """One pattern for spellings; with no ``end`` a space may follow their points, and the last point is optional."""
    spellings = [re.escape(one) for one in sorted(forms, key=len, reverse=True)]
    if not end:
        spellings = [one.replace(r"\.", r"\. ?") + r"\.?" for one in spellings]
        end = r"(?![^\W_])"
    return lazy(f"(?:{'|'.join(spellings)}){end}", re.IGNORECASE)
