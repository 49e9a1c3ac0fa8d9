"""Files kept for people: whole or not at all."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from audioleaflet.document import MappingNode, read_document
from audioleaflet.errors import ConfigError, StorageError
from audioleaflet.proof.records import alone, one_text, write_record


def test_what_is_written_is_read_back_sorted_under_its_comment(tmp_path: Path) -> None:
    path = tmp_path / "new" / "en.approval.yaml"
    write_record(path, "A comment.", {"b": "no", "a": {"yes": "ˈmær.oʊ: # 'x'", "1e3": "2026-01-02"}})
    assert path.read_text(encoding="utf-8").splitlines()[:2] == ["# A comment.", "a:"]
    document = read_document(path)
    assert isinstance(document.root, MappingNode)
    assert list(document.root.fields) == ["a", "b"]
    found = [document.text("a", "yes"), document.text("a", "1e3"), document.text("b")]
    assert [node.text for node in found if node] == ["ˈmær.oʊ: # 'x'", "2026-01-02", "no"]
    assert [path.name for path in path.parent.iterdir()] == ["en.approval.yaml"]


def test_a_file_that_cannot_be_written_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "en.approval.yaml"
    path.write_text("old", encoding="utf-8")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(StorageError, match=r"cannot write .*No space left"):
        write_record(path, "A comment.", {"a": "new"})
    assert path.read_text(encoding="utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["en.approval.yaml"]


def test_who_reads_the_old_file_meanwhile_reads_it_whole(tmp_path: Path) -> None:
    path, held = tmp_path / "en.approval.yaml", tmp_path / "held"
    path.write_text("old", encoding="utf-8")
    held.hardlink_to(path)
    write_record(path, "A comment.", {"a": "new"})
    assert held.read_text(encoding="utf-8") == "old"
    assert "new" in path.read_text(encoding="utf-8")


def test_rights_and_links_of_a_record_stay(tmp_path: Path) -> None:
    path, link = tmp_path / "en.approval.yaml", tmp_path / "link.yaml"
    path.write_text("old", encoding="utf-8")
    path.chmod(0o664)
    link.symlink_to(path)
    write_record(link, "A comment.", {"a": "new"})
    assert link.is_symlink()
    assert "new" in path.read_text(encoding="utf-8")
    assert path.stat().st_mode & 0o777 == 0o664


def test_of_two_who_change_a_record_at_once_the_second_waits(tmp_path: Path) -> None:
    path = tmp_path / "count"
    path.write_text("0", encoding="utf-8")

    def add() -> None:
        for _ in range(20):
            with alone(tmp_path):
                number = int(path.read_text(encoding="utf-8"))
                time.sleep(0.001)
                path.write_text(str(number + 1), encoding="utf-8")

    people = [threading.Thread(target=add) for _ in range(3)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert path.read_text(encoding="utf-8") == "60"


def test_a_name_is_one_line() -> None:
    assert one_text("--by", "  Ann\n Lee ") == "Ann Lee"


@pytest.mark.parametrize("text", ["", " \n", "x" * 301, "An\ufffdn", "An\u200en", "An\x07n", "An\ufff9n"])
def test_a_name_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="--by"):
        one_text("--by", text)
