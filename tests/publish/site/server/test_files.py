"""Files are opened below the library folder only, and one answer is of one edition."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from hashlib import sha256
from pathlib import Path

import pytest
from tests.publish.site.server.conftest import SOUND, Shelf, descriptors, files_of, remove

from audioleaflet.publish.site.server import files as under_test
from audioleaflet.publish.site.server.addresses import Address
from audioleaflet.publish.site.server.files import Files, MovedToFolder, Opened
from audioleaflet.publish.site.server.refusals import Refusal

CHAPTER = f"chapters/{SOUND[:-4]}-01-what.mp3"


@contextmanager
def opened(shelf: Shelf, path: str, version: str | None = None, files: Files | None = None) -> Iterator[Opened]:
    found = (files or Files(shelf.folder)).open(address(path, version))
    try:
        yield found
    finally:
        found.close()


def address(path: str, version: str | None = None) -> Address:
    names = tuple(name for name in path.split("/") if name)
    return Address(names=names, folder=not path or path.endswith("/"), version=version)


def refused(shelf: Shelf, path: str, version: str | None = None) -> int:
    with pytest.raises(Refusal) as caught, opened(shelf, path, version):
        pass
    return caught.value.status


def version_of(seed: int, name: str = SOUND) -> str:
    return sha256(files_of(seed)[name]).hexdigest()[:12]


def test_a_file_of_an_edition_is_known_by_its_hash(shelf: Shelf) -> None:
    with opened(shelf, f"bones/en/{SOUND}") as file:
        assert file.tag == sha256(files_of(1)[SOUND]).hexdigest()[:32]
        assert file.read(10, 5) == files_of(1)[SOUND][10:15]
        assert (file.size, file.lasting) == (700_001, False)
    with opened(shelf, "assets/0a1b2c3d/page.css") as file:
        assert file.lasting
    with opened(shelf, "") as file:
        assert (file.name, file.lasting) == ("index.html", False)


def test_a_version_must_be_that_of_the_file(shelf: Shelf) -> None:
    with opened(shelf, f"bones/en/{SOUND}", version_of(1)):
        pass
    for wrong in (version_of(2), version_of(1)[:11], version_of(1).upper(), "", "0/0"):
        assert refused(shelf, f"bones/en/{SOUND}", wrong) == 410
    assert refused(shelf, "bones/en/book.json", version_of(1)) == 410  # not in its own list
    with opened(shelf, "index.html", "anything"):  # not of an edition: there is nothing to hold it against
        pass


def test_a_damaged_file_has_not_the_hash_of_what_it_was(shelf: Shelf) -> None:
    (shelf.edition / SOUND).write_bytes(b"cut off")
    assert refused(shelf, f"bones/en/{SOUND}", version_of(1)) == 410
    with opened(shelf, f"bones/en/{SOUND}") as file:
        assert file.tag != version_of(1)
        assert len(file.tag) == 24


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"files": 3}', '{"files": [{"path": "x"}]}', "[" * 200_000])
def test_a_damaged_book_lists_nothing(shelf: Shelf, content: str) -> None:
    (shelf.edition / "book.json").write_text(content, encoding="utf-8")
    assert refused(shelf, f"bones/en/{SOUND}", version_of(1)) == 410
    with opened(shelf, f"bones/en/{SOUND}") as file:
        assert len(file.tag) == 24


def test_no_link_is_followed(shelf: Shelf, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "index.html").write_text("secret", encoding="utf-8")
    (shelf.folder / "out").symlink_to(secret)
    (shelf.folder / "bones" / "fr").symlink_to(secret)
    (shelf.folder / "out.html").symlink_to(secret / "index.html")
    (shelf.edition / "loop").symlink_to("loop")
    (shelf.edition / "inside.html").symlink_to("index.html")  # even one that stays inside
    (shelf.edition / "chapters" / "up.html").symlink_to("../index.html")
    (shelf.folder / "hollow").mkdir()
    (shelf.folder / "hollow" / "index.html").symlink_to(secret / "index.html")
    for path in (
        "out/",
        "out",
        "out/index.html",
        "out.html",
        "bones/fr/",
        "bones/fr",
        "bones/en/loop",
        "hollow",
        "hollow/",
    ):
        assert refused(shelf, path) == 404
    (shelf.folder / "copy").symlink_to(shelf.folder / "bones")
    for path in (
        "copy/en/",
        f"copy/en/{SOUND}",
        "bones/en/inside.html",
        "bones/en/chapters/up.html",
        "bones/en/loop/x",
    ):
        assert refused(shelf, path) == 404
    (shelf.edition / "book.json").unlink()
    (shelf.edition / "book.json").symlink_to(secret / "index.html")
    assert refused(shelf, f"bones/en/{SOUND}") == 404


def test_what_is_no_file_is_not_opened(shelf: Shelf) -> None:
    os.mkfifo(shelf.folder / "pipe.mp3")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(os.path.relpath(shelf.folder / "socket.mp3"))
        for path in (
            "pipe.mp3",
            "socket.mp3",
            "assets",
            "assets/",
            "bones",
            "index.html/",
            "index.html/x",
            "no",
            "no/",
        ):
            assert refused(shelf, path) == 404


def test_a_device_is_not_opened(shelf: Shelf) -> None:
    assert refused(Shelf(Path("/dev")), "null") == 404
    assert refused(Shelf(Path("/dev")), "tty") == 404


def test_a_folder_is_told_where_it_has_a_page(shelf: Shelf) -> None:
    with pytest.raises(MovedToFolder):
        Files(shelf.folder).open(address("bones/en"))


def test_a_pipe_as_book_holds_up_nobody(shelf: Shelf) -> None:
    (shelf.edition / "book.json").unlink()
    os.mkfifo(shelf.edition / "book.json")
    with opened(shelf, "bones/en/"):
        pass


def test_every_descriptor_is_given_back(shelf: Shelf) -> None:
    files = Files(shelf.folder)
    before = descriptors()
    for path, version in (
        ("", None),
        (f"bones/en/{SOUND}", None),
        ("bones/en/x", None),
        ("bones/en/", "0"),
        ("assets", None),
    ):
        with suppress(Refusal):
            files.open(address(path, version)).close()
    with pytest.raises(MovedToFolder):
        files.open(address("bones/en"))
    assert descriptors() == before


def test_no_descriptors_left_is_told_as_busy(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: object, **_options: object) -> int:
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(os, "open", full)
    with pytest.raises(Refusal) as caught:
        Files(shelf.folder).open(address(""))
    assert (caught.value.status, caught.value.headers) == (503, {"Retry-After": "10"})


@pytest.mark.parametrize("path", [SOUND, CHAPTER])
def test_an_edition_exchanged_between_its_list_and_its_file(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """The old folder is open, its list was read, and then it is exchanged and removed: the new one is answered with."""
    files = Files(shelf.folder)
    real = under_test._open_below
    seeds = [2]

    def late(stack: ExitStack, at: int, names: tuple[str, ...]) -> int:
        if seeds:
            shelf.publish(files_of(seeds.pop()))
        return real(stack, at, names)

    monkeypatch.setattr(under_test, "_open_below", late)
    with opened(shelf, f"bones/en/{path}", files=files) as file:
        assert file.tag == sha256(files_of(2)[path]).hexdigest()[:32]
        assert file.read(0, 100) == files_of(2)[path][:100]
    seeds.append(3)
    with pytest.raises(Refusal) as caught:  # the version asked for was there when the request came, and is gone
        files.open(address(f"bones/en/{path}", version_of(2, path)))
    assert caught.value.status == 410


def test_an_edition_whose_list_is_removed_first(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """An old edition's file is never served without its list, under an address that names the new edition's."""
    real = under_test._Listings.of
    seeds = [2]
    old = shelf.folder.with_name("old")

    def late(self: under_test._Listings, edition: int) -> under_test.Listing | None:
        if seeds:
            shelf.edition.rename(old)
            (old / "book.json").unlink()
            shelf.publish(files_of(seeds.pop()))
        return real(self, edition)

    monkeypatch.setattr(under_test._Listings, "of", late)
    with opened(shelf, f"bones/en/{SOUND}", version_of(2)) as file:
        assert file.read(0, 100) == files_of(2)[SOUND][:100]


def test_between_two_renames_the_old_edition_answers(shelf: Shelf) -> None:
    """As a build leaves it for a moment where the system cannot exchange two folders."""
    shelf.edition.rename(shelf.edition.with_name(".en.old"))
    with opened(shelf, f"bones/en/{SOUND}", version_of(1)) as file:
        assert file.read(0, 100) == files_of(1)[SOUND][:100]


def test_what_is_open_stays_readable_when_the_edition_goes(shelf: Shelf) -> None:
    with opened(shelf, f"bones/en/{SOUND}") as file:
        remove(shelf.edition)
        assert file.read(0, file.size) == files_of(1)[SOUND]


def test_editions_are_counted(shelf: Shelf, tmp_path: Path) -> None:
    files = Files(shelf.folder)
    assert files.editions() == 1
    (shelf.folder / "bones" / ".fr.building").mkdir()
    (shelf.folder / "bones" / "fr").mkdir()
    (shelf.folder / "bones" / "linked").symlink_to(shelf.edition)
    assert files.editions() == 1
    (shelf.folder / "bones" / "fr" / "book.json").write_text("{}", encoding="utf-8")
    assert files.editions() == 2
    remove(shelf.folder)
    with pytest.raises(FileNotFoundError):
        files.editions()
