"""Characters and their signs in braille: those that no table has, and those that one has only in parts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from audioleaflet.errors import PublishError
from audioleaflet.publish.braille.liblouis import program, tables, translate
from audioleaflet.publish.formats import Refusal

NEXT_STEP: Final = "write it in words in the leaflet, or leave braille out of --formats"
_NO_SIGN: Final = re.compile(r"'\\[A-Z][0-9A-J]+'")
_SUBSCRIPT, _SUPERSCRIPT = "₀₁₂₃₄₅₆₇₈₉", "⁰¹²³⁴⁵⁶⁷⁸⁹"
# A letter from a to j right after a number would be read as a digit (UEB 6.5).
_NUMBERS: Final = re.compile(f"([{_SUBSCRIPT}]+|[{_SUPERSCRIPT}]+)(?=([a-j]?))")
# UEB 11.4: a level indicator, in grade 1, and then the whole number. The tables have the superscripts 1 to 3 alone.
_LOWERED, _RAISED = "⠢", "⠔"
_CAPITAL: Final = ","
_GRADE_1, _NUMERIC = "⠰", "⠼"  # UEB 5.2, 6.1
_DIGITS: Final = "⠚⠁⠃⠉⠙⠑⠋⠛⠓⠊"  # 0 to 9 (UEB 6.1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """How the characters of some texts are written. ``apart``: letters whose marks the table knows only beside them.

    ``missing``: the characters that have no braille.
    """

    apart: dict[int, str]
    missing: tuple[str, ...]

    def write(self, text: str) -> str:
        """``text`` as the table reads it: what has no shape is gone, raised and lowered numbers are cells already."""
        return _levelled(shaped(text)).translate(self.apart)


def signs(table: str, texts: Iterable[str]) -> Signs:
    """Ask a ``table`` for the characters of ``texts``. Raises PublishError."""
    given = {char for text in texts for char in _levelled(shaped(text))}
    found = sorted(char for char in given if not char.isascii() and not char.isspace())
    answered = zip(found, translate(table, found), strict=True)
    lacking = [char for char, cells in answered if _NO_SIGN.fullmatch(cells)]
    # UEB 4.2: a mark is a sign of its own before its letter. Tables know the usual letters with one mark, and move
    # one further mark before its letter, but not before the sign of a capital, which must come first (UEB 8.3).
    divided = {char: parts for char in lacking if (parts := _divided(char)) != char}
    cells = translate(table, list(divided.values()))
    apart = {
        ord(char): parts
        for (char, parts), cell in zip(divided.items(), cells, strict=True)
        if not _NO_SIGN.search(cell) and _CAPITAL not in cell[1:]
    }
    return Signs(apart=apart, missing=tuple(char for char in lacking if ord(char) not in apart))


def _divided(char: str) -> str:
    """A letter without its last mark, and that mark; any other character as it is."""
    codes = unicodedata.decomposition(char)
    return char if "<" in codes or not codes else "".join(chr(int(code, 16)) for code in codes.split())


def shaped(text: str) -> str:
    """``text`` without soft hyphens, zero-width spaces and other marks for typesetting (Cf), which have no shape.

    liblouis would give them one.
    """
    return "".join(char for char in unicodedata.normalize("NFC", text) if unicodedata.category(char) != "Cf")


def place(sign: str, texts: Sequence[str]) -> tuple[int, str]:
    """The first of ``texts`` that has ``sign``, by its index, and the word there."""
    return next((at, word) for at, text in enumerate(texts) for word in shaped(text).split() if sign in word)


def told(sign: str, word: str) -> str:
    """What is said of a character that has no braille, with the word in which it stands."""
    return f"there is no braille for {sign!r} (U+{ord(sign):04X}) in {word!r}"


def refusals(language: str, texts: Sequence[str]) -> Iterator[Refusal]:
    """Why ``texts`` in ``language`` (BCP 47) cannot be written in braille on this computer. Raises PublishError."""
    try:
        table = tables(language).contracted
        program()
    except PublishError as error:
        yield Refusal(message=error.message, next_step=error.next_step)
        return
    for sign in signs(table, texts).missing:
        at, word = place(sign, texts)
        yield Refusal(message=told(sign, word), next_step=NEXT_STEP, text=at)


def _levelled(text: str) -> str:
    return _NUMBERS.sub(_number, text)


def _number(found: re.Match[str]) -> str:
    level = _LOWERED if found[1][0] in _SUBSCRIPT else _RAISED
    digits = "".join(_DIGITS[unicodedata.digit(digit)] for digit in found[1])
    return f"{_GRADE_1}{level}{_NUMERIC}{digits}{_GRADE_1 if found[2] else ''}"
