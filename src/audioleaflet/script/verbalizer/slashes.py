"""Strokes between words: "or" where two words are alternatives by a list, else a short pause; never "slash".

``carbidopa/levodopa`` is one medicine: "or" would be wrong there, so it is said only where it is sure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from audioleaflet.script.model import Text, Unread
from audioleaflet.script.verbalizer.rules import Language, Reading, Rule
from audioleaflet.script.verbalizer.vocabulary import Vocabulary, load

_STROKE = re.compile(r"/ ?")
_LEFT = re.compile(r"([^\W\d_]{1,24})(?:['’]s?|[.)])? ?$")
_RIGHT = re.compile(r"([^\W\d_]{1,24})")


class Slashes(Vocabulary):
    """``alternatives``: words of which two with a stroke between are a choice. ``silent``: as in "and/or".

    ``times``: units of time, with how a rate is said. ``units``: a stroke beside one of them is not read.
    """

    alternatives: str
    silent: str
    joining: str
    times: dict[str, str]
    units: str


def rules(language: Language) -> Iterator[tuple[str, Rule]]:
    """See rules.py."""
    words = load("slashes", Slashes, language.tag)
    alternatives, silent = set(words.alternatives.split()), set(words.silent.split())
    units = set(words.units.split())

    def read(text: str, at: int) -> Reading | None:
        stroke = _STROKE.match(text, at)
        before, after = _LEFT.search(text, max(0, at - 28), at), _RIGHT.match(text, stroke.end()) if stroke else None
        if stroke is None or (before is None and after is None):
            return None
        left, right = before[1].lower() if before else "", after[1].lower() if after else ""
        if left in units or right in units:
            return Reading(at + 1, (Unread(text="/"),))
        if left in silent:
            said = " "
        elif left in alternatives and right in alternatives:
            said = words.joining
        else:
            said = words.times.get(right, ", ")
        return Reading(stroke.end(), (Text(text=said if at and text[at - 1] != " " else said.lstrip(" ")),))

    yield "/", read
