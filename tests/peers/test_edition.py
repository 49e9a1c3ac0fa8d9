"""The edition of the real leaflet, read back by Debian's ffmpeg and ffprobe."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.conftest import Made
from tests.editions import REAL
from tests.peers.conftest import require

from audioleaflet import pipeline
from audioleaflet.sound.m4b import M4bWriter

pytestmark = pytest.mark.peer

NAMES = ("bone-metastasis-en.mp3", "bone-metastasis-en.m4b")
TITLES = [
    "00 Introduction",
    "01 What is bone metastasis?",
    "02 What causes bone metastasis?",
    "03 What are the symptoms?",
    "04 How is bone metastasis treated?",
    "05 What are the complications?",
    "06 Where can you learn more?",
]
TOLERANCE_MS = 75
HEARD_S = 4

Samples = NDArray[np.float64]


def probe(path: Path, *what: str) -> dict[str, Any]:
    command = [require("ffprobe"), "-v", "error", "-of", "json", *what, str(path)]
    done = subprocess.run(command, capture_output=True, check=True)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def decoded(path: Path, rate: int) -> Samples:
    """All samples that ffmpeg finds in a file, at the file's own rate."""
    assert probe(path, "-show_streams", "-select_streams", "a")["streams"][0]["sample_rate"] == str(rate)
    command = [require("ffmpeg"), "-v", "error", "-nostdin", "-i", str(path), "-map", "0:a", "-f", "s16le", "pipe:1"]
    done = subprocess.run(command, capture_output=True, check=True)
    # Said of any MP3 with no Info frame.
    complaints = [line for line in done.stderr.decode().splitlines() if "Estimating duration" not in line]
    assert complaints == []
    return np.frombuffer(done.stdout, "<i2").astype(np.float64)


def ebur128(arguments: list[str], data: bytes = b"") -> tuple[float, float]:
    """Integrated loudness in LUFS and true peak in dBTP."""
    command = [require("ffmpeg"), "-hide_banner", "-nostdin", *arguments, "-map", "0:a"]
    command += ["-af", "ebur128=peak=true:framelog=verbose", "-f", "null", "-"]
    done = subprocess.run(command, input=data, capture_output=True, check=True)
    summary = done.stderr.decode().rsplit("Summary:", 1)[1]
    loudness, peak = re.search(r"I:\s+(\S+) LUFS", summary), re.search(r"Peak:\s+(\S+) dBFS", summary)
    assert loudness is not None
    assert peak is not None
    return float(loudness[1]), float(peak[1])


def likeness(one: Samples, other: Samples) -> tuple[float, int]:
    """How alike two sounds of the same length are at their best (1 is the same), and by how much ``one`` is later."""
    size = 2 * len(one)
    product = np.fft.irfft(np.fft.rfft(one, size) * np.conj(np.fft.rfft(other, size)), size)
    best = int(product.argmax())
    scale = float(np.sqrt(np.dot(one, one) * np.dot(other, other)))
    return float(product[best]) / scale, best if best < len(one) else best - size


@pytest.fixture(scope="module")
def chapters(real: Made) -> list[Samples]:
    """Each chapter's own file, decoded."""
    return [decoded(real.folder / chapter.audio, real.book.sample_rate) for chapter in real.book.chapters]


@pytest.mark.parametrize("name", NAMES)
def test_seven_chapters_in_order_with_their_titles(real: Made, name: str) -> None:
    found = probe(real.folder / name, "-show_chapters")["chapters"]
    assert [chapter["tags"]["title"] for chapter in found] == TITLES
    for chapter, expected in zip(found, real.book.chapters, strict=True):
        assert float(chapter["start_time"]) * 1000 == pytest.approx(expected.start_ms, abs=1)
        end = expected.start_ms + expected.duration_ms
        assert float(chapter["end_time"]) * 1000 == pytest.approx(end, abs=2)


def test_chapter_files_say_what_they_are(real: Made) -> None:
    for number, (chapter, title) in enumerate(zip(real.book.chapters, TITLES, strict=True), 1):
        tags = probe(real.folder / chapter.audio, "-show_format")["format"]["tags"]
        assert (tags["title"], tags["track"], tags["album"]) == (title, f"{number}/7", real.book.title)


def test_decoded_lengths_agree_with_book_json(real: Made, chapters: list[Samples]) -> None:
    rate = real.book.sample_rate
    for chapter, samples in zip(real.book.chapters, chapters, strict=True):
        assert len(samples) * 1000 / rate == pytest.approx(chapter.duration_ms, abs=TOLERANCE_MS)
        assert chapter.cues[-1].end_ms == chapter.duration_ms
    for name in NAMES:
        length = len(decoded(real.folder / name, rate)) * 1000 / rate
        assert length == pytest.approx(real.book.duration_ms, abs=TOLERANCE_MS)


@pytest.mark.parametrize("name", NAMES)
def test_each_chapter_of_the_book_begins_with_its_own_sound(real: Made, chapters: list[Samples], name: str) -> None:
    rate = real.book.sample_rate
    book = decoded(real.folder / name, rate)
    starts = [float(one["start_time"]) for one in probe(real.folder / name, "-show_chapters")["chapters"]]
    for number, start in enumerate(starts):
        here = book[round(start * rate) :][: HEARD_S * rate]
        alike, late = likeness(here, chapters[number][: len(here)])
        assert alike > 0.95, TITLES[number]
        assert abs(late) * 1000 / rate <= TOLERANCE_MS
        others = [likeness(here, other[: len(here)])[0] for n, other in enumerate(chapters) if n != number]
        assert max(others) < 0.7, "the test cannot tell chapters apart"


def test_words_sound_where_their_cues_say(real: Made, chapters: list[Samples]) -> None:
    rate = real.book.sample_rate
    late = round(TOLERANCE_MS * rate / 1000)
    for chapter, samples in zip(real.book.chapters, chapters, strict=True):
        for cue in chapter.cues:
            begin, end = (ms * rate // 1000 for ms in (cue.speech_begin_ms, cue.speech_end_ms))
            assert np.abs(samples[begin : end + late]).max() > 1000, cue.id
        for before, after in zip(chapter.cues, chapter.cues[1:], strict=False):
            silence = samples[before.speech_end_ms * rate // 1000 + late : after.speech_begin_ms * rate // 1000]
            assert np.abs(silence).max(initial=0) < 100, (before.id, after.id)


@pytest.mark.parametrize("name", NAMES)
def test_the_decoded_book_is_as_loud_as_promised(real: Made, name: str) -> None:
    loudness, peak = ebur128(["-i", str(real.folder / name)])
    assert loudness == pytest.approx(-19, abs=1)
    assert peak <= -2.5


def test_the_figures_in_book_json_are_those_of_the_pcm(
    real: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts: list[bytes] = []
    write = M4bWriter.write

    def listen(writer: M4bWriter, pcm: bytes) -> None:
        parts.append(bytes(pcm))
        write(writer, pcm)

    monkeypatch.setattr(M4bWriter, "write", listen)
    cache = Path(shutil.copytree(real.cache, tmp_path / "cache"))
    book = pipeline.build(REAL, output=tmp_path / "audio", cache=cache).book
    assert (book.loudness_lufs, book.true_peak_dbtp) == (real.book.loudness_lufs, real.book.true_peak_dbtp)
    pcm = b"".join(parts)
    assert len(pcm) // 2 * 1000 / real.book.sample_rate == pytest.approx(real.book.duration_ms, abs=0.5)
    raw = ["-f", "s16le", "-ar", str(real.book.sample_rate), "-ac", "1", "-i", "pipe:0"]
    loudness, peak = ebur128(raw, pcm)
    assert real.book.loudness_lufs == pytest.approx(loudness, abs=0.1)
    assert real.book.true_peak_dbtp == pytest.approx(peak, abs=0.15)
    assert real.book.true_peak_dbtp <= -4.0
