"""A content-addressed cache of bytes on disk: what was made once from the same request is not made again."""

from __future__ import annotations

import hashlib
import itertools
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from audioleaflet.errors import StorageError

LIMIT_BYTES = 4_000_000_000  # two ten-hour books of clips at 22,050 Hz
_DIGEST = hashlib.sha256
_DIGEST_BYTES = 32
_STALE_S = 3600
_TEMPORARY = ".part"


def key_of(*parts: bytes) -> str:
    """The address of what these bytes ask for: 64 hexadecimal digits. The parts' boundaries count."""
    digest = _DIGEST()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()


class Cache:
    """Files named by what they answer. Each begins with the SHA-256 of the rest, so that damage is noticed.

    Safe for several threads and processes: an entry appears whole, by a rename.
    """

    def __init__(self, folder: Path, *, limit_bytes: int = LIMIT_BYTES) -> None:
        self.folder = folder
        self.limit_bytes = limit_bytes
        self._numbers = itertools.count()
        self._since = time.time()

    def get(self, key: str) -> memoryview | None:
        """What was put under ``key``; None where nothing whole is there. A damaged entry is deleted."""
        path = self._path(key)
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _unusable(self.folder, error) from error
        if _DIGEST(memoryview(content)[_DIGEST_BYTES:]).digest() != content[:_DIGEST_BYTES]:
            with suppress(OSError):
                path.unlink()
            return None
        with suppress(OSError):  # a cache that cannot be written still serves
            os.utime(path)
        return memoryview(content)[_DIGEST_BYTES:]

    def put(self, key: str, *content: bytes) -> None:
        """Keep ``content``, its parts end to end, under ``key``. Raises StorageError."""
        path = self._path(key)
        temporary = path.with_name(f"{key}.{os.getpid()}.{next(self._numbers)}{_TEMPORARY}")
        try:
            try:
                file = temporary.open("wb")
            except FileNotFoundError:
                path.parent.mkdir(parents=True, exist_ok=True)
                file = temporary.open("wb")
            digest = _DIGEST()
            for part in content:
                digest.update(part)
            with file:
                file.writelines((digest.digest(), *content))
            temporary.replace(path)
        except OSError as error:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
            raise _unusable(self.folder, error) from error

    def prune(self) -> None:
        """Drop the least recently used entries until the rest fits; what this process used stays."""
        entries = sorted(self._entries(), key=lambda entry: entry[1])
        total = sum(size for _, _, size in entries)
        for path, used, size in entries:
            stale = path.name.endswith(_TEMPORARY) and used < self._since - _STALE_S
            too_much = total > self.limit_bytes and used < self._since
            if stale or too_much:
                with suppress(OSError):
                    path.unlink()
                    total -= size

    def _entries(self) -> Iterator[tuple[Path, float, int]]:
        for path in self.folder.glob("??/*"):
            with suppress(OSError):
                status = path.stat()
                yield path, status.st_mtime, status.st_size

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / key


def _unusable(folder: Path, error: OSError) -> StorageError:
    return StorageError(
        f"cannot use the cache in {folder}: {error.strerror}",
        next_step="free some space, or name another folder with --cache",
    )
