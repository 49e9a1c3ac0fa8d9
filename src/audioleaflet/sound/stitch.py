"""Clips and silences joined into a chapter, once, in a time that grows with its length alone."""

from __future__ import annotations

import warnings
from collections.abc import Iterable

from audioleaflet.sound import ffmpeg
from audioleaflet.units import Hz

with warnings.catch_warnings():
    # pydub warns of audioop's end (Python 3.11 and 3.12) and of an ffmpeg missing on PATH: it is given ours.
    warnings.simplefilter("ignore")
    from pydub import AudioSegment

SAMPLE_BYTES = 2


def stitch(parts: Iterable[bytes | memoryview | int], rate: Hz) -> AudioSegment:
    """A 16-bit mono segment of ``parts`` end to end: PCM bytes, or a number of samples of silence.

    Its ``raw_data`` is the PCM, its ``frame_count()`` the number of samples. Nothing is faded or resampled.
    Raises ValueError for half a sample or a negative silence.
    """
    joined = b"".join([_pcm(part) for part in parts])
    AudioSegment.converter = ffmpeg.path()
    # One join: adding 500 clips to a segment one by one takes 9.4 s, this 0.04 s.
    return AudioSegment(data=joined, sample_width=SAMPLE_BYTES, frame_rate=rate, channels=1)


def _pcm(part: bytes | memoryview | int) -> bytes | memoryview:
    if isinstance(part, int):
        return bytes(part * SAMPLE_BYTES)
    size = memoryview(part).nbytes
    if size % SAMPLE_BYTES:
        raise ValueError(f"PCM of {size} bytes is not a whole number of 16-bit samples")
    return part
