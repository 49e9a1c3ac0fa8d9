from __future__ import annotations

import ctypes
import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.editions import environment

from audioleaflet.book import edition
from audioleaflet.book.edition import heal, staged
from audioleaflet.errors import StorageError

LOCK_HOLDER = """
import sys, time
from pathlib import Path
from audioleaflet.book.edition import staged
with staged(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The place of an edition, with an old one in it."""
    old = tmp_path / "small" / "en"
    (old / "chapters").mkdir(parents=True)
    (old / "book.json").write_text("{}")
    (old / "same.txt").write_text("same")
    (old / "chapters" / "one.mp3").write_text("old sound")
    return old


@pytest.fixture(params=["one call", "two renames"])
def exchange(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways of putting the new edition in the place of the old."""
    if request.param == "two renames":
        monkeypatch.setattr(edition, "_exchanged_in_one_call", lambda one, other: False)
    return str(request.param)


def beside(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.parent.iterdir() if path != folder)


def files(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()}


OLD = {"book.json": "{}", "same.txt": "same", "chapters/one.mp3": "old sound"}


def test_a_new_edition_takes_the_place_of_the_old(folder: Path, exchange: str) -> None:
    with staged(folder) as new:
        (new.staging / "new.txt").write_text("new")
        assert files(folder) == OLD
        new.commit(unchanged=())
        assert files(folder) == {"new.txt": "new"}
    assert files(folder) == {"new.txt": "new"}
    assert beside(folder) == []


def test_a_first_edition_makes_its_folders(tmp_path: Path, exchange: str) -> None:
    folder = tmp_path / "audio" / "small" / "en"
    with staged(folder) as new:
        (new.staging / "new.txt").write_text("new")
        new.commit(unchanged=())
    assert files(folder) == {"new.txt": "new"}
    assert beside(folder) == []


def test_unchanged_files_are_the_same_files(folder: Path, exchange: str) -> None:
    before = (folder / "same.txt").stat()
    with staged(folder) as new:
        for name in ("same.txt", "other.txt"):
            (new.staging / name).write_text("same")
        new.commit(unchanged=("same.txt", "missing.txt"))
    after = (folder / "same.txt").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert files(folder) == {"same.txt": "same", "other.txt": "same"}


def test_an_old_file_that_was_damaged_on_disk_is_not_kept(folder: Path) -> None:
    (folder / "same.txt").write_text("s@me")
    with staged(folder) as new:
        (new.staging / "same.txt").write_text("same")
        new.commit(unchanged=("same.txt",))
    assert files(folder) == {"same.txt": "same"}


@pytest.mark.parametrize("links", [True, False])
def test_what_somebody_put_beside_an_editions_files_stays(
    folder: Path, exchange: str, links: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "notes.txt").write_text("mine")
    (folder / "chapters" / "extra").mkdir()
    (folder / "chapters" / "extra" / "signed.mp4").write_text("film")
    (folder / "chapters" / "extra" / "link").symlink_to("signed.mp4")
    if not links:
        monkeypatch.setattr(os, "link", lambda *_, **__: os.open("/nowhere", os.O_RDONLY))
    for text in ("new", "newer"):
        with staged(folder) as new:
            (new.staging / "book.json").write_text(text)
            new.commit(unchanged=(), own=OLD)
        assert files(folder) == {
            "book.json": text,
            "notes.txt": "mine",
            "chapters/extra/signed.mp4": "film",
            "chapters/extra/link": "film",
        }
        assert (folder / "chapters" / "extra" / "link").is_symlink()
    assert beside(folder) == []


def test_a_folder_that_holds_no_edition_is_left_alone(folder: Path) -> None:
    (folder / "book.json").unlink()
    with (
        pytest.raises(StorageError, match=r"en is in the way: it holds chapters, and no edition; move that away"),
        staged(folder),
    ):
        pass
    assert files(folder) == {name: text for name, text in OLD.items() if name != "book.json"}
    assert beside(folder) == []


def test_without_hard_links_the_time_is_carried_over(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "no hard links here")

    monkeypatch.setattr(os, "link", refuse)
    os.utime(folder / "same.txt", ns=(10**18, 10**18))
    with staged(folder) as new:
        (new.staging / "same.txt").write_text("same")
        new.commit(unchanged=("same.txt",))
    assert (folder / "same.txt").stat().st_mtime_ns == 10**18
    assert files(folder) == {"same.txt": "same"}


@pytest.mark.parametrize("stop", [KeyboardInterrupt, ValueError, SystemExit])
def test_a_build_that_stops_leaves_the_old_edition_and_nothing_else(folder: Path, stop: type[BaseException]) -> None:
    def half_a_build() -> None:
        with staged(folder) as new:
            (new.staging / "half.mp3").write_text("half")
            raise stop

    with pytest.raises(stop):
        half_a_build()
    assert files(folder) == OLD
    assert beside(folder) == []


def test_what_a_killed_build_left_is_cleared(folder: Path) -> None:
    (folder.parent / ".en.building" / "chapters").mkdir(parents=True)
    (folder.parent / ".en.building" / "half.mp3").write_text("half")
    (folder.parent / ".en.lock").touch()
    with staged(folder) as new:
        assert files(new.staging) == {}
    assert beside(folder) == []


def test_only_one_build_at_a_time(folder: Path) -> None:
    with (
        staged(folder) as new,
        pytest.raises(StorageError, match=r"another build of .*en is running; wait for it"),
        staged(folder),
    ):
        raise AssertionError("both hold the lock")
    assert new.staging != folder
    assert files(folder) == OLD
    assert beside(folder) == []


def test_another_process_holds_the_lock_until_it_dies(folder: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", LOCK_HOLDER, str(folder)], stdout=subprocess.PIPE, env=environment()
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(StorageError, match="another build"), staged(folder):
            pass
        assert (folder.parent / ".en.building").is_dir(), "the running build's files were taken away"
        other.kill()
        other.wait()
    with staged(folder):
        pass
    assert beside(folder) == []


def test_a_lock_file_that_was_removed_meanwhile_is_not_a_lock(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[int] = []
    take = edition._lock

    def remove_before(descriptor: int) -> None:
        opened.append(descriptor)
        if len(opened) == 1:  # the builder before us ends between our open and our lock
            (folder.parent / ".en.lock").unlink()
        take(descriptor)

    monkeypatch.setattr(edition, "_lock", remove_before)
    with staged(folder):
        assert len(opened) == 2
        monkeypatch.setattr(edition, "_lock", take)
        with pytest.raises(StorageError), staged(folder):
            pass
    assert beside(folder) == []


# An exchange by two renames


@contextmanager
def killed_between_the_renames(folder: Path) -> Iterator[None]:
    """The state that a kill leaves between the two renames."""
    folder.rename(folder.parent / ".en.old")
    (folder.parent / ".en.building").mkdir()
    (folder.parent / ".en.building" / "new.txt").write_text("new")
    yield
    assert not (folder.parent / ".en.old").exists()


def test_a_reader_heals_an_exchange_that_was_cut_short(folder: Path) -> None:
    with killed_between_the_renames(folder):
        heal(folder)
        assert files(folder) == OLD


def test_the_next_build_heals_it_too(folder: Path, exchange: str) -> None:
    with killed_between_the_renames(folder), staged(folder) as new:
        assert files(folder) == OLD
        assert files(new.staging) == {}
    assert beside(folder) == []


def test_after_the_second_rename_the_new_edition_stays(folder: Path) -> None:
    aside = folder.parent / ".en.old"
    aside.mkdir()
    (aside / "older.txt").write_text("older")
    heal(folder)
    assert files(folder) == OLD
    assert beside(folder) == []


def test_a_reader_that_heals_at_the_same_moment_as_the_build_does_no_harm(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The reader saw the old edition aside and none in its place; then the build put the new one there.
    aside = folder.parent / ".en.old"
    aside.mkdir()
    (aside / "older.txt").write_text("older")
    real_exists = Path.exists
    monkeypatch.setattr(Path, "exists", lambda path, **_: path != folder and real_exists(path))
    heal(folder)
    monkeypatch.undo()
    assert files(folder) == OLD


def test_a_reader_that_may_not_write_is_not_stopped_by_healing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> Path:
        raise PermissionError(errno.EACCES, "Permission denied")

    folder.rename(folder.parent / ".en.old")
    monkeypatch.setattr(Path, "rename", refuse)
    heal(folder)


# The one call


def test_both_folders_are_exchanged_in_one_call(tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    if not edition._exchanged_in_one_call(tmp_path / "one", tmp_path / "other"):
        pytest.skip("this system cannot exchange two folders in one call")
    assert files(tmp_path) == {"one/other": "", "other/one": ""}


@pytest.mark.parametrize("code", [errno.EINVAL, errno.ENOSYS])
def test_a_file_system_that_cannot_exchange_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda *_, **__: _Libc(code))
    assert not edition._exchanged_in_one_call(tmp_path / "one", tmp_path / "other")


def test_any_other_refusal_of_the_exchange_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda *_, **__: _Libc(errno.EROFS))
    with pytest.raises(OSError, match="Read-only"):
        edition._exchanged_in_one_call(tmp_path / "one", tmp_path / "other")


class _Libc:
    def __init__(self, code: int) -> None:
        self._code = code

    def renameat2(self, *_: object) -> int:
        ctypes.set_errno(self._code)
        return -1


# What the disk did


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (errno.ENOSPC, "the disk is full; .* is as it was; free some space"),
        (errno.EDQUOT, "the disk is full; .* is as it was; free some space"),
        (errno.EACCES, "cannot write to .*small: Permission denied; make the folder writable"),
        (errno.EROFS, "cannot write to .*small: Read-only file system; make the folder writable"),
        (errno.EIO, "cannot write .*en: .*Input/output error"),
    ],
)
def test_every_fault_of_the_disk_is_one_clear_line(folder: Path, code: int, told: str) -> None:
    with pytest.raises(StorageError, match=told) as caught, staged(folder):
        raise OSError(code, os.strerror(code), "somewhere")
    assert caught.value.exit_code == 8
    assert "\n" not in str(caught.value)
    assert files(folder) == OLD
    assert beside(folder) == []


def test_a_file_where_a_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "audio").write_text("not a folder")
    with pytest.raises(StorageError, match="audio"), staged(tmp_path / "audio" / "small" / "en"):
        pass
    (tmp_path / "small").mkdir()
    (tmp_path / "small" / "en").write_text("not a folder")
    with pytest.raises(StorageError, match="en"), staged(tmp_path / "small" / "en") as new:
        new.commit(unchanged=())
    assert (tmp_path / "small" / "en").read_text() == "not a folder"
    assert beside(tmp_path / "small" / "en") == []
