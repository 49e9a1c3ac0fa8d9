"""Requests and responses: what an answer copies, what a header may not smuggle in, and how headers are found."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.hotline.sip.invites import INVITE, request

from audioleaflet.hotline.sip.headers import Malformed
from audioleaflet.hotline.sip.message import fragment_status, response_to


def test_an_answer_copies_what_leads_it_back() -> None:
    answer = response_to(
        request(),
        200,
        source=("192.0.2.77", 6222),
        to_tag="us",
        headers=(("Contact", "<sip:line@192.0.2.1>"),),
        body=b"x",
    )
    assert answer.serialize() == (
        b"SIP/2.0 200 OK\r\n"
        b"Via: SIP/2.0/UDP 127.0.0.1:6001;branch=z9hG4bKa1;received=192.0.2.77;rport=6222\r\n"
        b"Via: SIP/2.0/UDP 10.0.0.9;branch=z9hG4bKb2\r\n"
        b"Via: SIP/2.0/TCP 10.0.0.8;branch=z9hG4bKc3\r\n"
        b"Record-Route: <sip:p2.example;lr>\r\n"
        b"Record-Route: <sip:p1.example;lr>\r\n"
        b'From: "Caller" <sip:caller@example.org>;tag=ff\r\n'
        b"To: <sip:121@127.0.0.1>;tag=us\r\n"
        b"Call-ID: one@example.org\r\n"
        b"CSeq: 7 INVITE\r\n"
        b"Contact: <sip:line@192.0.2.1>\r\n"
        b"Content-Length: 1\r\n"
        b"\r\n"
        b"x"
    )


def test_trying_has_no_tag_and_repeats_the_timestamp() -> None:
    trying = response_to(request(), 100, to_tag="us")
    assert (trying.to.tag, trying.first("Timestamp"), trying.record_routes) == ("", "54", ())
    assert response_to(request(), 180, to_tag="us").first("Timestamp") is None


def test_a_tag_that_is_there_stays() -> None:
    within = request(INVITE.replace(b"To: <sip:121@127.0.0.1>", b"To: <sip:121@127.0.0.1>;tag=first"))
    assert response_to(within, 200, to_tag="second").to.tag == "first"


def test_a_refusal_has_no_route() -> None:
    refusal = response_to(request(), 420, to_tag="t").adding((("Unsupported", "x"),))
    assert refusal.record_routes == ()
    assert refusal.all("Unsupported") == ("x",)


def test_no_answer_carries_a_header_that_was_smuggled_in() -> None:
    answer = response_to(request(), 200, headers=(("Contact", "<sip:a@b>\r\nX: y"),))
    with pytest.raises(Malformed, match="control"):
        answer.serialize()


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"SIP/2.0 100 Trying\r\n", 100), (b"\r\nSIP/2.0 486 Busy Here\r\nVia: x\r\n", 486), (b"SIP/2.0 200", 200)],
)
def test_how_a_transfer_went(body: bytes, status: int) -> None:
    assert fragment_status(body) == status


@pytest.mark.parametrize("body", [b"", b"SIP/2.0 2000 OK", b"SIP/2.0 OK", b"HTTP/1.1 200 OK", b"\xff"])
def test_a_report_of_a_transfer_that_is_none(body: bytes) -> None:
    with pytest.raises(Malformed):
        fragment_status(body)


def test_headers_are_found_by_any_name_in_any_case() -> None:
    message = replace(request(), headers=(("x-one", "1"), ("X-ONE", "2")))
    assert message.all("X-One") == ("1", "2")
