"""A chapter as a picture: its wave, its loudness and its cues, measured from the encoded file that people will play.

The picture is as wide as the chapter is long. Numbers here are places in a box of ``WIDTH`` by ``HEIGHT``; the page
draws them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from audioleaflet.book.model import Chapter, Cue
from audioleaflet.errors import SoundError
from audioleaflet.sound import ffmpeg
from audioleaflet.sound.loudness import GRID_MS, bin_energies, integrated
from audioleaflet.sound.mp3 import CODEC_DELAY
from audioleaflet.units import Hz, Ms, ms_to_clock, ms_to_samples

WIDTH, HEIGHT = 1000, 120
LANE = 20
"""The height of the lane of cues above the wave."""
COLUMNS = 500
SHORT_TERM_MS = 3000
"""EBU Tech 3341: short-term loudness is measured over 3 s."""
LOUDEST_LUFS, QUIETEST_LUFS = -8.0, -48.0
"""The top and the bottom of the picture's loudness scale."""
TARGET_LUFS = -19.0
_PICTURE_STEP_MS = 500
_TICKS_MS = (5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000)
_MOST_TICKS = 9
_LAST_TICK = 0.95  # of the chapter: a label nearer to the end would run out of the picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A cue in the picture: where its words begin and how long they take, as places; ``look`` names how it is drawn."""

    cue: str
    left: float
    width: float
    look: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A time written under the picture, at so many per cent of its width."""

    left: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """A chapter's picture. ``wave`` and ``loudness`` are SVG path data, ``told`` says the same in words.

    ``lufs`` is the chapter's integrated loudness, minus infinity where it is silent.
    """

    wave: str
    loudness: str
    target: float
    marks: tuple[Mark, ...]
    ticks: tuple[Tick, ...]
    lufs: float
    told: str


def picture(chapter: Chapter, file: Path, rate: Hz) -> Timeline:
    """The timeline of a chapter of a book. ``file``: its sound, of ``rate``. Raises SoundError."""
    try:
        data = file.read_bytes()
    except OSError as error:
        step = "build the leaflet again"
        raise SoundError(f"cannot read the chapter's sound {file}: {error.strerror}", next_step=step) from error
    samples = ms_to_samples(Ms(chapter.duration_ms), rate)
    pcm = np.frombuffer(ffmpeg.decode(data, rate=rate), np.int16)[CODEC_DELAY : CODEC_DELAY + samples]
    energies = bin_energies(pcm, rate)
    heard = integrated(energies)
    short_term = _short_term(energies)
    return Timeline(
        wave=_wave(pcm, samples),
        loudness=_line(short_term, chapter.duration_ms),
        target=round(_height(TARGET_LUFS), 1),
        marks=tuple(_mark(cue, chapter.duration_ms) for cue in chapter.cues),
        ticks=_ticks(chapter.duration_ms),
        lufs=heard,
        told=_told(chapter, heard, short_term),
    )


def pauses_ms(chapter: Chapter) -> list[int]:
    """The silences between the words of one cue and those of the next, in ms."""
    return [after.speech_begin_ms - before.speech_end_ms for before, after in pairwise(chapter.cues)]


def _short_term(energies: NDArray[np.float32]) -> NDArray[np.float64]:
    """Loudness in LUFS over the 3 s around every half second (shorter at the ends); minus infinity for silence."""
    window, step = SHORT_TERM_MS // GRID_MS, _PICTURE_STEP_MS // GRID_MS
    sums = np.concatenate([[0.0], np.cumsum(energies, dtype=np.float64)])
    middles = np.arange(0, len(energies) + 1, step)
    begins = np.maximum(middles - window // 2, 0)
    ends = np.minimum(middles + window // 2, len(energies))
    means = (sums[ends] - sums[begins]) / np.maximum(ends - begins, 1)
    with np.errstate(divide="ignore"):
        lufs: NDArray[np.float64] = 10 * np.log10(means) - 0.691
    return lufs


def _wave(pcm: NDArray[np.int16], samples: int) -> str:
    """The outline of the wave: the highest point of each column, mirrored below."""
    edges = np.linspace(0, samples, COLUMNS + 1).astype(int)
    heights = [int(np.abs(part.astype(np.int32)).max()) if len(part) else 0 for part in _parts(pcm, edges)]
    middle, half = (HEIGHT + LANE) / 2, (HEIGHT - LANE) / 2
    step = WIDTH / COLUMNS
    columns = [(round((place + 0.5) * step, 1), half * height / 32768) for place, height in enumerate(heights)]
    above = [f"{x:g},{middle - y:.1f}" for x, y in columns]
    below = [f"{x:g},{middle + y:.1f}" for x, y in reversed(columns)]
    return f"M{' '.join((*above, *below))}Z"


def _parts(pcm: NDArray[np.int16], edges: NDArray[np.int_]) -> list[NDArray[np.int16]]:
    return [pcm[begin:end] for begin, end in pairwise(edges)]


def _line(lufs: NDArray[np.float64], duration_ms: int) -> str:
    """The loudness line, a point every half second; silence lies on the bottom."""
    points = [
        f"{min(place * _PICTURE_STEP_MS / duration_ms, 1) * WIDTH:.1f},{_height(float(level)):.1f}"
        for place, level in enumerate(lufs)
    ]
    return f"M{' '.join(points)}"


def _height(lufs: float) -> float:
    share = (LOUDEST_LUFS - max(QUIETEST_LUFS, min(LOUDEST_LUFS, lufs))) / (LOUDEST_LUFS - QUIETEST_LUFS)
    return LANE + share * (HEIGHT - LANE)


def _mark(cue: Cue, duration_ms: int) -> Mark:
    scale = WIDTH / duration_ms
    return Mark(
        cue=cue.id,
        left=round(cue.speech_begin_ms * scale, 1),
        width=round(max(1.0, (cue.speech_end_ms - cue.speech_begin_ms) * scale), 1),
        look=look(cue),
    )


def look(cue: Cue) -> str:
    """How a cue is drawn: ``heading``, ``urgent``, ``sound`` (for the ear alone) or ``text``."""
    if not cue.printed:
        return "sound"
    if cue.kind == "urgent":
        return "urgent"
    return "heading" if cue.role == "heading" else "text"


def _ticks(duration_ms: int) -> tuple[Tick, ...]:
    step = next((step for step in _TICKS_MS if duration_ms / step <= _MOST_TICKS), _TICKS_MS[-1])
    return tuple(
        Tick(left=round(100 * at / duration_ms, 2), label=ms_to_clock(Ms(at)))
        for at in range(0, duration_ms, step)
        if at <= duration_ms * _LAST_TICK
    )


def _told(chapter: Chapter, lufs: float, short_term: Sequence[float] | NDArray[np.float64]) -> str:
    """The picture in words, for whoever does not see it."""
    pauses = pauses_ms(chapter)
    loud = [float(level) for level in short_term if math.isfinite(level)]
    parts = [f"{ms_to_clock(Ms(chapter.duration_ms))} long, {len(chapter.cues)} utterances."]
    if pauses:
        parts.append(f"Pauses from {min(pauses) / 1000:.1f} to {max(pauses) / 1000:.1f} s.")
    if math.isfinite(lufs) and loud:
        spread = f"over three seconds at most {max(loud):.1f}"
        parts.append(f"Loudness {lufs:.1f} LUFS (wanted: {TARGET_LUFS:g}), {spread}.".replace("-", "−"))
    else:
        parts.append("The chapter is silent.")
    return " ".join(parts)
