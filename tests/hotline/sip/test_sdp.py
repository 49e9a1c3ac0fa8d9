"""Offers and answers of sound: what exchanges and telephones really send, what is refused, and any bytes at all."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audioleaflet.hotline.sip.headers import Malformed
from audioleaflet.hotline.sip.sdp import (
    MAX_LINES,
    MAX_MEDIA,
    Agreement,
    Description,
    Media,
    answer,
    choose,
    offer,
    parse,
)

TOP = b"v=0\r\no=- 7 9 IN IP4 192.0.2.7\r\ns=call\r\nc=IN IP4 192.0.2.7\r\nt=0 0\r\n"
PHONE = (
    TOP + b"m=audio 4000 RTP/AVP 96 8 0 101\r\n"
    b"a=rtpmap:96 opus/48000/2\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:0 pcmu/8000/1\r\n"
    b"a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\na=ptime:30\r\na=sendrecv\r\n"
)


def with_media(*lines: str) -> Description:
    return parse(TOP + "".join(f"{line}\r\n" for line in lines).encode())


def test_an_offer_of_a_telephone() -> None:
    assert choose(parse(PHONE)) == Agreement(
        index=0,
        payload_type=8,
        codec="PCMA",
        keys=101,
        address="192.0.2.7",
        port=4000,
        direction="sendrecv",
        ptime_ms=30,
    )


def test_our_answer_to_it() -> None:
    theirs = parse(PHONE)
    ours = answer(theirs, choose(theirs), address="198.51.100.1", port=20000, session_id=3, version=4)
    assert ours.serialize() == (
        b"v=0\r\no=- 3 4 IN IP4 198.51.100.1\r\ns=-\r\nc=IN IP4 198.51.100.1\r\nt=0 0\r\n"
        b"m=audio 20000 RTP/AVP 8 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\n"
        b"a=fmtp:101 0-15\r\na=ptime:20\r\na=sendrecv\r\n"
    )


def test_our_offer_and_an_answer_to_it() -> None:
    ours = offer(address="2001:db8::1", port=20002, session_id=1, version=1)
    assert ours.serialize().startswith(b"v=0\r\no=- 1 1 IN IP6 2001:db8::1\r\ns=-\r\nc=IN IP6 2001:db8::1\r\n")
    assert b"m=audio 20002 RTP/AVP 0 8 101\r\n" in ours.serialize()
    agreed = choose(parse(ours.serialize()))
    assert (agreed.codec, agreed.keys, agreed.sending) == ("PCMU", 101, True)
    assert choose(with_media("m=audio 4000 RTP/AVP 8", "a=recvonly")).direction == "sendonly"


def test_payload_types_without_a_map_and_maps_of_other_types() -> None:
    assert choose(with_media("m=audio 4 RTP/AVP 18 0", "a=rtpmap:0 PCMU/8000/1")).codec == "PCMU"
    moved = choose(with_media("m=audio 4 RTP/AVP 97 98", "a=rtpmap:97 PCMU/16000", "a=rtpmap:98 PCMU/8000"))
    assert (moved.payload_type, moved.keys) == (98, None)
    with pytest.raises(Malformed):
        choose(with_media("m=audio 4 RTP/AVP 0", "a=rtpmap:0 G722/8000"))


def test_keys_of_another_clock_are_not_taken() -> None:
    both = ["m=audio 4 RTP/AVP 0 100 101", "a=rtpmap:100 telephone-event/48000", "a=rtpmap:101 TELEPHONE-EVENT/8000"]
    assert choose(with_media(*both)).keys == 101
    assert choose(with_media(*both[:2])).keys is None


@pytest.mark.parametrize(
    ("theirs", "ours", "sending"),
    [
        ("sendrecv", "sendrecv", True),
        ("sendonly", "recvonly", False),
        ("recvonly", "sendonly", True),
        ("inactive",) * 2 + (False,),
    ],
)
def test_hold_and_its_directions(theirs: str, ours: str, sending: bool) -> None:
    for described in (
        with_media("m=audio 4000 RTP/AVP 0", f"a={theirs}"),
        with_media(f"a={theirs}", "m=audio 4000 RTP/AVP 0"),
    ):
        agreed = choose(described)
        assert (agreed.direction, agreed.sending) == (ours, sending)
    nearer = with_media("a=inactive", "m=audio 4000 RTP/AVP 0", f"a={theirs}")
    assert choose(nearer).direction == ours


@pytest.mark.parametrize("address", ["IP4 0.0.0.0", "IP6 ::"])
def test_hold_the_old_way(address: str) -> None:
    agreed = choose(with_media("m=audio 4000 RTP/AVP 0", f"c=IN {address}"))
    assert (agreed.address, agreed.sending, agreed.direction) == ("", False, "sendrecv")


def test_the_address_of_the_media_stands_before_that_of_the_session() -> None:
    assert choose(with_media("m=audio 4000 RTP/AVP 0", "c=IN IP4 203.0.113.5")).address == "203.0.113.5"
    only = parse(b"v=0\r\no=- 1 1 IN IP4 a\r\ns= \r\nt=0 0\r\nm=audio 4 RTP/AVP 0\r\nc=IN IP4 233.252.0.1/127\r\n")
    assert choose(only).address == "233.252.0.1"


def test_other_media_are_refused_in_their_places() -> None:
    theirs = with_media(
        "m=video 5000 RTP/AVP 31 32",
        "m=audio 0 RTP/AVP 0",
        "m=audio 6000 RTP/SAVP 0",
        "m=audio 6002/2 RTP/AVP 9 0",
        "a=recvonly",
        "m=audio 6004 RTP/AVP 0",
        "m=image 7000 udptl t38",
    )
    agreed = choose(theirs)
    assert (agreed.index, agreed.port) == (3, 6002)
    ours = answer(theirs, agreed, address="192.0.2.1", port=20000, session_id=1, version=1)
    assert [(line.kind, line.port, line.protocol, line.formats) for line in ours.media] == [
        ("video", 0, "RTP/AVP", ("31",)),
        ("audio", 0, "RTP/AVP", ("0",)),
        ("audio", 0, "RTP/SAVP", ("0",)),
        ("audio", 20000, "RTP/AVP", ("0",)),
        ("audio", 0, "RTP/AVP", ("0",)),
        ("image", 0, "udptl", ("t38",)),
    ]
    assert parse(ours.serialize()) == ours


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param([], id="no media"),
        pytest.param(["m=audio 4000 RTP/AVP 18 9 96"], id="no common codec"),
        pytest.param(["m=audio 0 RTP/AVP 0"], id="port 0"),
        pytest.param(["m=video 4000 RTP/AVP 0"], id="video"),
        pytest.param(["m=audio 4000 RTP/SAVP 0"], id="encrypted"),
        pytest.param(
            ["m=audio 4000 RTP/AVP 128 0x0 -0 0000", "a=rtpmap:128 PCMU/8000"], id="payload types that are none"
        ),
        pytest.param(["m=audio 4000 RTP/AVP 101", "a=rtpmap:101 telephone-event/8000"], id="keys alone"),
    ],
)
def test_nothing_in_common(lines: list[str]) -> None:
    with pytest.raises(Malformed) as caught:
        choose(with_media(*lines))
    assert (caught.value.reason, caught.value.status) == ("no-common-codec", 488)


def test_no_address_at_all() -> None:
    with pytest.raises(Malformed):
        choose(parse(b"v=0\r\no=- 1 1 IN IP4 a\r\ns=-\r\nt=0 0\r\nm=audio 4 RTP/AVP 0\r\n"))


def test_ends_of_line_may_be_lf_alone_and_other_lines_are_passed_over() -> None:
    assert choose(parse(PHONE.replace(b"\r\n", b"\n"))) == choose(parse(PHONE))
    assert choose(parse(PHONE.replace(b"t=0 0", b"b=AS:64\r\nt=0 0\r\nk=clear:x"))) == choose(parse(PHONE))


@pytest.mark.parametrize("ptime", ["0", "abc", "", "99999", "²"])
def test_a_length_of_packet_that_is_none_is_20_ms(ptime: str) -> None:
    assert choose(with_media("m=audio 4 RTP/AVP 0", f"a=ptime:{ptime}")).ptime_ms == 20


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"hello", id="no lines"),
        pytest.param(PHONE.replace(b"v=0", b"v=1"), id="version"),
        pytest.param(PHONE.replace(b"v=0\r\n", b""), id="no version"),
        pytest.param(PHONE.replace(b"o=- 7 9", b"o=- 7"), id="origin"),
        pytest.param(PHONE.replace(b"o=- 7", b"o=- x"), id="session that is no number"),
        pytest.param(PHONE.replace(b"c=IN IP4 ", b"c=IN IP9 "), id="connection"),
        pytest.param(PHONE.replace(b"m=audio 4000", b"m=audio 70000"), id="port too large"),
        pytest.param(PHONE.replace(b"m=audio 4000", b"m=audio -1"), id="negative port"),
        pytest.param(PHONE.replace(b"RTP/AVP 96 8 0 101", b"RTP/AVP"), id="no formats"),
        pytest.param(PHONE.replace(b"a=sendrecv", b"a="), id="attribute without a name"),
        pytest.param(PHONE.replace(b"s=call", b"s=ca\x00ll"), id="NUL"),
        pytest.param(PHONE.replace(b"s=call", b"\r\ns=call"), id="empty line"),
    ],
)
def test_a_description_that_is_none(data: bytes) -> None:
    with pytest.raises(Malformed) as caught:
        parse(data)
    assert (caught.value.reason, caught.value.status) == ("sdp", 400)


def test_the_most_lines_and_the_most_media_and_one_more() -> None:
    lines = PHONE.count(b"\r\n")
    parse(PHONE + b"a=x\r\n" * (MAX_LINES - lines))
    media = b"m=audio 4 RTP/AVP 0\r\n"
    assert len(parse(TOP + media * MAX_MEDIA).media) == MAX_MEDIA
    for data in (PHONE + b"a=x\r\n" * (MAX_LINES - lines + 1), TOP + media * (MAX_MEDIA + 1)):
        with pytest.raises(Malformed, match="sdp-size"):
            parse(data)


def test_no_line_is_smuggled_in() -> None:
    with pytest.raises(Malformed, match="control"):
        offer(address="192.0.2.1\r\na=x", port=1, session_id=1, version=1).serialize()


WORD = st.text("abcXYZ019-", min_size=1, max_size=8)
NUMBER = st.integers(0, 10**20 - 1)
ADDRESS = st.sampled_from(["192.0.2.1", "2001:db8::1", "a.example", "0.0.0.0"])
ATTRIBUTES = st.lists(st.tuples(WORD, st.none() | st.text("ab:/ 0é=", max_size=12).map(str.strip)), max_size=3).map(
    tuple
)
MEDIA = st.builds(
    Media,
    kind=WORD,
    port=st.integers(0, 65535),
    protocol=st.sampled_from(["RTP/AVP", "udptl"]),
    formats=st.lists(WORD, min_size=1, max_size=4).map(tuple),
    address=st.just("") | ADDRESS,
    attributes=ATTRIBUTES,
)
DESCRIPTIONS = st.builds(
    Description,
    user=WORD,
    session_id=NUMBER,
    version=NUMBER,
    origin=ADDRESS,
    address=st.just("") | ADDRESS,
    attributes=ATTRIBUTES,
    media=st.lists(MEDIA, max_size=3).map(tuple),
)


@given(DESCRIPTIONS)
def test_whatever_is_written_is_read_back(description: Description) -> None:
    assert parse(description.serialize()) == description


def everything_reads(data: bytes) -> None:
    try:
        theirs = parse(data)
        assert parse(theirs.serialize()) == theirs
        agreed = choose(theirs)
    except Malformed:
        return
    ours = answer(theirs, agreed, address="192.0.2.1", port=20000, session_id=1, version=1)
    assert parse(ours.serialize()) == ours
    assert [line.kind for line in ours.media] == [line.kind for line in theirs.media]
    assert (choose(ours).codec, choose(ours).keys) == (agreed.codec, agreed.keys)


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_else(data: bytes) -> None:
    everything_reads(data)


@settings(max_examples=300)
@given(st.data())
def test_nor_does_an_offer_with_parts_cut_out_or_put_in(data: st.DataObject) -> None:
    changed = PHONE
    for _ in range(data.draw(st.integers(1, 4))):
        place, gone = data.draw(st.integers(0, len(changed))), data.draw(st.integers(0, 9))
        put = data.draw(
            st.binary(max_size=4)
            | st.sampled_from([b"\r\n", b"\n", b" ", b"=", b":", b"/", b"m=", b"a=", b"0", b"\xff"])
        )
        changed = changed[:place] + put + changed[place + gone :]
    everything_reads(changed)
