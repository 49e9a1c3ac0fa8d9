"""Reading a SIP datagram (RFC 3261, sections 7 and 25), within limits; what is read has been checked.

A header that holds a list, such as Via, becomes one header a value; short names become long ones; Content-Length is
checked and left out.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from audioleaflet.hotline.sip.headers import Malformed, number, split
from audioleaflet.hotline.sip.message import CONTROLS, Headers, Message, Request, Response

MAX_BYTES: Final = 8192
"""The largest datagram that is read; a trunk's INVITE has about 1500 bytes."""
MAX_LINE: Final = 2048
"""The longest header in characters, its folded lines joined."""
MAX_HEADERS: Final = 96
"""The most headers of one message, each value of a list counted."""

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
        if CONTROLS.search(line):
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
