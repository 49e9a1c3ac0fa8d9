from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from audioleaflet.errors import SoundError
from audioleaflet.sound import ffmpeg, mp3
from audioleaflet.units import Hz

Bursts = Callable[..., NDArray[np.int16]]
RATES = [16000, 22050, 24000, 32000, 44100, 48000]


def chapter(sound: NDArray[np.int16], rate: Hz) -> bytes:
    tail = rate // 5
    silence = np.zeros(tail + mp3.pad(len(sound) + tail, rate), np.int16)
    return np.concatenate([sound, silence]).tobytes()


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("count", [1, 2, 3, 50])
def test_n_frames_of_pcm_become_n_frames(rate: int, count: int, bursts: Bursts) -> None:
    size = mp3.frame_samples(Hz(rate))
    data = mp3.encode(bursts(4, rate)[: count * size].tobytes(), Hz(rate))
    frames = list(mp3.frames(data))
    assert len(frames) == count
    assert {frame.rate for frame in frames} == {rate}
    assert {frame.bitrate_kbps for frame in frames} == {64}
    assert {frame.channels for frame in frames} == {1}
    assert sum(frame.samples for frame in frames) == count * size
    assert sum(frame.size for frame in frames) == len(data)
    assert len(data) == pytest.approx(count * size * 8000 / rate, abs=2 + size * 8000 / rate * 0.01)
    assert b"Info" not in data[:200]
    assert b"Xing" not in data[:200]
    assert b"ID3" not in data[:3]


@pytest.mark.parametrize("rate", [16000, 22050, 24000, 44100])
def test_chapters_joined_frame_by_frame_stay_in_their_places(rate: int, bursts: Bursts) -> None:
    hertz = Hz(rate)
    chapters = [chapter(bursts(seconds, rate, seed=seed), hertz) for seed, seconds in enumerate([1.3, 2.01, 0.77])]
    book = b"".join(mp3.encode(pcm, hertz) for pcm in chapters)
    decoded = np.frombuffer(ffmpeg.decode(book, rate=hertz), np.int16).astype(float)
    assert len(decoded) == sum(len(pcm) for pcm in chapters) // 2
    begin = 0
    for pcm in chapters:
        sound = np.frombuffer(pcm, np.int16).astype(float)
        there = decoded[begin : begin + len(sound)]
        size = 1 << (2 * len(sound)).bit_length()
        match = np.fft.irfft(np.fft.rfft(there, size) * np.conj(np.fft.rfft(sound, size)), size)
        assert int(match.argmax()) == mp3.CODEC_DELAY
        begin += len(sound)


@pytest.mark.parametrize("rate", RATES)
def test_the_level_is_kept(rate: int) -> None:
    along = np.arange(40 * mp3.frame_samples(Hz(rate))) / rate
    wave = np.rint(10000 * np.sin(2 * np.pi * 440 * along)).astype(np.int16)
    decoded = np.frombuffer(ffmpeg.decode(mp3.encode(wave.tobytes(), Hz(rate)), rate=Hz(rate)), np.int16)
    middle = decoded[5000:-5000].astype(float)
    assert np.sqrt((middle**2).mean()) == pytest.approx(10000 / np.sqrt(2), rel=0.005)


def test_each_chapter_is_encoded_alike_alone_and_again(bursts: Bursts) -> None:
    pcm = chapter(bursts(2, 22050), Hz(22050))
    assert mp3.encode(pcm, Hz(22050)) == mp3.encode(pcm, Hz(22050))


@pytest.mark.parametrize(("samples", "missing"), [(0, 0), (1, 575), (576, 0), (577, 575)])
def test_pad_fills_the_last_frame(samples: int, missing: int) -> None:
    assert mp3.pad(samples, Hz(22050)) == missing


def test_what_cannot_be_encoded_is_refused() -> None:
    assert mp3.encode(b"", Hz(22050)) == b""
    with pytest.raises(ValueError, match="whole number of frames"):
        mp3.encode(bytes(576 * 2 - 2), Hz(22050))
    with pytest.raises(ValueError, match="no sample rate of 11000"):
        mp3.encode(bytes(1152), Hz(11000))
    with pytest.raises(SoundError, match="too loud"):
        mp3.encode(np.full(576, -32000, np.int16).tobytes(), Hz(22050))
    with pytest.raises(ValueError, match="no bit rate of 320"):
        mp3.encode(bytes(1152), Hz(22050), 320)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda data: data[:-1], "cut off"),
        (lambda data: data + b"\xff", "no MP3 frame"),
        (lambda data: b"ID3" + data, "no MP3 frame at byte 0"),
        (lambda data: data[:2] + b"\x00" + data[3:], "no fixed bit rate"),
        (lambda data: data[:2] + b"\xff" + data[3:], "no fixed bit rate"),
        (lambda data: b"\xff\xe3" + data[2:], "no MP3 frame"),
        (lambda data: b"\xff\xf5" + data[2:], "no MP3 frame"),
    ],
)
def test_what_is_no_frame_is_named(damage: Callable[[bytes], bytes], message: str) -> None:
    data = mp3.encode(bytes(576 * 2 * 3), Hz(22050))
    with pytest.raises(SoundError, match=message):
        list(mp3.frames(damage(data)))
