"""What a verification makes of telephone sound: every rate, the edition's prompts, and its library's."""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path

import pytest
from tests.editions import Library
from tests.proof import mutants

from audioleaflet.book import manifest, prompts
from audioleaflet.book.model import Chapter, Prompt
from audioleaflet.cli import run
from audioleaflet.errors import PublishError
from audioleaflet.proof.verify import verify, verify_all
from audioleaflet.proof.verify.model import Report
from audioleaflet.sound.g711 import ULAW_SILENCE

RIGHT = ("Keep it in the fridge.", "Ask the nurse about the pain.", "Wash the eye with clean water.")  # no twins
EVERY = ("", "phone-slow", "phone-normal", "phone-fast", "prompts", "library-prompts")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """A small edition with telephone sound. Not to be changed."""
    small = Library(tmp_path_factory.mktemp("built") / "library")
    small.write()
    small.build(formats=("mp3", "phone"))
    return small


@pytest.fixture
def line(built: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Library:
    """A copy of it; nobody understands its language, so that it is only measured."""
    monkeypatch.setattr("audioleaflet.proof.verify.LANGUAGES", ())
    shutil.copytree(built.folder, tmp_path / "library")
    return Library(tmp_path / "library")


def expected(report: Report) -> dict[str, str]:
    return {cue.id: cue.expected for cue in report.cues}


def prompt_file(library: Library, name: str) -> Path:
    (audio,) = (one.audio for one in manifest.load(library.edition).prompts if one.name == name)
    return library.edition / audio


def test_all_that_a_caller_can_hear_is_heard(line: Library) -> None:
    reports = verify_all(line.edition)
    assert tuple(report.rendition for report in reports) == EVERY
    assert [finding for report in reports for finding in report.findings] == []
    book = manifest.load(line.edition)
    library = prompts.load(line.output / "phone" / "en-US")
    sounds: list[tuple[Chapter, ...] | tuple[Prompt, ...]] = [book.chapters]
    sounds += [one.chapters for one in book.renditions]
    sounds += [book.prompts, library.prompts]
    for report, sound in zip(reports, sounds, strict=True):
        assert [cue.id for cue in report.cues] == [cue.id for chapter in sound for cue in chapter.cues]
    assert Path(reports[-1].folder) == line.output / "phone" / "en-US"


def test_what_prompts_should_say(line: Library) -> None:
    own = expected(verify(line.edition, rendition="prompts"))
    assert own["number-1-1"] == "eight zero zero, two two seven, two three four five"
    assert own["title-1"] == "A small leaflet."
    library = expected(verify(line.edition, rendition="library-prompts"))
    assert [library[f"digit-{digit}-1"] for digit in "079"] == ["zero,", "seven,", "nine,"]
    assert library["keys-1"] == "five pauses, four and six change chapter, zero is for help."


def test_prompts_of_a_library_are_heard_once(line: Library) -> None:
    folder = line.output / "phone" / "en-US"
    assert [report.rendition for report in verify_all(line.edition, heard=[folder])] == list(EVERY[:-1])
    (folder / prompts.NAME).unlink()
    reports = verify_all(line.edition)
    assert [report.rendition for report in reports] == list(EVERY[:-1])
    assert any("no prompts to go with it" in note for note in reports[0].notes)
    with pytest.raises(PublishError, match="cannot read"):
        verify(line.edition, rendition="library-prompts")


def test_a_number_that_is_not_the_scripts(line: Library) -> None:
    book = manifest.load(line.edition)
    made = tuple(
        one.model_copy(update={"text": "800-227-2354"}) if one.name == "number-1" else one for one in book.prompts
    )
    manifest.save(book.model_copy(update={"prompts": made}), line.edition)
    (finding,) = verify(line.edition, rendition="prompts").findings
    assert (finding.code, finding.cue) == ("script", "number-1-1")
    assert "800-227-2354" in finding.message


def test_a_prompt_that_is_silent_or_gone_or_another(line: Library) -> None:
    path = prompt_file(line, "status")
    path.write_bytes(bytes([ULAW_SILENCE]) * path.stat().st_size)
    prompt_file(line, "title").unlink()
    library = line.output / "phone" / "en-US"
    (library / "slower.ulaw").write_bytes((library / "faster.ulaw").read_bytes())
    codes = {(finding.code, finding.cue) for finding in verify(line.edition, rendition="prompts").findings}
    assert codes == {("silent", "status-1"), ("silent", "status-2"), ("decode", "")}
    (changed,) = (
        finding for finding in verify(line.edition, rendition="library-prompts").findings if finding.code == "file"
    )
    assert "slower.ulaw was changed" in changed.message


def test_a_rendition_alone_and_the_chapters_alone(line: Library, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["verify", str(line.edition), "--rendition", "phone-fast"]) == 0
    *_, told = capsys.readouterr().out.splitlines()
    assert told.startswith("A small leaflet, phone-fast: words not listened to")
    assert run(["verify", str(line.edition), "--rendition", "chapters"]) == 0
    *_, told = capsys.readouterr().out.splitlines()
    assert told.startswith("A small leaflet: words not listened to")
    assert run(["verify", "--output", str(line.output)]) == 0
    assert sum("words not listened to" in text for text in capsys.readouterr().out.splitlines()) == len(EVERY)


def test_a_name_that_is_none_is_answered_with_those_that_are(line: Library, capsys: pytest.CaptureFixture[str]) -> None:
    def told() -> str:
        assert run(["verify", str(line.edition), "--rendition", "phone-slowest"]) == 4
        return " ".join(capsys.readouterr().err.split())

    names = "it has chapters, phone-slow, phone-normal, phone-fast, prompts"
    assert told().endswith(f"{names}, library-prompts")
    (line.output / "phone" / "en-US" / prompts.NAME).unlink()
    assert told().endswith(names)
    manifest.save(manifest.load(line.edition).model_copy(update={"renditions": (), "prompts": ()}), line.edition)
    assert told().endswith("it has chapters")


def test_sound_cut_from_a_rendition(line: Library) -> None:
    (slow, *_) = manifest.load(line.edition).renditions
    chapter = slow.chapters[1]
    path, cue = line.edition / chapter.audio, chapter.cues[2]
    sound = path.read_bytes()
    path.write_bytes(sound[: 8 * cue.begin_ms] + sound[8 * cue.end_ms :])
    report = verify(line.edition, rendition="phone-slow")
    assert {"duration", "moved"} <= {finding.code for finding in report.findings}


PLANTED = ("Do not crush the tablets.", "Call us on 800-227-2345.")


def test_a_wrong_digit_and_a_lost_not_are_heard(tmp_path: Path) -> None:
    """By the recogniser alone, at a rate and in the prompt that gives the number, and nowhere else."""
    others = dict(zip(mutants.sentences(), mutants.sentences(wrong=0), strict=True))
    build = partial(mutants.build, cache=tmp_path / "cache", formats=("mp3", "phone"))
    script = build([*PLANTED, *RIGHT], tmp_path / "script")
    edition = build([*(others[text] for text in PLANTED), *RIGHT], tmp_path / "sound")
    planted = mutants.disguise(edition, script)
    assert len(planted) == len(PLANTED) + 1  # the number is said twice
    book = manifest.load(edition)
    manifest.save(book.model_copy(update={"renditions": book.renditions[1:2]}), edition)
    for chapter in book.chapters:
        (edition / chapter.audio).unlink()
    chapters, normal, own = verify_all(edition, heard=[tmp_path / "sound" / "audio" / "phone" / "en-US"])
    assert {finding.code for finding in chapters.findings} == {"file", "decode"}
    assert normal.rendition == "phone-normal"
    assert set(normal.failed_cues()) == planted
    assert normal.totals()["missing"] == 0
    everything = sum(len(chapter.cues) for chapter in book.chapters)
    assert normal.notes == (
        f"phone-normal: {everything} of its cues were judged by the recogniser alone: the chapters lack their sound",
    )
    assert own.failed_cues() == ("number-1-1",)
    (digit,) = (one for cue in own.cues for one in cue.choices if one.state == "wrong")
    assert (digit.written, digit.twin) == ("three", "nine")
