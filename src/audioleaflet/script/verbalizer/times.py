"""Times of day: ``9:30 a.m.`` is "nine thirty A M", ``14:00`` "fourteen hundred", ``24/7`` "twenty-four seven"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from audioleaflet.script.model import Span, Text
from audioleaflet.script.verbalizer.counting import cardinal, decimal, digits
from audioleaflet.script.verbalizer.dates import Calendar
from audioleaflet.script.verbalizer.letters import spelled
from audioleaflet.script.verbalizer.patterns import lazy
from audioleaflet.script.verbalizer.places import DASH, any_of, begins, ended, stop, word_after, word_before
from audioleaflet.script.verbalizer.rules import Language, Reading, Rule, reading
from audioleaflet.script.verbalizer.vocabulary import Vocabulary, load

_HALF = r"(?P<half>[ap])(?:\.\s?m\b\.?|m\b)"
_TIME = r"(?P<hour>\d{1,2})(?:[:.h](?P<minute>[0-5]\d))?"
_SECONDS = lazy(
    r"(?P<hour>\d{1,3}):(?P<minute>[0-5]\d):(?P<second>[0-5]\d(?:\.\d{1,3})?)(?![\w%°]|[:.,/]\d)"
    r"(?:\s?(?P<half>[ap])(?:\.\s?m\b\.?|m\b))?",
    re.IGNORECASE,
)
_BARE = lazy(rf"\s?{DASH}\s?(\d{{1,2}})(?![\w%°/:]|\.\d|\s?[a-z]|{DASH}\d)")
_STROKE = lazy(r"\s?/\s?(?=\d)")
_UNTIL = lazy(rf"\s{{0,2}}{DASH}\s{{0,2}}(?=\d)")
_FIRST = lazy(rf"{_TIME}(?=\s{{0,2}}{DASH}\s{{0,2}}\d{{1,2}}(?:[:.][0-5]\d)?\s?[ap]\.?\s?m\b)", re.IGNORECASE)
_FIRST_OF_HOUR = lazy(rf"(?P<hour>\d{{1,2}})(?=\s?{DASH}\s?\d{{1,2}}:[0-5]\d(?![\w:]))")
_FIRST_TO = lazy(
    r"(?P<hour>\d{1,2})\.(?P<minute>[0-5]\d)(?=\s(?:to|and|until)\s\d{1,2}(?:\.[0-5]\d)?\s?[ap]\.?\s?m\b)",
    re.IGNORECASE,
)
_HOURS = lazy(rf"{_TIME}\s?{DASH}\s?(?P<hour2>\d{{1,2}})(?:[:.](?P<minute2>[0-5]\d))?(?![\w%:/]|\.\d|\s?[ap]\.?m)")
_POINTED_RANGE = lazy(
    rf"(?P<hour>[01]?\d|2[0-3])\.(?P<minute>[0-5][05])\s?{DASH}\s?(?P<hour2>[01]?\d|2[0-4])\.(?P<minute2>[0-5][05])"
    r"(?![\w%°/]|[-‑.,:]\d|\s?[a-zµμ°%])"
)
_MILITARY = lazy(
    r"(?P<hour>[01]\d|2[0-4])(?P<minute>[0-5]\d)(?:(?=\s?(?:hours|hrs|hr|h)\b)|(?<=0\d\d\d)(?![\w%°/]|[-‑.,:]\d))"
)
_FOUR = lazy(r"(?P<hour>1\d|2[0-3])(?P<minute>[0-5][05])(?![\w%°/]|[-‑.,:]\d)")
_POINTED = lazy(r"(?P<hour>[01]?\d|2[0-3])\.(?P<minute>[0-5]\d)(?![\w%°/]|[-‑.,:]\d|\s?[a-zµμ°%]{1,6}/)")
_MILITARY_RANGE = lazy(
    rf"(?P<hour>[01]\d|2[0-4])(?P<minute>[0-5]\d)\s?(?:{DASH}|to)\s?(?P<hour2>[01]\d|2[0-4])(?P<minute2>[0-5]\d)"
    r"(?:(?P<hours>\s?(?:hours|hrs?|h)\b)|(?![\w%°/]|[-‑.,:]\d))"
)
_GLUED_HOURS = lazy(r"(?:hours|hrs?|h)(?![^\W_])\.?")
_DILUTED = ("10", "20", "40", "50")
_GLUED_HALF = lazy(r"(?P<hour>1[0-2]|0?[1-9]):(?P<minute>[0-5]\d)\s?(?P<half>[ap])(?![\w%°/]|\.[a-z])", re.IGNORECASE)
# "8a-5p" has no m; where both halves are the same, only minutes tell it from a question 8a to 9a.
_BARE_HALVES = lazy(
    rf"(?P<hour>1[0-2]|0?[1-9])(?::(?P<minute>[0-5]\d))?\s?(?P<half>[ap])\s?(?:{DASH}|to)\s?"
    rf"(?P<hour2>1[0-2]|0?[1-9])(?::(?P<minute2>[0-5]\d))?\s?(?P<half2>[ap])(?![\w%°/])",
    re.IGNORECASE,
)
_QUARTERS = (".00", ".15", ".30", ".45")
_CLOCK_BEFORE = lazy(rf"(?::[0-5]\d|[ap]\.?m\.?)\s{{0,2}}(?:{DASH}|,|and|or|to)\s{{0,2}}$", re.IGNORECASE)
_FIGURES = lazy(r"\d[/-]\d\d?[/-]\d{2,4}\s")
_REACH = 60  # characters, in which an appointment names its day


class Clock(Vocabulary):
    """The words of a clock; see en/clock.yaml."""

    o_clock: str
    hundred: str
    midnight: str
    oh: str
    to: str
    round_the_clock: dict[str, str]
    zones: tuple[str, ...]
    names: tuple[str, ...]
    ratios: frozenset[str]
    zone_words: frozenset[str]
    meetings: frozenset[str]
    at: frozenset[str]
    appointed: frozenset[str]
    hours_of: frozenset[str]
    lasting: tuple[tuple[str, str], ...]
    and_: str


class Times:
    """The times of one language."""

    def __init__(self, language: Language) -> None:
        self.tag = language.tag
        clock: Clock = load("clock", Clock, language.tag)
        self.clock = clock
        calendar = load("calendar", Calendar, language.tag)
        self.goes_on = calendar.capitals() | {zone.lower() for zone in clock.zones} | frozenset(clock.names)
        self.goes_on |= clock.zone_words
        self.quarters = language.region == "GB"  # where "at 7.30" is the usual way to write it
        self.meetings = clock.meetings | {name.lower() for name in (*calendar.weekdays, *calendar.months)}
        self.meetings |= {name.lower() for name in (*calendar.short_weekdays, *calendar.short_months)}
        over = r"(?![\w%°]|[:.,/]\d)"
        half = rf"\s?(?:(?P<glued>[ap])\.?m\.?(?=(?:{any_of(clock.zones)})\b)|{_HALF}(?!\w))"
        name = any_of(clock.names)
        small = any_of(zone.lower() for zone in clock.zones if len(zone) > 2)
        zone = rf"(?:(?:\s\(?|(?<=[Mm.]))(?P<zone>{any_of(clock.zones)}|{small})\b\)?)?"
        self.time = lazy(rf"{_TIME}{half}", re.IGNORECASE)
        self.colon = lazy(rf"(?P<hour>\d{{1,2}}):(?P<minute>[0-5]\d)(?:{over}|(?=(?:hours|hrs?|h)(?![^\W_])))")
        self.to_name = lazy(rf"\s{{0,2}}{DASH}\s{{0,2}}(?P<name>{name})\b", re.IGNORECASE)
        self.from_name = lazy(rf"(?P<name>{name})\s{{0,2}}{DASH}\s{{0,2}}(?=\d)", re.IGNORECASE)
        self.with_name = lazy(rf"12(?::00)?(?:\s?(?P<name>{name})\b)", re.IGNORECASE)
        self.first_to_name = lazy(
            rf"(?P<hour>\d{{1,2}})(?=\s{{0,2}}{DASH}\s{{0,2}}(?:{name}|12 {name})\b)", re.IGNORECASE
        )
        self.zone = lazy(zone)
        self.always = lazy(any_of(clock.round_the_clock) + r"(?![\w/%]|[.,:]\d|-\d)")

    def read(self, text: str, at: int) -> Reading | None:
        """A time or a range of times."""
        after_stroke = text[at - 1 : at] == "/" and text[at - 2 : at - 1] in ("m", "M", ".")  # "8am/8pm"
        if not (begins(text, at) or after_stroke):
            return None
        always = self.always.match(text, at)
        if always is not None:
            return reading(always.end(), self.clock.round_the_clock[always.group()])
        whole = self._bare_halves(text, at) or self._military_range(text, at)
        if whole is not None:
            return Reading(*whole)
        one = self._one(text, at)
        if one is None:
            return self._pointed_range(text, at)
        end, spans, sure = one
        dash = _UNTIL.match(text, end)
        other = self._one(text, dash.end()) if dash else None
        if other is not None and dash is not None:
            second_end, second, second_sure = other
            if sure or second_sure:
                return Reading(second_end, (*spans, Text(text=f" {self.clock.to} "), *second))
        bare = _BARE.match(text, end) if sure else None
        if bare is not None and int(bare[1]) <= 24:
            return Reading(bare.end(), (*spans, Text(text=f" {self.clock.to} {cardinal(int(bare[1]), self.tag)}")))
        stroke = _STROKE.match(text, end) if sure else None
        later = self._one(text, stroke.end()) if stroke else None
        if later is not None and later[2]:
            return Reading(later[0], (*spans, Text(text=", "), *later[1]))
        named = self.to_name.match(text, end)
        if named is not None:
            return Reading(named.end(), (*spans, Text(text=f" {self.clock.to} {named['name']}")))
        return Reading(end, spans) if sure else None

    def _one(self, text: str, at: int) -> tuple[int, tuple[Span, ...], bool] | None:
        """One time: its end, how it is said, and whether it is one for sure and not the first of a range."""
        named = self.with_name.match(text, at)
        if named is not None:
            return named.end(), (Text(text=f"{cardinal(12, self.tag)} {named['name']}"),), True
        match = self.time.match(text, at)
        if match is not None and int(match["hour"]) < 24:
            return self._with_half(text, match)
        match = _SECONDS.match(text, at)
        if match is not None and not self._is_ratio(text, at, match.end()):
            return self._with_seconds(text, match)
        match = _GLUED_HALF.match(text, at)
        if match is not None:
            return self._with_half(text, match)
        match = self.colon.match(text, at)
        if match is not None and int(match["hour"]) <= 24 and not self._is_ratio(text, at, match.end()):
            end, words = self._with_hours(text, match.end(), self._words(match, whole=True))
            return self._with_zone(text, end, words, sure=True)
        match = _POINTED.match(text, at)
        if match is not None and self._is_met(text, at, match.end()):
            return self._with_zone(text, match.end(), self._words(match, whole=True), sure=True)
        match = _MILITARY.match(text, at)
        if match is not None:
            end, words = self._with_hours(text, match.end(), self._words(match, whole=True, military=True))
            cue = word_before(text, at)
            if cue in self.clock.at or ((end > match.end() or cue in self.meetings) and ended(text, end)):
                return end, (Text(text=words),), True
        match = _FOUR.match(text, at)
        if match is not None and self._is_appointed(text, at, match.end()):
            return match.end(), (Text(text=self._words(match, whole=True, military=True)),), True
        told = _FIRST_TO.match(text, at)
        match = _FIRST.match(text, at) or told or _FIRST_OF_HOUR.match(text, at) or self.first_to_name.match(text, at)
        if match is not None and 0 < int(match["hour"]) < 24:
            return match.end(), (Text(text=self._words(match, whole=False)),), match is told
        return None

    def _with_seconds(self, text: str, match: re.Match[str]) -> tuple[int, tuple[Span, ...], bool]:
        """``1:01:01`` as "one hour, one minute and one second": a length and a time of day both, with every digit."""
        parts = []
        for number, (one, more) in zip(match.group("hour", "minute", "second"), self.clock.lasting, strict=True):
            bare = number.lstrip("0")
            name = one if bare == "1" else more
            parts.append(f"{decimal(bare if bare[:1].isdigit() else '0' + bare, self.tag)} {name}")
        words = f"{parts[0]}, {parts[1]} {self.clock.and_} {parts[2]}"
        if not match["half"]:
            return self._with_zone(text, match.end(), words, sure=True)
        return self._half(text, match, words, match["half"])

    def _with_hours(self, text: str, end: int, words: str) -> tuple[int, str]:
        """The letters that touch the figures of ``1400hrs``; with a space they are a unit like others."""
        match = _GLUED_HOURS.match(text, end)
        if match is None:
            return end, words
        return match.end(), f"{words} {self.clock.lasting[0][1]}{stop(text, end, match.end(), self.goes_on)}"

    def _bare_halves(self, text: str, at: int) -> tuple[int, tuple[Span, ...]] | None:
        """``8a-5p``."""
        match = _BARE_HALVES.match(text, at)
        if match is None or (match["half"].lower() == match["half2"].lower() and not match["minute"]):
            return None
        first = self._said(match["hour"], match["minute"], whole=False)
        last = self._said(match["hour2"], match["minute2"], whole=False)
        halves = [spelled(f"{match[half]}m", self.tag) for half in ("half", "half2")]
        return match.end(), (Text(text=f"{first} "), halves[0], Text(text=f" {self.clock.to} {last} "), halves[1])

    def _military_range(self, text: str, at: int) -> tuple[int, tuple[Span, ...]] | None:
        """``0900-1700``, ``1400-1600hrs``; without a zero or hours after it, only where a day stands before."""
        match = _MILITARY_RANGE.match(text, at)
        if match is None or match["hour"] + match["minute"] >= match["hour2"] + match["minute2"]:
            return None
        if not (match["hour"][0] == "0" or match["hours"] or word_before(text, at) in self.meetings):
            return None
        words = [
            self._said(match[f"hour{which}"], match[f"minute{which}"], whole=True, military=True) for which in ("", "2")
        ]
        hours = f" {self.clock.lasting[0][1]}" if match["hours"] else ""
        return match.end(), (Text(text=f" {self.clock.to} ".join(words) + hours),)

    def _with_half(self, text: str, match: re.Match[str]) -> tuple[int, tuple[Span, ...], bool]:
        return self._half(text, match, self._words(match, whole=False), match["half"] or match["glued"])

    def _half(self, text: str, match: re.Match[str], words: str, half: str) -> tuple[int, tuple[Span, ...], bool]:
        end = match.end()
        spans: tuple[Span, ...] = (Text(text=f"{words} "), spelled(f"{half}m", self.tag))
        zoned = self._zone(text, end)
        if zoned is not None:
            return zoned[0], (*spans, *zoned[1]), True
        last = stop(text, match.start(), end, self.goes_on)
        return end, (*spans, Text(text=last)) if last else spans, True

    def _with_zone(self, text: str, end: int, words: str, *, sure: bool) -> tuple[int, tuple[Span, ...], bool]:
        zoned = self._zone(text, end)
        if zoned is not None:
            return zoned[0], (Text(text=words), *zoned[1]), sure
        return end, (Text(text=words),), sure

    def _zone(self, text: str, end: int) -> tuple[int, tuple[Span, ...]] | None:
        match = self.zone.match(text, end)
        if match is None or not match["zone"]:
            return None
        return match.end(), (Text(text=" "), spelled(match["zone"], self.tag))

    def _words(self, match: re.Match[str], *, whole: bool, military: bool = False) -> str:
        minute: str | None = match["minute"] if "minute" in match.re.groupindex else None
        hour: str = match["hour"]
        return self._said(hour, minute, whole=whole, military=military)

    def _said(self, hour: str, minute: str | None, *, whole: bool, military: bool = False) -> str:
        """Hour and minute in words. ``whole``: nothing says which half of the day, so a full hour needs a word."""
        clock, of_day = self.clock, int(hour)
        if whole and of_day in (0, 24) and minute == "00" and not military:
            return clock.midnight
        words: str = digits(hour, self.tag) if military and hour[0] == "0" else cardinal(of_day, self.tag)
        if minute is None or (minute == "00" and not whole):
            return words
        if minute == "00":
            return f"{words} {clock.hundred if of_day > 12 or military else clock.o_clock}"
        oh = f"{clock.oh} " if minute[0] == "0" else ""
        return f"{words} {oh}{cardinal(int(minute), self.tag)}"

    def _is_ratio(self, text: str, at: int, end: int) -> bool:
        ratios = self.clock.ratios
        if text[at:end].startswith("1:") and text[at:end].endswith(_DILUTED) and not self._is_timed(text, at, end):
            return True
        near = {word.lower() for word in re.findall(r"[^\W\d_]+", text[max(0, at - 20) : at])[-3:]}
        return bool(near & ratios) or word_after(text, end).lower() in ratios

    def _is_timed(self, text: str, at: int, end: int) -> bool:
        """Whether anything beside ``1:10`` tells that it is a time; without it, it is a dilution."""
        if (
            word_before(text, at) in self.clock.at
            or _UNTIL.match(text, end)
            or _CLOCK_BEFORE.search(text, max(0, at - 8), at)
        ):
            return True
        around = re.findall(r"[a-z]+", f"{text[max(0, at - _REACH) : at]} {text[end : end + _REACH]}".lower())
        return bool(self.meetings & {*around})

    def _is_appointed(self, text: str, at: int, end: int) -> bool:
        """Whether ``1830`` is a time: right after "at", at the end of what is said, where something opens or begins."""
        if word_before(text, at) not in self.clock.appointed or not ended(text, end):
            return False
        return bool(self.meetings & {*re.findall(r"[a-z]+", text[max(0, at - _REACH) : at].lower())})

    def _is_met(self, text: str, at: int, end: int) -> bool:
        """Whether ``14.30`` is a time: after "at" and a day or another word of appointments."""
        if word_before(text, at) not in self.clock.at or not (
            ended(text, end) or word_after(text, end) in self.clock.at
        ):
            return False
        if _FIGURES.search(text, max(0, at - _REACH), at) or (self.quarters and text[at:end].endswith(_QUARTERS)):
            return True
        return bool(self.meetings & {*re.findall(r"[a-z]+", text[max(0, at - _REACH) : at].lower())})

    def from_noon(self, text: str, at: int) -> Reading | None:
        """``noon–5 p.m.``"""
        match = self.from_name.match(text, at)
        other = self._one(text, match.end()) if match else None
        if match is None or other is None or not other[2]:
            return None
        return Reading(other[0], (Text(text=f"{match['name']} {self.clock.to} "), *other[1]))

    def _pointed_range(self, text: str, at: int) -> Reading | None:
        """``8.30-16.30``, where the first has a zero before it or the last is an afternoon's, and no unit follows."""
        match = _POINTED_RANGE.match(text, at)
        if match is None:
            return None
        afternoon = match["hour"][0] == "0" or int(match["hour2"]) > 12 > int(match["hour"])
        if not afternoon and word_before(text, at) not in self.meetings | self.clock.hours_of:
            return None
        opening = self.opening(text, at)
        return Reading(*opening) if opening else None

    def opening(self, text: str, at: int) -> tuple[int, tuple[Span, ...]] | None:
        """Opening hours, after a day: ``9–5``, ``9.30-17.00``, ``9:00 to 5:00``."""
        military = self._military_range(text, at)
        if military is not None:
            return military
        match = _HOURS.match(text, at)
        if match is None or not (int(match["hour"]) <= 24 and int(match["hour2"]) <= 24):
            return None
        first = self._said(match["hour"], match["minute"], whole=match["minute"] is not None)
        last = self._said(match["hour2"], match["minute2"], whole=match["minute2"] is not None)
        return match.end(), (Text(text=f"{first} {self.clock.to} {last}"),)


def rules(language: Language) -> Iterator[tuple[str, Rule]]:
    """See rules.py."""
    times = Times(language)
    yield "0", times.read
    for name in times.clock.names:
        yield name, times.from_noon
