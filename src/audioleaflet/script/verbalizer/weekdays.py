"""Days of the week in short, ranges and lists of them, and the opening hours that follow.

"Sun" and "Sat" are words too: a short day is read only beside another day, a date or a time, or after a word like "on".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from audioleaflet.script.model import Span, Text
from audioleaflet.script.verbalizer.counting import ordinal
from audioleaflet.script.verbalizer.dates import Calendar
from audioleaflet.script.verbalizer.patterns import lazy
from audioleaflet.script.verbalizer.places import DASH, any_of, ended, stop, word_after, word_before
from audioleaflet.script.verbalizer.rules import Language, Reading, Rule
from audioleaflet.script.verbalizer.times import Times
from audioleaflet.script.verbalizer.vocabulary import load

_TIMED = lazy(
    r"(?:\d(?::\d\d|\s?[ap]\.?m\b\.?)|(?<!\d)(?:[01]\d|2[0-4])[0-5]\d(?:\s?hrs)?"
    rf"|(?<![\w.,:/-])(?:1[0-2]|[1-9])\s?{DASH}\s?(?:1[0-2]|[1-9])),?\s\Z",
    re.IGNORECASE,
)
_LAST_DAYS = {"Th": 4, "F": 5, "Sa": 6}
_DASH = lazy(rf"\s?{DASH}\s?")
_MOST = 7  # days in a list
_TIME = (
    r"(?:\d{1,2}(?:[:.][0-5]\d|\s?[ap]\.?m\b)|(?:12\s)?(?:noon|midnight)\b|\d{1,2}\s?"
    + DASH
    + r"\s?(?:\d{1,2}(?![\w/]|\s?[a-z])|(?:noon|midnight)\b))"
)


class _Weekdays:
    def __init__(self, language: Language) -> None:
        self.tag = language.tag
        self.calendar = calendar = load("calendar", Calendar, language.tag)
        self.times = Times(language)
        self.capitals = calendar.capitals()
        self.number_of = {name.lower(): number for number, name in enumerate(calendar.weekdays, 1)}
        self.number_of |= {name.lower(): number for name, number in calendar.short_weekdays.items()}
        full, short = any_of(calendar.weekdays), any_of(calendar.short_weekdays)
        short_capitals = any_of(name.upper() for name in calendar.short_weekdays)
        month = any_of((*calendar.months, *calendar.short_months))
        self.day = lazy(rf"(?P<name>{full}|{short}|{short_capitals})(?P<plural>s?)\b(?P<point>\.?)")
        self.joined = lazy(
            rf"(?:\s?(?P<dash>{DASH})\s?|\s(?P<word>to|through|thru|and|or|until|till)\s|\s?(?P<sign>[&/,+])\s?(?P<last>(?:and|or)\s)?)"
            rf"(?={full}|{short}|{short_capitals})"
        )
        self.dated = lazy(
            rf",?\s(?:the\s)?(?:\d{{1,2}}(?:st|nd|rd|th)?\s(?:of\s)?{month}\b|{month}\b\.?\s\d|\d{{1,2}}[/.-]\d)",
            re.IGNORECASE,
        )
        # "Mon 24, Tue 25 and Wed 26 Nov": the month stands at the last one.
        one = rf"(?:{full}|{short}|{short_capitals})\.?\s\d{{1,2}}(?:st|nd|rd|th)?"
        between = rf"(?:,\s?(?:(?:and|or|&)\s)?|\s(?:and|or|&|to|{DASH})\s|{DASH})"
        self.numbered = lazy(
            rf"\.?\s(?P<number>[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?(?=(?:{between}{one}){{1,6}}\s(?:of\s)?{month}(?![^\W_]))"
        )
        self.holidays = lazy(rf"\s?(?:&|and|/|\+)\s?{any_of(calendar.holidays)}(?![^\W_])", re.IGNORECASE)
        self.timed = lazy(rf"[,:]?\s(?:at\s|from\s)?{_TIME}", re.IGNORECASE)
        self.schedule = lazy(rf"{any_of(calendar.schedules)}(?![\w/&’']|[-‑–]\w)")
        self.working = lazy(rf"M\s?{DASH}\s?(?P<last>F|Th|Sa)(?=[,:]?\s\d)")
        self.hours = lazy(r"[:,]?\s{1,2}(?:from\s)?(?=\d)")

    def read(self, text: str, at: int) -> Reading | None:
        """``Mon–Fri``, ``Sat & Sun``, ``Mon, Wed, Fri``, ``Sun 22 Nov``, ``Mon-Fri 9-5``."""
        match = self.day.match(text, at)
        if match is None or (at and text[at - 1].isalnum()):
            return None
        words, end, days, dashes = [self._name(match)], match.end(), 1, 0
        changed = not self._is_full(match)
        while days < _MOST and (join := self.joined.match(text, end)) is not None:
            after = self.day.match(text, join.end())
            if after is None:
                break
            words += [self._joint(join), self._name(after)]
            changed = changed or not self._is_full(after) or join["dash"] is not None
            dashes += join["dash"] is not None
            end, days, match = after.end(), days + 1, after
        if dashes > 1:  # "Mon-Wed-Fri" is no range
            words = [", " if word == f" {self.calendar.to} " else word for word in words]
        if days == 1 and (numbered := self.numbered.match(text, match.end("name"))):
            day = ordinal(int(numbered["number"]), self.tag)
            dash = _DASH.match(text, numbered.end())
            joint = f" {self.calendar.to} " if dash else ""
            end = dash.end() if dash else numbered.end()
            return Reading(end, (Text(text=f"{words[0]} {self.calendar.the} {day}{joint}"),))
        if days == 1 and changed and not self._is_clear(text, at, end, match):
            return None
        if match["point"]:
            follows = self.times.read(text, end + 1) if text[end : end + 1] == " " else None
            words.append("" if follows else stop(text, at, end, self.capitals))
            end = end if changed and not self._is_full(match) else end - 1
            words = words if changed and not self._is_full(match) else words[:-1]
        spans: tuple[Span, ...] = (Text(text="".join(words)),)
        opened = self._opening(text, end)
        if opened is not None:
            return Reading(opened[0], (*spans, *opened[1]))
        return Reading(end, spans) if changed else None

    def working_days(self, text: str, at: int) -> Reading | None:
        """``M–F`` where hours follow."""
        match = self.working.match(text, at)
        if match is None or (at and text[at - 1].isalnum()):
            return None
        days = self.calendar.weekdays
        spans: tuple[Span, ...] = (Text(text=f"{days[0]} {self.calendar.to} {days[_LAST_DAYS[match['last']] - 1]}"),)
        opened = self._opening(text, match.end())
        return Reading(opened[0], (*spans, *opened[1])) if opened else Reading(match.end(), spans)

    def scheduled(self, text: str, at: int) -> Reading | None:
        """``M/W/F``, ``MWF``, ``Tu/Th``."""
        match = self.schedule.match(text, at)
        if match is None or (at and text[at - 1].isalnum()):
            return None
        days = [self.calendar.weekdays[day - 1] for day in self.calendar.schedules[match.group()]]
        spans: tuple[Span, ...] = (Text(text=", ".join(days)),)
        opened = self._opening(text, match.end())
        return Reading(opened[0], (*spans, *opened[1])) if opened else Reading(match.end(), spans)

    def _opening(self, text: str, end: int) -> tuple[int, tuple[Span, ...]] | None:
        match = self.hours.match(text, end)
        hours = self.times.opening(text, match.end()) if match else None
        if match is None or hours is None:
            return None
        return hours[0], (Text(text=match.group()), *hours[1])

    def _is_clear(self, text: str, at: int, end: int, match: re.Match[str]) -> bool:
        if match["plural"] and match["name"] + "s" not in self.calendar.short_weekdays:
            return False
        bare = end - len(match["point"])
        for place in (end, bare):
            if any(what.match(text, place) for what in (self.dated, self.timed, self.holidays)):
                return True
        opening = bare + (text[bare : bare + 1] == ":")
        if {word_after(text, opening).lower(), word_after(text, end).lower()} & self.calendar.openings and (
            not at or text[at - 2 : at - 1] in ",;.:)"
        ):
            return True
        if _TIMED.search(text, max(0, at - 16), at) and (
            ended(text, end) or text.startswith(" (", end) or word_after(text, end).lower() in self.calendar.openings
        ):
            return True
        if word_before(text, at) not in self.calendar.day_cues:
            return False
        return ended(text, bare) or word_after(text, end).lower() in self.calendar.parts_of_day

    def _is_full(self, match: re.Match[str]) -> bool:
        return match["name"] in self.calendar.weekdays

    def _name(self, match: re.Match[str]) -> str:
        return f"{self.calendar.weekdays[self.number_of[match['name'].lower()] - 1]}{match['plural']}"

    def _joint(self, match: re.Match[str]) -> str:
        if match["dash"]:
            return f" {self.calendar.to} "
        if match["word"]:
            return f" {match['word']} "
        return " and " if match["sign"] in "&+" else f", {match['last'] or ''}"


def rules(language: Language) -> Iterator[tuple[str, Rule]]:
    """See rules.py."""
    weekdays = _Weekdays(language)
    for name in weekdays.number_of:
        yield name, weekdays.read
        yield name + "s", weekdays.read
    yield "m", weekdays.working_days
    for schedule in weekdays.calendar.schedules:
        yield re.split("[^A-Za-z]", schedule)[0].lower(), weekdays.scheduled
