"""A proof on the disk."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from tests.conftest import Made
from tests.editions import tree

from audioleaflet.errors import StorageError
from audioleaflet.proof.bundle import name, write_folder, write_zip

NAME = "bone-metastasis-en-proof"


def test_a_proof_is_a_folder_with_a_page_and_its_sound(real: Made, tmp_path: Path) -> None:
    page = write_folder("<p>One</p>", real.book, real.folder, tmp_path / "proof")
    assert name(real.book, real.folder) == NAME
    assert page == tmp_path / "proof" / NAME / f"{NAME}.html"
    sound = {one.audio for one in real.book.chapters}
    assert tree(page.parent).keys() == {f"{NAME}.html", *sound}
    for one in sound:
        assert (page.parent / one).read_bytes() == (real.folder / one).read_bytes()
    assert [path.name for path in page.parent.parent.iterdir()] == [NAME]


def test_a_later_proof_takes_the_place_of_an_earlier_one(real: Made, tmp_path: Path) -> None:
    page = write_folder("old", real.book, real.folder, tmp_path)
    (page.parent / "chapters" / "left-over.mp3").write_bytes(b"x")
    assert write_folder("new", real.book, real.folder, tmp_path).read_text(encoding="utf-8") == "new"
    assert not (page.parent / "chapters" / "left-over.mp3").exists()


def test_a_folder_that_is_no_proof_is_left_alone(real: Made, tmp_path: Path) -> None:
    other = tmp_path / NAME / "thesis.txt"
    other.parent.mkdir()
    other.write_text("mine", encoding="utf-8")
    with pytest.raises(StorageError, match="in the way"):
        write_folder("new", real.book, real.folder, tmp_path)
    assert other.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("other", ["signed.pdf", "chapters/notes.txt", "letters/one.mp3"])
def test_what_somebody_put_into_a_proof_is_not_deleted(real: Made, tmp_path: Path, other: str) -> None:
    page = write_folder("old", real.book, real.folder, tmp_path)
    signed = page.parent / other
    signed.parent.mkdir(exist_ok=True)
    signed.write_text("signed", encoding="utf-8")
    with pytest.raises(StorageError, match=f"in the way: {NAME}/.* is no part of a proof; move it away"):
        write_folder("new", real.book, real.folder, tmp_path)
    assert signed.read_text(encoding="utf-8") == "signed"
    assert page.read_text(encoding="utf-8") == "old"


def test_a_zip_that_is_no_proof_is_left_alone(real: Made, tmp_path: Path) -> None:
    folder = write_folder("<p>One</p>", real.book, real.folder, tmp_path).parent
    packed = write_zip(folder)
    assert write_zip(folder).read_bytes() == packed.read_bytes()
    with zipfile.ZipFile(packed, "a") as archive:
        archive.writestr(f"{NAME}/signed.pdf", "signed")
    for content in (packed.read_bytes(), b"mine"):
        packed.write_bytes(content)
        with pytest.raises(StorageError, match="is no part of a proof; move it away, or use --to"):
            write_zip(folder)
        assert packed.read_bytes() == content


def test_a_place_that_cannot_be_written_is_one_clear_error(real: Made, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(StorageError, match=r"cannot write .*; look at the disk, or use --to"):
        write_folder("new", real.book, real.folder, tmp_path / "file")


def test_the_zip_unpacks_into_its_own_folder_and_is_the_same_each_time(real: Made, tmp_path: Path) -> None:
    folder = write_folder("<p>One</p>", real.book, real.folder, tmp_path / "one").parent
    packed = write_zip(folder)
    assert packed == tmp_path / "one" / f"{NAME}.zip"
    with zipfile.ZipFile(packed) as archive:
        assert archive.testzip() is None
        assert {info.filename.split("/")[0] for info in archive.infolist()} == {NAME}
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        archive.extractall(tmp_path / "unpacked")
    assert tree(tmp_path / "unpacked" / NAME) == tree(folder)
    again = write_zip(write_folder("<p>One</p>", real.book, real.folder, tmp_path / "two").parent)
    assert again.read_bytes() == packed.read_bytes()
