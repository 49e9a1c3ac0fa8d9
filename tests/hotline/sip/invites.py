"""A request as it comes over the wire, for tests of messages."""

from __future__ import annotations

from audioleaflet.hotline.sip.message import Request
from audioleaflet.hotline.sip.reader import parse

INVITE = (
    b"INVITE sip:121@127.0.0.1 SIP/2.0\r\n"
    b"Via: SIP/2.0/UDP 127.0.0.1:6001;rport;branch=z9hG4bKa1\r\n"
    b"Via: SIP/2.0/UDP 10.0.0.9;branch=z9hG4bKb2, SIP/2.0/TCP 10.0.0.8;branch=z9hG4bKc3\r\n"
    b"Record-Route: <sip:p2.example;lr>, <sip:p1.example;lr>\r\n"
    b"Max-Forwards: 69\r\n"
    b'From: "Caller" <sip:caller@example.org>;tag=ff\r\n'
    b"To: <sip:121@127.0.0.1>\r\n"
    b"Call-ID: one@example.org\r\n"
    b"CSeq: 7 INVITE\r\n"
    b"Contact: <sip:caller@127.0.0.1:6001>\r\n"
    b"Supported: timer, 100rel\r\n"
    b"Require: X, y\r\n"
    b"Session-Expires: 1800;refresher=uac\r\n"
    b"Timestamp: 54\r\n"
    b"Content-Type: application/sdp; charset=utf-8\r\n"
    b"Content-Length: 4\r\n"
    b"\r\n"
    b"v=0\nmore than was said"
)


def request(data: bytes = INVITE) -> Request:
    message = parse(data)
    assert isinstance(message, Request)
    return message
