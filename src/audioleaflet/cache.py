"""A content-addressed cache of bytes on disk: what was made once from the same request is not made again."""

from __future__ import annotations

import hashlib
import itertools
import os
import struct
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path

from audioleaflet.errors import StorageError

LIMIT_BYTES = 4_000_000_000  # two ten-hour books of clips at 22,050 Hz
_DIGEST = hashlib.sha256
_DIGEST_BYTES = 32
_SIZES = struct.Struct("<QQ")  # of head and body
_HEAD_BYTES = 1 << 16  # the loudness of five minutes in one clip
_STALE_S = 3600
_TEMPORARY = ".part"


@cache
def version_of(library: str) -> str:
    """The version of an installed library, which a key names where its bytes depend on it. Looked up once: 0.5 ms."""
    return version(library)


def key_of(*parts: bytes) -> str:
    """The address of what these bytes ask for: 64 hexadecimal digits. The parts' boundaries count."""
    digest = _DIGEST()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()


class Cache:
    """Files in one folder, named by what they answer.

    Each begins with the SHA-256 of what follows, so that damage is noticed: of a short head and of a body, which are
    read apart. Safe for several threads and processes: an entry appears whole, by a rename.
    """

    def __init__(self, folder: Path, *, limit_bytes: int = LIMIT_BYTES, thorough: bool = False) -> None:
        """``thorough``: a head counts only with a whole body."""
        self.folder = folder
        self.thorough = thorough
        self.limit_bytes = limit_bytes
        self._numbers = itertools.count()
        self._since = time.time()

    def get(self, key: str) -> memoryview | None:
        """The body that was put under ``key``; None where nothing whole is there. A damaged entry is deleted."""
        return self._read(key, body=True)

    def head(self, key: str) -> memoryview | None:
        """The head that was put under ``key``; of the body its length is looked at, and its bytes if ``thorough``."""
        if self.thorough and self._read(key, body=True) is None:
            return None
        return self._read(key, body=False)

    def put(self, key: str, *body: bytes, head: bytes = b"") -> None:
        """Keep ``head`` and ``body``, its parts end to end, under ``key``. Raises StorageError."""
        path = self.folder / key
        temporary = path.with_name(f"{key}.{os.getpid()}.{next(self._numbers)}{_TEMPORARY}")
        digest = _DIGEST()
        for part in body:
            digest.update(part)
        sizes = _SIZES.pack(len(head), sum(map(len, body)))
        start = _DIGEST(sizes + head + digest.digest()).digest()
        try:
            try:
                file = temporary.open("wb")
            except FileNotFoundError:
                path.parent.mkdir(parents=True, exist_ok=True)
                file = temporary.open("wb")
            with file:
                file.writelines((start, digest.digest(), sizes, head, *body))
            temporary.replace(path)
        except OSError as error:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
            raise _unusable(self.folder, error) from error

    def _read(self, key: str, *, body: bool) -> memoryview | None:
        path = self.folder / key
        try:
            with path.open("rb", buffering=0) as file:
                size = os.fstat(file.fileno()).st_size
                content = file.read(size if body else _HEAD_BYTES)
                part = _whole(memoryview(content), size, body=body)
                if part is None and len(content) < size:  # a longer head than most, or damage
                    part = _whole(memoryview(content + file.read()), size, body=body)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _unusable(self.folder, error) from error
        with suppress(OSError):  # a cache that cannot be written still serves
            if part is None:
                path.unlink()
            else:
                os.utime(path)
        return part

    def prune(self) -> None:
        """Drop the least recently used entries until the rest fits; what this process used stays."""
        entries = sorted(self._entries(), key=lambda entry: entry[1])
        total = sum(size for _, _, size in entries)
        for path, used, size in entries:
            if path.name.endswith(_TEMPORARY):  # perhaps another process is about to give it its name
                unneeded = used < self._since - _STALE_S
            else:
                unneeded = total > self.limit_bytes and used < self._since
            if unneeded:
                with suppress(OSError):
                    path.unlink()
                    total -= size

    def _entries(self) -> Iterator[tuple[Path, float, int]]:
        for path in self.folder.glob("*"):
            with suppress(OSError):
                status = path.stat()
                yield path, status.st_mtime, status.st_size


def _whole(content: memoryview, size: int, *, body: bool) -> memoryview | None:
    """The body or the head of an entry of ``size`` bytes that begins with ``content``, if it is what was put."""
    start = 2 * _DIGEST_BYTES + _SIZES.size
    if len(content) < start:
        return None
    digest = bytes(content[_DIGEST_BYTES : 2 * _DIGEST_BYTES])
    head_bytes, body_bytes = _SIZES.unpack_from(content, 2 * _DIGEST_BYTES)
    head = content[start : start + head_bytes]
    told = _DIGEST(bytes(content[2 * _DIGEST_BYTES : start]) + bytes(head) + digest).digest()
    if told != content[:_DIGEST_BYTES] or size != start + head_bytes + body_bytes:
        return None
    if not body:
        return head
    found = content[start + head_bytes :]
    return found if _DIGEST(found).digest() == digest else None


def _unusable(folder: Path, error: OSError) -> StorageError:
    return StorageError(
        f"cannot use the cache in {folder}: {error.strerror}",
        next_step="free some space, or name another folder with --cache",
    )
