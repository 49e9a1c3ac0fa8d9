"""What a rule is: something that reads one class of text, from a place in it on.

Each module of classes gives ``rules(language)``: pairs of a key and a rule. A rule is tried where a token has its key:

    "0"        a digit, the first of its number
    "stage"    that word, in lower case here and in any case in the text
    "%"        that character
    "A0"       a word that goes on in a digit, or in a hyphen and a digit (HER2, COVID-19)
    "AA"       a word in capitals (CT); its last letter may be small (CTs)
    "aA"       a word with a capital inside (mRNA)
    "A"        a letter that stands alone

A rule answers None where it does not know the text; the next is asked. It must look no further than its class needs, so
that reading takes time in proportion to the text.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from audioleaflet.phrases import Phrases
from audioleaflet.script.model import Spoken, Text
from audioleaflet.units import Ms


@dataclass(frozen=True, slots=True)
class Reading:
    """How a text is read up to ``end`` (its index in the text)."""

    end: int
    spoken: Spoken


Rule = Callable[[str, int], Reading | None]


def reading(end: int, words: str) -> Reading:
    """A reading in plain words."""
    return Reading(end, (Text(text=words),))


def apart(text: str, at: int, end: int, words: str) -> Reading:
    """A reading in plain words of ``text[at:end]`` that does not run into what stands on either side of it."""
    touched = text[at - 2 : at - 1] if at > 1 and text[at - 1] in "([{" else text[at - 1 : at] if at else ""
    before = " " if touched.isalnum() or (touched != "" and touched in ")]}") else ""
    after = text[end : end + 1]
    runs_on = after.isalnum() or (after != "" and after in "([{“<>=~≥≤")
    return reading(end, f"{before}{words}{' ' if runs_on and not words.endswith(('-', ' ')) else ''}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """What rules know of the language that they read.

    ``tag``: BCP 47. ``region``: the country whose telephone numbers are meant. ``between_groups``: the silence between
    groups of digits.
    """

    tag: str
    region: str
    phrases: Phrases
    between_groups: Ms
