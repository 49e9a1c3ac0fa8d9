"""Telephone sound in whole builds: what editions and libraries get, and what the command says of it."""

from __future__ import annotations

import json
import zipfile

import pytest
from tests.conftest import Made
from tests.editions import Library, whole
from tests.phone.conftest import RATES, build, phone_files, prompts_folder, settings, silences

from audioleaflet import cli
from audioleaflet.book import prompts
from audioleaflet.phrases import load_site
from audioleaflet.publish.formats import DEFAULT, FORMATS, made
from audioleaflet.publish.site.files import downloads


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


def test_the_welcome_of_the_real_leaflet_is_short(called: Made) -> None:
    """The reach is 12 s: of emergency, publisher, title and keys. What is said of the day comes on top."""
    book, place = called.book, called.folder.parent.parent / "phone" / "en-US"
    own = {prompt.name: prompt.duration_ms for prompt in book.prompts}
    shared = {prompt.name: prompt.duration_ms for prompt in prompts.load(place).prompts}
    welcome = shared["emergency"] + own["publisher"] + own["title"] + shared["keys"]
    assert welcome <= 12_000
    assert welcome + own["status"] <= 15_500
    slow, normal, fast = (sum(one.duration_ms for one in rendition.chapters) for rendition in book.renditions)
    assert normal == pytest.approx(book.duration_ms, rel=0.01)  # without the silence before each chapter
    assert slow > 1.15 * normal
    assert fast < 0.9 * normal
    assert [(one.text, one.cue) for one in book.prompts if one.name.startswith("number-")] == [
        ("800-227-2345", "c06-008"),
        ("800-422-6237", "c06-012"),
    ]
