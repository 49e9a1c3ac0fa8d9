"""What an editor should know of a script that is otherwise sound."""

from __future__ import annotations

from collections.abc import Iterator

from audioleaflet.errors import Origin, Problem
from audioleaflet.script.estimate import length
from audioleaflet.script.model import Script, Unread

_LONGEST_INTRODUCTION_MS = 110_000


def check(script: Script, rate_wpm: int, origin: Origin) -> tuple[Problem, ...]:
    """Warnings about a script; ``origin`` is the leaflet's."""
    return (*_introduction(script, rate_wpm, origin), *_unread(script))


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
            origin=origin,
            code="UNREAD",
            message=f"how to say '{text}' is not known",
            next_step="write it in words, or add it to the lexicon",
            severity="warning",
        )
