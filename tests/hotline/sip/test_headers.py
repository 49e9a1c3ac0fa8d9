"""Header values: what is read, what is refused, and what is written back."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audioleaflet.hotline.sip.headers import (
    CSeq,
    Malformed,
    NameAddr,
    Params,
    SessionExpires,
    Uri,
    Via,
    number,
    parse_params,
    split,
)

WORD = st.text("abcXYZ019-.!%*_+`'~", min_size=1, max_size=12)
QUOTED = st.text("abc ,;<>=@é", max_size=8).map(lambda text: f'"{text}"')
HOST = st.sampled_from(["pbx.example.org", "192.0.2.4", "[2001:db8::9]", "a_b.local"])
PORT = st.none() | st.integers(0, 65535)
PARAMS = st.lists(st.tuples(WORD.map(str.lower), st.none() | WORD | QUOTED | HOST), max_size=4).map(tuple)
SIP_URI = st.builds(lambda user, host: f"sip:{user}@{host};transport=udp", WORD, HOST)


@given(st.builds(Via, transport=st.sampled_from(["UDP", "TCP", "udp"]), host=HOST, port=PORT, params=PARAMS))
def test_a_via_is_read_back(via: Via) -> None:
    assert Via.parse(via.serialize()) == via


@given(st.builds(NameAddr, uri=SIP_URI, display=st.just("") | QUOTED | WORD, params=PARAMS))
def test_an_address_is_read_back(address: NameAddr) -> None:
    assert NameAddr.parse(address.serialize()) == address


@given(
    st.builds(
        Uri,
        scheme=st.sampled_from(["sip", "sips"]),
        user=st.just("") | WORD | st.just("a;b=c?d"),
        host=HOST,
        port=PORT,
        params=st.sampled_from(["", ";lr", ";transport=udp?subject=x", "?a=b"]),
    )
    | st.builds(
        Uri, scheme=st.just("tel"), user=st.just("+15551234"), host=st.just(""), params=st.just(";phone-context=x")
    )
)
def test_a_uri_is_read_back(uri: Uri) -> None:
    assert Uri.parse(uri.serialize()) == uri


@given(st.builds(CSeq, number=st.integers(0, 2**31 - 1), method=WORD))
def test_a_sequence_is_read_back(sequence: CSeq) -> None:
    assert CSeq.parse(sequence.serialize()) == sequence


@given(st.builds(SessionExpires, seconds=st.integers(0, 2**31 - 1), refresher=st.sampled_from(["", "uac", "uas"])))
def test_a_session_timer_is_read_back(timer: SessionExpires) -> None:
    assert SessionExpires.parse(timer.serialize()) == timer


@pytest.mark.parametrize("kind", [Via, NameAddr, Uri, CSeq, SessionExpires])
@given(text=st.text(max_size=60) | st.text('sipSIP:/2.0UDP@<>";,=a1 \t[]\\%', max_size=40))
def test_no_text_raises_anything_else(kind: type[Via | NameAddr | Uri | CSeq | SessionExpires], text: str) -> None:
    try:
        value = kind.parse(text)
    except Malformed:
        return
    assert kind.parse(value.serialize()) == value


def test_a_via_with_spaces_around_its_marks() -> None:
    via = Via.parse("SIP  / 2.0 /\tUDP   192.0.2.2 : 5080 ;branch = z9hG4bK390skdjuw; rport")
    assert (via.transport, via.host, via.port, via.branch, via.rport) == (
        "UDP",
        "192.0.2.2",
        5080,
        "z9hG4bK390skdjuw",
        "",
    )


def test_a_via_is_told_where_it_came_from() -> None:
    asked = Via.parse("SIP/2.0/UDP 10.0.0.1:5060;rport;branch=z9hG4bK1;received=10.9.9.9")
    seen = asked.seen_from("198.51.100.7", 40001)
    assert seen.serialize() == "SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK1;received=198.51.100.7;rport=40001"
    silent = Via.parse("SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1").seen_from("2001:db8::1", 5060)
    assert (silent.received, silent.rport) == ("2001:db8::1", None)
    assert Via.parse(silent.serialize()) == silent
    assert silent.seen_from("fe80::1%eth0", 5060).received == "fe80::1"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "SIP/3.0/UDP a",
        "SIP/2.0/UDP",
        "SIP/2.0/UDP a:99999",
        "SIP/2.0/UDP a b",
        "SIP/2.0/UDP a;branch=",
        "SIP/2.0/UDP a;=x",
        "SIP/2.0/UDP a:٣",
        'SIP/2.0/UDP a;x="',
    ],
)
def test_a_via_that_is_none(text: str) -> None:
    with pytest.raises(Malformed):
        Via.parse(text)


@pytest.mark.parametrize(
    ("text", "display", "uri", "tag"),
    [
        ("sip:a@b;tag=1", "", "sip:a@b", "1"),
        ("<sip:a@b;lr>;tag=1", "", "sip:a@b;lr", "1"),
        ('"A, B <;>" <sip:a@b>', '"A, B <;>"', "sip:a@b", ""),
        ('"say \\"hello\\"" <sip:a@b>;tag=x', '"say \\"hello\\""', "sip:a@b", "x"),
        ('"Ward" Seven <sip:7@b>', '"Ward" Seven', "sip:7@b", ""),
        ("Ward Seven<sip:7@b>", "Ward Seven", "sip:7@b", ""),
        ("sip:a@b ;   TAG    = 19n", "", "sip:a@b", "19n"),
        ("tel:+15551234", "", "tel:+15551234", ""),
    ],
)
def test_addresses(text: str, display: str, uri: str, tag: str) -> None:
    address = NameAddr.parse(text)
    assert (address.display, address.uri, address.tag) == (display, uri, tag)


@pytest.mark.parametrize(
    "text", ["", "*", "<sip:a@b", "sip:a@b>", "<sip:a b@c>", "<>", '"x <sip:a@b>', "<sip:a@b> x", "<<sip:a@b>>", "a"]
)
def test_an_address_that_is_none(text: str) -> None:
    with pytest.raises(Malformed):
        NameAddr.parse(text)


def test_a_tag_takes_the_place_of_another() -> None:
    address = NameAddr.parse("<sip:a@b>;tag=old;x=y").with_tag("new")
    assert address.serialize() == "<sip:a@b>;x=y;tag=new"


@pytest.mark.parametrize(
    ("text", "dialled"),
    [
        ("sip:121@10.0.0.1", "121"),
        ("sip:%2B15551234;phone-context=x@h", "+15551234"),
        ("sip:line:secret@h", "line"),
        ("tel:+1-555-1234;ext=9", "+15551234"),
        ("sip:(212)555.0100@h;user=phone", "2125550100"),
        ("sip:ward-7@h", "ward-7"),
        ("sip:host.example", ""),
    ],
)
def test_the_number_that_was_dialled(text: str, dialled: str) -> None:
    assert Uri.parse(text).dialled == dialled


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("http://x", 416),
        ("nobodyKnowsThisScheme:x", 416),
        ("sip:", 400),
        ("sip:@h", 400),
        ("sip:a@b@c", 400),
        ("sip:a@h:x", 400),
        ("sip:a@h:70000", 400),
        ("h", 400),
    ],
)
def test_a_uri_that_is_none(text: str, status: int) -> None:
    with pytest.raises(Malformed) as caught:
        Uri.parse(text)
    assert caught.value.status == status


@pytest.mark.parametrize(
    "text", ["2147483648 INVITE", "-1 INVITE", "INVITE", "1", "1 IN VITE", "1INVITE", "36893488147419103232 REGISTER"]
)
def test_a_sequence_that_is_none(text: str) -> None:
    with pytest.raises(Malformed):
        CSeq.parse(text)


def test_a_sequence_with_noughts_before_it() -> None:
    assert CSeq.parse("0009  INVITE") == CSeq(number=9, method="INVITE")


@pytest.mark.parametrize("text", ["", "x", "1.5", "90;refresher=me", "99999999999"])
def test_a_session_timer_that_is_none(text: str) -> None:
    with pytest.raises(Malformed):
        SessionExpires.parse(text)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a, b ,c", ["a", "b", "c"]),
        ('"a,b" <x,y>, c', ['"a,b" <x,y>', "c"]),
        ('"a\\",b", c', ['"a\\",b"', "c"]),
        (",,", ["", "", ""]),
        ('"",<>', ['""', "<>"]),
    ],
)
def test_a_list_is_cut_outside_quotes_and_brackets(text: str, parts: list[str]) -> None:
    assert split(text, ",") == parts


def test_parameters_keep_their_order_and_lose_their_capitals() -> None:
    expected: Params = (("lr", None), ("x", '"a b"'))
    assert parse_params(["LR", "", 'X = "a b"']) == expected


def test_numbers_have_a_most() -> None:
    assert number("0068", "x", 255) == 68
    for text in ("256", "", "-1", "1" * 21, "²"):
        with pytest.raises(Malformed):
            number(text, "x", 255)


@pytest.mark.parametrize(
    "text",
    [
        '"' * 4001,
        '"\\' * 4000,
        "<" * 8000,
        "<>" * 4000 + '"',
        ";" * 8000,
        "a=" * 4000,
        " " * 8000 + '"',
        "SIP/2.0/UDP" + " " * 8000 + "!",
    ],
)
def test_what_was_made_to_be_slow_is_not(text: str) -> None:
    begin = time.process_time()
    for kind in (Via, NameAddr, CSeq, SessionExpires, Uri):
        with pytest.raises(Malformed):
            kind.parse(text)
    assert time.process_time() - begin < 0.5  # quadratic work takes many seconds


def test_what_is_wrong_never_tells_what_was_sent() -> None:
    with pytest.raises(Malformed) as caught:
        NameAddr.parse("<sip:+15551234@secret")
    assert "5551234" not in str(caught.value)
    assert "secret" not in str(caught.value)
