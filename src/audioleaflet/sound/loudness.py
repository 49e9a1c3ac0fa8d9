"""Loudness and true peak of mono speech (EBU R 128, ITU-R BS.1770-5), in parts that can be kept a clip.

Clips lie on a grid of 20 ms, with silence between them. The K-weighted energy of a clip in each 20 ms is
measured once; a chapter's or a book's energies are then those of its clips laid end to end, with zeros for
silence, and its loudness follows from them alone. (The filter's ringing past a clip's end is left out; it
dies away in some 20 ms.)

A mono file is measured as one channel, as ffmpeg's ebur128 does: -19 LUFS of mono is as loud as -16 LUFS of
stereo.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from audioleaflet.errors import SoundError
from audioleaflet.sound.truepeak import block_peaks
from audioleaflet.units import Hz

GRID_MS = 20
BINS_A_BLOCK = 20
BINS_A_STEP = 5
"""Gating blocks of 400 ms, a new one every 100 ms (BS.1770-5, Annex 1)."""
ABSOLUTE_GATE_LUFS = -70.0
RELATIVE_GATE_LU = -10.0
GAIN_STEP_DB = 0.5
RING_MS = 100
"""How much of the filter's answer to an impulse is kept: by then it has fallen below -150 dB."""
BATCH = 4


def grid_samples(rate: Hz) -> int:
    """Samples in one place of the grid. Raises ValueError for a rate that 20 ms does not divide evenly."""
    samples, rest = divmod(rate * GRID_MS, 1000)
    if rest or rate < 8000:
        raise ValueError(f"{rate} Hz: need at least 8000 Hz and a whole number of samples in {GRID_MS} ms")
    return samples


def bin_energies(pcm: NDArray[np.int16], rate: Hz) -> NDArray[np.float32]:
    """The mean square of the K-weighted sound in each 20 ms of ``pcm``; 1 is a full-scale square wave.

    ``pcm``: mono samples. The last 20 ms are filled up with silence. Silence is assumed before the first
    sample.
    """
    size = grid_samples(rate)
    bins = -(-len(pcm) // size)
    if not bins:
        return np.zeros(0, np.float32)
    length, overlap, response = _filter(rate)
    bins_a_row = (length - overlap) // size
    hop = bins_a_row * size
    rows = -(-bins // bins_a_row)
    padded = np.zeros(rows * hop + length - hop, np.int16)
    lead = length - hop
    padded[lead : lead + len(pcm)] = pcm
    windows = np.lib.stride_tricks.sliding_window_view(padded, length)[::hop]
    energies = np.empty((rows, bins_a_row), np.float32)
    for first in range(0, rows, BATCH):  # overlap-save: of each row's circular convolution the first part is spoilt
        spectra = np.fft.rfft(windows[first : first + BATCH].astype(np.float32), axis=1)
        spectra *= response
        weighted = np.fft.irfft(spectra, length, axis=1)[:, lead:].reshape(-1, bins_a_row, size)
        np.einsum("rbs,rbs->rb", weighted, weighted, out=energies[first : first + BATCH])
    return energies.ravel()[:bins] / np.float32(size * 32768.0**2)


def integrated(bins: NDArray[np.float32]) -> float:
    """Integrated loudness in LUFS of energies from ``bin_energies``. Minus infinity for silence.

    Gated at -70 LUFS, then 10 LU below the mean of what is left. Sound shorter than one block of 400 ms
    counts as one block with silence after it.
    """
    # Sums over the 100 ms by which blocks overlap come first: ten hours are 15 MB of bins, and 3 MB of these.
    whole = len(bins) - len(bins) % BINS_A_STEP
    steps = bins[:whole].reshape(-1, BINS_A_STEP).sum(axis=1, dtype=np.float64)
    steps_a_block = BINS_A_BLOCK // BINS_A_STEP
    if len(steps) < steps_a_block:
        steps = np.zeros(steps_a_block)
        steps[0] = bins.sum(dtype=np.float64)
    blocks = np.lib.stride_tricks.sliding_window_view(steps, steps_a_block).sum(axis=1) / BINS_A_BLOCK
    blocks = blocks[blocks > _mean_square(ABSOLUTE_GATE_LUFS)]
    if not len(blocks):
        return -math.inf
    relative = blocks.mean() * 10 ** (RELATIVE_GATE_LU / 10)
    return _lufs(float(blocks[blocks > relative].mean()))


def true_peak(pcm: NDArray[np.int16], rate: Hz) -> float:
    """The true peak of ``pcm`` in dBTP, oversampled four times where samples come within 6 dB of the highest.

    Minus infinity for silence.
    """
    if not len(pcm):
        return -math.inf
    highest = max(int(pcm.max()), -int(pcm.min()))
    if not highest:
        return -math.inf
    return 20 * math.log10(float(block_peaks(pcm, rate // 1000, highest / 2).max()) / 32768)


def gain_to(lufs: float, target: float) -> float:
    """The gain in dB, in steps of 0.5, that brings ``lufs`` to ``target``. Raises SoundError for silence.

    Rounded, because one changed sentence moves a book's loudness by 0.0001 LU, and must not change every
    chapter.
    """
    if not math.isfinite(lufs):
        raise SoundError("the recording is silent", next_step="listen to the voice with 'audioleaflet say hello'")
    return math.floor((target - lufs) / GAIN_STEP_DB + 0.5) * GAIN_STEP_DB


def _lufs(mean_square: float) -> float:
    return -0.691 + 10 * math.log10(mean_square)


def _mean_square(lufs: float) -> float:
    return float(10 ** ((lufs + 0.691) / 10))


@lru_cache(maxsize=8)
def _filter(rate: Hz) -> tuple[int, int, NDArray[np.complex64]]:
    """K-weighting for overlap-save: the transform's length, the samples it spoils, and the response."""
    length = 1 << math.ceil(math.log2(rate * 0.7))
    taps = rate * RING_MS // 1000
    impulse = np.fft.irfft(k_weighting(rate, length // 2 + 1), length)[:taps]
    response = np.fft.rfft(impulse, length).astype(np.complex64)
    response.flags.writeable = False
    return length, taps, response


def k_weighting(rate: Hz, points: int) -> NDArray[np.complex128]:
    """The complex response of K-weighting at ``points`` frequencies spread evenly from 0 to half of ``rate``.

    A shelf (+4 dB, the head) and a high pass, by the bilinear transform of the analogue pair whose
    coefficients at 48 kHz are the standard's (BS.1770-5, Annex 1, tables 1 and 2).
    """
    z = np.exp(-1j * np.pi * np.arange(points) / (points - 1))
    powers = np.stack([np.ones_like(z), z, z * z])
    response = np.ones(points, np.complex128)
    for numerator, denominator in k_coefficients(rate):
        response *= (numerator @ powers) / (denominator @ powers)
    return response


def k_coefficients(rate: Hz) -> tuple[tuple[NDArray[np.float64], NDArray[np.float64]], ...]:
    """Numerator and denominator of the two second-order sections of K-weighting at ``rate``, a0 = 1."""
    warped = math.tan(math.pi * 1681.974450955533 / rate)
    damping = warped / 0.7071752369554196
    high = 10 ** (3.999843853973347 / 20)
    middle = high**0.4996667741545416
    scale = 1 + damping + warped**2
    shelf = np.array(
        [
            high + middle * damping + warped**2,
            2 * (warped**2 - high),
            high - middle * damping + warped**2,
        ]
    )
    shelf_poles = np.array([scale, 2 * (warped**2 - 1), 1 - damping + warped**2])
    warped = math.tan(math.pi * 38.13547087602444 / rate)
    damping = warped / 0.5003270373238773
    pass_poles = np.array([1 + damping + warped**2, 2 * (warped**2 - 1), 1 - damping + warped**2])
    return (shelf / scale, shelf_poles / scale), (np.array([1.0, -2.0, 1.0]), pass_poles / pass_poles[0])
