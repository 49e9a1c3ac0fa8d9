from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.conftest import Made
from tests.contracts.google import CAPTCHA, GoogleServer, Status
from tests.contracts.online import quick
from tests.editions import REAL, SENTENCES, Library, Tones, choir, environment, stamps, tree, whole

from audioleaflet import pipeline
from audioleaflet.book import edition
from audioleaflet.cache import Cache, key_of
from audioleaflet.errors import (
    ConfigError,
    ContentError,
    EngineUnavailable,
    SpeechError,
    StorageError,
    VoiceNotFound,
)
from audioleaflet.speech.engine import Engine
from audioleaflet.speech.voices import engine_of
from audioleaflet.units import WordsPerMinute

CHANGED = "It hurts when you walk."
BOOK_FIELDS = """
    format identifier slug language dir title version publisher licence sources contact notice urgent approval modified
    cover voice script_sha256 wording_sha256 sample_rate duration_ms loudness_lufs true_peak_dbtp structure terms
    chapters renditions files
""".split()


@pytest.fixture
def tones(library: Library) -> Library:
    """The library, to be narrated by the engine ``tones``."""
    library.write(voices="tones:low")
    return library


def speak(library: Library, engine: Tones | None = None, formats: tuple[str, ...] = ("mp3", "transcript")) -> Tones:
    """Build with a counting engine and without the slow format; answer the engine."""
    engine = engine or Tones()
    library.build(formats=formats, engines=choir(engine))
    return engine


# The book


def test_book_json_has_every_field_of_the_design(real: Made) -> None:
    fields = json.loads((real.folder / "book.json").read_text(encoding="utf-8"))
    assert set(BOOK_FIELDS) <= fields.keys()
    assert fields["format"] == "audioleaflet-book/1"
    assert fields["voice"].keys() == {"engine", "name", "version", "rate_wpm"}
    assert fields["voice"]["engine"] == "espeak"
    assert "1.52" in fields["voice"]["version"]
    cue = fields["chapters"][3]["cues"][4]
    assert cue.keys() == {"id", "kind", "role", "begin_ms", "speech_begin_ms", "speech_end_ms", "end_ms", "text"}
    assert fields["chapters"][3].keys() == {"number", "id", "title", "audio", "start_ms", "duration_ms", "cues"}
    assert fields["terms"][0].keys() == {"term", "ipa", "respelling", "meaning", "cues"}
    empty = {name for name in BOOK_FIELDS if fields[name] in (None, "", [])}
    assert empty == {"approval", "renditions"}
    assert "No health professional has checked it" in fields["status"]


def test_every_utterance_has_its_cue_in_order(real: Made) -> None:
    script = pipeline.prepare(REAL).script
    assert [chapter.number for chapter in real.book.chapters] == list(range(7))
    for written, made in zip(script.chapters, real.book.chapters, strict=True):
        assert (written.number, written.id, written.title) == (made.number, made.id, made.title)
        assert [(utterance.id, utterance.kind, utterance.role, utterance.shown) for utterance in written.utterances] == [
            (cue.id, cue.kind, cue.role, cue.text) for cue in made.cues
        ]


def test_cues_tile_their_chapters_and_chapters_the_book(real: Made) -> None:
    start = 0.0
    for chapter in real.book.chapters:
        assert chapter.start_ms == pytest.approx(start, abs=1)
        assert chapter.cues[0].begin_ms == 0
        assert [cue.end_ms for cue in chapter.cues[:-1]] == [cue.begin_ms for cue in chapter.cues[1:]]
        assert chapter.cues[-1].end_ms == chapter.duration_ms
        for cue in chapter.cues:
            assert cue.begin_ms <= cue.speech_begin_ms < cue.speech_end_ms <= cue.end_ms
        start += chapter.duration_ms
    assert real.book.duration_ms == pytest.approx(start, abs=len(real.book.chapters))


def test_every_cue_is_named_once_and_the_structure_names_what_is_printed(real: Made) -> None:
    ids = [cue.id for chapter in real.book.chapters for cue in chapter.cues]
    assert len(ids) == len(set(ids))
    printed = [cue.id for chapter in real.book.chapters for cue in chapter.cues if cue.printed]
    named: list[str] = []
    for part in real.book.structure:
        waiting = list(reversed(part.nodes))
        while waiting:
            node = waiting.pop()
            named += [node.cue] if node.cue else []
            waiting += reversed(node.children)
    assert named == printed
    assert {cue for term in real.book.terms for cue in term.cues} <= set(ids)


def test_the_length_that_the_introduction_tells_is_right_within_15_percent(real: Made) -> None:
    told = next(cue.text for cue in real.book.chapters[0].cues if "minutes" in cue.text)
    count = told.split("About ", 1)[1].split(" minutes", 1)[0]
    words = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen".split()
    minutes = int(count) if count.isdigit() else words.index(count) + 1
    assert minutes * 60_000 == pytest.approx(real.book.duration_ms, rel=0.15)


def test_the_edition_is_whole_and_named_as_the_design_says(real: Made) -> None:
    assert whole(real.folder) == real.book
    chapters = (
        "00-introduction 01-what-is-it 02-causes 03-symptoms 04-treatment 05-complications 06-learn-more".split()
    )
    expected = {f"chapters/bone-metastasis-en-{name}.mp3" for name in chapters}
    expected |= {"bone-metastasis-en.mp3", "bone-metastasis-en.m4b", "cover.png", "book.json"}
    expected |= {f"transcript.{kind}" for kind in ("txt", "html", "vtt", "srt")}
    assert tree(real.folder).keys() == expected
    assert sorted(path.name for path in real.folder.parent.iterdir()) == ["en"]


# The same bytes


def test_the_same_leaflet_gives_the_same_bytes(real: Made, tmp_path: Path) -> None:
    built = pipeline.build(REAL, output=tmp_path / "audio", cache=tmp_path / "cache", jobs=1)
    assert tree(built.folder) == tree(real.folder)


def test_neither_the_process_nor_the_folder_nor_the_number_of_jobs_changes_a_byte(library: Library) -> None:
    found = []
    for number, jobs in enumerate(("1", "2", "3")):
        place = library.folder.parent / f"clone {number}"
        shutil.copytree(library.folder / "content", place / "content")
        (place / "here").mkdir()
        leaflet = place / "content/small/en.yaml" if number else Path("../content/small/en.yaml")
        command = [sys.executable, "-m", "audioleaflet", "build", str(leaflet)]
        command += ["--output", str(place / "audio"), "--cache", str(place / "cache"), "--jobs", jobs]
        seeded = {**environment(), "PYTHONHASHSEED": str(number)}
        subprocess.run(command, check=True, capture_output=True, cwd=place / "here", env=seeded)
        whole(place / "audio" / "small" / "en")
        found.append(tree(place / "audio"))
    assert len(found[0]) == 11
    assert found[0] == found[1] == found[2]


def test_a_comment_in_the_leaflet_changes_nothing(tones: Library) -> None:
    speak(tones)
    before = stamps(tones.edition)
    text = tones.leaflet.read_text(encoding="utf-8")
    tones.leaflet.write_text(f"# A comment moves every line.\n\n{text}", encoding="utf-8")
    assert not tones.build(formats=("mp3", "transcript"), engines=choir(Tones())).changed
    assert stamps(tones.edition) == before


# What is made anew


def test_nothing_changed_nothing_rewritten(library: Library) -> None:
    assert library.build().changed
    before, bytes_before = stamps(library.edition), tree(library.edition)
    again = library.build()
    assert not again.changed
    assert again.book == whole(library.edition)
    assert stamps(library.edition) == before
    assert tree(library.edition) == bytes_before
    assert library.left_over() == []


def test_force_makes_everything_again_with_the_same_bytes(tones: Library) -> None:
    speak(tones)
    before = tree(tones.edition)
    assert tones.build(formats=("mp3",), force=True, engines=choir(Tones())).changed
    assert tree(tones.edition) == before


def test_one_changed_sentence_is_the_only_one_spoken(tones: Library) -> None:
    speak(tones)
    tones.write(SENTENCES[0], CHANGED, voices="tones:low")
    assert speak(tones).spoken == [CHANGED]
    assert whole(tones.edition).cues()["c01-004"].text == CHANGED
    assert tones.left_over() == []


def test_one_changed_sentence_of_the_real_leaflet_leaves_the_other_chapters(real: Made, tmp_path: Path) -> None:
    shutil.copytree(REAL.parent.parent, tmp_path / "content")
    shutil.copytree(real.folder.parent.parent, tmp_path / "audio")
    cache = Path(shutil.copytree(real.cache, tmp_path / "cache"))
    leaflet, folder = tmp_path / "content" / "bone-metastasis" / "en.yaml", tmp_path / "audio" / "bone-metastasis" / "en"
    assert not pipeline.build(leaflet, output=tmp_path / "audio", cache=cache).changed
    before, kept, entries = tree(folder), stamps(folder), tree(cache)

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
        "bone-metastasis-en.m4b",
        "bone-metastasis-en.mp3",
        "chapters/bone-metastasis-en-02-causes.mp3",
        "transcript.html",
        "transcript.srt",
        "transcript.txt",
        "transcript.vtt",
    }
    assert {name: now[name] for name in after.keys() - changed} == {name: kept[name] for name in after.keys() - changed}
    # One clip more, and the one chapter that was encoded with it.
    assert len(tree(cache).keys() - entries.keys()) == 2


@pytest.mark.parametrize("damage", ["flip", "cut"])
def test_damage_in_the_cache_is_mended_and_changes_no_byte(tones: Library, damage: str) -> None:
    first = speak(tones)
    before, entries = tree(tones.output), tree(tones.cache)
    for name in entries:
        path = tones.cache / name
        data = path.read_bytes()
        middle = len(data) // 2
        path.write_bytes(data[:-1] if damage == "cut" else data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :])
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
    clip = tones.cache / key[:2] / key
    clip.write_bytes(clip.read_bytes()[:-2])
    shutil.rmtree(tones.output)
    assert speak(tones).spoken == [SENTENCES[0]]
    assert tree(tones.output) == before
    assert tree(tones.cache) == entries


@pytest.mark.parametrize("how", ["flip", "cut", "gone"])
def test_a_damaged_file_of_the_edition_is_mended(tones: Library, how: str) -> None:
    speak(tones)
    before, kept = tree(tones.edition), stamps(tones.edition)
    sound = tones.edition / "small-en.mp3"
    data = sound.read_bytes()
    sound.unlink()
    if how != "gone":
        sound.write_bytes(data[:-1] if how == "cut" else data[:-9] + bytes([data[-9] ^ 1]) + data[-8:])
    engine = Tones()
    assert tones.build(formats=("mp3", "transcript"), engines=choir(engine)).changed
    assert engine.spoken == []
    assert tree(tones.edition) == before
    now = stamps(tones.edition)
    assert now["transcript.txt"] == kept["transcript.txt"]
    whole(tones.edition)


def test_a_damaged_book_json_is_replaced(tones: Library) -> None:
    speak(tones)
    before = tree(tones.edition)
    (tones.edition / "book.json").write_text("{", encoding="utf-8")
    assert tones.build(formats=("mp3", "transcript"), engines=choir(Tones())).changed
    assert tree(tones.edition) == before


def test_a_build_that_stopped_half_way_goes_on_where_it_was(tones: Library) -> None:
    speak(tones)
    old = tree(tones.output)
    tones.write("One new.", "Two new.", "Three new.", voices="tones:low")
    with pytest.raises(SpeechError, match="lost its voice"):
        speak(tones, Tones(fails_at=2))
    assert tree(tones.output) == old
    whole(tones.edition)
    assert set(speak(tones).spoken) <= {"Two new.", "Three new."}
    assert whole(tones.edition).cues()["c01-003"].text == "One new."


def test_a_new_version_of_the_engine_narrates_anew(tones: Library) -> None:
    first = speak(tones)
    assert len(speak(tones, Tones(version="2")).spoken) == len(first.spoken)
    assert whole(tones.edition).voice.version == "2"


def test_a_problem_in_the_leaflet_leaves_the_old_edition(tones: Library) -> None:
    speak(tones)
    before = stamps(tones.edition)
    tones.leaflet.write_text("title: [", encoding="utf-8")
    with pytest.raises(ContentError):
        speak(tones)
    assert stamps(tones.edition) == before


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
    assert names == {"book.json", "chapters", "cover.png", "small-en.mp3"}
    whole(tones.edition)


def test_another_voice_drops_them_too(tones: Library) -> None:
    speak(tones)
    told: list[str] = []
    tones.build(voice="other:low", formats=("mp3",), told=told, engines=choir(Tones("other")))
    assert "dropped transcript" in told[0]
    assert whole(tones.edition).voice.engine == "other"


# Voices


def test_a_voice_that_fails_half_way_gives_the_whole_book_to_the_next(library: Library) -> None:
    library.write(voices="first:low, second:low")
    told: list[str] = []
    first, second = Tones("first", fails_at=12), Tones("second")
    built = library.build(formats=("mp3",), told=told, engines=choir(first, second))
    assert (built.book.voice.engine, built.book.voice.name) == ("second", "low")
    assert ["first:low cannot narrate this book" in message for message in told] == [True]
    assert "second:low" in told[0]
    alone = Library(library.folder / "alone")
    alone.write(voices="second:low")
    alone.build(formats=("mp3",), engines=choir(Tones("second")))
    assert tree(built.folder) == tree(alone.edition), "something of the first voice is in the book"
    assert first.closed == second.closed == 1


def test_a_voice_that_was_named_has_no_other(library: Library) -> None:
    library.write(voices="second:low")
    speak(library, Tones("second"))
    before = stamps(library.edition)
    second = Tones("second")
    with pytest.raises(SpeechError, match="first lost its voice; try another voice"):
        library.build(voice="first:low", engines=choir(Tones("first", fails_at=3), second))
    assert second.spoken == []
    assert stamps(library.edition) == before
    assert library.left_over() == []


def test_an_engine_that_has_gone_gives_the_book_to_the_next_voice(library: Library) -> None:
    library.write(voices="first:low, second:low")
    speak(library, Tones("first"))

    def engines(name: str) -> Engine:
        if name == "first":
            raise EngineUnavailable("first is not installed", engine="first")
        return Tones("second")

    told: list[str] = []
    built = library.build(formats=("mp3", "transcript"), told=told, engines=engines)
    assert built.book.voice.engine == "second"
    assert "first is not installed" in told[0]


def test_the_first_voice_is_tried_again_by_the_next_build(library: Library) -> None:
    library.write(voices="first:low, second:low")
    library.build(formats=("mp3",), engines=choir(Tones("first", fails_at=3), Tones("second")))
    built = library.build(formats=("mp3",), engines=choir(Tones("first"), Tones("second")))
    assert built.changed
    assert built.book.voice.engine == "first"


def test_a_voice_of_another_language_is_refused(library: Library) -> None:
    library.write(voices="tones:low")
    engine = Tones(language="fr-FR")
    with pytest.raises(ConfigError, match="tones:low speaks fr, the leaflet is written in en; try 'audioleaflet voices'"):
        library.build(engines=choir(engine))
    assert engine.spoken == []
    assert library.left_over() == []


@pytest.mark.parametrize("voice", ["espeak:en-zz", "nosuch:en", "espeak", ""])
def test_an_unknown_voice_says_where_to_look(library: Library, voice: str) -> None:
    with pytest.raises(VoiceNotFound, match="audioleaflet voices") as caught:
        library.build(voice=voice or ":")
    assert caught.value.exit_code == 3
    assert library.left_over() == []


# The online voice, against a server on this machine


def online(google: GoogleServer) -> Callable[[str], Engine]:
    return lambda name: quick(google)[0] if name == "gtts" else engine_of(name)


def test_a_whole_book_by_the_online_voice(library: Library) -> None:
    told: list[str] = []
    with GoogleServer() as google:
        library.write(voices="gtts:en-us, espeak:en-us")
        built = library.build(told=told, engines=online(google))
        asked = len(google.requests)
        assert not library.build(engines=online(google)).changed
        assert len(google.requests) == asked
    assert (built.book.voice.engine, built.book.voice.name, built.book.sample_rate) == ("gtts", "en-us", 24000)
    assert ["sent to Google" in message for message in told] == [True]
    book = whole(library.edition)
    assert "Bone is a living thing." in " ".join(google.texts)
    assert book.loudness_lufs == pytest.approx(-19, abs=1)


def test_a_server_that_goes_half_way_gives_the_whole_book_to_the_next_voice(library: Library) -> None:
    told: list[str] = []
    with GoogleServer() as google:
        google.gone_after(8)
        library.write(voices="gtts:en-us, espeak:en-us")
        built = library.build(told=told, engines=online(google))
        assert len(google.requests) > 8
    assert built.book.voice.engine == "espeak"
    assert any("gtts:en-us cannot narrate this book" in message and "espeak:en-us" in message for message in told)
    alone = Library(library.folder / "alone")
    alone.write()
    assert tree(alone.build().folder) == tree(library.edition)


@pytest.mark.parametrize("fault", ["gone", "captcha", "429"])
def test_with_the_online_voice_alone_the_error_says_what_to_do(library: Library, fault: str) -> None:
    library.build(formats=("mp3",))
    before = stamps(library.edition)
    with GoogleServer() as google:
        if fault == "gone":
            google.gone_after(8)
        else:
            google.default = CAPTCHA if fault == "captcha" else Status(429)
        with pytest.raises(SpeechError) as caught:
            library.build(voice="gtts:en-us", formats=("mp3",), engines=online(google))
        assert caught.value.next_step
        assert "\n" not in str(caught.value)
        assert stamps(library.edition) == before
        assert library.left_over() == []


def test_what_the_online_voice_has_said_is_not_asked_for_again(library: Library) -> None:
    with GoogleServer() as google:
        google.gone_after(8)
        with pytest.raises(SpeechError):
            library.build(voice="gtts:en-us", formats=("mp3",), engines=online(google))
        said = set(google.texts[:6])
        google.requests.clear()
        google.gone_after(1000)
        library.build(voice="gtts:en-us", formats=("mp3",), engines=online(google))
        assert not said & set(google.texts)
        assert len(google.texts) > 8
        assert whole(library.edition).voice.engine == "gtts"


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
    write_bytes, write_text, put = Path.write_bytes, Path.write_text, Cache.put

    def bytes_or_full(path: Path, data: bytes) -> int:
        if path.name.endswith(failing.get(point, "nothing")):
            raise full
        return write_bytes(path, data)

    def text_or_full(path: Path, data: str, **how: str) -> int:
        if point == "manifest" and path.name == "book.json":
            raise full
        return write_text(path, data, **how)

    def put_or_full(cache: Cache, key: str, content: bytes) -> None:
        with monkeypatch.context() as patch:
            if point == "clip":
                patch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(full))
            put(cache, key, content)

    def exchange(one: Path, other: Path) -> bool:
        raise full

    monkeypatch.setattr(Path, "write_bytes", bytes_or_full)
    monkeypatch.setattr(Path, "write_text", text_or_full)
    monkeypatch.setattr(Cache, "put", put_or_full)
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
