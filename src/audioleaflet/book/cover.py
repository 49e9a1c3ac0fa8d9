"""The cover of an edition: title, publisher and a leaf drawn in bars of sound, 1400 pixels square.

Large pale letters on dark green: it is read on a telephone's lock screen at the size of a stamp. Sixteen
colours, so that the PNG is small and quick to write; the same words give the same bytes.
"""

from __future__ import annotations

import math
import unicodedata
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

_Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

_SIDE = 1400
_MARGIN = 120
_WIDTH = _SIDE - 2 * _MARGIN

_GROUND = (10, 50, 54)
_LETTERS = (255, 250, 238)  # 13.6 : 1 on the ground
_LEAF = (244, 190, 96)  # 8.3 : 1
_SHADES = 8  # of each colour, from the ground up

_TITLE_SIZES = range(176, 30, -4)
_TITLE_TOP = 132
_TITLE_HEIGHT = 640
_LEADING = 1.16
_PUBLISHER_SIZES = range(58, 18, -2)
_PUBLISHER_BASE = _SIDE - _MARGIN

_LEAF_BAND = (820, 1140)
_BARS = 29
_BAR_WIDTH = 20

# What the built-in font has no mark of its own for, as print without such marks has always written it.
_SAME_TO_THE_EYE = str.maketrans(
    {"\u00a0": " ", "\u202f": " ", "\u00ad": "", "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-"}
    | {"\u2014": " - ", "\u2212": "-"}
)


def draw_cover(title: str, publisher: str) -> bytes:
    """The cover as a PNG, 1400 × 1400 pixels, 16 colours.

    A title is wrapped and set as large as it fits; a word too long for a line is broken. Pillow's built-in
    font has the letters of English and little more. Words that it cannot write whole are left off, for half a
    name is worse than none: the leaf stands alone, and the cover's description says the words beside it.
    """
    letters = Image.new("L", (_SIDE, _SIDE))
    draw = ImageDraw.Draw(letters)
    title, publisher = (_drawable(words) for words in (title, publisher))
    size, lines = _fit(title, _TITLE_SIZES, _TITLE_HEIGHT)
    _set(draw, lines, size, top=_TITLE_TOP, stroke=max(1, size // 60))
    size, lines = _fit(publisher, _PUBLISHER_SIZES, 2 * _PUBLISHER_SIZES[0])
    _set(draw, lines, size, top=_PUBLISHER_BASE - round(len(lines) * size * _LEADING), stroke=0)
    picture = letters.point([level * (_SHADES - 1) // 255 for level in range(256)])
    top, bottom = _LEAF_BAND
    leaf = _draw_leaf(_WIDTH, bottom - top)
    picture.paste(leaf.point([_SHADES + level * (_SHADES - 1) // 255 for level in range(256)]), (_MARGIN, top))
    picture.putpalette([*_ramp(_LETTERS), *_ramp(_LEAF)])
    stream = BytesIO()
    # Run lengths only (zlib's Z_RLE): a third quicker than the default here, and no larger.
    picture.save(stream, "PNG", bits=4, compress_level=4, compress_type=3)
    return stream.getvalue()


def _drawable(words: str) -> str:
    """The words as the font can write them, or nothing when a letter is missing."""
    words = " ".join(unicodedata.normalize("NFC", words).translate(_SAME_TO_THE_EYE).split())
    font = ImageFont.load_default(_PUBLISHER_SIZES[-1])
    missing = bytes(font.getmask("\uffff"))
    return "" if any(bytes(font.getmask(letter)) == missing for letter in set(words) - {" "}) else words


def _fit(words: str, sizes: range, height: int) -> tuple[int, list[str]]:
    """The largest of ``sizes`` (pixels) at which ``words`` fit the margins and ``height``, and their lines.

    Words are broken only below half the largest size. No lines when there are too many words for any size.
    """
    for size in sizes:
        font = ImageFont.load_default(size)
        space = font.getlength(" ")
        broken = 2 * size < sizes[0]
        pieces = [piece for word in words.split() for piece in (_break(word, font) if broken else [word])]
        measured = [(piece, font.getlength(piece)) for piece in pieces]
        if all(width <= _WIDTH for _, width in measured):
            lines = _wrap(measured, _WIDTH, space)
            if len(lines) * size * _LEADING <= height:
                return size, _balance(measured, space)
    return sizes[-1], []


def _break(word: str, font: _Font) -> list[str]:
    pieces = [""]
    for letter in word:
        if pieces[-1] and font.getlength(pieces[-1] + letter) > _WIDTH:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def _wrap(measured: list[tuple[str, float]], room: float, space: float) -> list[str]:
    lines: list[str] = []
    left = 0.0
    for word, width in measured:
        if lines and width + space <= left:
            lines[-1] += f" {word}"
            left -= width + space
        else:
            lines.append(word)
            left = room - width
    return lines


def _balance(measured: list[tuple[str, float]], space: float) -> list[str]:
    """The same number of lines, as even as they come: no word stands alone at the end of a long title."""
    room = float(_WIDTH)
    count = len(_wrap(measured, room, space))
    narrowest = max((width for _, width in measured), default=0.0)
    step = room / 40
    while room - step >= narrowest and len(_wrap(measured, room - step, space)) == count:
        room -= step
    return _wrap(measured, room, space)


def _set(draw: ImageDraw.ImageDraw, lines: list[str], size: int, *, top: int, stroke: int) -> None:
    font = ImageFont.load_default(size)
    for number, line in enumerate(lines):
        draw.text((_MARGIN, top + round(number * size * _LEADING)), line, fill=255, font=font, stroke_width=stroke)


def _draw_leaf(width: int, height: int) -> Image.Image:
    """Upright bars with round ends, as tall as a leaf is wide there, with the swing of speech inside."""
    fine = 4  # drawn larger and reduced, for smooth ends
    leaf = Image.new("L", (width, height))
    for number in range(_BARS):
        along = (number + 0.5) / _BARS
        swing = 0.8 + 0.2 * math.cos(number * 2.4)
        tall = max(_BAR_WIDTH, round(height * math.sin(math.pi * along**0.8) ** 1.2 * swing))
        bar = Image.new("L", (_BAR_WIDTH * fine, tall * fine))
        box = (0, 0, bar.width - 1, bar.height - 1)
        ImageDraw.Draw(bar).rounded_rectangle(box, radius=_BAR_WIDTH * fine // 2, fill=255)
        left = round(number * (width - _BAR_WIDTH) / (_BARS - 1))
        leaf.paste(bar.reduce(fine), (left, (height - tall) // 2))
    return leaf


def _ramp(colour: tuple[int, int, int]) -> list[int]:
    """Palette entries from the ground to ``colour``."""
    return [
        round(ground + (end - ground) * step / (_SHADES - 1))
        for step in range(_SHADES)
        for ground, end in zip(_GROUND, colour, strict=True)
    ]
