"""Where a sentence ends."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from sentencex import segment

from audioleaflet.leaflet.annotation import Settled, joined, separated

# sentencex takes these for abbreviations or initials wherever they stand. Before a capital they end a sentence of a
# leaflet far more often ("when you are ill. Call …", "in mm. Ask …", "vitamin D. Bones …"), and a sentence cut in
# two is heard as two, while two run together lose their pause.
_ENDS = {
    "en": re.compile(
        r"(?:\b(?:\w+\.(?:com|edu|gov|int|net|org)|art|etc|fed|hr|id|ill|may|me|med|min|miss|mm|mo|no|ok|op|wk|yr|[ap]\.m"
        r"|(?i:(?:vitamins?|hepatitis|stage|grade|group|type|phase|class) )[A-Z]{1,3})\.)(?=\s+[A-Z\"“‘(])"
    )
}
# sentencex ends a sentence before these where they follow its stop at once: "(She (really) did.) Go", "See it.² Go".
# Sentences are shown with a space between them, and none may stand where nobody wrote it. "$5" and "-5" stay whole.
_CLOSING = re.compile(r"(?:[)\]}”’»›…!?;*†‡¹²³⁰⁴-⁹]|[.,:](?!\d)|[\"'](?=\W|$)|[^\w\s(\[{“‘](?=\s|$))*")


def split(text: str, language: str) -> tuple[str, ...]:
    """The sentences of one line of text, in order, with nothing lost but the space between them.

    Settled readings (see leaflet/annotation.py) stay with their words; they do not move a sentence's end.
    """
    plain, settled = separated(text)
    sentences = _split(plain, language)
    return _with_readings(plain, sentences, settled) if settled else sentences


def _with_readings(text: str, sentences: tuple[str, ...], settled: tuple[Settled, ...]) -> tuple[str, ...]:
    """The sentences of ``text`` with its readings; none ends inside the words of a reading."""
    found: list[str] = []
    begin = end = 0
    for sentence in sentences:
        start = text.index(sentence, end)
        if not any(one.begin < end < one.end for one in settled):
            begin = start
        else:
            found.pop()
        end = start + len(sentence)
        here = tuple(
            Settled(one.begin - begin, one.end - begin, one.ipa)
            for one in settled
            if begin <= one.begin < one.end <= end
        )
        found.append(joined(text[begin:end], here))
    return tuple(found)


def _split(text: str, language: str) -> tuple[str, ...]:
    primary = language.split("-")[0]
    sentences: list[str] = []
    for part in _whole(segment(primary, text)):
        begin = 0
        for end in (match.end() for match in _ENDS[primary].finditer(part)) if primary in _ENDS else ():
            sentences.append(part[begin:end])
            begin = end
        sentences.append(part[begin:])
    return tuple(sentence.strip() for sentence in sentences if sentence.strip())


def _whole(parts: Iterable[str]) -> list[str]:
    """The parts of a text, each with the marks that follow it: a voice would be silent at "…" or "***" alone."""
    whole: list[str] = []
    for part in parts:
        if whole and _is_marks(part):
            whole[-1] += part
            continue
        closing = None if not whole or whole[-1][-1].isspace() else _CLOSING.match(part)
        if closing is not None:
            whole[-1] += closing.group()
        rest = part[closing.end() :] if closing is not None else part
        if rest:
            whole.append(rest)
    return whole


def _is_marks(text: str) -> bool:
    return all(character.isspace() or unicodedata.category(character).startswith("P") for character in text)
