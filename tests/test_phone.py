"""Telephone sound in whole builds: what editions and libraries get, when it is made again, what a notice says."""

from __future__ import annotations

import errno
import json
import os
import shutil
import zipfile
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from tests.editions import REAL, SENTENCES, Library, Paced, Tones, choir, stamps, tree, whole

from audioleaflet import cli, notices, pipeline
from audioleaflet.book import prompts
from audioleaflet.book.model import Book, Chapter
from audioleaflet.errors import ConfigError, SpeechError, StorageError
from audioleaflet.phrases import load_site
from audioleaflet.publish.formats import DEFAULT, FORMATS, made
from audioleaflet.publish.site.files import downloads
from audioleaflet.speech.engine import Engine

RATES = ("phone-slow", "phone-normal", "phone-fast")
SMALL = ("mp3", "phone")
TODAY = date(2026, 11, 22)


def build(library: Library, formats: Sequence[str] | None = SMALL, engine: Tones | None = None) -> list[str]:
    """Build, and answer what was told."""
    told: list[str] = []
    pipeline.build(
        library.leaflet,
        output=library.output,
        cache=library.cache,
        formats=formats,
        reporter=pipeline.Reporter(message=told.append, progress=pipeline.SILENT.progress),
        engines=choir(engine or Paced()),
    )
    return told


def settings(library: Library, text: str) -> None:
    """Write ``text`` at the end of the library's settings."""
    path = library.folder / "content" / "library.yaml"
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def phone_files(folder: Path) -> dict[str, str]:
    return {name: sha for name, sha in tree(folder).items() if name.startswith("phone/")}


def silences(chapter: Chapter) -> list[int]:
    """Milliseconds between the words of one cue and those of the next."""
    return [after.speech_begin_ms - before.speech_end_ms for before, after in pairwise(chapter.cues)]


def prompts_folder(library: Library) -> Path:
    return library.output / "phone" / "en-US"


# What is made


def test_the_usual_formats_have_no_telephone_sound_and_all_has(tones: Library) -> None:
    assert "phone" not in DEFAULT
    assert set(FORMATS) == {*DEFAULT, "braille", "pdf", "phone"}
    build(tones, None)
    book = whole(tones.edition)
    assert (book.renditions, book.prompts, book.telephone_sha256, phone_files(tones.edition)) == ((), (), "", {})
    assert not (tones.output / "phone").exists()


def test_an_edition_gets_its_chapters_at_three_rates_and_its_prompts(tones: Library) -> None:
    settings(tones, "hotline: {rates: {slow_wpm: 100, fast_wpm: 200}}\n")
    leaflet = tones.leaflet.read_text(encoding="utf-8")
    tones.leaflet.write_text(f"{leaflet}hotline: 121\ncontact: care@trust.example\n", encoding="utf-8")
    build(tones)
    book = whole(tones.edition)
    assert made(book) == {"mp3", "phone"}
    assert book.hotline == "121"
    assert tuple((one.name, one.rate_wpm) for one in book.renditions) == tuple(zip(RATES, (100, 145, 200), strict=True))
    for rendition in book.renditions:
        assert [(one.number, one.id, one.title) for one in rendition.chapters] == [
            (one.number, one.id, one.title) for one in book.chapters
        ]
        assert [cue.id for one in rendition.chapters for cue in one.cues] == list(book.cues())
        # Who has pressed a key waits for the first word.
        assert all(one.cues[0].speech_begin_ms <= 80 for one in rendition.chapters)
    slow, normal, _ = (silences(rendition.chapters[1]) for rendition in book.renditions)
    assert [round(one / other, 1) for one, other in zip(slow, normal, strict=True)] == [1.5] * len(normal)
    names = ["title", "publisher", "status", "choice", "chapter-0", "chapter-1", "chapter-2", "contact", "number-1"]
    assert [prompt.name for prompt in book.prompts] == names
    number = book.prompts[-1]
    assert (number.text, book.cues()[number.cue].text) == ("800-227-2345", "Call 800-227-2345.")
    files = {file.path: file for file in book.files}
    sounds = [chapter.audio for one in book.renditions for chapter in one.chapters]
    sounds += [prompt.audio for prompt in book.prompts]
    assert sorted(sounds) == sorted(phone_files(tones.edition))
    assert {files[sound].media_type for sound in sounds} == {"audio/basic"}


def test_the_library_gets_its_prompts(tones: Library) -> None:
    (told,) = build(tones)
    assert told.startswith("library.yaml names no emergency number for en-US: callers are told to call their own")
    settings(tones, "hotline: {emergency: {en: '112'}}\n")
    assert build(tones) == []
    found = prompts.load(prompts_folder(tones))
    assert prompts.whole(found, prompts_folder(tones))
    assert (found.language, found.title, found.publisher) == ("en-US", "Test library", "Test Trust")
    assert (found.voice.engine, found.codec, found.sample_rate) == ("tones", "ulaw", 8000)
    said = {prompt.name: prompt.text for prompt in found.prompts}
    assert said["emergency"] == "If this is an emergency, hang up and call 112."
    assert said["press-3"] == "press 3."
    assert {file.path for file in found.files} == {prompt.audio for prompt in found.prompts}
    assert [path.name for path in (tones.output / "phone").iterdir()] == ["en-US"]


def test_codecs_that_are_asked_for_lie_beside(tones: Library) -> None:
    settings(tones, "hotline: {codecs: [wav, g722]}\n")
    build(tones)
    files = {file.path: file.media_type for file in whole(tones.edition).files}
    kinds = {path.removeprefix("phone/slow/01-first"): kind for path, kind in files.items() if "slow/01-first" in path}
    assert kinds == {".ulaw": "audio/basic", ".wav": "audio/x-wav", ".g722": "audio/G722"}
    library = {file.path for file in prompts.load(prompts_folder(tones)).files}
    assert {"back.ulaw", "back.wav", "back.g722"} <= library


def test_nobody_downloads_telephone_sound(tones: Library) -> None:
    build(tones, (*DEFAULT, "phone"))
    book = whole(tones.edition)
    assert made(book) >= {"phone", "site", "m4b"}
    assert not [one.href for one in downloads(book, load_site("en")) if "phone" in one.href or "ulaw" in one.href]
    with zipfile.ZipFile(tones.edition / "small-en-chapters.zip") as archive:
        assert [name for name in archive.namelist() if not name.endswith(".mp3")] == []
    assert "ulaw" not in (tones.edition / "index.html").read_text(encoding="utf-8")


# What is made again


def test_the_same_leaflet_gives_the_same_bytes(tones: Library, tmp_path: Path) -> None:
    build(tones)
    other = Library(tmp_path / "other")
    other.write(voices="tones:low")
    build(other)
    assert tree(other.output) == tree(tones.output)


def test_nothing_changed_nothing_rewritten(tones: Library) -> None:
    build(tones)
    before = stamps(tones.output)
    engine = Paced()
    for formats in (SMALL, ("mp3",), ()):
        assert build(tones, formats, engine) == []
    assert engine.spoken == []
    assert stamps(tones.output) == before


def test_one_changed_sentence_leaves_other_chapters_and_the_library(tones: Library) -> None:
    build(tones)
    before, kept, shared = phone_files(tones.edition), stamps(tones.edition), stamps(tones.output / "phone")
    tones.write(SENTENCES[0], "It hurts when you walk.", voices="tones:low")
    engine = Paced()
    build(tones, SMALL, engine)
    assert engine.spoken == ["It hurts when you walk."] * 3
    whole(tones.edition)
    after, now = phone_files(tones.edition), stamps(tones.edition)
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {f"phone/{rate}/01-first.ulaw" for rate in ("slow", "normal", "fast")}
    assert {name: now[name] for name in after.keys() - changed} == {name: kept[name] for name in after.keys() - changed}
    assert stamps(tones.output / "phone") == shared


@pytest.mark.parametrize("text", ["{rates: {slow_wpm: 90}}", "{rates: {prompt_wpm: 160}}", "{codecs: [alaw]}"])
def test_settings_of_the_line_concern_only_editions_that_can_be_called(tones: Library, text: str) -> None:
    build(tones, ("mp3",))
    before = stamps(tones.edition)
    settings(tones, f"hotline: {text}\n")
    build(tones, ("mp3",))
    assert stamps(tones.edition) == before
    build(tones)
    first = tree(tones.output)
    content = tones.folder / "content" / "library.yaml"
    content.write_text(content.read_text(encoding="utf-8").replace(f"hotline: {text}\n", ""), encoding="utf-8")
    build(tones, ("mp3",))
    whole(tones.edition)
    second = tree(tones.output)
    assert second["small/en/small-en.mp3"] == first["small/en/small-en.mp3"]
    assert second["small/en/book.json"] != first["small/en/book.json"]
    assert second["phone/en-US/prompts.json"] != first["phone/en-US/prompts.json"]


def test_what_only_the_library_says_changes_no_edition(tones: Library) -> None:
    build(tones)
    before, shared = stamps(tones.edition), stamps(prompts_folder(tones))
    settings(tones, "hotline: {emergency: {en: '112'}}\n")
    build(tones, ("mp3",))
    assert stamps(tones.edition) == before
    now = stamps(prompts_folder(tones))
    assert {name for name in now if now[name] != shared[name]} == {".", "emergency.ulaw", "prompts.json"}


@pytest.mark.parametrize("how", ["gone", "flip", "none"])
def test_damaged_prompts_of_the_library_are_mended(tones: Library, how: str) -> None:
    build(tones)
    before, place = tree(tones.output), prompts_folder(tones)
    if how == "gone":
        (place / "back.ulaw").unlink()
    elif how == "flip":
        (place / "back.ulaw").write_bytes(bytes((place / "back.ulaw").stat().st_size))
    else:
        (place / "prompts.json").unlink()
    build(tones, ())
    assert tree(tones.output) == before


def test_a_damaged_sound_of_the_edition_is_mended(tones: Library) -> None:
    build(tones)
    before = tree(tones.edition)
    (tones.edition / "phone" / "fast" / "01-first.ulaw").unlink()
    build(tones, ())
    assert tree(tones.edition) == before


@pytest.mark.parametrize("how", ["flip", "cut"])
def test_damage_in_the_cache_is_mended_and_changes_no_byte(tones: Library, how: str) -> None:
    build(tones)
    before = tree(tones.output)
    for path in tones.cache.iterdir():
        data = path.read_bytes()
        middle = len(data) // 2
        path.write_bytes(data[:-1] if how == "cut" else data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :])
    shutil.rmtree(tones.output)
    build(tones)
    assert tree(tones.output) == before


def test_a_disk_that_fills_up_leaves_the_old_edition(tones: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    build(tones)
    before, shared = stamps(tones.edition), stamps(tones.output / "phone")
    tones.write("It is new.", voices="tones:low")
    write = Path.write_bytes

    def full(path: Path, data: bytes) -> int:
        if path.suffix == ".ulaw":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(path, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(StorageError, match="the disk is full"):
        build(tones)
    assert (stamps(tones.edition), stamps(tones.output / "phone")) == (before, shared)
    assert tones.left_over() == []


def test_changed_text_keeps_the_line_of_a_plain_build_and_drops_what_is_left_out(tones: Library) -> None:
    build(tones)
    tones.write("It is new.", voices="tones:low")
    assert build(tones, None) == []
    book = whole(tones.edition)
    assert "phone" in made(book)
    assert "It is new." in {cue.text for cue in book.renditions[0].chapters[1].cues}
    tones.write("It is newer.", voices="tones:low")
    (told,) = build(tones, ("mp3",))
    assert "dropped audiobook, daisy, epub, m4b, phone, site, transcript, w3c of" in told
    assert (made(whole(tones.edition)), phone_files(tones.edition)) == ({"mp3"}, {})


# Voices


def test_another_listed_voice_speaks_where_the_first_has_one_rate(tones: Library) -> None:
    tones.write(voices="tones:low, paced:low")
    told: list[str] = []
    engines = choir(Tones(), Paced("paced"))
    tones.build(formats=SMALL, told=told, engines=engines)
    assert told[0] == "tones:low cannot speak slower or faster: on the telephone paced:low reads the leaflet"
    book = whole(tones.edition)
    assert book.voice.engine == "tones"
    assert prompts.load(prompts_folder(tones)).voice.engine == "paced"
    assert not tones.build(formats=SMALL, engines=engines).changed


def test_no_voice_with_rates_is_told_and_changes_nothing(tones: Library) -> None:
    build(tones, ("mp3",))
    before = tree(tones.output)
    with pytest.raises(
        ConfigError, match="needs a voice that can speak slower and faster, which none of tones:low can"
    ):
        build(tones, SMALL, Tones())
    assert tree(tones.output) == before
    assert tones.left_over() == []


def test_a_voice_that_is_named_for_one_leaflet_leaves_the_library_its_own(tones: Library) -> None:
    build(tones)
    shared = stamps(tones.output / "phone")
    engines = choir(Paced(), Paced("other"))
    tones.build(voice="other:low", formats=SMALL, engines=engines)
    assert whole(tones.edition).voice.engine == "other"
    assert stamps(tones.output / "phone") == shared


def test_another_build_of_the_librarys_prompts_is_told(tones: Library) -> None:
    from audioleaflet.book.edition import staged

    with staged(prompts_folder(tones)), pytest.raises(StorageError, match=r"another build of .*en-US is running"):
        build(tones)
    assert not tones.edition.exists()


# A notice


def withdraw(library: Library, engine: Tones | None = None, told: list[str] | None = None) -> Book:
    messages = [] if told is None else told
    notices.withdraw(
        library.leaflet,
        by="Bo Berg",
        reason="One dose in it was wrong",
        today=TODAY,
        output=library.output,
        cache=library.cache,
        reporter=pipeline.Reporter(message=messages.append, progress=pipeline.SILENT.progress),
        engines=choir(engine or Paced()),
    )
    return whole(library.edition)


def test_a_notice_is_heard_at_once_where_the_leaflet_was(tones: Library) -> None:
    text = tones.leaflet.read_text(encoding="utf-8")
    tones.leaflet.write_text(f"{text}hotline: 7\ncontact: 800-227-2345\n", encoding="utf-8")
    build(tones)
    before = set(phone_files(tones.edition).values())
    shared = stamps(tones.output / "phone")
    book = withdraw(tones)
    assert book.withdrawn is not None
    assert book.hotline == "7"
    assert tuple(one.name for one in book.renditions) == RATES
    for rendition in book.renditions:
        (chapter,) = rendition.chapters
        assert (chapter.number, chapter.id) == (0, "withdrawn")
        assert "The reason: One dose in it was wrong." in {cue.text for cue in chapter.cues}
    said = {prompt.name: prompt.text for prompt in book.prompts}
    assert said["status"] == book.status == "This leaflet was withdrawn by Test Trust on November 22, 2026."
    assert said["chapter-0"] == "Withdrawn."
    assert said["number-1"] == "800-227-2345"
    assert "chapter-1" not in said
    kept = {name for name, sha in phone_files(tones.edition).items() if sha in before}
    assert {Path(name).stem for name in kept} <= {"title", "publisher", "choice", "contact", "number-1"}
    assert stamps(tones.output / "phone") == shared


def test_a_notice_waits_for_no_telephone_sound(tones: Library) -> None:
    build(tones)
    told: list[str] = []
    book = withdraw(tones, Tones(), told)
    assert (book.withdrawn is not None, book.renditions, book.prompts) == (True, (), ())
    assert phone_files(tones.edition) == {}
    assert any("the notice cannot be heard by telephone" in message for message in told)


def test_if_no_voice_speaks_the_telephone_sound_goes_with_the_edition(tones: Library) -> None:
    build(tones)
    with pytest.raises(SpeechError):
        withdraw(tones, Paced(fails_at=1))
    assert not tones.edition.exists()
    assert (prompts_folder(tones) / "prompts.json").is_file()


def test_a_notice_whose_library_cannot_be_read_leaves_its_prompts(tones: Library) -> None:
    build(tones)
    shared = stamps(tones.output / "phone")
    (tones.folder / "content" / "library.yaml").write_text("[", encoding="utf-8")

    def engines(name: str) -> Engine:
        return Paced(name)

    pipeline_told: list[str] = []
    notices.withdraw(
        tones.leaflet,
        by="Bo",
        reason="Wrong",
        today=TODAY,
        output=tones.output,
        cache=tones.cache,
        voice="tones:low",
        reporter=pipeline.Reporter(message=pipeline_told.append, progress=pipeline.SILENT.progress),
        engines=engines,
    )
    assert whole(tones.edition).withdrawn is not None
    assert "phone" in made(whole(tones.edition))
    assert stamps(tones.output / "phone") == shared


def test_a_leaflet_that_cannot_be_read_keeps_its_number_on_the_line(tones: Library) -> None:
    text = tones.leaflet.read_text(encoding="utf-8")
    tones.leaflet.write_text(f"{text}hotline: 7\n", encoding="utf-8")
    build(tones)
    tones.leaflet.write_text("title: [", encoding="utf-8")
    book = withdraw(tones)
    assert (book.hotline, tuple(one.name for one in book.renditions)) == ("7", RATES)


def test_the_line_comes_back_when_a_withdrawal_is_lifted(tones: Library) -> None:
    build(tones, (*DEFAULT, "phone"))
    before = tree(tones.output)
    withdraw(tones)
    notices.lift(tones.leaflet, by="Ann", reason="Corrected", today=TODAY, output=tones.output)
    build(tones, None)
    after = tree(tones.edition)
    assert after == {name.removeprefix("small/en/"): sha for name, sha in before.items() if name.startswith("small/")}


# The command, and the leaflet itself


def test_the_command_makes_it_and_says_how_to_listen(library: Library, capsys: pytest.CaptureFixture[str]) -> None:
    places = ("--output", str(library.output), "--cache", str(library.cache))
    assert cli.run(["build", str(library.leaflet), *places, "--formats", "mp3"]) == 0
    assert "phone " not in capsys.readouterr().err
    assert cli.run(["build", str(library.leaflet), *places, "--formats", "phone"]) == 0
    out, err = capsys.readouterr()
    assert out == f"{library.edition}\n"
    assert f"  phone    audioleaflet hotline serve --output {library.output}\n" in err
    assert cli.run(["build", str(library.leaflet), *places, "--formats", "mp3", "--json"]) == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert told["changed"] is False
    assert "phone/prompts/title.ulaw" in told["files"]
    assert cli.run(["build", str(library.leaflet), *places, "--formats", "telephone"]) == 2
    assert "there is no format 'telephone'; the formats are mp3, m4b, transcript, site, feed, epub, daisy" in (
        capsys.readouterr().err
    )


def test_the_welcome_of_the_real_leaflet_is_short(tmp_path: Path) -> None:
    """The reach is 12 s: of emergency, publisher, title and keys. What is said of the day comes on top."""
    built = pipeline.build(REAL, output=tmp_path / "audio", cache=tmp_path / "cache", formats=SMALL)
    own = {prompt.name: prompt.duration_ms for prompt in built.book.prompts}
    shared = {
        prompt.name: prompt.duration_ms for prompt in prompts.load(tmp_path / "audio" / "phone" / "en-US").prompts
    }
    welcome = shared["emergency"] + own["publisher"] + own["title"] + shared["keys"]
    assert welcome <= 12_000
    assert welcome + own["status"] <= 15_500
    slow, normal, fast = (sum(one.duration_ms for one in rendition.chapters) for rendition in built.book.renditions)
    assert normal == pytest.approx(built.book.duration_ms, rel=0.01)  # without the silence before each chapter
    assert slow > 1.15 * normal
    assert fast < 0.9 * normal
    assert [(one.text, one.cue) for one in built.book.prompts if one.name.startswith("number-")] == [
        ("800-227-2345", "c06-008"),
        ("800-422-6237", "c06-012"),
    ]
