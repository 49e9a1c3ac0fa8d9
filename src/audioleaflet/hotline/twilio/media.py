"""A piece of telephone sound as a WAV file, whole or a range of its bytes."""

from __future__ import annotations

import re
import struct
from typing import Final

MEDIA_TYPE: Final = "audio/wav"
RATE: Final = 8000  # Hz
_FORMAT_MULAW: Final = 7  # RFC 2361, 3
_RANGE = re.compile(r"bytes=(\d*)-(\d*)", re.ASCII)


def wav(samples: bytes) -> bytes:
    """µ-law samples, 8 kHz, one channel, as RIFF WAVE. What is not PCM has a size field and a ``fact`` chunk."""
    padding = b"\0" * (len(samples) % 2)
    form = struct.pack("<4sIHHIIHHH", b"fmt ", 18, _FORMAT_MULAW, 1, RATE, RATE, 1, 8, 0)
    fact = struct.pack("<4sII", b"fact", 4, len(samples))
    data = struct.pack("<4sI", b"data", len(samples)) + samples + padding
    content = b"WAVE" + form + fact + data
    return struct.pack("<4sI", b"RIFF", len(content)) + content


def byte_range(header: str, size: int) -> tuple[int, int] | None:
    """The first and the last byte that a Range header asks for (RFC 9110, 14.1.2); None where all are to be sent.

    Several ranges, other units and what is no range at all are not followed. Raises ValueError for one that is beyond
    the end, which is a 416.
    """
    found = _RANGE.fullmatch(header.strip())
    if found is None or not (found[1] or found[2]):
        return None
    if not found[1]:
        count = int(found[2])
        if count == 0:
            raise ValueError("the last 0 bytes are none")
        return max(0, size - count), size - 1
    begin, last = int(found[1]), int(found[2] or size - 1)
    if found[2] and last < begin:
        return None
    if begin >= size:
        raise ValueError("the range begins beyond the end")
    return begin, min(last, size - 1)
