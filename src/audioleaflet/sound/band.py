"""A band of a sound at another rate, with no delay: what a telephone line lets through, and no more.

The rate is changed by libsoxr; a symmetric filter then leaves out what lies outside the band (overlap-save).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import soxr
from numpy.typing import NDArray

from audioleaflet.units import Hz

_HALF_S = 0.02
"""Half the filter's length. It falls by 70 dB within 110 Hz."""
_STEEP_HZ = 110
_KAISER_BETA = 6.8
_BLOCK = 8192
_BATCH = 16
"""Blocks at a time: an hour of speech needs as much memory as 20 seconds."""


def resampled(pcm: NDArray[np.int16], rate: Hz, to: Hz, low: int, high: int) -> NDArray[np.float32]:
    """``pcm`` from ``low`` to ``high`` Hz in full, nothing outside by 110 Hz more, at the rate ``to``.

    ``round(len(pcm) * to / rate)`` samples come back; silence is assumed before and after. Raises ValueError for a
    rate below 8000 Hz. A band that ends above what both rates can carry ends there.
    """
    if rate < 8000:
        raise ValueError(f"{rate} Hz: need at least 8000 Hz")
    length = round(len(pcm) * to / rate)
    sound = np.zeros(length, np.float32)
    changed = soxr.resample(pcm.astype(np.float32), rate, to, quality="HQ")[:length]
    sound[: len(changed)] = changed
    return _filtered(sound, to, low, min(high, min(rate, to) // 2 - _STEEP_HZ))


def _filtered(sound: NDArray[np.float32], rate: Hz, low: int, high: int) -> NDArray[np.float32]:
    half = round(_HALF_S * rate)
    response = _response(rate, low, high)
    step = _BLOCK - 2 * half
    blocks = -(-len(sound) // step)
    padded = np.zeros(blocks * step + 2 * half, np.float32)
    padded[half : half + len(sound)] = sound
    out = np.empty((blocks, step), np.float32)
    for first in range(0, blocks, _BATCH):
        some = range(first, min(first + _BATCH, blocks))
        spectra = np.fft.rfft(np.stack([padded[at * step : at * step + _BLOCK] for at in some]), axis=1)
        out[first : some.stop] = np.fft.irfft(spectra * response, _BLOCK, axis=1)[:, half : half + step]
    return out.reshape(-1)[: len(sound)]


@lru_cache(maxsize=16)
def _response(rate: Hz, low: int, high: int) -> NDArray[np.float32]:
    """The filter's spectrum on a block. It is symmetric about the block's first sample: no delay."""
    half = round(_HALF_S * rate)
    time = np.arange(-half, half + 1)
    window = np.i0(_KAISER_BETA * np.sqrt(1 - (time / half) ** 2)) / np.i0(_KAISER_BETA)
    taps = (_low_pass(time, high + _STEEP_HZ / 2, rate) - _low_pass(time, low - _STEEP_HZ / 2, rate)) * window
    circle = np.zeros(_BLOCK)
    circle[time] = taps  # negative times stand at the end
    response: NDArray[np.float32] = np.fft.rfft(circle).real.astype(np.float32)
    response.flags.writeable = False
    return response


def _low_pass(time: NDArray[np.int_], hertz: float, rate: Hz) -> NDArray[np.float64]:
    share = 2 * max(0.0, hertz) / rate
    taps: NDArray[np.float64] = share * np.sinc(share * time)
    return taps
