"""A file of telephone sound, held open: µ-law, 8 kHz, one byte a sample."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from pathlib import Path
from typing import Final

SILENCE: Final = b"\xff"
"""A sample of silence in µ-law (ITU-T G.711)."""

_BLOCK = 1 << 20


class Pcm:
    """The bytes of a sound, read by slices as from ``bytes``; its file stays open until nobody holds this any more.

    A call so keeps the sound that it began with, also after the edition's folder was exchanged. It is read, not mapped:
    a mapped file that another program cuts short ends the whole process (SIGBUS), and with it every call. A slice is
    always as long as the file was when it was opened; what has gone from the file since is silence.
    """

    __slots__ = ("_descriptor", "_size")

    def __init__(self, path: Path) -> None:
        """Open ``path``. Raises OSError."""
        self._descriptor = -1
        self._descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        self._size = os.fstat(self._descriptor).st_size

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, part: slice) -> bytes:
        begin, end, step = part.indices(self._size)
        if step != 1:
            raise ValueError("sound is read forwards, every sample")
        wanted = max(0, end - begin)
        found = b""
        with suppress(OSError):  # a disk that fails must not end the calls that need nothing of this file
            found = os.pread(self._descriptor, wanted, begin)
        return found if len(found) == wanted else found + SILENCE * (wanted - len(found))

    def __del__(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)

    def sha256(self) -> str:
        """The SHA-256 of all of it, as 64 hexadecimal digits. Raises OSError."""
        digest = hashlib.sha256()
        position = 0
        while block := os.pread(self._descriptor, _BLOCK, position):
            digest.update(block)
            position += len(block)
        return digest.hexdigest()
