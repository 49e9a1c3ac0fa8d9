"""The record of withdrawals, and what can be read of a faulty leaflet."""

from __future__ import annotations

from pathlib import Path

import pytest

from audioleaflet.errors import ContentError
from audioleaflet.leaflet.withdrawal import FORMAT, in_force, read_withdrawals, remains

RECORD = f"""\
format: {FORMAT}
entries:
- {{action: withdrawn, by: Bo, reason: A wrong dose., date: 2026-11-22, version: 1.0}}
"""
LIFTED = "- {action: lifted, by: Bo, reason: Corrected., date: 2026-11-23}\n"


def read(folder: Path, text: str) -> str:
    (folder / "en.withdrawn.yaml").write_text(text, encoding="utf-8")
    withdrawal = in_force(read_withdrawals(folder / "en.yaml"))
    return withdrawal.reason if withdrawal else ""


def test_the_last_entry_counts(tmp_path: Path) -> None:
    assert in_force(read_withdrawals(tmp_path / "en.yaml")) is None
    assert read(tmp_path, RECORD) == "A wrong dose."
    assert read(tmp_path, RECORD + LIFTED) == ""
    again = LIFTED.replace("lifted", "withdrawn").replace("Corrected", "Once more")
    assert read(tmp_path, RECORD + LIFTED + again) == "Once more."
    assert len(read_withdrawals(tmp_path / "en.yaml")) == 3


@pytest.mark.parametrize(
    "text",
    [
        RECORD.replace("withdrawn,", "gone,"),
        RECORD.replace(FORMAT, "else"),
        f"format: {FORMAT}\nentries: []\n",
        RECORD.replace("2026-11-22", "today"),
        "",
    ],
)
def test_a_damaged_record_is_not_taken_for_none(tmp_path: Path, text: str) -> None:
    with pytest.raises(ContentError):
        read(tmp_path, text)


def test_a_faulty_leaflet_still_tells_its_title(tmp_path: Path) -> None:
    leaflet = tmp_path / "en.yaml"
    leaflet.write_text("title: Asthma  and you\nlanguage: en-us\nversion: 2\nsay: 5\nno: no\n", encoding="utf-8")
    left = remains(leaflet)
    assert (left.title, left.language, left.version, left.publisher) == ("Asthma and you", "en-US", "2", "")
    leaflet.write_text("title: [", encoding="utf-8")
    assert (remains(leaflet).title, remains(leaflet).language) == ("", "en")
    assert remains(tmp_path / "flu.yaml").language == ""
