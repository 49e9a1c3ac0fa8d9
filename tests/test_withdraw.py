"""A leaflet is taken back: what listeners find in its place, at once, whatever else is broken."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from tests.editions import Library, Tones, choir, speak, tree, whole

from audioleaflet import cli, notices, pipeline
from audioleaflet.book.edition import staged
from audioleaflet.book.model import Book, Withdrawn
from audioleaflet.errors import (
    AudioleafletError,
    ConfigError,
    ContentError,
    EngineUnavailable,
    SpeechError,
    StorageError,
)
from audioleaflet.leaflet.withdrawal import in_force, read_withdrawals, withdrawals_path
from audioleaflet.proof.approval import Approver, approve
from audioleaflet.speech.engine import Engine, Voice

TODAY = date(2026, 11, 22)
REASON = "One dose in it was wrong"


def withdraw(library: Library, engine: Tones | None = None, *, voice: str = "", told: list[str] | None = None) -> Book:
    messages = [] if told is None else told
    notices.withdraw(
        library.leaflet,
        by="Bo Berg",
        reason=REASON,
        today=TODAY,
        output=library.output,
        cache=library.cache,
        voice=voice,
        reporter=pipeline.Reporter(message=messages.append, progress=pipeline.SILENT.progress),
        engines=choir(engine or Tones()),
    )
    return whole(library.edition)


def lift(library: Library) -> None:
    notices.lift(library.leaflet, by="Ann Lee", reason="Corrected", today=TODAY, output=library.output)


def actions(library: Library) -> list[str]:
    return [entry.action for entry in read_withdrawals(library.leaflet)]


def silent(_name: str) -> Engine:
    raise EngineUnavailable("espeak-ng is not there", engine="espeak")


def test_the_edition_becomes_a_notice_spoken_and_written(tones: Library) -> None:
    contact = "contact: care@trust.example or 800-227-2345\n"
    tones.leaflet.write_text(tones.leaflet.read_text(encoding="utf-8") + contact, encoding="utf-8")
    speak(tones, formats=("mp3", "transcript"))
    old = whole(tones.edition)
    engine = Tones()
    book = withdraw(tones, engine)
    (chapter,) = book.chapters
    assert (chapter.number, chapter.id, chapter.title) == (0, "withdrawn", "Withdrawn")
    assert (book.title, book.identifier, book.version) == (old.title, old.identifier, old.version)
    assert book.withdrawn == Withdrawn(by="Bo Berg", reason=REASON, date="2026-11-22")
    assert book.status == "This leaflet was withdrawn by Test Trust on November 22, 2026."
    printed = [cue.text for cue in chapter.cues if cue.printed]
    assert printed == [
        "A small leaflet",
        "This leaflet was withdrawn by Test Trust on November 22, 2026.",
        "The reason: One dose in it was wrong.",
        "Please do not rely on earlier copies.",
        "Ask your care team.",
        "Contact: care@trust.example or 800-227-2345.",
    ]
    assert set(printed) <= {cue.text for cue in chapter.cues if cue.speech_end_ms > cue.speech_begin_ms}
    text = (tones.edition / "transcript.txt").read_text(encoding="utf-8")
    assert all(line in text for line in printed)
    assert book.status in (tones.edition / "transcript.html").read_text(encoding="utf-8")
    assert "living thing" not in "".join(path.read_text(encoding="utf-8") for path in tones.edition.glob("*.[tvs]*t"))
    assert tones.left_over() == []


def test_the_record_tells_what_was_withdrawn_and_is_only_added_to(narrated: Library) -> None:
    old = whole(narrated.edition)
    withdraw(narrated)
    lift(narrated)
    withdraw(narrated)
    entries = read_withdrawals(narrated.leaflet)
    assert [entry.action for entry in entries] == ["withdrawn", "lifted", "withdrawn"]
    assert {(entry.version, entry.wording_sha256) for entry in entries} == {("1.0", old.wording_sha256)}
    text = narrated.leaflet.with_name("en.withdrawn.yaml").read_text(encoding="utf-8")
    assert text.startswith("# Written by 'audioleaflet withdraw'")


def test_every_build_makes_the_notice_until_it_is_lifted(narrated: Library) -> None:
    before = tree(narrated.edition)
    notice = withdraw(narrated)
    told: list[str] = []
    again = narrated.build(formats=("mp3", "transcript"), engines=choir(Tones()), told=told)
    assert (again.changed, again.book) == (False, notice)
    (message,) = told
    assert message.startswith("Bo Berg withdrew this leaflet on 2026-11-22: the edition is its notice until ")
    lift(narrated)
    with pytest.raises(ConfigError, match="is not withdrawn"):
        lift(narrated)
    (narrated.edition / "small-en.m4b").unlink()  # made for the notice; a format that nobody asks for now
    speak(narrated, formats=("mp3", "transcript"))
    assert tree(narrated.edition) == before
    assert whole(narrated.edition).withdrawn is None


def test_no_file_goes_on_saying_what_was_withdrawn(tones: Library) -> None:
    withdraw(tones)
    record = tones.leaflet.with_name("en.withdrawn.yaml")
    kept = record.read_text(encoding="utf-8")
    record.unlink()
    speak(tones, formats=("mp3", "transcript"))
    record.write_text(kept, encoding="utf-8")
    tones.build(formats=("mp3",), engines=choir(Tones()))
    assert whole(tones.edition).withdrawn is not None
    assert "withdrawn" in (tones.edition / "transcript.txt").read_text(encoding="utf-8")


def test_a_notice_where_there_was_no_edition(tones: Library) -> None:
    assert withdraw(tones).withdrawn is not None


def test_approval_that_a_library_requires_does_not_hold_a_notice_up(narrated: Library) -> None:
    settings = narrated.folder / "content" / "library.yaml"
    settings.write_text(settings.read_text(encoding="utf-8") + "require_approval: true\n", encoding="utf-8")
    assert withdraw(narrated).withdrawn is not None


def test_what_is_withdrawn_cannot_be_approved_and_check_notes_it(tones: Library) -> None:
    withdraw(tones)
    prepared = pipeline.prepare(tones.leaflet, today=TODAY)
    assert ("WITHDRAWN", "note") in {(problem.code, problem.severity) for problem in prepared.problems}
    approver = Approver(by="Ann", role="nurse", today=TODAY, review_due=TODAY)
    with pytest.raises(ContentError, match="lift that first"):
        approve(prepared.leaflet, prepared.script, prepared.lexicon, prepared.settings, approver)


# Whatever else is broken


@pytest.mark.parametrize(
    "fault", ["title: [", "", "title: A small leaflet\nlanguage: en-US\nsay: [nosuchterm]\n", None]
)
def test_a_faulty_leaflet_is_withdrawn_by_what_its_edition_tells(narrated: Library, fault: str | None) -> None:
    old = whole(narrated.edition)
    if fault is None:
        narrated.leaflet.unlink()
    else:
        narrated.leaflet.write_text(fault, encoding="utf-8")
    told: list[str] = []
    book = withdraw(narrated, told=told)
    assert book.withdrawn is not None
    assert (book.title, book.identifier, book.publisher) == (old.title, old.identifier, old.publisher)
    assert book.chapters[0].cues[0].text == "A small leaflet"
    assert "problems" in told[0]
    assert str(narrated.leaflet) in told[0]


@pytest.mark.parametrize("name", ["library.yaml", "lexicon/en.yaml", "small/en.approval.yaml"])
def test_a_fault_elsewhere_does_not_hold_the_notice_up(library: Library, name: str) -> None:
    speak_for_real = library.build(formats=("mp3",))
    assert speak_for_real.changed
    path = library.folder / "content" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("[", encoding="utf-8")
    told: list[str] = []
    notices.withdraw(
        library.leaflet,
        by="Bo",
        reason=REASON,
        today=TODAY,
        output=library.output,
        cache=library.cache,
        reporter=pipeline.Reporter(message=told.append, progress=pipeline.SILENT.progress),
    )
    book = whole(library.edition)
    assert book.withdrawn is not None
    assert "Test Trust" in book.status
    assert any(name in message for message in told)


def test_a_file_whose_language_nobody_can_tell_finds_its_only_edition(tones: Library) -> None:
    loose = tones.folder / "content" / "asthma.yaml"
    shutil.move(tones.leaflet, loose)
    built = pipeline.build(loose, output=tones.output, cache=tones.cache, formats=("mp3",), engines=choir(Tones()))
    assert built.folder == tones.output / "asthma" / "en-us"
    loose.write_text("title: [", encoding="utf-8")
    notices.withdraw(
        loose, by="Bo", reason=REASON, today=TODAY, output=tones.output, cache=tones.cache, engines=choir(Tones())
    )
    assert whole(built.folder).withdrawn is not None
    shutil.copytree(built.folder, built.folder.with_name("en-gb"))
    with pytest.raises(ConfigError, match="cannot tell which edition"):
        notices.withdraw(
            loose, by="Bo", reason=REASON, today=TODAY, output=tones.output, cache=tones.cache, engines=choir(Tones())
        )


def test_a_voice_that_cannot_speak_does_not_hold_the_notice_up(narrated: Library) -> None:
    told: list[str] = []
    assert withdraw(narrated, voice="tones:nosuch", told=told).withdrawn is not None
    assert any("the voices of the library are asked instead" in message for message in told)


def test_if_no_voice_can_speak_the_edition_is_taken_away(narrated: Library) -> None:
    told: list[str] = []
    with pytest.raises(SpeechError, match="lost its voice"):
        withdraw(narrated, Tones(fails_at=1), told=told)
    assert not narrated.edition.exists()
    assert narrated.left_over() == []
    assert actions(narrated) == ["withdrawn"]
    assert "taken away" in told[-1]
    assert narrated.build(formats=("mp3",), engines=choir(Tones())).book.withdrawn is not None


def test_what_is_no_edition_is_not_taken_away(tones: Library) -> None:
    mine = tones.edition / "thesis.doc"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine", encoding="utf-8")
    told: list[str] = []
    with pytest.raises(StorageError, match="in the way"):
        withdraw(tones, told=told)
    assert mine.read_text(encoding="utf-8") == "mine"
    assert "if listeners have one elsewhere, withdraw it there too, with --output" in told[0]
    assert told[-1] == f"{tones.edition} holds no edition, and was left as it is"


@pytest.mark.parametrize("lost", [("book.json",), ("book.json", "script.json")])
def test_an_edition_whose_lists_are_lost_is_taken_away_all_the_same(narrated: Library, lost: tuple[str, ...]) -> None:
    for name in lost:
        (narrated.edition / name).unlink()
    with pytest.raises(AudioleafletError):
        withdraw(narrated, Tones(fails_at=1))
    assert not narrated.edition.exists()
    assert narrated.left_over() == []


def test_what_others_put_into_an_edition_is_moved_and_not_deleted(narrated: Library) -> None:
    for round_ in ("", "-2"):
        narrated.build(formats=("mp3",), engines=choir(Tones()))
        (narrated.edition / "notes.txt").write_text("mine", encoding="utf-8")
        told: list[str] = []
        with pytest.raises(SpeechError):
            withdraw(narrated, Tones(fails_at=1), told=told)
        assert not narrated.edition.exists()
        aside = narrated.edition.with_name(f".{narrated.edition.name}.withdrawn{round_}")
        assert list(tree(aside)) == ["notes.txt"]
        assert told[-2].endswith(f"are now in {aside}")
        lift(narrated)


def test_a_record_that_cannot_be_written_takes_the_edition_away_and_is_told(narrated: Library) -> None:
    withdrawals_path(narrated.leaflet).mkdir()
    told: list[str] = []
    with pytest.raises(AudioleafletError):
        withdraw(narrated, told=told)
    assert not narrated.edition.exists()
    assert told[-2].startswith("this withdrawal is NOT recorded: the next build would make the edition again")


def test_if_no_engine_is_there_the_edition_is_taken_away(narrated: Library) -> None:
    with pytest.raises(SpeechError):
        notices.withdraw(
            narrated.leaflet,
            by="Bo",
            reason=REASON,
            today=TODAY,
            output=narrated.output,
            cache=narrated.cache,
            engines=silent,
        )
    assert not narrated.edition.exists()


def test_a_notice_that_is_there_stays_when_another_cannot_be_made(tones: Library) -> None:
    first = withdraw(tones)
    with pytest.raises(SpeechError):
        notices.withdraw(
            tones.leaflet,
            by="Cy",
            reason="Again.",
            today=TODAY,
            output=tones.output,
            cache=tones.cache,
            engines=silent,
        )
    assert whole(tones.edition) == first


def test_a_record_that_cannot_be_written_leaves_no_edition_either(
    narrated: Library, monkeypatch: pytest.MonkeyPatch
) -> None:

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(StorageError, match="No space left"):
        withdraw(narrated)
    assert not narrated.edition.exists()
    assert in_force(read_withdrawals(narrated.leaflet)) is None


def test_nothing_is_done_without_a_name_and_a_reason(narrated: Library) -> None:
    before = tree(narrated.output)
    for by, reason in ((" ", REASON), ("Bo", "")):
        with pytest.raises(ConfigError, match="is empty"):
            notices.withdraw(
                narrated.leaflet, by=by, reason=reason, today=TODAY, output=narrated.output, cache=narrated.cache
            )
    assert tree(narrated.output) == before
    assert actions(narrated) == []


# A build that is running


class Slow(Tones):
    """A voice that has the leaflet withdrawn while it speaks."""

    library: Library | None = None
    failed: Sequence[str] = ()

    def voice(self, name: str) -> Voice:
        if self.library is not None:
            library, self.library = self.library, None
            with pytest.raises(StorageError, match="another build"):
                withdraw(library)
            self.failed = ("locked",)
        return super().voice(name)


def test_a_build_that_began_before_does_not_bring_it_back(narrated: Library) -> None:
    narrated.write("It is new.", voices="tones:low")
    engine = Slow()
    engine.library = narrated
    with pytest.raises(ContentError, match="withdrawn, or its withdrawal lifted, while it was built"):
        narrated.build(formats=("mp3",), engines=choir(engine))
    assert engine.failed
    assert not narrated.edition.exists()
    assert narrated.build(formats=("mp3",), engines=choir(Tones())).book.withdrawn is not None


def test_while_another_build_holds_the_lock_the_edition_goes_all_the_same(narrated: Library) -> None:
    with staged(narrated.edition), pytest.raises(StorageError, match="another build"):
        withdraw(narrated)
    assert not narrated.edition.exists()


# The command


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = cli.run(arguments)
    out, err = capsys.readouterr()
    return status, out, err


def test_the_command_withdraws_and_lifts(library: Library, capsys: pytest.CaptureFixture[str]) -> None:
    library.build(formats=("mp3",))
    places = ("--output", str(library.output), "--cache", str(library.cache))
    who = ("--by", "Bo Berg", "--reason", REASON)
    status, out, err = answer(capsys, "withdraw", str(library.leaflet), *who, *places)
    assert (status, out) == (0, f"{library.edition}\n")
    assert "A small leaflet: This leaflet was withdrawn by Test Trust on " in err
    status, out, err = answer(capsys, "build", str(library.leaflet), *places, "--json")
    (made,) = json.loads(out)
    assert (status, made["changed"], made["withdrawn"]["reason"]) == (0, False, REASON)
    assert "Bo Berg withdrew this leaflet" in err
    status, out, err = answer(
        capsys, "approve", str(library.leaflet), "--by", "A", "--role", "b", "--review-due", "2999-01-01"
    )
    assert (status, out) == (1, "")
    assert f"{library.leaflet}:1: WITHDRAWN" in err
    status, out, _ = answer(capsys, "withdraw", str(library.leaflet), *who, *places, "--lift", "--json")
    assert (status, json.loads(out)["withdrawn"]) == (0, False)
    status, _, err = answer(capsys, "withdraw", str(library.leaflet), *who, *places, "--lift")
    assert status == 4
    assert "is not withdrawn" in err
    assert answer(capsys, "build", str(library.leaflet), *places)[0] == 0
    assert whole(library.edition).withdrawn is None


def test_a_leaflet_file_that_was_deleted_can_still_be_withdrawn(
    library: Library, capsys: pytest.CaptureFixture[str]
) -> None:
    library.build(formats=("mp3",))
    library.leaflet.unlink()
    places = ("--output", str(library.output), "--cache", str(library.cache))
    who = ("--by", "Bo Berg", "--reason", REASON)
    status, out, _ = answer(capsys, "withdraw", str(library.leaflet), *who, *places)
    assert (status, out) == (0, f"{library.edition}\n")
    assert whole(library.edition).title == "A small leaflet"
    assert answer(capsys, "withdraw", str(Path(library.folder / "nowhere" / "en.yaml")), *who, *places)[0] == 4


def test_nothing_is_withdrawn_without_a_reason(library: Library, capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(capsys, "withdraw", str(library.leaflet), "--by", "Bo")[0] == 2
    assert actions(library) == []
