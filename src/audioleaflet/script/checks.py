"""What an editor should know of a script: where it cannot be said, and what is doubtful in one that can."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from audioleaflet.errors import Origin, Problem
from audioleaflet.script.estimate import length
from audioleaflet.script.model import Pause, Script, Span, Text, Unread
from audioleaflet.script.print import in_words

_LONGEST_INTRODUCTION_MS = 110_000
_DATE = re.compile(r"(?<![\w/.-])(0?[1-9]|1[0-2])[/.-](0?[1-9]|1[0-2])[/.-](?:\d{4}|\d{2})(?![\w/-])")


def check(script: Script, rate_wpm: int, origin: Origin) -> tuple[Problem, ...]:
    """Errors where a voice would be silent, and warnings; ``origin`` is the leaflet's."""
    return (*_silent(script), *_introduction(script, rate_wpm, origin), *_unread(script), *_dates(script))


def _introduction(script: Script, rate_wpm: int, origin: Origin) -> Iterator[Problem]:
    introduction, *chapters = (length(chapter, rate_wpm) for chapter in script.chapters)
    whole = introduction + sum(chapters)
    too_large_a_part = bool(script.terms) and introduction * 4 > whole  # without words to teach nothing can be left out
    if introduction > _LONGEST_INTRODUCTION_MS or too_large_a_part:
        yield Problem(
            origin=origin,
            code="INTRODUCTION",
            message=f"the introduction takes about {introduction // 1000} s of {whole // 1000} s",
            next_step="teach fewer words in 'say': at most 110 s and a quarter of the recording",
            severity="warning",
        )


def _silent(script: Script) -> Iterator[Problem]:
    """Utterances of nothing but marks: an engine cannot make a clip of them. Other signs may have a name."""
    for utterance in script.utterances():
        if not any(_is_heard(span) for span in utterance.spoken):
            yield Problem(
                origin=_line(utterance.origin, utterance.shown),
                code="SILENT",
                message=f"there is nothing to say in '{utterance.shown}'",
                next_step="write it in words, or leave it out",
            )


def _is_heard(span: Span) -> bool:
    if isinstance(span, Text):
        return any(character.isalnum() for character in span.text)
    if isinstance(span, Unread):
        return not all(unicodedata.category(character).startswith("P") for character in span.text)
    return not isinstance(span, Pause)


def _unread(script: Script) -> Iterator[Problem]:
    """What no rule understands, once a place: a voice would guess it, or leave it out."""
    places = dict.fromkeys(
        (utterance.origin, span.text)
        for utterance in script.utterances()
        for span in utterance.spoken
        if isinstance(span, Unread)
    )
    for origin, text in places:
        yield Problem(
            origin=_line(origin, text),
            code="UNREAD",
            message=f"how to say '{text}' is not known",
            next_step=f"write it in words{', or add it to the lexicon' if text.isalpha() else ''}",
            severity="warning",
        )


def _dates(script: Script) -> Iterator[Problem]:
    """Dates in figures that another country reads as another day: 03/04/2027."""
    for utterance in script.utterances():
        for date in _DATE.finditer(utterance.shown):
            if utterance.role in ("text", "heading") and int(date[1]) != int(date[2]):
                said = in_words(utterance.spoken)
                yield Problem(
                    origin=_line(utterance.origin, date.group()),
                    code="DATE-ORDER",
                    message=f"'{date.group()}' is two days in two countries; here it is said: {said}",
                    next_step="write the month in words",
                    severity="warning",
                )


def _line(origin: Origin, text: str) -> Origin:
    """Where ``text`` is written, as a block knows only where it begins; ``origin`` where it is not written as such."""
    try:
        lines = origin.path.read_text(encoding="utf-8-sig").splitlines()
    except OSError:  # a script that was read back from an edition, away from its leaflet
        return origin
    first = max(1, origin.line)
    found = (number for number, line in enumerate(lines[first - 1 :], first) if text in line)
    return Origin(path=origin.path, line=next(found, origin.line))
