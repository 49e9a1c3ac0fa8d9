"""Calls to the real line with the real leaflet, by baresip: keys pressed, and what is heard recorded and known."""

from __future__ import annotations

import statistics
from dataclasses import dataclass

import pytest
from tests.peers.conftest import require
from tests.peers.hearing import RATE
from tests.peers.hotline_line import SLUG, Dial, Line, Said, Script, Walk, build, once, serving, walks

pytestmark = pytest.mark.peer

WELCOME = ["emergency", f"{SLUG}/publisher", f"{SLUG}/title", f"{SLUG}/status", "keys"]
LATE_S = 0.3  # for one key on a busy machine; all keys together are held to less
JOURNEYS: dict[str, tuple[str, Script]] = {}


def chapter(number: int, rate: str = "normal") -> str:
    return f"{SLUG}/{rate}/{number:02}"


def journey(script: Script) -> Script:
    JOURNEYS[script.__name__] = "one", script
    return script


def journey_with_two_leaflets(script: Script) -> Script:
    JOURNEYS[script.__name__] = "two", script
    return script


@dataclass(frozen=True, slots=True)
class Done:
    """All journeys, and the line that they were made on."""

    line: Line
    made: dict[str, list[Walk]]

    def of(self, script: Script) -> Walk:
        """The journey of one call."""
        (one,) = self.all_of(script)
        return one

    def all_of(self, script: Script) -> list[Walk]:
        found = self.made[script.__name__]
        assert found, f"{script.__name__} came to no end"
        return found

    def length(self, sound: str) -> float:
        """Seconds of a sound."""
        return len(self.line.sounds()[sound]) / RATE

    def goes_on(self, walk: Walk, said: Said, left: int, rate: str = "normal") -> bool:
        """Whether a stretch begins with the beginning of the sentence that sounded at the press ``left``."""
        return f"/{rate}/" in said.sound and said.whole and said.cue == self.line.sentence(walk, left)


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Done:
    """Every journey is made here, many at once: a caller listens in real time."""
    program = require("baresip")
    common = tmp_path_factory.getbasetemp()
    if "popen-gw" in common.name:
        common = common.parent  # other processes test as well
    folder = common / "hotline"
    folder.mkdir(exist_ok=True)

    def make() -> dict[str, list[Walk]]:
        one, two = build(folder)
        settings = folder / "content" / "library.yaml"
        with serving(one, settings) as line, serving(two, settings) as other:
            return walks(program, {"one": line, "two": other}, folder / "calls", JOURNEYS)

    made = once(folder, make)
    line = Line(folder / "two")
    line.read()
    return Done(line, made)


# The welcome


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


# The keys while listening


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
        phone.press("4#")
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
        phone.press("99")
        phone.listen(11)  # 3 s of silence end a number
        phone.press("#")
        phone.listen(0.5)
        phone.press("*")
        phone.listen(4)


def test_a_chapter_that_is_not_there_and_an_entry_that_is_given_up(done: Done) -> None:
    walk = done.of(no_such_chapter)
    told = walk.after(3)
    assert [one.sound for one in told] == ["digit-9", "last-digit-9", "no-chapter", chapter(1)], walk
    assert told[0].at_s - walk.presses[3][1] == pytest.approx(3, abs=LATE_S), walk
    assert done.goes_on(walk, told[-1], 1), walk
    told = walk.after(5)
    assert [one.sound for one in told] == ["cancelled", chapter(1)], walk
    assert done.goes_on(walk, told[-1], 4), walk


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


# The menu

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
        phone.press("3#")
        phone.listen(5)


def test_the_chapters_are_read_out_and_one_is_chosen(done: Done) -> None:
    walk = done.of(chapters_in_the_menu)
    told = [one.sound for one in walk.after(1)]
    assert told == ["choose-chapter", *(f"{SLUG}/chapter-{number}" for number in range(1, 7))], walk
    assert [one.sound for one in walk.after(3)] == ["last-digit-3", chapter(3)], walk


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


def code_of(heard: list[Said]) -> str:
    """The digits of a code that is told."""
    told = [one.sound for one in heard]
    begin = told.index("code-is") + 1
    return "".join(name[-1] for name in told[begin : begin + 5])


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


# Two leaflets, and the end of one


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
    calls = [walk for made in done.made.values() for walk in made]
    assert len(calls) > 25
    assert max(walk.first_s for walk in calls) < 0.3
    assert max(walk.said[0].at_s for walk in calls if walk.said) < 0.3


def test_a_key_changes_the_sound_at_once(done: Done) -> None:
    found = [late for made in done.made.values() for walk in made for late in walk.latencies()]
    assert len(found) > 20
    assert statistics.median(found) < 0.06, sorted(found)
    assert max(found) < LATE_S, sorted(found)
