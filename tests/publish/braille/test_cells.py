"""Which words are translated how, and together with what."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from audioleaflet.errors import PublishError
from audioleaflet.publish.braille import cells as module
from audioleaflet.publish.braille.cells import Cells
from audioleaflet.publish.braille.pages import Line


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """A translator that gives text back, with what it was given: table and line."""
    asked: list[tuple[str, str]] = []

    def translate(table: str, lines: Sequence[str], *, backward: bool = False) -> list[str]:
        if not backward:
            asked.extend((table, line) for line in lines)
            return ["'\\X263A'" if line == "☺" else line for line in lines]
        # "B" alone is read as "but", unless it is marked.
        return [line.removeprefix(";;") if line != "b-a" else "but-a" for line in lines]

    monkeypatch.setattr(module, "translate", translate)
    return asked


def units(text: str, *, letters: bool = False, said: Sequence[str] = (), language: str = "en-US") -> tuple[str, ...]:
    line = Line(text, letters)
    return Cells(language, said, [line]).units(line)


def uncontracted(given: list[tuple[str, str]]) -> list[str]:
    return [line for table, line in given if table == "en-ueb-g1.ctb"]


def test_a_sentence_is_translated_at_once(given: list[tuple[str, str]]) -> None:
    assert units("Cancer cells can move.") == ("Cancer", "cells", "can", "move.")
    assert given == [("en-ueb-g2.ctb", "Cancer cells can move.")]


def test_addresses_and_what_is_said_are_uncontracted(given: list[tuple[str, str]]) -> None:
    units("See (www.cancer.org), mail a@b.example: say “muh-TAS” and Muh-tas.", said=["muh-TAS"])
    assert uncontracted(given) == ["(www.cancer.org),", "a@b.example:", "“muh-TAS”"]
    given.clear()
    units("LIMF is-so", letters=True)
    assert uncontracted(given) == ["LIMF", "is-so"]


def test_only_what_would_be_misread_is_marked(given: list[tuple[str, str]]) -> None:
    assert units("b-a www.b.org", letters=True) == (";;b-a", "www.b.org")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Take 10\u00a0mg now", ("Take", "10 mg", "now")),
        ("10 \u202f mg", ("10 mg",)),
        ("\u00a0a\u00a0", ("a",)),
        ("In 2024 12 people", ("In", "2024", "12", "people")),
        ("met\u00adas\u200btasis", ("metastasis",)),
        ("a\u2003b\tc", ("a", "b", "c")),
        ("Cafe\u0301", ("Café",)),
        ("", ()),
    ],
)
def test_spaces_and_marks_without_a_shape(given: list[tuple[str, str]], text: str, expected: tuple[str, ...]) -> None:
    assert units(text) == expected


def test_two_numbers_are_never_given_as_one(given: list[tuple[str, str]]) -> None:
    units("In 2024 12 people of 7 8 times")
    assert [line for _, line in given] == ["In 2024", "12 people of 7", "8 times"]


@pytest.mark.parametrize(("text", "language"), [("+44 20 7946 0018", "en-US"), ("0300 123 1000", "en-GB")])
def test_a_telephone_number_is_one(
    text: str, language: str, given: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def joined(_: str, lines: Sequence[str], *, backward: bool = False) -> list[str]:
        given.extend(("", line) for line in lines)
        return [line.replace(" ", '"') if line[-1].isdigit() else line for line in lines]

    monkeypatch.setattr(module, "translate", joined)
    assert units(text, language=language) == (text.replace(" ", '"'),)


def test_a_lost_word_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def losing(_: str, lines: Sequence[str], *, backward: bool = False) -> list[str]:
        return [line.split(" ", 1)[-1] for line in lines]

    monkeypatch.setattr(module, "translate", losing)
    with pytest.raises(PublishError, match="gave 2 words of braille for 3 in 'do not take'"):
        units("do not take")


def test_a_character_without_braille_is_told_with_its_word(given: list[tuple[str, str]]) -> None:
    with pytest.raises(PublishError, match=r"no braille for '☺' \(U\+263A\) in 'well☺'; write it in words"):
        units("All well☺ now")


def test_a_monstrous_word_is_told(given: list[tuple[str, str]]) -> None:
    with pytest.raises(PublishError, match="a word of 1001 letters is too long"):
        units("x" * 1001)


def test_long_text_is_translated_in_parts(given: list[tuple[str, str]]) -> None:
    text = "word " * 1000 + "end"
    assert units(text) == tuple(text.split())
    assert max(len(line) for _, line in given) <= 405
