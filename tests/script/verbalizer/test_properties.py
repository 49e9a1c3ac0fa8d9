"""Nothing that matters is lost between shown and spoken, held by an inverse that knows nothing of the rules.

The words of numbers are read back to values and held against the figures of the text, in order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audioleaflet import phrases
from audioleaflet.leaflet.lexicon import read_lexicon
from audioleaflet.script.lexicon import Lexicon
from audioleaflet.script.print import in_words
from audioleaflet.script.verbalizer import Verbalizer
from audioleaflet.settings import Pauses

GOLDEN = Path(__file__).parent / "golden"
OURS = ("measures", "numbers", "ranges", "fractions", "comparisons")
KEPT = ("not", "may", "can", "if", "only", "unless")
SMALL_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
SMALL = {word: value for value, word in enumerate(SMALL_WORDS.split())}
TENS_WORDS = "twenty thirty forty fifty sixty seventy eighty ninety"
TENS = {word: 10 * value for value, word in enumerate(TENS_WORDS.split(), 2)}
TEEN_HOURS = "|".join([*list(SMALL)[10:], "twenty(?:-one|-two|-three|-four)?"])
SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
PARTS = {
    "half": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10,
    "halves": 2,
}  # fmt: skip
MONTHS = "january february march april may june july august september october november december"
ORDINAL_WORDS = (
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth"
)
TENTHS = "twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth"
ORDINALS = dict(zip([*SMALL, *TENS], [*ORDINAL_WORDS.split(), *TENTHS.split()], strict=True))
# Figures that are parts of a unit: m2, q1h, 10^9/L, and 7 and 52 under a line, which are days and weeks.
_NOT_SAID = r"m[23]\b|\bq1h|(?<=[x×] 10)9(?=/L)|(?<=\d)/(?:7|52)$"
VULGAR = {"½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅛": "1/8"}
UNIT_STEMS = {
    "mg": "milligram", "mcg": "microgram", "µg": "microgram", "μg": "microgram", "g": "gram", "kg": "kilogram",
    "mL": "millilit", "ml": "millilit", "L": "lit", "dL": "decilit", "IU": "international unit", "mmol": "millimole",
    "mmHg": "of mercury", "Gy": "gray", "cGy": "centigray", "%": "cent", "°C": "Celsius", "°F": "Fahrenheit",
    "cm": "centimet", "mm": "millimet", "km": "kilomet", "kcal": "kilocalorie", "mSv": "millisievert",
    "bpm": "beats per minute", "hrs": "hour", "hr": "hour", "mins": "minute", "min": "minute", "wks": "week",
    "lbs": "pound", "lb": "pound", "oz": "ounce", "tsp": "teaspoon", "tbsp": "tablespoon",
}  # fmt: skip


@cache
def verbalizer(language: str) -> Verbalizer:
    lexicon = Lexicon(read_lexicon(Path("content/lexicon/en.yaml")))
    return Verbalizer.of(language, lexicon, phrases.load(language), Pauses())


def said(text: str, language: str = "en-US") -> str:
    return in_words(verbalizer(language).spoken(text))


def goldens(path: Path) -> Iterator[tuple[str, str]]:
    """Shown and spoken of every golden in a file."""
    for line in path.read_text(encoding="utf-8").splitlines():
        shown, arrow, spoken = line.partition(" => ")
        if arrow and not line.startswith("#"):
            yield shown, spoken


# A test a file, not a phrase: thousands of tests would cost more than what they look at.
FILES = sorted(GOLDEN.glob("*.txt"))
every_file = pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
OUR_FILES = [path for path in FILES if path.name.split(".")[0] in OURS]
our_files = pytest.mark.parametrize("path", OUR_FILES, ids=[path.stem for path in OUR_FILES])


def spoken_values(words: str) -> list[Fraction]:
    """The numbers that a listener writes down; "three quarters" is 3 and 4, "one and a half" is 1, 1 and 2."""
    # "twenty-five" and "five-day" stay together, "omega-three" does not.
    compound = rf"(?:{'|'.join([*TENS, *SMALL, *SCALES, *PARTS, 'hundred'])})-[a-z]+|[a-z]+"
    words_in_order = re.findall(rf"(?<![a-z])(?:{compound})", words.lower())
    values: list[Fraction] = []
    position = 0
    while position < len(words_in_order):
        value, after = _number(words_in_order, position)
        if value is not None:
            values.append(value)
            position = after
            continue
        part = _part(words_in_order[position])
        if part is not None:
            if position and words_in_order[position - 1] in ("a", "an"):
                values.append(Fraction(1))
            values.append(Fraction(part))
        position += 1
    return values


def _part(word: str) -> int | None:
    first = word.split("-")[0]
    return PARTS.get(word) or PARTS.get(word.removesuffix("s")) or PARTS.get(first)


def _below_hundred(words: list[str], at: int) -> tuple[int | None, int, bool]:
    """The value, where it ends, and whether a word of another kind hangs on it by a hyphen ("five-day")."""
    if at >= len(words):
        return None, at, False
    first, _, rest = words[at].partition("-")
    if first in TENS:
        if rest in SMALL and 0 < SMALL[rest] < 10:
            return TENS[first] + SMALL[rest], at + 1, False
        return TENS[first], at + 1, bool(rest)
    if first in SMALL:
        return SMALL[first], at + 1, bool(rest)
    return None, at, False


def _below_thousand(words: list[str], at: int) -> tuple[int | None, int]:
    value, after, closed = _below_hundred(words, at)
    if value is None or closed or not 0 < value < 10 or after >= len(words) or words[after].split("-")[0] != "hundred":
        return value, after
    value, closed, after = value * 100, "-" in words[after], after + 1
    if closed:
        return value, after
    rest, end, _ = _below_hundred(words, after + (words[after : after + 1] == ["and"]))
    return (value + rest, end) if rest else (value, after)


def _number(words: list[str], at: int) -> tuple[Fraction | None, int]:
    total, position, scale, found = 0, at, 10**15, False
    while True:
        skip = position + (found and words[position : position + 1] == ["and"])
        value, after = _below_thousand(words, skip)
        if value is None or (found and value == 0):
            break
        named = SCALES.get(words[after].split("-")[0], 1) if after < len(words) else 1
        if named >= scale:
            break
        total, position, scale, found = total + value * named, after + (named > 1), named, True
        if named == 1:
            break
    if words[position : position + 1] == ["point"] and words[position + 1 : position + 2]:
        return _decimals(words, position, Fraction(total))
    return (Fraction(total), position) if found else (None, at)


def _decimals(words: list[str], at: int, whole: Fraction) -> tuple[Fraction, int]:
    position, scale = at + 1, Fraction(1, 10)
    while (
        position < len(words) and words[position].split("-")[0] in SMALL and SMALL[words[position].split("-")[0]] < 10
    ):
        whole += SMALL[words[position].split("-")[0]] * scale
        position, scale = position + 1, scale / 10
    if position < len(words) and words[position] in SCALES:
        return whole * SCALES[words[position]], position + 1
    return whole, position


def shown_figures(shown: str) -> list[str]:
    """The figures of a text in order, with the numbers it has in words among them."""
    for sign, pair in VULGAR.items():
        shown = shown.replace(sign, f" {pair} ")
    shown = shown.translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789"))
    shown = re.sub(r"\b(m|cm|mm|km)\^?[23](?!\w)", r"\1", re.sub(r"(?<=10)([0-9])(?=/)", r"^\1", shown))
    shown = _ungrouped(shown)
    figures: list[str] = []
    for piece, scale in re.findall(r"(\d+(?:\.\d+)?|\.\d+|[^\d.]+|\.)( (?:thousand|[mb]illion))?", shown):
        if piece[-1].isdigit():
            figures.append(str(float(piece) * SCALES[scale.strip()]) if scale else piece)
        else:
            figures += [str(int(value)) for value in spoken_values(piece) if value.denominator == 1]
    return figures


def _ungrouped(shown: str) -> str:
    """The text with no separators in its thousands."""
    spaces = r"(?<=\d)[\u00a0\u2009\u202f ](?=0\d\d(?!\d))|(?<=\d) (?=\d{3}(?: \d{3})* people)"
    return re.sub(rf"(?<=\d),(?=\d{{3}}(?!\d))|{spaces}", "", shown)


def heard(shown: str, spoken: str) -> bool:
    """Whether the figures of ``shown`` are the numbers of ``spoken``: all of them, no other, in order."""
    values = spoken_values(spoken)
    for figure in shown_figures(shown):
        digits = [Fraction(int(digit)) for digit in figure if digit.isdigit()]
        if values[:1] == [Fraction(figure)] and not (len(digits) > 1 and figure[0] == "0" and "." not in figure):
            values = values[1:]
        elif values[: len(digits)] == digits:
            values = values[len(digits) :]
        else:
            return False
    return values == []


@our_files
def test_every_figure_of_a_golden_is_heard_and_no_other(path: Path) -> None:
    wrong = {
        shown: (shown_figures(shown), [str(value) for value in spoken_values(spoken)])
        for shown, spoken in goldens(path)
        if not heard(shown, spoken)
    }
    assert wrong == {}


@every_file
def test_every_figure_of_any_golden_is_somewhere_in_what_is_heard(path: Path) -> None:
    lost = {shown: (spoken, _lost(shown, spoken)) for shown, spoken in goldens(path) if _lost(shown, spoken)}
    assert lost == {}


def _lost(shown: str, spoken: str) -> list[str]:
    """The figures of a text that are nowhere in what is heard."""
    figures = re.findall(r"[0-9]+", re.sub(_NOT_SAID, "", _ungrouped(shown)))
    if not figures:
        return []
    heard_values = [_values(words) for words in (spoken, _as_cardinals(spoken), _as_cardinals(spoken, scales=False))]
    kept = re.findall(r"[0-9]+", spoken)  # what is Unread stands as it was
    return [one for one in figures if one not in kept and not any(_is_in(one, values) for values in heard_values)]


def _as_cardinals(spoken: str, *, scales: bool = True) -> str:
    """The words with ordinals, plurals and months as counts: "November twenty-second" as "eleven, twenty-two"."""
    words = spoken.lower()
    for number, month in enumerate(MONTHS.split(), 1):
        words = re.sub(rf"\b{month}\b", f", {list(SMALL)[number]} ,", words)
    for name, ordinal in ORDINALS.items():
        words = re.sub(rf"\b{ordinal}\b", name, words)
    words = re.sub(r"\boh\b", "zero", words)
    words = re.sub(r"\b(hundred|thousand)s of\b", r"one \1 of", words)
    words = re.sub(rf"\b((?:{TEEN_HOURS})) hundred\b", r"\1 , zero", words)  # 14:00
    words = re.sub(r"ies\b", "y", words)
    words = re.sub(rf"\b({'|'.join(SMALL)}|hundred|thousand)(?:s|es|th)\b", r"\1", words)
    return words if scales else re.sub(rf"\b(?:{'|'.join(SCALES)})\b", ",", words)


def _values(words: str) -> list[int]:
    """The values of the words, a decimal as its two parts."""
    values: list[int] = []
    for value in spoken_values(words):
        whole, _, decimals = str(float(value)).partition(".")
        values += [int(value)] if value.denominator == 1 else [int(whole), int(decimals)]
    return values


def _is_in(figures: str, values: list[int]) -> bool:
    """Whether figures are among values, as one number, digit by digit, or in two parts ("twenty twenty-six")."""
    digits = [int(digit) for digit in figures]
    pairs = list(pairwise(values))
    return (
        int(figures) in values
        or any(values[at : at + len(digits)] == digits for at in range(len(values)))
        or (len(figures) > 2 and (int(figures[:-2]), int(figures[-2:])) in pairs)
        or (len(figures) == 2 and any((century, int(figures)) in pairs for century in (19, 20)))
        or set(figures) == {"0"}  # the minutes of 9:00
    )


def test_the_inverse_hears_a_wrong_number() -> None:
    for shown, twin in [
        ("5 mg", "fifty milligrams"),
        ("0.5 mg", "five milligrams"),
        ("2-3 days", "three to two days"),
        ("1,500", "one thousand fifty"),
        ("1½", "one half"),
        ("007", "seven"),
        ("10 mg", "milligrams"),
        ("mg", "one milligram"),
    ]:
        assert not heard(shown, twin), (shown, twin)


@every_file
def test_every_negation_and_hedge_of_a_golden_is_heard(path: Path) -> None:
    for shown, spoken in goldens(path):
        for word in KEPT:
            if word == "may" and re.search(r"\bMay\b", shown):
                continue
            count = len(re.findall(rf"\b{word}\b", spoken.lower()))
            assert count >= len(re.findall(rf"\b{word}\b", shown.lower())), (shown, word)


@our_files
def test_every_unit_of_a_golden_is_heard(path: Path) -> None:
    for shown, spoken in goldens(path):
        for symbol, stem in UNIT_STEMS.items():
            after_number = rf"\d[\s\u00a0-]?{re.escape(symbol)}(?!\w|\s?Hg)|(?<=\w)/{re.escape(symbol)}(?!\w)"
            assert spoken.count(stem) >= len(re.findall(after_number, shown)), (shown, symbol, stem)


def test_there_are_goldens_to_look_at() -> None:
    assert sum(len(list(goldens(path))) for path in FILES) > 1_600
    assert {path.name.split(".")[0] for path in OUR_FILES} == set(OURS)


AMOUNT = st.one_of(
    st.integers(0, 9999).map(str),
    st.integers(1000, 9_999_999).map(lambda number: f"{number:,}"),
    st.decimals("0.01", "999", places=2).map(str),
    st.integers(1, 99).map(lambda number: f".{number}"),
    st.sampled_from(["½", "1½", "1/2", "1 1/2", "3/4", "2/3"]),
)
UNIT = st.sampled_from(["mg", "mcg", "µg", "g", "kg", "mL", "ml", "IU", "mmol/L", "mg/dL", "mg/kg", "cm", "%", "°C"])
SPACE = st.sampled_from(["", " ", "\u00a0", "\u2009"])
WORDS = st.sampled_from(["Take", "do not take", "you may need", "only", "if it is", "unless it is", "you can have"])


@settings(max_examples=400, deadline=None)
@given(before=WORDS, amount=AMOUNT, space=SPACE, unit=UNIT, language=st.sampled_from(["en-US", "en-GB"]))
def test_an_amount_with_a_unit_is_heard_as_written(
    before: str, amount: str, space: str, unit: str, language: str
) -> None:
    shown = f"{before} {amount}{space}{unit} a day"
    spoken = said(shown, language)
    assert heard(f"{before} {amount} a day", spoken), spoken
    assert UNIT_STEMS[unit.split("/")[0]] in spoken
    assert spoken.startswith(before)
    assert not re.search(r"\d", spoken)


@settings(max_examples=300, deadline=None)
@given(
    first=st.integers(1, 400),
    more=st.integers(1, 400),
    dash=st.sampled_from(["-", "–", "‑", " to ", " - ", " – "]),
    unit=UNIT,
)
def test_a_range_is_heard_from_its_first_to_its_last(first: int, more: int, dash: str, unit: str) -> None:
    spoken = said(f"between meals {first}{dash}{first + more} {unit}")
    assert spoken_values(spoken) == [first, first + more], spoken
    assert "minus" not in spoken
    assert UNIT_STEMS[unit.split("/")[0]] in spoken


@settings(max_examples=200, deadline=None)
@given(number=st.integers(-99, -1), unit=st.sampled_from(["°C", "", "mL"]), sign=st.sampled_from("-−"))
def test_a_negative_number_keeps_its_sign(number: int, unit: str, sign: str) -> None:
    spoken = said(f"it is {sign}{-number} {unit}".strip())
    assert spoken.startswith("it is minus ")
    assert spoken_values(spoken) == [-number]


@settings(max_examples=400, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    verbalizer("en-US").spoken(text)


@settings(max_examples=400, deadline=None)
@given(st.text(alphabet="0123456789.,-–/½°CFmgx×inL %+=<>~()", max_size=60))
def test_any_tangle_of_figures_is_read_with_no_figure_lost(text: str) -> None:
    spoken = said(text)
    figures = re.findall(r"[0-9]", text)
    said_as_power = re.search("square|cubic", spoken)  # m2
    assert not figures or said_as_power or re.search(r"[0-9]", spoken) or spoken_values(spoken), spoken
