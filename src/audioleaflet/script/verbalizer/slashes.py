"""Strokes between words: "or" where two words are alternatives by a list, else a short pause; never "slash".

``carbidopa/levodopa`` is one medicine: "or" would be wrong there, so it is said only where it is sure. It is after a
negation, for common words: in "do not crush/chew" the pause alone would leave "chew" as a thing to do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from audioleaflet.script.model import Text, Unread
from audioleaflet.script.verbalizer.acronyms import common_words
from audioleaflet.script.verbalizer.patterns import lazy
from audioleaflet.script.verbalizer.rules import Language, Reading, Rule
from audioleaflet.script.verbalizer.vocabulary import Vocabulary, load

_STROKE = lazy(r"/ ?")
_LEFT = lazy(r"([^\W\d_]{1,24})(?:['’]s?|[.)])? ?$")
_RIGHT = lazy(r"([^\W\d_]{1,24})")
_CLAUSE = 60  # characters: how far back a negation is looked for


class Slashes(Vocabulary):
    """``alternatives``: words of which two with a stroke between are a choice. ``silent``: as in "and/or".

    ``times``: units of time, with how a rate is said. ``units``: a stroke beside one of them is not read.
    ``negations``: words that deny what follows them, up to a sign that ends a clause.
    """

    alternatives: str
    silent: str
    joining: str
    times: dict[str, str]
    units: str
    negations: str


def rules(language: Language) -> Iterator[tuple[str, Rule]]:
    """See rules.py."""
    words = load("slashes", Slashes, language.tag)
    alternatives, silent = set(words.alternatives.split()), set(words.silent.split())
    units, common = set(words.units.split()), common_words(language.tag)
    denied = lazy(rf"(?<![^\W_])(?:{'|'.join(words.negations.split())})(?![^\W_])[^.,;:!?()]*$", re.IGNORECASE)

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
        elif (left in alternatives and right in alternatives) or (
            not common.isdisjoint((left, right)) and denied.search(text, max(0, at - _CLAUSE), at)
        ):
            said = words.joining
        else:
            said = words.times.get(right, ", ")
        return Reading(stroke.end(), (Text(text=said if at and text[at - 1] != " " else said.lstrip(" ")),))

    yield "/", read
