"""Keys: each press once, whatever is lost, doubled or late."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audioleaflet.hotline.events import Key
from audioleaflet.hotline.sip.dtmf import PLAIN, RELAY, Info, Receiver, Tone
from audioleaflet.hotline.sip.headers import Malformed
from audioleaflet.hotline.sip.rtp import Packet

KEYS = "0123456789*#"
TONES = st.builds(
    Tone, code=st.integers(0, 255), duration=st.integers(0, 65535), end=st.booleans(), volume=st.integers(0, 63)
)


def packet(tone: Tone | bytes, timestamp: int, *, marker: bool = False, ssrc: int = 1) -> Packet:
    payload = tone if isinstance(tone, bytes) else tone.serialize()
    return Packet(payload_type=101, sequence=0, timestamp=timestamp, ssrc=ssrc, payload=payload, marker=marker)


def press(key: str, timestamp: int, *, packets: int = 5, ssrc: int = 1) -> list[Packet]:
    """What a telephone sends: the first marked, the duration growing, the end three times."""
    code = KEYS.index(key)
    tones = [Tone(code=code, duration=160 * (place + 1)) for place in range(packets)]
    tones += [Tone(code=code, duration=160 * packets, end=True)] * 3
    return [packet(tone, timestamp, marker=not place, ssrc=ssrc) for place, tone in enumerate(tones)]


def heard(receiver: Receiver, packets: Iterable[Packet]) -> str:
    return "".join(key for key in map(receiver.hear, packets) if key)


@given(TONES)
def test_a_payload_is_read_back(tone: Tone) -> None:
    assert Tone.parse(tone.serialize()) == tone


def test_a_payload_bit_by_bit() -> None:
    assert Tone(code=11, duration=800, end=True, volume=10).serialize() == bytes.fromhex("0b8a0320")
    assert Tone.parse(bytes.fromhex("054a0320ffff")) == Tone(
        code=5, duration=800, volume=10
    )  # the reserved bit is no end


@given(st.binary(max_size=8))
def test_no_bytes_raise_anything_else(payload: bytes) -> None:
    receiver = Receiver()
    try:
        key = receiver.hear(packet(payload, 1))
    except Malformed:
        assert len(payload) < 4
        return
    assert key == (KEYS[payload[0]] if payload[0] < 12 else None)
    assert receiver.hear(packet(payload, 1)) is None


@given(st.data(), st.lists(st.sampled_from(KEYS), max_size=6))
def test_each_press_is_one_key_whatever_is_lost_or_doubled(data: st.DataObject, keys: list[str]) -> None:
    sent: list[Packet] = []
    for place, key in enumerate(keys):
        packets = press(key, (2**32 - 4000 + 2000 * place) % 2**32)
        kept = data.draw(st.lists(st.sampled_from(packets), min_size=1, max_size=12))
        sent += sorted(kept, key=packets.index)
    assert heard(Receiver(), sent) == "".join(keys)


def test_the_key_is_there_with_the_first_packet() -> None:
    assert Receiver().hear(press("7", 8000)[0]) == "7"


def test_the_same_key_twice_is_two_keys() -> None:
    assert heard(Receiver(), press("3", 8000) + press("3", 10400)) == "33"


def test_the_same_key_again_after_every_end_was_lost() -> None:
    assert heard(Receiver(), press("3", 8000)[:5] + press("3", 10400)[1:]) == "33"


def test_packets_of_a_press_before_the_last_are_passed_over() -> None:
    first, second = press("1", 8000), press("2", 10400)
    assert heard(Receiver(), [*first[:4], *second[:2], *first[4:], *second[2:]]) == "12"


@pytest.mark.parametrize("begin", [8000, 2**32 - 70_000])
def test_a_key_held_for_half_a_minute_is_one_key(begin: int) -> None:
    """RFC 4733, 2.5.1.3: after 65535 samples the press goes on under a new timestamp, without a mark or an end."""
    held = [packet(Tone(code=4, duration=160), begin, marker=True)]
    for part in range(4):
        timestamp = (begin + 65535 * part) % 2**32
        held += [packet(Tone(code=4, duration=duration), timestamp) for duration in (20000, 40000, 65535)]
    held += [packet(Tone(code=4, duration=300, end=True), (begin + 65535 * 4) % 2**32)] * 3
    assert heard(Receiver(), held) == "4"
    assert heard(Receiver(), held + press("4", (begin + 65535 * 5) % 2**32)) == "44"


def test_a_press_that_only_looks_like_one_that_goes_on() -> None:
    later = 8000 + 65535
    assert heard(Receiver(), [*press("4", 8000), packet(Tone(code=4, duration=160), later)]) == "44"  # let go before
    begun = [packet(Tone(code=4, duration=65535), 8000)]
    assert heard(Receiver(), [*begun, packet(Tone(code=5, duration=160), later)]) == "45"
    assert heard(Receiver(), [*begun, packet(Tone(code=4, duration=160), later, marker=True)]) == "44"
    assert heard(Receiver(), [*begun, packet(Tone(code=4, duration=160), later, ssrc=2)]) == "44"
    assert heard(Receiver(), [*begun, packet(Tone(code=4, duration=160), later + 160)]) == "44"


def test_another_sender_may_use_the_same_timestamps() -> None:
    assert heard(Receiver(), press("1", 8000) + press("1", 8000, ssrc=2)) == "11"


def test_codes_that_are_no_keys_are_passed_over() -> None:
    receiver = Receiver()
    assert [receiver.hear(packet(Tone(code=code, duration=160), code)) for code in (12, 15, 16, 255)] == [None] * 4


@pytest.mark.parametrize(
    ("content_type", "body", "key"),
    [
        (RELAY, b"Signal=5\r\nDuration=160\r\n", "5"),
        (RELAY, b"Signal= *\nDuration= 250\n", "*"),
        (RELAY, b"duration=100\r\nsignal=#", "#"),
        (RELAY, b"Signal=10\r\nDuration=100", "*"),
        (RELAY, b"Signal=11\r\nDuration=100", "#"),
        (RELAY, b"Signal=B\r\n", None),
        (PLAIN, b"9\r\n", "9"),
        (PLAIN, b"#", "#"),
        (PLAIN, b"11", "#"),
        (PLAIN, b"d", None),
    ],
)
def test_keys_in_info(content_type: str, body: bytes, key: str | None) -> None:
    assert Info.parse(content_type, body).key == key


@given(st.sampled_from(KEYS), st.integers(0, 99999))
def test_a_body_of_info_is_read_back(key: str, duration: int) -> None:
    info = Info(key=cast("Key", key), duration=duration)
    assert Info.parse(RELAY, info.serialize()) == info


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        (RELAY, b"", 400),
        (RELAY, b"Signal=12", 400),
        (RELAY, b"Signal=55", 400),
        (RELAY, b"Signal=5x", 400),
        (RELAY, b"NoSignal=5", 400),
        (PLAIN, b"", 400),
        (PLAIN, b"55", 400),
        (PLAIN, "²".encode("latin-1"), 400),
        ("application/media_control+xml", b"5", 415),
        ("", b"5", 415),
    ],
)
def test_a_body_of_info_that_has_no_key(content_type: str, body: bytes, status: int) -> None:
    with pytest.raises(Malformed) as caught:
        Info.parse(content_type, body)
    assert caught.value.status == status


@given(
    st.sampled_from([RELAY, PLAIN, "x/y"]),
    st.binary(max_size=40) | st.text("Signal=5\r\n Duration*#", max_size=40).map(str.encode),
)
def test_no_body_raises_anything_else(content_type: str, body: bytes) -> None:
    try:
        info = Info.parse(content_type, body)
    except Malformed:
        return
    assert info.key is None or info.key in KEYS


def test_a_key_that_is_none_is_not_written() -> None:
    with pytest.raises(Malformed):
        Info(key=None).serialize()
