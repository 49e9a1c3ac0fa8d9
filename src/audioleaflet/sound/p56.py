"""How loud speech is while somebody speaks: the active speech level of ITU-T P.56 (12/2011), method B.

Silence between words counts, silence between sentences does not: a slow reading is then as loud as a fast one.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from audioleaflet.units import Hz

# P.56, 6.1 and 6.2: two equal smoothers of 0.03 s, a hangover of 0.2 s, a margin of 15.9 dB above the threshold.
SMOOTHING_S = 0.03
HANGOVER_S = 0.2
MARGIN_DB = 15.9
_THRESHOLDS = 15
"""One at each power of two below full scale, from 1/2: as many as a 16-bit sample has bits besides its sign."""
_ROW = 1024


def active_level(sound: NDArray[np.float32] | NDArray[np.int16], rate: Hz) -> float:
    """The active speech level of mono ``sound`` in dBov; minus infinity where nobody speaks.

    ``sound``: samples at ``rate``, full scale 32768. 0 dBov is the level of a constant full scale (G.100.1).
    """
    power = float(np.square(sound, dtype=np.float64).sum()) / 32768.0**2
    if not power:
        return -math.inf
    envelope = _smoothed(_smoothed(np.abs(sound).astype(np.float64) / 32768.0, rate), rate)
    hangover = round(HANGOVER_S * rate)
    before: tuple[float, float] | None = None
    for power_of_two in range(_THRESHOLDS, 0, -1):  # from the softest, whose active time is the longest
        active = _active(envelope >= 2.0**-power_of_two, hangover)
        if not active:
            break
        level = 10 * math.log10(power / active)
        above = level - 20 * math.log10(2.0**-power_of_two)
        if above <= MARGIN_DB:
            return level if before is None else _between(before, (above, level))
        before = above, level
    # Softer than any threshold, or a sound too short to fill the smoothers: all of it counts as active.
    return 10 * math.log10(power / len(sound)) if before is None else before[1]


def _between(before: tuple[float, float], after: tuple[float, float]) -> float:
    """The level at which a line between two thresholds' (level above threshold, level) meets the margin."""
    share = (before[0] - MARGIN_DB) / (before[0] - after[0])
    return before[1] + share * (after[1] - before[1])


def _active(loud: NDArray[np.bool_], hangover: int) -> int:
    """How many samples are loud, or come at most ``hangover`` after one that is."""
    at = np.flatnonzero(loud)
    if not len(at):
        return 0
    gaps = np.diff(at, append=len(loud))
    return int(np.minimum(gaps, hangover + 1).sum())


def _smoothed(values: NDArray[np.float64], rate: Hz) -> NDArray[np.float64]:
    """Exponential averaging: y[i] = g y[i - 1] + (1 - g) x[i], in rows, each of which needs one number of the last."""
    keep = math.exp(-1 / (rate * SMOOTHING_S))
    rows = np.zeros((-(-len(values) // _ROW), _ROW))
    rows.reshape(-1)[: len(values)] = values
    decay = keep ** np.arange(1, _ROW + 1)
    # At 8000 Hz a row is 4 time constants: the sums are at most 71 times what they stand for.
    rows = np.cumsum(rows * ((1 - keep) / decay), axis=1) * decay
    carried, starts = 0.0, np.empty(len(rows))
    for number, end in enumerate(rows[:, -1]):
        starts[number] = carried
        carried = carried * decay[-1] + float(end)
    smooth: NDArray[np.float64] = (rows + starts[:, None] * decay).reshape(-1)[: len(values)]
    return smooth
