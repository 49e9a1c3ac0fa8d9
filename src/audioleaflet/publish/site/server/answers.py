"""From an open file and a request's headers to an answer: status, headers, and which bytes of the file."""

from __future__ import annotations

import gzip
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from threading import Lock

from audioleaflet.publish.site.server import policy
from audioleaflet.publish.site.server.conditions import (
    Span,
    Unsatisfiable,
    accepts_gzip,
    http_date,
    precondition,
    wanted_span,
)
from audioleaflet.publish.site.server.files import Opened
from audioleaflet.publish.site.server.media import Media, media
from audioleaflet.publish.site.server.refusals import Refusal

_LEAST = 256  # bytes: below, compressing costs more than it saves
_LARGEST = 4_000_000  # bytes of a text that is compressed; our pages have 60,000
_PAGE_HEAD = 200_000  # bytes of a page in which its style is looked for
_KEPT = 16_000_000  # bytes of compressed texts in memory


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """``content``: the whole body; None: ``span`` of the file is sent, the file still open."""

    status: HTTPStatus
    headers: Mapping[str, str]
    content: bytes | None
    span: Span


class Kept:
    """Compressed texts and policies of pages, by entity tag; the oldest go when there is too much. Of any thread."""

    def __init__(self, limit: int = _KEPT) -> None:
        self._limit = limit
        self._size = 0
        self._texts: OrderedDict[str, bytes] = OrderedDict()
        self._lock = Lock()

    def compressed(self, opened: Opened) -> bytes:
        """The file's bytes, in gzip: the same bytes each time."""
        return self._get(f"{opened.tag}:gzip", lambda: gzip.compress(whole(opened), compresslevel=9, mtime=0))

    def page_policy(self, opened: Opened) -> str:
        """The Content-Security-Policy of a page."""
        return self._get(
            f"{opened.tag}:policy", lambda: policy.page_policy(opened.read(0, _PAGE_HEAD)).encode()
        ).decode()

    def _get(self, key: str, make: Callable[[], bytes]) -> bytes:
        with self._lock:
            if key in self._texts:
                self._texts.move_to_end(key)
                return self._texts[key]
        made = make()
        with self._lock:
            if key not in self._texts:
                self._size += len(made)
            self._texts[key] = made
            while self._size > self._limit:
                self._size -= len(self._texts.popitem(last=False)[1])
        return made


def whole(opened: Opened) -> bytes:
    """All bytes of a small file. Raises EOFError where it has become shorter since it was opened."""
    content = opened.read(0, opened.size)
    if len(content) != opened.size:
        raise EOFError("the file became shorter while it was read")
    return content


def answer(opened: Opened, request: Mapping[str, str], kept: Kept) -> Answer:
    """The answer to a GET. ``request``: its headers, names in lower case. Raises Refusal (412, 416), OSError, EOFError.

    A text is sent in gzip to who takes it, but not in parts: a range counts in the bytes of the file itself.
    """
    what = media(opened.name)
    in_gzip = (
        what.text
        and _LEAST <= opened.size <= _LARGEST
        and "range" not in request
        and accepts_gzip(request.get("accept-encoding", ""))
    )
    tag = f'"{opened.tag}-gzip"' if in_gzip else f'"{opened.tag}"'
    modified = min(opened.modified, int(time.time()))  # RFC 9110, 8.8.2.1: not in the future
    headers = {"ETag": tag, "Last-Modified": http_date(modified), "Cache-Control": _caching(opened)}
    if what.text:
        headers["Vary"] = "Accept-Encoding"
    headers |= _sharing(what)
    condition = precondition(request, tag, modified)
    if condition is HTTPStatus.PRECONDITION_FAILED:
        raise Refusal(condition)
    nothing = Span(first=0, last=-1)
    if condition is not None:
        return Answer(status=condition, headers=headers, content=b"", span=nothing)
    headers["Content-Type"] = what.type
    if what.page:
        headers["Content-Security-Policy"] = kept.page_policy(opened)
    elif what.drawn:
        headers["Content-Security-Policy"] = policy.DRAWN
    headers["Accept-Ranges"] = "bytes"
    if in_gzip:
        content = kept.compressed(opened)
        headers |= {"Content-Encoding": "gzip", "Content-Length": str(len(content))}
        return Answer(status=HTTPStatus.OK, headers=headers, content=content, span=nothing)
    return _plain(opened, request, headers)


def _plain(opened: Opened, request: Mapping[str, str], headers: dict[str, str]) -> Answer:
    try:
        span = wanted_span(request, headers["ETag"], opened.size)
    except Unsatisfiable as error:
        raise Refusal(
            HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, {"Content-Range": f"bytes */{opened.size}"}
        ) from error
    status = HTTPStatus.OK
    if span is None:
        span = Span(first=0, last=opened.size - 1)
    else:
        status = HTTPStatus.PARTIAL_CONTENT
        headers["Content-Range"] = f"bytes {span.first}-{span.last}/{opened.size}"
    headers["Content-Length"] = str(span.last - span.first + 1)
    return Answer(status=status, headers=headers, content=None, span=span)


def _caching(opened: Opened) -> str:
    return policy.FOR_EVER if opened.lasting else policy.ASK_AGAIN


def _sharing(what: Media) -> dict[str, str]:
    """Who else may read it: a podcast app that is a web page reads feeds, sound, pictures and captions."""
    if not what.shared:
        return {"Cross-Origin-Resource-Policy": "same-origin"}
    return {
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": "Accept-Ranges, Content-Length, Content-Range, ETag",
    }
