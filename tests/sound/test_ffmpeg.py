from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from audioleaflet.errors import SoundError
from audioleaflet.sound import ffmpeg, mp3
from audioleaflet.units import Hz


@pytest.fixture
def _forgetful() -> Iterator[None]:
    ffmpeg.path.cache_clear()
    ffmpeg.version.cache_clear()
    yield
    ffmpeg.path.cache_clear()
    ffmpeg.version.cache_clear()


def program(folder: Path, body: str) -> str:
    file = folder / "ffmpeg"
    file.write_text(f"#!{sys.executable}\nimport sys\n{body}\n", encoding="utf-8")
    file.chmod(0o755)
    return str(file)


def test_the_version_is_the_programs_own() -> None:
    assert ffmpeg.run(["-version"]).split()[2].decode().lstrip("n").startswith(ffmpeg.version())


def test_decoding_resamples_and_mixes_nothing_away() -> None:
    rate = Hz(44100)
    along = np.arange(1152 * 40) / rate
    wave = np.rint(10000 * np.sin(2 * np.pi * 440 * along)).astype(np.int16)
    pcm = np.frombuffer(ffmpeg.decode(mp3.encode(wave.tobytes(), rate), rate=Hz(22050)), np.int16)
    assert len(pcm) == pytest.approx(len(wave) / 2, abs=2)
    middle = pcm[5000:-5000].astype(float)
    assert np.sqrt((middle**2).mean()) == pytest.approx(10000 / np.sqrt(2), rel=0.02)
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(len(middle))))
    assert spectrum.argmax() * 22050 / len(middle) == pytest.approx(440, abs=2)


@pytest.mark.parametrize("data", [b"", b"<html>captcha</html>", bytes(5000)])
def test_what_is_not_sound_is_refused(data: bytes) -> None:
    with pytest.raises(SoundError):
        ffmpeg.decode(data, rate=Hz(24000))


def test_ffmpegs_last_line_is_told() -> None:
    with pytest.raises(SoundError, match=r"ffmpeg failed with status \d+: .*No such file.*doctor"):
        ffmpeg.run(["-i", "nowhere.wav", "-f", "null", "-"])


@pytest.mark.usefixtures("_forgetful")
def test_another_ffmpeg_can_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", program(tmp_path, "print('ffmpeg version 7.7-x Copyright')"))
    assert ffmpeg.version() == "7.7-x"


@pytest.mark.usefixtures("_forgetful")
def test_one_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", program(tmp_path, "import time; time.sleep(60)"))
    with pytest.raises(SoundError, match="did not finish in 1 seconds"):
        ffmpeg.run([], timeout=1)


@pytest.mark.usefixtures("_forgetful")
def test_one_that_does_not_start_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(tmp_path / "gone"))
    with pytest.raises(SoundError, match=r"does not start.*gone.*pip install"):
        ffmpeg.run([])
