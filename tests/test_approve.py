"""A leaflet is checked by a health professional: from the command to what a listener hears of it."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from mutagen.id3 import ID3
from tests.editions import Library, Tones, choir, speak, tree, whole

from audioleaflet import cli, phrases, pipeline
from audioleaflet.book.model import Book
from audioleaflet.errors import ConfigError, ContentError
from audioleaflet.leaflet.approval import Scope, approval_path
from audioleaflet.leaflet.finder import find_all
from audioleaflet.proof.approval import SCOPES, Approver, approve

TODAY = date(2026, 11, 22)
DUE = date(2027, 1, 31)
LEXICON = """\
- {term: metastasis, ipa: məˈtæs.tə.sɪs, meaning: cancer that has spread}
- {term: bone, ipa: ˈboʊn}
"""


@pytest.fixture
def house(tones: Library) -> Library:
    """A library of tones with a lexicon of its own and a second leaflet, ``other``, of the same text."""
    lexicon = tones.folder / "content" / "lexicon" / "en.yaml"
    lexicon.parent.mkdir()
    lexicon.write_text(LEXICON, encoding="utf-8")
    other = tones.folder / "content" / "other" / "en.yaml"
    other.parent.mkdir()
    text = tones.leaflet.read_text(encoding="utf-8")
    other.write_text(text.replace("4f3c2c1e", "5f3c2c1e").replace("A small", "Another"), encoding="utf-8")
    return tones


def other(library: Library) -> Path:
    return library.folder / "content" / "other" / "en.yaml"


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def correct(library: Library) -> None:
    """Correct one reading of the house lexicon."""
    change(library.folder / "content" / "lexicon" / "en.yaml", "məˈtæs.tə.sɪs", "məˈtɑː.stə.sɪs")


def approved(path: Path, *, today: date = TODAY, due: date = DUE, scopes: tuple[Scope, ...] = SCOPES) -> None:
    prepared = pipeline.prepare(path, today=today)
    approver = Approver(by="Ann Lee", role="nurse", today=today, review_due=due)
    approve(prepared.leaflet, prepared.script, prepared.lexicon, prepared.settings, approver, scopes)


def state(path: Path, today: date = TODAY) -> str:
    return pipeline.prepare(path, today=today).standing.state


def explained(path: Path, today: date = TODAY) -> str:
    return " ".join(p.message for p in pipeline.prepare(path, today=today).problems if p.code == "APPROVAL")


def built(library: Library, today: date = TODAY) -> Book:
    pipeline.build(
        library.leaflet,
        output=library.output,
        cache=library.cache,
        formats=("mp3", "transcript"),
        engines=choir(Tones()),
        today=today,
    )
    return whole(library.edition)


# States, through real files


def test_the_introduction_the_book_and_every_transcript_tell_who_checked_it(house: Library) -> None:
    assert built(house).approval is None
    approved(house.leaflet)
    book = built(house)
    told = "Checked by Ann Lee, nurse, on November 22, 2026. To be checked again by January 31, 2027."
    assert book.status == told
    assert [cue.text for cue in book.chapters[0].cues if cue.kind == "status"] == told.replace(". T", ".|T").split("|")
    assert book.approval is not None
    assert (book.approval.state, book.approval.scopes) == ("approved", ("wording", "sound"))
    assert (book.approval.by, book.approval.role) == ("Ann Lee", "nurse")
    assert (book.approval.date, book.approval.review_due) == ("2026-11-22", "2027-01-31")
    for name in ("transcript.txt", "transcript.html"):
        assert told in (house.edition / name).read_text(encoding="utf-8").replace("\n", " ")
    tags = ID3(house.edition / "small-en.mp3", translate=False)  # type: ignore[no-untyped-call]
    assert str(tags.getall("COMM")[0]) == told  # type: ignore[no-untyped-call]
    assert "To be checked again" in (house.edition / "transcript.vtt").read_text(encoding="utf-8")


def test_the_same_day_gives_the_same_bytes_and_a_later_day_another_edition(house: Library) -> None:
    approved(house.leaflet)
    first = built(house)
    before = tree(house.edition)
    assert built(house, DUE) == first
    assert tree(house.edition) == before
    late = built(house, DUE + timedelta(days=1))
    assert late.approval is not None
    assert late.approval.state == "past-due"
    assert late.script_sha256 != first.script_sha256
    assert late.wording_sha256 == first.wording_sha256
    assert "This leaflet is past its review date. Please check it with your care team." in late.status
    assert built(house) == first
    assert tree(house.edition) == before


def test_a_changed_word_takes_the_approval_away(house: Library) -> None:
    approved(house.leaflet)
    house.write("Bone is a dead thing.", voices="tones:low")
    book = built(house)
    assert book.approval is not None
    assert (book.approval.state, book.approval.scopes) == ("wording-changed", ())
    assert book.status.startswith("This leaflet has changed since it was checked.")
    assert "Ann Lee" not in book.status
    house.write(voices="tones:low")
    assert state(house.leaflet) == "approved"


@pytest.mark.parametrize(
    ("old", "new"), [('"1.0"', '"1.1"'), ("800-227-2345", "800-227-2346"), ("What now", "And now")]
)
def test_numbers_headings_and_the_version_are_wording(house: Library, old: str, new: str) -> None:
    approved(house.leaflet)
    change(house.leaflet, old, new)
    assert state(house.leaflet) == "wording-changed"


def test_a_comment_changes_nothing(house: Library) -> None:
    approved(house.leaflet)
    change(house.leaflet, "title: A small", "# A comment.\ntitle: A small")
    assert state(house.leaflet) == "approved"


def test_a_lexicon_fix_is_approved_once_for_every_leaflet(house: Library) -> None:
    for path in (house.leaflet, other(house)):
        approved(path)
    correct(house)
    for path in (house.leaflet, other(house)):
        assert state(path) == "sound-unapproved"
        assert explained(path) == "wording approved; 1 reading changed: metastasis"
    approved(house.leaflet, scopes=("sound",))
    assert [state(path) for path in (house.leaflet, other(house))] == ["approved", "approved"]
    text = (house.folder / "content" / "lexicon" / "en.approval.yaml").read_text(encoding="utf-8")
    assert "məˈtɑː.stə.sɪs" in text
    assert "məˈtæs.tə.sɪs" not in text


def test_the_wording_alone_and_then_the_sound(house: Library) -> None:
    approved(house.leaflet, scopes=("wording",))
    assert state(house.leaflet) == "sound-unapproved"
    assert not (house.folder / "content" / "lexicon" / "en.approval.yaml").exists()
    book = built(house)
    assert book.status.startswith("The wording was checked by Ann Lee")
    approved(house.leaflet, scopes=("sound",), due=date(2026, 12, 1))
    assert state(house.leaflet) == "approved"
    assert built(house).status.endswith("To be checked again by December 1, 2026.")


def test_the_sound_alone_is_no_approval(house: Library) -> None:
    approved(house.leaflet, scopes=("sound",))
    assert state(house.leaflet) == "none"
    assert built(house).approval is None


def test_one_scope_leaves_the_other_as_it_was_approved(house: Library) -> None:
    approved(house.leaflet)
    house.write("Bone is a dead thing.", voices="tones:low")
    approved(house.leaflet, scopes=("wording",))
    assert state(house.leaflet) == "sound-unapproved"
    assert explained(house.leaflet) == "wording approved; the spoken words changed in 1 sentence: c01-003"


def test_a_sentence_of_the_introduction_is_named_as_it_is_numbered_now(
    house: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    approved(house.leaflet)
    words = phrases.load("en-US")
    changed = words.model_copy(update={"skip": "You may skip this."})
    monkeypatch.setattr(phrases, "load", lambda _language: changed)
    prepared = pipeline.prepare(house.leaflet, today=TODAY)
    (name,) = prepared.standing.sentences
    assert next(one.shown for one in prepared.script.utterances() if one.id == name) == "You may skip this."


def test_readings_of_a_library_without_a_lexicon_leave_the_packaged_one_in_place(tones: Library) -> None:
    approved(tones.leaflet)
    assert (tones.folder / "content" / "lexicon" / "en.approval.yaml").is_file()
    assert state(tones.leaflet) == "approved"


def test_approval_files_are_no_leaflets(house: Library) -> None:
    approved(house.leaflet)
    assert find_all(house.folder / "content") == (other(house), house.leaflet)


@pytest.mark.parametrize(
    ("by", "role", "due"), [(" ", "nurse", DUE), ("Ann", "", DUE), ("Ann", "nurse", TODAY - timedelta(days=1))]
)
def test_what_cannot_be_approved(house: Library, by: str, role: str, due: date) -> None:
    prepared = pipeline.prepare(house.leaflet, today=TODAY)
    approver = Approver(by=by, role=role, today=TODAY, review_due=due)
    with pytest.raises(ConfigError):
        approve(prepared.leaflet, prepared.script, prepared.lexicon, prepared.settings, approver)
    assert not approval_path(house.leaflet).exists()


# Libraries that require it


def test_build_refuses_what_is_not_approved_where_the_library_requires_it(house: Library) -> None:
    speak(house)
    before = tree(house.edition)
    settings = house.folder / "content" / "library.yaml"
    settings.write_text(settings.read_text(encoding="utf-8") + "require_approval: true\n", encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        built(house)
    assert (caught.value.code, caught.value.exit_code, caught.value.origin.path) == ("APPROVAL", 1, house.leaflet)
    assert "audioleaflet approve" in str(caught.value)
    approved(house.leaflet, scopes=("wording",))
    with pytest.raises(ContentError, match="how it is read aloud is not"):
        built(house)
    approved(house.leaflet)
    with pytest.raises(ContentError, match="past its review date"):
        built(house, DUE + timedelta(days=1))
    assert tree(house.edition) == before
    assert built(house).approval is not None


def test_require_approval_is_true_or_false(house: Library) -> None:
    settings = house.folder / "content" / "library.yaml"
    settings.write_text(settings.read_text(encoding="utf-8") + "require_approval: perhaps\n", encoding="utf-8")
    with pytest.raises(ContentError, match="neither true nor false"):
        pipeline.prepare(house.leaflet)


# The command


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = cli.run(arguments)
    out, err = capsys.readouterr()
    return status, out, err


def test_the_command_tells_what_is_approved_and_where_it_is_written(
    library: Library, capsys: pytest.CaptureFixture[str]
) -> None:
    who = ("--by", "Ann Lee", "--role", "nurse", "--review-due", "2999-01-31")
    status, out, err = answer(capsys, "approve", str(library.leaflet), *who)
    assert status == 0
    assert out.splitlines()[0] == str(approval_path(library.leaflet))
    assert "A small leaflet, version 1.0: wording and sound approved" in err
    prepared = pipeline.prepare(library.leaflet)
    assert prepared.standing.wording is not None
    assert f"wording {prepared.standing.wording.sha256[:8]}, script " in err
    first = approval_path(library.leaflet).read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith("# Written by 'audioleaflet approve'")
    status, out, err = answer(capsys, "approve", str(library.leaflet), *who, "--scope", "wording", "--json")
    assert status == 0
    summary = json.loads(out)
    assert (summary["state"], summary["scopes"]) == ("approved", ["wording"])
    assert summary["readings"] >= 1
    places = ("--output", str(library.output), "--cache", str(library.cache), "--formats", "mp3")
    status, out, err = answer(capsys, "build", str(library.leaflet), *places, "--json")
    (made,) = json.loads(out)
    assert made["approval"] == {"state": "approved", "message": ""}
    assert made["status"].startswith("Checked by Ann Lee, nurse, on ")


def test_the_command_tells_whether_anybody_can_have_heard_it(
    library: Library, capsys: pytest.CaptureFixture[str]
) -> None:
    places = ("--output", str(library.output))
    who = ("--by", "Ann Lee", "--role", "nurse", "--review-due", "2999-01-31", *places)
    approve_it = ("approve", str(library.leaflet), *who)
    told = f"no edition in {library.edition} sounds as the leaflet does now; if nobody has heard it"
    _, _, err = answer(capsys, *approve_it, "--scope", "sound")
    assert told in err
    assert "its introduction tells who checked it" not in err  # the wording is not approved
    answer(capsys, "build", str(library.leaflet), *places, "--cache", str(library.cache), "--formats", "mp3")
    _, _, err = answer(capsys, *approve_it)
    assert "no edition in" not in err
    assert "its introduction tells who checked it" in err
    change(library.leaflet, "Bone is a living thing", "Bone is a dying thing")
    assert told in answer(capsys, *approve_it)[2]
    assert told not in answer(capsys, *approve_it, "--scope", "wording")[2]
    assert json.loads(answer(capsys, *approve_it, "--json")[1])["heard"] is False


def test_files_are_named_as_from_here(
    house: Library, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(house.folder)
    who = ("--by", "Ann Lee", "--role", "nurse", "--review-due", "2999-01-31")
    _, out, _ = answer(capsys, "approve", str(house.leaflet), *who)
    assert out.splitlines()[1:] == ["content/lexicon/en.approval.yaml"]
    assert not out.startswith("/")


def test_build_and_approve_tell_that_check_has_problems(library: Library, capsys: pytest.CaptureFixture[str]) -> None:
    places = ("--output", str(library.output), "--cache", str(library.cache), "--formats", "mp3")
    _, _, err = answer(capsys, "build", str(library.leaflet), *places)
    before = err.count("UNREAD")
    text = library.leaflet.read_text(encoding="utf-8")
    library.leaflet.write_text(
        text.replace("    text: |\n", "    text: |\n      Stop ⊘ and ☞.\n\n", 1), encoding="utf-8"
    )
    told = f"2 UNREAD): 'audioleaflet check {library.leaflet}' tells each"
    _, _, err = answer(capsys, "build", str(library.leaflet), *places)
    assert (before, told in err) == (0, True)
    _, out, err = answer(capsys, "build", str(library.leaflet), *places, "--json")
    assert [one["code"] for one in json.loads(out)[0]["problems"]].count("UNREAD") == 2
    who = ("--by", "Ann Lee", "--role", "nurse", "--review-due", "2999-01-31")
    _, _, err = answer(capsys, "approve", str(library.leaflet), *who)
    assert told in err


def test_build_tells_what_keeps_a_leaflet_from_being_approved(
    library: Library, capsys: pytest.CaptureFixture[str]
) -> None:
    approved(library.leaflet, today=date(2025, 1, 1), due=date(2026, 1, 1))
    places = ("--output", str(library.output), "--cache", str(library.cache), "--formats", "mp3")
    status, _, err = answer(capsys, "build", str(library.leaflet), *places)
    assert status == 0
    assert "past its review date, 2026-01-01; have it checked again" in err
    assert "This leaflet is past its review date." in err


@pytest.mark.parametrize(
    ("changed", "status", "words"),
    [
        ({"--by": ""}, 4, "--by is empty"),
        ({"--review-due": "2020-01-01"}, 4, "has gone by"),
        ({"--review-due": "next year"}, 2, "is not a day"),
        ({"--review-due": "20300101"}, 2, "is not a day"),
        ({"--review-due": "2030-02-30"}, 2, "is not a day"),
        ({"--scope": "everything"}, 2, "wording"),
    ],
)
def test_wrong_usage(
    library: Library, capsys: pytest.CaptureFixture[str], changed: dict[str, str], status: int, words: str
) -> None:
    given = {"--by": "Ann", "--role": "nurse", "--review-due": "2999-01-31", **changed}
    arguments = [part for pair in given.items() for part in pair]
    code, out, err = answer(capsys, "approve", str(library.leaflet), *arguments)
    assert (code, out) == (status, "")
    assert words in err
    assert not approval_path(library.leaflet).exists()


def test_a_leaflet_with_errors_is_not_approved(library: Library, capsys: pytest.CaptureFixture[str]) -> None:
    change(library.leaflet, "title:", "titel:")
    code, _, err = answer(
        capsys, "approve", str(library.leaflet), "--by", "Ann", "--role", "nurse", "--review-due", "2999-01-31"
    )
    assert code == 1
    assert f"{library.leaflet}:2: UNKNOWN-KEY" in err
    assert not approval_path(library.leaflet).exists()


def test_a_slug_of_two_languages_must_be_told_apart(library: Library, capsys: pytest.CaptureFixture[str]) -> None:
    second = library.leaflet.with_name("en-gb.yaml")
    second.write_text(library.leaflet.read_text(encoding="utf-8").replace("en-US", "en-GB"), encoding="utf-8")
    folder = str(library.leaflet.parent)
    code, _, err = answer(capsys, "approve", folder, "--by", "Ann", "--role", "nurse", "--review-due", "2999-01-31")
    assert code == 4
    assert "name one of these files" in err
