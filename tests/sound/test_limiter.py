from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from numpy.typing import NDArray

from audioleaflet.sound.limiter import limit
from audioleaflet.sound.loudness import true_peak
from audioleaflet.units import Hz

Bursts = Callable[..., NDArray[np.int16]]
CEILING = -4.0


def peak_by_transform(pcm: NDArray[np.int16]) -> float:
    """An independent measure: the whole sound oversampled eight times by one Fourier transform."""
    size = 4096 * (2 + len(pcm) // 4096)  # with small prime factors a transform is quick
    spectrum = np.fft.rfft(pcm.astype(float), size)
    wave = np.fft.irfft(spectrum, 8 * size) * 8
    return float(20 * np.log10(np.abs(wave).max() / 32768))


@pytest.mark.parametrize("rate", [16000, 22050, 24000, 44100, 48000])
@pytest.mark.parametrize("gain_db", [-6.0, 0.0, 2.0, 12.0])
def test_no_peak_is_above_the_ceiling(rate: int, gain_db: float, bursts: Bursts) -> None:
    pcm = bursts(2.7, rate, seed=rate, peak=1.0)
    limited = limit(pcm, gain_db=gain_db, ceiling_dbtp=CEILING, rate=Hz(rate))
    assert len(limited) == len(pcm)
    peak = peak_by_transform(limited)
    assert peak <= CEILING
    if gain_db >= 0:
        assert peak > CEILING - 0.5


def test_harsh_sound_stays_below_the_ceiling() -> None:
    random = np.random.default_rng(3)
    white = np.clip(random.standard_normal(30000) * 12000, -32768, 32767).astype(np.int16)
    square = np.where(np.arange(30000) // 25 % 2, 32767, -32768).astype(np.int16)
    click = np.zeros(3000, np.int16)
    click[[0, 1500, 1501, 2999]] = [32767, -32768, 32767, -32768]
    for pcm in (white, square, click):
        limited = limit(pcm, gain_db=6, ceiling_dbtp=CEILING, rate=Hz(22050))
        # By the standard's measure below the ceiling; by one with no end to its filter, near it.
        assert true_peak(limited, Hz(22050)) <= CEILING
        assert peak_by_transform(limited) <= CEILING + 0.6


def test_sound_below_the_ceiling_is_only_made_louder(bursts: Bursts) -> None:
    pcm = bursts(1, 22050, peak=0.2)
    assert np.array_equal(limit(pcm, gain_db=0, ceiling_dbtp=CEILING, rate=Hz(22050)), pcm)
    twice = limit(pcm, gain_db=20 * np.log10(2), ceiling_dbtp=CEILING, rate=Hz(22050))
    assert np.abs(twice - 2 * pcm.astype(int)).max() <= 1


def test_only_the_neighbourhood_of_a_peak_is_turned_down() -> None:
    rate = 22050
    pcm = np.full(rate * 2, 2000, np.int16)
    pcm[rate] = 30000
    limited = limit(pcm, gain_db=0, ceiling_dbtp=CEILING, rate=Hz(rate))
    changed = np.flatnonzero(limited != pcm)
    assert rate - 0.008 * rate <= changed[0] < rate - 0.004 * rate
    assert rate + 0.05 * rate < changed[-1] <= rate + 0.1 * rate
    # No step that is heard: from one sample to the next the gain moves by at most one part in a hundred.
    gains = np.delete(limited / pcm, rate)
    assert np.abs(np.diff(gains)).max() < 0.01


def test_the_same_sound_gives_the_same_bytes_in_any_thread(bursts: Bursts) -> None:
    pcm = bursts(3, 22050, peak=1.0)
    rate = Hz(22050)
    with ThreadPoolExecutor(4) as pool:
        jobs = [pool.submit(limit, pcm, gain_db=3, ceiling_dbtp=CEILING, rate=rate) for _ in range(8)]
    assert len({job.result().tobytes() for job in jobs}) == 1


def test_the_input_is_left_alone_and_need_not_be_writable(bursts: Bursts) -> None:
    data = bursts(1, 22050).tobytes()
    view = np.frombuffer(data, np.int16)
    limit(view, gain_db=6, ceiling_dbtp=CEILING, rate=Hz(22050))
    assert view.tobytes() == data
    assert len(limit(view[:0], gain_db=6, ceiling_dbtp=CEILING, rate=Hz(22050))) == 0
    assert len(limit(view[:1], gain_db=6, ceiling_dbtp=CEILING, rate=Hz(22050))) == 1


def test_a_ceiling_above_full_scale_is_refused() -> None:
    with pytest.raises(ValueError, match="above full scale"):
        limit(np.zeros(10, np.int16), gain_db=0, ceiling_dbtp=0.1, rate=Hz(22050))
