"""Zips: the same bytes for the same files, whole or not at all."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from audioleaflet.errors import PublishError
from audioleaflet.publish.zipped import Entry, write_zip


def test_entries_in_their_order_of_one_time_and_with_plain_permissions(tmp_path: Path) -> None:
    (tmp_path / "sound").write_bytes(b"s" * 1000)
    path = tmp_path / "a.zip"
    entries = [
        Entry(name="mimetype", content=b"application/epub+zip"),
        Entry(name="b/page.xhtml", content=b"p" * 1000, stored=False),
        Entry(name="a.mp3", content=tmp_path / "sound"),
    ]
    write_zip(path, entries)
    assert path.read_bytes()[30:58] == b"mimetypeapplication/epub+zip"
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert [(one.filename, one.compress_type) for one in archive.infolist()] == [
            ("mimetype", zipfile.ZIP_STORED),
            ("b/page.xhtml", zipfile.ZIP_DEFLATED),
            ("a.mp3", zipfile.ZIP_STORED),
        ]
        assert archive.read("a.mp3") == b"s" * 1000
        for one in archive.infolist():
            assert (one.date_time, one.external_attr >> 16, one.extra) == ((1980, 1, 1, 0, 0, 0), 0o100644, b"")


def test_the_time_of_a_file_does_not_count(tmp_path: Path) -> None:
    sound = tmp_path / "sound"
    sound.write_bytes(b"s")
    write_zip(tmp_path / "a.zip", [Entry(name="a", content=sound)])
    os.utime(sound, (1, 1))
    sound.chmod(0o600)
    write_zip(tmp_path / "b.zip", [Entry(name="a", content=sound)])
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_what_cannot_be_written_whole_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    write_zip(path, [Entry(name="a", content=b"1")])
    before = path.read_bytes()
    with pytest.raises(PublishError, match="sound is missing; build the edition again"):
        write_zip(path, [Entry(name="a", content=b"2"), Entry(name="b", content=tmp_path / "sound")])
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["a.zip"]


def test_an_error_on_the_way_leaves_nothing(tmp_path: Path) -> None:
    def entries() -> Iterator[Entry]:
        yield Entry(name="a", content=b"1")
        raise PublishError("no more")

    with pytest.raises(PublishError):
        write_zip(tmp_path / "a.zip", entries())
    assert not list(tmp_path.iterdir())


def test_a_file_that_two_editions_share_is_not_written_over(tmp_path: Path) -> None:
    old, new = tmp_path / "old.zip", tmp_path / "new.zip"
    write_zip(old, [Entry(name="a", content=b"1")])
    before = old.read_bytes()
    os.link(old, new)
    write_zip(new, [Entry(name="a", content=b"2")])
    assert old.read_bytes() == before
    assert new.read_bytes() != before
