"""Signs that need urgent care, found in a leaflet's words."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.editions import REAL

from audioleaflet.leaflet.checks import warnings
from audioleaflet.leaflet.reader import read
from audioleaflet.leaflet.urgency import urgent_signs

LEAFLET = """\
title: A
version: "1"
publisher: A
language: {language}
{more}
sections:
  - id: one
    title: One
    text: |
      Some text.

      {text}
"""


def signs(folder: Path, text: str, *, language: str = "en-US") -> list[tuple[str, int]]:
    path = folder / "a.yaml"
    path.write_text(LEAFLET.format(text=text, language=language, more="summary: Short."), encoding="utf-8")
    return [(sign.name, sign.origin.line) for sign in urgent_signs(read(path))]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("You may have chest pain.", "chest pain"),
        ("Tell us about pain or tightness in your chest.", "chest pain"),
        ("You have trouble breathing.", "trouble breathing"),
        ("You are short of breath.", "trouble breathing"),
        ("Bleeding that does not stop.", "bleeding that does not stop"),
        ("The bleeding won't stop.", "bleeding that does not stop"),
        ("You vomit blood.", "vomiting blood or blood in the stools"),
        (
            "New numbness, weakness, or trouble with your bladder or bowel.",
            "numbness or weakness with trouble of the bladder or bowel",
        ),
        ("Trouble with your bowel, and weak legs.", "numbness or weakness with trouble of the bladder or bowel"),
        ("Your speech is slurred, or you have slurred speech.", "signs of a stroke"),
        ("You have a seizure.", "a fit"),
        ("You faint.", "fainting"),
        ("A fever of 100.4 °F or higher.", "a high temperature"),
        ("A temperature above 38 °C.", "a high temperature"),
        ("A fever during chemotherapy.", "fever in chemotherapy"),
        ("Swelling of your face or tongue.", "a severe allergic reaction"),
        ("Call 911.", "a call to an emergency number"),
        ("Ring 999 now.", "a call to an emergency number"),
        ("This is an emergency.", "an emergency"),
        ("Call your doctor right away.", "a call for help right away"),
    ],
)
def test_a_sign_is_found_at_its_line(tmp_path: Path, text: str, name: str) -> None:
    assert (name, 12) in signs(tmp_path, text)


@pytest.mark.parametrize(
    "text",
    [
        "Wash your chest gently.",
        "You may have a fever.",
        "The bladder holds urine.",
        "Room 911 is on the left.",
        "You may recall 911 as a number.",
        "Bleeding stops soon.",
        "Breathe in.",
        "A blood test is done.",
        "Stroke the cat.",
    ],
)
def test_other_words_are_no_sign(tmp_path: Path, text: str) -> None:
    assert signs(tmp_path, text) == []


def test_a_list_item_has_its_own_line(tmp_path: Path) -> None:
    assert signs(tmp_path, "- a rash\n      - chest pain\n") == [("chest pain", 13)]


def test_a_language_without_a_list_has_no_signs(tmp_path: Path) -> None:
    assert signs(tmp_path, "Une urgence: call 911, emergency.", language="fr-FR") == []


def test_signs_without_advice_are_one_warning(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    text = "You may have chest pain.\n\n      Call 911."
    path.write_text(LEAFLET.format(text=text, language="en-US", more="summary: Short."), encoding="utf-8")
    (told,) = warnings(read(path))
    assert (told.code, told.severity, told.origin.line) == ("URGENT", "warning", 12)
    assert "chest pain (line 12), a call to an emergency number (line 14)" in told.message
    advice = "summary: Short.\nurgent: {after: one, text: Call us.}"
    path.write_text(LEAFLET.format(text=text, language="en-US", more=advice), encoding="utf-8")
    assert warnings(read(path)) == ()


def test_a_missing_summary_is_a_warning_for_the_whole_leaflet(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(LEAFLET.format(text="", language="en-US", more="licence: CC-BY-4.0"), encoding="utf-8")
    (told,) = warnings(read(path))
    assert (told.code, told.severity) == ("NO-SUMMARY", "warning")
    assert "60 words" in told.next_step


def test_the_real_leaflet_has_signs_and_says_what_to_do_about_them() -> None:
    leaflet = read(REAL)
    assert urgent_signs(leaflet)
    assert warnings(leaflet) == ()
