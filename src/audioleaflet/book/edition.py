"""The folder of an edition: built beside the old one and exchanged for it, so that nobody ever meets half a book."""

from __future__ import annotations

import ctypes
import errno
import filecmp
import os
import shutil
import sys
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from audioleaflet.errors import StorageError

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
# What tells a folder that was built here, even where the first of them was lost: an edition, or a library's prompts.
_BUILT = ("book.json", "script.json", "prompts.json", ".ulaw")


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """``folder`` is what people use; ``staging``, beside it, is what a build fills."""

    folder: Path
    staging: Path

    def commit(self, *, unchanged: Iterable[str], own: Collection[str] | None = None) -> None:
        """Put the staged files in the place of the old ones.

        ``unchanged``: paths whose bytes the old edition has too; its files are kept for them, so their times hold.
        ``own``: paths of all that the old edition is made of; what else lies in its folder is somebody's, and stays.
        None where nobody can tell.
        """
        for path in unchanged:
            _keep(self.folder / path, self.staging / path)
        if own is not None:
            _take_over(self.folder, self.staging, own)
        _exchange(self.staging, self.folder)


@contextmanager
def staged(folder: Path) -> Iterator[Edition]:
    """An empty staging folder for the edition at ``folder``, under a lock; gone at the end, whatever happens.

    Raises StorageError when another build holds the lock, something else is in the edition's place, or the disk does
    not take part.
    """
    staging = folder.with_name(f".{folder.name}.building")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        _check_place(folder)
        with locked(folder.with_name(f".{folder.name}.lock"), folder):
            heal(folder)
            _check_content(folder)
            shutil.rmtree(staging, ignore_errors=True)  # what a killed build left
            try:
                staging.mkdir()
                yield Edition(folder=folder, staging=staging)
            finally:
                shutil.rmtree(staging, ignore_errors=True)
    except OSError as error:
        raise storage_error(folder, error) from error


def _check_place(folder: Path) -> None:
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise StorageError(
            f"{folder} is in the way: it is not a folder",
            next_step="move it away, or name another folder with --output",
        )


def _check_content(folder: Path) -> None:
    found = sorted(path.name for path in folder.iterdir()) if folder.exists() else []
    if found and not any(name.endswith(_BUILT) for name in found):
        raise StorageError(
            f"{folder} is in the way: it holds {found[0]}, and no edition",
            next_step="move that away, or name another folder with --output",
        )


def storage_error(folder: Path, error: OSError) -> StorageError:
    """One clear line for what the disk did."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StorageError(f"the disk is full; {folder} is as it was", next_step="free some space and build again")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return StorageError(
            f"cannot write to {folder.parent}: {error.strerror}",
            next_step="make the folder writable, or write into another one",
        )
    if error.errno in (errno.ENOTDIR, errno.EEXIST):
        obstacle = next((parent for parent in folder.parents if parent.is_file()), error.filename)
        return StorageError(
            f"cannot make {folder}: {obstacle} is not a folder",
            next_step="move it away, or name another folder with --output",
        )
    return StorageError(f"cannot write {folder}: {error}", next_step="look at the folder and build again")


def heal(folder: Path) -> None:
    """Finish an exchange by two renames that was cut short between them: the old edition comes back.

    Every reader calls it. One who may not write, or who comes while the build goes on, changes nothing.
    """
    aside = _aside(folder)
    with suppress(OSError):
        if aside.is_dir() and not folder.exists():
            aside.rename(folder)
        elif aside.is_dir():
            shutil.rmtree(aside, ignore_errors=True)


def _aside(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.old")


def _keep(old: Path, new: Path) -> None:
    with suppress(FileNotFoundError):
        # One file under two names is kept already; another was damaged since it was made.
        if old.samefile(new) or not filecmp.cmp(old, new, shallow=False):
            return
        link = new.with_name(f"{new.name}.link")
        try:
            os.link(old, link)
        except OSError:  # a file system without hard links: the same bytes, and the time carried over
            shutil.copystat(old, new)
        else:
            link.replace(new)


def _take_over(old: Path, new: Path, own: Collection[str]) -> None:
    for path in old.rglob("*"):
        name = path.relative_to(old).as_posix()
        target = new / name
        if name in own or os.path.lexists(target) or (path.is_dir() and not path.is_symlink()):
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(path, target, follow_symlinks=False)
        except OSError:  # a file system without hard links
            shutil.copy2(path, target, follow_symlinks=False)


def _exchange(staging: Path, folder: Path) -> None:
    if not folder.exists():
        staging.rename(folder)
    elif not _exchanged_in_one_call(staging, folder):
        try:
            folder.rename(_aside(folder))
            staging.rename(folder)
        finally:
            heal(folder)


def _exchanged_in_one_call(one: Path, other: Path) -> bool:
    if sys.platform != "linux":
        return False
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except AttributeError:  # glibc before 2.28, musl
        return False
    status = renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE)
    if status == 0:
        return True
    if ctypes.get_errno() in (errno.EINVAL, errno.ENOSYS):  # a file system that cannot
        return False
    raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), str(other))


@contextmanager
def locked(path: Path, folder: Path) -> Iterator[None]:
    """Hold the lock file ``path``, gone at the end. Raises StorageError while another builds ``folder``."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            _lock(descriptor)
        except OSError as error:
            os.close(descriptor)
            raise StorageError(
                f"another build of {folder} is running", next_step="wait for it to end and build again"
            ) from error
        try:
            # The builder before us may have removed the file that we opened: then our lock is on nothing.
            current = path.stat().st_ino == os.fstat(descriptor).st_ino
        except FileNotFoundError:
            current = False
        if current:
            break
        os.close(descriptor)
    try:
        yield
    finally:
        with suppress(OSError):
            path.unlink()
        os.close(descriptor)


def _lock(descriptor: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
