"""Codes to come back with, and a person: what the call does, and how often."""

from __future__ import annotations

from tests.hotline.caller import Caller, reading, rules
from tests.hotline.catalogues import catalogue, edition

from audioleaflet.hotline.events import Digit, Place, Play, Stay, Transfer


def test_a_place_is_kept_and_found_again() -> None:
    shelf = catalogue()
    places: dict[str, Place] = {}
    caller = reading(Caller(shelf, places=places), 9)
    told = caller.presses("*", "3", "1")
    code = ["digit-1", "digit-1", "last-digit-1", "digit-1", "last-digit-1"]
    assert told == ["code-is", *code, "again", *code, "code-kept", "menu-go-on"]
    assert places == {"11111": Place(edition="one/en", version="v1", chapter=1, cue="c01-003")}
    assert caller.presses("1") == told
    again = Caller(shelf, places=places)
    heard = again.presses("*", "3", "2", "1", "1", "1", "1", "1", "#")
    assert heard[-4:] == ["welcome-back", "title", "status", "normal/01@8"]
    again.listens(10)  # a second of each prompt, and two
    assert again.presses("#") == ["which-chapter"]
    assert (caller.counts["code-kept", ""], again.counts["code-found", ""]) == (1, 1)


def test_the_same_place_has_one_code() -> None:
    caller = reading(Caller(catalogue()), 9)
    first = caller.presses("*", "3", "1")
    assert caller.presses("*", "3", "1") == first
    assert caller.presses("5", "*", "3", "1") == first
    assert (len(caller.places), caller.counts["code-kept", ""]) == (1, 1)
    caller.presses("5", "6")
    assert caller.presses("*", "3", "1") != first
    assert len(caller.places) == 2


def test_a_call_gets_some_codes_and_not_all() -> None:
    """All callers share the codes that there are."""
    caller = reading(Caller(catalogue(edition(chapters=12))), 9)
    for _ in range(5):
        assert caller.presses("5", "6", "*", "3", "1")[0] == "code-is"
    assert caller.presses("5", "6", "*", "3", "1") == ["codes-enough", "going-on", "normal/07@0"]
    assert len(caller.places) == 5
    assert caller.presses("*", "3", "2") == ["code-enter"]


def test_a_place_in_a_leaflet_that_has_changed_is_the_start_of_its_chapter() -> None:
    places = {"11111": Place(edition="one/en", version="v0", chapter=3, cue="c03-004")}
    caller = Caller(catalogue(), places=places)
    assert caller.presses("*", "3", "2", "1", "1", "1", "1", "1")[-4:] == ["updated", "title", "status", "normal/03@0"]


def test_a_place_in_a_leaflet_that_was_withdrawn_is_its_notice() -> None:
    places = {"11111": Place(edition="one/en", version="v0", chapter=3, cue="c03-004")}
    caller = Caller(catalogue(edition(state="withdrawn")), places=places)
    heard = caller.presses("*", "3", "2", "1", "1", "1", "1", "1")
    assert heard[-3:] == ["title", "status", "normal/00@0"]
    assert "updated" not in heard


def test_a_hash_after_a_code_opens_nothing_while_it_is_answered() -> None:
    places = {"11111": Place(edition="one/en", version="v1", chapter=1, cue="c01-003")}
    caller = Caller(catalogue(), places=places)
    heard = caller.presses("*", "3", "2", "1", "1", "1", "1", "1")
    assert caller.presses("#", "#") == heard
    late = Caller(catalogue(), places=places)
    late.presses("*", "3", "2", "1", "1", "1", "1", "1")
    late.listens(11)
    assert late.presses("#") == ["which-chapter"]


def test_who_has_to_find_the_note_with_the_code_is_asked_again() -> None:
    caller = Caller(catalogue())
    caller.presses("*", "3", "2")
    for _ in range(2):
        caller.listens(9.1)
        assert caller.hears() == ["code-enter"]
    caller.listens(9.1)
    assert caller.hears() == ["cancelled", "going-on", "normal/01@0"]


def test_a_code_got_while_the_words_are_told_leads_to_the_sentence_that_was_left() -> None:
    places: dict[str, Place] = {}
    caller = reading(Caller(catalogue(), places=places), 24 + 9)
    assert caller.state.chapter == 2
    caller.presses("8")
    caller.presses("*", "3", "1")
    assert list(places.values()) == [Place(edition="one/en", version="v1", chapter=2, cue="c02-003")]
    caller.presses("5", "8")
    assert caller.presses("*", "3", "1")[:1] == ["code-is"]
    assert len(places) == 1, "it is the same place"
    again = Caller(catalogue(), places=places)
    assert again.presses("*", "3", "2", *"11111")[-1] == "normal/02@8"


def test_a_hash_after_a_wrong_code_does_not_cancel_what_is_said_of_it() -> None:
    caller = Caller(catalogue())
    heard = caller.presses("*", "3", "2", *"12345")
    assert heard[-2:] == ["code-unknown", "code-enter"]
    assert caller.presses("#", every=0.5) == heard
    caller.listens(7.5)
    assert caller.presses("#") == ["cancelled", "going-on", "normal/01@0"]


def test_a_hash_after_the_last_wrong_code_lets_the_caller_hear_that_it_was() -> None:
    caller = Caller(catalogue())
    caller.presses("*", "3", "2", *"12345", *"12345")
    heard = caller.presses(*"12345")
    assert heard[-3:] == ["code-tries", "going-on", "normal/01@0"]
    assert caller.presses("#", every=0.5) == heard


def test_wrong_codes_are_told_kindly_and_end_after_some_tries() -> None:
    caller = Caller(catalogue())
    caller.presses("*", "3", "2")
    assert caller.presses(*"12345")[-2:] == ["code-unknown", "code-enter"]
    assert caller.presses(*"123")[-1:] == ["Wait"]
    caller.listens(7.9)
    assert caller.hears() == ["Wait"]  # digits that are read off a note come slowly
    caller.listens(0.2)
    assert caller.hears()[-2:] == ["code-short", "code-enter"]  # which is no try
    assert caller.presses(*"11112")[-2:] == ["code-unknown", "code-enter"]
    assert caller.presses(*"54321")[-3:] == ["code-tries", "going-on", "normal/01@0"]
    assert caller.presses("*", "3", "2") == ["code-tries", "going-on", "normal/01@0"]


def test_without_a_store_nobody_is_offered_a_place_and_who_has_a_code_is_told_why() -> None:
    caller = reading(Caller(catalogue(), rules(codes=False)), 9)
    assert "menu-place" not in caller.presses("*")
    assert caller.presses("3")[:2] == ["codes-off", "menu"]


def test_where_nothing_is_heard_yet_there_is_no_going_on_to_offer() -> None:
    caller = Caller(catalogue(edition("one/en"), edition("two/en")))
    assert caller.presses("*", "3") == ["place-enter"]
    assert caller.presses("9") == ["wrong-key", "place-enter"]
    assert caller.presses("1")[0] == "wrong-key"


def test_digits_of_codes_and_chapters_are_not_counted() -> None:
    caller = Caller(catalogue())
    caller.presses("*", "3", "2", "1", "2", "3", "4", "5")
    caller.presses("*")
    caller.presses("#", "4", "#")
    caller.presses("*", "1", "4")
    counted = {label for what, label in caller.counts if what == "key"}
    assert counted == {"*", "3", "2", "#", "1"}


def test_digits_of_a_leaflets_number_are_not_counted() -> None:
    caller = Caller(catalogue(*(edition(f"l{number}/en", number=str(number)) for number in (11, 12, 13, 14, 15))))
    caller.presses("9", "#", "1", "4", "#")
    assert {label for what, label in caller.counts if what == "key"} == set()
    caller.presses("*", "4", "0")
    assert {label for what, label in caller.counts if what == "key"} == {"*", "4", "0"}


def test_a_person_is_called_unless_the_caller_stays() -> None:
    caller = reading(Caller(catalogue(), rules(person=True)), 9)
    assert caller.presses("0") == ["connect"]
    assert caller.presses("5") == ["going-on", "normal/01@8"]
    caller.presses("0")
    caller.listens(4.5)
    assert isinstance(caller.doing, Transfer)
    caller.presses("6")
    assert isinstance(caller.doing, Transfer)
    caller.fails_to_reach()
    assert caller.hears() == ["no-answer", "going-on", "normal/01@8"]


def test_who_is_called_is_told_so_until_the_caller_stays_or_nobody_answers() -> None:
    caller = reading(Caller(catalogue(), rules(person=True)), 9)
    caller.presses("0")
    caller.listens(4.5)
    told = []
    for _ in range(30):
        caller.listens(1)
        told += caller.hears() if caller.state.mode == "transferring" else ["?"]
    assert set(told) == {"Transfer", "Wait", "still-calling"}
    assert caller.counts["transfer", ""] == 1
    other = caller.copy()
    other.fails_to_reach()
    assert other.hears() == ["no-answer", "going-on", "normal/01@8"]
    assert caller.presses("5") == ["going-on", "normal/01@8"]
    caller.fails_to_reach()  # too late: the caller listens again
    assert caller.hears() == ["going-on", "normal/01@8"]


def test_who_stays_or_opens_the_menu_gives_the_attempt_up() -> None:
    for key, heard in (("5", "going-on"), ("*", "menu")):
        caller = reading(Caller(catalogue(), rules(person=True)), 9)
        caller.presses("0")
        caller.listens(20)
        _, actions = caller.call.step(caller.state, Digit(key=key), caller.now)  # type: ignore[arg-type]
        assert [type(one) for one in actions] == [Stay, Play]
        assert caller.presses(key)[0] == heard  # type: ignore[arg-type]
    caller = reading(Caller(catalogue(), rules(person=True)), 9)
    caller.presses("0")
    _, actions = caller.call.step(caller.state, Digit(key="5"), caller.now)
    assert [type(one) for one in actions] == [Play]  # nobody was called yet


def test_time_on_hold_is_neither_of_the_limit_nor_of_a_pause() -> None:
    caller = reading(Caller(catalogue(), rules(limit_s=120)))
    caller.is_held(3600)
    caller.presses("2")
    caller.listens(40)
    assert "time-limit" not in caller.hears()
    caller.listens(16.5)
    assert caller.hears()[0] == "time-limit"
    caller = reading(Caller(catalogue()), 9)
    caller.presses("5")
    caller.listens(30)
    caller.is_held(3600)
    caller.listens(32)
    assert caller.hears() == ["still-paused", "keep-offer"]


def test_out_of_hours_it_is_said_and_help_given() -> None:
    caller = reading(Caller(catalogue(), rules(person=True, is_there=False)), 9)
    assert caller.presses("0") == ["closed", "help", "contact", "going-on", "normal/01@8"]
