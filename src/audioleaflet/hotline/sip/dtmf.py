"""Keys of a telephone: as packets of RTP (RFC 4733) and in the body of INFO requests.

An exchange sends a key as several packets, and repeats the last of them. ``Receiver`` makes one key out of them.
"""

from __future__ import annotations

import re
import struct
from collections import deque
from dataclasses import dataclass
from typing import Final, Self, cast

from audioleaflet.hotline.events import Key
from audioleaflet.hotline.sip.headers import Malformed
from audioleaflet.hotline.sip.rtp import Packet

RELAY: Final = "application/dtmf-relay"
PLAIN: Final = "application/dtmf"

_KEYS: Final = "0123456789*#"
_EVENT: Final = struct.Struct("!BBH")
_LONGEST: Final = 0xFFFF
_CLOCK: Final = 2**32
_SIGNAL: Final = re.compile(
    r"(?:^|[\r\n])[ \t]*Signal[ \t]*=[ \t]*([0-9A-Da-d*#]{1,2})[ \t]*(?=[\r\n]|$)", re.IGNORECASE
)
_DURATION: Final = re.compile(r"(?:^|[\r\n])[ \t]*Duration[ \t]*=[ \t]*([0-9]{1,5})[ \t]*(?=[\r\n]|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tone:
    """The payload of one packet (RFC 4733, 2.3): ``code`` 0 to 255, of which 0 to 11 are keys.

    ``end``: the key was let go. ``volume``: 0 to 63, in dBm0 below zero. ``duration`` so far, in samples, 16 bits.
    """

    code: int
    duration: int
    end: bool = False
    volume: int = 10

    @classmethod
    def parse(cls, payload: bytes) -> Self:
        """Read a payload; what follows its first four bytes is passed over. Raises ``Malformed``."""
        if len(payload) < _EVENT.size:
            raise Malformed("tone", 0)
        code, flags, duration = _EVENT.unpack_from(payload)
        return cls(code=code, duration=duration, end=bool(flags & 0x80), volume=flags & 0x3F)

    def serialize(self) -> bytes:
        """The four bytes."""
        return _EVENT.pack(self.code, self.end << 7 | self.volume, self.duration)

    @property
    def key(self) -> Key | None:
        """The key; None for a code that stands for none of the twelve."""
        return cast("Key", _KEYS[self.code]) if self.code < len(_KEYS) else None


class Receiver:
    """Makes keys out of the packets of one call: each press once, as soon as its first packet is there.

    All packets of a press have the same timestamp, so any one of them is enough: the first may be lost, or all of the
    end. Packets that come late, of a press before the last, are passed over.
    """

    def __init__(self) -> None:
        self._heard: deque[tuple[int, int]] = deque(maxlen=16)
        self._last = Tone(code=0, duration=0, end=True)

    def hear(self, packet: Packet) -> Key | None:
        """The key that begins with this packet, whose payload is of the type for keys; None where none does.

        Raises ``Malformed``.
        """
        tone = Tone.parse(packet.payload)
        press = (packet.ssrc, packet.timestamp)
        if press in self._heard:
            if press == self._heard[-1]:
                self._last = tone
            return None
        held = self._goes_on(packet, tone)
        self._heard.append(press)
        self._last = tone
        return None if held else tone.key

    def _goes_on(self, packet: Packet, tone: Tone) -> bool:
        """A key that is held longer than 16 bits can tell goes on under a new timestamp (RFC 4733, 2.5.1.3)."""
        if not self._heard or packet.marker or self._last.end or tone.code != self._last.code:
            return False
        ssrc, timestamp = self._heard[-1]
        return packet.ssrc == ssrc and (packet.timestamp - timestamp) % _CLOCK in (_LONGEST, _LONGEST + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Info:
    """A key in the body of an INFO request. ``key``: None for A to D, which nobody here has. ``duration`` in ms."""

    key: Key | None
    duration: int = 160

    @classmethod
    def parse(cls, content_type: str, body: bytes) -> Self:
        """Read ``application/dtmf-relay`` (``Signal=5``) or ``application/dtmf`` (``5``).

        Raises ``Malformed``: with status 415 for another type of body.
        """
        text = body.decode("latin-1")
        if content_type == RELAY:
            signal, duration = _SIGNAL.search(text), _DURATION.search(text)
            if not signal:
                raise Malformed("signal")
            return cls(key=_key(signal[1]), duration=int(duration[1]) if duration else 160)
        if content_type == PLAIN:
            return cls(key=_key(text.strip(" \t\r\n")))
        raise Malformed("content-type", 415)

    def serialize(self) -> bytes:
        """The body as ``application/dtmf-relay``. Raises ``Malformed`` without a key."""
        if self.key is None:
            raise Malformed("signal")
        return f"Signal={self.key}\r\nDuration={self.duration}\r\n".encode("ascii")


def _key(signal: str) -> Key | None:
    if signal in ("10", "11"):  # the codes of RFC 4733, which some gateways send in the place of the sign
        signal = "*#"[int(signal) - 10]
    if len(signal) != 1 or signal not in f"{_KEYS}ABCDabcd":
        raise Malformed("signal")
    return cast("Key", signal) if signal in _KEYS else None
