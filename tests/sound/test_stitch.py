from __future__ import annotations

import numpy as np
import pytest
from pydub import AudioSegment

from audioleaflet.sound import ffmpeg
from audioleaflet.sound.stitch import stitch
from audioleaflet.units import Hz


def test_clips_and_silence_lie_end_to_end() -> None:
    one, two = np.arange(1, 301, dtype=np.int16), np.arange(-500, 0, dtype=np.int16)
    segment = stitch([100, one.tobytes(), 7, two.tobytes(), 1], Hz(22050))
    expected = np.concatenate([np.zeros(100), one, np.zeros(7), two, np.zeros(1)]).astype(np.int16)
    assert np.array_equal(np.frombuffer(segment.raw_data, np.int16), expected)
    assert segment.frame_count() == 908
    assert (segment.frame_rate, segment.channels, segment.sample_width) == (22050, 1, 2)


def test_nothing_is_nothing() -> None:
    assert stitch([], Hz(24000)).frame_count() == 0


def test_a_half_sample_and_a_negative_silence_are_refused() -> None:
    with pytest.raises(ValueError, match="3 bytes"):
        stitch([b"\x00\x01\x02"], Hz(22050))
    with pytest.raises(ValueError, match="negative"):
        stitch([-1], Hz(22050))


def test_pydub_uses_the_ffmpeg_of_the_wheel(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    exported = stitch([bytes(2 * 22050)], Hz(22050)).export(format="mp3")
    assert AudioSegment.converter == ffmpeg.path()
    assert len(ffmpeg.decode(exported.read(), rate=Hz(22050))) >= 2 * 22050
    exported.close()
