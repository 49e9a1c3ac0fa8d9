"""What a rule may know of a place in a text."""

from __future__ import annotations

import pytest

from audioleaflet.script.verbalizer.places import begins, ended, stop, word_after, word_before


@pytest.mark.parametrize(
    ("text", "free"),
    [
        ("|5", True),
        ("at |5", True),
        ("(|5", True),
        (" -|5", True),
        ("a|5", False),
        ("3-|5", False),
        ("1.|5", False),
        ("$|5", False),
    ],
)
def test_a_number_begins_where_nothing_is_joined_to_it(text: str, free: bool) -> None:
    before, _, after = text.partition("|")
    assert begins(before + after, len(before)) is free


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        ("call |911| now", "call", "now"),
        ("TTY: |711|.", "tty", ""),
        ("over-|60|-year", "over", "year"),
        ("|5|", "", ""),
        ("at 9 |5| mg", "", "mg"),
        ("x" * 40 + " |5| " + "y" * 40, "x" * 31, "y" * 31),
    ],
)
def test_the_words_around_a_place_are_read_no_further_than_they_need(text: str, before: str, after: str) -> None:
    left, middle, right = text.split("|")
    whole = left + middle + right
    assert word_before(whole, len(left)) == before
    assert word_after(whole, len(left) + len(middle)) == after


@pytest.mark.parametrize(
    ("text", "over"), [("5|", True), ("5|.", True), ("5|) x", True), ("5| mg", False), ("5|mg", False)]
)
def test_what_follows_tells_whether_a_part_is_over(text: str, over: bool) -> None:
    assert ended(text.replace("|", ""), text.index("|")) is over


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Come |at 9 a.m.|", "."),
        ("Come |9 a.m.| Then wait", "."),
        ("Come |9 a.m.| Monday", ""),
        ("Come |9 a.m.| and wait", ""),
        ("|9 a.m.|", ""),
        ("Come |9 am| Then", ""),
    ],
)
def test_the_point_of_an_abbreviation_may_end_a_sentence_too(text: str, kept: str) -> None:
    before, middle, after = text.split("|")
    assert stop(before + middle + after, len(before), len(before + middle), {"monday"}) == kept
