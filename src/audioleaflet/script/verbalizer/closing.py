"""Whether the point of an abbreviation is also the end of its sentence."""

from __future__ import annotations

from functools import lru_cache

from audioleaflet.script.verbalizer.patterns import lazy
from audioleaflet.script.verbalizer.vocabulary import Vocabulary, load

_END = lazy(r"[\"”’)\]]{0,3}\s{0,3}$")
_NEXT = lazy(r"[\"”’)\]]{0,3}\s{1,3}[\"“‘(]?([A-Z][a-z]{0,15})(?![a-z])")


class Closing(Vocabulary):
    """``starters``: words that begin a sentence where a capital might begin a name too."""

    starters: str


@lru_cache(maxsize=16)
def starters(language: str) -> frozenset[str]:
    """The starters of a language, in lower case."""
    return frozenset(load("closing", Closing, language).starters.split())


def keeps_stop(text: str, after: int, before: frozenset[str] | None = None) -> bool:
    """Whether a sentence ends with the point before ``after``.

    It does at the end of the text, and before a capitalised word: any, or one of ``before`` where a name may follow.
    """
    if _END.match(text, after):
        return True
    follows = _NEXT.match(text, after)
    return follows is not None and (before is None or follows[1].lower() in before)
