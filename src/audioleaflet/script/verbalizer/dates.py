"""Dates as they are written, with months in words or in figures; an impossible date is no date (``Unread``).

A date in figures has its month first in the United States and its day first elsewhere, unless only the other order is a
date. ISO 8601 dates are the same everywhere.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from audioleaflet.script.model import Text, Unread
from audioleaflet.script.verbalizer.counting import ordinal, year
from audioleaflet.script.verbalizer.patterns import lazy
from audioleaflet.script.verbalizer.places import DASH, any_of, begins, ended, stop, word_after, word_before
from audioleaflet.script.verbalizer.rules import Language, Reading, Rule, reading
from audioleaflet.script.verbalizer.vocabulary import Vocabulary, load

_TIME_AFTER = lazy(r"\s(?:at|@)\s\d{1,2}(?::\d\d|\s?[ap]\.?m\b)")
_MONTH_AND_YEAR = lazy(r"0[1-9]/(?:1[3-9]|[2-9]\d)|1[0-2]/(?:3[2-9]|[4-9]\d)")
_NUMBER = lazy(r"\s?(\d{1,2})(?:st|nd|rd|th)?", re.IGNORECASE)
_BETWEEN = lazy(rf"\s?({DASH}|&)(?=\s)")
_LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_OLDEST_OF_TWO_DIGITS = 50  # 50 is 1950, 49 is 2049: editions and appointments lie near us, years of birth behind us


class Calendar(Vocabulary):
    """Names of months and days, and the words that tell a date from a count; see en/calendar.yaml."""

    month_first_in: tuple[str, ...]
    months: tuple[str, ...]
    short_months: dict[str, int]
    weekdays: tuple[str, ...]
    schedules: dict[str, tuple[int, ...]]
    short_weekdays: dict[str, int]
    the: str
    of: str
    to: str
    day_first_wording: bool
    month_the: str
    day_cues: frozenset[str]
    month_cues: frozenset[str]
    parts_of_day: frozenset[str]
    openings: frozenset[str]
    day_month_cues: frozenset[str]
    certain_day_cues: frozenset[str]
    named: dict[str, str]
    counted: tuple[tuple[str, ...], ...]
    not_a_month: frozenset[str]
    after_days: frozenset[str]
    week_of: tuple[str, ...]
    holidays: tuple[str, ...]
    words_too: frozenset[str]
    expiry_cues: frozenset[str]

    def counts(self, word: str) -> bool:
        """Whether ``word`` is something that numbers count, such as "patients" or "mg"."""
        return any(word.lower() in row for row in self.counted)

    def capitals(self) -> frozenset[str]:
        """Names of days and months, in lower case: capitals that begin no sentence."""
        names = (*self.months, *self.weekdays, *self.short_months, *self.short_weekdays)
        return frozenset(name.lower() for name in names)


class _Dates:
    """The dates of one language."""

    def __init__(self, language: Language) -> None:
        self.tag = language.tag
        self.calendar = calendar = load("calendar", Calendar, language.tag)
        self.month_first = language.region in calendar.month_first_in
        self.capitals = calendar.capitals()
        self.month_of = {name.lower(): number for number, name in enumerate(calendar.months, 1)}
        self.month_of |= {name.lower(): number for name, number in calendar.short_months.items()}
        month = any_of((*calendar.months, *calendar.short_months))
        named = rf"(?P<month>{month})"
        month = rf"{named}\b\.?"
        day = r"(?P<day>\d{1,2})(?P<th>st|nd|rd|th)?"
        day2 = rf"(?:\s?(?P<join>{DASH}|to|through|thru|and|or|&)\s?(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?)?"
        years = r"(?P<year>(?:1[5-9]|20|21)\d\d)(?![\w%]|[.,/:]\d)"
        over = r"(?![\w%°]|[.,/:]\d|\s?[ap]\.?\s?m\b)"
        flags = re.IGNORECASE
        self.month_day = lazy(rf"{month}[\s-]?\s?{day}{day2}(?:(?:,?\s{{1,2}}(?:of\s)?|[-/]){years}|{over})", flags)
        listed = rf"\d{{1,2}}(?:st|nd|rd|th)?(?:\s?{DASH}\s?\d{{1,2}}(?:st|nd|rd|th)?)?"
        self.days_of_month = lazy(
            rf"{month}\s?(?P<days>{listed}(?:(?:,\s?(?:(?:and|or|&)\s)?|\s(?:and|or|&)\s){listed}){{1,12}})"
            rf"(?:,?\s{{1,2}}{years}|{over})",
            flags,
        )
        self.days_first = lazy(
            rf"(?P<days>{listed}(?:(?:,\s?(?:(?:and|or|&)\s)?|\s(?:and|or|&)\s){listed}){{1,12}})\s(?:of\s)?{month}"
            rf"(?:,?\s{{1,2}}{years}|(?![\w%/]))",
            flags,
        )
        self.day_month = lazy(
            rf"{day}{day2}(?:(?P<sep>[-/])|\s?(?:of\s)?){month}(?:(?:,?\s{{1,2}}|[-/]){years}"
            rf"|(?(sep)(?:[-/](?P<short>\d\d)(?!\w)|(?![\w%/]|-\d))|(?![\w%/])))",
            flags,
        )
        self.glued = lazy(rf"{day}(?P<day2>)(?P<join>){named}{years}", flags)
        self.month_year = lazy(rf"{month}(?:,?\s{{1,2}}(?:of\s)?|-|/){years}", flags)
        self.short_year = lazy(rf"{month}\s['’](?P<year>\d\d)(?![\w'’])", flags)
        self.month_to = lazy(
            rf"{month}(?=\s?(?P<join>{DASH}|to\b|through\b|thru\b|and\b|or\b|&|/)\s?(?P<next>[^\W\d_]{{3,9}}))",
            flags,
        )
        self.month_alone = lazy(rf"{month}", flags)
        self.iso = lazy(r"(?P<y>\d{4})([-‑/.])(?P<m>\d{1,2})\2(?P<d>\d{1,2})(?![\w%]|[-/.:]\d)")
        self.figures = lazy(r"(?P<a>\d{1,2})(?P<sep>[-‑/.])(?P<b>\d{1,2})(?P=sep)(?P<y>\d{4}|\d\d)(?![\w%°]|[-/.,:]\d)")
        self.month_of_year = lazy(r"(?P<m>0?[1-9]|1[0-2])/(?P<y>(?:19|20)\d\d)(?![\w%/]|[-.,:]\d)")
        self.no_year = lazy(r"(?P<a>\d{1,2})/(?P<b>\d{1,2})(?![\w%°/]|[-.,:]\d)")
        self.dash = lazy(rf"\s?{DASH}\s?(?=\w)")
        self.week_of = lazy(rf"(?<![^\W_]){any_of(calendar.week_of)}\s$", flags)
        self.year_month = lazy(r"(?P<y>(?:19|20)\d\d)[-/](?P<m>0[1-9])(?![\w%]|[-/.:]\d)")

    def said(
        self, day: int, month: int, in_year: int | None, *, the: bool = True, day_first: bool | None = None
    ) -> str:
        """A date in words, day first or month first, by default as the language has it."""
        calendar = self.calendar
        if calendar.day_first_wording if day_first is None else day_first:
            article = f"{calendar.the} " if the else ""
            words = f"{article}{ordinal(day, self.tag)} {calendar.of} {calendar.months[month - 1]}"
            return f"{words} {year(in_year, self.tag)}" if in_year else words
        article = f"{calendar.month_the} " if calendar.month_the else ""
        words = f"{calendar.months[month - 1]} {article}{ordinal(day, self.tag)}"
        return f"{words}, {year(in_year, self.tag)}" if in_year else words

    def possible(self, day: int, month: int, in_year: int | None = None) -> bool:
        """Whether there is such a day; 29 February without a year is one."""
        if not (1 <= month <= 12 and 1 <= day <= _LONGEST[month - 1]):
            return False
        leap = in_year is None or (in_year % 4 == 0 and (in_year % 100 != 0 or in_year % 400 == 0))
        return month != 2 or day < 29 or leap

    def name_first(self, text: str, at: int) -> Reading | None:
        """``November 22, 2026``, ``Nov. 22-24``, ``Nov 2026``, and a short month in a clear place."""
        match = self.days_of_month.match(text, at)
        several = self._several(text, match, first=False) if match else None
        if several is not None:
            return several
        match = self.month_day.match(text, at)
        if match is not None:
            return self._month_day(text, match)
        match = self.month_year.match(text, at)
        if match is not None and not (self._is_word(match) and self.calendar.counts(word_after(text, match.end()))):
            month = self.month_of[match["month"].lower()]
            return reading(match.end(), f"{self.calendar.months[month - 1]} {year(int(match['year']), self.tag)}")
        match = self.short_year.match(text, at)
        if match is not None and not self._is_word(match):
            month = self.month_of[match["month"].lower()]
            return reading(
                match.end(), f"{self.calendar.months[month - 1]} {year(self._year(match['year']) or 0, self.tag)}"
            )
        return self._month_alone(text, at)

    def _month_day(self, text: str, match: re.Match[str]) -> Reading | None:
        month, day = self.month_of[match["month"].lower()], int(match["day"])
        in_year = self._year(match["year"] or "")
        end = match.end()
        if not in_year:
            after = word_after(text, end)
            doubtful = match["month"] == "MAY" or self._is_word(match)
            if self.calendar.counts(after) or (doubtful and not match["th"]):
                return None
        if not self.possible(day, month, in_year):
            return Reading(end, (Unread(text=match.group()),)) if in_year else None
        words = self.said(day, month, None, day_first=False)
        if match["day2"]:
            second = int(match["day2"])
            word = self._joined(match["join"])
            over = in_year or ended(text, end) or word_after(text, end).lower() in self.calendar.after_days
            open_end = word != self.calendar.to and not over
            if open_end or not self.possible(second, month, in_year) or second <= day:
                return None
            words += f" {word} {ordinal(second, self.tag)}"
        if in_year:
            words += f", {year(in_year, self.tag)}"
        return reading(end, words)

    def _several(self, text: str, match: re.Match[str], *, first: bool) -> Reading | None:
        """``Nov. 22, 23 and 24``, ``5, 12 and 19 May 2026``: days that rise, at the end of what is said.

        ``first``: the days stand before the month.
        """
        month, in_year, end = self.month_of[match["month"].lower()], self._year(match["year"] or ""), match.end()
        days = [int(day) for day in _NUMBER.findall(match["days"])]
        rising = all(one < two for one, two in itertools.pairwise(days))
        if not rising or not all(self.possible(day, month, in_year) for day in days):
            return None
        after = word_after(text, end).lower()
        over = ended(text, end) or after in self.calendar.after_days
        if not in_year and (self._is_word(match) or self.calendar.counts(after) or not (first or over)):
            return None
        if first and not in_year and match["month"] == "May" and after in self.calendar.not_a_month:
            return None
        words = _NUMBER.sub(lambda day: f" {ordinal(int(day[1]), self.tag)}", match["days"])
        words = _BETWEEN.sub(lambda sign: f" {self._joined(sign[1])}", words).strip()
        name = self.calendar.months[month - 1]
        if first:
            article = "" if word_before(text, match.start()) == self.calendar.the else f"{self.calendar.the} "
            words = f"{article}{words} {self.calendar.of} {name}"
            words += f" {year(in_year, self.tag)}" if in_year else stop(text, match.start(), end, self.capitals)
            return reading(end, words)
        article = f"{self.calendar.month_the} " if self.calendar.month_the else ""
        return reading(end, f"{name} {article}{words}" + (f", {year(in_year, self.tag)}" if in_year else ""))

    def _is_word(self, match: re.Match[str]) -> bool:
        """Whether a month in small letters may be another word, such as "may"."""
        name: str = match["month"]
        return name in self.calendar.words_too

    def _month_alone(self, text: str, at: int) -> Reading | None:
        """A range of months, or a short month after a word such as "in"."""
        match = self.month_to.match(text, at)
        if match is not None and match["next"].lower() in self.month_of:
            month = self.calendar.months[self.month_of[match["month"].lower()] - 1]
            between = text[match.end() : match.end("join")]
            spelt = between.strip()[0].isalpha() or "/" in between
            if spelt and not (match["month"][0].isupper() and match["next"][0].isupper()):
                return None
            if not between.strip()[0].isalpha():
                word = "," if match["join"] == "/" else f" {self._joined(match['join'])}"
                after = match.end("join")
                after += len(text[after:]) - len(text[after:].lstrip()) if text[after : after + 1].isspace() else 0
                return self._then_month(text, after, f"{month}{word} ")
            return reading(match.end(), month)
        match = self.month_alone.match(text, at)
        if match is None or match["month"].title() in self.calendar.months or self._is_word(match):
            return None
        if word_before(text, at) not in self.calendar.month_cues:
            return None
        pointed = text[match.end() - 1] == "."
        if not (pointed or ended(text, match.end())):
            return None
        month = self.calendar.months[self.month_of[match["month"].lower()] - 1]
        return reading(match.end(), month + stop(text, match.start(), match.end(), self.capitals))

    def _then_month(self, text: str, at: int, words: str) -> Reading | None:
        match = self.month_year.match(text, at)
        if match is not None:
            month = self.calendar.months[self.month_of[match["month"].lower()] - 1]
            return reading(match.end(), f"{words}{month} {year(int(match['year']), self.tag)}")
        match = self.month_alone.match(text, at)
        if match is None:
            return None
        month = self.calendar.months[self.month_of[match["month"].lower()] - 1]
        return reading(match.end(), words + month + stop(text, match.start(), match.end(), self.capitals))

    def day_first(self, text: str, at: int) -> Reading | None:
        """``22 November 2026``, ``the 22nd of Nov.``, ``22-24 Nov``, ``22-Nov-26``."""
        match = self.days_first.match(text, at)
        several = self._several(text, match, first=True) if match else None
        if several is not None:
            return several
        match = self.day_month.match(text, at) or self.glued.match(text, at)
        if match is None:
            return None
        month, day = self.month_of[match["month"].lower()], int(match["day"])
        in_year = self._year(match["year"] or match.groupdict().get("short") or "")
        end, name = match.end(), match["month"]
        if self._is_word(match) and not in_year and not (match["th"] and " of " in match.group()):
            return None
        if not in_year and name.title() == "May" and word_after(text, end).lower() in self.calendar.not_a_month:
            return None
        if not self.possible(day, month, in_year):
            return Reading(end, (Unread(text=match.group()),)) if in_year else None
        article = word_before(text, at) != self.calendar.the
        if match["day2"]:
            second = int(match["day2"])
            if second <= day or not self.possible(second, month, in_year):
                return None
            first = f"{self.calendar.the} " if article else ""
            words = f"{first}{ordinal(day, self.tag)} {self._joined(match['join'])} "
            words += self.said(second, month, in_year, the=False, day_first=True)
        else:
            words = self.said(day, month, in_year, the=article, day_first=True)
        return reading(end, words if in_year else words + stop(text, at, end, self.capitals))

    def in_figures(self, text: str, at: int) -> Reading | None:
        """``2026-11-22``, ``11/22/2026``, ``22.11.26``, ``on 11/22``."""
        article = word_before(text, at) != self.calendar.the
        match = self.iso.match(text, at)
        if match is not None:
            return self._date(match, int(match["d"]), int(match["m"]), int(match["y"]), article)
        match = self.figures.match(text, at)
        if match is not None:
            return self._figures(text, match, article)
        match = self.month_of_year.match(text, at)
        if match is not None:
            return self._month_of(match)
        match = self.year_month.match(text, at)
        if match is not None and int(match["m"]) != int(match["y"]) % 100 + 1:  # 2007-08 is a season
            return self._month_of(match)
        match = self.no_year.match(text, at)
        if match is None:
            return None
        cue, after = word_before(text, at), word_after(text, match.end())
        if match.group() in self.calendar.named and cue in self.calendar.day_cues | {self.calendar.the, ""}:
            return None if self.calendar.counts(after) else reading(match.end(), self.calendar.named[match.group()])
        if cue in self.calendar.expiry_cues and _MONTH_AND_YEAR.fullmatch(match.group()):
            month = self.calendar.months[int(match["a"]) - 1]
            return reading(match.end(), f"{month} {year(2000 + int(match['b']), self.tag)}")
        a_weekday = any(cue == name.lower() for name in (*self.calendar.weekdays, *self.calendar.short_weekdays))
        fraction = int(match["b"]) < 6
        a_week = self.week_of.search(text, max(0, at - 16), at) is not None
        over_twelve = max(int(match["a"]), int(match["b"])) > 12
        timed = over_twelve and _TIME_AFTER.match(text, match.end())
        certain = over_twelve and cue in self.calendar.certain_day_cues and ended(text, match.end())
        if not (a_weekday or timed or a_week or certain) and (
            fraction or cue not in self.calendar.day_month_cues or not ended(text, match.end())
        ):
            return None
        first, second = int(match["a"]), int(match["b"])
        day, month = (second, first) if self.month_first else (first, second)
        return reading(match.end(), self.said(day, month, None, the=article)) if self.possible(day, month) else None

    def _month_of(self, match: re.Match[str]) -> Reading:
        month = self.calendar.months[int(match["m"]) - 1]
        return reading(match.end(), f"{month} {year(int(match['y']), self.tag)}")

    def _figures(self, text: str, match: re.Match[str], article: bool) -> Reading | None:
        separator, short = match["sep"], len(match["y"]) == 2
        two_digits = len(match["a"]) == len(match["b"]) == 2
        if short and (self.calendar.counts(word_after(text, match.end())) or (separator != "/" and not two_digits)):
            return None
        if short and separator in "-‑" and word_before(text, match.start()) not in self.calendar.day_cues | {"date"}:
            return None  # 10-15-20 may be three numbers, or a bank's code
        first, second, in_year = int(match["a"]), int(match["b"]), self._year(match["y"])
        day, month = (second, first) if self.month_first else (first, second)
        if not self.possible(day, month, in_year) and self.possible(month, day, in_year):
            day, month = month, day
        if short and separator != "/" and not self.possible(day, month, in_year):
            return None
        return self._date(match, day, month, in_year, article)

    def _date(self, match: re.Match[str], day: int, month: int, in_year: int | None, article: bool) -> Reading:
        if not self.possible(day, month, in_year):
            return Reading(match.end(), (Unread(text=match.group()),))
        return reading(match.end(), self.said(day, month, in_year, the=article))

    def _joined(self, written: str) -> str:
        """The word for what joins two days: a dash is "to"."""
        return "and" if written == "&" else written.lower() if written.isalpha() else self.calendar.to

    @staticmethod
    def _year(written: str) -> int | None:
        if len(written) == 2:
            return int(written) + (1900 if int(written) >= _OLDEST_OF_TWO_DIGITS else 2000)
        return int(written) if written else None

    def through(self, text: str, at: int) -> Reading | None:
        """A date, and a second one after a dash."""
        after_date = text[at - 1 : at] == "/" and text[at].isalpha()  # Dec 31/Jan 1
        first = self._one(text, at) if after_date or begins(text, at) else None
        dash = self.dash.match(text, first.end) if first else None
        second = self._one(text, dash.end()) if dash else None
        if first is None or second is None:
            return first
        return Reading(second.end, (*first.spoken, Text(text=f" {self.calendar.to} "), *second.spoken))

    def _one(self, text: str, at: int) -> Reading | None:
        if not text[at].isdigit():
            return self.name_first(text, at)
        return self.in_figures(text, at) or self.day_first(text, at)


def rules(language: Language) -> Iterator[tuple[str, Rule]]:
    """See rules.py."""
    dates = _Dates(language)
    yield "0", dates.through
    for month in dates.month_of:
        yield month, dates.through
