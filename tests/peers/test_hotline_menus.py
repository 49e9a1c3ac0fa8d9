"""Calls to the real line: the menu, chapters and telephone numbers, and a place to come back to."""

from __future__ import annotations

import pytest
from tests.peers.hotline_journeys import Done, chapter, code_of, journey
from tests.peers.hotline_line import SLUG, Dial

pytestmark = pytest.mark.peer


MENU = ["menu", "menu-chapters", "menu-numbers", "menu-place", "menu-go-on", "menu-help"]


@journey
def menu(dial: Dial) -> None:
    with dial() as phone:
        phone.press("6")
        phone.listen(8)
        phone.press("*")
        phone.listen(16)
        phone.press("9")
        phone.listen(4)
        phone.press("5")
        phone.listen(5)


def test_the_menu_a_key_that_is_wrong_in_it_and_back(done: Done) -> None:
    walk = done.of(menu)
    assert [one.sound for one in walk.after(1)] == MENU, walk
    assert [one.sound for one in walk.after(2)][:2] == ["wrong-key", "menu"], walk
    told = walk.after(3)
    assert [one.sound for one in told] == ["going-on", chapter(1)], walk
    assert done.goes_on(walk, told[-1], 1), walk


@journey
def silence_in_the_menu(dial: Dial) -> None:
    with dial() as phone:
        phone.press("6")
        phone.listen(8)
        phone.press("*")
        phone.listen(30)


def test_silence_in_the_menu_goes_on_reading(done: Done) -> None:
    walk = done.of(silence_in_the_menu)
    told = walk.after(1)
    assert [one.sound for one in told] == [*MENU, "going-on", chapter(1)], walk
    assert done.goes_on(walk, told[-1], 1), walk


@journey
def chapters_in_the_menu(dial: Dial) -> None:
    with dial() as phone:
        phone.listen_until(1)
        phone.press("*")
        phone.listen(1)
        phone.press("1")
        phone.listen(26)
        phone.press("3")
        phone.listen(5)


def test_the_chapters_are_read_out_and_one_is_chosen(done: Done) -> None:
    walk = done.of(chapters_in_the_menu)
    told = [one.sound for one in walk.after(1)]
    assert told == ["choose-chapter", *(f"{SLUG}/chapter-{number}" for number in range(1, 7))], walk
    assert [one.sound for one in walk.after(2)] == ["last-digit-3", chapter(3)], walk


@journey
def numbers(dial: Dial) -> None:
    with dial() as phone:
        phone.press("6")
        phone.listen(6)
        phone.press("*")
        phone.listen(1)
        phone.press("2")
        phone.listen(11)
        phone.press("1")
        phone.listen(28)
        phone.press("6")
        phone.listen(12)
        phone.press("5")
        phone.listen(4)


def test_telephone_numbers_are_said_twice_when_the_caller_is_ready(done: Done) -> None:
    walk = done.of(numbers)
    whose, *offer = walk.after(2)
    assert done.line.text(whose) == "American Cancer Society", walk
    assert [one.sound for one in offer] == ["ready", "next-number"], walk
    first = f"{SLUG}/number-1"
    assert [one.sound for one in walk.after(3)][:4] == [first, "again", first, "number-again"], walk
    assert "ready" in [one.sound for one in walk.after(4)], walk
    told = walk.after(5)
    assert [one.sound for one in told] == ["going-on", chapter(1)], walk
    assert done.goes_on(walk, told[-1], 1), walk


# A place to come back to


@journey
def a_place_is_kept(dial: Dial) -> None:
    with dial() as phone:
        phone.press("6")
        phone.listen(14)
        phone.press("*")
        phone.listen(0.5)
        phone.press("3")
        phone.listen(0.5)
        phone.press("1")
        phone.listen(22)
    told = dial.walks()[0].said
    with dial() as phone:
        phone.listen_until(2)
        phone.press("*")
        phone.listen(0.5)
        phone.press("3")
        phone.listen(0.5)
        phone.press("2")
        phone.listen(0.5)
        phone.press(code_of(told))
        phone.listen(22)


def test_a_code_brings_back_the_sentence_in_another_call(done: Done) -> None:
    first, second = done.all_of(a_place_is_kept)
    told = [one.sound for one in first.after(3)]
    code = code_of(first.after(3))
    said = [
        f"digit-{code[0]}",
        f"digit-{code[1]}",
        f"last-digit-{code[2]}",
        f"digit-{code[3]}",
        f"last-digit-{code[4]}",
    ]
    back = [*(f"digit-{digit}" for digit in code[:4]), f"last-digit-{code[4]}"]
    assert told[:13] == ["code-is", *said, "again", *said, "code-kept"], first
    assert "0" not in code
    back_again = second.after(7)
    what = [f"{SLUG}/title", f"{SLUG}/status"]
    assert [one.sound for one in back_again] == [*back, "welcome-back", *what, chapter(1)], second
    assert back_again[-1].whole, second
    assert back_again[-1].cue == done.line.sentence(first, 1), (first, second)


@journey
def a_wrong_code(dial: Dial) -> None:
    with dial() as phone:
        phone.press("6")
        phone.listen(5)
        phone.press("*")
        phone.listen(0.5)
        phone.press("32")
        phone.listen(0.5)
        phone.press("11911")
        phone.listen(10)


def test_a_code_that_is_not_known_is_read_back_and_asked_for_again(done: Done) -> None:
    walk = done.of(a_wrong_code)
    said = ["digit-1", "digit-1", "digit-9", "digit-1", "last-digit-1"]
    assert [one.sound for one in walk.after(8)] == [*said, "code-unknown", "code-enter"], walk
