"""How alike two recordings of the same words by the same voice are, and where they are least alike.

Both are sound of a telephone's band at 8 kHz. Cepstra of every 10 ms are laid along each other by dynamic time warping
(Sakoe and Chiba, 1978, slope limited to between a half and two): another rate changes how long sounds are, hardly what
they are. A word that one of them lacks, or has otherwise, finds no partner, and a tenth of a second is enough to tell.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from audioleaflet.proof.verify.voice import tables
from audioleaflet.units import Hz

RATE = Hz(8000)
_HOP, _WINDOW, _TRANSFORM = 80, 200, 256
_BAND = (150, 3500)
_EMPHASIS = 0.97
_FLOOR_DBFS = -55.0
"""As if there were noise of that level: what is softer is silence, and all silence is alike."""
_SILENCE = 12
"""Of a longer silence only so many frames count: slow speech has longer ones."""
_SPAN = 10
"""Steps of the way along both, about 100 ms, over which a distance is taken."""
_LEAST_HOP, _MOST_HOP = 20, 320

PCM = NDArray[np.int16]
Frames = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """How far apart two recordings are where they are least alike, in standard deviations of one cepstrum.

    Infinite where no warping lays them along each other. ``at_ms``: when that is, from the second one's start.
    """

    distance: float
    at_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sounds:
    """The frames of a recording, long silences shortened, and when each of them is, in samples."""

    frames: Frames
    times: NDArray[np.intp]


def likenesses(model: Mapping[str, PCM], other: Mapping[str, PCM]) -> dict[str, Likeness]:
    """How alike the recordings of each name are that both have: mono at 8 kHz, speech with some silence around it.

    ``other`` may be spoken at another rate, which is learned from the lengths of all.
    """
    names = [name for name in model if name in other and len(model[name])]
    if not names:
        return {}
    ratio = float(np.median([len(other[name]) / len(model[name]) for name in names]))
    hop = min(_MOST_HOP, max(_LEAST_HOP, round(_HOP * ratio)))
    models = {name: _sounds(model[name], _HOP) for name in names}
    every = np.concatenate([one.frames for one in models.values()])
    if not len(every):
        return {}
    spread = np.maximum(every.std(axis=0), 1e-6)
    return {name: _likeness(models[name], _sounds(other[name], hop), spread) for name in names}


def _sounds(pcm: PCM, hop: int) -> _Sounds:
    """The cepstra of every ``hop`` samples without the first, which is the level."""
    bands, cosines = tables(RATE, _TRANSFORM, *_BAND)
    if len(pcm) < _WINDOW:
        return _Sounds(frames=np.zeros((0, cosines.shape[1] - 1), np.float32), times=np.zeros(0, np.intp))
    sound = pcm.astype(np.float64)
    levels = np.square(_windows(sound, hop)).mean(axis=1) / 32768.0**2
    times = _kept(levels < 10 ** (_FLOOR_DBFS / 10))
    sharp = np.append(sound[0], sound[1:] - _EMPHASIS * sound[:-1])
    window = np.hamming(_WINDOW)
    power = np.abs(np.fft.rfft(_windows(sharp, hop)[times] * window, _TRANSFORM, axis=1)) ** 2
    turns = np.exp(-2j * np.pi * np.fft.rfftfreq(_TRANSFORM))
    noise = 32768.0**2 * 10 ** (_FLOOR_DBFS / 10) * np.square(window).sum() * np.abs(1 - _EMPHASIS * turns) ** 2
    frames = (np.log((power + noise) @ bands) @ cosines)[:, 1:].astype(np.float32)
    return _Sounds(frames=frames, times=times * hop)


def _windows(sound: NDArray[np.float64], hop: int) -> NDArray[np.float64]:
    return np.lib.stride_tricks.sliding_window_view(sound, _WINDOW)[::hop]


def _kept(silent: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Which frames count: all but the middle of long silences."""
    edges = np.flatnonzero(np.diff(silent.astype(np.int8), prepend=0, append=0))
    keep = np.ones(len(silent), bool)
    for begin, end in edges.reshape(-1, 2):
        if end - begin > _SILENCE:
            keep[begin + _SILENCE // 2 : end - _SILENCE // 2] = False
    return np.flatnonzero(keep)


def _likeness(model: _Sounds, other: _Sounds, spread: Frames) -> Likeness:
    one, two = model.frames / spread, other.frames / spread
    squares = np.square(one).sum(axis=1)[:, None] + np.square(two).sum(axis=1)[None] - 2 * one @ two.T
    apart = np.sqrt(np.maximum(squares, 0) / one.shape[1])
    way = _way(apart)
    if not len(way):
        return Likeness(distance=math.inf, at_ms=0)
    along = apart[way[:, 0], way[:, 1]].astype(np.float64)
    span = min(_SPAN, len(along))
    means = np.convolve(along, np.full(span, 1 / span), "valid")
    worst = int(means.argmax())
    at = other.times[way[worst + span // 2, 1]]
    return Likeness(distance=float(means[worst]), at_ms=int(at) * 1000 // RATE)


def _way(apart: Frames) -> NDArray[np.intp]:
    """The frames of both on the best way from their beginnings to their ends, steps by two; none where there is none.

    A step goes on by one frame of both, or by one of one and two of the other; each frame weighs a half.
    """
    rows, columns = apart.shape
    if not rows or not columns:
        return np.zeros((0, 2), np.intp)
    costs = np.full((3, columns), np.inf)
    before, last = np.full(columns, np.inf), np.full(columns, np.inf)
    last[0] = apart[0, 0]
    came = np.zeros((rows, columns), np.int8)
    for row in range(1, rows):
        costs.fill(np.inf)
        costs[0, 1:] = last[:-1] + apart[row, 1:]
        costs[1, 2:] = last[:-2] + 0.75 * (apart[row, 1:-1] + apart[row, 2:])
        costs[2, 1:] = before[:-1] + 0.75 * (apart[row - 1, 1:] + apart[row, 1:])
        came[row] = costs.argmin(axis=0)
        before, last = last, costs.min(axis=0)
    return _back(came) if np.isfinite(last[-1]) else np.zeros((0, 2), np.intp)


def _back(came: NDArray[np.int8]) -> NDArray[np.intp]:
    row, column = came.shape[0] - 1, came.shape[1] - 1
    way = [(row, column)]
    while row:
        step = came[row, column]
        if step == 1:
            way.append((row, column - 1))
        elif step == 2:
            way.append((row - 1, column))
        row, column = row - (2 if step == 2 else 1), column - (2 if step == 1 else 1)
        way.append((row, column))
    return np.array(way[::-1], np.intp)
