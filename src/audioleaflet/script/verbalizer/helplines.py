"""Short numbers for help, digit by digit where they are dialled: "call nine one one", "one hundred twelve patients".

They are plain words, not ``Spelled``: a script says a telephone number twice, and these need no second time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from audioleaflet.script.verbalizer.dates import Calendar
from audioleaflet.script.verbalizer.patterns import lazy
from audioleaflet.script.verbalizer.places import begins, ended, word_after, word_before
from audioleaflet.script.verbalizer.rules import Language, Reading, Rule, reading
from audioleaflet.script.verbalizer.vocabulary import Vocabulary, load

_SHORT = lazy(
    r"(\d)[-‑](\d)[-‑](\d)(?![\w%]|[-‑.,:/]\d)|(116)\s(\d{3})(?![\w%]|[-.,:]\d)|(\d{3,6})(?![\w%°]|[-‑–.,:]\d)"
)
_ALSO = lazy(r"(?:(?<!\w)(?P<cue>[a-z]{3,9})\s(?:on\s)?\d{3}(?!\d)[^.!?\d]{1,40})$", re.IGNORECASE)
_RELAY = lazy(r"(1800[0-2])\s(\d{3})(?![\w%]|[-.,:]\d|\s\d)")
_JOINT = r"(?:,\s?(?:(?:or|and)\s)?|\s(?:or|and)\s|\s?[/&]\s?)"
_LIST = lazy(rf"({_JOINT})(\d{{1,6}})(?![\w%]|[-–.:]\d)")
_TOGETHER = lazy(r"\s(?:or|and)\s|[/&]")
_BEFORE = lazy(rf"(?<![\w.,:/-])(\d{{1,6}}){_JOINT}$")
_SHORTEST = 3  # digits of a number that is dialled
_MOST = 6  # numbers of a list that are looked at on either side
_TEXTED = lazy(
    r"([^\W\d_]{3,8})\s(?:the\s(?:key)?(?:word|letters?|message|code)\s)?[\"'“‘]?[^\W_]{1,12}[\"'”’]?"
    r"(?:\s[a-z]{1,8}){0,2}\s(?:to|at)\s$"
)
_FREE = lazy(r"(1)[-‑](8(?:00|33|44|55|66|77|88)|900)(?=\s)")
_KEY = lazy(r"(\*(?=\d{0,4}(?!\w))|#(?!\w))(\d{0,4})")
_REACH = 40
_WIDE = 60
_NEAR = 8


class Helplines(Vocabulary):
    """The numbers, and the words that tell them from counts; see en/helplines.yaml."""

    numbers: frozenset[str]
    hyphened: frozenset[str]
    known: frozenset[str]
    counted: frozenset[str]
    after: frozenset[str]
    before: frozenset[str]
    before_the_end: frozenset[str]
    goes_on: frozenset[str]
    dialled: frozenset[str]
    text_to: frozenset[str]
    rung: frozenset[str]
    free: frozenset[str]
    near: frozenset[str]
    pressed: frozenset[str]
    keys: dict[str, str]
    joined: dict[str, str]


class _Helplines:
    def __init__(self, language: Language) -> None:
        self.language = language
        self.words = load("helplines", Helplines, language.tag)
        self.calendar = load("calendar", Calendar, language.tag)

    def read(self, text: str, at: int) -> Reading | None:
        """``911``, ``9-1-1``, ``116 117`` and ``text HOME to 741741``."""
        relay = _RELAY.match(text, at)
        if relay is not None and begins(text, at) and relay[2] in self.words.numbers:
            return reading(relay.end(), f"{self._digits(relay[1])}, {self._digits(relay[2])}")
        match = _SHORT.match(text, at)
        if match is None or (not begins(text, at) and text[at - 1] != "/"):
            return None
        first, second, third, european, rest, plain = match.groups()
        number = f"{first}{second}{third}" if first else f"{european} {rest}" if european else plain
        end = match.end()
        if (first and number in self.words.hyphened) or self._is_dialled(text, at, end, number):
            return self._said(text, at, end, number)
        return None

    def key(self, text: str, at: int) -> Reading | None:
        """``press #``, ``dial *67``: a key of a telephone."""
        match = _KEY.match(text, at)
        if match is None or word_before(text, at) not in self.words.pressed:
            return None
        return reading(match.end(), f"{self.words.keys[match[1]]} {self._digits(match[2])}".strip())

    def free(self, text: str, at: int) -> Reading | None:
        """``a 1-800 number``."""
        match = _FREE.match(text, at)
        if match is None or not begins(text, at) or word_after(text, match.end()).lower() not in self.words.free:
            return None
        return reading(match.end(), f"{self._digits(match[1])}, {self._digits(match[2])}")

    def _said(self, text: str, at: int, end: int, number: str) -> Reading:
        """The digits of a number, and of those in a list with it: "105, 106 or 107", "911/999"."""
        said = ", ".join(self._digits(group) for group in _groups(number))
        last = self._others(text, at, end)[1]
        listed = ended(text, last) and word_before(text, at) in self.words.dialled | self.words.rung
        while end < last and (match := _LIST.match(text, end)) is not None:
            sign = match[1].strip()
            if match[2] not in self.words.numbers and not (listed and len(match[2]) >= _SHORTEST):
                break
            if self.calendar.counts(word_after(text, match.end())):
                break
            joint = f" {self.words.joined[sign]} " if sign in self.words.joined else match[1]
            said, end = f"{said}{joint}{self._digits(match[2])}", match.end()
        return reading(end, said)

    def _digits(self, number: str) -> str:
        return " ".join(self.language.phrases.digits[int(digit)] for digit in number)

    def _is_dialled(self, text: str, at: int, end: int, number: str) -> bool:
        following = word_after(text, end).lower()
        words, before = self.words, text[max(0, at - _REACH) : at]
        others, last = self._others(text, at, end)
        together = _TOGETHER.search(text, end, last) is not None  # not in "Call 911, 10 people can help"
        if self.calendar.counts(following) or (together and self.calendar.counts(word_after(text, last))):
            return False
        if " " in number and following not in words.counted:
            return True  # 116 123: no count is written so
        cue = word_before(text, at)
        if cue in words.dialled or self._is_sent_a_text(before):
            return True
        if cue in words.rung and ended(text, end):
            return True
        if number not in words.numbers:
            return False
        if not others <= words.numbers and cue not in words.before:
            return False  # "take 911, 912 and 913"
        if number in words.known and words.before & {*re.findall(r"[a-z]+", text[end : end + _NEAR].lower())}:
            return True  # 711 (TTY)
        also = _ALSO.search(text, max(0, at - _WIDE), at) if cue not in words.counted else None
        if also and also["cue"].lower() in words.dialled | words.rung and self._goes_on(text, end):
            return True  # "dial 911; for advice, 311"
        alone = not (before.strip() or text[end:].strip(" .!"))
        if cue in words.before or (alone and (number in words.hyphened or " " in number)):
            return True
        if number in words.hyphened and ended(text, end) and cue not in words.counted:
            return True  # "Call us, not 911.": nothing follows that it could count
        around = f"{before} {text[end : end + _REACH]}".lower()
        if number in words.hyphened and cue not in words.counted and words.near & {*re.findall(r"[a-z]+", around)}:
            return True
        if cue in words.before_the_end and self._goes_on(text, end):
            return True
        if number in words.known and following in words.after:
            return True
        return number in words.known and bool(others) and others <= words.known

    def _goes_on(self, text: str, end: int) -> bool:
        """Whether what follows is nothing that a number could count."""
        return ended(text, end) or word_after(text, end).lower() in self.words.goes_on

    def _others(self, text: str, at: int, end: int) -> tuple[set[str], int]:
        """The other numbers of a list, and where it ends: "111, 112 and 113 patients"."""
        others: set[str] = set()
        for _ in range(_MOST):
            match = _BEFORE.search(text, max(0, at - _REACH), at)
            if match is None:
                break
            others.add(match[1])
            at = match.start()
        for _ in range(_MOST):
            match = _LIST.match(text, end)
            if match is None:
                break
            others.add(match[2])
            end = match.end()
        return others, end

    def _is_sent_a_text(self, before: str) -> bool:
        match = _TEXTED.search(before)
        return match is not None and match[1].lower() in self.words.text_to


def _groups(number: str) -> list[str]:
    if len(number) == 6:
        return [number[:3], number[3:]]
    return number.split()


def rules(language: Language) -> Iterator[tuple[str, Rule]]:
    """See rules.py."""
    helplines = _Helplines(language)
    yield "0", helplines.read
    yield "0", helplines.free
    for key in helplines.words.keys:
        yield key, helplines.key
