"""The translator as a program: what is said when it is missing, silent, slow, or answers something else."""

from __future__ import annotations

from pathlib import Path

import pytest

from audioleaflet.book.model import Book
from audioleaflet.errors import PublishError
from audioleaflet.publish.braille import liblouis, write_braille


def program(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """A ``lou_translate`` that runs ``script``."""
    path = folder / "lou_translate"
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def test_without_the_program_nothing_is_written(sample: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    chapters = [
        chapter.model_copy(update={"audio": f"chapters/sample-en-{chapter.number:02}-{chapter.id}.mp3"})
        for chapter in sample.chapters
    ]
    sample = sample.model_copy(update={"chapters": tuple(chapters)})
    with pytest.raises(
        PublishError, match=r"lou_translate, which is not on this computer; install liblouis \(on Debian"
    ):
        write_braille(sample, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_language_without_a_table_is_told() -> None:
    with pytest.raises(PublishError, match="no braille yet for the language 'fr-CA'; braille is made for en"):
        liblouis.tables("fr-CA")
    assert liblouis.tables("en-GB") == liblouis.tables("en-US")


def test_text_goes_in_and_capitals_come_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, monkeypatch, "cat")
    assert liblouis.translate("t", ["a~b", "{c}", ""]) == ["A^B", "[C]", ""]
    assert liblouis.translate("t", []) == []


def test_a_backslash_is_no_escape(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, monkeypatch, "cat")
    assert liblouis.translate("t", ["a\\b"], backward=True) == ["a\\\\b"]


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("head -n 1", "did not translate with t: it gave 1 lines of 2"),
        ("echo no such table >&2", "did not translate with t: no such table"),
        ("cat; exit 3", "did not translate with t: it gave 2 lines of 2"),
        ("cat | tr a '\\1'", "answered with '\\x01', which is no braille"),
        ("cat | tr a '\\0'", "answered with '\\x00', which is no braille"),
    ],
)
def test_another_answer_is_an_error(script: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, monkeypatch, script)
    with pytest.raises(PublishError) as error:
        liblouis.translate("t", ["a", "b"])
    assert told in str(error.value)


def test_a_program_that_does_not_end_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, monkeypatch, "exec sleep 30")
    monkeypatch.setattr(liblouis, "_SECONDS", 0.2)
    with pytest.raises(PublishError, match="did not finish"):
        liblouis.translate("t", ["a"])


def test_a_program_that_does_not_start_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, monkeypatch, "")
    (tmp_path / "lou_translate").write_bytes(b"#!/no/such/shell\n")
    with pytest.raises(PublishError, match="does not start"):
        liblouis.translate("t", ["a"])
