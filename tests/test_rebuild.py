"""What a second build makes anew, and what it leaves as it was."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

import pytest
from tests.conftest import Made
from tests.editions import REAL, SENTENCES, Library, Tones, choir, speak, stamps, tree, whole

from audioleaflet import pipeline
from audioleaflet.book import edition, manifest
from audioleaflet.cache import key_of
from audioleaflet.errors import (
    ContentError,
    SpeechError,
    StorageError,
)
from audioleaflet.script.model import Utterance
from audioleaflet.speech.engine import Clip, Voice
from audioleaflet.speech.espeak import Espeak
from audioleaflet.units import WordsPerMinute

CHANGED = "It hurts when you walk."


def test_nothing_changed_nothing_rewritten(library: Library) -> None:
    assert library.build().changed
    before, bytes_before = stamps(library.edition), tree(library.edition)
    again = library.build()
    assert not again.changed
    assert again.book == whole(library.edition)
    assert stamps(library.edition) == before
    assert tree(library.edition) == bytes_before
    assert library.left_over() == []


def test_force_makes_everything_again_with_the_same_bytes(narrated: Library) -> None:
    before = tree(narrated.edition)
    assert narrated.build(formats=("mp3",), force=True, engines=choir(Tones())).changed
    assert tree(narrated.edition) == before


def test_one_changed_sentence_is_the_only_one_spoken(narrated: Library) -> None:
    narrated.write(SENTENCES[0], CHANGED, voices="tones:low")
    assert speak(narrated).spoken == [CHANGED]
    assert whole(narrated.edition).cues()["c01-004"].text == CHANGED
    assert narrated.left_over() == []


def test_one_changed_sentence_of_the_real_leaflet_leaves_the_other_chapters(
    real: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(REAL.parent.parent, tmp_path / "content")
    shutil.copytree(real.folder.parent.parent, tmp_path / "audio")
    cache = Path(shutil.copytree(real.cache, tmp_path / "cache"))
    leaflet, folder = (
        tmp_path / "content" / "bone-metastasis" / "en.yaml",
        tmp_path / "audio" / "bone-metastasis" / "en",
    )
    assert not pipeline.build(leaflet, output=tmp_path / "audio", cache=cache).changed
    before, kept, entries = tree(folder), stamps(folder), tree(cache)

    spoken: list[str] = []
    speak_for_real = Espeak.speak

    def count(engine: Espeak, utterance: Utterance, voice: Voice, rate: WordsPerMinute) -> Clip:
        spoken.append(utterance.shown)
        return speak_for_real(engine, utterance, voice, rate)

    monkeypatch.setattr(Espeak, "speak", count)
    text = leaflet.read_text(encoding="utf-8")
    assert text.count("This can hurt.") == 1
    leaflet.write_text(text.replace("This can hurt.", "This may hurt."), encoding="utf-8")
    assert pipeline.build(leaflet, output=tmp_path / "audio", cache=cache).changed
    whole(folder)
    after, now = tree(folder), stamps(folder)
    assert after.keys() == before.keys()
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {
        "book.json",
        "bone-metastasis-en-chapters.zip",
        "bone-metastasis-en.audiobook",
        "bone-metastasis-en.daisy.zip",
        "bone-metastasis-en.epub",
        "bone-metastasis-en.m4b",
        "bone-metastasis-en.mp3",
        "chapters/bone-metastasis-en-02-causes.mp3",
        "index.html",
        "publication.json",
        "script.json",
        "transcript.html",
        "transcript.srt",
        "transcript.txt",
        "transcript.vtt",
    }
    assert {name: now[name] for name in after.keys() - changed} == {name: kept[name] for name in after.keys() - changed}
    assert spoken == ["This may hurt."]
    # One clip more, the one chapter that was encoded with it, and perhaps what the limiter costs, measured anew.
    assert 2 <= len(tree(cache).keys() - entries.keys()) <= 3


@pytest.mark.parametrize("damage", ["flip", "cut"])
def test_damage_in_the_cache_is_mended_and_changes_no_byte(tones: Library, damage: str) -> None:
    first = speak(tones)
    before, entries = tree(tones.output), tree(tones.cache)
    for name in entries:
        path = tones.cache / name
        data = path.read_bytes()
        middle = len(data) // 2
        path.write_bytes(
            data[:-1] if damage == "cut" else data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]
        )
    shutil.rmtree(tones.output)
    # Two utterances that sound the same have one clip.
    assert 0 < len(set(speak(tones).spoken)) == len(set(first.spoken))
    assert tree(tones.output) == before
    assert tree(tones.cache) == entries


def test_one_damaged_clip_is_the_only_one_made_again(tones: Library) -> None:
    engine = Tones()
    speak(tones, engine)
    before, entries = tree(tones.output), tree(tones.cache)
    prepared = pipeline.prepare(tones.leaflet)
    utterance = next(one for one in prepared.script.utterances() if one.shown == SENTENCES[0])
    key = key_of(b"clip/1", engine.request(utterance, engine.voice("low"), WordsPerMinute(145)))
    clip = tones.cache / key
    clip.write_bytes(clip.read_bytes()[:-2])
    shutil.rmtree(tones.output)
    assert speak(tones).spoken == [SENTENCES[0]]
    assert tree(tones.output) == before
    assert tree(tones.cache) == entries


@pytest.mark.parametrize("how", ["flip", "cut", "gone"])
def test_a_damaged_file_of_the_edition_is_mended(narrated: Library, how: str) -> None:
    before, kept = tree(narrated.edition), stamps(narrated.edition)
    sound = narrated.edition / "small-en.mp3"
    data = sound.read_bytes()
    sound.unlink()
    if how != "gone":
        sound.write_bytes(data[:-1] if how == "cut" else data[:-9] + bytes([data[-9] ^ 1]) + data[-8:])
    engine = Tones()
    assert narrated.build(formats=("mp3", "transcript"), engines=choir(engine)).changed
    assert engine.spoken == []
    assert tree(narrated.edition) == before
    now = stamps(narrated.edition)
    assert now["transcript.txt"] == kept["transcript.txt"]
    whole(narrated.edition)


def test_a_damaged_book_json_is_replaced(narrated: Library) -> None:
    before = tree(narrated.edition)
    (narrated.edition / "book.json").write_text("{", encoding="utf-8")
    assert narrated.build(formats=("mp3", "transcript"), engines=choir(Tones())).changed
    assert tree(narrated.edition) == before


def test_a_build_that_stopped_half_way_goes_on_where_it_was(narrated: Library) -> None:
    old = tree(narrated.output)
    narrated.write("One new.", "Two new.", "Three new.", voices="tones:low")
    with pytest.raises(SpeechError, match="lost its voice"):
        speak(narrated, Tones(fails_at=2))
    assert tree(narrated.output) == old
    whole(narrated.edition)
    assert set(speak(narrated).spoken) <= {"Two new.", "Three new."}
    assert whole(narrated.edition).cues()["c01-003"].text == "One new."


def test_a_new_version_of_the_engine_narrates_anew(tones: Library) -> None:
    first = speak(tones)
    assert len(speak(tones, Tones(version="2")).spoken) == len(first.spoken)
    assert whole(tones.edition).voice.version == "2"


def test_a_problem_in_the_leaflet_leaves_the_old_edition(narrated: Library) -> None:
    before = stamps(narrated.edition)
    narrated.leaflet.write_text("title: [", encoding="utf-8")
    with pytest.raises(ContentError):
        speak(narrated)
    assert stamps(narrated.edition) == before


# Formats


def test_a_further_format_leaves_the_others_as_they_were(library: Library) -> None:
    library.build(formats=("mp3",))
    assert not list(library.edition.glob("transcript.*"))
    assert not list(library.edition.glob("*.m4b"))
    library.build(formats=("transcript",))
    before, kept = tree(library.edition), stamps(library.edition)
    told: list[str] = []
    assert library.build(formats=("m4b",), told=told).changed
    after, now = tree(library.edition), stamps(library.edition)
    assert after.keys() - before.keys() == {"small-en.m4b"}
    for name in before.keys() - {"book.json"}:
        assert (after[name], now[name]) == (before[name], kept[name])
    assert told == []
    assert not library.build(formats=("mp3",)).changed
    whole(library.edition)


def test_changed_text_drops_the_formats_that_were_not_asked_for_and_says_so(tones: Library) -> None:
    speak(tones, formats=("mp3", "m4b", "transcript"))
    tones.write("It is new.", voices="tones:low")
    told: list[str] = []
    tones.build(formats=(), told=told, engines=choir(Tones()))
    assert len(told) == 1
    assert "dropped m4b, transcript of" in told[0]
    names = {path.name for path in tones.edition.iterdir()}
    assert names == {"book.json", "chapters", "cover.png", "script.json", "small-en.mp3"}
    whole(tones.edition)


def test_another_voice_drops_them_too(narrated: Library) -> None:
    told: list[str] = []
    narrated.build(voice="other:low", formats=("mp3",), told=told, engines=choir(Tones("other")))
    assert "dropped transcript" in told[0]
    assert whole(narrated.edition).voice.engine == "other"


# The disk


@pytest.mark.parametrize("point", ["clip", "chapter", "cover", "transcript", "manifest", "exchange"])
def test_a_disk_that_fills_up_anywhere_leaves_the_old_edition(
    tones: Library, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    speak(tones, formats=("mp3",))
    before = stamps(tones.edition)
    tones.write("It is new.", voices="tones:low")
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    failing = {"chapter": "second.mp3", "cover": "cover.png", "transcript": "transcript.srt"}
    write_bytes, write_text, replace = Path.write_bytes, Path.write_text, Path.replace

    def bytes_or_full(path: Path, data: bytes) -> int:
        if path.name.endswith(failing.get(point, "nothing")):
            raise full
        return write_bytes(path, data)

    def text_or_full(path: Path, data: str, **how: str) -> int:
        if point == "manifest" and path.name == "book.json":
            raise full
        return write_text(path, data, **how)

    def replaced_or_full(path: Path, target: Path) -> Path:
        if point == "clip" and path.suffix == ".part":
            raise full
        return replace(path, target)

    def exchange(one: Path, other: Path) -> bool:
        raise full

    monkeypatch.setattr(Path, "write_bytes", bytes_or_full)
    monkeypatch.setattr(Path, "write_text", text_or_full)
    monkeypatch.setattr(Path, "replace", replaced_or_full)
    if point == "exchange":
        monkeypatch.setattr(edition, "_exchanged_in_one_call", exchange)
    with pytest.raises(StorageError, match="free some space") as caught:
        speak(tones)
    assert "\n" not in str(caught.value)
    monkeypatch.undo()
    assert stamps(tones.edition) == before
    assert tones.left_over() == []
    assert not list(tones.cache.rglob("*.part"))
    speak(tones)
    whole(tones.edition)


def test_an_output_that_is_a_file(tones: Library) -> None:
    tones.output.write_text("mine", encoding="utf-8")
    with pytest.raises(StorageError, match=r"audio is not a folder; move it away") as caught:
        speak(tones)
    assert caught.value.exit_code == 8
    assert tones.output.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("kind", ["file", "link"])
def test_something_else_in_the_editions_place_stays(tones: Library, kind: str) -> None:
    tones.edition.parent.mkdir(parents=True)
    if kind == "file":
        tones.edition.write_text("mine", encoding="utf-8")
    else:
        (tones.folder / "elsewhere").mkdir()
        tones.edition.symlink_to(tones.folder / "elsewhere")
    with pytest.raises(StorageError, match="is in the way: it is not a folder"):
        speak(tones)
    assert tones.edition.is_file() if kind == "file" else tones.edition.is_symlink()
    assert tones.left_over() == []


def test_an_identifier_that_was_made_is_told_and_one_that_is_named_is_not(tones: Library) -> None:
    text = tones.leaflet.read_text(encoding="utf-8")
    named, _, rest = text.partition("\n")
    tones.leaflet.write_text(rest, encoding="utf-8")
    told: list[str] = []
    book = tones.build(engines=choir(Tones()), told=told, formats=("mp3",)).book
    assert f"made an identifier; keep it in the leaflet: 'identifier: {book.identifier}'" in told
    assert named != f"identifier: {book.identifier}"
    tones.leaflet.write_text(text, encoding="utf-8")
    told.clear()
    book = tones.build(engines=choir(Tones()), told=told, formats=("mp3",)).book
    assert named == f"identifier: {book.identifier}"
    assert told == []


def test_what_is_no_edition_of_ours_is_left_alone(tones: Library) -> None:
    place = tones.output / "small" / "en-us"
    place.mkdir(parents=True)
    leaflet = tones.leaflet.rename(place / "small.yaml")
    with pytest.raises(StorageError, match=r"en-us is in the way: it holds small\.yaml, and no edition"):
        pipeline.build(leaflet, output=tones.output, cache=tones.cache, formats=("mp3",))
    assert leaflet.is_file()


def test_what_somebody_put_into_an_edition_stays(tones: Library) -> None:
    speak(tones)
    (tones.edition / "signed.mp4").write_text("film", encoding="utf-8")
    tones.write(CHANGED, voices="tones:low")
    speak(tones)
    assert (tones.edition / "signed.mp4").read_text(encoding="utf-8") == "film"
    assert "signed.mp4" not in manifest.paths(manifest.load(tones.edition))
