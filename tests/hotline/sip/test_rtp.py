"""The header of RTP: packets of the standard's every part, and any bytes at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audioleaflet.hotline.sip.headers import Malformed
from audioleaflet.hotline.sip.rtp import Extension, Packet, parse

WORD32 = st.integers(0, 2**32 - 1)
EXTENSIONS = st.none() | st.builds(
    lambda profile, words, byte: Extension(profile=profile, data=bytes([byte]) * (4 * words)),
    st.integers(0, 65535),
    st.integers(0, 6),
    st.integers(0, 255),
)
PACKETS = st.builds(
    Packet,
    payload_type=st.integers(0, 127),
    sequence=st.integers(0, 65535),
    timestamp=WORD32,
    ssrc=WORD32,
    payload=st.binary(max_size=200),
    marker=st.booleans(),
    csrc=st.lists(WORD32, max_size=15).map(tuple),
    extension=EXTENSIONS,
    padding=st.integers(0, 255),
)


@given(PACKETS)
def test_a_packet_is_read_back(packet: Packet) -> None:
    assert parse(packet.serialize()) == packet


@given(st.binary(max_size=80) | st.binary(max_size=60).map(lambda rest: b"\xbf" + rest))
def test_no_bytes_raise_anything_else(data: bytes) -> None:
    try:
        packet = parse(data)
    except Malformed:
        return
    assert parse(packet.serialize()) == packet


def test_a_packet_of_20_ms_bit_by_bit() -> None:
    packet = Packet(
        payload_type=8, sequence=0x1234, timestamp=0x56789ABC, ssrc=0xDEF01234, payload=b"\xd5" * 160, marker=True
    )
    assert packet.serialize() == bytes.fromhex("8088123456789abcdef01234") + b"\xd5" * 160


def test_every_part_of_the_header_in_its_place() -> None:
    data = bytes.fromhex("b265000100000002000000030000000a0000000bbede000111223344") + b"KEY" + b"\x00\x02"
    packet = parse(data)
    assert packet.csrc == (10, 11)
    assert packet.extension == Extension(profile=0xBEDE, data=bytes.fromhex("11223344"))
    assert (packet.payload, packet.padding, packet.payload_type, packet.marker) == (b"KEY", 2, 101, False)
    assert parse(memoryview(data).tobytes()) == packet


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(bytes.fromhex("8000000100000002000000"), id="eleven bytes"),
        pytest.param(bytes.fromhex("400000010000000200000003"), id="version 1"),
        pytest.param(bytes.fromhex("c00000010000000200000003"), id="version 3"),
        pytest.param(bytes.fromhex("820000010000000200000003") + bytes(7), id="sources cut off"),
        pytest.param(bytes.fromhex("900000010000000200000003"), id="extension missing"),
        pytest.param(bytes.fromhex("900000010000000200000003bede0002") + bytes(7), id="extension cut off"),
        pytest.param(bytes.fromhex("a00000010000000200000003") + b"abc\x05", id="more padding than payload"),
        pytest.param(bytes.fromhex("a00000010000000200000003") + b"abc\x00", id="padding of nothing"),
    ],
)
def test_a_packet_that_is_none(data: bytes) -> None:
    with pytest.raises(Malformed):
        parse(data)
