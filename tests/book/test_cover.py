from __future__ import annotations

import hashlib
from io import BytesIO

import pytest
from PIL import Image

from audioleaflet.book.assemble import cover_description
from audioleaflet.book.cover import draw_cover

SIDE, MARGIN = 1400, 120
LETTERS = range(1, 8)  # palette entries from the ground to the letters' colour
LEAF = range(9, 16)
LONG = "Understanding your treatment after surgery, what to expect, what to tell your nurse, where to go, "


def read(png: bytes) -> Image.Image:
    return Image.open(BytesIO(png))


def box(picture: Image.Image, entries: range) -> tuple[int, int, int, int] | None:
    """The rectangle that pixels of these palette entries fill."""
    return picture.point([255 if entry in entries else 0 for entry in range(256)], "L").getbbox()


def luminance(colour: list[int]) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_a_square_png_of_few_colours() -> None:
    png = draw_cover("Understanding bone metastasis", "Audioleaflet")
    picture = read(png)
    assert (picture.format, picture.size, picture.mode) == ("PNG", (SIDE, SIDE), "P")
    assert len(png) < 60_000


def test_the_same_words_give_the_same_bytes() -> None:
    digests = {hashlib.sha256(draw_cover("Pain", "A Trust")).hexdigest() for _ in range(3)}
    assert len(digests) == 1
    assert draw_cover("Pain", "A Trust") != draw_cover("Pain", "B Trust")


def test_letters_and_leaf_stand_out_from_the_ground() -> None:
    palette = read(draw_cover("Pain", "A Trust")).getpalette()
    assert palette
    ground, letters, leaf = (luminance(palette[3 * entry :][:3]) for entry in (0, 7, 15))
    assert (letters + 0.05) / (ground + 0.05) >= 7
    assert (leaf + 0.05) / (ground + 0.05) >= 7


@pytest.mark.parametrize(
    ("title", "publisher"),
    [
        ("Pain", "NHS"),
        (LONG * 2, LONG),
        ("On pneumonoultramicroscopicsilico", "A Trust"),
        ("Donaudampfschifffahrtsgesellschaftskapitaen" * 4, "Publisher" * 30),
        ("W" * 200, "i " * 100),
        ("Risks: 10% - 20% (a/b) & 'more'?", "A-B"),
    ],
)
def test_words_stay_inside_the_margins_and_off_the_leaf(title: str, publisher: str) -> None:
    picture = read(draw_cover(title, publisher))
    leaf = box(picture, LEAF)
    assert leaf
    for part in (picture.crop((0, 0, SIDE, leaf[1])), picture.crop((0, leaf[3], SIDE, SIDE))):
        words = box(part, LETTERS)
        assert words
        # A stroke and a round letter may lean a little over the edge of the column.
        assert words[0] >= MARGIN - 10
        assert words[2] <= SIDE - MARGIN + 10
        assert words[3] < part.height
    assert box(picture.crop((0, leaf[1], SIDE, leaf[3])), LETTERS) is None


def test_a_short_title_is_large() -> None:
    letters = box(read(draw_cover("Pain", "")), LETTERS)
    assert letters
    assert letters[3] - letters[1] > 110


def test_words_that_the_font_cannot_write_are_left_off_whole() -> None:
    bare = draw_cover("", "")
    for title in ("Métastase osseuse", "骨転移", "علاج", "Pain 👍"):
        assert draw_cover(title, "") == bare, title
    assert draw_cover("骨転移", "A Trust") == draw_cover("", "A Trust")
    assert box(read(bare), LETTERS) is None


def test_a_title_beyond_every_size_is_left_off() -> None:
    assert draw_cover("word " * 2000, "") == draw_cover("", "")


@pytest.mark.parametrize(
    "title", ["Beta\u2011blockers", "Beta\u00a0blockers", "Beta\u00adblockers", "Beta’s “blockers” – why…"]
)
def test_typographic_characters_are_no_hindrance(title: str) -> None:
    assert draw_cover(title, "") != draw_cover("", "")


def test_the_description_says_what_the_cover_says() -> None:
    assert cover_description("Pain", "A Trust") == "Pain – A Trust"
    assert cover_description("Pain", " ") == "Pain"
