"""Attacks that need no password: forged sources, half-open calls, floods of what is no SIP, keys from a stranger.

Loopback has sixteen million addresses, and each attacker or victim here has one of its own.
"""

from __future__ import annotations

import itertools
import random
import socket
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from tests.hotline.sip.caller import Caller
from tests.peers.sip_line import Address, Line, Sipp, library, line

__all__ = ["library"]
pytestmark = pytest.mark.peer
UDP_BYTES = 28  # the headers of IP and UDP, which the victim's wire carries too
LIFE_S = 34.0  # after 32 s everybody has given up (RFC 3261, 64*T1)
MOST_GAIN = 10
FLOOD = 5000


def sdp(host: str, port: int) -> str:
    """An offer that wants sound at ``host``."""
    return f"v=0\r\no=- 1 1 IN IP4 {host}\r\ns=-\r\nc=IN IP4 {host}\r\nt=0 0\r\nm=audio {port} RTP/AVP 0\r\n"


def invite(source: Address, call: str, body: str = "", *, padding: str = "") -> bytes:
    """The shortest INVITE that is one."""
    host, port = source
    lines = [
        "INVITE sip:a@b SIP/2.0",
        f"v:SIP/2.0/UDP {host}:{port};branch=z9hG4bK{call}",
        f"f:<sip:a@{host}>;tag=1",
        "t:<sip:a@b>",
        f"i:{call}@{host}",
        "CSeq:1 INVITE",
        f"m:<sip:a@{host}:{port}>",
        *([padding] if padding else []),
        *(["c:application/sdp"] if body else []),
    ]
    return "\r\n".join([*lines, "", body]).encode()


class Victim:
    """An address in whose name somebody asks: what comes to its SIP port and to its port for sound is counted."""

    def __init__(self, host: str) -> None:
        self.sip, self.sound = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
        for one in (self.sip, self.sound):
            one.bind((host, 0))
            one.setblocking(False)
        self.source: Address = self.sip.getsockname()
        self.sent = self.got = self.packets = 0

    def asks(self, line: Line, data: bytes) -> None:
        self.sip.sendto(data, line.address)
        self.sent += len(data) + UDP_BYTES

    def offer(self) -> str:
        return sdp(*self.sound.getsockname())

    def count(self) -> None:
        for one in (self.sip, self.sound):
            while True:
                try:
                    size = len(one.recv(65_535)) + UDP_BYTES
                except BlockingIOError:
                    break
                self.got += size
                self.packets += one is self.sound

    def close(self) -> None:
        self.sip.close()
        self.sound.close()


@contextmanager
def victims(count: int, network: int) -> Iterator[list[Victim]]:
    """Victims at addresses of their own, 127.``network``.x.y."""
    made = [Victim(f"127.{network}.{place // 250}.{place % 250 + 1}") for place in range(count)]
    try:
        yield made
    finally:
        for one in made:
            one.close()


Attack = Callable[[Victim, Line], None]


def _once(victim: Victim, line: Line) -> None:
    victim.asks(line, invite(victim.source, "once", victim.offer()))


def _without_an_offer(victim: Victim, line: Line) -> None:
    victim.asks(line, invite(victim.source, "offerless"))


def _padded(victim: Victim, line: Line) -> None:
    routes = "Record-Route:" + ",".join(["<sip:r>"] * 80)
    victim.asks(line, invite(victim.source, "padded", victim.offer(), padding=routes))


def _again_and_again(victim: Victim, line: Line) -> None:
    for _ in range(20):
        victim.asks(line, invite(victim.source, "again", victim.offer()))


def _many_calls(victim: Victim, line: Line) -> None:
    for place in range(20):
        victim.asks(line, invite(victim.source, f"many{place}", victim.offer()))


def _with_a_guessed_ack(victim: Victim, line: Line) -> None:
    data = invite(victim.source, "guessed", victim.offer())
    victim.asks(line, data)
    ack = data.replace(b"INVITE", b"ACK").replace(b"t:<sip:a@b>", b"t:<sip:a@b>;tag=guessed")
    for _ in range(3):
        victim.asks(line, ack)


def _other_requests(victim: Victim, line: Line) -> None:
    data = invite(victim.source, "other")
    for method in (b"OPTIONS", b"BYE", b"CANCEL", b"REGISTER", b"INFO", b"NONSENSE", b"SUBSCRIBE"):
        victim.asks(line, data.replace(b"INVITE", method))
    victim.asks(line, data.replace(b"CSeq:1", b"CSeq:x"))


ATTACKS = (_once, _without_an_offer, _padded, _again_and_again, _many_calls, _with_a_guessed_ack, _other_requests)


def test_nobody_can_be_flooded_in_his_name(library: Path, tmp_path: Path) -> None:
    """All attacks at once, each in the name of a stranger and of a trunk, over the whole life of an INVITE."""
    trunk = "127.31.0.0/16"
    with ExitStack() as stack:
        one = stack.enter_context(line(library, tmp_path / "line", trunks=[{"address": trunk, "media": [trunk]}]))
        groups = [stack.enter_context(victims(len(ATTACKS), network)) for network in (30, 31)]
        for group in groups:
            for victim, attack in zip(group, ATTACKS, strict=True):
                attack(victim, one)
        end = time.monotonic() + LIFE_S
        while time.monotonic() < end:
            time.sleep(0.2)
            for victim in itertools.chain(*groups):
                victim.count()
        for name, group in zip(("stranger", "trunk"), groups, strict=True):
            gains = {attack.__name__: victim.got / victim.sent for victim, attack in zip(group, ATTACKS, strict=True)}
            assert all(gain <= MOST_GAIN for gain in gains.values()), (name, gains)
            assert not sum(victim.packets for victim in group), name
            assert gains["_once"] > 2, "nothing was answered, so that this tests nothing"
        one.reaches(0, "calls_active")


@pytest.mark.parametrize("trunk", [False, True], ids=["strangers", "a trunk"])
def test_real_callers_are_served_during_a_flood_of_forged_calls(library: Path, tmp_path: Path, trunk: bool) -> None:
    trunks = [{"address": "127.0.0.1"}] if trunk else []
    with (
        line(library, tmp_path / "line", trunks=trunks, limits={"calls_a_source": 20}) as one,
        victims(250, 32) as forged,
    ):
        before = one.resident_bytes()
        real = Sipp(one, "basic", tmp_path / "sipp", arguments=["-m", "20", "-r", "4", "-d", "2000", "-rtp_echo"])
        begin = time.monotonic()
        for place in range(FLOOD):
            victim = forged[place % len(forged)]
            victim.asks(one, invite(victim.source, f"flood{place}", victim.offer()))
            time.sleep(max(0.0, begin + place / 500 - time.monotonic()))
        real.ends_well(40)
        one.reaches(20, "calls_total", outcome="caller")
        assert one.resident_bytes() - before < 30_000_000
        for victim in forged:
            victim.count()
        assert not sum(victim.packets for victim in forged)
        one.reaches(0, "calls_active", patience=15)
        Sipp(one, "basic", tmp_path / "after", arguments=["-d", "100"]).ends_well()


def _nonsense(chance: random.Random) -> Iterator[bytes]:
    whole = invite(("127.33.0.1", 5060), "x", sdp("127.33.0.1", 4000))
    while True:
        yield chance.randbytes(chance.randrange(1, 1400))
        yield chance.randbytes(60_000)
        yield whole + b"x" * (8193 - len(whole))
        place = chance.randrange(len(whole))
        yield whole[:place] + chance.randbytes(3) + whole[place + 3 :]
        yield whole.replace(b"f:", b'f:"' + b'\\"' * 2000)
        yield whole.replace(b"f:", b"a: b\r\n" * 1000 + b"f:")
        yield whole.replace(b"v:SIP/2.0/UDP", b"v:" + b"SIP/2.0/UDP a," * 500)
        yield b"SIP/2.0 200 OK\r\n" + whole.partition(b"\r\n")[2]


def test_a_call_goes_on_under_a_flood_of_nonsense(library: Path, tmp_path: Path) -> None:
    with line(library, tmp_path / "line") as one, victims(4, 33) as attackers, Caller(one.address) as caller:
        before = one.resident_bytes()
        caller.call()
        caller.speak()
        begin, datagrams = time.monotonic(), _nonsense(random.Random(7))
        for place, data in zip(range(3000), datagrams, strict=False):
            attackers[place % 4].asks(one, data)
            if place % 50 == 0:
                caller.speak()
            time.sleep(max(0.0, begin + place / 1000 - time.monotonic()))
        heard = caller.hear(0.5)
        lasted = time.monotonic() - begin
        numbers = [packet.sequence for packet in heard]
        assert all((after - this) % 65_536 == 1 for this, after in itertools.pairwise(numbers)), "sound was lost"
        assert len(heard) > 0.9 * lasted * 50
        assert caller.hang_up().status == 200
        assert one.resident_bytes() - before < 20_000_000


def test_a_stranger_can_neither_press_keys_nor_take_the_sound(library: Path, tmp_path: Path) -> None:
    with line(library, tmp_path / "line") as one, Caller(one.address) as caller, victims(1, 34) as strangers:
        caller.call()
        caller.speak(3)
        assert caller.remote is not None
        stranger = strangers[0]
        for number in range(50):
            header = struct.pack("!BBHII", 0x80, 101 | 0x80, number, 8000 + 1600 * number, 7)
            stranger.sip.sendto(header + struct.pack("!BBH", 6, 10, 160), caller.remote)
            stranger.sip.sendto(b"\x80\x00" + bytes(170), caller.remote)
        heard = caller.hear(1.0)
        assert len(heard) > 40
        assert one.figure("keys_total", key="6") == 0
        caller.press("6")
        one.reaches(1, "keys_total", key="6")
        bye = caller.request("BYE", sequence=9).replace(caller.tag.encode(), b"guessed1")
        stranger.sip.sendto(bye, one.address)
        time.sleep(0.3)
        assert one.figure("calls_active") == 1
        stranger.count()
        assert stranger.packets == 0
        caller.hear(0.1)
        caller.sequence = 9
        assert caller.hang_up().status == 200
