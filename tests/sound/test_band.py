"""A band at another rate: what passes, what does not, and that nothing is late."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from audioleaflet.sound.band import resampled
from audioleaflet.units import Hz

TELEPHONE = Hz(8000)
RATES = (8000, 11025, 16000, 22050, 24000, 44100, 48000)


def tone(hertz: float, rate: int, seconds: float = 2.0) -> NDArray[np.int16]:
    return (10000 * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)).astype(np.int16)


def level_db(hertz: float, rate: int) -> float:
    """What is left of a tone, away from its ends."""
    middle = resampled(tone(hertz, rate), Hz(rate), TELEPHONE, 200, 3400)[4000:12000]
    return 20 * math.log10(max(1e-9, math.sqrt(2 * float(np.square(middle, dtype=np.float64).mean())) / 10000))


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("hertz", [200, 300, 1000, 2500, 3400])
def test_the_band_passes_whole(hertz: float, rate: int) -> None:
    assert level_db(hertz, rate) == pytest.approx(0, abs=0.1)


@pytest.mark.parametrize(("hertz", "rate"), [(50, 8000), (50, 22050), (60, 48000), (3600, 22050), (3900, 8000)])
def test_what_lies_outside_does_not(hertz: float, rate: int) -> None:
    assert level_db(hertz, rate) < -60


@pytest.mark.parametrize("hertz", [4100, 4600, 5000, 7000, 9000, 11000])
def test_nothing_folds_over(hertz: float) -> None:
    assert level_db(hertz, 22050) < -80


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("samples", [0, 1, 500, 22050, 52920, 100001])
def test_as_many_samples_as_its_time_has(samples: int, rate: int) -> None:
    sound = np.full(samples, 1000, np.int16)
    assert len(resampled(sound, Hz(rate), TELEPHONE, 200, 3400)) == round(samples * 8000 / rate)


@pytest.mark.parametrize("rate", RATES)
def test_every_part_of_a_tone_stands_where_it_stood(rate: int) -> None:
    """Over several blocks: against the same tone made at 8000 Hz, sample by sample."""
    got = resampled(tone(1000, rate, 5.0), Hz(rate), TELEPHONE, 200, 3400)[400:-400]
    assert np.abs(got - tone(1000, 8000, 5.0)[400:-400]).max() < 10


def test_where_a_block_ends_makes_no_difference() -> None:
    sound = np.random.default_rng(2).integers(-9000, 9000, 200_000).astype(np.int16)
    whole = resampled(sound, Hz(22050), TELEPHONE, 200, 3400)
    late = resampled(sound[441 * 50 :], Hz(22050), TELEPHONE, 200, 3400)
    assert np.abs(whole[160 * 50 + 400 :] - late[400:]).max() < 0.1


def test_a_rate_that_carries_no_telephone_band() -> None:
    with pytest.raises(ValueError, match="at least 8000 Hz"):
        resampled(np.zeros(100, np.int16), Hz(6000), TELEPHONE, 200, 3400)
