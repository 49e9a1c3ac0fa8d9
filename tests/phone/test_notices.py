"""Which voice speaks by telephone, and what a withdrawn leaflet says there."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.editions import Library, Paced, Tones, choir, stamps, tree, whole
from tests.phone.conftest import RATES, SMALL, TODAY, build, phone_files, prompts_folder

from audioleaflet import notices, pipeline
from audioleaflet.book import prompts
from audioleaflet.book.model import Book
from audioleaflet.errors import ConfigError, SpeechError, StorageError
from audioleaflet.publish.formats import DEFAULT, made
from audioleaflet.speech.engine import Engine

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
