from __future__ import annotations

from functools import cache

import pytest

from audioleaflet import phrases
from audioleaflet.script.lexicon import Lexicon
from audioleaflet.script.model import Unread
from audioleaflet.script.print import in_words
from audioleaflet.script.verbalizer import Verbalizer
from audioleaflet.script.verbalizer.units import Symbols
from audioleaflet.settings import Pauses


@cache
def verbalizer(language: str = "en-US") -> Verbalizer:
    return Verbalizer.of(language, Lexicon(()), phrases.load(language), Pauses())


def said(text: str) -> str:
    return in_words(verbalizer().spoken(text))


def unread(text: str) -> list[str]:
    return [span.text for span in verbalizer().spoken(text) if isinstance(span, Unread)]


@pytest.mark.parametrize("space", ["", " ", "\u00a0", "\u2009", "\u202f"])
@pytest.mark.parametrize("micro", ["µg", "μg", "mcg", "MCG", "ug"])
def test_a_symbol_is_known_however_it_is_typed(space: str, micro: str) -> None:
    assert said(f"Take 50{space}{micro}.") == "Take fifty micrograms."


@pytest.mark.parametrize("dash", ["-", "–", "‑", "—", "−", " - ", " – "])
def test_every_dash_between_numbers_is_to(dash: str) -> None:
    assert said(f"Take 5{dash}10 mg") == "Take five to ten milligrams"


@pytest.mark.parametrize(
    ("shown", "spoken"),
    [
        ("5−3", "five minus three"),
        ("Your score is 10−4.", "Your score is ten minus four."),
        ("5 − 3 = 2", "five minus three equals two"),
        ("3−5 = −2", "three minus five equals minus two"),
        ("5−10", "five to ten"),
        ("Take 2−1 tablets.", "Take two to one tablets."),
        ("Open 10−4.", "Open ten to four."),
        ("Open 10−4 Sat.", "Open ten to four Saturday."),
        ("10−4, Sat", "ten to four, Saturday"),
        ("5–3", "five to three"),
    ],
)
def test_a_minus_sign_takes_away_where_no_range_can_be_meant(shown: str, spoken: str) -> None:
    assert said(shown) == spoken


def test_every_unit_is_read_after_a_number_and_in_its_own_words() -> None:
    symbols = Symbols("en-US")
    for unit in symbols.data.units.values():
        for written in unit.written:
            assert said(f"about 3 {written}") == f"about three {unit.many}", written
            assert said(f"about 1 {written}") == f"about one {unit.one}", written


def test_no_two_units_have_the_same_symbol() -> None:
    units = Symbols("en-GB").data.units.values()
    symbols = [written for unit in units for written in unit.written]
    assert sorted(set(symbols)) == sorted(symbols)


@pytest.mark.parametrize(
    "text", ["1 in 4 people", "take 2 in the morning", "1 in long COVID", "2 in long-term care", "3 in hospital"]
)
def test_the_preposition_is_not_inches(text: str) -> None:
    assert " in " in said(text)
    assert "inch" not in said(text)


def test_a_quotation_mark_is_not_inches() -> None:
    assert "inch" not in said('It says "take 5" on the box')
    assert "inch" not in said("It says “take 5” on the box")
    assert said('a 5" scar') == "a five inch scar"


def test_two_numbers_with_a_space_are_two_numbers() -> None:
    assert said("Take 2 500 mg tablets") == "Take two five hundred milligram tablets"
    assert said("Take 2 050 mg") == "Take two thousand fifty milligrams"


def test_a_decimal_comma_is_no_number_that_we_know() -> None:
    assert unread("Take 2,5 mg") == ["2,5"]
    assert unread("Take 2.5 mg") == []


def test_a_letter_is_a_temperature_only_where_the_text_speaks_of_one() -> None:
    assert said("Call us if your temperature is above 38 C.") == (
        "Call us if your temperature is above thirty-eight degrees Celsius."
    )
    assert "elsius" not in said("a size 38 C bra")


def test_a_full_stop_stays_at_the_end_of_a_sentence_only() -> None:
    assert said("Take 10 mg. Rest.") == "Take ten milligrams. Rest."
    assert said("Take 10 mg. of it") == "Take ten milligrams of it"


def test_a_reading_does_not_run_into_letters() -> None:
    assert said("½cup") == "one half cup"
    assert said("Use 2½cups") == "Use two and a half cups"
    assert said("5°0").split() == ["five", "degrees", "zero"]
