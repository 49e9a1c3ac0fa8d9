"""What sound two ends agree on: SDP (RFC 8866), offered and answered (RFC 3264).

``parse`` and ``serialize`` read and write descriptions; ``choose`` finds the sound in an offer or an answer that this
line can send, ``answer`` and ``offer`` write ours: PCMU or PCMA at 8 kHz in packets of 20 ms, with keys of RFC 4733.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final, Literal

from audioleaflet.hotline.sip.headers import Malformed

Direction = Literal["sendrecv", "sendonly", "recvonly", "inactive"]
Codec = Literal["PCMU", "PCMA"]
Attributes = tuple[tuple[str, str | None], ...]
"""Attributes in their order: a name and its value, None for one that stands alone (``a=sendonly``)."""

MEDIA_TYPE: Final = "application/sdp"
MAX_LINES: Final = 256
MAX_MEDIA: Final = 16

_MIRROR: Final[dict[Direction, Direction]] = {
    "sendrecv": "sendrecv",
    "sendonly": "recvonly",
    "recvonly": "sendonly",
    "inactive": "inactive",
}
_STATIC: Final = {"0": "PCMU/8000", "8": "PCMA/8000"}
_CODECS: Final[dict[str, Codec]] = {"PCMU/8000": "PCMU", "PCMA/8000": "PCMA"}
_KEYS: Final = "TELEPHONE-EVENT/8000"
_PAYLOADS: Final = {"PCMU": 0, "PCMA": 8}
_OFFERED_KEYS: Final = 101
_LINE: Final = re.compile(r"([a-z])=(.*)", re.DOTALL)
_SOUND: Final = re.compile(r"([!-~]+) ([0-9]{1,5})(?:/([0-9]{1,5}))? ([!-~]+) ([!-~]+(?: [!-~]+)*)")
_CONNECTION: Final = re.compile(r"IN (IP4|IP6) ([A-Za-z0-9.:_-]+)(?:/[0-9/]{1,8})?")
_ORIGIN: Final = re.compile(r"([!-~]+) ([0-9]{1,20}) ([0-9]{1,20}) IN (IP4|IP6) ([!-~]+)")
_NAME: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`{|}~-]+")
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """An ``m=`` line and what stands below it. ``port`` 0: refused. ``address``: its own connection, or empty."""

    kind: str
    port: int
    protocol: str
    formats: tuple[str, ...]
    address: str = ""
    attributes: Attributes = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """A description of a session. ``session_id`` and ``version``: up to 20 digits. ``origin``: the address in ``o=``.

    ``address``: the connection of the session, an address or a name; empty where only the media have one.
    """

    user: str
    session_id: int
    version: int
    origin: str
    address: str = ""
    attributes: Attributes = ()
    media: tuple[Media, ...] = ()

    def serialize(self) -> bytes:
        """The body of a message. Raises ``Malformed`` where a part has a control character."""
        lines = ["v=0", f"o={self.user} {self.session_id} {self.version} {_connection(self.origin)}", "s=-"]
        lines.extend(_lines_of(self.address, ()))
        lines.append("t=0 0")
        lines.extend(_lines_of("", self.attributes))
        for media in self.media:
            lines.append(f"m={media.kind} {media.port} {media.protocol} {' '.join(media.formats)}")
            lines.extend(_lines_of(media.address, media.attributes))
        if any(_CONTROLS.search(line) for line in lines):
            raise Malformed("control", 500)
        return "".join(f"{line}\r\n" for line in lines).encode("utf-8", "surrogateescape")


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """What both ends can: line ``index`` of the media, its payload type and codec, and the type of its keys, if any.

    ``address`` and ``port``: where the other end wants its sound; the address is empty where the call is held the old
    way, by 0.0.0.0. ``direction``: ours. ``ptime_ms``: the length of packet that the other end asks for.
    """

    index: int
    payload_type: int
    codec: Codec
    keys: int | None
    address: str
    port: int
    direction: Direction
    ptime_ms: int

    @property
    def sending(self) -> bool:
        """The other end wants sound: the call is not held."""
        return bool(self.address) and self.direction in ("sendrecv", "sendonly")


def parse(data: bytes) -> Description:
    """Read a body. Raises ``Malformed``, and nothing else, whatever the bytes are. Ends of line may be LF alone."""
    text = data.decode("utf-8", "surrogateescape").replace("\r\n", "\n").rstrip("\n")
    lines = text.split("\n")
    if len(lines) > MAX_LINES:
        raise Malformed("sdp-size", 488)
    pairs: list[tuple[str, str]] = []
    for line in lines:
        found = _LINE.fullmatch(line)
        if not found or _CONTROLS.search(line):
            raise Malformed("sdp")
        pairs.append((found[1], found[2].rstrip(" ")))
    cuts = [place for place, (kind, _) in enumerate(pairs) if kind == "m"]
    if len(cuts) > MAX_MEDIA:
        raise Malformed("sdp-size", 488)
    top = pairs[: cuts[0]] if cuts else pairs
    if not top or top[0] != ("v", "0"):
        raise Malformed("sdp")
    origin = _ORIGIN.fullmatch(next((value for kind, value in top if kind == "o"), ""))
    if not origin:
        raise Malformed("sdp")
    ends = [*cuts, len(pairs)][1:]
    return Description(
        user=origin[1],
        session_id=int(origin[2]),
        version=int(origin[3]),
        origin=origin[5],
        address=_address(top),
        attributes=_attributes(top),
        media=tuple(_media(pairs[begin:end]) for begin, end in zip(cuts, ends, strict=True)),
    )


def choose(theirs: Description) -> Agreement:
    """The first sound that this line can send, in the other end's order of preference (RFC 3264, 6.1).

    Raises ``Malformed`` with status 488: there is none.
    """
    for index, media in enumerate(theirs.media):
        if media.kind != "audio" or media.protocol.upper() != "RTP/AVP" or not media.port:
            continue
        names = {name: _encoding(media, name) for name in media.formats}
        sound = next((name for name in media.formats if names[name] in _CODECS), None)
        address = media.address or theirs.address
        if sound is None or not address:
            continue
        keys = next((name for name in media.formats if names[name] == _KEYS), None)
        return Agreement(
            index=index,
            payload_type=int(sound),
            codec=_CODECS[names[sound]],
            keys=None if keys is None else int(keys),
            address="" if _nowhere(address) else address,
            port=media.port,
            direction=_MIRROR[_direction((*media.attributes, *theirs.attributes))],
            ptime_ms=_ptime(media),
        )
    raise Malformed("no-common-codec", 488)


def answer(
    theirs: Description, agreed: Agreement, *, address: str, port: int, session_id: int, version: int
) -> Description:
    """Our answer to an offer: the sound that was agreed on, and every other line of media refused (RFC 3264, 6)."""
    media = [Media(kind=line.kind, port=0, protocol=line.protocol, formats=line.formats[:1]) for line in theirs.media]
    media[agreed.index] = _sound([(agreed.payload_type, agreed.codec)], agreed.keys, agreed.direction, port)
    return _ours(tuple(media), address, session_id, version)


def offer(*, address: str, port: int, session_id: int, version: int) -> Description:
    """Our offer, for an INVITE that has none."""
    codecs = [(_PAYLOADS["PCMU"], "PCMU"), (_PAYLOADS["PCMA"], "PCMA")]
    return _ours((_sound(codecs, _OFFERED_KEYS, "sendrecv", port),), address, session_id, version)


def _ours(media: tuple[Media, ...], address: str, session_id: int, version: int) -> Description:
    return Description(user="-", session_id=session_id, version=version, origin=address, address=address, media=media)


def _sound(codecs: Iterable[tuple[int, str]], keys: int | None, direction: Direction, port: int) -> Media:
    payloads, attributes = [], []
    for payload, codec in codecs:
        payloads.append(str(payload))
        attributes.append(("rtpmap", f"{payload} {codec}/8000"))
    if keys is not None:
        payloads.append(str(keys))
        attributes.extend((("rtpmap", f"{keys} telephone-event/8000"), ("fmtp", f"{keys} 0-15")))
    return Media(
        kind="audio",
        port=port,
        protocol="RTP/AVP",
        formats=tuple(payloads),
        attributes=(*attributes, ("ptime", "20"), (direction, None)),
    )


def _media(pairs: list[tuple[str, str]]) -> Media:
    found = _SOUND.fullmatch(pairs[0][1])
    if not found or int(found[2]) > 65535:
        raise Malformed("sdp")
    return Media(
        kind=found[1],
        port=int(found[2]),
        protocol=found[4],
        formats=tuple(found[5].split(" ")),
        address=_address(pairs),
        attributes=_attributes(pairs),
    )


def _address(pairs: list[tuple[str, str]]) -> str:
    value = next((value for kind, value in pairs if kind == "c"), None)
    if value is None:
        return ""
    found = _CONNECTION.fullmatch(value)
    if not found:
        raise Malformed("sdp")
    return found[2]


def _attributes(pairs: list[tuple[str, str]]) -> Attributes:
    attributes: list[tuple[str, str | None]] = []
    for kind, value in pairs:
        if kind != "a":
            continue
        name, colon, rest = value.partition(":")
        if not _NAME.fullmatch(name):
            raise Malformed("sdp")
        attributes.append((name, rest if colon else None))
    return tuple(attributes)


def _encoding(media: Media, payload: str) -> str:
    """The encoding of a payload type in upper case, such as ``PCMU/8000``; empty where it is unknown or no type."""
    if not (payload.isascii() and payload.isdigit() and len(payload) <= 3 and int(payload) <= 127):
        return ""
    for name, value in media.attributes:
        number, _, encoding = (value or "").partition(" ")
        if name == "rtpmap" and number == payload:
            return encoding.strip(" ").upper().removesuffix("/1")
    return _STATIC.get(payload, "")


def _direction(attributes: Attributes) -> Direction:
    """The first direction; that of the media stands before that of the session."""
    for name, _ in attributes:
        for direction in _MIRROR:
            if name == direction:
                return direction
    return "sendrecv"


def _ptime(media: Media) -> int:
    value = next((value for name, value in media.attributes if name == "ptime"), None) or ""
    return int(value) if re.fullmatch(r"[0-9]{1,4}", value) and int(value) else 20


def _nowhere(address: str) -> bool:
    try:
        return ip_address(address).is_unspecified
    except ValueError:  # a name, which this line does not look up
        return False


def _connection(address: str) -> str:
    return f"IN {'IP6' if ':' in address else 'IP4'} {address}"


def _lines_of(address: str, attributes: Attributes) -> list[str]:
    lines = [f"c={_connection(address)}"] if address else []
    lines.extend(f"a={name}" if value is None else f"a={name}:{value}" for name, value in attributes)
    return lines
