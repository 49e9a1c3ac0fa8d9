"""What an editor should know of a script that is otherwise sound."""

from __future__ import annotations

from audioleaflet.errors import Origin, Problem
from audioleaflet.script.estimate import length
from audioleaflet.script.model import Script

_LONGEST_INTRODUCTION_MS = 110_000


def check(script: Script, rate_wpm: int, origin: Origin) -> tuple[Problem, ...]:
    """Warnings about a script; ``origin`` is the leaflet's."""
    introduction, *chapters = (length(chapter, rate_wpm) for chapter in script.chapters)
    whole = introduction + sum(chapters)
    if introduction <= _LONGEST_INTRODUCTION_MS and introduction * 4 <= whole:
        return ()
    return (
        Problem(
            origin=origin,
            code="INTRODUCTION",
            message=f"the introduction takes about {introduction // 1000} s of {whole // 1000} s",
            next_step="teach fewer words in 'say': at most 110 s and a quarter of the recording",
            severity="warning",
        ),
    )
