from __future__ import annotations

import pytest

from audioleaflet.script.verbalizer import counting


@pytest.mark.parametrize(
    ("number", "american", "british"),
    [
        (0, "zero", "zero"),
        (21, "twenty-one", "twenty-one"),
        (105, "one hundred five", "one hundred and five"),
        (1001, "one thousand one", "one thousand and one"),
        (-12, "minus twelve", "minus twelve"),
        (1_250_000, "one million two hundred fifty thousand", "one million two hundred and fifty thousand"),
    ],
)
def test_a_count(number: int, american: str, british: str) -> None:
    assert (counting.cardinal(number, "en-US"), counting.cardinal(number, "en-GB")) == (american, british)


def test_what_has_too_many_digits_for_a_count_is_said_digit_by_digit() -> None:
    assert counting.cardinal(10**15 - 1, "en").startswith("nine hundred ninety-nine trillion")
    assert counting.cardinal(10**15, "en") == "one" + " zero" * 15
    assert counting.decimal("1" * 5000, "en") == " ".join(["one"] * 5000)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("0.5", "zero point five"),
        (".5", "point five"),
        ("5", "five"),
        ("5.0", "five point zero"),
        ("1,250.05", "one thousand two hundred fifty point zero five"),
        ("007", "zero zero seven"),
        ("0", "zero"),
        ("5.", "five"),
    ],
)
def test_figures_as_written(text: str, words: str) -> None:
    assert counting.decimal(text, "en-US") == words


def test_seven_digits_with_no_separators_name_something() -> None:
    assert counting.numeral("1234567", "en") == "one two three four five six seven"
    assert counting.numeral("1000000", "en") == "one million"
    assert counting.numeral("123456", "en") == "one hundred twenty-three thousand four hundred fifty-six"


def test_an_ordinal_and_a_year() -> None:
    assert (counting.ordinal(22, "en"), counting.year(1905, "en")) == ("twenty-second", "nineteen oh five")
