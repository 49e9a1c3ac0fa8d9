from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from audioleaflet.errors import SoundError
from audioleaflet.sound.loudness import (
    bin_energies,
    gain_to,
    grid_samples,
    integrated,
    k_coefficients,
    true_peak,
)
from audioleaflet.units import Hz

RATES = [16000, 22050, 24000, 32000, 44100, 48000]


def sine(hertz: float, dbfs: float, seconds: float, rate: int, phase: float = 0) -> NDArray[np.int16]:
    along = np.arange(int(seconds * rate)) / rate
    wave = 10 ** (dbfs / 20) * np.sin(2 * np.pi * hertz * along + phase)
    return np.rint(wave * 32767).astype(np.int16)


def test_k_weighting_at_48_khz_is_the_standards_table() -> None:
    shelf, high_pass = k_coefficients(Hz(48000))
    assert shelf[0] == pytest.approx([1.53512485958697, -2.69169618940638, 1.19839281085285], abs=1e-9)
    assert shelf[1] == pytest.approx([1, -1.69065929318241, 0.73248077421585], abs=1e-9)
    assert high_pass[0] == pytest.approx([1, -2, 1])
    assert high_pass[1] == pytest.approx([1, -1.99004745483398, 0.99007225036621], abs=1e-9)


@pytest.mark.parametrize("rate", RATES)
def test_a_full_scale_997_hz_sine_in_one_channel_is_minus_3_01(rate: int) -> None:
    # BS.1770-5, Annex 1, note 1 of the calibration.
    assert integrated(bin_energies(sine(997, 0, 10, rate), Hz(rate))) == pytest.approx(-3.01, abs=0.05)


@pytest.mark.parametrize("dbfs", [-10, -23, -50])
def test_loudness_follows_level(dbfs: float) -> None:
    measured = integrated(bin_energies(sine(997, dbfs, 5, 22050), Hz(22050)))
    assert measured == pytest.approx(dbfs - 3.01, abs=0.05)


def filtered_by_recursion(pcm: NDArray[np.int16], rate: int) -> NDArray[np.float64]:
    signal = pcm.astype(float)
    for numerator, denominator in k_coefficients(Hz(rate)):
        one = two = 0.0
        out = np.empty_like(signal)
        for index, value in enumerate(signal):
            out[index] = numerator[0] * value + one
            one = numerator[1] * value - denominator[1] * out[index] + two
            two = numerator[2] * value - denominator[2] * out[index]
        signal = out
    return signal


@pytest.mark.parametrize("rate", [16000, 22050, 48000])
def test_bins_are_those_of_the_recursive_filter(rate: int, bursts: Callable[..., NDArray[np.int16]]) -> None:
    pcm = bursts(1.303, rate) + np.int16(900)  # with an offset, which the high pass must take out
    size = grid_samples(Hz(rate))
    exact = np.zeros(-(-len(pcm) // size) * size)
    exact[: len(pcm)] = filtered_by_recursion(pcm, rate) / 32768
    expected = (exact.reshape(-1, size) ** 2).mean(axis=1)
    bins = bin_energies(pcm, Hz(rate))
    assert bins.dtype == np.float32
    assert len(bins) == len(expected)
    assert np.abs(bins[:-1] - expected[:-1]).max() < 1e-5 * expected.max()


def test_bins_of_clips_laid_end_to_end_are_those_of_the_chapter(
    bursts: Callable[..., NDArray[np.int16]],
) -> None:
    rate, size = Hz(22050), 441
    clips = [bursts(seconds, rate, seed=seed) for seed, seconds in enumerate([1.11, 3.337, 0.4, 2.003])]
    gap = 17
    samples, bins = [], []
    for clip in clips:
        places = -(-len(clip) // size)
        samples += [clip, np.zeros(places * size - len(clip) + gap * size, np.int16)]
        bins += [bin_energies(clip, rate), np.zeros(gap, np.float32)]
    together = bin_energies(np.concatenate(samples), rate)
    apart = np.concatenate(bins)
    assert len(together) == len(apart)
    assert integrated(apart) == pytest.approx(integrated(together), abs=0.01)


def test_long_sound_is_measured_in_pieces_alike(bursts: Callable[..., NDArray[np.int16]]) -> None:
    once = bursts(3, 22050)
    bins = bin_energies(np.tile(once, 20), Hz(22050))
    # The bursts begin and end in silence, so each repetition has the same energies.
    assert np.allclose(bins[:150], bins[-150:], rtol=1e-3, atol=1e-9)


def test_quiet_passages_are_gated() -> None:
    loud = sine(997, -20, 10, 22050)
    assert integrated(bin_energies(np.concatenate([loud, sine(997, -37, 10, 22050)]), Hz(22050))) == pytest.approx(
        -23.01, abs=0.1
    )
    assert integrated(bin_energies(np.concatenate([loud, sine(997, -28, 10, 22050)]), Hz(22050))) == pytest.approx(
        -25.4, abs=0.1
    )


def test_silence_and_short_sound() -> None:
    assert integrated(bin_energies(np.zeros(22050, np.int16), Hz(22050))) == -math.inf
    assert integrated(bin_energies(np.zeros(0, np.int16), Hz(22050))) == -math.inf
    short = bin_energies(sine(997, -20, 0.2, 22050), Hz(22050))
    assert len(short) == 10
    assert integrated(short) == pytest.approx(-23.01 - 3.01, abs=0.2)


def test_a_rate_off_the_grid_is_refused() -> None:
    with pytest.raises(ValueError, match="11025"):
        grid_samples(Hz(11025))


@pytest.mark.parametrize("rate", RATES)
def test_true_peak_between_the_samples(rate: int) -> None:
    # A quarter of the rate at 45 degrees: every sample is 3.01 dB under the top of the wave.
    wave = sine(rate / 4, -6, 1, rate, phase=math.pi / 4)
    assert 20 * math.log10(np.abs(wave).max() / 32768) == pytest.approx(-9.01, abs=0.02)
    edges = np.hanning(len(wave))
    assert true_peak(np.rint(wave * edges).astype(np.int16), Hz(rate)) == pytest.approx(-6, abs=0.05)


def test_true_peak_of_silence_and_of_the_lowest_sample() -> None:
    assert true_peak(np.zeros(1000, np.int16), Hz(22050)) == -math.inf
    assert true_peak(np.zeros(0, np.int16), Hz(22050)) == -math.inf
    lowest = np.zeros(1000, np.int16)
    lowest[500] = -32768
    assert true_peak(lowest, Hz(22050)) == pytest.approx(0, abs=0.01)


@pytest.mark.parametrize(
    ("lufs", "gain"), [(-20.9, 2.0), (-21.3, 2.5), (-19.0, 0.0), (-18.8, 0.0), (-18.7, -0.5), (-12, -7.0)]
)
def test_gain_comes_in_half_decibels(lufs: float, gain: float) -> None:
    assert gain_to(lufs, -19) == gain


def test_silence_has_no_gain() -> None:
    with pytest.raises(SoundError, match="silent"):
        gain_to(-math.inf, -19)
