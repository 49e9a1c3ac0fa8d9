"""The active speech level, against sounds whose level is known."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from audioleaflet.sound.p56 import HANGOVER_S, active_level
from audioleaflet.units import Hz


def noise(seconds: float, dbov: float, rate: int = 8000) -> NDArray[np.float32]:
    sound = np.random.default_rng(5).standard_normal(round(seconds * rate))
    return (sound * 32768 * 10 ** (dbov / 20)).astype(np.float32)


@pytest.mark.parametrize("rate", [8000, 16000, 22050])
@pytest.mark.parametrize("dbov", [-50.0, -24.0, -12.0])
def test_sound_that_never_stops_is_as_loud_as_all_of_it(rate: int, dbov: float) -> None:
    assert active_level(noise(5, dbov, rate), Hz(rate)) == pytest.approx(dbov, abs=0.1)


def test_a_full_square_wave_is_0_dbov() -> None:
    square = np.where(np.arange(16000) % 20 < 10, 32767, -32767).astype(np.int16)
    assert active_level(square, Hz(8000)) == pytest.approx(0, abs=0.05)


def test_silence_between_words_counts_only_as_long_as_the_hangover() -> None:
    word, pause = noise(2, -24), np.zeros(8 * 8000, np.float32)
    some = np.concatenate([word, pause, word, pause])
    whole = 20 * math.log10(math.sqrt(float(np.square(some, dtype=np.float64).mean())) / 32768)
    assert whole == pytest.approx(-31, abs=0.2)
    # Two words of 2 s, each with a hangover; the smoothers need a little more to fall to the threshold.
    held = -24 + 10 * math.log10(4 / (4 + 2 * (HANGOVER_S + 0.04)))
    assert active_level(some, Hz(8000)) == pytest.approx(held, abs=0.1)


def test_the_level_follows_a_gain() -> None:
    some = np.concatenate([noise(1, -20), np.zeros(8000, np.float32), noise(0.4, -28)])
    for gain_db in (-20, -6, 6):
        louder = some * np.float32(10 ** (gain_db / 20))
        assert active_level(louder, Hz(8000)) == pytest.approx(active_level(some, Hz(8000)) + gain_db, abs=0.05)


def test_silence_and_what_is_too_short() -> None:
    assert active_level(np.zeros(8000, np.int16), Hz(8000)) == -math.inf
    assert active_level(np.zeros(0, np.int16), Hz(8000)) == -math.inf
    assert math.isfinite(active_level(noise(0.01, -30), Hz(8000)))


def test_the_smoothers_against_the_recursion_of_the_standard() -> None:
    """P.56, 6.1: p = g p + (1 - g) |x|, q = g q + (1 - g) p, sample by sample; then the thresholds."""
    sound = np.concatenate([noise(0.7, -22), np.zeros(6000, np.float32), noise(0.9, -30)])
    keep = math.exp(-1 / (8000 * 0.03))
    first = second = 0.0
    thresholds = [2.0**-power for power in range(15, 0, -1)]
    active, hung = [0] * len(thresholds), [1600] * len(thresholds)
    for value in np.abs(sound.astype(np.float64)) / 32768:
        first = keep * first + (1 - keep) * float(value)
        second = keep * second + (1 - keep) * first
        for number, threshold in enumerate(thresholds):
            hung[number] = 0 if second >= threshold else hung[number] + 1
            active[number] += hung[number] <= 1600 and (second >= threshold or active[number] > 0)
    power = float(np.square(sound, dtype=np.float64).sum()) / 32768.0**2
    levels = [10 * math.log10(power / count) for count in active if count]
    above = [level - 20 * math.log10(one) for level, one in zip(levels, thresholds, strict=False)]
    number = next(number for number, one in enumerate(above) if one <= 15.9)
    share = (above[number - 1] - 15.9) / (above[number - 1] - above[number])
    wanted = levels[number - 1] + share * (levels[number] - levels[number - 1])
    assert active_level(sound, Hz(8000)) == pytest.approx(wanted, abs=1e-6)
