"""The telephone's sound beside that of the chapters, with every rate of a real voice, and no recogniser."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pytest
from tests.proof import mutants

from audioleaflet.book import manifest
from audioleaflet.proof.verify import verify, verify_all
from audioleaflet.proof.verify.counterparts import ANOTHER_VOICE, UNHEARD
from audioleaflet.proof.verify.cues import Place, not_listened
from audioleaflet.proof.verify.model import Choice, CueResult, Report, State
from audioleaflet.proof.verify.recording import library_folder

TWINS = {
    "Take five milligrams in the morning.": "Take fifty milligrams in the morning.",
    "Do not crush the tablets.": "Do crush the tablets.",
    "Never take more than forty milligrams.": "Never take more than fourteen milligrams.",
    "It is safe to take with milk.": "It is safe to take without milk.",
    "You can go home the same day.": "You cannot go home the same day.",
    "Call us on 800-227-2345.": "Call us on 800-227-2945.",
}
SILENCED = "Your next visit is in two weeks."
AS_WRITTEN = ("You should not drink alcohol.", "Keep it in the fridge.")
RATES = ("phone-slow", "phone-normal", "phone-fast")
RIGHT = Choice(written="five", twin="nine", state="right", margin=300.0)
UNDECIDED = replace(RIGHT, state="undecided", margin=-20.0)
WRONG = replace(RIGHT, twin="fifty", state="wrong", margin=-200.0)


@dataclass(frozen=True, slots=True)
class Editions:
    """Editions with telephone sound: as written, with twins, and as written by another voice. Not to be changed."""

    written: Path
    twins: Path
    another: Path


@pytest.fixture(scope="module")
def editions(tmp_path_factory: pytest.TempPathFactory) -> Editions:
    folder = tmp_path_factory.mktemp("editions")
    build = partial(mutants.build, cache=folder / "cache", formats=("mp3", "phone"))
    same = [SILENCED, *AS_WRITTEN]
    made = Editions(
        written=build([*TWINS, *same], folder / "written"),
        twins=build([*TWINS.values(), *same], folder / "twins"),
        another=build([*TWINS, *same], folder / "another", voice="espeak:en-us+f3"),
    )
    for edition in (made.written, made.twins, made.another):  # prompts are not compared
        manifest.save(manifest.load(edition).model_copy(update={"prompts": ()}), edition)
    return made


@pytest.fixture
def edition(editions: Editions, tmp_path: Path) -> Path:
    """An edition as written, to be changed."""
    mutants.copy(editions.written, tmp_path / "edition")
    return tmp_path / "edition"


@pytest.fixture
def say(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Place], CueResult]], None]:
    """Puts somebody in the recogniser's place: what is said to be heard of each cue."""

    def put(hears: Callable[[Place], CueResult]) -> None:
        def listen(places: Sequence[Place], *_: object) -> tuple[list[CueResult], list[str]]:
            return [hears(place) for place in places], []

        monkeypatch.setattr("audioleaflet.proof.verify.listen", listen)

    put(found)
    return put


def found(place: Place, *choices: Choice) -> CueResult:
    return replace(not_listened(place), state="found", recall=1.0, choices=choices)


def heard(edition: Path) -> dict[str, Report]:
    library = library_folder(manifest.load(edition), edition)
    return {report.rendition: report for report in verify_all(edition, heard=[library])}


def unlike(report: Report) -> set[str]:
    return {finding.cue for finding in report.findings if finding.code == "unlike"}


def named(edition: Path, text: str) -> str:
    return next(cue.id for cue in manifest.load(edition).cues().values() if cue.text == text)


@pytest.mark.usefixtures("say")
def test_what_only_the_telephone_says_otherwise_is_found_at_every_rate(editions: Editions, edition: Path) -> None:
    others = mutants.connect(edition, editions.twins)
    assert len(others) == len(TWINS) + 1  # the number is said twice
    silent = {named(edition, SILENCED)}
    mutants.muted(edition, silent)
    reports = heard(edition)
    for rate in RATES:
        assert unlike(reports[rate]) == others | silent
        assert {finding.code for finding in reports[rate].findings} == {"unlike", "silent"}
        assert set(reports[rate].failed_cues()) == others | silent
        assert reports[rate].notes == ()
    assert not reports[""].failed


@pytest.mark.usefixtures("say")
def test_where_in_a_cue_it_is(editions: Editions, edition: Path) -> None:
    mutants.connect(edition, editions.twins)
    name = named(edition, "Take five milligrams in the morning.")
    (finding,) = (one for one in heard(edition)["phone-normal"].findings if one.cue == name)
    seconds, _, told = finding.message.partition(" s after it begins")
    assert float(seconds) < 1.0
    assert told.endswith("expected 'Take five milligrams in the morning.'")


@pytest.mark.usefixtures("say")
def test_as_it_was_built_nothing_is_found(editions: Editions) -> None:
    for edition in (editions.written, editions.another):
        assert [(one.findings, one.notes) for one in heard(edition).values()] == [((), ())] * 4


@pytest.mark.usefixtures("say")
def test_another_voice_is_told_and_not_compared(editions: Editions, edition: Path) -> None:
    mutants.connect(edition, editions.another)
    reports = heard(edition)
    for rate in RATES:
        assert unlike(reports[rate]) == set()
        assert reports[rate].notes == (f"{rate}: {ANOTHER_VOICE}",)


@pytest.mark.usefixtures("say")
def test_a_rendition_without_the_chapters(editions: Editions) -> None:
    assert verify(editions.written, rendition="phone-fast").notes == (f"phone-fast: {UNHEARD}",)
    assert verify(editions.written).notes == ()


@pytest.mark.usefixtures("say")
def test_a_chapter_that_has_no_sound(editions: Editions, edition: Path) -> None:
    mutants.connect(edition, editions.twins)
    first, second, *_ = manifest.load(edition).chapters
    (edition / first.audio).unlink()
    report = heard(edition)["phone-slow"]
    assert report.notes == (
        f"phone-slow: {len(first.cues)} of its cues were judged by the recogniser alone: the chapters lack their sound",
    )
    assert unlike(report) <= {cue.id for cue in second.cues}
    assert len(unlike(report)) == len(TWINS) + 1


CHOICES = [  # in the chapters, by telephone, and what becomes of it
    ((RIGHT,), (UNDECIDED,), (RIGHT,)),
    ((RIGHT,), (WRONG,), (replace(WRONG, state="undecided"),)),
    ((UNDECIDED,), (WRONG,), (WRONG,)),
    ((WRONG,), (RIGHT,), (WRONG,)),
    ((UNDECIDED,), (RIGHT,), (UNDECIDED,)),
    ((), (UNDECIDED,), (UNDECIDED,)),
    ((RIGHT,), (), (RIGHT,)),
]
STATES: list[tuple[State, State, State]] = [
    ("found", "undecided", "found"),
    ("found", "missing", "undecided"),
    ("missing", "found", "missing"),
    ("undecided", "undecided", "undecided"),
    ("undecided", "found", "found"),
]


def test_what_is_alike_is_what_that_of_the_chapters_is_and_never_better(
    editions: Editions, say: Callable[..., None]
) -> None:
    names = [cue.id for cue in manifest.load(editions.written).chapters[1].cues]
    choices = dict(zip(names, CHOICES, strict=False))
    states = dict(zip(names[len(choices) :], STATES, strict=False))
    assert len(choices) + len(states) == len(CHOICES) + len(STATES)

    def hears(place: Place) -> CueResult:
        side = 1 if place.timeline.narrow else 0
        name = place.cue.id
        result = found(place, *(choices[name][side] if name in choices else ()))
        return replace(result, state=states[name][side]) if name in states else result

    say(hears)
    reports = heard(editions.written)
    for rate in RATES:
        cues = {cue.id: cue for cue in reports[rate].cues}
        assert {name: cues[name].choices for name in choices} == {name: row[2] for name, row in choices.items()}
        assert {name: cues[name].state for name in states} == {name: row[2] for name, row in states.items()}


def test_what_is_wrong_in_the_chapters_is_wrong_in_what_is_alike_and_was_not_understood(
    editions: Editions, say: Callable[..., None]
) -> None:
    name = named(editions.written, "Take five milligrams in the morning.")

    def hears(place: Place) -> CueResult:
        if place.cue.id != name:
            return found(place)
        return replace(found(place), state="missing") if place.timeline.narrow else found(place, WRONG, RIGHT)

    say(hears)
    reports = heard(editions.written)
    for rate in RATES:
        (cue,) = (cue for cue in reports[rate].cues if cue.failed)
        assert (cue.id, cue.state, cue.choices) == (name, "undecided", (WRONG,))


def test_a_twin_that_is_unlike_keeps_what_was_heard(
    editions: Editions, edition: Path, say: Callable[..., None]
) -> None:
    """Not even where nothing is wrong in the chapters is an undecided word right by the chapters alone."""
    mutants.connect(edition, editions.twins)
    name = named(edition, "Take five milligrams in the morning.")
    say(lambda place: found(place, *((UNDECIDED if place.timeline.narrow else RIGHT,) if place.cue.id == name else ())))
    reports = heard(edition)
    for rate in RATES:
        assert next(cue.choices for cue in reports[rate].cues if cue.id == name) == (UNDECIDED,)
        assert name in unlike(reports[rate])
