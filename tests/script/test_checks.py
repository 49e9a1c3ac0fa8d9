"""What `check` tells of a script."""

from __future__ import annotations

from pathlib import Path

import pytest

from audioleaflet.pipeline import prepare

LEAFLET = """
title: A leaflet
language: {language}
version: "1"
licence: CC-BY-4.0
contact: editor@audioleaflet.example
publisher: A clinic
sections:
  - id: one
    title: One
    text: |
      First.

      {text}
"""


def problems(folder: Path, text: str, language: str = "en-US") -> dict[str, str]:
    path = folder / "leaflet.yaml"
    path.write_text(LEAFLET.format(text=text, language=language), encoding="utf-8")
    return {problem.code: str(problem) for problem in prepare(path).problems}


@pytest.mark.parametrize("date", ["03/04/2027", "3.4.27", "12-1-2027"])
def test_a_date_that_can_be_taken_for_another_is_told_with_its_line(tmp_path: Path, date: str) -> None:
    told = problems(tmp_path, f"Come on {date} at noon.")["DATE-ORDER"]
    assert f"leaflet.yaml:14: DATE-ORDER '{date}' is two days in two countries" in told
    assert "write the month in words" in told


def test_it_tells_which_day_is_said(tmp_path: Path) -> None:
    assert "March fourth" in problems(tmp_path, "By 3/4/2027.")["DATE-ORDER"]
    assert "third of April" in problems(tmp_path, "By 3/4/2027.", "en-GB")["DATE-ORDER"]


@pytest.mark.parametrize(
    "text", ["By 3/14/2027.", "By 4/4/2027.", "By 2027-03-04.", "Take 1/2 of 3/4.", "March 4, 2027."]
)
def test_other_dates_and_fractions_are_not(tmp_path: Path, text: str) -> None:
    assert "DATE-ORDER" not in problems(tmp_path, text)


def test_what_is_unread_is_to_be_written_in_words_and_only_a_word_can_go_to_the_lexicon(tmp_path: Path) -> None:
    assert problems(tmp_path, "Take it ⊘ food.")["UNREAD"].endswith("(write it in words)")
    assert problems(tmp_path, "Ask about XQZV.")["UNREAD"].endswith("(write it in words, or add it to the lexicon)")


def test_a_short_leaflet_that_teaches_nothing_has_no_introduction_to_shorten(tmp_path: Path) -> None:
    assert "INTRODUCTION" not in problems(tmp_path, "That is all.")


def test_the_line_is_that_of_the_sign_not_of_its_paragraph(tmp_path: Path) -> None:
    text = "Keep it dry\n      and clean. Take it\n      on 03/04/2027\n      with ⊘ food."
    told = problems(tmp_path, text)
    assert "leaflet.yaml:16: DATE-ORDER" in told["DATE-ORDER"]
    assert "leaflet.yaml:17: UNREAD" in told["UNREAD"]
