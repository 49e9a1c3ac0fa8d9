"""What `check` tells of a script."""

from __future__ import annotations

from pathlib import Path

import pytest

from audioleaflet.errors import ContentError
from audioleaflet.pipeline import prepare
from audioleaflet.script.print import in_words

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


@pytest.mark.parametrize("marks", ["…", "—", "?", "“”", "®", r"\*\*\*", "- …", "- One\n      - …"])
def test_marks_that_no_voice_can_say_are_told_with_their_line(tmp_path: Path, marks: str) -> None:
    line = 14 + marks.count("\n")
    with pytest.raises(ContentError, match=rf"leaflet.yaml:{line}: SILENT there is nothing to say in '.*leave it out"):
        problems(tmp_path, marks)


def test_a_heading_of_marks_is_told_too(tmp_path: Path) -> None:
    path = tmp_path / "leaflet.yaml"
    text = LEAFLET.format(text="Second.", language="en-US").replace("title: One", 'title: "…"')
    path.write_text(text.replace("title: A leaflet", 'title: "***"'), encoding="utf-8")
    with pytest.raises(ContentError) as raised:
        prepare(path)
    assert [(one.code, one.origin.line) for one in raised.value.problems] == [("SILENT", 2), ("SILENT", 10)]


@pytest.mark.parametrize("text", ["Wait. … Go.", "It stops here. ***", "✓", "½", "☯", "漢字"])
def test_marks_beside_words_and_signs_with_a_name_are_not_silent(tmp_path: Path, text: str) -> None:
    assert "SILENT" not in problems(tmp_path, text)


def test_a_short_leaflet_that_teaches_nothing_has_no_introduction_to_shorten(tmp_path: Path) -> None:
    assert "INTRODUCTION" not in problems(tmp_path, "That is all.")


def test_the_line_is_that_of_the_sign_not_of_its_paragraph(tmp_path: Path) -> None:
    text = "Keep it dry\n      and clean. Take it\n      on 03/04/2027\n      with ⊘ food."
    told = problems(tmp_path, text)
    assert "leaflet.yaml:16: DATE-ORDER" in told["DATE-ORDER"]
    assert "leaflet.yaml:17: UNREAD" in told["UNREAD"]


@pytest.mark.parametrize("space", ["\u2009", "\u202f"])
def test_a_number_with_thin_spaces_is_one_number_from_the_file_to_the_voice(tmp_path: Path, space: str) -> None:
    path = tmp_path / "leaflet.yaml"
    text = LEAFLET.format(text=f"Inject 2{space}500{space}IU.", language="en-US")
    path.write_text(text.replace("title: One", f"title: About 30{space}500 people"), encoding="utf-8")
    said = [in_words(utterance.spoken) for utterance in prepare(path).script.utterances()]
    assert "Inject two thousand five hundred international units." in said
    assert "About thirty thousand five hundred people" in said
