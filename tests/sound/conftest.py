from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

Noise = Callable[..., NDArray[np.int16]]


@pytest.fixture
def bursts() -> Noise:
    """Coloured noise in syllables of 150 ms with gaps, as loud and as peaky as a synthetic voice."""

    def make(seconds: float, rate: int, *, seed: int = 1, peak: float = 0.9) -> NDArray[np.int16]:
        random = np.random.default_rng(seed)
        count = int(seconds * rate)
        white = random.standard_normal(count)
        spectrum = np.fft.rfft(white)
        hertz = np.fft.rfftfreq(count, 1 / rate)
        spectrum *= (hertz / 200) / (1 + (hertz / 200) ** 2) + 0.02
        sound = np.fft.irfft(spectrum, count)
        along = np.arange(count) / rate
        sound *= np.maximum(np.sin(2 * np.pi * along / 0.3), 0) * (1 + 0.8 * np.sin(2 * np.pi * along / 2.1))
        scaled: NDArray[np.int16] = np.rint(sound / np.abs(sound).max() * peak * 32767).astype(np.int16)
        return scaled

    return make
