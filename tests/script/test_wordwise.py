"""Two texts, word by word."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from audioleaflet.script.wordwise import aligned


def test_words_that_differ_stand_beside_each_other() -> None:
    assert aligned("Take one tablet daily.", "Take two tablets a day.") == (
        ("Take", "Take", True),
        ("one tablet daily.", "two tablets a day.", False),
    )
    assert aligned("a b", "b") == (("a", "", False), ("b", "b", True))


def test_capitals_count_only_where_they_are_asked_for() -> None:
    assert aligned("Bone pain", "bone pain", ignore_case=True) == (("Bone pain", "bone pain", True),)
    assert aligned("Bone", "bone") == (("Bone", "bone", False),)


@given(st.text("ab \n"), st.text("ab \n"))
def test_no_word_is_lost(old: str, new: str) -> None:
    stretches = aligned(old, new)
    assert " ".join(one.old for one in stretches if one.old) == " ".join(old.split())
    assert " ".join(one.new for one in stretches if one.new) == " ".join(new.split())
    assert all(one.old == one.new for one in stretches if one.same)
