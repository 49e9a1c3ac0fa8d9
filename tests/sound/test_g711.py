"""G.711 against the tables of the standard, and itself."""

from __future__ import annotations

import numpy as np
import pytest

from audioleaflet.sound.g711 import (
    ALAW_SILENCE,
    ALAW_VALUES,
    ULAW_SILENCE,
    ULAW_TO_ALAW,
    ULAW_VALUES,
    alaw,
    alaw_decode,
    ulaw,
    ulaw_decode,
)

EVERY = np.arange(-32768, 32768).astype(np.int16)
# The ends of the segments: G.711, table 2a (14 bits) and table 1a (13 bits).
ULAW_ENDS = (31, 95, 223, 479, 991, 2015, 4063, 8159)
ALAW_ENDS = (32, 64, 128, 256, 512, 1024, 2048, 4096)


@pytest.mark.parametrize(
    ("sample", "code"),
    [(0, 0xFF), (-4, 0x7E), (4, 0xFE), (8031 * 4, 0x80), (-8031 * 4, 0x00), (32767, 0x80), (-32768, 0x00)],
)
def test_ulaw_of_the_standards_table(sample: int, code: int) -> None:
    assert ulaw(np.array([sample], np.int16)) == bytes([code])


@pytest.mark.parametrize(
    ("sample", "code"), [(0, 0xD5), (-1, 0x55), (8, 0xD5), (4032 * 8, 0xAA), (-4032 * 8, 0x2A), (32767, 0xAA)]
)
def test_alaw_of_the_standards_table(sample: int, code: int) -> None:
    assert alaw(np.array([sample], np.int16)) == bytes([code])


def test_the_segments_end_where_the_standard_says() -> None:
    for number, end in enumerate(ULAW_ENDS[:-1]):
        below, above = ulaw(np.array([4 * end - 1, 4 * end], np.int16))
        assert ((below ^ 0xFF) >> 4 & 7, (above ^ 0xFF) >> 4 & 7) == (number, number + 1)
    for number, end in enumerate(ALAW_ENDS[:-1]):
        below, above = alaw(np.array([8 * end - 1, 8 * end], np.int16))
        assert ((below ^ 0x55) >> 4 & 7, (above ^ 0x55) >> 4 & 7) == (number, number + 1)


@pytest.mark.parametrize(("encode", "values"), [(ulaw, ULAW_VALUES), (alaw, ALAW_VALUES)])
def test_each_value_is_its_own_code_and_each_sample_near_its_value(encode: type, values: tuple[int, ...]) -> None:
    back = np.array(values)[np.frombuffer(encode(np.array(values, np.int16)), np.uint8)]
    assert back.tolist() == list(values)
    coded = np.array(values)[np.frombuffer(encode(EVERY), np.uint8)]
    inside = np.abs(EVERY.astype(int)) <= max(values)
    error = np.abs(coded - EVERY)[inside]
    # Half a step, which is a sixteenth of where the segment begins; the two lowest of A-law have the same.
    assert (error <= np.maximum((np.abs(EVERY.astype(int))[inside] + 132) / 32 + 4, 8)).all()
    assert (np.diff(coded) >= 0).all()


def test_silence_and_both_decoders() -> None:
    assert ulaw(np.zeros(3, np.int16)) == bytes([ULAW_SILENCE]) * 3
    assert alaw(np.zeros(3, np.int16)) == bytes([ALAW_SILENCE]) * 3
    assert ulaw_decode(bytes(range(256))).tolist() == list(ULAW_VALUES)
    assert alaw_decode(bytes(range(256))).tolist() == list(ALAW_VALUES)
    assert (ulaw(EVERY[:0]), len(ulaw_decode(b""))) == (b"", 0)


def test_one_law_as_the_other_is_as_near_as_can_be() -> None:
    assert len(ULAW_TO_ALAW) == 256
    heard = ulaw_decode(bytes(range(256))).astype(int)
    translated = alaw_decode(bytes(range(256)).translate(ULAW_TO_ALAW)).astype(int)
    assert (np.abs(translated - heard) <= np.maximum(np.abs(heard) / 32, 8)).all()
    assert bytes(range(256)).translate(ULAW_TO_ALAW) == alaw(ulaw_decode(bytes(range(256))))
