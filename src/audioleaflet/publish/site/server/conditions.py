"""What a request's headers ask for: only if changed, only a part, compressed (RFC 9110, sections 12 to 14)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Literal

# Section 8.8.3. What stands between two quotes may hold a comma.
_TAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')
# Section 14.1.2. Thirty digits are more than any file; Python refuses to read thousands.
_RANGE = re.compile(r"bytes=[ \t]*(\d{0,30})-(\d{0,30})[ \t]*", re.ASCII | re.IGNORECASE)
_QUALITY = re.compile(r"q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A part of a file, in bytes: ``first`` and ``last`` are both in it."""

    first: int
    last: int


class Unsatisfiable(Exception):
    """The part that is asked for begins after the file's end."""


def precondition(
    headers: Mapping[str, str], tag: str, modified: int
) -> Literal[HTTPStatus.NOT_MODIFIED, HTTPStatus.PRECONDITION_FAILED] | None:
    """The status that answers the request without a body, in the order of section 13.2.2; None: send the file.

    ``tag``: the strong entity tag with its quotes. ``modified``: seconds since 1970.
    """
    if "if-match" in headers:
        if not _matches(headers["if-match"], tag, weak=False):
            return HTTPStatus.PRECONDITION_FAILED
    elif (limit := _seconds(headers.get("if-unmodified-since"))) is not None and modified > limit:
        return HTTPStatus.PRECONDITION_FAILED
    if "if-none-match" in headers:
        return HTTPStatus.NOT_MODIFIED if _matches(headers["if-none-match"], tag, weak=True) else None
    since = _seconds(headers.get("if-modified-since"))
    return HTTPStatus.NOT_MODIFIED if since is not None and modified <= since else None


def wanted_span(headers: Mapping[str, str], tag: str, size: int) -> Span | None:
    """The part that ``Range`` asks for; None: the whole file.

    Several parts in one request, other units and a range that is none are answered with the whole file, as section 14.2
    allows: no player asks for them, and they are an old way to make a server work hard. ``If-Range`` holds only for the
    very entity tag: a date has whole seconds, and two editions can be made within one. Raises Unsatisfiable.
    """
    found = _RANGE.fullmatch(headers.get("range", ""))
    if found is None or ("if-range" in headers and headers["if-range"].strip() != tag):
        return None
    first, last = found.groups()
    if not first:
        return _suffix(last, size)
    if last and int(last) < int(first):
        return None
    if int(first) >= size:
        raise Unsatisfiable
    return Span(first=int(first), last=min(int(last), size - 1) if last else size - 1)


def _suffix(length: str, size: int) -> Span | None:
    if not length:  # "bytes=-" is no range
        return None
    if int(length) == 0 or size == 0:
        raise Unsatisfiable
    return Span(first=max(0, size - int(length)), last=size - 1)


def accepts_gzip(header: str) -> bool:
    """Whether ``Accept-Encoding`` takes gzip at least as gladly as the plain text (section 12.5.3)."""
    weights: dict[str, float] = {}
    for part in header.lower().split(","):
        coding, *parameters = (piece.strip() for piece in part.split(";"))
        quality = _QUALITY.fullmatch(parameters[0]) if parameters else None
        weights[coding] = (float(quality[1]) if quality else 0.0) if parameters else 1.0
    gzip = weights.get("gzip", weights.get("x-gzip", weights.get("*", 0.0)))
    return gzip > 0 and gzip >= weights.get("identity", 0.0)


def _matches(header: str, tag: str, *, weak: bool) -> bool:
    if header.strip() == "*":
        return True
    given = _TAG.findall(header)
    return tag in ([one.removeprefix("W/") for one in given] if weak else given)


def _seconds(date: str | None) -> int | None:
    if date is None:
        return None
    try:
        moment = parsedate_to_datetime(date)
    except (ValueError, OverflowError):  # section 5.6.7: a date that is none is not looked at
        return None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


def http_date(seconds: int) -> str:
    """A moment as HTTP writes it (section 5.6.7)."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")
