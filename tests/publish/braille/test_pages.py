"""Lines and pages of braille, set without a translator: words are their own cells."""

from __future__ import annotations

from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audioleaflet.publish.braille.cells import Cells
from audioleaflet.publish.braille.pages import (
    Block,
    Line,
    Placed,
    entry,
    number,
    paginate,
    place,
    running_head,
)

CELLS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ123456789"


class Words:
    """Cells of nothing but the words themselves."""

    def units(self, line: Line) -> tuple[str, ...]:
        return tuple(line.text.split(" "))


WORDS = cast(Cells, Words())


def paragraph(count: int, *, before: bool = False, after: bool = False) -> Placed:
    lines = tuple(f"LINE {line}" for line in range(count))
    return Placed(lines=lines, before=before, after=after, leads=False, together=min(2, count))


HEADING = Placed(lines=("   HEAD",), before=True, after=True, leads=True, together=1)


def test_a_paragraph_begins_at_cell_3_and_runs_over_at_cell_1() -> None:
    made = place(Block(kind="paragraph", lines=(Line("ABCD " * 9 + "LAST"),), first=2), WORDS).lines
    assert made == ("  ABCD ABCD ABCD ABCD ABCD ABCD ABCD", "ABCD ABCD LAST")


def test_an_item_runs_over_further_in_and_so_do_its_other_lines() -> None:
    block = Block(kind="item", lines=(Line("AB " * 13 + "LAST"), Line("MORE")), first=2, rest=6)
    assert place(block, WORDS).lines == ("  " + "AB " * 12 + "AB", "      LAST", "      MORE")


def test_a_line_may_have_40_cells_and_no_more() -> None:
    assert place(Block(kind="paragraph", lines=(Line("A" * 20 + " " + "B" * 19),)), WORDS).lines[0] == (
        "A" * 20 + " " + "B" * 19
    )
    assert len(place(Block(kind="paragraph", lines=(Line("A" * 20 + " " + "B" * 20),)), WORDS).lines) == 2


def test_a_centred_heading_has_3_blank_cells_on_either_side() -> None:
    made = place(Block(kind="centred", lines=(Line("ABCDEFGHI " * 5 + "END"),)), WORDS)
    assert made.leads
    assert all(len(line) - len(line.lstrip()) >= 3 and len(line) <= 37 for line in made.lines)
    for line in made.lines:
        left = len(line) - len(line.lstrip())
        assert abs(left - (40 - len(line))) <= 1


def test_words_with_a_space_that_holds_stay_together() -> None:
    class Held:
        def units(self, _: Line) -> tuple[str, ...]:
            return ("A" * 36, "#AJ MG")

    assert place(Block(kind="paragraph", lines=(Line(""),)), cast(Cells, Held())).lines == ("A" * 36, "#AJ MG")


def test_a_longer_word_goes_on_after_dot_5_and_never_inside_a_sign() -> None:
    made = place(Block(kind="item", lines=(Line("A" * 37 + "_/" + "B" * 10),), rest=2), WORDS).lines
    assert made == ("A" * 37 + '_/"', "  " + "B" * 10)
    made = place(Block(kind="item", lines=(Line("A" * 38 + "_/" + "B" * 10),), rest=2), WORDS).lines
    assert made == ("A" * 38 + '"', "  _/" + "B" * 10)
    made = place(Block(kind="item", lines=(Line("A" * 30 + "4" + "B" * 40),), rest=2), WORDS).lines
    assert made[0] == "A" * 30 + '4"'


@given(st.lists(st.text(CELLS, min_size=1, max_size=90), max_size=60), st.integers(0, 14), st.integers(0, 14))
def test_no_word_is_lost_and_no_line_is_too_long(words: list[str], first: int, rest: int) -> None:
    made = place(Block(kind="item", lines=(Line(" ".join(words)),), first=first, rest=rest), WORDS).lines
    assert all(len(line) <= 40 for line in made)
    assert " ".join(line.strip() for line in made).replace('" ', "") == " ".join(words)


@pytest.mark.parametrize(("count", "cells"), [(1, "#A"), (10, "#AJ"), (25, "#BE"), (390, "#CIJ"), (1207, "#ABJG")])
def test_a_number_is_its_letters(count: int, cells: str) -> None:
    assert number(count) == cells


def test_the_running_head_stands_at_one_place_whatever_the_number() -> None:
    words = ("A", "WORD", "OF", "A", "TITLE", "THAT", "IS", "TOO", "LONG", "FOR", "A", "LINE")
    tops = [running_head(words, number(count)) for count in (2, 12, 345)]
    assert {len(top) for top in tops} == {40}
    assert {top[:36].rstrip() for top in tops} == {"    A WORD OF A TITLE THAT IS TOO"}
    assert tops[2].endswith("   #CDE")
    assert running_head((), "#A") == " " * 38 + "#A"
    assert running_head(("A" * 60,), "#B").strip() == "#B"


def test_an_entry_has_guide_dots_and_its_page_at_the_right() -> None:
    made = entry(Block(kind="centred", lines=(Line("WHAT IS IT"),), level=1), 12, 1, WORDS, last=False)
    assert made.lines == ('WHAT IS IT """"""""""""""""""""""""" #AB',)
    made = entry(Block(kind="heading", lines=(Line("ABCDEFGH " * 8 + "E"),), level=2), 3, 3, WORDS, last=True)
    assert made.lines[:2] == ("  ABCDEFGH ABCDEFGH ABCDEFGH", "      ABCDEFGH ABCDEFGH ABCDEFGH")
    assert made.lines[2] == "      ABCDEFGH ABCDEFGH E " + '"' * 11 + " #C"
    assert made.after


def test_an_entry_without_room_for_two_dots_has_none() -> None:
    made = entry(Block(kind="centred", lines=(Line("A" * 34),), level=1), 12, 1, WORDS, last=False)
    assert made.lines == ("A" * 34 + "   #AB",)


def test_pages_have_24_lines_under_the_running_head() -> None:
    pages = paginate([paragraph(30), paragraph(30)])
    assert [len(page.lines) for page in pages] == [24, 24, 12]
    assert [page.begun for page in pages] == [[0], [1], []]


@pytest.mark.parametrize("left", range(6))
def test_a_heading_stands_with_two_lines_of_its_text(left: int) -> None:
    pages = paginate([paragraph(24 - left), HEADING, paragraph(9)])
    # A blank line, the heading, a blank line, two lines.
    assert pages[0].begun == ([0, 1, 2] if left == 5 else [0])
    assert all(page.lines[-1].startswith("LINE") for page in pages)


def test_headings_in_a_row_go_to_the_next_page_together() -> None:
    cell_5 = Placed(lines=("    HEAD",), before=True, after=False, leads=True, together=1)
    pages = paginate([paragraph(19), HEADING, cell_5, paragraph(9)])
    assert pages[1].begun == [1, 2, 3]
    assert pages[1].lines[:5] == ["", "   HEAD", "", "    HEAD", "LINE 0"]


def test_a_blank_line_after_a_list_does_not_begin_a_page() -> None:
    pages = paginate([paragraph(24, after=True), paragraph(2)])
    assert pages[1].lines == ["LINE 0", "LINE 1"]
    pages = paginate([paragraph(3, after=True), paragraph(2, before=True)])
    assert pages[0].lines[3:] == ["", "LINE 0", "LINE 1"]


def test_a_short_item_is_not_divided() -> None:
    item = place(Block(kind="item", lines=tuple(Line("A") for _ in range(4))), WORDS)
    assert item.together == 4
    assert place(Block(kind="item", lines=tuple(Line("A") for _ in range(5))), WORDS).together == 2
    assert paginate([paragraph(21), item])[0].begun == [0]


BLOCKS = st.lists(
    st.builds(
        lambda count, before, after, leads: Placed(
            lines=tuple("L" for _ in range(count)),
            before=before,
            after=after,
            leads=leads and count < 4,
            together=min(2, count),
        ),
        st.integers(1, 40),
        st.booleans(),
        st.booleans(),
        st.booleans(),
    ),
    max_size=40,
)


@given(BLOCKS)
def test_every_line_of_every_block_is_on_a_page(blocks: list[Placed]) -> None:
    pages = paginate(blocks)
    assert all(len(page.lines) <= 24 for page in pages)
    assert [index for page in pages for index in page.begun] == list(range(len(blocks)))
    assert sum(line == "L" for page in pages for line in page.lines) == sum(len(block.lines) for block in blocks)
    assert all(not page.lines or page.lines[-1] for page in pages)
