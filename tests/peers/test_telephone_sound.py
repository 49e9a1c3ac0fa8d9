"""G.711 against the coders of sox and ffmpeg, and the resampler against soxr."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.peers.conftest import require

from audioleaflet.sound import ffmpeg
from audioleaflet.sound.band import resampled
from audioleaflet.sound.g711 import ALAW_VALUES, ULAW_VALUES, alaw, alaw_decode, ulaw, ulaw_decode
from audioleaflet.units import Hz

pytestmark = pytest.mark.peer

Codes = Callable[[NDArray[np.int16]], bytes]
LAWS = [("ulaw", ulaw, ulaw_decode, ULAW_VALUES), ("alaw", alaw, alaw_decode, ALAW_VALUES)]
EVERY = np.arange(-32768, 32768).astype("<i2")
RAW = ["-r", "8000", "-e", "signed", "-b", "16", "-c", "1"]


def of_ffmpeg(law: str, pcm: bytes) -> bytes:
    name = {"ulaw": "mulaw", "alaw": "alaw"}[law]
    given = ["-f", "s16le", "-ar", "8000", "-ac", "1", "-i", "pipe:0"]
    return ffmpeg.run([*given, "-c:a", f"pcm_{name}", "-f", name, "pipe:1"], pcm)


def of_sox(law: str, pcm: bytes) -> bytes:
    to = {"ulaw": "ul", "alaw": "al"}[law]
    command = [require("sox"), "-D", "-t", "raw", *RAW, "-", "-t", to, "-"]
    return subprocess.run(command, input=pcm, capture_output=True, check=True).stdout


@pytest.mark.parametrize(("law", "encode", "_decode", "values"), LAWS)
@pytest.mark.parametrize("peer", [of_ffmpeg, of_sox])
def test_every_sample_is_coded_as_others_do(
    law: str, encode: Codes, _decode: object, values: tuple[int, ...], peer: Callable[[str, bytes], bytes]
) -> None:
    """But where a sample lies on, or by less than their 13 or 14 bits show of, the border between two codes."""
    of = np.array(values)
    mine, theirs = (
        of[np.frombuffer(codes, np.uint8)] for codes in (encode(EVERY.astype(np.int16)), peer(law, EVERY.tobytes()))
    )
    other = np.flatnonzero(mine != theirs)
    assert len(other) < 0.02 * len(EVERY)
    for number in other:
        between = sorted((int(mine[number]), int(theirs[number])))
        assert not any(between[0] < value < between[1] for value in values), "codes of one sample are neighbours"
        middle = sum(between) / 2
        step = between[1] - between[0]
        assert abs(EVERY[number] - middle) <= max(16, step / 6 + 16)


@pytest.mark.parametrize(("law", "_encode", "decode", "_values"), LAWS)
def test_every_code_is_decoded_as_others_do(
    law: str, _encode: object, decode: Callable[[bytes], NDArray[np.int16]], _values: object
) -> None:
    every = bytes(range(256))
    name, of = {"ulaw": ("mulaw", "ul"), "alaw": ("alaw", "al")}[law]
    heard = ffmpeg.run(["-f", name, "-ar", "8000", "-ac", "1", "-i", "pipe:0", "-f", "s16le", "pipe:1"], every)
    assert decode(every).astype("<i2").tobytes() == heard
    command = [require("sox"), "-D", "-t", of, "-r", "8000", "-c", "1", "-", "-t", "raw", *RAW[2:], "-"]
    assert subprocess.run(command, input=every, capture_output=True, check=True).stdout == heard


@pytest.mark.parametrize("rate", [16000, 22050, 24000, 48000])
def test_the_resampler_and_soxr_agree_within_the_band(rate: int) -> None:
    """Noise of the band alone: what differs is 60 dB below it."""
    count = rate * 3
    spectrum = np.fft.rfft(np.random.default_rng(4).standard_normal(count))
    hertz = np.fft.rfftfreq(count, 1 / rate)
    spectrum[(hertz < 210) | (hertz > 3390)] = 0
    sound = np.fft.irfft(spectrum, count)
    pcm = np.rint(sound / np.abs(sound).max() * 30000).astype("<i2")
    given = ["-f", "s16le", "-ar", str(rate), "-ac", "1", "-i", "pipe:0"]
    to_float = ["-af", "aresample=resampler=soxr:precision=28:osf=flt", "-ar", "8000", "-f", "f32le", "pipe:1"]
    soxr = np.frombuffer(ffmpeg.run([*given, *to_float], pcm.tobytes()), "<f4") * 32768
    mine = resampled(pcm.astype(np.int16), Hz(rate), Hz(8000), 200, 3400)
    assert abs(len(soxr) - len(mine)) <= 1
    middle = slice(1000, 23000)
    difference = np.square(mine[middle] - soxr[middle]).mean() / np.square(soxr[middle]).mean()
    assert 10 * np.log10(difference) < -60
