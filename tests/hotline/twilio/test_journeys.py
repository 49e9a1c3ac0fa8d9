"""Whole calls through the application: every request signed, every answer followed, every piece of sound fetched."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.hotline.caller import rules
from tests.hotline.catalogues import catalogue, edition, library_prompts
from tests.hotline.twilio.exchange import PUBLIC, Heard, Noise, Phone, World, world

from audioleaflet.hotline.catalogue import Edition

WELCOME = ["emergency", "publisher", "title", "status", "keys"]


def line(*editions: Edition, dialled: dict[str, str] | None = None) -> World:
    return world(loaded=Noise(catalogue(*editions, dialled=dialled)))


def joined(pieces: list[list[Heard]]) -> list[Heard]:
    """Pieces with what was cut put together again."""
    heard: list[Heard] = []
    for one in (one for piece in pieces for one in piece):
        if heard and heard[-1].name == one.name and heard[-1].end_ms == one.begin_ms:
            heard[-1] = Heard(one.name, heard[-1].begin_ms, one.end_ms)
        else:
            heard.append(one)
    return heard


def test_with_no_key_the_leaflet_is_read_from_its_welcome_to_its_end() -> None:
    phone = Phone(line())
    assert phone.hears() == WELCOME
    phone.listens_until("finished")
    read = joined(phone.pieces)
    assert [one.name for one in read] == [*WELCOME, *(f"normal/{n:02}" for n in range(1, 5)), "finished"]
    assert all(one.end_ms - one.begin_ms == 24_000 for one in read if one.name.startswith("normal"))


def test_after_the_end_it_is_asked_three_times_and_then_said_goodbye() -> None:
    phone = Phone(line())
    phone.listens_until("goodbye")
    phone.goes_on()
    assert phone.verb == "Hangup"
    assert [one.name for piece in phone.pieces for one in piece].count("finished") == 3


def test_key_6_goes_to_the_next_chapter_and_2_back_to_its_start() -> None:
    phone = Phone(line())
    phone.listens_until("normal/01")
    assert phone.presses("6")[0] == "normal/02"
    phone.goes_on()
    assert phone.presses("2")[0] == "normal/02"


def test_a_pause_goes_on_with_the_sentence_that_sounded() -> None:
    phone = Phone(line())
    phone.listens_until("normal/01")
    phone.goes_on()  # from 12 s
    assert phone.presses("5", after_s=5.0) == ["paused"]  # 17 s: in the fifth sentence, from 16 s
    phone.goes_on()
    assert phone.hears() == ["Gather"]
    assert int(phone.inside["timeout"]) == 60
    phone.goes_on()
    assert phone.hears() == ["still-paused", "keep-offer"]
    assert phone.presses("5") == ["going-on", "normal/01@16"]


def test_seeking_counts_from_where_the_caller_is_in_a_piece() -> None:
    phone = Phone(line())
    phone.listens_until("normal/01")
    assert phone.presses("3", after_s=7.0) == ["forward", "normal/01@20"]  # 7 + 10: the sentence from 20 s
    phone.listens_until("normal/02")
    phone.goes_on()
    assert phone.presses("1", after_s=2.5) == ["back", "normal/02@4"]  # 14.5 - 10


def test_a_slower_rate_keeps_the_sentence() -> None:
    phone = Phone(line())
    phone.listens_until("normal/01")
    assert phone.presses("7", after_s=5.0) == ["slower", "slow/01@4.5"]


def test_a_chapter_by_number_and_the_menu() -> None:
    phone = Phone(line(edition(chapters=12)))
    phone.listens_until("normal/01")
    assert phone.presses("#") == ["which-chapter"]
    assert phone.inside["numDigits"] == "2"
    assert phone.presses("11")[:3] == ["digit-1", "last-digit-1", "normal/11"]  # no longer number can be meant
    assert phone.presses("#")[:3] == ["digit-1", "last-digit-1", "normal/11"]  # it ends the number, and opens nothing
    assert phone.presses("*")[0] == "menu"
    assert phone.presses("5")[:2] == ["going-on", "normal/11"]


def test_one_digit_and_hash_come_in_one_request() -> None:
    phone = Phone(line(edition(chapters=12)))
    phone.presses("#")
    assert phone.presses("3#")[:2] == ["last-digit-3", "normal/03"]


def test_a_code_is_given_and_found_in_another_call() -> None:
    place = line()
    phone = Phone(place)
    phone.listens_until("normal/03")
    phone.presses("*")
    assert phone.presses("3") == ["place-get", "place-enter", "menu-go-on"]
    assert phone.presses("1")[0] == "code-is"
    ((code, kept),) = place.store.places.items()
    assert (kept.chapter, kept.cue) == (3, "c03-001")
    later = Phone(place, sid="CA" + "f" * 32)
    later.presses("*")
    later.presses("3")
    later.presses("2")
    assert later.inside["numDigits"] == "5"
    later.presses(code[:2])
    assert (later.hears(), later.inside["numDigits"], later.inside["timeout"]) == (["Gather"], "3", "8")
    assert later.presses(code[2:])[5:] == ["welcome-back", "title", "status", "normal/03"]


@pytest.mark.parametrize("status", ["busy", "no-answer", "failed", "canceled"])
def test_a_person_who_cannot_be_reached_gives_the_caller_back(status: str) -> None:
    phone = Phone(world(loaded=Noise(catalogue()), by=rules(person=True), operator="+12125550123"))
    phone.listens_until("normal/01")
    assert phone.presses("0", after_s=5) == ["connect"]
    while phone.verb == "Gather":
        phone.goes_on()
    assert (phone.verb, phone.dials, phone.inside["timeout"]) == ("Dial", "Number +12125550123", "30")
    phone.is_connected(status)
    assert phone.hears()[:1] == ["no-answer"]
    phone.listens_until("normal/02")
    assert [one.begin_ms for one in joined(phone.pieces) if one.name == "normal/01"] == [0, 4000]


def test_a_conversation_with_a_person_ends_the_call_and_may_last_hours() -> None:
    phone = Phone(world(loaded=Noise(catalogue()), by=rules(person=True), operator="sip:200@pbx.example"))
    phone.presses("0")
    while phone.verb == "Gather":
        phone.goes_on()
    assert phone.dials == "Sip sip:200@pbx.example"
    phone.world.clock.passes(3 * 3600)
    phone.is_connected("completed")
    assert phone.verb == "Hangup"


def test_the_number_that_was_dialled_decides_the_language() -> None:
    shelf = catalogue(
        edition(), edition("one/es", language="es", number="2"), dialled={"+12125550100": "es", "+12125550101": "en-US"}
    )
    shelf = type(shelf)(editions=shelf.editions, dialled=shelf.dialled, prompts={
        "en-US": library_prompts(), "es": library_prompts(),
    })  # fmt: skip
    assert Phone(world(loaded=Noise(shelf)), dialled="+12125550100").hears() == WELCOME
    assert Phone(world(loaded=Noise(shelf)), dialled="+1999").hears()[0] == "language"


def test_the_way_back_from_another_leaflet_keeps_the_place() -> None:
    phone = Phone(line(edition(), edition("two/en", number="2")))
    phone.presses("1")
    phone.listens_until("normal/02")
    phone.presses("*")
    assert phone.presses("4")[-1] == "menu-go-on"
    assert phone.presses("5")[:2] == ["going-on", "normal/02"]


def test_leaflet_numbers_come_in_one_request() -> None:
    editions = [edition(f"l{n}/en", number=f"{n // 9 + 1}{n % 9 + 1}") for n in range(12)]
    phone = Phone(line(*editions))
    assert phone.hears()[-1] == "enter-leaflet"
    assert phone.inside["numDigits"] == "2"
    phone.presses("13")
    assert phone.presses("#")[:2] == ["digit-1", "last-digit-3"]


def test_a_key_that_means_nothing_lets_the_sound_go_on_from_its_sentence() -> None:
    place = line()
    phone = Phone(place)
    phone.listens_until("normal/02")
    phone.presses("*")
    phone.presses("3")
    phone.presses("1")
    code = next(iter(place.store.places))
    later = Phone(place, sid="CA" + "e" * 32)
    later.presses("*")
    later.presses("3")
    later.presses("2")
    later.presses(code)
    assert later.presses("#", after_s=6.5)[:2] == ["title", "status"]  # # was not asked for, and opens nothing
    assert later.presses("#", after_s=5.5) == ["which-chapter"]


def test_a_hash_long_after_a_code_asks_for_a_chapter() -> None:
    place = line()
    phone = Phone(place)
    phone.presses("*")
    phone.presses("3")
    phone.presses("1")
    code = next(iter(place.store.places))
    later = Phone(place, sid="CA" + "e" * 32)
    later.presses("*")
    later.presses("3")
    later.presses("2")
    later.presses(code)
    assert later.presses("#", after_s=11.5) == ["which-chapter"]  # the sentence has sounded for 3.5 s, less the delay


def test_pieces_are_5_to_12_s_long_and_meet_without_gap_or_overlap() -> None:
    phone = Phone(line(edition(chapters=9)))
    phone.listens_until("finished", most=200)
    assert max(phone.lengths) <= 12_000
    short = [piece for piece, length in zip(phone.pieces, phone.lengths, strict=True) if length < 5000]
    assert all(piece[-1].end_ms == 24_000 or piece[0].name == "finished" for piece in short)
    for before, after in pairwise([one for piece in phone.pieces for one in piece]):
        assert after.begin_ms in (0, before.end_ms)


def test_addresses_are_short_in_a_long_leaflet_of_a_large_library() -> None:
    editions = [edition(f"leaflet-{n:02}/en", number=f"{n // 9 + 1}{n % 9 + 1}", chapters=25) for n in range(60)]
    phone = Phone(line(*editions))
    phone.presses("0")  # the list of all leaflets
    phone.presses("12")
    phone.presses("#")
    phone.listens_until("normal/01")
    phone.presses("*")
    phone.presses("1")
    for _ in range(5):
        phone.goes_on()
    assert max(map(len, phone.addresses)) < 2000, max(map(len, phone.addresses))


def test_a_call_keeps_the_edition_that_it_began_with() -> None:
    place = line()
    phone = Phone(place)
    phone.listens_until("normal/01")
    assert place.shelf.loaded is not None
    old = place.shelf.loaded
    place.shelf.loaded = Noise(catalogue(edition(version="v2", chapters=2)))
    place.shelf.loaded.made = old.made
    phone.listens_until("normal/04")
    assert Phone(place, sid="CA" + "d" * 32).hears() == WELCOME


@pytest.mark.parametrize(
    ("change", "heard"),
    [
        (lambda: catalogue(edition(), edition("two/en", number="2")), ["going-on", "normal/02@16"]),
        (lambda: catalogue(edition(version="v2")), ["updated", "title", "status", "normal/02"]),
        (lambda: catalogue(edition("two/en", version="v2")), ["publisher", "title", "status", "keys"]),
    ],
)
def test_after_a_new_start_with_other_editions_a_call_goes_on(change: Callable[[], object], heard: list[str]) -> None:
    place = line()
    phone = Phone(place)
    phone.listens_until("normal/02")
    phone.goes_on()
    assert phone.hears() == ["normal/02@12"]
    place.shelf.loaded = Noise(change())  # type: ignore[arg-type]
    place.starts()
    place.clock.passes(5.7)
    phone.follows(phone.asks(phone.inside["action"], Digits=""))
    assert phone.hears()[: len(heard)] == heard


def test_a_new_start_with_the_same_editions_is_not_noticed() -> None:
    place = line()
    phone = Phone(place)
    phone.listens_until("normal/02")
    assert place.shelf.loaded is not None
    place.shelf.loaded = Noise(catalogue())
    place.starts()
    phone.goes_on()
    assert phone.hears() == ["normal/02@12"]


def test_without_an_edition_a_call_is_not_answered() -> None:
    place = world(loaded=None)
    assert Phone(place).verb == "Reject"
    assert place.asks("GET", f"{PUBLIC}healthz").status == 503


def test_what_is_counted_names_no_caller_and_no_digit() -> None:
    place = line()
    phone = Phone(place)
    phone.listens_until("normal/01")
    phone.presses("#")
    phone.presses("3")
    phone.goes_on()
    assert place.counts["call"] == 1
    assert place.counts["key #"] == 1
    assert "key 3" not in place.counts


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["", *"0123456789*#", "12", "1#", "*3"]), st.floats(0, 15)), max_size=25),
    st.booleans(),
)
def test_whatever_is_pressed_there_is_always_a_sound_or_a_wait_or_a_person(
    presses: list[tuple[str, float]], person: bool
) -> None:
    place = world(loaded=Noise(catalogue(edition(), edition("two/en", number="2"))), by=rules(person=person))
    place.operator = "+12125550123"
    place.starts()
    phone = Phone(place)
    for keys, after_s in presses:
        if phone.verb == "Dial":
            phone.is_connected("no-answer")
        elif phone.verb == "Hangup":
            break
        elif keys:
            phone.presses(keys, after_s) if phone.verb == "Gather" else None
        else:
            phone.goes_on()
        assert phone.verb in ("Gather", "Dial", "Hangup")
    assert place.faults == []
    assert max(map(len, phone.addresses)) < 2000
