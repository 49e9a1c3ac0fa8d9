"""A reading that an editor has settled for one occurrence of a word, carried inside the leaflet's text.

In Markdown it is a link whose scheme is ``say:``, which other editors show as the plain word:

    Clean the [wound](say:WOOND) every day.        a respelling, the stressed syllable in capitals
    The bandage is [wound](say:/waʊnd/) tightly.   or broad IPA between slashes
    Cells of the [bone marrow](<say:BOHN MAR-oh>)  angle brackets around what holds a space

In the text of a Leaflet the word stands between the marks of Unicode's interlinear annotation (The Unicode Standard,
23.8, Specials): U+FFF9, the word, U+FFFA, its IPA, U+FFFB. Text that people write cannot hold these characters. Only
the writer of the script reads them; everything else takes the ``plain`` text.
"""

from __future__ import annotations

import re
from typing import NamedTuple

SCHEME = "say:"
_ANCHOR, _SEPARATOR, _TERMINATOR = "\ufff9", "\ufffa", "\ufffb"
_ANNOTATED = re.compile(f"{_ANCHOR}([^{_SEPARATOR}]*){_SEPARATOR}([^{_TERMINATOR}]*){_TERMINATOR}")


class Settled(NamedTuple):
    """``text[begin:end]`` of a plain text is said as ``ipa``."""

    begin: int
    end: int
    ipa: str


def annotated(words: str, ipa: str) -> str:
    """``words`` with the canonical ``ipa`` that they are said with."""
    return f"{_ANCHOR}{words}{_SEPARATOR}{ipa}{_TERMINATOR}"


def plain(text: str) -> str:
    """What a reader sees of a text."""
    return _ANNOTATED.sub(r"\1", text) if _ANCHOR in text else text


def separated(text: str) -> tuple[str, tuple[Settled, ...]]:
    """What a reader sees of a text, and the readings that are settled in it, in order."""
    if _ANCHOR not in text:
        return text, ()
    parts: list[str] = []
    settled: list[Settled] = []
    position = length = 0
    for match in _ANNOTATED.finditer(text):
        before = text[position : match.start()]
        begin = length + len(before)
        length = begin + len(match[1])
        parts += [before, match[1]]
        settled.append(Settled(begin, length, match[2]))
        position = match.end()
    return "".join((*parts, text[position:])), tuple(settled)


def joined(text: str, settled: tuple[Settled, ...]) -> str:
    """The inverse of ``separated``."""
    parts: list[str] = []
    position = 0
    for begin, end, ipa in settled:
        parts += [text[position:begin], annotated(text[begin:end], ipa)]
        position = end
    return "".join((*parts, text[position:]))
