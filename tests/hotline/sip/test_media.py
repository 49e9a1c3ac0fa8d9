"""The sound of one call, tick by tick, over a loopback socket."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from ipaddress import ip_network

import pytest

from audioleaflet.hotline.events import Key
from audioleaflet.hotline.sip.media import Flow, Heard, Session, Stretch
from audioleaflet.sound.g711 import ULAW_TO_ALAW
from audioleaflet.units import Ms

SOUND = bytes(range(250)) * 8
SILENCE = b"\xff" * 160


def udp(host: str = "127.0.0.1") -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.bind((host, 0))
    made.setblocking(False)
    return made


@dataclass
class Ear:
    """Notes what a session tells."""

    keys: list[Key] = field(default_factory=list)
    told: list[Heard] = field(default_factory=list)

    def key(self, key: Key) -> None:
        self.keys.append(key)

    def heard(self, what: Heard) -> None:
        self.told.append(what)


class Phone:
    """The two ends of a session, in one hand."""

    def __init__(self, *, patience_s: float = 1.0) -> None:
        self.ours, self.theirs, self.other = udp(), udp(), udp()
        self.ear = Ear()
        self.flow = Flow(
            payload_type=0,
            alaw=False,
            key_type=101,
            sending=True,
            receiving=True,
            remote=self.theirs.getsockname(),
        )
        self.session = Session(
            self.ours, self.flow, self.ear, ssrc=9, sequence=0xFFFE, timestamp=0xFFFFFF00, patience_s=patience_s
        )
        self.number = 0

    def tick(self, count: int = 1) -> None:
        for _ in range(count):
            self.session.tick()

    def heard(self, end: socket.socket | None = None) -> list[bytes]:
        """The payloads that came to an end, the telephone's own if none is named."""
        return [packet[12:] for packet in self.packets(end)]

    def packets(self, end: socket.socket | None = None) -> list[bytes]:
        came = []
        while True:
            try:
                came.append((end or self.theirs).recv(2048))
            except BlockingIOError:
                return came

    def say(self, payload: bytes = SILENCE, kind: int = 0, *, of: socket.socket | None = None, stamp: int = 0) -> None:
        self.number += 1
        packet = struct.pack("!BBHII", 0x80, kind, self.number, stamp or self.number * 160, 5) + payload
        (of or self.theirs).sendto(packet, self.ours.getsockname())

    def close(self) -> None:
        for one in (self.ours, self.theirs, self.other):
            one.close()


@pytest.fixture
def phone() -> Iterator[Phone]:
    made = Phone()
    yield made
    made.close()


def test_stretches_follow_each_other_without_a_gap_and_then_silence(phone: Phone) -> None:
    phone.session.play([Stretch(SOUND, 0, 200), Stretch(SOUND, 1000, 1330), Stretch(SOUND, 5, 10)])
    phone.tick(5)
    whole = SOUND[:200] + SOUND[1000:1330] + SOUND[5:10]
    assert b"".join(phone.heard()) == whole + b"\xff" * (5 * 160 - len(whole))
    assert phone.ear.told == [Heard.ENDED]
    assert phone.session.heard_ms == len(whole) // 8


def test_ended_is_told_with_the_last_packet_so_that_what_follows_is_seamless(phone: Phone) -> None:
    phone.session.play([Stretch(SOUND, 0, 320)])
    phone.tick(1)
    assert phone.ear.told == []
    assert phone.session.heard_ms == 20
    phone.tick(1)
    assert phone.ear.told == [Heard.ENDED]
    phone.session.play([Stretch(SOUND, 320, 480)])
    phone.tick(1)
    assert b"".join(phone.heard()) == SOUND[:480]


def test_another_sound_replaces_the_first_at_once(phone: Phone) -> None:
    phone.session.play([Stretch(SOUND, 0, 1600)])
    phone.tick(3)
    assert phone.session.heard_ms == 60
    phone.session.play([Stretch(SOUND, 800, 1600)])
    assert phone.session.heard_ms == 0
    phone.tick(1)
    assert phone.heard()[-1] == SOUND[800:960]


def test_the_header_counts_packets_and_samples_round_the_end(phone: Phone) -> None:
    phone.session.play([Stretch(SOUND, 0, 320)])
    phone.tick(4)
    headers = [struct.unpack("!BBHII", packet[:12]) for packet in phone.packets()]
    assert headers == [
        (0x80, 0x80, 0xFFFF, 0xFFFFFFA0, 9),
        (0x80, 0x00, 0x0000, 0x00000040, 9),
        (0x80, 0x00, 0x0001, 0x000000E0, 9),
        (0x80, 0x00, 0x0002, 0x00000180, 9),
    ]


def test_a_talkspurt_after_silence_is_marked(phone: Phone) -> None:
    phone.tick(2)
    phone.session.play([Stretch(SOUND, 0, 320)])
    phone.tick(2)
    assert [packet[1] >> 7 for packet in phone.packets()] == [1, 0, 1, 0]


def test_a_wait_is_over_after_its_time(phone: Phone) -> None:
    phone.session.wait(Ms(50))
    phone.tick(2)
    assert phone.ear.told == []
    phone.tick(4)
    assert phone.ear.told == [Heard.TIMED_OUT]
    assert phone.heard() == [SILENCE] * 6


def test_a_wait_keeps_how_much_was_heard_and_play_ends_it(phone: Phone) -> None:
    phone.session.play([Stretch(SOUND, 0, 1600)])
    phone.tick(2)
    phone.session.wait(Ms(40))
    assert phone.session.heard_ms == 40
    phone.session.play([Stretch(SOUND, 0, 1600)])
    phone.tick(5)
    assert phone.ear.told == []


def test_a_law_is_the_same_sound(phone: Phone) -> None:
    phone.session.agree(replace(phone.flow, payload_type=8, alaw=True))
    phone.session.play([Stretch(SOUND, 0, 160)])
    phone.tick(2)
    first, second = phone.packets()
    assert first[1] & 0x7F == 8
    assert first[12:] == SOUND[:160].translate(ULAW_TO_ALAW)
    assert second[12:] == b"\xd5" * 160


def test_on_hold_nothing_is_sent_and_nothing_goes_on(phone: Phone) -> None:
    phone.session.play([Stretch(SOUND, 0, 320)])
    phone.tick(1)
    phone.session.agree(replace(phone.flow, sending=False, receiving=False))
    phone.tick(100)
    assert phone.ear.told == []
    phone.session.agree(phone.flow)
    phone.tick(1)
    first, second = phone.packets()
    assert second[12:] == SOUND[160:320]
    assert second[1] & 0x80
    stamps = [int.from_bytes(packet[4:8], "big") for packet in (first, second)]
    assert (stamps[1] - stamps[0]) & 0xFFFFFFFF == 101 * 160
    assert phone.ear.told == [Heard.ENDED]


def test_silence_of_the_caller_is_told_once_and_ends_with_a_packet(phone: Phone) -> None:
    phone.tick(49)
    phone.say()
    phone.session.receive()
    phone.tick(49)
    assert phone.ear.told == []
    phone.tick(60)
    assert phone.ear.told == [Heard.SILENT]


def test_comfort_noise_from_the_first_packet_on_is_no_silence(phone: Phone) -> None:
    """RFC 3389: what a telephone sends while its caller says nothing, such as one that is muted."""
    for _ in range(4):
        phone.say(b"\x40", kind=13)
        phone.session.receive()
        phone.tick(40)
    assert phone.ear.told == []
    phone.tick(50)
    assert phone.ear.told == [Heard.SILENT]


def test_a_caller_who_only_listens_may_be_silent(phone: Phone) -> None:
    phone.session.agree(replace(phone.flow, receiving=False))
    phone.tick(100)
    assert phone.ear.told == []
    assert len(phone.heard()) == 100


# Where sound goes


def test_the_port_is_that_of_the_first_sound_and_stays(phone: Phone) -> None:
    phone.say(of=phone.other)
    phone.session.receive()
    phone.tick(1)
    assert len(phone.heard(phone.other)) == 1
    phone.say()
    phone.session.receive()
    phone.tick(1)
    assert len(phone.heard(phone.other)) == 1
    assert phone.heard() == []


@pytest.mark.parametrize(
    "packet",
    [b"", b"\x80\xc8\x00\x06" + bytes(24), b"\x00" * 40, b"\x80\x0d\x00\x01" + bytes(9), b"\x80\x00\x00"],
    ids=["empty", "RTCP", "STUN", "comfort noise", "short"],
)
def test_what_is_no_sound_latches_nothing(phone: Phone, packet: bytes) -> None:
    phone.other.sendto(packet, phone.ours.getsockname())
    phone.session.receive()
    phone.tick(1)
    assert phone.heard(phone.other) == []
    assert len(phone.heard()) == 1


def test_sound_from_another_address_is_passed_over_unless_a_trunk_names_its_network(phone: Phone) -> None:
    far = udp("127.0.0.7")
    try:
        phone.say(of=far)
        phone.session.receive()
        phone.tick(1)
        assert phone.heard(far) == []
        phone.session.agree(replace(phone.flow, sources=(ip_network("127.0.0.4/30"),)))
        phone.say(of=far)
        phone.session.receive()
        phone.tick(1)
        assert len(phone.heard(far)) == 1
    finally:
        far.close()


def test_a_new_description_looks_for_the_port_again_only_if_it_names_another(phone: Phone) -> None:
    phone.say(of=phone.other)
    phone.session.receive()
    phone.session.agree(replace(phone.flow, payload_type=8))
    phone.tick(1)
    assert len(phone.heard(phone.other)) == 1
    third = udp()
    try:
        phone.session.agree(replace(phone.flow, remote=third.getsockname()))
        phone.tick(1)
        assert len(phone.heard(third)) == 1
    finally:
        third.close()


# Keys


def press(phone: Phone, key: int, stamp: int, *, of: socket.socket | None = None, kind: int = 101) -> None:
    for end, duration in ((0, 160), (0x80, 320), (0x80, 320)):
        phone.say(struct.pack("!BBH", key, end, duration), kind, of=of, stamp=stamp)
    phone.session.receive()


def test_each_press_is_one_key(phone: Phone) -> None:
    press(phone, 5, 1000)
    press(phone, 5, 3000)
    press(phone, 11, 5000)
    assert phone.ear.keys == ["5", "5", "#"]


def test_a_key_of_a_stranger_or_of_a_type_that_was_not_agreed_is_none(phone: Phone) -> None:
    press(phone, 5, 1000)
    press(phone, 6, 3000, of=phone.other)
    press(phone, 7, 5000, kind=96)
    assert phone.ear.keys == ["5"]


def test_a_flood_is_read_a_little_at_a_time(phone: Phone) -> None:
    for number in range(40):
        phone.say(struct.pack("!BBH", 1, 0x80, 320), 101, stamp=1000 + 400 * number)
    phone.session.receive()
    assert len(phone.ear.keys) == 16


def test_a_telephone_that_is_gone_harms_nothing(phone: Phone) -> None:
    phone.theirs.close()
    phone.tick(3)  # the system tells of a closed port with an error
    phone.session.receive()
    phone.tick(3)
    phone.ours.close()
    phone.session.receive()
