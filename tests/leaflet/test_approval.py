"""Where a leaflet stands: its hashes, what was approved of them, and the day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from audioleaflet.errors import ContentError, Origin
from audioleaflet.leaflet.approval import (
    FORMAT,
    Approval,
    ApprovedReading,
    Check,
    Fingerprint,
    SoundCheck,
    Standing,
    explain,
    problems,
    read_approval,
    read_readings,
    stand,
)

TODAY = date(2026, 11, 22)
DUE = "2027-01-31"
A, B = "a" * 64, "b" * 64
NOW = Fingerprint(
    wording=A,
    spoken=A,
    sentences=(("c00-001", "1"), ("c01-001", "2"), ("c01-002", "3")),
    readings={"denosumab": "dɪˈnoʊ.sə.mæb", "marrow": "ˈmær.oʊ"},
    house={"denosumab": "en", "marrow": "en"},
)


def check(**changes: str) -> Check:
    facts = {"by": "Ann", "role": "nurse", "date": "2026-01-02", "review_due": DUE, "version": "1.0", "sha256": A}
    return Check(**(facts | changes))


def sound(
    readings: Mapping[str, str] = NOW.readings, sentences: Mapping[str, str] | None = None, **changes: str
) -> SoundCheck:
    return SoundCheck(
        **check(**changes).model_dump(),
        readings=dict(readings),
        sentences=dict(NOW.sentences if sentences is None else sentences),
    )


def approval(wording: Check | None = None, said: SoundCheck | None = None) -> Approval:
    return Approval(format=FORMAT, wording=wording or check(), sound=said or sound())


def library(term: str, ipa: str) -> list[ApprovedReading]:
    return [ApprovedReading(term=term, ipa=ipa, by="Bo", role="doctor", date="2026-02-03")]


def test_nothing_approved() -> None:
    assert stand(NOW, None, (), TODAY).state == "none"
    only_sound = Approval(format=FORMAT, sound=sound())
    assert stand(NOW, only_sound, (), TODAY) == Standing(state="none")


def test_approved_in_both_scopes() -> None:
    standing = stand(NOW, approval(), (), TODAY)
    assert (standing.state, standing.scopes, standing.review_due) == ("approved", ("wording", "sound"), DUE)
    assert explain(standing) == ("", "")


def test_the_wording_changed() -> None:
    standing = stand(replace(NOW, wording=B), approval(), (), TODAY)
    assert (standing.state, standing.scopes) == ("wording-changed", ())
    assert explain(standing)[0] == "the wording has changed since Ann approved version 1.0 on 2026-01-02"


def test_only_the_wording_is_approved() -> None:
    standing = stand(NOW, Approval(format=FORMAT, wording=check()), (), TODAY)
    assert (standing.state, standing.scopes) == ("sound-unapproved", ("wording",))
    assert explain(standing)[0] == "wording approved; how it is read aloud is not"


def test_a_reading_that_changed_is_named() -> None:
    before = {**NOW.readings, "denosumab": "ˈdɛn.ə.sum"}
    standing = stand(NOW, approval(said=sound(before)), (), TODAY)
    assert (standing.state, standing.scopes) == ("sound-unapproved", ("wording",))
    assert explain(standing)[0] == "wording approved; 1 reading changed: denosumab"
    (change,) = standing.readings
    assert (change.approved, change.now) == ("ˈdɛn.ə.sum", NOW.readings["denosumab"])


@pytest.mark.parametrize("before", [{"marrow": "ˈmær.oʊ"}, {**NOW.readings, "stent": "stɛnt"}])
def test_a_reading_that_came_or_went_has_changed(before: dict[str, str]) -> None:
    standing = stand(NOW, approval(said=sound(before)), (), TODAY)
    assert [change.term for change in standing.readings] == [*({*before} ^ {*NOW.readings})]


def test_a_reading_approved_in_the_library_counts_and_another_reading_of_it_does_not() -> None:
    before = {**NOW.readings, "denosumab": "ˈdɛn.ə.sum"}
    known = library("denosumab", NOW.readings["denosumab"])
    assert stand(NOW, approval(said=sound(before)), known, TODAY).state == "approved"
    known = library("denosumab", "ˈdɛn.oʊ")
    assert stand(NOW, approval(said=sound(before)), known, TODAY).state == "sound-unapproved"


def test_a_reading_of_the_leaflets_own_is_not_approved_by_the_library() -> None:
    own = replace(NOW, house={"marrow": "en"})
    before = {**NOW.readings, "denosumab": "ˈdɛn.ə.sum"}
    known = library("denosumab", NOW.readings["denosumab"])
    assert stand(own, approval(said=sound(before)), known, TODAY).state == "sound-unapproved"


def test_a_library_that_approved_a_reading_does_not_approve_that_the_engine_guesses() -> None:
    gone = replace(NOW, readings={"marrow": "ˈmær.oʊ"}, house={"marrow": "en"})
    known = library("denosumab", NOW.readings["denosumab"])
    assert stand(gone, approval(), known, TODAY).state == "sound-unapproved"


def test_sentences_that_changed_are_named_even_when_others_moved() -> None:
    before = {"c00-001": "1", "c01-001": "other", "c01-003": "3", "c01-1000": "4"}
    standing = stand(NOW, approval(said=sound(sentences=before, sha256=B)), (), TODAY)
    assert standing.sentences == ("c01-001", "c01-1000 (no longer said)")
    assert "the spoken words changed in 2 sentences: c01-001, c01-1000" in explain(standing)[0]


def test_sentences_are_compared_in_the_order_of_speech() -> None:
    names = ("c01-101", "c01-1000", "c02-001")
    now = replace(NOW, sentences=tuple(zip(names, "123", strict=True)), spoken=B)
    before = dict(zip(sorted(names), "21x", strict=True))
    assert stand(now, approval(said=sound(sentences=before)), (), TODAY).sentences == ("c02-001",)


def test_a_hash_that_somebody_wrote_is_not_believed() -> None:
    assert stand(NOW, approval(said=sound(sha256=B)), (), TODAY).state == "sound-unapproved"


def test_a_day_gone_by() -> None:
    on_the_day, after = date(2027, 1, 31), date(2027, 2, 1)
    assert stand(NOW, approval(), (), on_the_day).state == "approved"
    standing = stand(NOW, approval(), (), after)
    assert standing.state == "past-due"
    assert "past its review date, 2027-01-31" in explain(standing)[0]
    assert stand(replace(NOW, wording=B), approval(), (), after).state == "wording-changed"
    earlier = approval(said=sound(review_due="2026-11-21"))
    assert stand(NOW, earlier, (), TODAY).state == "past-due"


def test_past_its_day_and_its_sound_changed_both_are_told() -> None:
    standing = stand(NOW, approval(said=sound({})), (), date(2027, 2, 1))
    assert standing.state == "past-due"
    assert "2 readings changed: denosumab, marrow" in explain(standing)[0]


@pytest.mark.parametrize(
    ("standing", "severity", "required"),
    [
        (Standing(state="none"), "note", "warning"),
        (Standing(state="sound-unapproved", wording=check()), "note", "warning"),
        (Standing(state="wording-changed", wording=check()), "warning", "warning"),
        (Standing(state="past-due", wording=check(), sound=check()), "warning", "warning"),
    ],
)
def test_what_check_tells(standing: Standing, severity: str, required: str) -> None:
    origin = Origin(path=Path("en.yaml"), line=1)
    (problem,) = problems(standing, origin, required=False)
    assert (problem.code, problem.severity, problem.origin) == ("APPROVAL", severity, origin)
    assert "audioleaflet approve" in problem.next_step
    (problem,) = problems(standing, origin, required=True)
    assert problem.severity == required
    assert "build refuses" in problem.next_step


def test_an_approved_leaflet_is_no_problem() -> None:
    standing = Standing(state="approved", wording=check(), sound=check())
    assert problems(standing, Origin(path=Path("en.yaml"), line=1), required=True) == ()


# The files

GOOD = f"""\
format: {FORMAT}
wording: {{by: Ann, role: nurse, date: 2026-01-02, review_due: 2027-01-31, version: 1.0, sha256: {A}}}
"""


def test_a_file_is_read(tmp_path: Path) -> None:
    assert read_approval(tmp_path / "en.yaml") is None
    assert read_readings(tmp_path / "en.approval.yaml") == ()
    (tmp_path / "en.approval.yaml").write_text(GOOD, encoding="utf-8")
    assert read_approval(tmp_path / "en.yaml") == Approval(format=FORMAT, wording=check())


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (FORMAT, "audioleaflet-approval/2", "KIND"),
        (A, "abc", "KIND"),
        ("2027-01-31", "31.1.2027", "DATE"),
        ("by: Ann", "by: ''", "EMPTY"),
        ("by: Ann", "bye: Ann", "MISSING"),
        ("wording: {", "<<<<<<< HEAD\nwording: {", "YAML"),
    ],
)
def test_a_damaged_file_is_told_with_its_place(tmp_path: Path, old: str, new: str, code: str) -> None:
    (tmp_path / "en.approval.yaml").write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        read_approval(tmp_path / "en.yaml")
    assert code in {problem.code for problem in caught.value.problems}
    assert caught.value.origin.path == tmp_path / "en.approval.yaml"
    # 'approve' reads the file too: to run it again is no way out while the file is there
    assert all("delete it and run 'audioleaflet approve'" in problem.next_step for problem in caught.value.problems)
