"""The choice of a language and a leaflet: what is offered, the way back to what is heard, and what is said once."""

from __future__ import annotations

import pytest
from tests.hotline.caller import Caller, rules
from tests.hotline.catalogues import catalogue, edition

from audioleaflet.hotline.catalogue import Catalogue
from audioleaflet.hotline.events import Key, Place, Transfer

TWO = catalogue(edition("one/en"), edition("two/en", number="2"))
MANY = catalogue(*(edition(f"l{number}/en", number=str(number)) for number in (11, 12, 5, 14, 15)))
LANGUAGES = catalogue(edition("one/en"), edition("one/es", language="es"), edition("two/es", language="es", number="2"))
BOTH = ["language", "press-1", "language", "press-2"]


def listening(shelf: Catalogue, *keys: Key, **by: bool) -> Caller:
    """A caller who has chosen a leaflet with ``keys``, and has heard 9 s of its chapter 1."""
    caller = Caller(shelf, rules(**by))
    caller.presses(*keys)
    caller.goes_on()
    caller.listens(9)
    assert caller.hears()[-1] == "normal/01@0"
    return caller


# Another leaflet


@pytest.mark.parametrize(
    ("shelf", "chosen", "back"),
    [
        (TWO, "1", "*45"),
        (TWO, "1", "*41"),
        (TWO, "1", "*4*5"),
        (MANY, "11#", "*4*"),
        (MANY, "11#", "*45*"),
        (MANY, "11#", "*40*"),
        (LANGUAGES, "1", "*45"),
        (LANGUAGES, "1", "*41"),
        (LANGUAGES, "1", "*4*5"),
        (LANGUAGES, "1", "*425"),
        (LANGUAGES, "1", "*42*5"),
        (LANGUAGES, "21", "*421"),
    ],
)
def test_the_place_is_there_until_another_leaflet_is_chosen(shelf: Catalogue, chosen: str, back: str) -> None:
    caller = listening(shelf, *chosen)
    before = caller.state
    heard = caller.presses(*back)
    assert heard[-2:] == ["going-on", "normal/01@8"]
    assert (caller.state.edition, caller.state.language) == (before.edition, before.language)


def test_a_hash_before_the_number_is_asked_for_is_no_wrong_key() -> None:
    assert Caller(MANY).presses("#") == ["enter-leaflet"]
    assert Caller(MANY).presses("*", "#") == ["enter-leaflet"]
    assert listening(MANY, "1", "1", "#").presses("*", "4", "#") == ["enter-leaflet", "star-go-on"]
    assert Caller(TWO).presses("#")[0] == "wrong-key"


def test_the_same_number_goes_on_too() -> None:
    caller = listening(MANY, "1", "1", "#")
    assert caller.presses("*", "4", "1", "1", "#") == ["digit-1", "last-digit-1", "going-on", "normal/01@8"]


@pytest.mark.parametrize(
    ("shelf", "chosen", "keys"),
    [(TWO, "1", "*4"), (MANY, "11#", "*4"), (MANY, "11#", "*40"), (LANGUAGES, "1", "*4"), (LANGUAGES, "1", "*42")],
)
def test_silence_goes_on_with_the_leaflet(shelf: Catalogue, chosen: str, keys: str) -> None:
    caller = listening(shelf, *chosen)
    caller.presses(*keys)
    for _ in range(12):
        if caller.state.mode == "reading":
            break
        caller.goes_on()
    assert caller.hears() == ["going-on", "normal/01@8"]


def test_the_way_back_is_told_where_there_is_one() -> None:
    for shelf, chosen, keys, told in (
        (TWO, "1", "*4", "menu-go-on"),
        (MANY, "11#", "*4", "star-go-on"),
        (MANY, "11#", "*40", "star-go-on"),
        (LANGUAGES, "1", "*4", "menu-go-on"),
        (LANGUAGES, "1", "*42", "menu-go-on"),
    ):
        assert not {"menu-go-on", "star-go-on"} & {*Caller(shelf).hears()}
        assert listening(shelf, *chosen).presses(*keys)[-1] == told


def test_five_is_a_digit_where_numbers_are_entered() -> None:
    caller = listening(MANY, "1", "1", "#")
    assert caller.presses("*", "4", "5", "#")[:2] == ["last-digit-5", "title"]
    assert caller.state.edition == "l5/en"


def test_of_five_languages_the_fifth_is_chosen_by_its_key() -> None:
    shelf = catalogue(*(edition(f"one/{tag}", language=tag) for tag in ("en-US", "es", "fr", "de", "it")))
    caller = listening(shelf, "1")
    assert caller.presses("*", "4")[-1] == "star-go-on"
    assert caller.presses("*") == ["cancelled", "going-on", "normal/01@8"]
    caller.presses("*", "4", "5")
    assert caller.state.edition == "one/it"


def test_another_leaflet_begins_at_its_beginning() -> None:
    caller = listening(TWO, "1")
    assert caller.presses("*", "4", "2") == ["title", "status", "keys"]
    caller.goes_on()
    assert (caller.state.edition, caller.hears()) == ("two/en", ["normal/01@0"])


def test_before_a_leaflet_is_chosen_the_menu_says_what_there_is() -> None:
    assert Caller(TWO).presses("*") == ["menu", "menu-place", "menu-choose", "menu-help"]
    assert Caller(TWO, rules(person=True)).presses("*")[-1] == "menu-person"


def test_where_a_number_is_entered_zero_is_the_list_as_was_said() -> None:
    caller = Caller(MANY, rules(person=True))
    assert caller.presses("0")[:3] == ["choice", "digit-1", "last-digit-1"]
    assert caller.presses("1", "0")[:3] == ["choice", "digit-1", "last-digit-1"]
    assert caller.presses("*", "0") == ["connect"]


# The emergency number


def test_it_is_told_once_in_each_language_that_is_spoken() -> None:
    caller = Caller(LANGUAGES)
    assert caller.presses("1")[0] == "emergency"
    assert "emergency" not in caller.presses("*", "4")
    assert "emergency" not in caller.presses("1")
    assert caller.presses("*", "4", "2")[:2] == ["emergency", "from"]
    assert "emergency" not in caller.presses("1")
    assert "emergency" not in caller.presses("*", "4", "1")
    assert caller.state.edition == "one/en"


def test_in_one_language_it_is_told_before_all_else_and_never_again() -> None:
    caller = Caller(TWO)
    assert caller.hears()[0] == "emergency"
    caller.presses("1")
    assert "emergency" not in caller.presses("*", "4")
    assert "emergency" not in caller.presses("2")


def test_a_code_of_a_leaflet_in_another_language_brings_it_along() -> None:
    places = {"11111": Place(edition="one/es", version="v1", chapter=2, cue="c02-003")}
    caller = Caller(LANGUAGES, places=places)
    caller.presses("1")
    heard = caller.presses("*", "3", "2", *"11111")
    assert heard[5:] == ["emergency", "welcome-back", "title", "status", "normal/02@8"]
    assert "emergency" not in caller.presses("*", "3", "2", *"11111")


def test_after_silence_the_first_language_is_taken_and_it_is_told() -> None:
    caller = Caller(LANGUAGES)
    while caller.state.mode == "language":
        caller.goes_on()
    assert caller.hears()[0] == "emergency"
    assert caller.state.language == "en-US"


# 0 and * at the choice of a language


@pytest.mark.parametrize("keys", ["0", "*", "00", "*0*"])
def test_without_a_person_they_say_how_to_choose(keys: str) -> None:
    caller = Caller(LANGUAGES)
    assert caller.presses(*keys) == ["language-help", *BOTH]
    assert caller.presses("2")[0] == "emergency"


def test_at_an_hour_without_a_person_that_is_said_first() -> None:
    assert Caller(LANGUAGES, rules(person=True, is_there=False)).presses("0") == ["closed", "language-help", *BOTH]


def test_zero_is_a_person_before_a_language_is_chosen() -> None:
    caller = Caller(LANGUAGES, rules(person=True))
    assert caller.presses("0") == ["connect"]
    assert caller.presses("5") == BOTH
    caller.presses("0")
    assert caller.presses("*") == ["language-help", *BOTH]
    caller.presses("0")
    caller.listens(10)
    assert isinstance(caller.doing, Transfer)
    caller.fails_to_reach()
    assert caller.hears() == ["no-answer", *BOTH]
    assert caller.presses("1")[0] == "emergency"


def test_who_listens_and_chooses_a_language_has_help_and_the_menu() -> None:
    caller = listening(LANGUAGES, "1")
    assert caller.presses("*", "4", "0") == ["language-help", *BOTH, "menu-go-on"]
    assert caller.presses("*")[0] == "menu"
    caller = listening(LANGUAGES, "1", person=True)
    assert caller.presses("*", "4", "0", "5") == ["going-on", "normal/01@8"]
