"""Whatever a caller does: there is always a sound or a wait coming, one at a time, and every chapter can be reached."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from tests.hotline.caller import Caller, rules
from tests.hotline.catalogues import catalogue, edition, in_their_own

from audioleaflet.hotline.catalogue import Catalogue
from audioleaflet.hotline.events import HangUp, Key, Place, Play, State, Transfer, Wait

KEYS = st.sampled_from(get_args(Key))
SHELVES = (
    catalogue(),
    catalogue(edition(state="withdrawn")),
    catalogue(edition(chapters=1, contacts=0), edition("two/en", number="2"), edition("three/en", number="31")),
    catalogue(*(edition(f"l{number}/en", number=str(number)) for number in (1, 2, 31, 32, 5))),
    in_their_own(edition(), edition("one/es", language="es"), edition("two/es", language="es", number="2")),
    in_their_own(*(edition(f"one/{tag}", language=tag) for tag in ("en-US", "es", "fr", "de", "it"))),
)
LONGEST_WAIT_MS = 60_000


class AnyCaller(RuleBasedStateMachine):
    """Keys at any time, silences of any length, a person who answers or not, leaflets that change."""

    caller: Caller

    @initialize(
        shelf=st.sampled_from(SHELVES),
        person=st.booleans(),
        is_there=st.booleans(),
        codes=st.booleans(),
        limit_s=st.integers(30, 4000),
    )
    def call(self, shelf: Catalogue, person: bool, is_there: bool, codes: bool, limit_s: int) -> None:
        places = {"55555": Place(edition="one/en", version="v1", chapter=2, cue="c02-003")}
        by = rules(person=person, is_there=is_there, codes=codes, limit_s=limit_s)
        self.caller = Caller(shelf, by, places=places)

    @rule(key=KEYS, after=st.floats(0.1, 30.0))
    def press(self, key: Key, after: float) -> None:
        if self.is_over():
            return
        self.caller.listens(after)
        if self.is_over():
            return
        before, doing = self.caller.state, self.caller.doing
        self.caller.presses(key, every=0.0)
        quiet = before.mode in ("transferring", "connecting", "keeping", "finding")
        # A code or a number with a # after it, which comes while it is read back or soon after.
        ended = key == "#" and self.caller.heard_ms <= before.hash_ms
        # A key is answered: by a sound, or where digits are entered by waiting for the next.
        assert self.caller.doing is not doing or quiet or ended, (key, before)

    @rule(keys=st.lists(KEYS, min_size=1, max_size=9))
    def press_fast(self, keys: list[Key]) -> None:
        for key in keys:
            self.press(key, 0.0)

    @rule(seconds=st.floats(1.0, 700.0))
    def listen(self, seconds: float) -> None:
        if not self.is_over():
            self.caller.listens(seconds)

    @rule()
    def nobody_answers(self) -> None:
        if self.caller.state.mode == "transferring":
            self.caller.fails_to_reach()
            assert self.caller.hears()[0] == "no-answer"

    @rule(seconds=st.floats(1.0, 4000.0))
    def is_held(self, seconds: float) -> None:
        if not self.is_over():
            self.caller.is_held(seconds)

    @rule(shelf=st.sampled_from(SHELVES))
    def the_shelf_changes(self, shelf: Catalogue) -> None:
        self.caller.call = type(self.caller.call)(catalogue=shelf, rules=self.caller.call.rules)

    @invariant()
    def something_is_coming(self) -> None:
        doing = self.caller.doing
        if isinstance(doing, Play):
            assert doing.spans
            for span in doing.spans:
                assert 0 <= span.begin_ms < span.end_ms <= span.sound.duration_ms
        elif isinstance(doing, Wait):
            assert 0 < doing.ms <= LONGEST_WAIT_MS
        else:
            assert isinstance(doing, Transfer | HangUp)
            assert isinstance(doing, Transfer) or self.caller.state.mode == "over"
        if self.caller.state.mode == "transferring":  # nobody hears nothing for longer while somebody is called
            assert self.caller.left_ms <= 8000

    @invariant()
    def the_emergency_number_is_told_once_in_a_language(self) -> None:
        told = [*self.caller.told["emergency"]]
        assert len(told) == len(set(told))
        if self.caller.state.edition:
            assert f"/audio/phone/{self.caller.state.language}/emergency.ulaw" in told

    @invariant()
    def the_state_is_plain(self) -> None:
        assert State.of(self.caller.state.as_data()) == self.caller.state

    @invariant()
    def nobody_is_stuck(self) -> None:
        """In at most five minutes of silence a leaflet is read, or the caller is said goodbye to after a pause."""
        if self.is_over() or self.caller.state.mode == "transferring":  # which the wire ends
            return
        other = self.caller.copy()
        for _ in range(60):
            if isinstance(other.doing, HangUp | Transfer) or other.state.mode == "reading":
                return
            other.goes_on()
        raise AssertionError(f"stuck in {self.caller.state}")

    def is_over(self) -> bool:
        return isinstance(self.caller.doing, HangUp)


AnyCaller.TestCase.settings = settings(max_examples=100, stateful_step_count=30, deadline=None)
TestAnyCaller = AnyCaller.TestCase


@pytest.mark.parametrize("shelf", SHELVES)
def test_silence_hears_every_chapter_of_a_leaflet_and_then_goodbye(shelf: Catalogue) -> None:
    caller = Caller(shelf)
    read: list[int] = []
    for _ in range(200):
        if isinstance(caller.doing, HangUp):
            break
        if caller.state.mode == "reading" and caller.state.lead_ms == 0:
            read.append(caller.state.chapter)
        caller.goes_on()
    edition_read = caller.call.catalogue.editions[0]
    numbers = [chapter.number for chapter in edition_read.chapters]
    assert read == (numbers[1:] or numbers)
    assert isinstance(caller.doing, HangUp)


def test_every_chapter_is_reached_by_its_number() -> None:
    caller = Caller(catalogue(edition(chapters=12)))
    for number in range(1, 13):
        caller.presses("#", *str(number), "#")
        caller.listens(5)
        assert caller.state.chapter == number
