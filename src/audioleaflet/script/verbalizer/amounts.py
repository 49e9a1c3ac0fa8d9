"""Amounts: a number, a fraction, a mixed number or a power of ten, as a leaflet writes it, and its words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from audioleaflet.script.verbalizer.counting import Counting, cardinal, decimal, numeral, ordinal
from audioleaflet.script.verbalizer.patterns import lazy
from audioleaflet.script.verbalizer.vocabulary import Vocabulary, load

DASHES = "‐‑‒–—−-"  # the hyphen is last, so that it stands for itself between brackets
# Thousands are parted by commas, by thin or unbreakable spaces, and by a plain space only where the group begins with a
# zero, or before people: "2 500 mg tablets" are two tablets of 500 mg, "2 500 people" are two thousand and more.
NUMBER = (
    r"(?:[0-9]{1,3}(?:(?:,|[\u2009\u202f\u00a0])[0-9]{3}(?![0-9])|\ 0[0-9]{2}(?![0-9])){1,20}|[0-9]{1,15}(?![0-9]))"
)
# Points, commas or marks where no number has them: 5..5, 10,00,000, 1'000.
BROKEN = lazy(r"[0-9]+(?:\.{2,}[0-9]|(?:,[0-9]{2})+,[0-9]{3}(?![0-9])|['’][0-9]{3}(?![0-9]))")
_DECIMAL = lazy(rf"(?:{NUMBER}(?:\.[0-9]{{1,15}}(?![0-9]))?|\.[0-9]{{1,15}}(?![0-9]))")
_SPACED = lazy(r"[0-9]{1,3}(?: [0-9]{3}){1,4}(?= ([a-z]{3,12})(?![^\W_]))")
_VULGAR = {
    "½": (1, 2), "⅓": (1, 3), "⅔": (2, 3), "¼": (1, 4), "¾": (3, 4), "⅕": (1, 5), "⅖": (2, 5), "⅗": (3, 5), "⅘": (4, 5),
    "⅙": (1, 6), "⅚": (5, 6), "⅐": (1, 7), "⅛": (1, 8), "⅜": (3, 8), "⅝": (5, 8), "⅞": (7, 8), "⅑": (1, 9),
    "⅒": (1, 10),
}  # fmt: skip
VULGAR = "".join(_VULGAR)
_MIXED_VULGAR = lazy(rf"([0-9]{{1,3}})[ \u00a0\u2009\u202f{DASHES}]?([{VULGAR}])")
_MIXED = lazy(rf"([0-9]{{1,3}})[ \u00a0\u2009\u202f{DASHES}]([0-9]{{1,2}})[/⁄∕]([0-9]{{1,2}})(?![0-9_/⁄∕]|[.,][0-9])")
_MIXED_UNDER = frozenset({2, 3, 4, 5, 6, 8, 10, 16})
_SCALE = 10  # "pain 7-8/10" is a range on a scale, "1 1/10" a mixed number
_POWER = lazy(
    rf"([0-9]{{1,3}})(?:\ ?\^\ ?\(?([{DASHES}]?[0-9]{{1,2}})\)?|\*([0-9]{{1,2}})(?=/)|([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]{{1,3}})"
    r"|(?<=[x×] 10)([369]|12)(?=/[Lluµm]))"  # 4.5 x 109/L has lost its raised figure
)
_RAISED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
_SEPARATORS = str.maketrans("", "", ", \u2009\u202f\u00a0")

Form = Literal["one", "part", "many"]


@dataclass(frozen=True, slots=True)
class Amount:
    """Words of an amount up to ``end``, an index of the text. ``form``: exactly one, part of one, or any other."""

    end: int
    words: str
    form: Form
    value: float


class Parts(Vocabulary):
    """How fractions and pairs of numbers are said: see amounts.yaml."""

    parts: dict[int, tuple[str, str]]
    denominators: frozenset[int]
    article: Article
    joined: Joined
    score_near: frozenset[str]
    counted: frozenset[str]
    thousands_of: frozenset[str]
    either_after: frozenset[str]
    part_after: frozenset[str]
    unsettled_after: frozenset[str]
    spans: frozenset[str]
    hours: frozenset[str]
    vision_near: frozenset[str]


class Article(Vocabulary):
    """The indefinite article, and before what it has an n."""

    a: str
    an: str
    before: frozenset[str]


class Joined(Vocabulary):
    """The words between two numbers."""

    with_part: str
    to: str
    over: str
    slash: str
    out_of: str
    one_in: str
    either: str
    part_of: str
    power: str
    point: str


Parts.model_rebuild()


class Amounts:
    """Reads amounts of one language."""

    def __init__(self, tag: str) -> None:
        self.tag = tag
        self.parts = load("amounts", Parts, tag)
        self.minus = load("counting", Counting, tag).minus

    def read(self, text: str, at: int) -> Amount | None:
        """The amount that begins at ``at``, or None. Pairs with a slash are not amounts, but mixed numbers are."""
        if text[at : at + 1] in _VULGAR:
            above, under = _VULGAR[text[at]]
            return Amount(at + 1, self.fraction(above, under), "part", above / under)
        mixed = self._mixed(text, at)
        if mixed is not None:
            return mixed
        power = _POWER.match(text, at)
        # A raised figure after any other number is a note's.
        if power is not None and (power[4] is None or power[1] == "10"):
            return self._power(power)
        number = self._spaced(text, at) or _DECIMAL.match(text, at)
        if number is None:
            return None
        figures = number.group().translate(_SEPARATORS)
        grouped = figures != number.group()
        words = decimal(figures, self.tag) if grouped else numeral(figures, self.tag)
        return Amount(number.end(), words, "one" if figures == "1" else "many", float(figures))

    def _spaced(self, text: str, at: int) -> re.Match[str] | None:
        number = _SPACED.match(text, at)
        return number if number is not None and number[1] in self.parts.thousands_of else None

    def fraction(self, above: int, under: int) -> str:
        """``3, 4`` as "three quarters"."""
        return f"{cardinal(above, self.tag)} {self._part(above, under)}"

    def _part(self, above: int, under: int) -> str:
        one, many = self.parts.parts.get(under) or (ordinal(under, self.tag), ordinal(under, self.tag) + "s")
        return one if above == 1 else many

    def _mixed(self, text: str, at: int) -> Amount | None:
        match = _MIXED_VULGAR.match(text, at)
        if match is not None:
            whole, (above, under) = int(match[1]), _VULGAR[match[2]]
        else:
            match = _MIXED.match(text, at)
            if match is None:
                return None
            whole, above, under = (int(figures) for figures in match.groups())
            scaled = under == _SCALE and match.group()[len(match[1])] in DASHES
            if above >= under or above == 0 or under not in _MIXED_UNDER or scaled:
                return None
        part = self._part(above, under)
        article = self.parts.article
        count = cardinal(above, self.tag) if above > 1 else article.an if part in article.before else article.a
        words = f"{cardinal(whole, self.tag)} {self.parts.joined.with_part} {count} {part}"
        return Amount(match.end(), words, "many", whole + above / under)

    def _power(self, match: re.Match[str]) -> Amount:
        raised = (match[2] or match[3] or match[4] or match[5]).translate(_RAISED)
        sign = f"{self.minus} " if not raised[0].isdigit() else ""
        exponent = int("".join(filter(str.isdigit, raised)) or "0")
        words = f"{cardinal(int(match[1]), self.tag)} {self.parts.joined.power} {sign}{cardinal(exponent, self.tag)}"
        return Amount(match.end(), words, "many", float(match[1]))
