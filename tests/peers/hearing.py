"""Which known sounds are in a recording, where they begin in it, and from which place of theirs.

A window of the recording is looked for in all sounds at once by normalised cross-correlation (through the FFT); from
there, both are followed forwards and backwards for as long as they are the same. Knows nothing of what made the sounds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RATE = 8000
WINDOW = 2400  # samples: 0.3 s tell one place from every other
SHORTEST = 480  # samples: what is shorter than 60 ms cannot be told
STEP = 80  # samples: how finely two sounds are followed side by side
ALIKE = 0.97  # correlation from which a window is found; A-law and µ-law of the same sound have 0.999
_BLOCK = 1 << 16
_AS_LONG = 1200  # samples: what two sounds that end alike may differ by in their silence
_LOUD = 200.0
_QUIET = 100.0  # RMS of 16-bit samples: below, nothing is said

Samples = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Heard:
    """A stretch of a known sound: ``begin_s`` and ``end_s`` in the recording, ``offset_s`` into the sound.

    It begins and ends with something loud: one silence is like another, and cannot be told to be this one's.
    """

    sound: str
    offset_s: float
    begin_s: float
    end_s: float

    def __str__(self) -> str:
        return f"{self.begin_s:.2f}–{self.end_s:.2f} {self.sound} from {self.offset_s:.2f}"


def from_ulaw(data: bytes) -> Samples:
    """µ-law bytes as 16-bit values (ITU-T G.711, table 2a)."""
    code = ~np.frombuffer(data, np.uint8) & 0xFF
    size = (((code & 0x0F).astype(np.int32) << 3) + 0x84 << ((code & 0x70) >> 4)) - 0x84
    return np.where(code & 0x80, -size, size).astype(np.float32)


def loud(samples: Samples, begin: int = 0) -> list[tuple[int, int]]:
    """The first and the last place in ``samples`` at which something is heard, counted from ``begin``; or nothing."""
    found = np.flatnonzero(np.abs(samples) >= _LOUD)
    return [(begin + int(found[0]), begin + int(found[-1]) + 1)] if len(found) else []


class Ear:
    """All sounds that may be heard, by name, ready to be looked through."""

    def __init__(self, sounds: Mapping[str, Samples]) -> None:
        self._names = list(sounds)
        self._sounds = [sounds[name].astype(np.float32) for name in self._names]
        gap = np.zeros(WINDOW, np.float32)
        parts = [part for sound in self._sounds for part in (gap, sound)]
        self._starts = np.cumsum([WINDOW, *(len(sound) + WINDOW for sound in self._sounds)])
        whole = np.concatenate(parts)
        self._hop = _BLOCK - WINDOW
        count = -(-len(whole) // self._hop)
        padded = np.pad(whole, (0, count * self._hop + WINDOW - len(whole)))
        sums = np.concatenate([[0.0], np.cumsum(padded.astype(np.float64) ** 2)])
        self._energy = np.sqrt(np.maximum(sums[WINDOW:] - sums[:-WINDOW], 1.0))
        self._blocks = np.stack(
            [np.fft.rfft(padded[at : at + _BLOCK], _BLOCK) for at in range(0, count * self._hop, self._hop)]
        ).astype(np.complex64)

    def hear(self, recording: NDArray[np.int16] | Samples) -> list[Heard]:
        """Every stretch of a known sound in a recording of ``RATE``, in order; what is unknown is passed over."""
        recorded = recording.astype(np.float32)
        return [
            Heard(name, (first - shift) / RATE, first / RATE, last / RATE)
            for name, shift, begin, end in self._stretches(recorded)
            for first, last in loud(recorded[begin:end], begin)
            if last - first >= SHORTEST
        ]

    def _stretches(self, recorded: Samples) -> Iterator[tuple[str, int, int, int]]:
        """Name, where in the recording the sound's own beginning would be, and where the stretch begins and ends."""
        at = taken = 0
        while at + WINDOW <= len(recorded):
            window = recorded[at : at + WINDOW]
            if _rms(window[: WINDOW // 2]) < _QUIET:
                at += STEP
                continue
            followed = [
                (*self._followed(recorded, at, taken, number, place), number, place)
                for number, place in self._places(window)
            ]
            if not followed:
                at += 4 * STEP
                continue
            longest = max(end - begin for begin, end, _, _ in followed)
            # Of sounds that have the same words, the shortest: a prompt, not the chapter that says it as well.
            begin, end, number, place = min(
                (one for one in followed if one[1] - one[0] > longest - _AS_LONG),
                key=lambda one: len(self._sounds[one[2]]),
            )
            end = max(end, at + STEP)
            yield self._names[number], at - place, begin, end
            at = taken = end

    def _places(self, window: Samples) -> list[tuple[int, int]]:
        """Sounds, and places in them, that are like the window: the best one, and those that are as good."""
        spectrum = np.conj(np.fft.rfft(window, _BLOCK)).astype(np.complex64)
        fits = np.fft.irfft(self._blocks * spectrum, _BLOCK, axis=1)[:, : self._hop].ravel()
        alike = fits / self._energy[: len(fits)] / max(float(np.linalg.norm(window)), 1.0)
        best = float(alike.max())
        if best < ALIKE:
            return []
        places = []
        for place in np.flatnonzero(alike >= best - 0.002):
            # A window may begin in the silence before a sound: at a place below 0 of it.
            number = int(np.searchsorted(self._starts - WINDOW, place, side="right")) - 1
            places.append((number, int(place) - int(self._starts[number])))
        return places[:40]

    def _followed(self, recorded: Samples, at: int, first: int, number: int, place: int) -> tuple[int, int]:
        """Where the stretch of the sound around ``at`` begins and ends in the recording."""
        sound = self._sounds[number]
        at, place = at - min(place, 0), max(place, 0)
        length = min(len(recorded) - at, len(sound) - place)
        same = _same(recorded[at : at + length], sound[place : place + length])
        end = at + (length if same.all() else int(np.argmin(same)) * STEP)
        length = min(at - first, place)
        same = _same(recorded[at - length : at][::-1], sound[place - length : place][::-1])
        return at - (length if same.all() else int(np.argmin(same)) * STEP), end


def _same(one: Samples, other: Samples) -> NDArray[np.bool_]:
    """Which steps of two stretches of the same length are alike, but for the error of A-law and µ-law."""
    count = -(-len(one) // STEP)
    room = count * STEP - len(one)
    left, right = (np.pad(each, (0, room)).reshape(count, STEP) for each in (one, other))
    apart = np.sqrt(np.mean((left - right) ** 2, axis=1))
    loud = np.sqrt(np.mean(right**2, axis=1))
    return np.concatenate([apart <= 0.15 * loud + 20.0, [True]])


def _rms(samples: Samples) -> float:
    return float(np.sqrt(np.mean(samples**2)))
