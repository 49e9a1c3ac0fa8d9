"""One caller on the line: what happens becomes steps of the call, what the call wants becomes sound."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from audioleaflet.hotline.call import Call
from audioleaflet.hotline.catalogue import Catalogue, Sound
from audioleaflet.hotline.events import (
    Action,
    Answered,
    Count,
    Digit,
    Ended,
    Event,
    Find,
    Found,
    HangUp,
    HungUp,
    Keep,
    Kept,
    Place,
    Play,
    Resumed,
    Rules,
    Span,
    State,
    Stay,
    TimedOut,
    Transfer,
    TransferFailed,
    Wait,
)
from audioleaflet.hotline.sip.line import Line
from audioleaflet.hotline.sip.media import Heard, Session, Stretch
from audioleaflet.units import Ms

NOW = datetime(2026, 11, 23, tzinfo=UTC)
SOUND = Sound(path=Path("/x.ulaw"), text="x", duration_ms=Ms(100))
PLACE = Place(edition="a/en", version="1", chapter=1, cue="c")
RULES = Rules(person=True, person_at=lambda _now: True, codes=True, limit_s=3600, code_tries=3)
SHORT = bytes(797)  # a few samples less than its milliseconds say


class Loaded:
    """A shelf of one sound."""

    catalogue = Catalogue(editions=(), prompts={}, dialled={})

    def pcm(self, sound: Sound) -> bytes:
        assert sound is SOUND
        return SHORT


class Ends(Session):
    """Everything around a line, noting what it is asked for."""

    def __init__(self) -> None:
        self.done: list[object] = []
        self._sent = 8 * 1234
        self.answers: list[Callable[..., None]] = []
        self.line: Line | None = None

    def play(self, stretches: Sequence[Stretch]) -> None:
        self.done.append([(stretch.begin, stretch.end) for stretch in stretches])

    def wait(self, ms: Ms | None) -> None:
        self.done.append(("wait", ms))

    def hang_up(self) -> None:
        self.done.append("hang up")
        assert self.line is not None
        self.line.over()

    def transfer(self) -> None:
        self.done.append("transfer")

    def stay(self) -> None:
        self.done.append("stay")

    def keep(self, place: Place, answer: Callable[[Kept], None]) -> None:
        self.done.append(place)
        self.answers.append(answer)

    def find(self, code: str, answer: Callable[[Found], None]) -> None:
        self.done.append(code)
        self.answers.append(answer)


class Scene:
    """A line whose call answers each event with the actions that a test has laid ready."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.events: list[Event] = []
        self.actions: list[tuple[Action, ...]] = []
        self.counted: list[Count] = []
        self.ends = Ends()

        def step(_self: Call, state: State, event: Event, now: datetime) -> tuple[State, tuple[Action, ...]]:
            assert now is NOW
            self.events.append(event)
            return state, self.actions.pop(0) if self.actions else ()

        monkeypatch.setattr(Call, "step", step)
        self.line = Line(Loaded(), RULES, self.ends, self.ends, count=self.counted.append, now=lambda: NOW)
        self.ends.line = self.line

    def begin(self, *actions: Action) -> None:
        self.actions.append(actions)
        self.line.begin(self.ends, "200")


@pytest.fixture
def scene(monkeypatch: pytest.MonkeyPatch) -> Scene:
    return Scene(monkeypatch)


def test_a_call_begins_with_the_number_that_was_dialled(scene: Scene) -> None:
    scene.begin(Count(what="call"), Play(spans=(Span(sound=SOUND, begin_ms=Ms(10), end_ms=Ms(100)),)))
    assert scene.events == [Answered(dialled="200")]
    assert scene.counted == [Count(what="call")]
    assert scene.ends.done == [[(80, 797)]]


def test_a_key_tells_how_much_was_heard(scene: Scene) -> None:
    scene.begin()
    scene.actions.append((Wait(ms=Ms(5000)),))
    scene.line.key("5")
    assert scene.events[1:] == [Digit(key="5", heard_ms=Ms(1234))]
    assert scene.ends.done == [("wait", 5000)]


def test_the_ends_of_sounds_and_waits_are_told(scene: Scene) -> None:
    scene.begin()
    scene.line.heard(Heard.ENDED)
    scene.line.heard(Heard.TIMED_OUT)
    scene.line.transfer_failed()
    assert scene.events[1:] == [Ended(), TimedOut(), TransferFailed()]


def test_a_transfer_goes_on_while_the_caller_is_told_of_it(scene: Scene) -> None:
    scene.begin(Transfer(ms=Ms(8000)))
    assert scene.ends.done == [("wait", 8000), "transfer"]
    scene.actions.append((Play(spans=(Span(sound=SOUND, begin_ms=Ms(0), end_ms=Ms(100)),)),))
    scene.line.heard(Heard.TIMED_OUT)
    assert scene.events[-1] == TimedOut()
    assert len(scene.ends.done) == 3
    assert "stay" not in scene.ends.done


def test_who_stays_ends_the_transfer(scene: Scene) -> None:
    scene.begin(Transfer(ms=Ms(8000)))
    scene.actions.append((Stay(), Wait(ms=Ms(100))))
    scene.line.key("5")
    assert scene.ends.done[2:] == ["stay", ("wait", 100)]


def test_time_on_hold_is_told(scene: Scene) -> None:
    scene.begin(Wait(ms=Ms(100)))
    scene.line.resumed(12.5)
    assert scene.events[-1] == Resumed(held_s=12.5)


def test_hanging_up_ends_the_call_once(scene: Scene) -> None:
    scene.begin(HangUp(), Count(what="call"))
    assert scene.ends.done == [("wait", None), "hang up"]
    assert scene.events == [Answered(dialled="200"), HungUp()]
    assert scene.counted == []
    scene.line.over()
    scene.line.key("5")
    scene.line.heard(Heard.ENDED)
    assert len(scene.events) == 2


def test_places_are_asked_for_and_answers_come_later(scene: Scene) -> None:
    scene.begin(Keep(place=PLACE), Wait(ms=Ms(9000)))
    scene.ends.answers[0](Kept(code="12345"))
    scene.actions.append((Find(code="54321"), Wait(ms=Ms(9000))))
    scene.line.key("3")
    scene.ends.answers[1](Found(place=PLACE))
    assert scene.events[1] == Kept(code="12345")
    assert scene.events[3] == Found(place=PLACE)
    assert scene.ends.done == [PLACE, ("wait", 9000), "54321", ("wait", 9000)]


def test_an_answer_to_a_caller_who_has_gone_is_dropped(scene: Scene) -> None:
    scene.begin(Keep(place=PLACE))
    scene.line.over()
    scene.ends.answers[0](Kept(code="12345"))
    assert scene.events[-1] == HungUp()
