"""The sound of one call: 160 bytes of G.711 each 20 ms out, keys in (RFC 3550, RFC 3551, RFC 4733).

``tick`` is called each 20 ms by ``ticker``, and is the call's clock: what it sends is what the caller has heard, and a
wait is over after so many ticks. Sound is a stretch of mapped µ-law; nothing here opens or decodes a file.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from ipaddress import ip_address
from typing import Final, Protocol

from audioleaflet.hotline.events import Key
from audioleaflet.hotline.sip import dtmf, rtp
from audioleaflet.hotline.sip.headers import Malformed
from audioleaflet.settings.hotline import Network
from audioleaflet.sound.g711 import ULAW_TO_ALAW
from audioleaflet.units import Ms

TICK_S: Final = 0.02
TICK_MS: Final = 20
_PACKET: Final = 160  # bytes of G.711 in 20 ms, and as many units of the RTP clock
_QUIET: Final = b"\xff"  # µ-law for 0
_SILENCE: Final = _QUIET * _PACKET
_LONGEST: Final = 2048  # bytes of a datagram that is read; RTP of 20 ms has 172
_AT_ONCE: Final = 16  # datagrams that are read in one tick: a flood at one port must not hold up the other calls
_HEADER: Final = struct.Struct("!BBHII")
_MARKER: Final = 0x80

Address = tuple[str, int]


class Pcm(Protocol):
    """µ-law bytes, mapped or in memory."""

    def __getitem__(self, part: slice, /) -> bytes | memoryview: ...

    def __len__(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Stretch:
    """``pcm`` from byte ``begin`` to byte ``end``: one byte is one sample at 8 kHz."""

    pcm: Pcm
    begin: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """What an answer agreed on.

    ``payload_type``: of µ-law, or of A-law if ``alaw``; ``key_type``: of keys, if any. ``sending``: the caller wants
    sound, the call is not held; ``receiving``: the caller sends some too. ``remote``: where media goes until the
    caller's own has come; ``sources``: the networks it may come from, besides the address of ``remote``.
    """

    payload_type: int
    alaw: bool
    key_type: int | None
    sending: bool
    receiving: bool
    remote: Address
    sources: tuple[Network, ...] = ()


class Heard(Enum):
    """What a session has to tell, besides keys."""

    ENDED = auto()
    TIMED_OUT = auto()
    SILENT = auto()


class Listener(Protocol):
    """Who is told. ``key`` and ``heard`` may call the session again."""

    def key(self, key: Key) -> None:
        """The caller pressed a key."""

    def heard(self, what: Heard) -> None:
        """All sound was sent; a wait is over; or no media has come for the time allowed."""


class Session:
    """One call's media. Waiting, without an end, until told otherwise.

    ``sequence`` and ``timestamp`` are where RTP begins, best at random (RFC 3550, section 5.1). ``patience_s``: seconds
    without a packet from the caller after which it is ``SILENT``, told once.
    """

    def __init__(
        self,
        taken: socket.socket,
        flow: Flow,
        listener: Listener,
        *,
        ssrc: int,
        sequence: int,
        timestamp: int,
        patience_s: float,
    ) -> None:
        self.socket = taken
        self._flow = flow
        self._remote = flow.remote
        self._listener = listener
        self._ssrc = ssrc
        self._sequence = sequence
        self._timestamp = timestamp
        self._patience = int(patience_s / TICK_S)
        self._unheard = 0
        self._latched: Address | None = None
        self._stretches: Sequence[Stretch] = ()
        self._next = 0  # the stretch that is next
        self._pcm: Pcm = b""
        self._position = 0
        self._end = 0
        self._sent = 0  # samples of the stretches
        self._left: int | None = None  # ticks of a wait; None: for ever
        self._playing = False
        self._fresh = True  # the next packet begins a talkspurt
        self._quiet = False  # silence was sent last
        self._keys = dtmf.Receiver()

    def agree(self, flow: Flow) -> None:
        """Go on by a new answer. The caller's port is looked for again only if ``remote`` is another."""
        if flow.remote != self._flow.remote:
            self._latched = None
        self._fresh = True
        self._flow = flow
        self._remote = self._latched or flow.remote
        self._unheard = 0

    @property
    def heard_ms(self) -> Ms:
        """How much of the stretches has been sent."""
        return Ms(self._sent // 8)

    def play(self, stretches: Sequence[Stretch]) -> None:
        """Send these, one right after the other, from the next tick on; then ``ENDED``."""
        self._stretches, self._next = stretches, 0
        self._position = self._end = self._sent = 0
        self._fresh = self._fresh or self._quiet
        self._quiet = False
        self._playing = True
        self._left = None

    def wait(self, ms: Ms | None) -> None:
        """Send silence; after ``ms``, ``TIMED_OUT``. How much of the last sound was sent is still told."""
        self._playing = False
        self._left = None if ms is None else max(1, -(-ms // TICK_MS))

    def tick(self) -> None:
        """Send the packet of these 20 ms. While nothing may be sent, sound and waits stand still."""
        self._timestamp = (self._timestamp + _PACKET) & 0xFFFFFFFF
        if self._flow.receiving:
            self._unheard += 1
            if self._unheard == self._patience:
                self._listener.heard(Heard.SILENT)
                return
        if not self._flow.sending:
            return
        if self._playing:
            self._send(self._sound())
            if self._position == self._end and self._next == len(self._stretches):
                self._playing = False
                self._listener.heard(Heard.ENDED)
            return
        self._send(_SILENCE)
        self._quiet = True
        if self._left is not None:
            self._left -= 1
            if self._left == 0:
                self._left = None
                self._listener.heard(Heard.TIMED_OUT)

    def _sound(self) -> bytes:
        position = self._position
        if self._end - position >= _PACKET:
            self._position = position + _PACKET
            self._sent += _PACKET
            return bytes(self._pcm[position : position + _PACKET])
        parts: list[bytes | memoryview] = []
        room = _PACKET
        while room:
            if self._position == self._end:
                if self._next == len(self._stretches):
                    break
                stretch = self._stretches[self._next]
                self._pcm, self._position, self._end = stretch.pcm, stretch.begin, stretch.end
                self._next += 1
            size = min(room, self._end - self._position)
            parts.append(self._pcm[self._position : self._position + size])
            self._position += size
            room -= size
        self._sent += _PACKET - room
        return b"".join(parts) + _QUIET * room

    def _send(self, ulaw: bytes) -> None:
        kind = self._flow.payload_type
        payload = ulaw.translate(ULAW_TO_ALAW) if self._flow.alaw else ulaw
        if self._fresh:
            self._fresh = False
            kind |= _MARKER
        self._sequence = (self._sequence + 1) & 0xFFFF
        header = _HEADER.pack(0x80, kind, self._sequence, self._timestamp, self._ssrc)
        try:
            self.socket.sendto(header + payload, self._remote)
        except OSError:
            return  # a packet is lost, as on any network; whoever is gone for good is found by silence

    def receive(self) -> None:
        """Read what has come: the caller's own address once, keys, and that the caller is there at all."""
        for _ in range(_AT_ONCE):
            try:
                datagram, source = self.socket.recvfrom(_LONGEST)
            except (BlockingIOError, InterruptedError):
                return
            except OSError:
                if self.socket.fileno() < 0:
                    return  # a key has ended the call
                continue  # an ICMP error about a packet of ours
            self._take(datagram, (source[0], source[1]))

    def _take(self, datagram: bytes, source: Address) -> None:
        if source != self._latched and not (self._latched is None and self._may_come_from(source[0])):
            return
        try:
            packet = rtp.parse(datagram)
            self._unheard = 0  # comfort noise is a sign of life too: all that comes from who listens without a word
            if self._latched is None:
                if packet.payload_type not in (self._flow.payload_type, self._flow.key_type):
                    return  # such as RTCP that went astray
                self._latched = self._remote = source
            key = self._keys.hear(packet) if packet.payload_type == self._flow.key_type else None
        except Malformed:
            return
        if key is not None:
            self._listener.key(key)

    def _may_come_from(self, host: str) -> bool:
        if host == self._flow.remote[0]:
            return True
        address = ip_address(host.partition("%")[0])
        return any(address in network for network in self._flow.sources)
