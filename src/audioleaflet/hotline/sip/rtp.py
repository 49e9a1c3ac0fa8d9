"""Packets of sound: the header of RTP (RFC 3550, 5.1), read and written."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final

from audioleaflet.hotline.sip.headers import Malformed

_FIXED: Final = struct.Struct("!BBHII")
_EXTENSION: Final = struct.Struct("!HH")
_VERSION: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """An extension of the header: ``profile`` 0 to 65535, and ``data`` of whole words of four bytes."""

    profile: int
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """A packet of RTP.

    ``payload_type``: 0 to 127. ``sequence``: 16 bits. ``timestamp`` in samples and ``ssrc``: 32 bits. ``csrc``: up to
    15 sources that were mixed. ``padding``: how many bytes of it follow the payload, the one that counts them
    included; 0 for none.
    """

    payload_type: int
    sequence: int
    timestamp: int
    ssrc: int
    payload: bytes
    marker: bool = False
    csrc: tuple[int, ...] = ()
    extension: Extension | None = None
    padding: int = 0

    def serialize(self) -> bytes:
        """The datagram."""
        first = _VERSION << 6 | bool(self.padding) << 5 | (self.extension is not None) << 4 | len(self.csrc)
        second = self.marker << 7 | self.payload_type
        parts = [_FIXED.pack(first, second, self.sequence, self.timestamp, self.ssrc)]
        parts.extend(source.to_bytes(4, "big") for source in self.csrc)
        if self.extension is not None:
            parts.append(_EXTENSION.pack(self.extension.profile, len(self.extension.data) // 4))
            parts.append(self.extension.data)
        parts.append(self.payload)
        if self.padding:
            parts.append(bytes(self.padding - 1) + bytes([self.padding]))
        return b"".join(parts)


def parse(data: bytes) -> Packet:
    """Read a datagram. Raises ``Malformed``, and nothing else, whatever the bytes are."""
    if len(data) < _FIXED.size:
        raise Malformed("rtp", 0)
    first, second, sequence, timestamp, ssrc = _FIXED.unpack_from(data)
    if first >> 6 != _VERSION:
        raise Malformed("rtp", 0)
    sources = first & 0x0F
    begin = _FIXED.size + 4 * sources
    extension: Extension | None = None
    if first & 0x10:
        if len(data) < begin + 4:
            raise Malformed("rtp", 0)
        profile, words = _EXTENSION.unpack_from(data, begin)
        extension = Extension(profile=profile, data=bytes(data[begin + 4 : begin + 4 + 4 * words]))
        begin += 4 + 4 * words
    padding = data[-1] if first & 0x20 else 0
    end = len(data) - padding
    if end < begin or (first & 0x20 and not padding):
        raise Malformed("rtp", 0)
    return Packet(
        payload_type=second & 0x7F,
        sequence=sequence,
        timestamp=timestamp,
        ssrc=ssrc,
        payload=bytes(data[begin:end]),
        marker=bool(second & 0x80),
        csrc=struct.unpack_from(f"!{sources}I", data, _FIXED.size),
        extension=extension,
        padding=padding,
    )
