"""Conditions, ranges and encodings, as RFC 9110 has them."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audioleaflet.publish.site.server.conditions import (
    Span,
    Unsatisfiable,
    accepts_gzip,
    http_date,
    precondition,
    wanted_span,
)

TAG = '"abc"'
THEN = 784_111_777  # the RFC's example
DATE = "Sun, 06 Nov 1994 08:49:37 GMT"


def test_http_date_is_the_one_of_the_rfc() -> None:
    assert http_date(THEN) == DATE


@pytest.mark.parametrize(
    ("asked", "span"),
    [
        ("bytes=0-0", Span(first=0, last=0)),
        ("bytes=0-499", Span(first=0, last=499)),
        ("bytes=500-", Span(first=500, last=999)),
        ("bytes=-1", Span(first=999, last=999)),
        ("bytes=-5000", Span(first=0, last=999)),
        ("bytes=999-5000", Span(first=999, last=999)),
        ("bytes=0-99999999999999999999", Span(first=0, last=999)),
        ("Bytes= 1-2 ", Span(first=1, last=2)),
        # None: the whole file.
        ("bytes=5-4", None),
        ("bytes=-", None),
        ("bytes=a-b", None),
        ("bytes=0-1,5-6", None),
        ("bytes=0-1, bytes=5-6", None),
        ("items=0-1", None),
        ("bytes=1", None),
        ("bytes=--1", None),
        ("bytes=+1-2", None),
        ("bytes=١-٢", None),
        ("bytes=0-" + "9" * 5000, None),
        ("", None),
    ],
)
def test_ranges(asked: str, span: Span | None) -> None:
    assert wanted_span({"range": asked}, TAG, 1000) == span


@pytest.mark.parametrize(
    ("asked", "size"), [("bytes=1000-", 1000), ("bytes=-0", 1000), ("bytes=0-", 0), ("bytes=-5", 0)]
)
def test_ranges_after_the_end(asked: str, size: int) -> None:
    with pytest.raises(Unsatisfiable):
        wanted_span({"range": asked}, TAG, size)


@given(st.text(alphabet="bytes=0123456789-, \t\u0660", max_size=24), st.integers(0, 50))
def test_any_range_is_inside_the_file_or_none(asked: str, size: int) -> None:
    try:
        span = wanted_span({"range": asked}, TAG, size)
    except Unsatisfiable:
        return
    assert span is None or 0 <= span.first <= span.last < size


@pytest.mark.parametrize(
    ("condition", "holds"),
    [(TAG, True), (' "abc" ', True), ('W/"abc"', False), ('"abd"', False), ("abc", False), (DATE, False), ("*", False)],
)
def test_if_range_holds_for_the_very_tag_only(condition: str, holds: bool) -> None:
    span = wanted_span({"range": "bytes=1-2", "if-range": condition}, TAG, 10)
    assert (span is not None) is holds


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, None),
        ({"if-none-match": TAG}, 304),
        ({"if-none-match": 'W/"abc"'}, 304),
        ({"if-none-match": '"x, y", "abc"'}, 304),
        ({"if-none-match": "*"}, 304),
        ({"if-none-match": '"abcd"'}, None),
        ({"if-none-match": "abc"}, None),
        ({"if-none-match": '"old"', "if-modified-since": DATE}, None),  # the date is not looked at then
        ({"if-modified-since": DATE}, 304),
        ({"if-modified-since": "Sun, 06 Nov 1994 08:49:36 GMT"}, None),
        ({"if-modified-since": "Sunday, 06-Nov-94 08:49:37 GMT"}, 304),
        ({"if-modified-since": "Sun Nov  6 08:49:37 1994"}, 304),
        ({"if-modified-since": "yesterday"}, None),
        ({"if-modified-since": "Sun, 99 Nov 99999999 08:49:37 GMT"}, None),
        ({"if-match": TAG}, None),
        ({"if-match": "*"}, None),
        ({"if-match": 'W/"abc"'}, 412),
        ({"if-match": '"old"'}, 412),
        ({"if-match": TAG, "if-none-match": TAG}, 304),
        ({"if-unmodified-since": DATE}, None),
        ({"if-unmodified-since": "Sun, 06 Nov 1994 08:49:36 GMT"}, 412),
    ],
)
def test_preconditions(headers: dict[str, str], status: int | None) -> None:
    found = precondition(headers, TAG, THEN)
    assert found == (HTTPStatus(status) if status else None)


@pytest.mark.parametrize(
    ("header", "gzip"),
    [
        ("", False),
        ("gzip", True),
        ("GZIP", True),
        ("x-gzip", True),
        ("*", True),
        ("gzip, deflate, br, zstd", True),
        ("br;q=1.0, gzip;q=0.8, *;q=0.1", True),
        ("gzip;q=0", False),
        ("gzip;q=0.000", False),
        ("gzip;q=0, *", False),
        ("*;q=0", False),
        ("identity", False),
        ("identity;q=0.5, gzip;q=1", True),
        ("identity, gzip;q=0.5", False),
        ("gzip;q=2", False),
        ("gzip ; q=0.5", True),
        ("gzip;q=nan", False),
        ("deflate, br", False),
    ],
)
def test_gzip(header: str, gzip: bool) -> None:
    assert accepts_gzip(header) is gzip
