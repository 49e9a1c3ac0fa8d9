"""Characters that a listener need not know of: one kind of space, no invisible ones, lowered digits as digits."""

from __future__ import annotations

import unicodedata

from audioleaflet.script.verbalizer.patterns import lazy

_SPACE = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
# Between digits a thin space may divide thousands: what it means is for the rules of numbers.
_WIDE = lazy(f"(?<![0-9])[{_SPACE}]|[{_SPACE}](?![0-9])")
# Soft hyphen, zero widths, joiners, marks of direction, the choice of an emoji's look, its skin, a key's frame.
_UNHEARD = lazy(
    "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff\u20e3\U0001f3fb-\U0001f3ff]"
)
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_TABLE = str.maketrans(
    {
        "\u2010": "-",
        "\u2011": "-",
        "\u02bc": "’",
        **{chr(0x2080 + digit): str(digit) for digit in range(10)},
        **{chr(0x2160 + number): roman for number, roman in enumerate(_ROMAN)},
    }
)


def mended(text: str) -> str:
    """``text`` in Unicode NFC with its spaces plain and nothing invisible; the same words, signs and numbers."""
    if text.isascii():
        return text
    return _UNHEARD.sub("", _WIDE.sub(" ", unicodedata.normalize("NFC", text))).translate(_TABLE)
