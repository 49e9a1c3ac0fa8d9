"""Sound that we measured, encoded and tagged, read back by Debian's ffmpeg and ffprobe, with Debian's espeak-ng."""

from __future__ import annotations

import io
import json
import re
import subprocess
import wave
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from tests.peers.conftest import require

from audioleaflet.sound import mp3
from audioleaflet.sound.id3 import Mark, Tags, write_tags
from audioleaflet.sound.limiter import limit
from audioleaflet.sound.loudness import bin_energies, gain_to, integrated, true_peak
from audioleaflet.sound.m4b import Length, M4bWriter
from audioleaflet.units import Hz, samples_to_ms

pytestmark = pytest.mark.peer

RATE = Hz(22050)
# Said of any MP3 with no Info frame, and of any M4B with a cover.
HARMLESS = "Estimating duration|timescale not set"
TEXT = """Bone metastasis is cancer that has spread to a bone from the place where it began. Six things can help with
the pain. Speak to your care team if you notice a new ache, or if your legs feel weak! Is it the same as bone cancer?
No. The cells are those of the first cancer, such as breast or prostate cancer, and they are treated as such."""
TITLES = [f"{n:02} {'What is bone metastasis? é; =#' * (4 - n)}" for n in range(4)]


def ebur128(pcm: NDArray[np.int16], rate: int) -> tuple[float, float]:
    """Integrated loudness and true peak as ffmpeg measures them."""
    command = [require("ffmpeg"), "-hide_banner", "-nostdin", "-f", "s16le", "-ar", str(rate), "-ac", "1"]
    command += ["-i", "pipe:0", "-af", "ebur128=peak=true:framelog=verbose", "-f", "null", "-"]
    done = subprocess.run(command, input=pcm.tobytes(), capture_output=True, check=True)
    summary = done.stderr.decode().rsplit("Summary:", 1)[1]
    loudness, peak = re.search(r"I:\s+(\S+) LUFS", summary), re.search(r"Peak:\s+(\S+) dBFS", summary)
    assert loudness is not None
    assert peak is not None
    return float(loudness[1]), float(peak[1])


def spoken() -> NDArray[np.int16]:
    done = subprocess.run(
        [require("espeak-ng"), "-v", "en-us", "-s", "145", "--stdout", TEXT], capture_output=True, check=True
    )
    with wave.open(io.BytesIO(done.stdout)) as file:
        assert file.getframerate() == RATE
    return np.frombuffer(done.stdout[44:], np.int16)


def noise(rate: int) -> NDArray[np.int16]:
    along = np.arange(rate * 12) / rate
    spectrum = np.fft.rfft(np.random.default_rng(rate).standard_normal(len(along)))
    hertz = np.fft.rfftfreq(len(along), 1 / rate)
    sound = np.fft.irfft(spectrum * np.exp(-hertz / 1500), len(along)) * (np.sin(2 * np.pi * along / 0.9) > 0)
    sound *= np.where(along > 6, 0.1, 1.0)
    scaled: NDArray[np.int16] = np.rint(sound / np.abs(sound).max() * 25000).astype(np.int16)
    return scaled


def probe(path: Path) -> dict[str, Any]:
    command = [require("ffprobe"), "-v", "error", "-of", "json", "-show_chapters", "-show_format", "-show_streams"]
    answer: dict[str, Any] = json.loads(subprocess.run([*command, str(path)], capture_output=True, check=True).stdout)
    return answer


def decode(path: Path) -> NDArray[np.int16]:
    command = [require("ffmpeg"), "-v", "warning", "-nostdin", "-i", str(path), "-map", "0:a", "-f", "s16le", "-"]
    done = subprocess.run(command, capture_output=True, check=True)
    assert [line for line in done.stderr.decode().splitlines() if not re.search(HARMLESS, line)] == []
    return np.frombuffer(done.stdout, np.int16)


def cover() -> bytes:
    picture = io.BytesIO()
    Image.new("RGB", (300, 300), "navy").save(picture, "PNG")
    return picture.getvalue()


@pytest.fixture(scope="module")
def chapters() -> list[NDArray[np.int16]]:
    speech = spoken()
    tail = np.zeros(RATE, np.int16)
    made = []
    for part in np.array_split(speech, 4):
        sound = np.concatenate([limit(part, gain_db=2, ceiling_dbtp=-4, rate=RATE), tail])
        made.append(np.concatenate([sound, np.zeros(mp3.pad(len(sound), RATE), np.int16)]))
    return made


@pytest.mark.parametrize("rate", [16000, 22050, 24000, 44100, 48000])
def test_noise_is_as_loud_and_as_high_as_ffmpeg_says(rate: int) -> None:
    pcm = noise(rate)
    loudness, peak = ebur128(pcm, rate)
    assert integrated(bin_energies(pcm, Hz(rate))) == pytest.approx(loudness, abs=0.1)
    assert true_peak(pcm, Hz(rate)) == pytest.approx(peak, abs=0.2)


@pytest.mark.parametrize("hertz", [100, 997, 6000])
def test_a_sine_is_as_loud_as_ffmpeg_says(hertz: int) -> None:
    along = np.arange(RATE * 6) / RATE
    edges = np.minimum(1, np.minimum(along, 6 - along) / 0.05)  # a sudden end would be a peak of its own
    pcm = np.rint(2320 * edges * np.sin(2 * np.pi * hertz * along)).astype(np.int16)
    loudness, peak = ebur128(pcm, RATE)
    assert integrated(bin_energies(pcm, RATE)) == pytest.approx(loudness, abs=0.1)
    assert true_peak(pcm, RATE) == pytest.approx(peak, abs=0.2)


def test_speech_is_as_loud_and_as_high_as_ffmpeg_says() -> None:
    pcm = spoken()
    loudness, peak = ebur128(pcm, RATE)
    assert integrated(bin_energies(pcm, RATE)) == pytest.approx(loudness, abs=0.1)
    assert true_peak(pcm, RATE) == pytest.approx(peak, abs=0.2)


def test_speech_reaches_the_target_under_the_ceiling() -> None:
    pcm = spoken()
    gain = gain_to(integrated(bin_energies(pcm, RATE)), -19)
    limited = limit(pcm, gain_db=gain, ceiling_dbtp=-4, rate=RATE)
    # What the limiter took is given back: once is enough.
    gain += gain_to(integrated(bin_energies(limited, RATE)), -19)
    loudness, peak = ebur128(limit(pcm, gain_db=gain, ceiling_dbtp=-4, rate=RATE), RATE)
    assert loudness == pytest.approx(-19, abs=0.5)
    assert peak <= -4


def test_ffprobe_reads_the_tags_of_an_mp3(tmp_path: Path, chapters: list[NDArray[np.int16]]) -> None:
    ends = np.cumsum([len(pcm) for pcm in chapters])
    begins = [0, *ends[:-1]]
    marks = tuple(
        Mark(title=title, begin_ms=samples_to_ms(int(begin), RATE), end_ms=samples_to_ms(int(end), RATE))
        for title, begin, end in zip(TITLES, begins, ends, strict=True)
    )
    tags = Tags(
        title="Bone “metastasis”",
        language="fr-CA",
        album="Album",
        artist="Clinic",
        track="2/7",
        year="2026",
        comment="Sample",
        copyright="2026 Clinic. CC BY 4.0",
        publisher="Clinic",
        text="Un.\nDeux <&> é 日本.",
        cover=cover(),
        cover_text="Cover: Bone",
        marks=marks,
    )
    path = tmp_path / "book.mp3"
    path.write_bytes(write_tags(b"".join(mp3.encode(pcm.tobytes(), RATE) for pcm in chapters), tags))
    found = probe(path)
    assert [chapter["tags"]["title"] for chapter in found["chapters"]] == TITLES
    assert [round(float(chapter["start_time"]) * 1000) for chapter in found["chapters"]] == [
        mark.begin_ms for mark in marks
    ]
    texts = found["format"]["tags"]
    assert texts["title"] == tags.title
    assert texts["language"] == "fra"
    assert texts["lyrics-fra"] == tags.text
    assert (texts["album"], texts["artist"], texts["track"], texts["date"]) == ("Album", "Clinic", "2/7", "2026")
    assert (texts["genre"], texts["comment"], texts["publisher"]) == ("Speech", "Sample", "Clinic")
    picture = next(stream for stream in found["streams"] if stream["disposition"]["attached_pic"])
    assert picture["tags"] == {"title": "Cover: Bone", "comment": "Cover (front)"}
    check_sound(decode(path), chapters, lag=mp3.CODEC_DELAY)


def test_ffprobe_reads_an_m4b(tmp_path: Path, chapters: list[NDArray[np.int16]]) -> None:
    tags = Tags(title="Bone; =#\\ é", language="fr-CA", album="Album", artist="Clinic", year="2026", cover=cover())
    path = tmp_path / "book.m4b"
    lengths = [Length(title=title, samples=len(pcm)) for title, pcm in zip(TITLES, chapters, strict=True)]
    with M4bWriter(path, rate=RATE, lengths=lengths, tags=tags) as book:
        for pcm in chapters:
            book.write(pcm.tobytes())
    found = probe(path)
    assert [chapter["tags"]["title"] for chapter in found["chapters"]] == TITLES
    begins = [0, *np.cumsum([len(pcm) for pcm in chapters])[:-1]]
    assert [chapter["start"] for chapter in found["chapters"]] == pytest.approx(begins, abs=1)
    assert found["format"]["tags"]["major_brand"] == "M4B "
    assert found["format"]["tags"]["media_type"] == "2"
    assert found["format"]["tags"]["title"] == tags.title
    sound = next(stream for stream in found["streams"] if stream["codec_type"] == "audio")
    assert (sound["codec_name"], sound["channels"], sound["tags"]["language"]) == ("aac", 1, "fra")
    assert any(stream["disposition"]["attached_pic"] for stream in found["streams"])
    check_sound(decode(path), chapters, lag=0)


def check_sound(decoded: NDArray[np.int16], chapters: list[NDArray[np.int16]], *, lag: int) -> None:
    """Each chapter's own sound is in its place, no longer or shorter, as loud, and not higher than -2.5 dBTP."""
    samples = sum(len(pcm) for pcm in chapters)
    assert samples <= len(decoded) <= samples + 1024
    begin = 0
    for pcm in chapters:
        size = 1 << (2 * len(pcm)).bit_length()
        there = np.fft.rfft(decoded[begin : begin + len(pcm)].astype(float), size)
        match = np.fft.irfft(there * np.conj(np.fft.rfft(pcm.astype(float), size)), size)
        assert int(match.argmax()) == pytest.approx(lag, abs=1)
        begin += len(pcm)
    before, after = ebur128(np.concatenate(chapters), RATE), ebur128(decoded, RATE)
    assert after[0] == pytest.approx(before[0], abs=0.2)
    assert after[1] <= -2.5
