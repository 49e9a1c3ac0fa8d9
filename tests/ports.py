"""Ports for programs that must be told theirs: while a test process runs, no other one is given the same.

A port that the system names is free only until it is closed: the next to ask for any port may be given that very one.
So these are below those that the system names, in blocks, each held by a lock on a file, which no ended process keeps.
"""

from __future__ import annotations

import fcntl
import os
import socket
import tempfile
import threading
from collections import deque
from io import FileIO
from pathlib import Path

_BLOCK = 200
_BLOCKS = 10  # that a process has at most: the other ones want some as well
_DEFAULT_RTP = range(20_000, 21_000)  # a line takes these where its settings name none
_FIRSTS = [first for first in range(10_000, 32_000, _BLOCK) if first not in _DEFAULT_RTP]
_locks: list[FileIO] = []
_free: deque[int] = deque()
_used: deque[int] = deque()
_one_at_a_time = threading.Lock()


def free_ports(span: int = 1, *, host: str = "127.0.0.1") -> int:
    """The first, even, of ``span`` ports in a row, at most 200, that nothing of this machine uses, TCP or UDP.

    A process is given a port again when it has had all that it may have, the one that it was given longest ago first.
    """
    assert 0 < span <= _BLOCK
    with _one_at_a_time:
        for _ in range(2 * _BLOCKS):
            while len(_free) >= span:
                row = [_free.popleft() for _ in range(span + span % 2)]
                _used.extend(row)
                if row[-1] - row[0] == len(row) - 1 and all(_is_free(host, port) for port in row):
                    return row[0]
            _used.extend(_free)
            _free.clear()
            _free.extend(_block() or [_used.popleft() for _ in range(min(_BLOCK, len(_used)))])
    raise AssertionError("no port is free")


def _block() -> list[int]:
    """The ports of a block that no process has; none, where there is none, or this process has enough."""
    folder = Path(tempfile.gettempdir()) / f"audioleaflet-ports-{os.getuid()}"
    folder.mkdir(exist_ok=True)
    for first in _FIRSTS if len(_locks) < _BLOCKS else ():
        lock = FileIO(folder / str(first), "w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            continue
        _locks.append(lock)
        return list(range(first, first + _BLOCK))
    return []


def _is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
        with socket.socket(family, kind) as probe:
            if kind is socket.SOCK_STREAM:  # an ended connection keeps its port a minute, in nobody's way
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                return False
    return True
