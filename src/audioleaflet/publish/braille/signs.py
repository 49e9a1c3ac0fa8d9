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
_SUBSCRIPT, _SUPERSCRIPT = "₀₁₂₃₄₅₆₇₈₉₊₋", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻"
_LEVELS: Final = re.compile(f"[{_SUBSCRIPT}]+|[{_SUPERSCRIPT}]+")
_ITEM: Final = re.compile(r"[^₊₋⁺⁻]+|.")
# UEB 11.4: a level indicator, in grade 1, and then one item, such as a whole number or a sign; more than one stand
# between grouping indicators. The tables have the superscripts 1 to 3 alone.
_LOWERED, _RAISED, _OPEN, _CLOSE = "⠢", "⠔", "⠣", "⠜"
_CAPITAL: Final = ","
_GRADE_1, _NUMERIC = "⠰", "⠼"  # UEB 5.2, 6.1
_DIGITS: Final = "⠚⠁⠃⠉⠙⠑⠋⠛⠓⠊"  # 0 to 9 (UEB 6.1)
_PLUS, _MINUS = "⠐⠖", "⠐⠤"  # UEB 3.17
# What print has as one character, and braille writes as what it is made of.
_PLAIN: Final = {
    ord(char): unicodedata.normalize("NFKC", char) for char in ("℃", "℉", *map(chr, range(0xFB00, 0xFB07)))
}
# UEB 11.7: a shape ends at a space; the table has the square of four sides.
_BOX: Final = re.compile(r"☐(?=\s|$)")


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

    liblouis would give them one. Joined letters such as "ﬁ" are letters, a box to tick is a square.
    """
    plain = _BOX.sub("□", unicodedata.normalize("NFC", text).translate(_PLAIN))
    return "".join(char for char in plain if unicodedata.category(char) != "Cf")


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
    return _LEVELS.sub(_level, text)


def _level(found: re.Match[str]) -> str:
    level = _LOWERED if found[0][0] in _SUBSCRIPT else _RAISED
    before, after = found.string[: found.start()][-1:], found.string[found.end() :][:1]
    # UEB 6.5: after a number all is in grade 1 until the word ends.
    grade = "" if before.isdigit() else _GRADE_1
    items = [_item(item) for item in _ITEM.findall(found[0])]
    if len(items) > 1:
        end = _CLOSE if any(item[0] == _NUMERIC for item in items) else f"{grade}{_CLOSE}"
        return f"{grade}{level}{grade}{_OPEN}{''.join(items)}{end}"
    # A letter from a to j right after a number would be read as a digit (UEB 6.5).
    parted = _GRADE_1 if items[0][0] == _NUMERIC and after and after in "abcdefghij" else ""
    return f"{grade}{level}{items[0]}{parted}"


def _item(item: str) -> str:
    """The cells of a whole number, or of a sign."""
    if item in "₊⁺":
        return _PLUS
    return _MINUS if item in "₋⁻" else _NUMERIC + "".join(_DIGITS[unicodedata.digit(digit)] for digit in item)
