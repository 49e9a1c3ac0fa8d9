"""The call by the journeys of callers: what sounds after which key."""

from __future__ import annotations

import pytest
from tests.hotline.caller import Caller, reading, rules
from tests.hotline.catalogues import catalogue, edition

from audioleaflet.hotline.events import HangUp, Play, Wait

WELCOME = ["emergency", "publisher", "title", "status", "keys"]
SENTENCES = 6


def test_one_leaflet_begins_with_its_welcome_and_goes_on_to_chapter_1_with_no_key() -> None:
    caller = Caller(catalogue())
    assert caller.hears() == WELCOME
    caller.goes_on()
    assert caller.hears() == ["normal/01@0"]
    caller.goes_on()
    assert caller.hears() == ["normal/02@0"]


def test_an_approved_leaflet_needs_no_status_until_its_review_date_is_past() -> None:
    assert Caller(catalogue(edition(state="approved", review_due="2026-11-23"))).hears() == [
        "emergency", "publisher", "title", "keys",
    ]  # fmt: skip
    assert "past-due" in Caller(catalogue(edition(state="approved", review_due="2026-11-22"))).hears()


def test_help_with_a_notice_names_no_key_that_does_nothing_there() -> None:
    caller = Caller(catalogue(edition(state="withdrawn")))
    assert caller.presses("0")[:2] == ["notice-finished", "contact"]


def test_a_withdrawn_leaflet_is_its_notice() -> None:
    caller = Caller(catalogue(edition(state="withdrawn")))
    assert caller.hears() == [*WELCOME[:-1], "keys-of-one"]
    caller.goes_on()
    assert caller.hears() == ["normal/00@0"]
    assert caller.presses("8") == ["normal/00@0"]
    caller.goes_on()
    assert caller.hears() == ["notice-finished"]
    assert caller.presses("2") == ["normal/00@0"]


@pytest.mark.parametrize(
    ("key", "heard"),
    [
        ("6", ["normal/01@0"]),
        ("2", ["normal/01@0"]),
        ("4", ["first-chapter", "normal/01@0"]),
        ("5", ["paused"]),
        ("8", ["normal/00@0"]),
        ("7", ["slower", "slow/01@0"]),
        ("0", ["help", "contact", "going-on", "normal/01@0"]),
        ("#", ["which-chapter"]),
    ],
)
def test_keys_act_in_the_welcome(key: str, heard: list[str]) -> None:
    assert Caller(catalogue()).presses(key) == heard  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("keys", "heard"),
    [
        ("1", ["back", "normal/01@8"]),  # at 21 s: the sentence that has begun 10 s before
        ("2", ["normal/01@0"]),
        ("3", ["last"]),
        ("4", ["first-chapter", "normal/01@20"]),
        ("6", ["normal/02@0"]),
        ("64", ["normal/01@0"]),
        ("7", ["slower", "slow/01@22.5"]),
        ("77", ["slowest", "slow/01@22.5"]),
        ("9", ["faster", "fast/01@17.5"]),
        ("99", ["fastest", "fast/01@17.5"]),
        ("97", ["slower", "normal/01@20"]),
        ("8", ["normal/00@0"]),
        ("88", ["to-the-leaflet", "normal/01@20"]),
        ("5", ["paused"]),
        ("55", ["going-on", "normal/01@20"]),
        ("0", ["help", "contact", "going-on", "normal/01@20"]),
        ("#", ["which-chapter"]),
        ("*5", ["going-on", "normal/01@20"]),
        ("*7", ["wrong-key", "menu", "menu-chapters", "menu-numbers", "menu-place", "menu-go-on", "menu-help"]),
        ("*1", ["choose-chapter", "chapter-1", "chapter-2", "chapter-3", "chapter-4"]),
        ("*3", ["place-get", "place-enter", "menu-go-on"]),
        ("*2", ["normal/04@4", "ready", "next-number"]),
        ("*26", ["normal/04@8", "ready"]),
        ("*21", ["number-1", "again", "number-1", "number-again", "next-number", "menu-go-on"]),
        ("*29", ["wrong-key", "ready", "next-number", "menu-go-on"]),
        ("#*", ["cancelled", "normal/01@20"]),
        ("#4#", ["last-digit-4", "normal/04@0"]),
        ("#5", ["last-digit-5", "no-chapter", "chapters-by-menu", "normal/01@20"]),
        ("#4", ["last-digit-4", "normal/04@0"]),
        ("#4##", ["last-digit-4", "normal/04@0"]),
        ("*13", ["last-digit-3", "normal/03@0"]),
        ("#0", ["help", "contact", "going-on", "normal/01@20"]),
        ("*13#", ["last-digit-3", "normal/03@0"]),
    ],
)
def test_keys_while_chapter_1_is_read(keys: str, heard: list[str]) -> None:
    caller = reading(Caller(catalogue()), 20.8)
    if heard == ["last"]:  # 10 s on from 21 s is past the end
        heard = ["normal/02@0"]
    assert caller.presses(*keys) == heard


def test_forward_lands_on_the_start_of_a_sentence() -> None:
    assert reading(Caller(catalogue()), 1.8).presses("3") == ["forward", "normal/01@12"]


def test_a_key_during_a_prompt_counts_from_the_sentence_that_it_leads_to() -> None:
    caller = reading(Caller(catalogue()), 20.8)
    caller.presses("1")
    assert caller.presses("7") == ["slower", "slow/01@9"]


def test_three_seconds_end_a_number_that_could_be_longer() -> None:
    caller = reading(Caller(catalogue(edition(chapters=12))), 9)
    caller.presses("#", "1")
    caller.listens(2.9)
    assert isinstance(caller.doing, Wait)
    caller.listens(0.2)
    assert caller.hears() == ["last-digit-1", "normal/01@0"]


@pytest.mark.parametrize(
    ("chapters", "keys", "heard"),
    [
        (12, "2", ["last-digit-2", "normal/02@0"]),
        (12, "12", ["digit-1", "last-digit-2", "normal/12@0"]),
        (12, "13", ["digit-1", "last-digit-3", "no-chapter", "chapters-by-menu", "normal/01@8"]),
        (20, "2", ["Wait"]),
        (19, "2", ["last-digit-2", "normal/02@0"]),
        (1, "2", ["last-digit-2", "no-chapter", "keys-of-one", "normal/01@8"]),
    ],
)
def test_a_number_ends_where_no_longer_one_can_be_meant(chapters: int, keys: str, heard: list[str]) -> None:
    caller = reading(Caller(catalogue(edition(chapters=chapters, contacts=0))), 9)
    assert caller.presses("#", *keys) == heard


def test_a_hash_that_comes_late_after_a_number_opens_nothing() -> None:
    """A prompt of 1 s reads the number back; up to 2 s later, a # is the end of the number."""
    for seconds, opens in ((0.4, False), (1.5, False), (2.7, False), (3.1, True)):
        caller = reading(Caller(catalogue()), 9)
        heard = caller.presses("#", "4")
        caller.listens(seconds)
        assert caller.presses("#") == (["which-chapter"] if opens else heard)
        if seconds > 1:  # it is passed over once
            assert opens or caller.presses("#") == ["which-chapter"]


@pytest.mark.parametrize("digits", ["1", "2"])
def test_a_slow_hand_may_end_a_number_after_the_line_has(digits: str) -> None:
    caller = reading(Caller(catalogue(edition(chapters=25))), 9)
    caller.presses("#", *digits)
    caller.listens(3.1)
    heard = caller.hears()
    assert heard[-1].startswith("normal/")
    assert caller.presses("#", every=1.5) == heard
    caller.listens(6)
    assert caller.presses("#") == ["which-chapter"]


@pytest.mark.parametrize("digits", ["2", "9"])
def test_a_slow_hand_may_end_a_leaflets_number_after_the_line_has(digits: str) -> None:
    """The welcome says whether anybody has checked the leaflet: the # that was asked for must not end it."""
    caller = Caller(catalogue(*(edition(f"{number}/en", number=str(number)) for number in range(1, 7))))
    caller.presses(*digits)
    caller.listens(3.1)
    heard = caller.hears()
    assert ("title" in heard and "status" in heard) if digits == "2" else "no-leaflet" in heard
    assert caller.presses("#", every=1.5) == heard


def test_no_number_at_all_goes_back_to_the_sentence() -> None:
    caller = reading(Caller(catalogue()), 9)
    caller.presses("#")
    caller.listens(9.5)
    assert caller.hears() == ["cancelled", "normal/01@8"]


def test_a_pause_is_told_each_minute_and_ends_after_ten() -> None:
    caller = reading(Caller(catalogue()), 9)
    caller.presses("5")
    caller.goes_on()
    caller.listens(60)
    assert caller.hears() == ["still-paused", "keep-offer"]
    caller.listens(62.1)
    assert caller.hears() == ["still-paused"]
    caller.listens(7 * 61)
    assert caller.hears() == ["still-paused"]
    caller.listens(61)
    assert caller.hears() == ["goodbye"]
    caller.goes_on()
    assert isinstance(caller.doing, HangUp)


def test_other_keys_act_while_paused() -> None:
    caller = reading(Caller(catalogue()), 9)
    caller.presses("5")
    caller.listens(30)
    assert caller.presses("6") == ["normal/02@0"]


def test_the_end_is_told_three_times_and_then_goodbye() -> None:
    caller = reading(Caller(catalogue(edition(chapters=1, contacts=0))))
    caller.goes_on()
    told = []
    while not isinstance(caller.doing, HangUp):
        told += caller.hears()
        caller.goes_on()
    assert [one for one in told if one != "Wait"] == ["finished", "finished", "finished", "goodbye"]


@pytest.mark.parametrize(
    ("keys", "heard"),
    [("2", ["normal/04@0"]), ("1", ["back", "normal/04@12"]), ("4", ["normal/03@0"]), ("6", ["wrong-key", "finished"])],
)
def test_keys_at_the_end(keys: str, heard: list[str]) -> None:
    caller = reading(Caller(catalogue()))
    caller.listens(4 * SENTENCES * 4)
    assert caller.hears() == ["finished"]
    assert caller.presses(*keys) == heard


def test_the_last_chapter_and_forward_past_its_end() -> None:
    caller = reading(Caller(catalogue()), 3 * SENTENCES * 4 + 20)
    assert caller.presses("6") == ["last-chapter", "normal/04@20"]
    assert caller.presses("3") == ["last-chapter", "normal/04@20"]


def test_the_words_end_with_the_sentence_that_was_left() -> None:
    caller = reading(Caller(catalogue()), 9)
    caller.presses("8")
    caller.goes_on()
    assert caller.hears() == ["to-the-leaflet", "normal/01@8"]


def test_forward_and_next_in_the_introduction_go_back_to_the_sentence_that_was_left() -> None:
    for keys in ("6", "33"):
        caller = reading(Caller(catalogue()), 9)
        caller.presses("8")
        assert caller.presses(*keys, every=1) == ["to-the-leaflet", "normal/01@8"]


def test_with_a_person_the_keys_are_told_in_the_menu() -> None:
    caller = reading(Caller(catalogue(), rules(person=True)), 9)
    assert caller.presses("*")[-3:] == ["menu-go-on", "menu-keys", "menu-person"]
    assert caller.presses("7") == ["help", "contact", "going-on", "normal/01@8"]
    caller = reading(Caller(catalogue(), rules(person=True, is_there=False)), 9)
    assert caller.presses("*")[-2:] == ["menu-keys", "menu-help"]


def test_one_chapter_has_no_others_to_change_to() -> None:
    assert Caller(catalogue(edition(chapters=1))).hears()[-1] == "keys-of-one"


def test_a_time_limit_is_told_before_and_any_key_extends_it() -> None:
    caller = reading(Caller(catalogue(), rules(limit_s=80)))
    caller.listens(16)  # 5 s of welcome, 15 s of chapter 1: the sentence is read to its end
    assert caller.hears() == ["time-limit", "keep-offer"]
    assert caller.presses("3") == ["going-on", "normal/01@16"]
    caller.listens(10)
    assert caller.hears() == ["normal/02@0"]


def test_a_time_limit_that_nobody_answers_ends_the_call_after_a_minute_at_least() -> None:
    caller = reading(Caller(catalogue(), rules(limit_s=80)))
    caller.listens(16)
    warned = caller.now
    while not isinstance(caller.doing, HangUp):
        caller.goes_on()
    assert 45 <= (caller.now - warned).total_seconds() <= 90


def test_several_leaflets_are_offered_by_key() -> None:
    shelf = catalogue(edition("one/en"), edition("two/en", number="2"))
    caller = Caller(shelf)
    assert caller.hears() == ["emergency", "from", "choice", "press-1", "choice", "press-2"]
    assert caller.presses("7") == ["wrong-key", "choice", "press-1", "choice", "press-2"]
    assert caller.presses("2") == ["title", "status", "keys"]
    assert caller.state.edition == "two/en"
    caller.goes_on()
    caller.listens(9)
    assert caller.presses("*", "4") == ["from", "choice", "press-1", "choice", "press-2", "menu-go-on"]
    assert caller.presses("1") == ["title", "status", "keys"]
    assert caller.state.edition == "one/en"


def test_many_leaflets_are_called_by_number() -> None:
    shelf = catalogue(*(edition(f"l{number}/en", number=str(number)) for number in (11, 12, 13, 14, 15)))
    caller = Caller(shelf)
    assert caller.hears() == ["emergency", "from", "enter-leaflet"]
    assert caller.presses("1", "9", "#") == ["digit-1", "last-digit-9", "no-leaflet", "enter-leaflet"]
    assert caller.presses("0")[:3] == ["choice", "digit-1", "last-digit-1"]
    assert caller.presses("1", "3", "#")[:3] == ["digit-1", "last-digit-3", "title"]
    assert caller.state.edition == "l13/en"


def test_languages_are_offered_each_in_its_own_or_decided_by_the_number_dialled() -> None:
    shelf = catalogue(edition("one/en"), edition("one/es", language="es"), dialled={"800": "es"})
    caller = Caller(shelf)
    assert caller.hears() == ["language", "press-1", "language", "press-2"]
    assert caller.presses("2") == WELCOME
    assert caller.state.language == "es"
    assert Caller(shelf, dialled="800").hears() == WELCOME
    assert Caller(shelf, dialled="800").state.language == "es"


def test_a_leaflet_that_changed_under_a_wire_without_memory_is_told() -> None:
    caller = reading(Caller(catalogue()), 30)
    caller.call = type(caller.call)(catalogue=catalogue(edition(version="v2")), rules=caller.call.rules)
    assert caller.presses("5") == ["updated", "title", "status", "normal/02@0"]
    caller.call = type(caller.call)(catalogue=catalogue(edition("other/en")), rules=caller.call.rules)
    assert caller.presses("5") == ["publisher", "title", "status", "keys"]


def test_after_the_end_nothing_is_done() -> None:
    caller = Caller(catalogue())
    caller.hangs_up()
    caller.presses("5")
    assert caller.state.mode == "over"
    assert isinstance(caller.doing, Play)


def test_chapters_are_counted_by_leaflet() -> None:
    caller = reading(Caller(catalogue()), 30)
    assert caller.counts["chapter-begun", "one/en/01"] == 1
    assert caller.counts["chapter-finished", "one/en/01"] == 1
    assert caller.counts["call", ""] == 1
