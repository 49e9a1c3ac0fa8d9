"""Figures of the line for its operator: counts and durations, in Prometheus' text format 0.0.4, on loopback only.

That somebody hears a leaflet about cancer is health data, and the telephone exchange knows who called when. So chapters
are counted by their number alone, not by leaflet, and nothing here comes from a caller besides which keys command.
"""

from __future__ import annotations

import asyncio
import os
from bisect import bisect_left
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Final, Literal

from audioleaflet.bind import Bind
from audioleaflet.errors import ConfigError
from audioleaflet.hotline.events import Count

Outcome = Literal["caller", "goodbye", "transferred", "unconfirmed", "silent", "stopped", "fault"]
"""How a call ended: the caller hung up; it was over; a person took it; its answer was never confirmed; no sound came
from it any more; the line was closed; a fault of ours."""

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_LATE_S: Final = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
_CALL_S: Final = (10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1200.0, 1800.0, 3600.0)
_SLOW_S: Final = 5.0  # for a request to come, and for its answer to go
_READERS: Final = 8  # at once
_LONGEST: Final = 8192  # bytes of a request

Labels = Mapping[str, str]
Sample = tuple[str, Labels, float]


class Histogram:
    """How many values were up to each of ``bounds``, how many there were, and their sum."""

    def __init__(self, bounds: Sequence[float]) -> None:
        self._bounds = tuple(bounds)
        self._counts = [0] * (len(bounds) + 1)
        self._sum = 0.0

    def add(self, value: float) -> None:
        """Count a value."""
        self._counts[bisect_left(self._bounds, value)] += 1
        self._sum += value

    def samples(self) -> Iterator[Sample]:
        """Its samples, as Prometheus names them."""
        total = 0
        for bound, count in zip((*map(_number, self._bounds), "+Inf"), self._counts, strict=True):
            total += count
            yield "_bucket", {"le": bound}, total
        yield "_sum", {}, self._sum
        yield "_count", {}, total


class Metrics:
    """All figures since the line was opened. For the thread of the line. Each method takes what one event counts."""

    def __init__(
        self, *, editions: Callable[[], int] = lambda: 0, places_work: Callable[[], bool] = lambda: True
    ) -> None:
        self._editions = editions
        self._places_work = places_work
        self._counts: Counter[tuple[str, str]] = Counter()
        self._ended: Counter[Outcome] = Counter()
        self._refused: Counter[int] = Counter()
        self._active = 0
        self._late = Histogram(_LATE_S)
        self._lasted = Histogram(_CALL_S)

    @property
    def active(self) -> int:
        """The calls that are going on."""
        return self._active

    def count(self, count: Count) -> None:
        """What a call asks to have counted. A chapter is known by its number alone."""
        label = count.label.rpartition("/")[2] if count.what.startswith("chapter") else count.label
        self._counts[count.what, label] += 1

    def began(self) -> None:
        """A call was answered."""
        self._active += 1

    def ended(self, outcome: Outcome, seconds: float) -> None:
        """A call that began is over, after so many seconds."""
        self._active -= 1
        self._ended[outcome] += 1
        self._lasted.add(seconds)

    def refused(self, status: int) -> None:
        """A call was not taken; ``status``: with which status of SIP."""
        self._refused[status] += 1

    def late(self, seconds: float) -> None:
        """Sound was sent so many seconds after its time."""
        self._late.add(seconds)

    def text(self) -> str:
        """Everything, in the text format 0.0.4 of Prometheus."""
        lines: list[str] = []
        for name, kind, meaning, samples in self._families():
            lines += [f"# HELP audioleaflet_{name} {meaning}", f"# TYPE audioleaflet_{name} {kind}"]
            lines += [f"audioleaflet_{name}{end}{_labels(labels)} {_number(value)}" for end, labels, value in samples]
        return "\n".join(lines) + "\n"

    def _families(self) -> Iterator[tuple[str, str, str, Iterable[Sample]]]:
        yield "calls_active", "gauge", "Calls going on.", [("", {}, self._active)]
        ended = [("", {"outcome": outcome}, float(number)) for outcome, number in sorted(self._ended.items())]
        yield "calls_total", "counter", "Calls that are over, by how they ended.", ended
        refused = [("", {"status": str(status)}, float(number)) for status, number in sorted(self._refused.items())]
        yield "calls_refused_total", "counter", "Calls that were not taken, by status.", refused
        yield "call_seconds", "histogram", "How long calls lasted.", self._lasted.samples()
        yield "chapters_begun_total", "counter", "Chapters begun, by number.", self._by("chapter-begun", "chapter")
        finished = self._by("chapter-finished", "chapter")
        yield "chapters_finished_total", "counter", "Chapters heard to their end, by number.", finished
        yield "keys_total", "counter", "Keys that command, by key.", self._by("key", "key")
        yield "codes_kept_total", "counter", "Places kept.", self._one("code-kept")
        yield "codes_refused_total", "counter", "Places not kept: codes off, or too many.", self._one("code-refused")
        yield "codes_found_total", "counter", "Places found again.", self._one("code-found")
        yield "transfers_total", "counter", "Callers to be connected to a person.", self._one("transfer")
        yield "packet_late_seconds", "histogram", "How late sound was sent.", self._late.samples()
        yield "places_writable", "gauge", "1 while codes can be kept.", [("", {}, float(self._places_work()))]
        yield "editions", "gauge", "Editions that can be heard.", [("", {}, float(self._editions()))]

    def _by(self, what: str, name: str) -> list[Sample]:
        return [
            ("", {name: label}, float(n)) for (counted, label), n in sorted(self._counts.items()) if counted == what
        ]

    def _one(self, what: str) -> list[Sample]:
        return [("", {}, float(self._counts[what, ""]))]


def _labels(labels: Labels) -> str:
    escaped = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n"})
    inside = ",".join(f'{name}="{value.translate(escaped)}"' for name, value in labels.items())
    return f"{{{inside}}}" if inside else ""


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)


def check_loopback(bind: Bind) -> None:
    """Raises ConfigError for an address that other computers can reach."""
    if not bind.loopback:
        raise ConfigError(
            f"figures are not told at {bind.host}: other computers could read them there",
            next_step="write --metrics 127.0.0.1:9101",
        )


@asynccontextmanager
async def told(metrics: Metrics, bind: Bind) -> AsyncIterator[Bind]:
    """Answer ``GET /metrics`` over HTTP, for as long as the context lasts; gives the address it listens at.

    Raises ConfigError for an address that is not this computer's own, or where another program listens.
    """
    check_loopback(bind)
    loop = asyncio.get_running_loop()
    readers: set[asyncio.BaseTransport] = set()
    try:
        server = await loop.create_server(lambda: _Reader(metrics, readers, loop), bind.host, bind.port)
    except OSError as error:
        raise ConfigError(
            f"cannot tell figures at {bind}: {os.strerror(error.errno or 0)}",
            next_step="choose another port for --metrics",
        ) from error
    async with server:
        yield Bind(host=bind.host, port=server.sockets[0].getsockname()[1])


class _Reader(asyncio.Protocol):
    """A connection: one request (RFC 9112), its answer, and the end. ``readers`` are those that are open."""

    def __init__(self, metrics: Metrics, readers: set[asyncio.BaseTransport], loop: asyncio.AbstractEventLoop) -> None:
        self._metrics = metrics
        self._readers = readers
        self._loop = loop
        self._head = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It is cut off when it is slow, or when there are too many."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._timer = self._loop.call_later(_SLOW_S, transport.abort)
        self._readers.add(transport)
        if len(self._readers) > _READERS:
            transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 (asyncio gives it)
        """It is over."""
        self._timer.cancel()
        self._readers.discard(self._transport)

    def data_received(self, data: bytes) -> None:
        """A part of a request came."""
        if self._transport.is_closing():
            return
        self._head += data
        if b"\r\n\r\n" in self._head:
            self._transport.write(self._response(bytes(self._head).split(b"\r\n", 1)[0]))
            self._transport.close()
        elif len(self._head) > _LONGEST:
            self._transport.abort()

    def _response(self, request: bytes) -> bytes:
        method, _, rest = request.partition(b" ")
        status, body = "200 OK", self._metrics.text().encode()
        if method not in (b"GET", b"HEAD"):
            status, body = "405 Method Not Allowed", b""
        elif rest.split(b" ")[0].split(b"?")[0] != b"/metrics":
            status, body = "404 Not Found", b"The figures are at /metrics.\n"
        head = f"HTTP/1.1 {status}\r\nContent-Type: {CONTENT_TYPE}\r\nContent-Length: {len(body)}\r\n"
        return f"{head}Cache-Control: no-store\r\nConnection: close\r\n\r\n".encode() + body * (method != b"HEAD")
