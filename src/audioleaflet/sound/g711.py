"""G.711: 16-bit samples as µ-law and A-law, one byte a sample, and one law's bytes as the other's.

Without numpy at import: a telephone line that only sends what was made needs the tables alone.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_BIAS = 33
_SEGMENTS = 8
ULAW_SILENCE = 0xFF
"""The byte of a µ-law sample of nothing; many trunks hang up where no bytes come at all."""
ALAW_SILENCE = 0xD5


def _ulaw_value(code: int) -> int:
    """The 16-bit sample that a µ-law byte stands for (G.711, table 2; its 14-bit values times 4)."""
    code ^= 0xFF  # every bit is sent inverted
    magnitude = ((2 * (code & 15) + _BIAS) << (code >> 4 & 7)) - _BIAS
    return -4 * magnitude if code & 0x80 else 4 * magnitude


def _alaw_value(code: int) -> int:
    """The 16-bit sample that an A-law byte stands for (G.711, table 1; its 13-bit values times 8)."""
    code ^= 0x55  # every second bit is sent inverted
    segment, step = code >> 4 & 7, code & 15
    magnitude = 2 * step + 1 if segment == 0 else (2 * step + _BIAS) << (segment - 1)
    return 8 * magnitude if code & 0x80 else -8 * magnitude


ULAW_VALUES = tuple(_ulaw_value(code) for code in range(256))
ALAW_VALUES = tuple(_alaw_value(code) for code in range(256))


def _ulaw_code(sample: int) -> int:
    """The µ-law byte of a 16-bit sample."""
    negative = sample < 0
    magnitude = min((-sample if negative else sample) >> 2, 8158) + _BIAS
    segment = magnitude.bit_length() - 6
    code = segment << 4 | (magnitude >> segment + 1) & 15
    return (code | 0x80 if negative else code) ^ 0xFF


def _alaw_code(sample: int) -> int:
    """The A-law byte of a 16-bit sample."""
    negative = sample < 0
    magnitude = (~sample if negative else sample) >> 4
    segment = max(0, magnitude.bit_length() - 4)
    code = segment << 4 | (magnitude >> max(0, segment - 1)) & 15
    return (code if negative else code | 0x80) ^ 0x55


ULAW_TO_ALAW = bytes(_alaw_code(value) for value in ULAW_VALUES)
"""For ``bytes.translate``: each µ-law byte as the A-law byte whose sample is nearest."""


def ulaw(pcm: NDArray[np.int16]) -> bytes:
    """16-bit samples as µ-law, one byte each."""
    return _encode(pcm, "ulaw")


def alaw(pcm: NDArray[np.int16]) -> bytes:
    """16-bit samples as A-law, one byte each."""
    return _encode(pcm, "alaw")


def ulaw_decode(data: bytes) -> NDArray[np.int16]:
    """The 16-bit samples of µ-law bytes."""
    import numpy as np

    values: NDArray[np.int16] = np.array(ULAW_VALUES, np.int16)[np.frombuffer(data, np.uint8)]
    return values


def alaw_decode(data: bytes) -> NDArray[np.int16]:
    """The 16-bit samples of A-law bytes."""
    import numpy as np

    values: NDArray[np.int16] = np.array(ALAW_VALUES, np.int16)[np.frombuffer(data, np.uint8)]
    return values


def _encode(pcm: NDArray[np.int16], law: str) -> bytes:
    import numpy as np

    return _codes(law)[np.asarray(pcm, np.int16).view(np.uint16)].tobytes()


@lru_cache(maxsize=2)
def _codes(law: str) -> NDArray[np.uint8]:
    """The byte of every 16-bit sample, by the sample's bits read as an unsigned number."""
    import numpy as np

    code = _ulaw_code if law == "ulaw" else _alaw_code
    return np.array([code(bits - 65536 if bits & 0x8000 else bits) for bits in range(65536)], np.uint8)
