"""What stands around a place in a text. A rule may look at it before it reads, and at no more than a few characters."""

from __future__ import annotations

import re
from collections.abc import Iterable

from audioleaflet.script.verbalizer.patterns import lazy

DASH = "[-‐‑‒–—−]"
"""A hyphen, a dash or a minus sign, as a regular expression."""

_REACH = 32  # characters looked at on either side
_BEFORE = lazy(r"([^\W\d_]+(?:\.[^\W\d_])?)[\s:.,(“\"'‘‑–-]{0,3}$")
_AFTER = lazy(r"[\s-]{0,2}([^\W\d_]+)")
_WORD = lazy(r"[^\W\d_]{3}")
_NEXT = lazy(r"\s+[(“\"‘]?([^\W\d_]+|\d)")


def begins(text: str, at: int) -> bool:
    """Whether nothing before ``at`` is joined to it: no letter, no digit, no number that goes on."""
    if not at:
        return True
    before = text[at - 1]
    if before.isalnum() or before in "_$£€@\\":
        return False
    return not (before in ".,/:-‐‑‒–—−+" and text[at - 2 : at - 1].isalnum())


def word_before(text: str, at: int) -> str:
    """The word before ``at`` in lower case, with at most a little punctuation between; else an empty text."""
    match = _BEFORE.search(text[max(0, at - _REACH) : at])
    return match.group(1).lower() if match else ""


def word_after(text: str, end: int) -> str:
    """The word that follows ``end`` after at most a space or a hyphen, as it is written; else an empty text."""
    match = _AFTER.match(text[end : end + _REACH])
    return match.group(1) if match else ""


def ended(text: str, end: int) -> bool:
    """Whether nothing but punctuation follows ``end``: the sentence or a part of it is over."""
    return not text[end : end + 1] or text[end] in ".,;:!?)]”\"’'\n" or not text[end : end + 3].strip()


def stop(text: str, begin: int, end: int, goes_on: Iterable[str] = ()) -> str:
    """``.`` if the point of the abbreviation ``text[begin:end]`` ends a sentence too, else nothing.

    What stands alone, such as "9 a.m." in a table, is no sentence. ``goes_on``: words in lower case that have a capital
    inside a sentence, such as names of months.
    """
    if text[end - 1] != ".":
        return ""
    rest = text[end : end + _REACH]
    if not rest.strip(")]”\"’' \n"):
        return "." if _WORD.search(text, 0, begin) else ""
    match = _NEXT.match(rest)
    return "." if match and match.group(1)[0].isupper() and match.group(1).lower() not in goes_on else ""


def any_of(words: Iterable[str]) -> str:
    """A regular expression for one of ``words``, the longest first."""
    return "(?:" + "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word))) + ")"
