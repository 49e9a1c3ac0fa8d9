"""A chapter's sound as it comes from its file, and where in it there is sound: in steps of 10 ms, no recogniser."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from audioleaflet.book.model import Chapter, Cue
from audioleaflet.errors import SoundError
from audioleaflet.sound import ffmpeg
from audioleaflet.sound.mp3 import CODEC_DELAY
from audioleaflet.units import Hz

STEP_MS = 10
RATE = Hz(16000)
_STEP = RATE * STEP_MS // 1000
AUDIBLE_DBFS = -50.0
"""What is softer counts as silence: encoded silence is below -70, telephone sound has noise."""
_MOVED_MS = 80
_HEADERLESS = {".ulaw": ("mulaw", 8000), ".alaw": ("alaw", 8000), ".sln": ("s16le", 8000), ".sln16": ("s16le", 16000)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """A chapter in sound. ``pcm``: mono at 16 kHz, the codec's delay removed. ``levels``: dBFS of every 10 ms.

    ``narrow``: it has a telephone's band.
    """

    chapter: Chapter
    pcm: NDArray[np.int16]
    levels: NDArray[np.float64]
    full_scale: int
    narrow: bool = False

    @property
    def length_ms(self) -> int:
        """How long the sound is."""
        return len(self.pcm) * 1000 // RATE

    def between(self, begin_ms: int, end_ms: int) -> NDArray[np.float64]:
        """The levels from one time to another; nothing before the beginning and after the end."""
        return self.levels[max(0, begin_ms // STEP_MS) : max(0, end_ms // STEP_MS)]

    def audible(self, begin_ms: int, end_ms: int) -> NDArray[np.intp]:
        """The times in ms, from the chapter's start, of every 10 ms between two times that can be heard."""
        found = np.nonzero(self.between(begin_ms, end_ms) > AUDIBLE_DBFS)[0]
        return (found + max(0, begin_ms // STEP_MS)) * STEP_MS

    def clip(self, begin_ms: int, end_ms: int) -> NDArray[np.int16]:
        """The samples from one time to another."""
        return self.pcm[max(0, begin_ms * RATE // 1000) : max(0, end_ms * RATE // 1000)]


def read(folder: Path, chapter: Chapter) -> Timeline:
    """Decode a chapter's file. Raises SoundError where it is missing or no sound."""
    path = folder / chapter.audio
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SoundError(f"cannot read {path}: {error.strerror}", next_step="build the leaflet again") from error
    pcm = np.frombuffer(_decoded(path.suffix, data), "<i2")
    late = _delay(path.suffix, data)
    loud = np.abs(pcm.astype(np.int32)) >= 32700
    on_time = np.pad(pcm[late:], (0, late))
    _, rate = _HEADERLESS.get(path.suffix, ("", RATE))
    return Timeline(
        chapter=chapter, pcm=on_time, levels=_levels(on_time), full_scale=int(loud.sum()), narrow=rate < RATE
    )


def _decoded(suffix: str, data: bytes) -> bytes:
    headerless = _HEADERLESS.get(suffix)
    if headerless is None:
        return ffmpeg.decode(data, rate=RATE)
    name, rate = headerless
    given = ["-f", name, "-ar", str(rate), "-ac", "1", "-i", "pipe:0"]
    return ffmpeg.run([*given, "-af", "aresample=resampler=soxr", "-ar", str(RATE), "-f", "s16le", "pipe:1"], data)


def _delay(suffix: str, data: bytes) -> int:
    """By how many samples the decoded sound is late: our MP3 frames carry no Info frame that would tell a decoder."""
    told = any(mark in data[:200_000] for mark in (b"Xing", b"Info"))
    return 0 if suffix != ".mp3" or told else round(CODEC_DELAY / 22050 * RATE)


def _levels(pcm: NDArray[np.int16]) -> NDArray[np.float64]:
    steps = pcm[: len(pcm) - len(pcm) % _STEP].reshape(-1, _STEP).astype(np.float64)
    power = (steps**2).mean(axis=1) / 32768.0**2
    levels: NDArray[np.float64] = 10 * np.log10(np.maximum(power, 1e-12))
    return levels


def moves(timeline: Timeline) -> tuple[int, ...]:
    """How much later than its times each cue sounds, in ms: where a sentence was cut out, all after it come earlier.

    One cut or insertion a chapter is found: the place where, from there on moved by the difference, the pauses of the
    sound agree with those of the cues far better than unmoved.
    """
    cues = timeline.chapter.cues
    still = (0,) * len(cues)
    last = timeline.audible(0, timeline.length_ms)
    ends = int(last[-1]) + STEP_MS - cues[-1].speech_end_ms if len(last) else 0
    candidates = {timeline.length_ms - timeline.chapter.duration_ms, ends}
    unmoved = _disagreements(timeline, 0)
    best, found = 0.5 * sum(unmoved), still
    for move in sorted(candidates):
        if abs(move) < _MOVED_MS:
            continue
        moved = _disagreements(timeline, move)
        for first in range(len(cues)):
            cost = sum(unmoved[:first]) + sum(moved[first:])
            if cost < best:
                best, found = cost, (*still[:first], *((move,) * (len(cues) - first)))
    return _without_overlap(cues, found)


def _without_overlap(cues: Sequence[Cue], found: tuple[int, ...]) -> tuple[int, ...]:
    """Where the first moved cue and the one before it would sound at once, one was cut out: the one of that length.

    If it is the later, it is looked for at its own time, where it is not.
    """
    moved = next((number for number, move in enumerate(found) if move), 0)
    if not moved or cues[moved].speech_begin_ms + found[moved] >= cues[moved - 1].speech_end_ms:
        return found
    before, later = (abs(cue.end_ms - cue.begin_ms + found[moved]) for cue in cues[moved - 1 : moved + 1])
    return (*found[:moved], 0, *found[moved + 1 :]) if later < before else found


def _disagreements(timeline: Timeline, move: int) -> list[int]:
    """For each cue, how many tens of ms of the pause after it are heard, and of its first and last words are not."""
    counts = []
    cues: Sequence[Cue] = timeline.chapter.cues
    for cue, after in pairwise((*cues, None)):
        assert cue is not None, "the last of the pairs has no cue after it"
        until = after.speech_begin_ms if after else timeline.chapter.duration_ms
        silence = len(timeline.audible(cue.speech_end_ms + 40 + move, until - 40 + move))
        edges = ((cue.speech_begin_ms, cue.speech_begin_ms + 150), (cue.speech_end_ms - 150, cue.speech_end_ms))
        counts.append(silence + sum(15 * (not len(timeline.audible(b + move, e + move))) for b, e in edges))
    return counts
