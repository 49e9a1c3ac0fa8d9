from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from tests.editions import Tones, choir

from audioleaflet.cache import Cache, key_of
from audioleaflet.errors import ConfigError, Origin, SpeechError, SynthesisFailed
from audioleaflet.script.model import Script, ScriptChapter, Text, Utterance
from audioleaflet.sound.loudness import bin_energies
from audioleaflet.speech.engine import Clip, Engine, Voice
from audioleaflet.speech.narrator import LostClip, Narration, first_able, narrate
from audioleaflet.units import Ms, WordsPerMinute

RATE = WordsPerMinute(145)
WORDS = [f"sentence number {number}" for number in range(12)]


def script_of(texts: Iterable[str]) -> Script:
    utterances = tuple(
        Utterance(
            id=f"c00-{number:03}",
            kind="sentence",
            role="text",
            shown=text,
            spoken=(Text(text=text),),
            pause_after=Ms(350),
            origin=Origin(path=Path("en.yaml"), line=number),
        )
        for number, text in enumerate(texts, 1)
    )
    chapter = ScriptChapter(number=0, id="one", title="One", lead=Ms(500), utterances=utterances, structure=())
    return Script(chapters=(chapter,), terms=())


def speak(engine: Tones, cache: Cache, texts: Iterable[str] = WORDS, jobs: int = 1) -> Narration:
    return narrate(
        script_of(texts), engine, engine.voice("low"), RATE, cache, jobs=jobs, progress=lambda done, total: None
    )


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "cache")


def test_every_utterance_has_its_take(cache: Cache) -> None:
    engine = Tones()
    narration = speak(engine, cache)
    script = script_of(WORDS)
    assert set(narration.takes) == {utterance.id for utterance in script.utterances()}
    assert (str(narration.voice), narration.version, narration.rate_wpm) == ("tones:low", "1", RATE)
    for utterance in script.utterances():
        take = narration.takes[utterance.id]
        clip = Tones().speak(utterance, engine.voice("low"), RATE)
        assert take.pcm(cache) == clip.pcm
        assert (take.samples, take.rate) == (len(clip.pcm) // 2, clip.rate)
        assert np.array_equal(take.energies, bin_energies(np.frombuffer(clip.pcm, np.int16), clip.rate))


def test_a_second_narration_speaks_nothing_and_is_the_same(cache: Cache) -> None:
    first, engine = speak(Tones(), cache), Tones()
    second = speak(engine, cache, jobs=4)
    assert engine.spoken == []
    for name, take in first.takes.items():
        assert (take.key, take.samples, take.rate) == (
            second.takes[name].key,
            second.takes[name].samples,
            second.takes[name].rate,
        )
        assert np.array_equal(take.energies, second.takes[name].energies)


def test_one_changed_sentence_is_the_only_one_spoken(cache: Cache) -> None:
    speak(Tones(), cache)
    engine = Tones()
    speak(engine, cache, [*WORDS[:5], "another one", *WORDS[6:]])
    assert engine.spoken == ["another one"]


def test_another_voice_or_version_is_spoken_anew(cache: Cache) -> None:
    speak(Tones(), cache)
    for engine in (Tones(version="2"), Tones(name="other")):
        speak(engine, cache)
        assert len(engine.spoken) == len(WORDS)


def test_a_damaged_clip_is_made_again_with_the_same_bytes(cache: Cache) -> None:
    narration = speak(Tones(), cache)
    take = narration.takes["c00-003"]
    path = cache.folder / take.key
    good = path.read_bytes()
    for damage in (good[:-1], good[:50] + bytes([good[50] ^ 1]) + good[51:]):
        path.write_bytes(damage)
        engine = Tones()
        speak(engine, cache)
        assert engine.spoken == ["sentence number 2"]
        assert path.read_bytes() == good


def test_a_clip_damaged_inside_is_found_when_it_is_heard_or_when_all_are_looked_through(cache: Cache) -> None:
    take = speak(Tones(), cache).takes["c00-003"]
    path = cache.folder / take.key
    good = path.read_bytes()
    path.write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
    engine = Tones()
    speak(engine, Cache(cache.folder, thorough=True))
    assert engine.spoken == ["sentence number 2"]
    path.write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
    speak(Tones(fails_at=1), cache)
    with pytest.raises(LostClip, match="damaged in the cache"):
        take.pcm(cache)
    assert not path.exists()


def test_a_clip_lost_during_the_build_is_said(cache: Cache) -> None:
    take = speak(Tones(), cache).takes["c00-001"]
    (cache.folder / take.key).unlink()
    with pytest.raises(LostClip, match=r"vanished from it.*build again"):
        take.pcm(cache)


def test_what_was_spoken_before_a_failure_is_kept(cache: Cache) -> None:
    with pytest.raises(SynthesisFailed) as caught:
        speak(Tones(fails_at=8), cache)
    assert caught.value.utterance_id == "c00-008"
    engine = Tones()
    speak(engine, cache)
    assert WORDS[7] in engine.spoken
    assert set(engine.spoken) <= set(WORDS[7:])


def test_a_failure_ends_the_narration_at_once(cache: Cache) -> None:
    engine = Tones(fails_at=3, parallel=2)
    with pytest.raises(SynthesisFailed):
        speak(engine, cache, [f"sentence {number}" for number in range(500)], jobs=2)
    assert len(engine.spoken) < 100


def test_progress_counts_to_the_end(cache: Cache) -> None:
    told: list[tuple[int, int]] = []
    engine = Tones()
    narrate(
        script_of(WORDS),
        engine,
        engine.voice("low"),
        RATE,
        cache,
        jobs=1,
        progress=lambda done, total: told.append((done, total)),
    )
    assert told == [(number, len(WORDS)) for number in range(1, len(WORDS) + 1)]


@dataclass
class Crowd(Tones):
    """Counts how many speak at the same time."""

    now: int = 0
    most: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def speak(self, utterance: Utterance, voice: Voice, rate: WordsPerMinute) -> Clip:
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
        time.sleep(0.005)
        try:
            return super().speak(utterance, voice, rate)
        finally:
            with self.lock:
                self.now -= 1


@pytest.mark.parametrize(("parallel", "jobs", "most"), [(1, 8, 1), (3, 8, 3), (8, 2, 2), (4, 0, 1)])
def test_no_more_speak_at_once_than_engine_and_jobs_allow(cache: Cache, parallel: int, jobs: int, most: int) -> None:
    engine = Crowd(parallel=parallel)
    speak(engine, cache, jobs=jobs)
    assert engine.most == most


# Several voices


def able(cache: Cache, *engines: Tones, said: list[str] | None = None, names: tuple[str, ...] = ()) -> Narration:
    def narration(engine: Engine, voice: Voice) -> Narration:
        return narrate(script_of(WORDS), engine, voice, RATE, cache, jobs=1, progress=lambda done, total: None)

    messages = [] if said is None else said
    wanted = names or tuple(f"{engine.name}:low" for engine in engines)
    return first_able(wanted, choir(*engines), narration, messages.append)


def test_the_first_voice_that_can_narrates_everything(cache: Cache) -> None:
    said: list[str] = []
    first, second, third = Tones("first", fails_at=6), Tones("second"), Tones("third")
    narration = able(cache, first, second, third, said=said)
    assert str(narration.voice) == "second:low"
    assert second.spoken == WORDS
    assert third.spoken == []
    assert [first.closed, second.closed, third.closed] == [1, 1, 0]
    assert len(said) == 1
    assert "first:low cannot narrate this book" in said[0]
    assert "first lost its voice" in said[0]
    assert "all of it goes to second:low" in said[0]


def test_no_clip_of_the_voice_that_failed_is_in_the_book(cache: Cache) -> None:
    first, second = Tones("first", fails_at=6), Tones("second")
    narration = able(cache, first, second)
    keys = {
        key_of(b"clip/1", second.request(utterance, second.voice("low"), RATE))
        for utterance in script_of(WORDS).utterances()
    }
    assert {take.key for take in narration.takes.values()} == keys


def test_a_voice_that_its_engine_lacks_is_passed_over(cache: Cache) -> None:
    said: list[str] = []
    narration = able(cache, Tones("first"), Tones("second"), said=said, names=("first:high", "second:low"))
    assert str(narration.voice) == "second:low"
    assert "voice 'high' is not known to first" in said[0]


def test_with_one_voice_its_own_error_is_raised(cache: Cache) -> None:
    said: list[str] = []
    with pytest.raises(SpeechError, match="only lost its voice; try another voice") as caught:
        able(cache, Tones("only", fails_at=2), said=said)
    assert caught.value.exit_code == 3
    assert said == []


def test_when_every_voice_fails_the_last_error_is_raised(cache: Cache) -> None:
    first, second = Tones("first", fails_at=1), Tones("second", fails_at=1)
    with pytest.raises(SpeechError, match="second lost its voice"):
        able(cache, first, second)
    assert [first.closed, second.closed] == [1, 1]


def test_an_error_that_is_not_the_voices_does_not_change_the_voice(cache: Cache) -> None:
    def full(engine: Engine, voice: Voice) -> Narration:
        raise ConfigError("wrong language")

    first, second = Tones("first"), Tones("second")
    with pytest.raises(ConfigError):
        first_able(("first:low", "second:low"), choir(first, second), full, lambda text: None)
    assert [first.closed, second.closed] == [1, 0]
