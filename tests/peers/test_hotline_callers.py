"""Calls to the real line: two leaflets and the end of one, other telephones, a long pause, and how soon it answers."""

from __future__ import annotations

import statistics

import pytest
from tests.peers.hotline_journeys import LATE_S, Done, chapter, journey, journey_with_two_leaflets
from tests.peers.hotline_line import SLUG, Dial

pytestmark = pytest.mark.peer


@journey_with_two_leaflets
def two_leaflets(dial: Dial) -> None:
    with dial() as phone:
        phone.listen_until(11.5)
        phone.press("1")
        phone.listen(14)
        phone.press("*")
        phone.listen(15)
        phone.press("4")
        phone.listen(2)
        phone.press("2")
        phone.listen(4)


def test_of_two_leaflets_one_is_chosen_and_then_the_other(done: Done) -> None:
    walk = done.of(two_leaflets)
    offer = ["small/choice", "press-1", f"{SLUG}/choice", "press-2"]
    assert walk.sounds()[2:6] == offer, walk
    told = [one.sound for one in walk.after(0)]
    assert [told[0], *told[2:]] == ["small/title", "keys", "small/normal/01"], walk
    assert told[1].endswith("/status"), walk  # both leaflets say the same of theirs
    assert "menu-leaflets" in [one.sound for one in walk.after(1)], walk
    assert [one.sound for one in walk.after(3)] == [f"{SLUG}/title", f"{SLUG}/status"], walk


@journey_with_two_leaflets
def another_leaflet_and_back(dial: Dial) -> None:
    with dial() as phone:
        phone.listen_until(1)
        phone.press("2")
        phone.listen(1)
        phone.press("6")
        phone.listen(12)
        phone.press("*")
        phone.listen(0.5)
        phone.press("4")
        phone.listen(13)
        phone.press("5")
        phone.listen(5)


def test_who_does_not_choose_another_leaflet_comes_back_to_the_sentence(done: Done) -> None:
    walk = done.of(another_leaflet_and_back)
    offer = ["small/choice", "press-1", f"{SLUG}/choice", "press-2", "menu-go-on"]
    assert [one.sound for one in walk.after(3)][1:] == offer, walk
    told = walk.after(4)
    assert [one.sound for one in told] == ["going-on", chapter(1)], walk
    assert done.goes_on(walk, told[-1], 2), walk


@journey_with_two_leaflets
def to_the_end(dial: Dial) -> None:
    with dial() as phone:
        phone.listen_until(1)
        phone.press("1")
        phone.listen(1)
        phone.press("6")
        phone.until_over(150)


def test_after_the_last_chapter_the_caller_is_asked_three_times_and_said_goodbye_to(done: Done) -> None:
    walk = done.of(to_the_end)
    told = [one.sound for one in walk.after(1)]
    assert told == ["small/normal/01", "small/normal/02", "finished", "finished", "finished", "goodbye"], walk
    assert walk.hung_up
    assert walk.length_s - walk.said[-1].end_s < 1, walk


# Other telephones


@journey
def by_a_law(dial: Dial) -> None:
    with dial(codec="PCMA") as phone:
        phone.listen_until(4.5)
        phone.press("6")
        phone.listen(4)


def test_a_law(done: Done) -> None:
    walk = done.of(by_a_law)
    assert walk.sounds() == ["emergency", f"{SLUG}/publisher", chapter(1)], walk


@journey
def keys_by_info(dial: Dial) -> None:
    with dial(more=";dtmfmode=info") as phone:
        phone.listen_until(2)
        phone.press("6")
        phone.listen(3)
        phone.press("6")
        phone.listen(3)


def test_keys_that_come_as_messages(done: Done) -> None:
    walk = done.of(keys_by_info)
    assert walk.sounds() == ["emergency", chapter(1), chapter(2)], walk


@journey
def a_long_pause(dial: Dial) -> None:
    with dial() as phone:
        phone.press("6")
        phone.listen(8)
        phone.press("5")
        phone.listen(68)
        phone.press("5")
        phone.listen(4)


def test_a_minute_of_a_pause_is_told(done: Done) -> None:
    walk = done.of(a_long_pause)
    told = walk.after(1)
    assert [one.sound for one in told] == ["paused", "still-paused", "keep-offer"], walk
    assert told[1].at_s - told[0].at_s - done.length("paused") == pytest.approx(60, abs=0.5), walk
    assert done.goes_on(walk, walk.said[-1], 1), walk


# How soon


def test_the_first_sound_comes_within_300_ms_of_the_answer(done: Done) -> None:
    calls = done.calls()
    assert len(calls) > 25
    assert max(walk.first_s for walk in calls) < 0.3
    assert max(walk.said[0].at_s for walk in calls if walk.said) < 0.3


def test_a_key_changes_the_sound_at_once(done: Done) -> None:
    found = [late for walk in done.calls() for late in walk.latencies()]
    assert len(found) > 20
    assert statistics.median(found) < 0.06, sorted(found)
    assert max(found) < LATE_S, sorted(found)
