from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from tests.publish.site.conftest import Written, make_files

from audioleaflet.book.model import Book
from audioleaflet.errors import PublishError
from audioleaflet.publish.site import write_archive

NAME = "sample-en-chapters.zip"


def test_the_zip_holds_every_chapter_in_order_as_it_is(any_written: Written) -> None:
    with zipfile.ZipFile(any_written.folder / NAME) as archive:
        assert archive.testzip() is None
        names = [chapter.audio.removeprefix("chapters/") for chapter in any_written.book.chapters]
        assert archive.namelist() == names
        for chapter, name in zip(any_written.book.chapters, names, strict=True):
            assert archive.read(name) == (any_written.folder / chapter.audio).read_bytes()


def test_stored_with_one_time_and_plain_permissions(written: Written) -> None:
    with zipfile.ZipFile(written.folder / NAME) as archive:
        for entry in archive.infolist():
            assert entry.compress_type == zipfile.ZIP_STORED
            assert entry.date_time == (1980, 1, 1, 0, 0, 0)
            assert entry.external_attr >> 16 == 0o100644


def test_the_same_chapters_give_the_same_bytes(written: Written, tmp_path: Path) -> None:
    again = make_files(written.book, tmp_path / "again")
    write_archive(again, tmp_path / "again")
    assert (tmp_path / "again" / NAME).read_bytes() == (written.folder / NAME).read_bytes()


def test_another_chapter_gives_other_bytes(written: Written) -> None:
    before = (written.folder / NAME).read_bytes()
    (written.folder / written.book.chapters[1].audio).write_bytes(b"another")
    write_archive(written.book, written.folder)
    assert (written.folder / NAME).read_bytes() != before


def test_a_missing_chapter_is_told(written: Written) -> None:
    (written.folder / written.book.chapters[1].audio).unlink()
    with pytest.raises(PublishError, match=r"01-what-is-it\.mp3 is missing; build the edition again"):
        write_archive(written.book, written.folder)


def test_a_chapter_with_another_name_is_told(sample: Book, tmp_path: Path) -> None:
    with pytest.raises(PublishError, match=r"'chapters/00-introduction\.mp3' is not a chapter's name"):
        write_archive(sample, tmp_path)
