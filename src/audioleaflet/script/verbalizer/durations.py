"""Days, weeks and months as British notes have them: ``for 5/7`` is "for five days", ``in 2/52`` "in two weeks"."""

from __future__ import annotations

from collections.abc import Iterator

from audioleaflet.script.model import Text
from audioleaflet.script.verbalizer.counting import cardinal
from audioleaflet.script.verbalizer.dates import Calendar
from audioleaflet.script.verbalizer.patterns import lazy
from audioleaflet.script.verbalizer.places import begins, word_after, word_before
from audioleaflet.script.verbalizer.rules import Language, Reading, Rule, reading
from audioleaflet.script.verbalizer.vocabulary import Vocabulary, load

_SIGN = lazy(r"[x×]\s?(?=\d)")
_DURATION = lazy(r"(\d{1,2})(?:[-–](\d{1,2}))?/(7|12|52)(?![\w%/]|[-–.,:]\d)")


class Durations(Vocabulary):
    """``units``: by the number under the line, for one and for more. ``sure``: need no cue; ``cues``: words before.

    ``parts``: words after a fraction."""

    units: dict[str, tuple[str, str]]
    sure: frozenset[str]
    cues: frozenset[str]
    parts: frozenset[str]
    to: str
    for_days: str


def rules(language: Language) -> Iterator[tuple[str, Rule]]:
    """See rules.py."""
    calendar = load("calendar", Calendar, language.tag)
    words = load("durations", Durations, language.tag)

    def read(text: str, at: int) -> Reading | None:
        match = _DURATION.match(text, at)
        if match is None or not begins(text, at):
            return None
        following = word_after(text, match.end()).lower()
        if following in words.parts or calendar.counts(following):
            return None
        first, last, under = match.groups()
        if under not in words.sure and word_before(text, at) not in words.cues and text[:at].rstrip()[-1:] != "×":
            return None
        one, more = words.units[under]
        count = cardinal(int(first), language.tag)
        if last:
            count += f" {words.to} {cardinal(int(last), language.tag)}"
        return reading(match.end(), f"{count} {one if int(first) == 1 and not last else more}")

    def times(text: str, at: int) -> Reading | None:
        sign = _SIGN.match(text, at)
        found = read(text, sign.end()) if sign and begins(text, at) else None
        return Reading(found.end, (Text(text=f"{words.for_days} "), *found.spoken)) if found else None

    if words.units:
        yield "0", read
        for sign in "x×":
            yield sign, times
