"""A look-ahead limiter: one gain for a whole book, and no peak above a ceiling, in speech that stays even."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from audioleaflet.sound.truepeak import block_peaks
from audioleaflet.units import Hz

LOOK_AHEAD_MS = 5
RELEASE_DB_A_MS = 0.05
"""How fast the gain returns: slow beside a pitch period of 10 ms, fast beside a word."""
MARGIN_DB = 0.25
"""Kept below the ceiling: four points a sample miss the top of a wave by as much (BS.1770-5, Annex 2)."""
GAIN_STEPS = 1 << 14
"""Gains are whole parts of this: processors that differ in a last bit still give the same samples."""


def limit(pcm: NDArray[np.int16], *, gain_db: float, ceiling_dbtp: float, rate: Hz) -> NDArray[np.int16]:
    """``pcm`` with ``gain_db`` applied and its true peak (four times oversampled) at most ``ceiling_dbtp``.

    One clip by itself: silence is assumed on both sides. As many samples come back. The gain falls over the
    5 ms before a peak and returns by 50 dB a second. Raises ValueError for a ceiling above 0 dBTP.
    """
    if ceiling_dbtp > 0:
        raise ValueError(f"a ceiling of {ceiling_dbtp} dBTP is above full scale")
    if not len(pcm):
        return pcm.copy()
    gain = 10 ** (gain_db / 20)
    ceiling = 32768 * 10 ** ((ceiling_dbtp - MARGIN_DB) / 20)
    block = rate // 1000
    peaks = block_peaks(pcm, block, ceiling / gain / 2).astype(np.float64) * gain
    if peaks.max() <= ceiling:
        return pcm.copy() if gain_db == 0 else _to_int16(pcm * np.float32(gain))
    loud = np.zeros(len(peaks) * block, np.float32)
    np.multiply(pcm, np.float32(gain), out=loud[: len(pcm)])
    _apply(loud.reshape(-1, block), _gains(peaks, ceiling))
    return _to_int16(loud[: len(pcm)])


def _gains(peaks: NDArray[np.float64], ceiling: float) -> NDArray[np.float32]:
    """The gain (0 to 1) at each edge of a block, one more than blocks, at most what both sides can take."""
    need = np.zeros(len(peaks) + 1)  # reduction in dB
    reduction = 20 * np.log10(np.maximum(peaks, ceiling) / ceiling)
    need[:-1] = reduction
    need[1:] = np.maximum(need[1:], reduction)
    # Release in a straight line of dB: the highest of all earlier needs, each lowered by the time since.
    fall = RELEASE_DB_A_MS * np.arange(len(need))
    held = np.maximum.accumulate(need + fall) - fall
    # Attack: the highest need of the look-ahead to come, then a mean over the look-ahead gone by. Each
    # value in that mean has seen the need at this edge, so the mean is at least that need.
    ahead = np.concatenate([held, np.zeros(LOOK_AHEAD_MS)])
    ahead = np.lib.stride_tricks.sliding_window_view(ahead, LOOK_AHEAD_MS + 1).max(axis=1)
    shape = np.hanning(LOOK_AHEAD_MS + 3)[1:-1]
    # What precedes the clip is silence, so the gain may be down already where it begins.
    before = np.full(LOOK_AHEAD_MS, ahead[0])
    smooth = np.convolve(np.concatenate([before, ahead]), shape / shape.sum(), mode="valid")
    return (np.floor(10 ** (-smooth / 20) * GAIN_STEPS) / GAIN_STEPS).astype(np.float32)


def _apply(blocks: NDArray[np.float32], gains: NDArray[np.float32]) -> None:
    """Multiply each row by a straight line between the gains at its edges, in place."""
    active = np.flatnonzero((gains[:-1] < 1) | (gains[1:] < 1))
    along = (np.arange(blocks.shape[1], dtype=np.float32) + np.float32(0.5)) / np.float32(blocks.shape[1])
    start = gains[active, None]
    blocks[active] *= start + (gains[active + 1, None] - start) * along


def _to_int16(samples: NDArray[np.float32]) -> NDArray[np.int16]:
    return np.rint(samples).astype(np.int16)
