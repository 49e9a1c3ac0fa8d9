"""A telephone for tests: plain SIP text and RTP over loopback, none of it made by what is tested."""

from __future__ import annotations

import re
import secrets
import socket
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from types import TracebackType
from typing import Self

PATIENCE = 5.0
_HOSTS = count(256)  # each caller has an address of its own, and so its own share of the line
Address = tuple[str, int]


def _host(number: int) -> str:
    return f"127.1.{number >> 8 & 255}.{number & 255}"


@dataclass(frozen=True, slots=True)
class Answer:
    """A message that came, as its first line, headers by lower-case name (each a list) and body."""

    first: str
    headers: dict[str, list[str]]
    body: str
    source: Address

    @property
    def status(self) -> int:
        """Of a response; 0 for a request."""
        return int(self.first.split()[1]) if self.first.startswith("SIP/2.0") else 0

    @property
    def method(self) -> str:
        """Of a request; of a response, that of its CSeq."""
        return self.headers["cseq"][0].split()[1]

    def tag(self, name: str) -> str:
        """The tag of From or To."""
        found = re.search(r";tag=([^;>\s]+)", self.headers[name][0])
        return found[1] if found else ""

    def media(self) -> tuple[str, int, int]:
        """Address, port and first payload type of its SDP."""
        at = re.search(r"^c=IN IP[46] (\S+)", self.body, re.M)
        line = re.search(r"^m=audio (\d+) RTP/AVP (\d+)", self.body, re.M)
        assert at is not None
        assert line is not None
        return at[1], int(line[1]), int(line[2])


def read(data: bytes, source: Address) -> Answer:
    """A datagram of SIP."""
    head, _, body = data.decode().partition("\r\n\r\n")
    first, *lines = head.split("\r\n")
    headers: dict[str, list[str]] = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers.setdefault(name.strip().lower(), []).append(value.strip())
    return Answer(first, headers, body, source)


@dataclass(frozen=True, slots=True)
class Packet:
    """An RTP packet that came, and when."""

    marker: bool
    payload_type: int
    sequence: int
    timestamp: int
    payload: bytes
    at: float
    source: Address


@dataclass
class Caller:
    """One telephone. ``line`` is where the hotline listens; nothing waits longer than ``PATIENCE``."""

    line: Address
    host: str = field(default_factory=lambda: _host(next(_HOSTS)))
    call_id: str = field(default_factory=lambda: secrets.token_hex(8))
    tag: str = field(default_factory=lambda: secrets.token_hex(4))
    user: str = "leaflets"
    sequence: int = 1
    to_tag: str = ""

    def __post_init__(self) -> None:
        self.sip = self._socket()
        self.rtp = self._socket()
        self.remote: Address | None = None
        self.branch = ""
        self._rtp_sequence = 100
        self._rtp_time = 8000

    def _socket(self) -> socket.socket:
        made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        made.bind((self.host, 0))
        made.settimeout(PATIENCE)
        return made

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.to_tag and error is None:  # a call that nobody ended, or that nobody has confirmed
            self.send(self.request("ACK"))
            self.sequence += 1
            self.send(self.request("BYE"))
            with suppress(TimeoutError):
                self.final("BYE", 0.5)
        self.sip.close()
        self.rtp.close()

    def sdp(
        self, *, types: str = "0 8 101", host: str = "", direction: str = "sendrecv", port: int | None = None
    ) -> str:
        """An offer of ours."""
        return "\r\n".join(
            [
                "v=0",
                f"o=- 1 1 IN IP4 {self.host}",
                "s=-",
                f"c=IN IP4 {host or self.host}",
                "t=0 0",
                f"m=audio {self.rtp.getsockname()[1] if port is None else port} RTP/AVP {types}",
                "a=rtpmap:0 PCMU/8000",
                "a=rtpmap:8 PCMA/8000",
                "a=rtpmap:101 telephone-event/8000",
                f"a={direction}",
                "",
            ]
        )

    def request(
        self,
        method: str,
        body: str = "",
        kind: str = "application/sdp",
        *,
        headers: tuple[str, ...] = (),
        sequence: int | None = None,
        branch: str = "",
        rport: bool = True,
    ) -> bytes:
        """The bytes of a request in this call."""
        port = self.sip.getsockname()[1]
        self.branch = branch or f"z9hG4bK{secrets.token_hex(6)}"
        number = self.sequence if sequence is None else sequence
        lines = [
            f"{method} sip:{self.user}@{self.line[0]}:{self.line[1]} SIP/2.0",
            f"Via: SIP/2.0/UDP {self.host}:{port};branch={self.branch}" + ";rport" * rport,
            "Max-Forwards: 70",
            f"From: <sip:caller@{self.host}>;tag={self.tag}",
            f"To: <sip:{self.user}@{self.line[0]}>" + (f";tag={self.to_tag}" if self.to_tag else ""),
            f"Call-ID: {self.call_id}",
            f"CSeq: {number} {method}",
            f"Contact: <sip:caller@{self.host}:{port}>",
            *headers,
            *([f"Content-Type: {kind}"] if body else []),
            f"Content-Length: {len(body.encode())}",
            "",
            body,
        ]
        return "\r\n".join(lines).encode()

    def send(self, data: bytes) -> None:
        """Send bytes to the line."""
        self.sip.sendto(data, self.line)

    def receive(self, patience: float = PATIENCE) -> Answer:
        """The next message. Raises TimeoutError."""
        self.sip.settimeout(patience)
        data, source = self.sip.recvfrom(65535)
        return read(data, source)

    def final(self, method: str = "", patience: float = PATIENCE) -> Answer:
        """The next final response, to ``method`` if it is named."""
        while True:
            answer = self.receive(patience)
            if answer.status >= 200 and method in ("", answer.method):
                return answer

    def ask(self, method: str, body: str = "", kind: str = "application/sdp", headers: tuple[str, ...] = ()) -> Answer:
        """Send a request in this call and answer its final response."""
        self.sequence += 1
        self.send(self.request(method, body, kind, headers=headers))
        return self.final(method)

    def invite(self, body: str | None = None, headers: tuple[str, ...] = ()) -> Answer:
        """Offer a call and answer the final response, not acknowledged yet."""
        self.send(self.request("INVITE", self.sdp() if body is None else body, headers=headers))
        answer = self.final("INVITE")
        self.to_tag = answer.tag("to")
        if answer.status == 200 and answer.body:
            self.remote = answer.media()[:2]
        return answer

    def acknowledge(self, body: str = "") -> None:
        """Send the ACK of a 2xx."""
        self.send(self.request("ACK", body))

    def call(self, body: str | None = None) -> Answer:
        """A whole call: offered, answered, acknowledged."""
        answer = self.invite(body)
        assert answer.status == 200, answer.first
        self.acknowledge()
        return answer

    def hang_up(self) -> Answer:
        """BYE, and its answer."""
        answer = self.ask("BYE")
        self.to_tag = ""
        return answer

    def serve(self, status: int = 200, patience: float = PATIENCE) -> Answer:
        """Wait for a request of the line, answer it, and give it back."""
        while True:
            request = self.receive(patience)
            if request.status == 0:
                break
        lines = [f"SIP/2.0 {status} Whatever"]
        for name in ("via", "from", "to", "call-id", "cseq"):
            lines += [f"{name}: {value}" for value in request.headers[name]]
        self.sip.sendto("\r\n".join([*lines, "Content-Length: 0", "", ""]).encode(), request.source)
        return request

    # Media

    def speak(self, count: int = 1, payload_type: int = 0, payload: bytes = b"\xff" * 160) -> None:
        """Send packets of sound, at once."""
        assert self.remote is not None
        for _ in range(count):
            self._rtp_sequence += 1
            self._rtp_time += 160
            header = struct.pack("!BBHII", 0x80, payload_type, self._rtp_sequence & 0xFFFF, self._rtp_time, 7)
            self.rtp.sendto(header + payload, self.remote)

    def press(self, key: str, payload_type: int = 101) -> None:
        """A key as a telephone event, with its end three times."""
        assert self.remote is not None
        event = "0123456789*#".index(key)
        self._rtp_time += 1600
        for number, (end, duration) in enumerate([(0, 160), (0, 320), (0x80, 480), (0x80, 480), (0x80, 480)]):
            self._rtp_sequence += 1
            kind = payload_type | (0x80 if number == 0 else 0)
            header = struct.pack("!BBHII", 0x80, kind, self._rtp_sequence & 0xFFFF, self._rtp_time, 7)
            self.rtp.sendto(header + struct.pack("!BBH", event, end | 10, duration), self.remote)

    def hear(self, seconds: float) -> list[Packet]:
        """The packets of so many seconds."""
        return list(self.listen(lambda _packet: False, seconds))

    def waiting(self) -> list[Packet]:
        """The packets that have come already."""
        return list(self.listen(lambda _packet: False, 0))

    def listen(self, enough: Callable[[Packet], bool], patience: float = PATIENCE) -> Iterator[Packet]:
        """Packets as they come, up to and with one that is ``enough``, or to the end of ``patience``."""
        end = time.monotonic() + patience
        while True:
            self.rtp.settimeout(max(0.0, end - time.monotonic()))
            try:
                data, source = self.rtp.recvfrom(2048)
            except (TimeoutError, BlockingIOError):
                return
            first, kind, sequence, timestamp, _ssrc = struct.unpack("!BBHII", data[:12])
            assert first == 0x80
            packet = Packet(bool(kind & 0x80), kind & 0x7F, sequence, timestamp, data[12:], time.monotonic(), source)
            yield packet
            if enough(packet):
                return
