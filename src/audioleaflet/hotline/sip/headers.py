"""The values of SIP headers, typed (RFC 3261, section 25): each class has ``parse`` and ``serialize``.

Text is kept as it was written, so that what is copied into an answer is what was sent. Names of parameters are in lower
case and values keep their quotes. Every expression here is read in time that grows with the length alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Self

from audioleaflet.errors import HotlineError

if TYPE_CHECKING:
    from audioleaflet.hotline.sip.message import Request

Params = tuple[tuple[str, str | None], ...]
"""Parameters in their order: a name in lower case and its value, None for one that stands alone (``;lr``)."""

MAX_SEQUENCE: Final = 2**31 - 1

_WORD: Final = r"[A-Za-z0-9.!%*_+`'~-]+"
_HOST: Final = r"\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+"
_SPACE: Final = " \t"
_VIA: Final = re.compile(
    rf"SIP[ \t]*/[ \t]*2\.0[ \t]*/[ \t]*({_WORD})[ \t]+({_HOST})[ \t]*(?::[ \t]*([0-9]{{1,5}}))?", re.IGNORECASE
)
_NAME: Final = re.compile(_WORD)
_VALUE: Final = re.compile(rf'(?:{_HOST}|[A-Za-z0-9.!%*_+`\'~:/@&=$-]+|"(?:[^"\\]|\\.)*+")')
_ADDRESS: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^ \t<>\"]+")
_HOST_PORT: Final = re.compile(rf"({_HOST})(?::([0-9]{{1,5}}))?")
_NUMBER: Final = re.compile(r"\+?[0-9().-]+")
_SEPARATORS: Final = re.compile(r"[().-]")
_SEQUENCE: Final = re.compile(rf"([0-9]{{1,20}})[ \t]+({_WORD})")
_PIECES: Final = {
    sign: re.compile(rf'(?:"(?:[^"\\]|\\.)*+"|<[^<>]*+>|[^"<>{sign}])*+') for sign in (",", ";")
}  # no two branches begin alike, and none gives back what it took


class Malformed(HotlineError):
    """A message that is not SIP, or not what this line can carry.

    ``reason`` is one fixed word and never part of the message. ``status`` is what it is to be answered with, 0 for
    nothing. ``request``: what could be read of it, None where nothing may be answered; its Via, From, To and
    CSeq do not raise, so that it is enough for ``response_to``.
    """

    def __init__(self, reason: str, status: int = 400, *, request: Request | None = None) -> None:
        super().__init__(f"not a message for this line: {reason}")
        self.reason = reason
        self.status = status
        self.request = request


def split(text: str, sign: str) -> list[str]:
    """The parts between ``sign``, a comma or a semicolon, that stands outside of quotes and angle brackets.

    Raises ``Malformed``: a quote or a bracket without its end.
    """
    if '"' not in text and "<" not in text and ">" not in text:
        return [part.strip(_SPACE) for part in text.split(sign)]
    parts, position, pieces = [], 0, _PIECES[sign]
    while True:
        found = pieces.match(text, position)
        end = found.end() if found else position
        parts.append(text[position:end].strip(_SPACE))
        if end == len(text):
            return parts
        if text[end] != sign:
            raise Malformed("quoting")
        position = end + 1


def parse_params(parts: list[str]) -> Params:
    """Parameters that ``split`` has set apart; an empty part is passed over. Raises ``Malformed``."""
    params: list[tuple[str, str | None]] = []
    for part in parts:
        if not part:
            continue
        name, equals, value = (piece.strip(_SPACE) for piece in part.partition("="))
        if not _NAME.fullmatch(name) or (equals and not _VALUE.fullmatch(value)):
            raise Malformed("parameter")
        params.append((name.lower(), value if equals else None))
    return tuple(params)


def serialize_params(params: Params) -> str:
    """``;name=value;name`` – empty for none."""
    return "".join(f";{name}" if value is None else f";{name}={value}" for name, value in params)


def param(params: Params, name: str) -> str | None:
    """The value of the first parameter of that name: empty for one that stands alone, None for one that is absent."""
    return next((value or "" for known, value in params if known == name), None)


def number(text: str, reason: str, most: int) -> int:
    """A decimal number from 0 to ``most``. Raises ``Malformed(reason)``."""
    if not (text.isascii() and text.isdigit() and len(text) <= 20 and int(text) <= most):
        raise Malformed(reason)
    return int(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Via:
    """One hop of a request (RFC 3261, 20.42). ``transport`` as written; ``port`` None where it is not given."""

    transport: str
    host: str
    port: int | None
    params: Params = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises ``Malformed``."""
        first, *rest = split(text, ";")
        found = _VIA.fullmatch(first)
        if not found:
            raise Malformed("via")
        port = None if found[3] is None else number(found[3], "via", 65535)
        return cls(transport=found[1], host=found[2], port=port, params=parse_params(rest))

    def serialize(self) -> str:
        """As it stands in a header."""
        port = "" if self.port is None else f":{self.port}"
        return f"SIP/2.0/{self.transport} {self.host}{port}{serialize_params(self.params)}"

    @property
    def branch(self) -> str:
        """The branch; empty where there is none, which only elements before RFC 3261 send."""
        return param(self.params, "branch") or ""

    @property
    def received(self) -> str:
        """The address that an earlier server saw; empty where it wrote none."""
        return param(self.params, "received") or ""

    @property
    def rport(self) -> str | None:
        """The port that a server saw; empty where the sender asks for it, None where it does not (RFC 3581)."""
        return param(self.params, "rport")

    def seen_from(self, host: str, port: int) -> Self:
        """With where it really came from: always ``received``, and ``rport`` where it was asked for (RFC 3581, 4)."""
        kept = [(name, value) for name, value in self.params if name not in ("received", "rport")]
        kept.append(("received", host.partition("%")[0]))  # an IPv6 address without brackets (RFC 5118, 4.5)
        if self.rport is not None:
            kept.append(("rport", str(port)))
        return replace(self, params=tuple(kept))


@dataclass(frozen=True, slots=True, kw_only=True)
class NameAddr:
    """From, To, Contact, Route, Record-Route or Refer-To (RFC 3261, 20.10).

    ``display`` is as written, quotes and all. ``params`` are those of the header, not of the URI.
    """

    uri: str
    display: str = ""
    params: Params = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises ``Malformed``."""
        first, *rest = split(text, ";")
        display, bracket, uri = first.rpartition("<")
        if bracket:
            uri, closed, after = uri.partition(">")
            if not closed or after.strip(_SPACE):
                raise Malformed("address")
        display = display.strip(_SPACE)
        if not _ADDRESS.fullmatch(uri):
            raise Malformed("address")
        return cls(uri=uri, display=display, params=parse_params(rest))

    def serialize(self) -> str:
        """As it stands in a header, the URI always in angle brackets."""
        return f"{self.display}{' ' if self.display else ''}<{self.uri}>{serialize_params(self.params)}"

    @property
    def tag(self) -> str:
        """The tag; empty where there is none."""
        return param(self.params, "tag") or ""

    def with_tag(self, tag: str) -> Self:
        """With this tag in the place of any other."""
        return replace(self, params=(*(pair for pair in self.params if pair[0] != "tag"), ("tag", tag)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Uri:
    """A ``sip:``, ``sips:`` or ``tel:`` URI (RFC 3261, 19.1; RFC 3966). ``user`` as written; a ``tel:`` has no host."""

    scheme: str
    user: str
    host: str
    port: int | None = None
    params: str = ""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises ``Malformed``: with status 416 for a scheme that no telephone uses."""
        scheme, colon, rest = text.partition(":")
        scheme = scheme.lower()
        if not colon or not _ADDRESS.fullmatch(text):
            raise Malformed("uri")
        if scheme == "tel":
            user, semicolon, params = rest.partition(";")
            return cls(scheme=scheme, user=user, host="", params=semicolon + params)
        if scheme not in ("sip", "sips"):
            raise Malformed("scheme", 416)
        user, at, place = rest.rpartition("@")
        cut = min((place.index(sign) for sign in ";?" if sign in place), default=len(place))
        found = _HOST_PORT.fullmatch(place[:cut])
        if not found or "@" in user or (at and not user):
            raise Malformed("uri")
        port = None if found[2] is None else number(found[2], "uri", 65535)
        return cls(scheme=scheme, user=user, host=found[1], port=port, params=place[cut:])

    def serialize(self) -> str:
        """As one word."""
        at = "@" if self.user and self.scheme != "tel" else ""
        port = "" if self.port is None else f":{self.port}"
        return f"{self.scheme}:{self.user}{at}{self.host}{port}{self.params}"

    @property
    def dialled(self) -> str:
        """The number or name that was called: the user part without a password, parameters or escapes.

        A number comes without the signs that only people read in it (RFC 3966, 5.1.1).
        """
        from urllib.parse import unquote

        user = unquote(self.user.partition(";")[0].partition(":")[0])
        return _SEPARATORS.sub("", user) if _NUMBER.fullmatch(user) else user


@dataclass(frozen=True, slots=True, kw_only=True)
class CSeq:
    """The number of a request in its dialog, 0 to 2³¹-1, and its method (RFC 3261, 20.16)."""

    number: int
    method: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises ``Malformed``."""
        found = _SEQUENCE.fullmatch(text)
        if not found:
            raise Malformed("cseq")
        return cls(number=number(found[1], "cseq", MAX_SEQUENCE), method=found[2])

    def serialize(self) -> str:
        """As it stands in a header."""
        return f"{self.number} {self.method}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionExpires:
    """After how many ``seconds`` a call without a refresh ends, and who refreshes it.

    ``refresher``: ``uac``, ``uas``, or empty where it is not decided. The same class reads Min-SE (RFC 4028, 4 and 5).
    """

    seconds: int
    refresher: str = ""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises ``Malformed``."""
        first, *rest = split(text, ";")
        refresher = (param(parse_params(rest), "refresher") or "").lower()
        if refresher not in ("", "uac", "uas"):
            raise Malformed("session-expires")
        return cls(seconds=number(first, "session-expires", MAX_SEQUENCE), refresher=refresher)

    def serialize(self) -> str:
        """As it stands in a header."""
        return f"{self.seconds};refresher={self.refresher}" if self.refresher else str(self.seconds)
