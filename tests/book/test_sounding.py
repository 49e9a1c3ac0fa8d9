from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from tests.editions import Library, Tones

from audioleaflet import pipeline
from audioleaflet.book import sounding
from audioleaflet.book.layout import Stretch, lay_out
from audioleaflet.book.sounding import CEILING_DBTP, TARGET_LUFS, Sounding, Soundings, gain_of, loudness_of
from audioleaflet.cache import Cache
from audioleaflet.errors import StorageError
from audioleaflet.sound import mp3
from audioleaflet.sound.loudness import bin_energies, integrated, true_peak
from audioleaflet.speech.narrator import narrate
from audioleaflet.units import WordsPerMinute


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "cache")


@pytest.fixture
def stretches(library: Library, cache: Cache) -> list[Stretch]:
    """The small leaflet, spoken in tones and laid out."""
    script, engine = pipeline.prepare(library.leaflet).script, Tones()
    voice = engine.voice("low")
    narration = narrate(script, engine, voice, WordsPerMinute(145), cache, jobs=1, progress=lambda done, total: None)
    chapters = [lay_out(chapter, narration.takes) for chapter in script.chapters]
    return [stretch for chapter in chapters for stretch in chapter.stretches]


@dataclass(frozen=True, slots=True)
class Heard:
    """A chapter and the PCM that was handed over for it, none unless asked for."""

    sounding: Sounding
    pcm: bytes

    def parts(self) -> tuple[bytes, bytes, bytes, float]:
        one = self.sounding
        return one.frames, self.pcm, one.energies.tobytes(), one.true_peak_dbtp


def heard(
    stretches: Sequence[Stretch],
    cache: Cache,
    *,
    jobs: int = 1,
    with_pcm: bool = True,
    gain_db: float | None = None,
) -> list[Heard]:
    gain_db = gain_of(stretches, cache) if gain_db is None else gain_db
    pcm: list[bytes] = []
    with Soundings(stretches, gain_db=gain_db, cache=cache, jobs=jobs, with_pcm=with_pcm) as soundings:
        made = list(soundings.each(pcm.append if with_pcm else None))
    return [Heard(one, sound) for one, sound in zip(made, pcm or [b""] * len(made), strict=True)]


def test_the_book_reaches_its_loudness_under_its_ceiling(stretches: list[Stretch], cache: Cache) -> None:
    soundings = heard(stretches, cache)
    pcm = np.concatenate([np.frombuffer(one.pcm, np.int16) for one in soundings])
    rate = stretches[0].rate
    assert integrated(bin_energies(pcm, rate)) == pytest.approx(TARGET_LUFS, abs=0.5)
    assert loudness_of([one.sounding.energies for one in soundings]) == pytest.approx(TARGET_LUFS, abs=0.5)
    assert true_peak(pcm, rate) <= CEILING_DBTP
    assert max(one.sounding.true_peak_dbtp for one in soundings) == pytest.approx(true_peak(pcm, rate), abs=0.1)


def test_the_gain_is_in_steps_of_half_a_decibel(stretches: list[Stretch], cache: Cache) -> None:
    gain_db = gain_of(stretches, cache)
    assert gain_db != 0
    assert gain_db * 2 == round(gain_db * 2)


def test_every_clip_lies_at_its_place_and_silence_between(stretches: list[Stretch], cache: Cache) -> None:
    for stretch, one in zip(stretches, heard(stretches, cache), strict=True):
        pcm = np.frombuffer(one.pcm, np.int16).astype(float)
        assert len(pcm) == stretch.samples
        silent = np.ones(len(pcm), bool)
        for place in stretch.places:
            silent[place.begin : place.end] = False
            clip = np.frombuffer(place.take.pcm(cache), np.int16).astype(float)
            here = pcm[place.begin : place.end]
            alike = np.dot(here, clip) / np.sqrt(np.dot(here, here) * np.dot(clip, clip))
            assert alike > 0.99, place.utterance.shown
        assert not pcm[silent].any()


def test_a_chapter_is_its_whole_number_of_frames(stretches: list[Stretch], cache: Cache) -> None:
    for stretch, one in zip(stretches, heard(stretches, cache), strict=True):
        assert sum(frame.samples for frame in mp3.frames(one.sounding.frames)) == stretch.samples


@pytest.mark.parametrize("jobs", [2, 5])
def test_neither_jobs_nor_batches_change_order_or_bytes(
    stretches: list[Stretch], cache: Cache, monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    expected = [one.parts() for one in heard(stretches, cache)]
    for path in cache.folder.rglob("*"):
        if path.is_file() and any(frames in path.read_bytes() for frames, *_ in expected):
            path.unlink()
    monkeypatch.setattr(sounding, "_BATCH_S", 1)
    found = heard(stretches, cache, jobs=jobs)
    assert [one.sounding.stretch for one in found] == stretches
    assert [one.parts() for one in found] == expected


def test_a_chapter_is_encoded_once(stretches: list[Stretch], cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = [one.parts() for one in heard(stretches, cache)]
    monkeypatch.setattr(mp3, "encode", lambda *_: pytest.fail("it was encoded again"))
    assert [one.parts() for one in heard(stretches, cache)] == expected
    for one, (frames, _, energies, peak) in zip(heard(stretches, cache, with_pcm=False), expected, strict=True):
        assert one.parts() == (frames, b"", energies, peak)


def test_another_gain_is_another_sound(stretches: list[Stretch], cache: Cache) -> None:
    gain_db = gain_of(stretches, cache)
    one, other = (heard(stretches, cache, gain_db=gain) for gain in (gain_db, gain_db - 6))
    assert one[0].sounding.frames != other[0].sounding.frames
    loud, soft = (loudness_of([chapter.sounding.energies for chapter in book]) for book in (one, other))
    assert loud - soft == pytest.approx(6, abs=0.7)


def test_a_lost_clip_ends_the_work(stretches: list[Stretch], cache: Cache) -> None:
    gain_db = gain_of(stretches, cache)
    key = stretches[1].places[0].take.key
    (cache.folder / key).unlink()
    with pytest.raises(StorageError, match="build again"):
        heard(stretches, cache, gain_db=gain_db, jobs=2, with_pcm=False)


def test_leaving_early_leaves_no_thread(stretches: list[Stretch], cache: Cache) -> None:
    before = threading.active_count()
    gain_db = gain_of(stretches, cache)
    with Soundings(stretches, gain_db=gain_db, cache=cache, jobs=3, with_pcm=True) as soundings:
        assert next(soundings.each()).stretch == stretches[0]
    assert threading.active_count() == before
