"""Calls to the real line: the welcome, and every key while the leaflet is read."""

from __future__ import annotations

import pytest
from tests.peers.hotline_journeys import LATE_S, WELCOME, Done, chapter, journey
from tests.peers.hotline_line import SLUG, Dial

pytestmark = pytest.mark.peer


@journey
def straight_through(dial: Dial) -> None:
    with dial() as phone:
        phone.listen_until(30)


def test_straight_through(done: Done) -> None:
    walk = done.of(straight_through)
    assert walk.sounds() == [*WELCOME, chapter(1)], walk
    assert all(one.first for one in walk.said), walk
    # Each follows the one before with nothing between; what an edition has to say about its state comes on top of 12 s.
    begins = [one.at_s for one in walk.said]
    for begin, after, sound in zip(begins, begins[1:], walk.sounds(), strict=False):
        assert after - begin == pytest.approx(done.length(sound), abs=0.04), walk
    assert begins[-1] - done.length(f"{SLUG}/status") < 12, walk
    assert walk.said[-1].end_s > 29, walk


@journey
def six_in_the_welcome(dial: Dial) -> None:
    with dial() as phone:
        phone.listen_until(2)
        phone.press("6")
        phone.listen(4)


def test_a_key_in_the_welcome_begins_chapter_1_at_once(done: Done) -> None:
    walk = done.of(six_in_the_welcome)
    assert walk.sounds() == ["emergency", chapter(1)], walk
    assert walk.said[1].first, walk
    assert walk.said[1].at_s - walk.presses[0][1] < LATE_S, walk


@journey
def eight_in_the_welcome(dial: Dial) -> None:
    with dial() as phone:
        phone.listen_until(1)
        phone.press("8")
        phone.listen(5)
        phone.press("8")
        phone.listen(4)


def test_eight_in_the_welcome_is_how_to_say_the_words(done: Done) -> None:
    walk = done.of(eight_in_the_welcome)
    assert walk.sounds() == ["emergency", chapter(0), "to-the-leaflet", chapter(1)], walk
    assert walk.said[3].first, walk


@journey
def five_in_the_welcome(dial: Dial) -> None:
    with dial() as phone:
        phone.listen_until(5)
        phone.press("5")
        phone.listen(3)
        phone.press("5")
        phone.listen(4)


def test_five_in_the_welcome_pauses(done: Done) -> None:
    walk = done.of(five_in_the_welcome)
    assert walk.sounds()[-3:] == ["paused", "going-on", chapter(1)], walk
    assert walk.said[-1].first, walk


# While listening


@journey
def back(dial: Dial) -> None:
    with dial() as phone:
        phone.press("6")
        phone.listen(19)
        phone.press("1")
        phone.listen(4)


def test_one_goes_back_ten_seconds_to_a_sentence(done: Done) -> None:
    walk = done.of(back)
    assert walk.sounds()[-3:] == [chapter(1), "back", chapter(1)], walk
    left = walk.presses[1][1] - walk.said[-3].at_s
    assert left - 20 < walk.said[-1].offset_s <= left - 10 + 0.06, walk
    assert walk.said[-1].whole, walk


@journey
def restart(dial: Dial) -> None:
    with dial() as phone:
        phone.press("6")
        phone.listen(6)
        phone.press("2")
        phone.listen(3)


def test_two_begins_the_chapter_again(done: Done) -> None:
    walk = done.of(restart)
    assert walk.sounds()[-2:] == [chapter(1), chapter(1)], walk
    assert walk.said[-1].first, walk


@journey
def forward(dial: Dial) -> None:
    with dial() as phone:
        phone.press("6")
        phone.listen(3)
        phone.press("3")
        phone.listen(5)


def test_three_goes_on_ten_seconds_to_a_sentence(done: Done) -> None:
    walk = done.of(forward)
    assert walk.sounds()[-3:] == [chapter(1), "forward", chapter(1)], walk
    left = walk.presses[1][1] - walk.said[-3].at_s
    assert left + 10 - 0.06 <= walk.said[-1].offset_s < left + 22, walk
    assert walk.said[-1].whole, walk


@journey
def forward_beyond_the_end(dial: Dial) -> None:
    with dial() as phone:
        phone.press("6")
        for _ in range(10):
            phone.listen(3.2)  # several sentences begin with the same words
            phone.press("3")
        phone.listen(4)


def test_three_goes_on_into_the_next_chapter(done: Done) -> None:
    walk = done.of(forward_beyond_the_end)
    chapters = [one.sound for one in walk.said if one.sound.startswith(f"{SLUG}/normal/")]
    assert chapters == sorted(chapters), walk
    assert chapter(2) in chapters, walk
    first = next(one for one in walk.said if one.sound == chapter(2))
    assert first.first, walk


@journey
def four_and_six(dial: Dial) -> None:
    with dial() as phone:
        for keys in ("6", "6", "6", "4", "4", "4"):
            phone.press(keys)
            phone.listen(4)


def test_four_and_six_change_chapter(done: Done) -> None:
    walk = done.of(four_and_six)
    found = [walk.after(press) for press in range(6)]
    for number, press in ((1, 0), (2, 1), (3, 2), (2, 3), (1, 4)):
        assert [one.sound for one in found[press]] == [chapter(number)], walk
        assert found[press][0].first, walk
    assert [one.sound for one in found[5]] == ["first-chapter", chapter(1)], walk
    assert done.goes_on(walk, found[5][1], 5), walk


@journey
def pause(dial: Dial) -> None:
    with dial() as phone:
        phone.press("6")
        phone.listen(12)
        phone.press("5")
        phone.listen(6)
        phone.press("5")
        phone.listen(5)


def test_five_pauses_and_goes_on_with_the_same_sentence(done: Done) -> None:
    walk = done.of(pause)
    assert walk.sounds()[-4:] == [chapter(1), "paused", "going-on", chapter(1)], walk
    assert walk.said[-3].end_s < walk.presses[1][1] + 2, walk
    assert done.goes_on(walk, walk.said[-1], 1), walk


@journey
def slower_and_faster(dial: Dial) -> None:
    with dial() as phone:
        phone.press("6")
        phone.listen(12)
        for key in "77999":
            phone.press(key)
            phone.listen(5)


def test_seven_and_nine_change_the_rate_and_keep_the_sentence(done: Done) -> None:
    walk = done.of(slower_and_faster)
    for press, said, rate in (
        (1, "slower", "slow"),
        (2, "slowest", "slow"),
        (3, "faster", "normal"),
        (4, "faster", "fast"),
        (5, "fastest", "fast"),
    ):
        answer, reading = walk.after(press)
        assert (answer.sound, reading.sound) == (said, chapter(1, rate)), walk
        assert done.goes_on(walk, reading, press, rate), walk


@journey
def words(dial: Dial) -> None:
    with dial() as phone:
        phone.press("6")
        phone.listen(11)
        phone.press("8")
        phone.listen(6)
        phone.press("8")
        phone.listen(5)


def test_eight_goes_to_the_words_and_back_to_the_sentence(done: Done) -> None:
    walk = done.of(words)
    assert walk.sounds()[-4:] == [chapter(1), chapter(0), "to-the-leaflet", chapter(1)], walk
    assert walk.said[-3].first, walk
    assert done.goes_on(walk, walk.said[-1], 1), walk


@journey
def help_is_heard(dial: Dial) -> None:
    with dial() as phone:
        phone.press("6")
        phone.listen(9)
        phone.press("0")
        phone.listen(42)


def test_zero_is_help_and_then_the_same_sentence(done: Done) -> None:
    walk = done.of(help_is_heard)
    told = walk.after(1)
    assert [one.sound for one in told] == ["help", f"{SLUG}/contact", "going-on", chapter(1)], walk
    assert done.goes_on(walk, told[-1], 1), walk


@journey
def to_chapter_4(dial: Dial) -> None:
    with dial() as phone:
        phone.listen_until(1)
        phone.press("#")
        phone.listen(1)
        phone.press("4")
        phone.listen(5)


def test_hash_and_a_number_is_that_chapter(done: Done) -> None:
    walk = done.of(to_chapter_4)
    assert walk.sounds() == ["emergency", "which-chapter", "last-digit-4", chapter(4)], walk
    assert walk.said[-1].first, walk


@journey
def no_such_chapter(dial: Dial) -> None:
    with dial() as phone:
        phone.press("6")
        phone.listen(8)
        phone.press("#")
        phone.listen(0.5)
        phone.press("9")
        phone.listen(10)
        phone.press("#")
        phone.listen(0.5)
        phone.press("*")
        phone.listen(4)


def test_a_chapter_that_is_not_there_and_an_entry_that_is_given_up(done: Done) -> None:
    walk = done.of(no_such_chapter)
    told = walk.after(2)
    assert [one.sound for one in told] == ["last-digit-9", "no-chapter", "chapters-by-menu", chapter(1)], walk
    assert done.goes_on(walk, told[-1], 1), walk
    told = walk.after(4)
    assert [one.sound for one in told] == ["cancelled", chapter(1)], walk
    assert done.goes_on(walk, told[-1], 3), walk


@journey
def hash_after_a_number(dial: Dial) -> None:
    with dial() as phone:
        phone.listen_until(1)
        phone.press("#")
        phone.listen(1)
        phone.press("4")
        phone.listen(1)
        phone.press("#")
        phone.listen(6)
        phone.press("#")
        phone.listen(3)


def test_a_hash_soon_after_a_number_is_its_end_and_later_asks_for_another(done: Done) -> None:
    walk = done.of(hash_after_a_number)
    assert walk.sounds() == ["emergency", "which-chapter", "last-digit-4", chapter(4), "which-chapter"], walk


@journey
def last_chapter(dial: Dial) -> None:
    with dial() as phone:
        phone.press("#")
        phone.listen(0.5)
        phone.press("6#")
        phone.listen(7)
        phone.press("6")
        phone.listen(4)


def test_six_in_the_last_chapter_stays_there(done: Done) -> None:
    walk = done.of(last_chapter)
    told = walk.after(3)
    assert [one.sound for one in told] == ["last-chapter", chapter(6)], walk
    assert done.goes_on(walk, told[-1], 3), walk
