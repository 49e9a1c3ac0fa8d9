"""Telephone sound: its level, its peaks, its times, its codecs."""

from __future__ import annotations

import io
import math
import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from audioleaflet.errors import Origin
from audioleaflet.script.model import Text, Utterance
from audioleaflet.sound import ffmpeg
from audioleaflet.sound.g711 import alaw_decode, ulaw, ulaw_decode
from audioleaflet.sound.p56 import active_level
from audioleaflet.sound.telephone import CODECS, RATE, RATES, encoded, telephone, wideband
from audioleaflet.speech.espeak import Espeak
from audioleaflet.units import Hz, Ms, WordsPerMinute

PCM = NDArray[np.int16]
Noise = Callable[..., PCM]
SPEECH = Hz(22050)
SENTENCES = (
    "Tell your care team about any new pain, even if it is mild.",
    "Call 911 if you cannot feel your legs!",
    "Slower.",
)


def utterance(text: str) -> Utterance:
    return Utterance(
        id="u-1",
        kind="sentence",
        role="text",
        shown=text,
        spoken=(Text(text=text),),
        pause_after=Ms(0),
        origin=Origin(path=Path("en.yaml"), line=1),
    )


@pytest.fixture(scope="module")
def spoken() -> list[PCM]:
    """The sentences at 22,050 Hz, and all of them with pauses."""
    engine = Espeak()
    voice = engine.voice("en-us")
    said = [
        np.frombuffer(engine.speak(utterance(text), voice, WordsPerMinute(145)).pcm, np.int16) for text in SENTENCES
    ]
    engine.close()
    pause = np.zeros(2 * SPEECH, np.int16)
    return [*said, np.concatenate([part for one in said for part in (one, pause)])]


def peak_dbfs(pcm: PCM) -> float:
    return 20 * math.log10(np.abs(pcm.astype(np.int32)).max() / 32768)


def lag(one: PCM, other: PCM) -> int:
    """By how many samples the first comes after the second."""
    size = 2 * max(len(one), len(other))
    product = np.fft.rfft(one.astype(float), size) * np.conj(np.fft.rfft(other.astype(float), size))
    at = int(np.fft.irfft(product, size).argmax())
    return at if at < size // 2 else at - size


def test_level_and_peak_of_speech_also_as_it_comes_out_of_either_law(spoken: list[PCM]) -> None:
    for pcm in spoken:
        made = telephone(pcm, SPEECH)
        decoded = (made, ulaw_decode(encoded("ulaw", pcm, SPEECH)), alaw_decode(encoded("alaw", pcm, SPEECH)))
        for heard in decoded:
            assert active_level(heard, RATE) == pytest.approx(-24, abs=0.3)
            assert peak_dbfs(heard) <= -6


@pytest.mark.parametrize("gain", [0.001, 0.02, 0.3, 1.0])
def test_the_level_does_not_depend_on_how_loud_it_was(gain: float, spoken: list[PCM]) -> None:
    soft = np.rint(spoken[0] * gain).astype(np.int16)
    assert active_level(telephone(soft, SPEECH), RATE) == pytest.approx(-24, abs=0.3)


@pytest.mark.parametrize("rate", [8000, 16000, 22050, 24000, 48000])
def test_peaky_sound_is_limited_and_loses_no_level(rate: int, bursts: Noise) -> None:
    made = telephone(bursts(3.1, rate, seed=rate, peak=1.0), Hz(rate))
    assert len(made) == round(int(3.1 * rate) * 8000 / rate)
    assert active_level(made, RATE) == pytest.approx(-24, abs=1)
    assert peak_dbfs(ulaw_decode(ulaw(made))) <= -6


def test_what_the_limiter_takes_is_given_back() -> None:
    """Of sound with so many spikes it takes a quarter of a decibel."""
    white = np.random.default_rng(3).standard_normal(3 * SPEECH)
    spikes = np.convolve(np.sign(white) * np.abs(white) ** 3, np.hanning(9), "same")
    made = telephone(np.rint(spikes / np.abs(spikes).max() * 30000).astype(np.int16), SPEECH)
    assert active_level(made, RATE) == pytest.approx(-24, abs=0.12)
    assert peak_dbfs(made) <= -6


def test_a_crack_stays_below_the_peak_and_silence_silent() -> None:
    crack = np.zeros(22050, np.int16)
    crack[11000:11003] = 32767
    made = telephone(crack, SPEECH)
    assert peak_dbfs(made) <= -6
    assert not made[:3000].any()
    assert not telephone(np.zeros(5000, np.int16), SPEECH).any()
    assert len(telephone(crack[:0], SPEECH)) == 0
    assert set(encoded("ulaw", np.zeros(5000, np.int16), SPEECH)) == {0xFF}


def test_nothing_is_late(spoken: list[PCM]) -> None:
    for pcm in spoken:
        given = ["-f", "s16le", "-ar", str(SPEECH), "-ac", "1", "-i", "pipe:0"]
        to_pcm = ["-af", "aresample=resampler=soxr", "-ar", "8000", "-f", "s16le", "pipe:1"]
        plain = np.frombuffer(ffmpeg.run([*given, *to_pcm], pcm.tobytes()), np.int16)
        assert abs(lag(telephone(pcm, SPEECH), plain)) < 8  # 1 ms


def test_a_pause_stays_silent_and_words_stand_where_they_stood(spoken: list[PCM]) -> None:
    first = len(spoken[0]) * 8000 // SPEECH
    made = telephone(spoken[3], SPEECH)
    assert not made[first + 400 : first + 15600].any()
    assert np.abs(made[first - 1600 : first].astype(int)).max() > 500


def test_loud_words_come_nearer_to_soft_ones(spoken: list[PCM]) -> None:
    word, pause = spoken[0], np.zeros(SPEECH, np.int16)
    soft = (word * 0.2).astype(np.int16)
    made = telephone(np.concatenate([word, pause, soft]), SPEECH)
    first, second = made[: len(word) * 8000 // SPEECH], made[-len(soft) * 8000 // SPEECH :]
    apart = active_level(first, RATE) - active_level(second, RATE)
    assert 10 < apart < 13.5  # 14 dB before


def test_the_codecs(spoken: list[PCM]) -> None:
    pcm = spoken[0]
    made = {codec: encoded(codec, pcm, SPEECH) for codec in CODECS}
    assert made == {codec: encoded(codec, pcm, SPEECH) for codec in CODECS}
    samples, wide = round(len(pcm) * 8000 / SPEECH), round(len(pcm) * 16000 / SPEECH)
    assert (len(made["ulaw"]), len(made["alaw"]), len(made["sln16"])) == (samples, samples, 2 * wide)
    assert abs(len(made["g722"]) - wide / 2) <= 1
    with wave.open(io.BytesIO(made["wav"])) as wav:
        assert wav.getparams()[:4] == (1, 2, 8000, samples)
        assert wav.readframes(samples) == telephone(pcm, SPEECH).tobytes()
    assert set(RATES) == set(CODECS)
    with pytest.raises(ValueError, match="no telephone codec 'mp3'; known are ulaw"):
        encoded("mp3", pcm, SPEECH)


def test_the_wide_band_is_wider_and_as_loud(spoken: list[PCM]) -> None:
    made = wideband(spoken[1], SPEECH)
    power = np.abs(np.fft.rfft(made.astype(float))) ** 2
    hertz = np.fft.rfftfreq(len(made), 1 / 16000)
    assert power[(hertz > 4000) & (hertz < 6900)].sum() > 1e-3 * power.sum()
    assert power[hertz > 7200].sum() < 1e-6 * power.sum()
    assert active_level(made, Hz(16000)) == pytest.approx(-24, abs=0.3)


def test_g722_comes_back_as_the_same_sound_at_the_same_time(spoken: list[PCM]) -> None:
    given = ["-f", "g722", "-i", "pipe:0", "-f", "s16le", "-ar", "16000", "pipe:1"]
    back = np.frombuffer(ffmpeg.run(given, encoded("g722", spoken[0], SPEECH)), np.int16)
    wide = wideband(spoken[0], SPEECH)
    assert abs(lag(back, wide)) < 32  # 2 ms: the codec's own delay
    assert active_level(back, Hz(16000)) == pytest.approx(-24, abs=0.5)
