"""Limits on connections, where HTTP is read: time, room and number, so that no one client can hold up the others."""

from __future__ import annotations

import asyncio
import fcntl
import struct
import termios
from dataclasses import dataclass
from typing import ClassVar, Protocol

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

LARGEST_HEADER = 16 * 1024  # bytes of a request line and its headers
_LOOKS = 6  # at a stalled reader, in the time that it is given


class Counts(Protocol):
    """Where answers are counted that no application gave."""

    def answered(self, status: int, media_type: str, sent: int) -> None:
        """Count one answer by its status and media type, with the ``sent`` bytes of its body."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """``connections``: answered at one time; beyond, they are told to come again, and beyond ``spare`` more, cut off.

    ``header_s``: seconds for a request to arrive. ``stalled_s``: for a reader that takes nothing. ``idle_s``: between
    two requests.
    """

    connections: int = 1000
    spare: int = 100
    header_s: float = 10
    stalled_s: float = 60
    idle_s: int = 10


class GuardedProtocol(H11Protocol):
    """uvicorn's HTTP/1.1, with limits. ``limits`` and ``counts`` are those of the subclass that ``guarded`` makes."""

    limits: ClassVar[Limits]
    counts: ClassVar[Counts]

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._header_timer: asyncio.TimerHandle | None = None
        self._waiting = 0
        self._taken_at = self.loop.time()
        self._watch = self.loop.call_later(self.limits.stalled_s / _LOOKS, self._look)
        crowd = len(self.connections)
        if crowd > self.limits.connections + self.limits.spare:
            transport.abort()
        elif crowd > self.limits.connections:
            self.app_state = {**self.app_state, "crowded": True}
        self._time_headers()

    def data_received(self, data: bytes) -> None:
        """Take in what arrived; a request has a limited time from its first byte to its last header."""
        super().data_received(data)
        if self.conn.their_state is h11.IDLE:
            self._time_headers()
        else:
            self._stop_header_timer()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        self._watch.cancel()
        self._stop_header_timer()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 (uvicorn's words)
        """Answer what is not HTTP, or too long; then close. Nothing of it is repeated, logged or kept."""
        self.counts.answered(400, "", 0)
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE) and (
            self.cycle is None or self.cycle.response_complete
        ):
            super().send_400_response("This is not a request that can be answered, or it is too long.\n")
        else:  # an answer is on its way
            self.transport.abort()

    def _time_headers(self) -> None:
        if self._header_timer is None:
            self._header_timer = self.loop.call_later(self.limits.header_s, self.transport.abort)

    def _stop_header_timer(self) -> None:
        if self._header_timer is not None:
            self._header_timer.cancel()
            self._header_timer = None

    def _look(self) -> None:
        """Cut off who has taken nothing for too long of what waits for them, here and in the kernel."""
        waiting = self.transport.get_write_buffer_size() + _in_kernel(self.transport)
        moment = self.loop.time()
        if waiting == 0 or waiting != self._waiting:
            self._taken_at = moment
        elif moment - self._taken_at >= self.limits.stalled_s:
            self.transport.abort()
            return
        self._waiting = waiting
        self._watch = self.loop.call_later(self.limits.stalled_s / _LOOKS, self._look)


def guarded(limits: Limits, counts: Counts) -> type[GuardedProtocol]:
    """The protocol with these limits, for uvicorn's ``http``."""
    return type("LimitedProtocol", (GuardedProtocol,), {"limits": limits, "counts": counts})


def _in_kernel(transport: asyncio.Transport) -> int:
    """Bytes that were sent and not yet received (Linux: SIOCOUTQ, tcp(7)); 0 where the system does not tell."""
    connection = transport.get_extra_info("socket")
    if connection is None or connection.fileno() < 0:
        return 0
    try:
        (count,) = struct.unpack("i", fcntl.ioctl(connection.fileno(), termios.TIOCOUTQ, b"\0" * 4))
    except OSError:
        return 0
    return int(count)
