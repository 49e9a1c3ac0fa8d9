"""Abbreviations of plain prose: ``e.g.`` is "for example", ``Dr. Lee`` "Doctor Lee", ``w/o`` "without".

The point of an abbreviation goes with it; where it also ends the sentence, the stop stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from audioleaflet.script.model import Text
from audioleaflet.script.verbalizer.closing import keeps_stop, starters
from audioleaflet.script.verbalizer.letters import said
from audioleaflet.script.verbalizer.patterns import Spellings, first_word, lazy
from audioleaflet.script.verbalizer.rules import Language, Reading, Rule
from audioleaflet.script.verbalizer.vocabulary import Vocabulary, load

_ACRONYM = 2  # MR and DR are kinds of scan and tablet too; MRS is not
_NAME_BEFORE = lazy(r"(?:[A-Z0-9][\w’'-]{0,20},?|(?<![^\W_])(?:Jr|Sr|St|Mt|Ft|[A-Z])\.) $")
_STREET_BEFORE = lazy(r"\d[A-Za-z]? (?:[A-Z][\w’'-]{1,20} ){1,3}$")
_NAME_AFTER = lazy(r"\s(?:(?:and|&) )?[A-Z][\w’'.-]")
_NUMBER_AFTER = lazy(r"\s?\d")
_NUMBER_BEFORE = lazy(r"\d[½¼¾]?\s?-?$")
_WORD_AFTER = lazy(r"\s[a-z]")
_AMOUNT_AFTER = r"(?=:?\s(?:[≥≤<>~=]{1,2}\s?|of\s|above\s|over\s|below\s|under\s)?\d)"
_ENDED = lazy(r"\s?(?:[,;:)]|$|[A-Z]{1,2}\d)")
_ORDINAL_BEFORE = lazy(r"\d(?:st|nd|rd|th) $")
_DIRECTION = lazy(r"\s[NSEW]{1,2}\.?(?![^\W_])")
_OPENED = lazy(r"(?:^|[(:;,])\s?$")


class Abbreviations(Vocabulary):
    """``always``: spellings as they stand, in any case; a last point is optional unless the word stands in ``pointed``.

    ``pointed``: read only with their point. ``before_name``: only before a capital. ``after_name``: only after one.
    ``street``: after a name or number and not before a name. ``not_after_number``: units there. ``exact``: spelled with
    just these capitals. ``before_number``: only there. ``capitals``: those that may be in capitals without a point.
    ``closing``: those that may end a sentence before any capital. ``bare``: titles that need no point.
    ``before_words``: only before a word in small letters. ``amounts``: pointed ones that need no point before an
    amount. ``streets``: those that need no point.
    """

    always: dict[str, str]
    pointed: dict[str, str]
    exact: dict[str, str]
    before_name: dict[str, str]
    after_name: dict[str, str]
    street: dict[str, str]
    not_after_number: str
    before_number: str
    before_words: str
    amounts: str
    streets: str
    capitals: str
    closing: str
    bare: str


def rules(language: Language) -> Iterator[tuple[str, Rule]]:
    """See rules.py."""
    words = load("abbreviations", Abbreviations, language.tag)
    reader = _Reader(words, language)
    spellings = (*words.always, *words.pointed, *words.exact, *words.before_name, *words.after_name, *words.street)
    for key in sorted({first_word(spelling, 0) for spelling in spellings}):
        yield key, reader.read


class _Reader:
    def __init__(self, words: Abbreviations, language: Language) -> None:
        self.words, self.language = words, language
        self.always = _alternatives(words.always, point=r"\.?")
        self.pointed = _alternatives(words.pointed, point=r"\.")
        self.exact = _alternatives(words.exact, point=r"\.?", flags=re.NOFLAG)
        self.titles = _alternatives({**words.before_name, **words.after_name, **words.street}, point=r"\.?")
        self.amounts = lazy(rf"({'|'.join(words.amounts.split())}){_AMOUNT_AFTER}", re.IGNORECASE)
        self.streets, self.before_words = set(words.streets.split()), set(words.before_words.split())
        self.closing, self.bare = set(words.closing.split()), set(words.bare.split())
        self.starters = starters(language.tag)
        self.not_after_number, self.before_number = (
            set(words.not_after_number.split()),
            set(words.before_number.split()),
        )
        self.in_capitals = set(words.capitals.split())

    def read(self, text: str, at: int) -> Reading | None:
        """The abbreviation at ``at``."""
        if match := self.exact.match(text, at):
            return self._reading(text, match, match[1], self.words.exact[match[1]])
        if (match := self.always.match(text, at)) and self._may_be_capitals(match):
            return self._reading(text, match, match[1].lower(), self.words.always[_form(match[1])])
        if match := self.pointed.match(text, at):
            form = _form(match[1])
            unit = form in self.not_after_number and _NUMBER_BEFORE.search(text, max(0, at - 8), at)
            word = form in self.before_number and not _NUMBER_AFTER.match(text, match.end())
            name = form in self.before_words and not _WORD_AFTER.match(text, match.end())
            if not unit and not word and not name:
                return self._reading(text, match, form, self.words.pointed[form])
        if match := self.titles.match(text, at):
            return self._title(text, at, match)
        if (match := self.amounts.match(text, at)) and self._is_before_amount(text, at, _form(match[1])):
            return self._reading(text, match, _form(match[1]), self.words.pointed[_form(match[1])])
        return None

    def _is_before_amount(self, text: str, at: int, form: str) -> bool:
        """Whether "max 8 mg" is no "5 min 30 sec", nor "in a min 2 of them"."""
        if form in self.not_after_number and _NUMBER_BEFORE.search(text, max(0, at - 8), at):
            return False
        return form != "min" or _OPENED.search(text, max(0, at - 2), at) is not None

    def _may_be_capitals(self, match: re.Match[str]) -> bool:
        """Whether a spelling in capitals is this abbreviation and no acronym."""
        return not match[1].isupper() or "." in match[1] or _form(match[1]) in self.in_capitals

    def _title(self, text: str, at: int, match: re.Match[str]) -> Reading | None:
        form, end = _form(match[1]), match.end()
        before = _NAME_BEFORE.search(text, max(0, at - 24), at) is not None
        follows = _NAME_AFTER.match(text, end) is not None and match[1][0].isupper()
        pointed = text[end - 1] == "."
        if (
            follows
            and not self._ends_street(text, at, end, form)
            and form in self.words.before_name
            and (pointed or (form in self.bare and (not match[1].isupper() or len(form) > _ACRONYM)))
            and not (before and pointed and keeps_stop(text, end, self.starters))
        ):
            return self._reading(text, match, form, self.words.before_name[form], closes=False)
        if not before or not match[1][0].isupper():
            return None
        pointed = pointed and not match[1].isupper()  # in capitals: a PET CT. or Denver, CO.
        if pointed and form in self.words.after_name:
            return self._reading(text, match, form, self.words.after_name[form])
        alone = form in self.streets and not match[1].isupper() and _ENDED.match(text, end)
        if form in self.words.street and (pointed or alone or _STREET_BEFORE.search(text, max(0, at - 48), at)):
            return self._reading(text, match, form, self.words.street[form])
        return None

    def _ends_street(self, text: str, at: int, end: int, form: str) -> bool:
        """Whether "5th St. Clinic" and "12 Main St. NW" have a street in them, and no saint."""
        if form not in self.words.street:
            return False
        if _ORDINAL_BEFORE.search(text, max(0, at - 5), at):
            return True
        return bool(_DIRECTION.match(text, end) and _STREET_BEFORE.search(text, max(0, at - 48), at))

    def _reading(self, text: str, match: re.Match[str], form: str, words: str, *, closes: bool = True) -> Reading:
        first = match.start() == 0 or text[match.start() - 1] in '“"('
        if words[0].islower() and match[1][0].isupper() and (first or (not match[1].isupper() and len(match[1]) > 2)):
            words = words[0].upper() + words[1:]
        spans = said(words, self.language.tag)
        ends = None if form.rstrip(".").lower() in self.closing else self.starters
        if closes and match.group().endswith(".") and keeps_stop(text, match.end(), ends):
            spans = (*spans, Text(text="."))
        if text[match.end() : match.end() + 1].isalnum():  # w/food
            spans = (*spans, Text(text=" "))
        return Reading(match.end(), spans)


def _form(spelling: str) -> str:
    return " ".join(spelling.lower().split())


def _alternatives(readings: dict[str, str], point: str, flags: re.RegexFlag = re.IGNORECASE) -> Spellings:
    sources = (
        (
            one,
            re.escape(one).replace(r"\ ", r"\s{1,2}")
            + (r"(?![^\W\d_]{1,2}(?![^\W_]))" if one.endswith("/") else r"(?![^\W_]|[-’'/][^\W_])"),
        )
        for one in sorted(readings, key=len, reverse=True)
    )
    return Spellings(sources, "({})" + point, flags)
