"""What the voice of a book sounds like, learned from the book: a second witness beside the recogniser.

The recogniser was trained on people. A narrator, above all a synthetic one, says a sound the same way every time, so
some minutes of it tell its own sounds apart far better. Each third of each phone is one Gaussian of cepstra with their
first and second differences (39 numbers every 10 ms), learned from where the recogniser heard the words, then aligned
again by what was learned. What was said wrong is in the lesson too, but one place in hundreds teaches little.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, product

import numpy as np
from numpy.typing import NDArray

from audioleaflet.proof.verify.pronunciations import ANY

FRAME_S = 0.01
RATE = 16000
_HOP, _WINDOW, _TRANSFORM, _BANDS, _CEPSTRA = 160, 400, 512, 26, 13
_WHOLE, _TELEPHONE = (100, 7600), (150, 3500)
_PRIOR = 20
"""How many frames of the whole book stand beside a phone's own: a rare phone is taken for anything."""
_LESSONS = 3
_MOST_READINGS = 24
NOTHING = -1e30

Frames = NDArray[np.float32]
Scores = NDArray[np.float64]
State = tuple[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A word or a silence (its key empty) of an utterance: from frame ``begin`` to before ``end``, and its phones."""

    key: str
    begin: int
    end: int
    phones: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """An utterance to learn from: its frames, and the words where the recogniser placed them."""

    frames: Frames
    stretches: tuple[Stretch, ...]


def cepstra(pcm: NDArray[np.int16], *, narrow: bool = False) -> Frames:
    """The 39 numbers of every 10 ms of mono ``pcm`` at 16 kHz, frames by numbers. At least 25 ms are needed.

    ``narrow``: it comes from a telephone's band, and nothing outside of that is looked at.
    """
    sound = pcm.astype(np.float64)
    sound = np.append(sound[0], sound[1:] - 0.97 * sound[:-1])
    frames = np.lib.stride_tricks.sliding_window_view(sound, _WINDOW)[::_HOP] * np.hamming(_WINDOW)
    power = np.abs(np.fft.rfft(frames, _TRANSFORM, axis=1)) ** 2
    bands, cosines = tables(RATE, _TRANSFORM, *(_TELEPHONE if narrow else _WHOLE))
    still = np.log(np.maximum(power @ bands, 1.0)) @ cosines
    moving = _differences(still)
    return np.concatenate([still, moving, _differences(moving)], axis=1).astype(np.float32)


def _differences(values: NDArray[np.float64]) -> NDArray[np.float64]:
    padded = np.pad(values, ((2, 2), (0, 0)), "edge")
    slope: NDArray[np.float64] = (2 * (padded[4:] - padded[:-4]) + padded[3:-1] - padded[1:-3]) / 10
    return slope


@lru_cache(maxsize=4)
def tables(rate: int, transform: int, lowest: int, highest: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mel bands between two frequencies (bins by bands), and the cosine transform (bands by cepstra, level first).

    ``rate`` and the frequencies in Hz; ``transform``: over how many samples the bins are.
    """
    edges = 700 * (10 ** (np.linspace(_mel(lowest), _mel(highest), _BANDS + 2) / 2595) - 1)
    hertz = np.fft.rfftfreq(transform, 1 / rate)[:, None]
    low, middle, high = edges[:-2], edges[1:-1], edges[2:]
    bands = np.maximum(0, np.minimum((hertz - low) / (middle - low), (high - hertz) / (high - middle)))
    turns = np.outer(np.arange(_BANDS) + 0.5, np.arange(_CEPSTRA)) * np.pi / _BANDS
    return bands, np.cos(turns) * np.sqrt(2 / _BANDS)


def _mel(hertz: float) -> float:
    return float(2595 * np.log10(1 + hertz / 700))


class Voice:
    """The sounds of one voice. Scores are natural logarithms of likelihood."""

    def __init__(self, lessons: Iterable[Lesson]) -> None:
        sums: dict[State, list[NDArray[np.float64]]] = {}
        for lesson in lessons:
            for state, frames in _parts(lesson):
                sums.setdefault(state, []).append(frames.astype(np.float64))
        self.states = tuple(sorted(sums))
        whole = np.concatenate([frames for parts in sums.values() for frames in parts])
        spread = whole.var(axis=0)
        means, variances = [whole.mean(axis=0)], [spread]  # the first is for a phone that was never heard
        for state in self.states:
            frames = np.concatenate(sums[state])
            variance = (frames.var(axis=0) * len(frames) + spread * _PRIOR) / (len(frames) + _PRIOR)
            means.append(frames.mean(axis=0))
            variances.append(np.maximum(variance, 0.05 * spread))
        self._means, self._precisions = np.array(means), 1 / np.array(variances)
        self._bases = -0.5 * (np.log(2 * np.pi * np.array(variances)) + self._means**2 * self._precisions).sum(axis=1)
        self._columns: Mapping[State, int] = {state: column for column, state in enumerate(self.states, 1)}

    @classmethod
    def learned(cls, lessons: Sequence[Lesson]) -> Voice:
        """The voice after several lessons, aligned anew after each."""
        voice = cls(lessons)
        for _ in range(_LESSONS):
            voice = cls(_Realigned.of(lesson, voice) for lesson in lessons)
        return voice

    def scores(self, frames: Frames) -> Scores:
        """Every state's score of every frame (frames by states); column 0 is any sound at all."""
        values = frames.astype(np.float64)
        # The square of a difference, multiplied out.
        scores: Scores = (
            self._bases - 0.5 * (values**2) @ self._precisions.T + values @ (self._means * self._precisions).T
        )
        return scores

    def columns(self, phones: Iterable[str]) -> list[int]:
        """Where the states of phones stand in ``scores``."""
        return [self._columns.get((phone, part), 0) for phone in phones for part in range(3)]

    def fit(self, scores: Scores, stretches: Iterable[Stretch]) -> float:
        """How well an alignment explains its frames, against the best that any sounds could: 0 or below, a frame."""
        total, length = 0.0, 0
        for stretch in stretches:
            if stretch.key == ANY:
                continue
            part = scores[stretch.begin : stretch.end]
            total += _along(part, self.columns(stretch.phones)) - float(part.max(axis=1).sum())
            length += len(part)
        return max(total / length, -99.0) if length else -99.0

    def best(self, scores: Scores, words: Sequence[Sequence[Sequence[str]]]) -> float:
        """The score of some words said one after another over all frames; for each word its readings' phones."""
        found = NOTHING
        for reading in islice(product(*words), _MOST_READINGS):
            columns = self.columns(phone for word in reading for phone in word)
            if len(columns) <= len(scores):
                found = max(found, _along(scores, columns))
        return found


def _along(scores: Scores, columns: Sequence[int]) -> float:
    """The best score of going through states in order, each for a frame or more. Too few frames: a little less each."""
    if not columns or len(scores) < len(columns):
        return NOTHING
    emitted = scores[:, columns]
    best = np.full(len(columns), NOTHING)
    best[0] = emitted[0, 0]
    for frame in emitted[1:]:
        best[1:] = np.maximum(best[1:], best[:-1])
        best += frame
    return float(best[-1])


def _parts(lesson: Lesson) -> Iterator[tuple[State, Frames]]:
    """The frames of each state, the states of a stretch sharing its time evenly until it is aligned."""
    for stretch, cuts in _cuts(lesson):
        states = [(phone, part) for phone in stretch.phones for part in range(3)]
        for state, begin, end in zip(states, cuts[:-1], cuts[1:], strict=True):
            if end > begin:
                yield state, lesson.frames[begin:end]


def _cuts(lesson: Lesson) -> Iterator[tuple[Stretch, Sequence[int]]]:
    given = lesson.cuts if isinstance(lesson, _Realigned) else ((),) * len(lesson.stretches)
    for number, stretch in enumerate(lesson.stretches):
        if stretch.key == ANY:
            continue
        length, states = stretch.end - stretch.begin, 3 * len(stretch.phones)
        even = [stretch.begin + length * part // states for part in range(states + 1)]
        yield stretch, given[number] or even


@dataclass(frozen=True, slots=True, kw_only=True)
class _Realigned(Lesson):
    """A lesson with the frame at which each state of each stretch begins, and the last one ends."""

    cuts: tuple[Sequence[int], ...]

    @classmethod
    def of(cls, lesson: Lesson, voice: Voice) -> _Realigned:
        scores = voice.scores(lesson.frames)
        cuts = [
            _aligned(scores[stretch.begin : stretch.end], voice.columns(stretch.phones), stretch.begin)
            for stretch in lesson.stretches
        ]
        return cls(frames=lesson.frames, stretches=lesson.stretches, cuts=tuple(cuts))


def _aligned(scores: Scores, columns: Sequence[int], begin: int) -> Sequence[int]:
    """Where each state begins on the best way through them, and where the last ends; empty where time is too short."""
    length, states = len(scores), len(columns)
    if length < states:
        return ()
    emitted = scores[:, columns]
    best = np.full(states, NOTHING)
    best[0] = emitted[0, 0]
    came = np.zeros((length, states), bool)
    for frame in range(1, length):
        came[frame, 1:] = best[:-1] > best[1:]
        best[1:] = np.maximum(best[1:], best[:-1])
        best += emitted[frame]
    cuts = [begin + length]
    state = states - 1
    for frame in range(length - 1, 0, -1):
        if came[frame, state]:
            cuts.append(begin + frame)
            state -= 1
    return (begin, *reversed(cuts))
