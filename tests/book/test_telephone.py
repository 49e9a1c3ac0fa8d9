"""Telephone sound of narrated scripts: files of whole packets, cues that tile them, and what is kept of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.editions import Library, Paced, tree

from audioleaflet import pipeline
from audioleaflet.book.model import Chapter, Prompt, Rendition
from audioleaflet.book.telephone import Studio, write_prompts, write_rendition
from audioleaflet.cache import Cache
from audioleaflet.errors import SoundError
from audioleaflet.script.model import Script, ScriptChapter, Text
from audioleaflet.script.prompts import slowed
from audioleaflet.sound import telephone as sound
from audioleaflet.sound.g711 import ulaw_decode
from audioleaflet.speech.narrator import Narration, narrate
from audioleaflet.units import Hz, Ms, WordsPerMinute

PACKET = 160  # bytes of 20 ms


def silent(_done: int, _total: int) -> None:
    pass


def said(script: Script, cache: Cache, rate: int = 145) -> Narration:
    voice = Paced()
    return narrate(script, voice, voice.voice("low"), WordsPerMinute(rate), cache, jobs=2, progress=silent)


@pytest.fixture
def script(tones: Library) -> Script:
    return pipeline.prepare(tones.leaflet).script


@pytest.fixture
def cache(tones: Library) -> Cache:
    return Cache(tones.cache)


def rendition(
    script: Script, cache: Cache, folder: Path, name: str = "normal", codecs: Sequence[str] = ()
) -> Rendition:
    rate = {"slow": 120, "normal": 145, "fast": 175}[name]
    studio = Studio(codecs=codecs, cache=cache, jobs=2)
    return write_rendition(name, script, said(script, cache, rate), folder, studio, progress=silent)


def words(script: Script, old: str, new: str) -> Script:
    """The script with an utterance that says something else."""

    def changed(chapter: ScriptChapter) -> ScriptChapter:
        told = (replace(one, spoken=(Text(text=new),)) if one.shown == old else one for one in chapter.utterances)
        return replace(chapter, utterances=tuple(told))

    return replace(script, chapters=tuple(map(changed, script.chapters)))


def test_files_are_whole_packets_and_cues_tile_them(script: Script, cache: Cache, tmp_path: Path) -> None:
    for name, written in (("slow", slowed(script)), ("normal", script), ("fast", script)):
        made = rendition(written, cache, tmp_path, name)
        start = 0
        for chapter in made.chapters:
            size = (tmp_path / chapter.audio).stat().st_size
            assert size % PACKET == 0
            assert chapter.duration_ms * 8 == size
            assert chapter.start_ms == start
            start += chapter.duration_ms
            assert chapter.cues[0].begin_ms == 0
            assert [cue.end_ms for cue in chapter.cues[:-1]] == [cue.begin_ms for cue in chapter.cues[1:]]
            assert chapter.cues[-1].end_ms == chapter.duration_ms
            for cue in chapter.cues:
                assert cue.begin_ms <= cue.speech_begin_ms < cue.speech_end_ms <= cue.end_ms


def test_every_rate_says_the_same_in_a_time_of_its_own(script: Script, cache: Cache, tmp_path: Path) -> None:
    made = [
        rendition(written, cache, tmp_path, name)
        for name, written in (("slow", slowed(script)), ("normal", script), ("fast", script))
    ]
    assert [one.name for one in made] == ["phone-slow", "phone-normal", "phone-fast"]
    assert [(one.rate_wpm, one.codec, one.sample_rate) for one in made] == [
        (120, "ulaw", 8000),
        (145, "ulaw", 8000),
        (175, "ulaw", 8000),
    ]
    ids = [[[cue.id for cue in chapter.cues] for chapter in one.chapters] for one in made]
    assert ids[0] == ids[1] == ids[2] == [[one.id for one in chapter.utterances] for chapter in script.chapters]
    slow, normal, fast = (sum(chapter.duration_ms for chapter in one.chapters) for one in made)
    assert slow > 1.2 * normal > 1.2 * fast
    assert {chapter.audio for one in made for chapter in one.chapters} == {
        f"phone/{name}/{chapter}.ulaw"
        for name in ("slow", "normal", "fast")
        for chapter in ("00-introduction", "01-first", "02-second")
    }


def test_speech_is_where_the_cues_say_and_silence_between(script: Script, cache: Cache, tmp_path: Path) -> None:
    for chapter in rendition(script, cache, tmp_path).chapters:
        heard = np.abs(ulaw_decode((tmp_path / chapter.audio).read_bytes()).astype(np.int32))
        for cue in chapter.cues:
            spoken = heard[cue.speech_begin_ms * 8 : cue.speech_end_ms * 8]
            assert spoken.mean() > 500, cue.id
            pause = heard[cue.speech_end_ms * 8 + PACKET : cue.end_ms * 8 - PACKET]
            assert pause.size == 0 or pause.max() < 50, cue.id


def test_one_changed_sentence_costs_one_chapter(
    script: Script, cache: Cache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = rendition(script, cache, tmp_path / "a")
    made: list[int] = []
    encoded = sound.encoded

    def count(codec: str, pcm: NDArray[np.int16], rate: Hz) -> bytes:
        made.append(len(pcm))
        return encoded(codec, pcm, rate)

    monkeypatch.setattr(sound, "encoded", count)
    rendition(script, cache, tmp_path / "b")
    assert made == []
    assert tree(tmp_path / "b") == tree(tmp_path / "a")
    after = rendition(words(script, "It hurts at night.", "It hurts at noon."), cache, tmp_path / "c")
    assert len(made) == 1
    first, second = tree(tmp_path / "a"), tree(tmp_path / "c")
    assert [name for name in first if first[name] != second[name]] == ["phone/normal/01-first.ulaw"]
    assert after.chapters[2] == before.chapters[2].model_copy(update={"start_ms": after.chapters[2].start_ms})


def test_a_longer_last_silence_is_another_file(script: Script, cache: Cache, tmp_path: Path) -> None:
    rendition(script, cache, tmp_path / "a")
    last = script.chapters[-1]
    longer = replace(last.utterances[-1], pause_after=Ms(last.utterances[-1].pause_after + 400))
    chapter = replace(last, utterances=(*last.utterances[:-1], longer))
    made = rendition(replace(script, chapters=(*script.chapters[:-1], chapter)), cache, tmp_path / "b")
    before = (tmp_path / "a" / made.chapters[-1].audio).stat().st_size
    assert (tmp_path / "b" / made.chapters[-1].audio).stat().st_size == before + 400 * 8


def test_other_codecs_lie_beside(script: Script, cache: Cache, tmp_path: Path) -> None:
    plain = rendition(script, cache, tmp_path / "a")
    made = rendition(script, cache, tmp_path / "b", codecs=("sln16", "ulaw", "alaw"))
    assert made == plain
    sizes = {path.name: path.stat().st_size for path in (tmp_path / "b" / "phone" / "normal").iterdir()}
    assert len(sizes) == 9
    assert sizes["01-first.alaw"] == sizes["01-first.ulaw"]
    assert sizes["01-first.sln16"] == 4 * sizes["01-first.ulaw"]
    assert {path.suffix for path in tmp_path.glob("a/phone/normal/*")} == {".ulaw"}


def test_a_prompt_ends_with_its_own_silence(script: Script, cache: Cache, tmp_path: Path) -> None:
    one = replace(script.chapters[1].utterances[1], id="x-1", pause_after=Ms(150))
    chapter = ScriptChapter(number=0, id="digit-7", title="7,", lead=Ms(0), utterances=(one,), structure=())
    alone = Script(chapters=(chapter,), terms=())
    (prompt,) = prompts_of(alone, cache, tmp_path, {"digit-7": "c01-005"})
    assert (prompt.name, prompt.text, prompt.audio, prompt.cue) == ("digit-7", "7,", "digits/digit-7.ulaw", "c01-005")
    (cue,) = prompt.cues
    assert cue.speech_begin_ms == 0
    assert 150 <= prompt.duration_ms - cue.speech_end_ms <= 171
    assert (tmp_path / prompt.audio).stat().st_size == prompt.duration_ms * 8
    (unnamed,) = prompts_of(alone, cache, tmp_path, {"digit-8": "c01-005"})
    assert unnamed.cue == ""


def prompts_of(script: Script, cache: Cache, folder: Path, cues: dict[str, str]) -> tuple[Prompt, ...]:
    studio = Studio(codecs=(), cache=cache, jobs=1)
    return write_prompts(script, said(script, cache), folder / "digits", studio, base=folder, cues=cues)


def test_a_fault_in_one_file_ends_all(
    script: Script, cache: Cache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_codec: str, _pcm: NDArray[np.int16], _rate: Hz) -> bytes:
        raise SoundError("it broke")

    monkeypatch.setattr(sound, "encoded", broken)
    with pytest.raises(SoundError, match="it broke"):
        rendition(script, cache, tmp_path)


def test_progress_tells_every_chapter(script: Script, cache: Cache, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    studio = Studio(codecs=(), cache=cache, jobs=2)
    narration = said(script, cache)
    made = write_rendition(
        "fast", script, narration, tmp_path, studio, progress=lambda done, total: told.append((done, total))
    )
    chapters: tuple[Chapter, ...] = made.chapters
    assert told == [(number, len(chapters)) for number in range(1, len(chapters) + 1)]
