"""SIP requests and responses (RFC 3261, section 7), and how they are written; ``reader`` reads them.

Text is UTF-8; bytes that are not are carried along unchanged, as some exchanges put a caller's name in Latin-1. Headers
keep their order. Content-Length is not among ``headers``: it is written anew.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final, Self

from audioleaflet.hotline.sip.headers import CSeq, Malformed, NameAddr, SessionExpires, Uri, Via, number

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

CONTROLS: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
"""Characters that no header may have."""
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
        if any(CONTROLS.search(line) for line in lines):  # a header must not smuggle another into a message of ours
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
