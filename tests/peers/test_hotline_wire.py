"""What goes over the wire in a call with baresip, as Wireshark's tshark reads it: well formed, in order, in time."""

from __future__ import annotations

import statistics
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pytest
from tests.editions import Library
from tests.peers.conftest import require
from tests.peers.hotline_line import serving
from tests.peers.softphone import phone

pytestmark = pytest.mark.peer

SILENCE = b"\xff" * 160
FIELDS = (
    *("frame.time_epoch", "udp.srcport", "rtp.p_type", "rtp.seq", "rtp.timestamp", "rtp.ssrc", "rtp.marker"),
    "udp.payload",
)


@dataclass(frozen=True, slots=True)
class Packet:
    """A packet of RTP. ``at_s``: when it was captured. ``event``: its payload is of a key (payload type 101)."""

    at_s: float
    port: int
    kind: int
    sequence: int
    timestamp: int
    source: str
    marked: bool
    payload: bytes

    @property
    def event(self) -> bool:
        return self.kind == 101


@dataclass(frozen=True, slots=True)
class Capture:
    """A call on the wire: ``sip`` is the port of the line, ``prompts`` the folder of its prompts.

    ``packets``: all RTP, in order; ``sent``: the sound that the line sent; ``pressed``: when the first packet of each
    key was there.
    """

    program: str
    file: Path
    sip: int
    prompts: Path
    packets: list[Packet] = field(default_factory=list)

    def read(self, wanted: str, *fields: str) -> list[list[str]]:
        """The fields of the packets that a display filter lets through."""
        words = [self.program, "-n", "-r", str(self.file), "-d", f"udp.port=={self.sip},sip"]
        words += ["--enable-heuristic", "rtp_udp", "-Y", wanted, "-T", "fields"]
        words += [word for name in fields for word in ("-e", name)]
        done = subprocess.run(words, capture_output=True, text=True, check=True)
        return [line.split("\t") for line in done.stdout.splitlines()]

    def read_packets(self) -> None:
        """Fill in ``packets``."""
        for at, port, kind, number, stamp, source, marked, payload in self.read("rtp", *FIELDS):
            packet = Packet(
                at_s=float(at),
                port=int(port),
                kind=int(kind),
                sequence=int(number),
                timestamp=int(stamp),
                source=source,
                marked=marked in ("1", "True"),
                payload=bytes.fromhex(payload)[12:],
            )
            self.packets.append(packet)

    @property
    def sent(self) -> list[Packet]:
        caller = {packet.port for packet in self.packets if packet.event}
        return [packet for packet in self.packets if packet.port not in caller]

    @property
    def pressed(self) -> list[float]:
        return sorted({packet.timestamp: packet.at_s for packet in reversed(self.packets) if packet.event}.values())

    def begins(self, prompt: str) -> float:
        """When the first packet of a prompt was sent. It begins with silence: it is known by what comes after that."""
        sound = (self.prompts / f"{prompt}.ulaw").read_bytes()
        parts = [sound[at : at + 160] for at in range(0, 3200, 160)]
        silent = next(number for number, part in enumerate(parts) if part.strip(b"\xff\x7f"))
        sent = self.sent
        return sent[[packet.payload for packet in sent].index(parts[silent]) - silent].at_s


@contextmanager
def captured(program: str, file: Path, wanted: str) -> Iterator[None]:
    """What a filter wants of this machine's loopback, to a file. Skips where this user may not listen there."""
    words = [program, "-q", "-i", "lo", "-f", wanted, "-w", str(file)]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        try:
            until = time.monotonic() + 20
            while not file.exists() or not file.stat().st_size:
                if process.poll() is not None:
                    assert process.stderr is not None
                    pytest.skip(f"loopback cannot be listened to here: {process.stderr.read().strip()}")
                assert time.monotonic() < until
                time.sleep(0.05)
            yield
            time.sleep(1)  # for the last packets to be written
        finally:
            process.terminate()
            process.communicate()


@pytest.fixture(scope="module")
def call(tmp_path_factory: pytest.TempPathFactory) -> Capture:
    """One call: chapter 1 by key 6, a pause and on by key 5, help by key 0."""
    tshark, baresip = require("tshark"), require("baresip")
    folder = tmp_path_factory.mktemp("wire")
    small = Library(folder / "library")
    small.write()
    small.build(formats=("phone",))
    file = folder / "call.pcapng"
    with serving(small.output, small.folder / "content" / "library.yaml") as line, ExitStack() as stack:
        with phone(baresip, folder / "caller") as caller:
            first, last = caller.rtp_ports
            stack.enter_context(captured(tshark, file, f"udp port {line.port} or udp portrange {first}-{last}"))
            caller.dial(f"sip:121@127.0.0.1:{line.port}")
            for keys, seconds in (("6", 3.0), ("5", 2.5), ("5", 2.0), ("0", 1.5)):
                caller.listen(1)
                caller.press(keys)
                caller.listen(seconds)
        found = Capture(tshark, file, line.port, small.output / "phone" / "en-US")
    found.read_packets()
    return found


def test_the_messages_of_a_call_are_those_of_the_standard(call: Capture) -> None:
    told = [method or status for method, status in call.read("sip", "sip.Method", "sip.Status-Code")]
    assert told == ["INVITE", "100", "180", "200", "ACK", "BYE", "200"]


def test_wireshark_has_nothing_to_report(call: Capture) -> None:
    assert call.read(f"_ws.malformed && udp.port == {call.sip}", "frame.number") == []
    wrong = f"(_ws.expert.severity == error || _ws.expert.severity == warning) && udp.srcport == {call.sip}"
    assert call.read(wrong, "_ws.expert.message") == []


def test_no_packet_of_sound_is_lost_and_each_is_20_ms_after_the_other(call: Capture) -> None:
    sent = call.sent
    assert len(sent) > 500
    assert {(packet.kind, len(packet.payload), packet.source) for packet in sent} == {(0, 160, sent[0].source)}
    for one, other in pairwise(sent):
        assert (other.sequence - one.sequence) % 2**16 == 1
        assert (other.timestamp - one.timestamp) % 2**32 == 160
    assert statistics.median(other.at_s - one.at_s for one, other in pairwise(sent)) == pytest.approx(0.02, abs=0.002)
    assert sent[0].marked


def test_a_pause_is_silence_that_is_sent(call: Capture) -> None:
    pressed = call.pressed
    length = (call.prompts / "paused.ulaw").stat().st_size / 8000
    paused = [packet for packet in call.sent if pressed[1] + length + 0.3 < packet.at_s < pressed[2]]
    assert len(paused) > 80
    assert {packet.payload for packet in paused} == {SILENCE}


def test_what_comes_after_silence_is_marked_as_a_talkspurt(call: Capture) -> None:
    begin = call.begins("going-on")
    after = [later for one, later in pairwise(call.sent) if one.at_s < begin <= later.at_s]
    assert [packet.marked for packet in after] == [True]


def test_a_key_is_answered_within_120_ms(call: Capture) -> None:
    pressed = call.pressed
    assert len(pressed) == 4
    late = [call.begins(prompt) - at for prompt, at in zip(("paused", "going-on", "help"), pressed[1:], strict=True)]
    assert all(0 < one < 0.12 for one in late), late
