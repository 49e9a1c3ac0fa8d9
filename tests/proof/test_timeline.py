"""A chapter as a picture."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.conftest import Made

from audioleaflet.book.model import Chapter, Cue
from audioleaflet.errors import SoundError
from audioleaflet.proof.timeline import COLUMNS, HEIGHT, LANE, WIDTH, look, pauses_ms, picture
from audioleaflet.sound import mp3
from audioleaflet.units import Hz

RATE = Hz(22050)
Samples = NDArray[np.int16]


def cue(place: int, begin: int, end: int, **more: str) -> Cue:
    facts = {"kind": "sentence", "role": "text", **more}
    return Cue.model_validate(
        {
            "id": f"c01-{place:03}",
            "begin_ms": begin,
            "speech_begin_ms": begin + 100,
            "speech_end_ms": end - 400,
            "end_ms": end,
            "text": "One.",
            **facts,
        }
    )


def chapter(duration: int) -> Chapter:
    half = duration // 2
    cues = (cue(1, 0, half), cue(2, half, duration))
    return Chapter(number=1, id="one", title="One", audio="1.mp3", start_ms=0, duration_ms=duration, cues=cues)


def encoded(folder: Path, pcm: Samples) -> tuple[Path, int]:
    """A chapter's file of the sound, and how long it is in ms."""
    whole = np.concatenate([pcm, np.zeros(mp3.pad(len(pcm), RATE), np.int16)])
    path = folder / "1.mp3"
    path.write_bytes(mp3.encode(whole.tobytes(), RATE))
    return path, len(whole) * 1000 // RATE


def tone(seconds: float, height: int) -> Samples:
    along = np.arange(int(RATE * seconds)) / RATE
    samples: Samples = np.rint(np.sin(2 * np.pi * 440 * along) * height).astype(np.int16)
    return samples


def points(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"([\d.]+),([\d.]+)", path)]


def test_sound_stands_where_it_is_heard_and_silence_lies_flat(tmp_path: Path) -> None:
    sound = np.concatenate([tone(2, 16000), np.zeros(RATE * 2, np.int16), tone(2, 16000), np.zeros(RATE, np.int16)])
    path, duration = encoded(tmp_path, sound)
    drawn = picture(chapter(duration), path, RATE)
    middle = (HEIGHT + LANE) / 2
    above = points(drawn.wave)[:COLUMNS]
    heights = {round(x * duration / WIDTH): middle - y for x, y in above}
    loud = [height for at, height in heights.items() if 100 < at < 1900 or 4100 < at < 5900]
    quiet = [height for at, height in heights.items() if 2100 < at < 3900]
    assert min(loud) > 20  # half of full scale is 25 of 50
    assert max(quiet) < 1


def test_loudness_is_higher_where_it_is_louder(tmp_path: Path) -> None:
    path, duration = encoded(tmp_path, np.concatenate([tone(6, 2000), tone(6, 16000), np.zeros(RATE, np.int16)]))
    drawn = picture(chapter(duration), path, RATE)
    heights = {x * duration / WIDTH / 1000: y for x, y in points(drawn.loudness)}
    soft = [y for at, y in heights.items() if 2 < at < 4]
    loud = [y for at, y in heights.items() if 8 < at < 10]
    assert min(soft) - max(loud) == pytest.approx(18.06 * (HEIGHT - LANE) / 40, abs=2)
    assert f"Loudness {drawn.lufs:.1f} LUFS".replace("-", "−") in drawn.told


def test_cues_lie_where_their_words_are(tmp_path: Path) -> None:
    path, duration = encoded(tmp_path, tone(4, 8000))
    first, second = picture(chapter(duration), path, RATE).marks
    assert (first.cue, first.look) == ("c01-001", "text")
    assert first.left == pytest.approx(100 / duration * WIDTH, abs=0.1)
    assert second.left + second.width == pytest.approx((duration - 400) / duration * WIDTH, abs=0.2)


def test_no_time_runs_out_of_the_picture(tmp_path: Path) -> None:
    path, duration = encoded(tmp_path, tone(20.5, 9000))
    labels = [tick.label for tick in picture(chapter(duration), path, RATE).ticks]
    assert labels == ["0:00", "0:05", "0:10", "0:15"]


def test_a_silent_chapter_is_told_and_drawn(tmp_path: Path) -> None:
    path, duration = encoded(tmp_path, np.zeros(RATE * 2, np.int16))
    drawn = picture(chapter(duration), path, RATE)
    assert "The chapter is silent." in drawn.told
    assert {y for _, y in points(drawn.loudness)} == {float(HEIGHT)}


def test_a_missing_file_is_an_error_with_a_next_step(tmp_path: Path) -> None:
    with pytest.raises(SoundError, match=r"cannot read the chapter's sound .*; build the leaflet again"):
        picture(chapter(1000), tmp_path / "gone.mp3", RATE)


def test_pauses_lie_between_words() -> None:
    assert pauses_ms(chapter(4000)) == [500]


@pytest.mark.parametrize(
    ("more", "drawn"),
    [
        ({}, "text"),
        ({"role": "heading", "kind": "heading"}, "heading"),
        ({"role": "announcement", "kind": "heading"}, "sound"),
        ({"role": "repeat"}, "sound"),
        ({"kind": "urgent"}, "urgent"),
    ],
)
def test_a_cue_looks_like_what_it_is(more: dict[str, str], drawn: str) -> None:
    assert look(cue(1, 0, 1000, **more)) == drawn


def test_the_real_chapters_are_as_loud_as_the_book(real: Made) -> None:
    heard = [picture(one, real.folder / one.audio, Hz(real.book.sample_rate)) for one in real.book.chapters]
    assert all(abs(one.lufs - real.book.loudness_lufs) < 1.5 for one in heard)
    assert all(len(one.ticks) <= 9 for one in heard)
