"""What word processors and web pages leave in text: mended where nothing is lost, named where not.

Mended: Unicode NFC; joined letters (U+FB00 to U+FB06, "ﬁ") to the letters they are made of; no-break and other wide
spaces and tabs to a space, but thin ones between thousands to U+202F; no-break hyphens to '-'; typographic apostrophes
to "'"; soft hyphens and zero-width characters away (joiners stay between letters of scripts that spell with them).
Named: control characters, characters that turn the direction of text, private characters of a font, and the mark of a
lost character.
"""

from __future__ import annotations

import re
import unicodedata

# U+F0B7 and U+F0A7 are what Word's Symbol and Wingdings fonts use for a bullet.
_MENDED = str.maketrans(
    {
        **dict.fromkeys("\t\u00a0\u1680\u205f\u3000\x85\u2028\u2029", " "),
        **{chr(code): " " for code in range(0x2000, 0x200B)},
        "\u2009": "\u202f",
        **dict.fromkeys("\u2010\u2011", "-"),
        **dict.fromkeys("\u2018\u2019\u201b\u02bc", "'"),
        **dict.fromkeys("\uf0b7\uf0a7", "\u2022"),
        **dict.fromkeys("\u00ad\u200b\u2060\ufeff"),
    }
)
_JOINED = str.maketrans({chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)})
# "2\u202f500 IU" is one number, "2 500 mg tablets" are two. Nine digits or a zero may begin a telephone number, and a
# no-break space stands between any words that a line must not part: these are plain spaces.
_THIN = re.compile(
    "((?<![0-9+.,])(?<![0-9]\u202f)[1-9](?:[0-9]{0,2}\u202f[0-9]{3}|[0-9]?(?:\u202f[0-9]{3}){2,3})(?!\u202f?[0-9]))|\u202f"
)
# U+024F ends the Latin blocks: before it, a joiner is a leftover of layout; after it, it may be spelling.
_IDLE_JOINER = re.compile("(?<![\u0250-\U0010ffff])[\u200c\u200d]|[\u200c\u200d](?![\u0250-\U0010ffff])")
_BAD = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2061-\u2064\u2066-\u206f\ud800-\udfff"
    "\ue000-\uf8ff\ufdd0-\ufdef\ufff9-\uffff\U000e0000-\U000e007f\U000f0000-\U0010ffff]"
)
# What YAML's own reader refuses, wherever it stands in a file.
NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")


def mend(text: str) -> str:
    """``text`` with everything mended that can be. Line breaks stay where they are."""
    if text.isascii():
        return text.replace("\t", " ") if "\t" in text else text
    # First, for what stands over a joined letter then goes with its last one.
    mended = unicodedata.normalize("NFC", text.translate(_JOINED)).translate(_MENDED)
    return _IDLE_JOINER.sub("", _THIN.sub(lambda thin: thin[1] or " ", mended))


def bad_characters(text: str) -> list[tuple[int, str]]:
    """The characters of a mended text that cannot stay: row (counted from 0) and what it is, once a row."""
    found: dict[tuple[int, str], None] = {}
    for row, line in enumerate(text.split("\n")):
        found.update(dict.fromkeys((row, character) for character in _BAD.findall(line)))
    return [(row, describe(character)) for row, character in found]


def describe(character: str) -> str:
    """``U+200E LEFT-TO-RIGHT MARK``: a character that may be invisible, for a message."""
    code = f"U+{ord(character):04X}"
    if character == "\ufffd":
        return f"{code}, which stands where a character was lost"
    name = unicodedata.name(character, "")
    category = unicodedata.category(character)
    if not name:
        name = {"Cc": "a control character", "Co": "a private character of one font"}.get(category, "no character")
    return f"{code} {name}"
