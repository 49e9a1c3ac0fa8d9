"""Datagrams read: the rules behind the torture tests of RFC 4475, every limit, and whatever bytes may come."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.hotline.sip.invites import INVITE, request

from audioleaflet.hotline.sip.headers import Malformed, SessionExpires
from audioleaflet.hotline.sip.message import Message, Request, Response, response_to
from audioleaflet.hotline.sip.reader import MAX_BYTES, MAX_HEADERS, MAX_LINE, parse


def malformed(data: bytes) -> Malformed:
    with pytest.raises(Malformed) as caught:
        parse(data)
    return caught.value


def test_an_invite_is_read() -> None:
    invite = request()
    assert (invite.method, invite.uri, invite.request_uri.dialled) == ("INVITE", "sip:121@127.0.0.1", "121")
    assert [via.branch for via in invite.vias] == ["z9hG4bKa1", "z9hG4bKb2", "z9hG4bKc3"]
    assert invite.via.transport == "UDP"
    assert [route.uri for route in invite.record_routes] == ["sip:p2.example;lr", "sip:p1.example;lr"]
    assert (invite.from_.tag, invite.to.tag, invite.call_id) == ("ff", "", "one@example.org")
    assert (invite.cseq.number, invite.max_forwards) == (7, 69)
    assert [contact.uri for contact in invite.contacts] == ["sip:caller@127.0.0.1:6001"]
    assert (invite.supported, invite.require) == (("timer", "100rel"), ("x", "y"))
    assert invite.session_expires == SessionExpires(seconds=1800, refresher="uac")
    assert (invite.min_se, invite.refer_to, invite.routes) == (None, None, ())
    assert (invite.content_type, invite.body) == ("application/sdp", b"v=0\n")
    assert invite.first("content-TYPE") == "application/sdp; charset=utf-8"


def test_what_was_read_is_written_and_read_again() -> None:
    assert parse(request().serialize()) == request()


def test_compact_names_and_folded_lines() -> None:
    """As RFC 4475, 3.1.1.1: any case, spaces around the colon, lines folded with spaces or tabs, noughts, unknowns."""
    message = request(
        b"INVITE sip:vivekg@chair-dnrc.example.com;unknownparam SIP/2.0\r\n"
        b"TO :\r\n sip:vivekg@chair-dnrc.example.com ;   tag    = 1918181833n\r\n"
        b'from   : "J Rosenberg \\\\\\""       <sip:jdrosen@example.com>\r\n\t;\r\n  tag = 98asjd8\r\n'
        b"MaX-fOrWaRdS: 0068\r\n"
        b"i: wsinv.ndaksdj@192.0.2.1\r\n"
        b"cseq: 0009\r\n  INVITE\r\n"
        b"v  : SIP  /   2.0\r\n /UDP\r\n    192.0.2.2;branch=390skdjuw\r\n"
        b"s :\r\n"
        b"NewFangledHeader:   newfangled value\r\n continued newfangled value\r\n"
        b"UnknownHeaderWithUnusualValue: ;;,,;;,;\r\n"
        b"Content-Type: application/sdp\r\n"
        b"Route:\r\n <sip:services.example.com;lr;unknownwith=value;unknown-no-value>\r\n"
        b"k:\r\n"
        b'm:"Quoted string \\"\\"" <sip:jdrosen@example.com> ; newparam =\r\n      newvalue ;\r\n  two ; q = 0.33\r\n'
        b"x: 90\r\n"
        b"l: 0\r\n\r\n"
    )
    assert (message.to.tag, message.from_.tag, message.call_id) == ("1918181833n", "98asjd8", "wsinv.ndaksdj@192.0.2.1")
    assert (message.max_forwards, message.cseq.number, message.via.host) == (68, 9, "192.0.2.2")
    assert (message.contacts[0].uri, message.supported) == ("sip:jdrosen@example.com", ())
    assert message.first("Subject") == ""
    assert message.first("NewFangledHeader") == "newfangled value continued newfangled value"
    assert message.session_expires == SessionExpires(seconds=90)
    assert message.routes[0].uri.startswith("sip:services")


def test_lines_before_a_message_are_passed_over() -> None:
    assert request(b"\r\n\r\n" + INVITE) == request()


def test_a_name_in_latin_1_goes_out_as_it_came_in() -> None:
    named = request(INVITE.replace(b'"Caller"', b'"J\xf6rg"'))
    assert b'From: "J\xf6rg" <sip:caller@example.org>;tag=ff\r\n' in response_to(named, 200).serialize()


def test_a_body_without_a_length_goes_to_the_end_of_the_datagram() -> None:
    assert request(INVITE.replace(b"Content-Length: 4\r\n", b"")).body == b"v=0\nmore than was said"


def _without(name: bytes, data: bytes = INVITE) -> bytes:
    return b"\r\n".join(line for line in data.split(b"\r\n") if not line.lower().startswith(name.lower() + b":"))


@pytest.mark.parametrize(
    ("data", "reason", "status"),
    [
        pytest.param(b"", "empty", 0, id="nothing"),
        pytest.param(b"\r\n\r\n", "empty", 0, id="keep-alive"),
        pytest.param(b"jaK", "incomplete", 0, id="no end of the headers"),
        pytest.param(INVITE.replace(b"\r\n", b"\n"), "incomplete", 0, id="bare LF"),
        pytest.param(INVITE.replace(b"Caller", b"Call\x00er"), "control", 0, id="NUL"),
        pytest.param(INVITE.replace(b"Caller", b"Call\ner"), "control", 0, id="LF inside a header"),
        pytest.param(INVITE.replace(b"SIP/2.0\r\n", b"SIP/7.0\r\n", 1), "version", 505, id="version"),
        pytest.param(
            INVITE.replace(b"sip:121@127.0.0.1 ", b"sip:121@127.0.0.1; lr ", 1), "uri", 400, id="URI with a space"
        ),
        pytest.param(
            INVITE.replace(b"sip:121@127.0.0.1 ", b"<sip:121@127.0.0.1> ", 1), "uri", 400, id="URI in brackets"
        ),
        pytest.param(INVITE.replace(b"INVITE sip", b"INVITE  sip", 1), "uri", 400, id="two spaces"),
        pytest.param(INVITE.replace(b"INVITE sip:121@127.0.0.1 SIP/2.0", b"HELLO", 1), "start", 0, id="no start line"),
        pytest.param(
            INVITE.replace(b"Content-Length: 4", b"Content-Length: 9999"), "length", 400, id="too long a length"
        ),
        pytest.param(
            INVITE.replace(b"Content-Length: 4", b"Content-Length: -999"), "length", 400, id="negative length"
        ),
        pytest.param(INVITE.replace(b"Content-Length: 4", b"l: 4\r\nl: 5"), "repeated", 400, id="two lengths"),
        pytest.param(INVITE.replace(b"CSeq: 7", b"CSeq: 36893488147419103232"), "cseq", 400, id="CSeq too large"),
        pytest.param(INVITE.replace(b"CSeq: 7 INVITE", b"CSeq: 7 BYE"), "cseq", 400, id="another method in CSeq"),
        pytest.param(
            INVITE.replace(b"Forwards: 69", b"Forwards: 300"), "max-forwards", 400, id="Max-Forwards too large"
        ),
        pytest.param(INVITE.replace(b"To: <sip", b"To: sip:x@y\r\nTo: <sip"), "repeated", 400, id="two To"),
        pytest.param(
            INVITE.replace(b"Call-ID: one@example.org", b"Call-ID: a b"), "missing", 400, id="Call-ID of two words"
        ),
        pytest.param(INVITE.replace(b'"Caller" <', b'"Caller <'), "quoting", 400, id="quote without an end"),
        pytest.param(
            INVITE.replace(b"Supported: ", b'Supported: "'), "quoting", 0, id="quote without an end in a list"
        ),
        pytest.param(INVITE.replace(b"Timestamp", b"Time stamp"), "header", 0, id="name of two words"),
        pytest.param(INVITE.replace(b"Contact: ", b"Contact: <sip:x@y>, "), "contact", 400, id="two Contacts"),
        pytest.param(
            INVITE.replace(b"Contact: <sip:caller@127.0.0.1:6001>", b"Contact: *"), "address", 400, id="Contact *"
        ),
        pytest.param(_without(b"Contact"), "contact", 400, id="no Contact"),
        pytest.param(_without(b"Via"), "missing", 400, id="no Via"),
        pytest.param(_without(b"From"), "missing", 400, id="no From"),
        pytest.param(_without(b"To"), "missing", 400, id="no To"),
        pytest.param(_without(b"Call-ID"), "missing", 400, id="no Call-ID"),
        pytest.param(_without(b"CSeq"), "missing", 400, id="no CSeq"),
        pytest.param(
            INVITE.replace(b"Session-Expires: 1800", b"Session-Expires: soon"), "session-expires", 400, id="timer"
        ),
        pytest.param(b"SIP/2.0 200 OK\r\n\r\n", "missing", 400, id="response without headers"),
        pytest.param(b"SIP/2.0 999 No\r\n\r\n", "start", 0, id="status that is none"),
    ],
)
def test_what_is_malformed_has_one_word_for_it(data: bytes, reason: str, status: int) -> None:
    error = malformed(data)
    assert (error.reason, error.status) == (reason, status)


@pytest.mark.parametrize(
    ("old", "new", "answered"),
    [
        (b"Max-Forwards: 69", b"Max-Forwards: x", True),
        (b"CSeq: 7", b"CSeq: x", False),
        (b"<sip:caller@example.org>", b"<sip:caller", False),
        (b"SIP/2.0\r\n", b"SIP/3.0\r\n", True),
        (b"Timestamp", b"Time stamp", False),
        (b"Call-ID: one@example.org\r\n", b"", False),
        (b"Via: SIP/2.0/UDP 127.0.0.1:6001", b"Via: SIP/2.0/UDP 127.0.0.1:600111", False),
        (b"Via: SIP/2.0/UDP 127.0.0.1:6001", b"Via", False),
    ],
)
def test_a_malformed_request_is_answered_where_its_way_back_is_known(old: bytes, new: bytes, answered: bool) -> None:
    error = malformed(INVITE.replace(old, new, 1))
    assert (error.request is not None) == answered
    if error.request is not None:
        answer = response_to(error.request, error.status, to_tag="t").serialize()
        assert answer.startswith(f"SIP/2.0 {error.status} ".encode())
        assert b"branch=z9hG4bKa1" in answer


def test_a_malformed_ack_or_response_is_never_answered() -> None:
    assert malformed(INVITE.replace(b"INVITE sip", b"ACK sip").replace(b"7 INVITE", b"x ACK")).request is None
    answer = response_to(request(), 200).serialize()
    assert malformed(answer.replace(b"CSeq: 7", b"CSeq: x")).request is None


def test_a_datagram_of_the_most_bytes_and_one_more() -> None:
    room = MAX_BYTES - len(INVITE)
    assert request(INVITE + b"x" * room).body == b"v=0\n"
    assert malformed(INVITE + b"x" * (room + 1)).reason == "size"
    with pytest.raises(Malformed, match="size"):
        parse(INVITE, most=len(INVITE) - 1)


def test_a_line_of_the_most_signs_and_one_more() -> None:
    longest = b"Subject: " + b"x" * (MAX_LINE - 9)
    assert request(INVITE.replace(b"Timestamp: 54", longest)).first("subject") == "x" * (MAX_LINE - 9)
    assert malformed(INVITE.replace(b"Timestamp: 54", longest + b"x")).reason == "line"
    assert malformed(INVITE.replace(b"Timestamp: 54", longest + b"\r\n x")).reason == "line"


def test_the_most_headers_and_one_more() -> None:
    there = len(request().headers) + 1  # Content-Length stands in the message and is not kept
    room = MAX_HEADERS - there
    assert len(request(INVITE.replace(b"Timestamp", b"a: b\r\n" * room + b"Timestamp")).headers) == MAX_HEADERS - 1
    assert malformed(INVITE.replace(b"Timestamp", b"a: b\r\n" * (room + 1) + b"Timestamp")).reason == "headers"
    vias = b"SIP/2.0/UDP a;branch=z," * (room + 1)
    error = malformed(INVITE.replace(b"Via: ", b"Via: " + vias, 1))
    assert (error.reason, error.request) == ("headers", None)


@pytest.mark.parametrize(
    "head",
    [b"\r\n" * 4000, b" \r\n" * 2700, b"a:b\r\n c" + b"\r\n c" * 1900, b"A" * 8000, b"a: " + b",".join([b'""'] * 2000)],
)
def test_what_was_made_to_be_slow_is_not(head: bytes) -> None:
    begin = time.process_time()
    malformed(b"INVITE sip:a SIP/2.0\r\n" + head[: MAX_BYTES - 30] + b"\r\n\r\n")
    assert time.process_time() - begin < 0.5


# Answers.


# Anything at all.

WORD = st.text("abcXYZ019-.!*_+~", min_size=1, max_size=10)
HOST = st.sampled_from(["a.example", "192.0.2.4", "[2001:db8::9]"])
VIAS = st.builds(lambda host, word: f"SIP/2.0/UDP {host};branch=z9hG4bK{word}", HOST, WORD)
ADDRESSES = st.builds(lambda user, host: f'"q,\\"é" <sip:{user}@{host};lr>;tag=x', WORD, HOST)
FREE = st.tuples(WORD.map(lambda word: f"X-{word}"), st.text('ab ,;<>"é:=\udcff', max_size=20).map(str.strip))


@st.composite
def messages(draw: st.DrawFn) -> Message:
    method = draw(st.sampled_from(["INVITE", "ACK", "BYE", "OPTIONS", "X-NEW"]))
    headers = [("Via", via) for via in draw(st.lists(VIAS, min_size=1, max_size=3))]
    headers += [(name, draw(ADDRESSES)) for name in ("From", "To", "Contact")]
    headers += [("Call-ID", draw(WORD)), ("CSeq", f"{draw(st.integers(0, 2**31 - 1))} {method}")]
    headers += [("Route", value) for value in draw(st.lists(ADDRESSES, max_size=2))]
    headers += draw(st.lists(FREE, max_size=4))
    shuffled, body = tuple(draw(st.permutations(headers))), draw(st.binary(max_size=40))
    if draw(st.booleans()):
        return Response(
            status=draw(st.integers(100, 699)), reason=draw(st.text("abc é/", max_size=9)), headers=shuffled, body=body
        )
    return Request(method=method, uri=f"sip:{draw(WORD)}@h;a?b", headers=shuffled, body=body)


@given(messages())
def test_whatever_is_written_is_read_back(message: Message) -> None:
    assert parse(message.serialize()) == message


def refusal_reads(request: Request) -> None:
    assert all((request.from_, request.to, request.cseq, request.vias))
    refusal = response_to(request, 400, to_tag="t", source=("192.0.2.1", 1))
    assert refusal.via.received == "192.0.2.1"
    assert refusal.serialize().startswith(b"SIP/2.0 400 Bad Request\r\nVia: ")


def everything_reads(data: bytes) -> None:
    try:
        message = parse(data)
    except Malformed as error:
        if error.request is not None:
            refusal_reads(error.request)
        return
    assert message.vias
    assert message.via.branch is not None
    assert all((message.call_id, message.cseq.method, message.from_.uri, message.to.uri))
    typed = (message.session_expires, message.min_se, message.content_type, message.supported)
    assert len(typed) == 4
    again = parse(message.serialize())
    assert again == message
    if isinstance(message, Request):
        assert 0 <= message.max_forwards <= 255
        if message.method == "INVITE":
            assert len(message.contacts) == 1
            assert message.record_routes is not None
        answer = parse(response_to(message, 200, to_tag="t", source=("192.0.2.1", 1)).serialize())
        assert (answer.cseq, answer.call_id, bool(answer.to.tag)) == (message.cseq, message.call_id, True)


@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_else(data: bytes) -> None:
    everything_reads(data)


@settings(max_examples=500)
@given(st.data())
def test_nor_does_an_invite_with_parts_cut_out_or_put_in(data: st.DataObject) -> None:
    changed = INVITE
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(changed)))
        gone = data.draw(st.integers(0, 12))
        put = data.draw(
            st.binary(max_size=6)
            | st.sampled_from([b"\r\n", b"\r\n ", b'"', b"<", b">", b",", b";", b"=", b"@", b":", b"\xff", b"\t"])
        )
        changed = changed[:place] + put + changed[place + gone :]
    everything_reads(changed)
