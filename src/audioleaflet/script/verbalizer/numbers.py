"""Whatever else begins with a digit: plain numbers, numbers that letters follow, lists, codes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from audioleaflet.script.model import Unread
from audioleaflet.script.verbalizer.amounts import BROKEN, NUMBER, Parts
from audioleaflet.script.verbalizer.counting import cardinal, decimal, digits, numeral
from audioleaflet.script.verbalizer.letters import spelled
from audioleaflet.script.verbalizer.patterns import lazy
from audioleaflet.script.verbalizer.rules import Language, Reading, Rule, apart, reading
from audioleaflet.script.verbalizer.units import Symbols
from audioleaflet.script.verbalizer.vocabulary import load

_NUMBER = lazy(rf"{NUMBER}(?:\.[0-9]{{1,15}}(?![0-9]))?")
_LONG = lazy(r"[0-9]{16,}")
_CHAIN = lazy(r"[0-9]+(?:([-‐‑–—/.])[0-9]+)(?:\1[0-9]+)+(?![^\W_])")
_CAPITALS = lazy(r"([A-Z]{1,3}|[a-z])(?![^\W_])")
_WORD = lazy(r"[a-z]{3,20}(?![^\W_])")
_COMMA = lazy(r",[0-9]{1,4}(?![0-9,])(?:\s?[-–]\s?[0-9.,]{1,9}(?![0-9.,]))?[ \u00a0]?")
_LIKE_DIGITS = frozenset("OoIl")
_LETTER_O = lazy(r"[Oo]\.[0-9]{1,15}(?![^\W_])")
# Up to a number that letters follow: 38-39C, 2-3A.
_UP_TO = lazy(r"[-–](?=([1-9][0-9]{0,2})(?![0-9]))")
_HYPHEN = lazy(r"[‐‑](?=[^\W\d_])")


def rules(language: Language) -> Iterator[tuple[str, Rule]]:
    """See rules.py."""
    yield "0", Numbers(language.tag).read
    yield "o", _letter_o


def _letter_o(text: str, at: int) -> Reading | None:
    """``O.5 mg``: a letter where a zero is meant, or not."""
    match = _LETTER_O.match(text, at)
    return Reading(match.end(), (Unread(text=match.group()),)) if match else None


class Numbers:
    """The rule of one language."""

    def __init__(self, tag: str) -> None:
        self.tag = tag
        self.joined = load("amounts", Parts, tag).joined
        self.symbols = Symbols(tag)

    def read(self, text: str, at: int) -> Reading | None:
        """The number that begins at ``at``, unless it is part of a code that nothing here knows."""
        if not "0" <= text[at] <= "9" or (at and (text[at - 1].isalnum() or text[at - 1] == "_")):
            return None
        if BROKEN.match(text, at):
            return None
        chain = _CHAIN.match(text, at)
        if chain is not None:
            return apart(text, at, chain.end(), self._chain(chain.group(), chain[1]))
        match = _LONG.match(text, at) or _NUMBER.match(text, at)
        assert match is not None, "there is a digit"
        words = (
            numeral(re.sub(r"[,\s]", "", match.group()), self.tag)
            if "," not in match.group()
            else decimal(match.group(), self.tag)
        )
        return self._followed(text, at, match.end(), words)

    def _followed(self, text: str, at: int, end: int, words: str) -> Reading | None:
        after = text[end : end + 1]
        comma = _COMMA.match(text, end)
        if comma is not None and self.symbols.chain(text, comma.end()):
            return None  # 2,5 mg: a decimal comma, or two doses
        if after == "," and text[end + 1 : end + 2].isdigit():  # 1,2: a list
            return reading(end + 1, f"{words}, ")
        up = _UP_TO.match(text, end)
        if up is not None and text[at] != "0" and text[at:end].isdecimal() and int(text[at:end]) < int(up[1]):
            return reading(up.end(), f"{words} {self.joined.to} ")
        hyphen = _HYPHEN.match(text, end)
        if hyphen is not None:
            return reading(hyphen.end(), f"{words}-")
        if not after.isalnum():
            return apart(text, at, end, words)
        capitals = _CAPITALS.match(text, end)
        if capitals is not None and _LIKE_DIGITS.issuperset(capitals[1]):
            return None  # 1O mg: letters by mistake
        if capitals is not None:  # 3D, 5FU, 2a
            number = apart(text, at, end, words)
            return Reading(capitals.end(), (*number.spoken, spelled(capitals[1], self.tag)))
        word = _WORD.match(text, end)
        return apart(text, at, word.end(), f"{words} {word.group()}") if word is not None else None  # 10tablets

    def _chain(self, text: str, sign: str) -> str:
        """``0-1-6``: its numbers with pauses, or digit by digit where they are no counts; ``2.1.3`` with "point"."""
        groups = text.split(sign)
        code = any(len(group) > 2 or (len(group) > 1 and group[0] == "0") for group in groups)
        said = [digits(group, self.tag) if code else cardinal(int(group), self.tag) for group in groups]
        if sign == "/":
            return f" {self.joined.slash} ".join(said)
        return f" {self.joined.point} ".join(said) if sign == "." else ", ".join(said)
