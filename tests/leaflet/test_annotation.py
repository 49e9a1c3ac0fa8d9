"""Readings that an editor has settled: into the text and out of it, and nowhere else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from audioleaflet.leaflet.annotation import Settled, annotated, joined, plain, separated

MARKED = f"Clean the {annotated('wound', 'ˈwuːnd')}, then {annotated('bone marrow', 'ˈboʊn ˈmæɹ.oʊ')}."


def test_a_reader_sees_the_words_alone() -> None:
    assert plain(MARKED) == "Clean the wound, then bone marrow."
    assert plain("Nothing here.") == "Nothing here."


def test_the_places_are_those_of_the_plain_text() -> None:
    text, settled = separated(MARKED)
    assert text == plain(MARKED)
    assert [(text[one.begin : one.end], one.ipa) for one in settled] == [
        ("wound", "ˈwuːnd"),
        ("bone marrow", "ˈboʊn ˈmæɹ.oʊ"),
    ]


@given(st.lists(st.tuples(st.text("ab. ", max_size=4), st.text("xy", min_size=1, max_size=3)), max_size=5))
def test_joining_undoes_separating(parts: list[tuple[str, str]]) -> None:
    text = "".join(before + annotated(word, "ˈaɪ") for before, word in parts)
    found, settled = separated(text)
    assert joined(found, settled) == text
    assert all(isinstance(one, Settled) for one in settled)
