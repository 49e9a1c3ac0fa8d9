"""Characters that a table has in parts or not at all, and what is said of the latter before anything is made."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from audioleaflet.errors import PublishError
from audioleaflet.publish.braille import liblouis
from audioleaflet.publish.braille import signs as module
from audioleaflet.publish.braille.signs import refusals, signs

KNOWN = set("éê\u0303Ê½⠢⠔⠰⠼⠚⠁⠃⠉⠙⠑⠋⠛⠓⠊⠣⠜⠐⠖⠤")


@pytest.fixture(autouse=True)
def table(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table of a few characters."""

    def translate(_: str, lines: Sequence[str], *, backward: bool = False) -> list[str]:
        assert not any(not line or line.isspace() for line in lines)
        return [
            "".join(char if char.isascii() or char in KNOWN else f"'\\X{ord(char):04X}'" for char in line)
            if line != "Ê\u0303"
            else "^],^%E"
            for line in lines
        ]

    monkeypatch.setattr(module, "translate", translate)
    monkeypatch.setattr(module, "program", lambda: "/usr/bin/lou_translate")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("CO₂ is", "CO⠰⠢⠼⠃ is"),
        ("B₁₂", "B⠰⠢⠼⠁⠃"),
        ("10⁹/L and 10¹⁰", "10⠔⠼⠊/L and 10⠔⠼⠁⠚"),
        ("x²b but x²y", "x⠰⠔⠼⠃⠰b but x⠰⠔⠼⠃y"),
        ("½ and 2", "½ and 2"),
        ("10⁻³ or cm⁻¹", "10⠔⠣⠐⠤⠼⠉⠜ or cm⠰⠔⠰⠣⠐⠤⠼⠁⠜"),
        ("Na⁺, Ca²⁺b, HCO₃⁻", "Na⠰⠔⠐⠖, Ca⠰⠔⠰⠣⠼⠃⠐⠖⠜b, HCO⠰⠢⠼⠉⠔⠐⠤"),
        ("A⁺⁺a", "A⠰⠔⠰⠣⠐⠖⠐⠖⠰⠜a"),
    ],
)
def test_what_is_raised_or_lowered_is_cells(text: str, written: str) -> None:
    assert signs("t", [text]).write(text) == written


def test_a_character_of_print_that_is_several_is_written_as_these() -> None:
    assert signs("t", ["x"]).write("39 ℃, ﬁrst ﬂuid eﬃcient") == "39 °C, first fluid efficient"


def test_a_box_to_tick_is_a_square_where_it_stands_alone() -> None:
    assert signs("t", ["x"]).write("☐ Yes ☐") == "□ Yes □"
    assert signs("t", ["☐Yes"]).missing == ("☐",)


def test_a_letter_of_two_marks_is_a_letter_and_its_marks() -> None:
    known = signs("t", ["Nguyễn, Cafe\u0301\u00a0é, ạ, Ễ"])
    # "é" the table has; of the others it has the letter and the mark, or not, or puts the mark before a capital.
    assert known.write("Nguyễn, Cafe\u0301") == "Nguyê\u0303n, Café"
    assert known.missing == ("ạ", "Ễ")


def test_what_has_no_sign_is_told_with_its_text_and_its_word() -> None:
    found = list(refusals("en-US", ["All is well.", "Smile ☺, and met\u00adastasis", "☺ again, or 骨"]))
    assert [(one.text, one.message) for one in found] == [
        (1, "there is no braille for '☺' (U+263A) in '☺,'"),
        (2, "there is no braille for '骨' (U+9AA8) in '骨'"),
    ]
    assert all(one.next_step == "write it in words in the leaflet, or leave braille out of --formats" for one in found)


def test_without_the_program_or_a_table_no_text_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    (found,) = refusals("fr", ["☺"])
    assert found.text is None
    assert "no braille yet for the language 'fr'" in found.message

    def missing() -> str:
        raise PublishError("not on this computer", next_step="install it")

    monkeypatch.setattr(module, "program", missing)
    (found,) = refusals("en", ["☺"])
    assert (found.text, found.message, found.next_step) == (None, "not on this computer", "install it")


def test_the_program_is_known_by_its_version_and_by_its_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bin_, tables = tmp_path / "bin", tmp_path / "share" / "liblouis" / "tables"
    bin_.mkdir()
    monkeypatch.setenv("PATH", str(bin_))
    assert liblouis.identity() == ""
    tables.mkdir(parents=True)
    (tables / "en-ueb-g2.ctb").write_text("include below.uti all of it\nsign a 1\n", encoding="utf-8")
    (tables / "below.uti").write_text("\tinclude en-ueb-g2.ctb\nsign b 12\n", encoding="utf-8")
    (tables / "other.ctb").write_text("sign c 14\n", encoding="utf-8")

    def installed(version: str) -> str:
        (bin_ / "lou_translate").write_text(f"#!/bin/sh\necho {version}\n", encoding="utf-8")
        (bin_ / "lou_translate").chmod(0o755)
        return liblouis.identity()

    first = installed("3.24")
    assert installed("3.24") == first
    assert len({first, installed("3.25")}) == 2
    (tables / "other.ctb").write_text("sign c 1456\n", encoding="utf-8")
    assert installed("3.24") == first
    (tables / "below.uti").write_text("sign b 123\n", encoding="utf-8")
    changed = installed("3.24")
    assert changed != first
    nearer = tmp_path / "nearer"
    nearer.mkdir()
    (nearer / "below.uti").write_text("sign b 1234\n", encoding="utf-8")
    monkeypatch.setenv("LOUIS_TABLEPATH", f"/no/such/folder,{nearer}")
    assert installed("3.24") not in (first, changed)
