"""SIP requests and responses as bytes (RFC 3261, section 7): ``parse``, ``serialize`` and ``response_to``.

Text is UTF-8; bytes that are not are carried along unchanged, as some exchanges put a caller's name in Latin-1. Headers
keep their order. One that holds a list, such as Via, becomes one header a value. Content-Length is checked, left out of
``headers`` and written anew.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final, Self

from audioleaflet.hotline.sip.headers import CSeq, Malformed, NameAddr, SessionExpires, Uri, Via, number, split

MAX_BYTES: Final = 8192
"""The largest datagram that is read; a trunk's INVITE has about 1500 bytes."""
MAX_LINE: Final = 2048
"""The longest header in characters, its folded lines joined."""
MAX_HEADERS: Final = 96
"""The most headers of one message, each value of a list counted."""

Headers = tuple[tuple[str, str], ...]

REASONS: Final = {
    100: "Trying",
    180: "Ringing",
    200: "OK",
    202: "Accepted",
    400: "Bad Request",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    406: "Not Acceptable",
    408: "Request Timeout",
    413: "Request Entity Too Large",
    415: "Unsupported Media Type",
    416: "Unsupported URI Scheme",
    420: "Bad Extension",
    422: "Session Interval Too Small",
    480: "Temporarily Unavailable",
    481: "Call/Transaction Does Not Exist",
    482: "Loop Detected",
    483: "Too Many Hops",
    486: "Busy Here",
    487: "Request Terminated",
    488: "Not Acceptable Here",
    489: "Bad Event",
    491: "Request Pending",
    500: "Server Internal Error",
    501: "Not Implemented",
    503: "Service Unavailable",
    505: "Version Not Supported",
    513: "Message Too Large",
}

_COMPACT: Final = {
    "b": "Referred-By",
    "c": "Content-Type",
    "e": "Content-Encoding",
    "f": "From",
    "i": "Call-ID",
    "k": "Supported",
    "l": "Content-Length",
    "m": "Contact",
    "o": "Event",
    "r": "Refer-To",
    "s": "Subject",
    "t": "To",
    "u": "Allow-Events",
    "v": "Via",
    "x": "Session-Expires",
}  # RFC 3261 7.3.3, RFC 3515, RFC 3892, RFC 4028, RFC 6665
_LISTS: Final = frozenset(
    {"via", "route", "record-route", "contact", "require", "proxy-require"}
    | {"supported", "unsupported", "allow", "accept"}
)
_ONCE: Final = frozenset(
    {"from", "to", "call-id", "cseq", "max-forwards", "content-type"}
    | {"content-length", "refer-to", "session-expires", "min-se"}
)
_KNOWN: Final = {
    name.lower(): name
    for name in (
        *_COMPACT.values(),
        *("Accept", "Allow", "CSeq", "Max-Forwards", "Min-SE", "Proxy-Require", "Record-Route", "Require"),
        *("Retry-After", "Route", "Subscription-State", "Timestamp", "Unsupported"),
    )
}
_HEADER: Final = re.compile(r"([A-Za-z0-9.!%*_+`'~-]+)[ \t]*:[ \t]*(.*)", re.DOTALL)
_REQUEST: Final = re.compile(r"([A-Za-z0-9.!%*_+`'~-]+) ([^ \t]+) SIP/([0-9]{1,4}\.[0-9]{1,4})", re.IGNORECASE)
_RESPONSE: Final = re.compile(r"SIP/2\.0 ([1-6][0-9]{2}) (.*)", re.IGNORECASE | re.DOTALL)
_CALL_ID: Final = re.compile(r"[^ \t]+")
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_STATUS_LINE: Final = re.compile(rb"[ \t\r\n]*SIP/2\.0[ \t]+([1-6][0-9]{2})(?:[ \t\r\n]|\Z)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Message:
    headers: Headers = ()
    body: bytes = b""

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of the header of that name, in order; upper and lower case are the same."""
        wanted = name.lower()
        return tuple(value for known, value in self.headers if known.lower() == wanted)

    def first(self, name: str) -> str | None:
        """The first value of the header of that name; None where there is none."""
        wanted = name.lower()
        return next((value for known, value in self.headers if known.lower() == wanted), None)

    def _needed(self, name: str) -> str:
        value = self.first(name)
        if value is None:
            raise Malformed("missing")
        return value

    @property
    def vias(self) -> tuple[Via, ...]:
        """The way that it came, the last hop first."""
        return tuple(Via.parse(value) for value in self.all("Via"))

    @property
    def via(self) -> Via:
        """The last hop: its branch names the transaction."""
        return Via.parse(self._needed("Via"))

    @property
    def from_(self) -> NameAddr:
        """Who sent the request."""
        return NameAddr.parse(self._needed("From"))

    @property
    def to(self) -> NameAddr:
        """Whom the request is for; it has a tag within a dialog."""
        return NameAddr.parse(self._needed("To"))

    @property
    def call_id(self) -> str:
        """The identifier of the call."""
        return self._needed("Call-ID")

    @property
    def cseq(self) -> CSeq:
        """The number of the request in its dialog, and its method."""
        return CSeq.parse(self._needed("CSeq"))

    @property
    def contacts(self) -> tuple[NameAddr, ...]:
        """Where further requests of the dialog go; a request that begins one has exactly one."""
        return tuple(NameAddr.parse(value) for value in self.all("Contact"))

    @property
    def record_routes(self) -> tuple[NameAddr, ...]:
        """The proxies that stay in the dialog, in the order of the header."""
        return tuple(NameAddr.parse(value) for value in self.all("Record-Route"))

    @property
    def session_expires(self) -> SessionExpires | None:
        """The session timer that is asked for or set (RFC 4028)."""
        value = self.first("Session-Expires")
        return None if value is None else SessionExpires.parse(value)

    @property
    def min_se(self) -> int | None:
        """The shortest session timer that its sender takes, in seconds (RFC 4028)."""
        value = self.first("Min-SE")
        return None if value is None else SessionExpires.parse(value).seconds

    @property
    def require(self) -> tuple[str, ...]:
        """Extensions that it cannot do without, in lower case."""
        return tuple(value.lower() for value in self.all("Require"))

    @property
    def supported(self) -> tuple[str, ...]:
        """Extensions that its sender knows, in lower case."""
        return tuple(value.lower() for value in self.all("Supported"))

    @property
    def content_type(self) -> str:
        """The type of the body in lower case without its parameters; empty where none is given."""
        return (self.first("Content-Type") or "").partition(";")[0].strip(" \t").lower()

    def _bytes(self, start: str) -> bytes:
        lines = [start, *(f"{name}: {value}" for name, value in self.headers), f"Content-Length: {len(self.body)}"]
        if any(_CONTROLS.search(line) for line in lines):  # a header must not smuggle another into a message of ours
            raise Malformed("control", 500)
        return "\r\n".join((*lines, "", "")).encode("utf-8", "surrogateescape") + self.body


@dataclass(frozen=True, slots=True, kw_only=True)
class Request(_Message):
    """A request. ``method`` as written: upper and lower case differ. ``uri``: whom it is for, as written."""

    method: str
    uri: str

    def serialize(self) -> bytes:
        """The datagram. Raises ``Malformed`` where a header has a control character."""
        return self._bytes(f"{self.method} {self.uri} SIP/2.0")

    @property
    def max_forwards(self) -> int:
        """How many more hops it may take, 0 to 255; 70 where it does not say."""
        value = self.first("Max-Forwards")
        return 70 if value is None else number(value, "max-forwards", 255)

    @property
    def request_uri(self) -> Uri:
        """Whom it is for. Raises ``Malformed``, with 416 for a scheme that is none of a telephone."""
        return Uri.parse(self.uri)

    @property
    def routes(self) -> tuple[NameAddr, ...]:
        """The proxies that it is still to pass."""
        return tuple(NameAddr.parse(value) for value in self.all("Route"))

    @property
    def refer_to(self) -> NameAddr | None:
        """Where a REFER sends its receiver (RFC 3515)."""
        value = self.first("Refer-To")
        return None if value is None else NameAddr.parse(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Response(_Message):
    """A response. ``status``: 100 to 699. ``reason``: the phrase after it, for people."""

    status: int
    reason: str

    def serialize(self) -> bytes:
        """The datagram. Raises ``Malformed`` where a header has a control character."""
        return self._bytes(f"SIP/2.0 {self.status} {self.reason}")

    def adding(self, headers: Headers) -> Self:
        """With these headers at the end."""
        return replace(self, headers=(*self.headers, *headers))


Message = Request | Response


def parse(data: bytes, *, most: int = MAX_BYTES) -> Message:
    """Read one datagram of at most ``most`` bytes and check all that this line relies on.

    Afterwards ``vias``, ``from_``, ``to``, ``call_id``, ``cseq``, ``max_forwards``, ``session_expires``, ``min_se``
    and, in an INVITE, ``contacts`` and ``record_routes`` do not raise.

    Raises ``Malformed``: nothing else, whatever the bytes are.
    """
    if len(data) > most:
        raise Malformed("size", 0)
    head, end, body = data.lstrip(b"\r\n").partition(b"\r\n\r\n")
    if not head or not end:
        raise Malformed("incomplete" if head else "empty", 0)
    start, *lines = _unfolded(head.decode("utf-8", "surrogateescape"))
    message, fault = _started(start)
    message = replace(message, headers=_headers(lines))
    try:
        if fault:
            raise fault
        message = _with_body(message, body)
        _check(message)
    except Malformed as error:
        raise Malformed(error.reason, error.status, request=_answerable(message)) from None
    return message


def _unfolded(head: str) -> list[str]:
    lines: list[str] = []
    for line in head.split("\r\n"):
        if _CONTROLS.search(line):
            raise Malformed("control", 0)
        if line[:1] in (" ", "\t") and len(lines) > 1:
            lines[-1] = lines[-1].rstrip(" \t") + " " + line.strip(" \t")
        else:
            lines.append(line)
        if len(lines[-1]) > MAX_LINE:
            raise Malformed("line", 0)
    return lines


def _started(line: str) -> tuple[Message, Malformed | None]:
    """The message without its headers, and what is wrong with its first line where it can still be answered."""
    if found := _RESPONSE.fullmatch(line):
        return Response(status=int(found[1]), reason=found[2]), None
    if found := _REQUEST.fullmatch(line):
        fault = None if found[3] == "2.0" else Malformed("version", 505)
        return Request(method=found[1], uri=found[2]), fault
    method, _, rest = line.partition(" ")  # such as a URI with a space in it (RFC 4475, 3.1.2.7)
    if rest[-8:].upper() == " SIP/2.0" and re.fullmatch(r"[A-Z]+", method):
        return Request(method=method, uri="sip:invalid"), Malformed("uri")
    raise Malformed("start", 0)


def _headers(lines: list[str]) -> Headers:
    """All or none: a line that cannot be read might have been the way back, so that nothing could be answered."""
    headers: list[tuple[str, str]] = []
    for line in lines:
        headers.extend(_header(line))
        if len(headers) > MAX_HEADERS:
            raise Malformed("headers", 0)
    return tuple(headers)


def _header(line: str) -> list[tuple[str, str]]:
    found = _HEADER.fullmatch(line)
    if not found:
        raise Malformed("header", 0)
    written, value = found[1], found[2].rstrip(" \t")
    name = _COMPACT.get(written.lower()) or _KNOWN.get(written.lower(), written)
    if name.lower() not in _LISTS:
        return [(name, value)]
    try:
        return [(name, part) for part in split(value, ",") if part]
    except Malformed as error:
        raise Malformed(error.reason, 0) from None


def _with_body(message: Message, body: bytes) -> Message:
    lengths = message.all("Content-Length")
    if len(lengths) > 1:
        raise Malformed("repeated")
    kept = tuple(pair for pair in message.headers if pair[0] != "Content-Length")
    if not lengths:  # over UDP the datagram ends the body (RFC 3261, 18.3)
        return replace(message, headers=kept, body=body)
    length = number(lengths[0], "length", 2**31)
    if length > len(body):
        raise Malformed("length")
    return replace(message, headers=kept, body=body[:length])


def _check(message: Message) -> None:
    names = [name.lower() for name, _ in message.headers]
    if any(names.count(name) > 1 for name in _ONCE.intersection(names)):
        raise Malformed("repeated")
    if not message.vias or not _CALL_ID.fullmatch(message.call_id):
        raise Malformed("missing")
    sequence, _, _ = message.cseq, message.from_, message.to
    _, _ = message.session_expires, message.min_se
    if isinstance(message, Response):
        return
    if sequence.method != message.method:
        raise Malformed("cseq")
    _ = message.max_forwards
    if message.uri[0] in '<"':
        raise Malformed("uri")
    if message.method == "INVITE":
        _ = message.record_routes
        if len(message.contacts) != 1:
            raise Malformed("contact")


def _answerable(message: Message) -> Request | None:
    """What was read of a request that is malformed, if an answer to it can be made at all; an ACK is never answered."""
    if isinstance(message, Response) or message.method == "ACK":
        return None
    names = [name for name, _ in message.headers]
    if any(names.count(name) != 1 for name in ("From", "To", "Call-ID", "CSeq")):
        return None
    try:
        _, _, _, _, _ = message.vias, message.via, message.from_, message.to, message.cseq
    except Malformed:
        return None
    return replace(message, body=b"")


def response_to(
    request: Request,
    status: int,
    *,
    source: tuple[str, int] | None = None,
    to_tag: str = "",
    reason: str = "",
    headers: Headers = (),
    body: bytes = b"",
) -> Response:
    """An answer to ``request`` (RFC 3261, 8.2.6 and 12.1.1): Via, From, To, Call-ID and CSeq are copied.

    Record-Route is copied too into an answer that makes a dialog. ``source``: where the request came from, for its top
    Via. ``to_tag`` is given to a To without one, but never in a 100. ``headers`` follow, Content-Type among them.
    """
    first, *vias = request.all("Via")
    if source is not None:
        first = Via.parse(first).seen_from(*source).serialize()
    copied = [("Via", first), *(("Via", via) for via in vias)]
    if request.method == "INVITE" and 100 < status < 300:
        copied.extend(("Record-Route", value) for value in request.all("Record-Route"))
    recipient = request.all("To")[0]
    if to_tag and status > 100 and not request.to.tag:
        recipient = request.to.with_tag(to_tag).serialize()
    copied.extend((("From", request.all("From")[0]), ("To", recipient)))
    copied.extend((name, request.all(name)[0]) for name in ("Call-ID", "CSeq"))
    if status == 100:
        copied.extend(("Timestamp", value) for value in request.all("Timestamp"))
    phrase = reason or REASONS.get(status, "")
    return Response(status=status, reason=phrase, headers=(*copied, *headers), body=body)


def fragment_status(body: bytes) -> int:
    """The status that a NOTIFY of a transfer reports: the first line of ``message/sipfrag`` (RFC 3515, 2.4.5).

    Raises ``Malformed``.
    """
    found = _STATUS_LINE.match(body)
    if not found:
        raise Malformed("fragment")
    return int(found[1])
