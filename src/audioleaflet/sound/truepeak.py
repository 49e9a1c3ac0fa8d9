"""True peaks: how high the wave goes between the samples (ITU-R BS.1770-5, Annex 2)."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

OVERSAMPLING = 4
HALF_TAPS = 24
"""Samples to either side that an interpolated point is made from; the standard's own filter uses 6."""
KAISER_BETA = 4.0
"""A longer filter and a lower beta than usual: sibilants near half the sample rate count in full."""
BATCH = 64
"""Blocks at a time: so few that OpenBLAS uses one thread, which takes as long as two and half their work."""


def block_peaks(pcm: NDArray[np.int16], block: int, floor: float) -> NDArray[np.float32]:
    """The peak of each ``block`` samples of ``pcm``, in units of one sample step.

    Where the sample peak reaches ``floor`` the peak is that of the wave oversampled four times, from just
    before the block's first sample to just after its last; elsewhere it is the sample peak. Silence is
    assumed before and after. The last block may be short.
    """
    blocks = -(-len(pcm) // block)
    padded = np.zeros(blocks * block + 2 * HALF_TAPS, np.int16)
    padded[HALF_TAPS : HALF_TAPS + len(pcm)] = pcm
    rows = padded[HALF_TAPS : HALF_TAPS + blocks * block].reshape(blocks, block)
    # int16 has no +32768: the negative peak is widened before it is turned around.
    peaks: NDArray[np.float32] = np.maximum(rows.max(axis=1).astype(np.float32), -rows.min(axis=1).astype(np.float32))
    loud = np.flatnonzero(peaks >= max(floor, 1.0))
    windows = np.lib.stride_tricks.sliding_window_view(padded, block + 2 * HALF_TAPS)[::block]
    filters = _interpolator(block)
    for first in range(0, len(loud), BATCH):
        these = loud[first : first + BATCH]
        between = windows[these].astype(np.float32) @ filters
        peaks[these] = np.maximum(peaks[these], np.maximum(between.max(axis=1), -between.min(axis=1)))
    return peaks


@lru_cache(maxsize=8)
def _interpolator(block: int) -> NDArray[np.float32]:
    """The points between samples, as a matrix on a block's samples and HALF_TAPS more on either side."""
    taps = np.arange(-HALF_TAPS + 1, HALF_TAPS + 1)
    phases = np.arange(1, OVERSAMPLING) / OVERSAMPLING
    distance = taps[:, None] - phases[None, :]
    window = np.i0(KAISER_BETA * np.sqrt(np.maximum(1 - (distance / HALF_TAPS) ** 2, 0)))
    kernels = np.sinc(distance) * window
    kernels /= kernels.sum(axis=0)
    matrix = np.zeros((block + 2 * HALF_TAPS, (block + 1) * len(phases)), np.float32)
    for interval in range(block + 1):  # from the sample before the block to the sample after it
        columns = slice(interval * len(phases), (interval + 1) * len(phases))
        matrix[interval : interval + 2 * HALF_TAPS, columns] = kernels
    matrix.flags.writeable = False
    return matrix
