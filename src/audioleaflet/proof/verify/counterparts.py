"""The telephone's cues beside the same cues of the book's chapters, which were heard in full sound.

In a telephone's band the recogniser is often in doubt. But a voice that reads the same words at another rate makes the
same sounds: a cue that sounds as the one of the chapters is what that one is, and one that does not says other words.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median

import numpy as np
from numpy.typing import NDArray

from audioleaflet.proof.verify.cues import Place
from audioleaflet.proof.verify.likeness import Likeness, likenesses
from audioleaflet.proof.verify.model import Choice, CueResult, Finding
from audioleaflet.proof.verify.timeline import RATE, Timeline
from audioleaflet.sound import telephone

# Distances measured on 626 cues of espeak's American and British voices at 120, 145 and 175 words a minute against 145:
# as they are up to 0.53, the middle one 0.14 to 0.33; at 80 and 260 up to 0.82 and 0.41. Said as a dangerous twin (132)
# from 0.80 up, with one sound more or less ("tablets" for "tablet") from 0.53 up. Another voice: nearly all above 1.3.
ALIKE = 0.45
UNLIKE, UNLIKE_OF_MIDDLE = 0.65, 2.25
SAME_VOICE = 0.5
_AROUND_MS = 80

UNHEARD = "its words were judged by the recogniser alone: the chapters were not listened to beside it"
ANOTHER_VOICE = (
    "its words were judged by the recogniser alone: it sounds too unlike the chapters to be held against them, as "
    "another voice does"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A recording's cues where they sound, and what was heard of each."""

    places: Sequence[Place]
    results: Sequence[CueResult]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What becomes of a rendition's cues, the faults that were found, and notes on what could not be compared."""

    results: tuple[CueResult, ...]
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()


def narrow_clips(places: Sequence[Place]) -> dict[str, NDArray[np.int16]]:
    """The sound of each cue, by its id, as a telephone carries it: at 8 kHz, with some of the silence around it."""
    chapters: dict[int, NDArray[np.int16]] = {}
    clips = {}
    for place in places:
        number = place.timeline.chapter.number
        if number not in chapters:
            chapters[number] = _narrow(place.timeline)
        begin, end = (
            max(0, (edge + place.moved_ms) * telephone.RATE // 1000)
            for edge in (place.cue.speech_begin_ms - _AROUND_MS, place.cue.speech_end_ms + _AROUND_MS)
        )
        clips[place.cue.id] = chapters[number][begin:end]
    return clips


def _narrow(timeline: Timeline) -> NDArray[np.int16]:
    if timeline.narrow:  # nothing in it is above 4 kHz
        return timeline.pcm[:: RATE // telephone.RATE]
    return telephone.telephone(timeline.pcm, RATE)


def beside(book: Heard, clips: Mapping[str, NDArray[np.int16]], line: Heard) -> Judged:
    """The telephone's cues beside the book's, whose ``clips`` are from ``narrow_clips``.

    A cue that is alike is what the book's is; what the recogniser refuses in it is undecided, as is whatever witnesses
    contradict each other over. One that is unlike a cue of the book in which nothing is wrong is a fault. All others
    stay as the recogniser has them.
    """
    found = likenesses(clips, narrow_clips(line.places))
    alone = [one.id for one in line.results if one.id not in found]
    notes = (f"{len(alone)} of its cues were judged by the recogniser alone: the chapters lack their sound",)
    distances = sorted(one.distance for one in found.values())
    if distances and distances[len(distances) // 4] > SAME_VOICE:
        return Judged(results=tuple(line.results), notes=(ANOTHER_VOICE,))
    limit = max(UNLIKE, UNLIKE_OF_MIDDLE * median(distances)) if distances else math.inf
    of_book = {one.id: one for one in book.results}
    return Judged(
        results=tuple(
            _inherited(one, of_book[one.id]) if one.id in found and found[one.id].distance <= ALIKE else one
            for one in line.results
        ),
        findings=tuple(_unlike(line.results, of_book, found, limit)),
        notes=notes if alone else (),
    )


def _inherited(one: CueResult, book: CueResult) -> CueResult:
    """A cue that says what the book's says."""
    if book.state == "missing":
        return replace(one, state="missing")
    if one.state == "missing":
        wrong = tuple(choice for choice in book.choices if choice.state == "wrong")
        return replace(one, state="undecided", choices=wrong)
    if book.state != "found":
        return one
    if len(one.choices) == len(book.choices):
        return replace(one, state="found", choices=tuple(map(_worse, one.choices, book.choices)))
    return replace(one, state="found", choices=one.choices or book.choices)


def _worse(one: Choice, book: Choice) -> Choice:
    if one.state == "wrong" and book.state == "right":
        return replace(one, state="undecided")
    return one if one.state == "wrong" else book


def _unlike(
    results: Sequence[CueResult], of_book: Mapping[str, CueResult], found: Mapping[str, Likeness], limit: float
) -> Iterator[Finding]:
    for one in results:
        if one.id in found and found[one.id].distance > limit and not of_book[one.id].failed:
            at = max(0, found[one.id].at_ms - _AROUND_MS) / 1000
            message = f"{at:.1f} s after it begins it does not sound as in the chapters; expected '{one.expected}'"
            yield Finding(code="unlike", chapter=one.chapter, cue=one.id, begin_ms=one.begin_ms, message=message)
