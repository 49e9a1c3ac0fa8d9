"""What the telephone line does under load: a process of callers with two-way sound, against the real server.

    python tests/bench/hotline.py                       builds telephone sound of the first leaflet, then 100 calls
    python tests/bench/hotline.py --output FOLDER       a library folder that has telephone sound already
    python tests/bench/hotline.py --calls 50 --seconds 60 --fifo
    python tests/bench/hotline.py --many 2000           short calls, a few minutes: does anything grow?

Prints figures, asserts nothing. Arrival is the time at which the kernel took a packet in, so that this process being
held up counts nowhere. Inter-packet times and losses are of all calls; CPU is the server's, of one core.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import secrets
import selectors
import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SO_TIMESTAMPNS = 35  # Linux
TICK = 0.02
SILENCE = b"\xff" * 160
SETTINGS = """
hotline:
  rtp_ports: 21000-22999
  trunks: [{address: 127.0.0.1}]
  limits: {calls: 400}
"""


@dataclass
class Call:
    """A caller: its socket, and what came in."""

    rtp: socket.socket
    call_id: str = field(default_factory=lambda: secrets.token_hex(8))
    tag: str = field(default_factory=lambda: secrets.token_hex(4))
    to: str = ""
    remote: tuple[str, int] | None = None
    invited: float = 0.0
    answered: float = 0.0
    first_sound: float = 0.0
    sequence: int = 0
    stamp: int = 0
    arrivals: list[float] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    awaited: bytes = b""
    pressed: float = 0.0
    answers: list[float] = field(default_factory=list)


class Load:
    """All callers, in one loop."""

    def __init__(self, line: tuple[str, int], menu: bytes) -> None:
        self.line = line
        self.menu = menu
        self.sip = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sip.bind(("127.0.0.1", 0))
        self.sip.setblocking(False)
        self.calls: dict[str, Call] = {}
        self.by_socket: dict[int, Call] = {}
        self.selector = selectors.DefaultSelector()
        self.refused = 0
        self.ended = 0

    def message(self, call: Call, method: str, number: int, body: str = "") -> bytes:
        port = self.sip.getsockname()[1]
        lines = [
            f"{method} sip:1@127.0.0.1 SIP/2.0",
            f"Via: SIP/2.0/UDP 127.0.0.1:{port};branch=z9hG4bK{secrets.token_hex(6)};rport",
            "Max-Forwards: 70",
            f"From: <sip:load@127.0.0.1>;tag={call.tag}",
            f"To: {call.to or '<sip:1@127.0.0.1>'}",
            f"Call-ID: {call.call_id}",
            f"CSeq: {number} {method}",
            f"Contact: <sip:load@127.0.0.1:{port}>",
            *(["Content-Type: application/sdp"] if body else []),
            f"Content-Length: {len(body)}",
            "",
            body,
        ]
        return "\r\n".join(lines).encode()

    def begin(self) -> None:
        """One more call."""
        rtp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        rtp.bind(("127.0.0.1", 0))
        rtp.setblocking(False)
        rtp.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        rtp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        call = Call(rtp)
        self.calls[call.call_id] = self.by_socket[rtp.fileno()] = call
        self.selector.register(rtp, selectors.EVENT_READ)
        sdp = (
            f"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
            f"m=audio {rtp.getsockname()[1]} RTP/AVP 0 101\r\na=rtpmap:101 telephone-event/8000\r\n"
        )
        call.invited = time.time()
        self.sip.sendto(self.message(call, "INVITE", 1, sdp), self.line)

    def press(self, call: Call) -> None:
        """The key for the menu, as one telephone event of three packets."""
        assert call.remote is not None
        call.stamp += 160
        for end in (0, 0x80, 0x80):
            call.sequence += 1
            head = struct.pack("!BBHII", 0x80, 101, call.sequence & 0xFFFF, call.stamp, 1)
            call.rtp.sendto(head + struct.pack("!BBH", 10, end | 10, 400), call.remote)
        call.awaited, call.pressed = self.menu, time.time()

    def speak(self) -> None:
        """20 ms of silence from every caller."""
        for call in self.calls.values():
            if call.remote is not None:
                call.sequence += 1
                call.stamp += 160
                head = struct.pack("!BBHII", 0x80, 0, call.sequence & 0xFFFF, call.stamp, 1)
                call.rtp.sendto(head + SILENCE, call.remote)

    def hear(self) -> None:
        """All that has come."""
        for key, _ in self.selector.select(0):
            call = self.by_socket[key.fd]
            while True:
                try:
                    data, told, _, _ = call.rtp.recvmsg(2048, 64)
                except BlockingIOError:
                    break
                seconds, nanoseconds = struct.unpack("qq", told[0][2][:16])
                at = seconds + nanoseconds / 1e9
                call.arrivals.append(at)
                call.numbers.append(int.from_bytes(data[2:4], "big"))
                if not call.first_sound and data[12:] != SILENCE:
                    call.first_sound = at
                if call.awaited and data[12:] == call.awaited:
                    call.answers.append(at - call.pressed)
                    call.awaited = b""
        while True:
            try:
                data = self.sip.recv(65535)
            except BlockingIOError:
                return
            self.signalled(data.decode())

    def signalled(self, text: str) -> None:
        """A message of the line."""
        found = re.search(r"^Call-ID: (\S+)", text, re.M | re.I)
        call = self.calls.get(found[1]) if found else None
        if call is None or text.startswith("SIP/2.0 1"):
            return
        if text.startswith("BYE"):
            self.ended += 1
        elif "CSeq: 1 INVITE" in text and not call.answered:
            if not text.startswith("SIP/2.0 200"):
                self.refused += 1
                return
            call.answered = time.time()
            port = re.search(r"^m=audio (\d+)", text, re.M)
            to = re.search(r"^To: (.*?)\r?$", text, re.M)
            assert port is not None
            assert to is not None
            call.to, call.remote = to[1], ("127.0.0.1", int(port[1]))
            self.sip.sendto(self.message(call, "ACK", 1), self.line)

    def run(self, seconds: float, *, begin: int = 0, rate: float = 25, keys: bool = False) -> None:
        """Let time pass: with ``begin`` calls more at ``rate`` a second, and a key of each about every 3 s."""
        start = following = time.monotonic()
        begun = 0
        while (now := time.monotonic()) < start + seconds:
            while begun < begin and now >= start + begun / rate:
                self.begin()
                begun += 1
            if now >= following:
                following += TICK
                self.speak()
                if keys:
                    for call in self.calls.values():
                        if call.remote is not None and not call.awaited and random.random() < TICK / 3:
                            self.press(call)
            self.hear()
            time.sleep(max(0, min(0.002, following - time.monotonic())))

    def hang_up(self, call: Call) -> None:
        """One call less."""
        self.sip.sendto(self.message(call, "BYE", 2), self.line)
        self.selector.unregister(call.rtp)
        del self.by_socket[call.rtp.fileno()], self.calls[call.call_id]
        call.rtp.close()

    def close(self) -> None:
        """Hang up everywhere, for good."""
        self.end()
        self.sip.close()
        self.selector.close()

    def end(self) -> None:
        """Hang up everywhere."""
        for call in tuple(self.calls.values()):
            self.hang_up(call)
        time.sleep(0.5)
        while True:
            try:
                self.sip.recv(65535)
            except BlockingIOError:
                return


def cpu(pid: int) -> float:
    """Seconds of CPU that a process has taken."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(pid: int) -> tuple[float, float]:
    """Memory in MB: resident, and of it the part that is of no file."""
    status = Path(f"/proc/{pid}/status").read_text()
    values = [re.search(rf"^{name}:\s+(\d+) kB", status, re.M) for name in ("VmRSS", "RssAnon")]
    return tuple(int(value[1]) / 1024 if value else 0.0 for value in values)  # type: ignore[return-value]


def at(values: Sequence[float], share: float) -> float:
    """The value below which ``share`` of all are, in ms."""
    ordered = sorted(values)
    return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


def intervals(calls: Iterator[Call]) -> tuple[list[float], int, int]:
    """Times between packets, packets that came, and those that did not."""
    gaps: list[float] = []
    came = lost = 0
    for call in calls:
        gaps += [after - before for before, after in zip(call.arrivals, call.arrivals[1:], strict=False)]
        steps = [(after - before) & 0xFFFF for before, after in zip(call.numbers, call.numbers[1:], strict=False)]
        lost += sum(step - 1 for step in steps)
        came += len(call.numbers)
    return gaps, came, lost


@contextmanager
def server(output: Path, first: Sequence[str]) -> Iterator[tuple[int, tuple[str, int]]]:
    """The real server: its process, and where it listens."""
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder, "library.yaml")
        packaged = (ROOT / "content" / "library.yaml").read_text(encoding="utf-8")
        kept = re.sub(r"^hotline:\n(?:[ #].*\n|\n)*", "", packaged, flags=re.M)
        library.write_text(kept + SETTINGS, encoding="utf-8")
        command = [sys.executable, "-m", "audioleaflet", "hotline", "serve", "--bind", "127.0.0.1:0"]
        command += ["--output", str(output), "--library", str(library), "--state", folder]
        process = subprocess.Popen([*first, *command], stderr=subprocess.PIPE, text=True)
        try:
            assert process.stderr is not None
            line = process.stderr.readline()
            found = re.search(r"sip:127\.0\.0\.1:(\d+)", line)
            if found is None:
                sys.exit(line + process.stderr.read())
            yield process.pid, ("127.0.0.1", int(found[1]))
        finally:
            process.terminate()
            process.wait()


def built(folder: Path) -> Path:
    """A library with telephone sound."""
    command = [sys.executable, "-m", "audioleaflet", "build", "--formats", "phone", "--output", str(folder)]
    subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    return folder


def measure(output: Path, calls: int, seconds: float, first: Sequence[str]) -> None:
    """Both loads, and their figures."""
    menu = next(output.glob("phone/*/menu.ulaw")).read_bytes()[:160]
    with server(output, first) as (pid, line), closing(Load(line, menu)) as load:
        load.run(3 + 50 / 25, begin=50)
        resident, own = memory(pid)
        load.run(seconds, keys=True)
        answers = [answer for call in load.calls.values() for answer in call.answers]
        begun = [call.first_sound - call.answered for call in load.calls.values() if call.first_sound]
        print(f"50 calls: {resident:.0f} MB resident, of it {own:.0f} MB its own; refused {load.refused}")
        print(f"answer to first sound: p50 {at(begun, 0.5):.1f} ms, most {at(begun, 1):.1f} ms")
        print(
            f"key to change of sound: p50 {at(answers, 0.5):.1f}, p99 {at(answers, 0.99):.1f} ms ({len(answers)} keys)"
        )
        load.end()
        load.run(2 + calls / 25, begin=calls)
        for call in load.calls.values():
            call.arrivals.clear()
            call.numbers.clear()
        used, began = cpu(pid), time.monotonic()
        load.run(seconds)
        share = (cpu(pid) - used) / (time.monotonic() - began)
        gaps, came, lost = intervals(iter(load.calls.values()))
        print(
            f"{calls} calls: gaps p50 {at(gaps, 0.5):.1f}, p99 {at(gaps, 0.99):.1f}, most {at(gaps, 1):.0f} ms; "
            f"lost {lost} of {came}; {share:.2f} of a core; refused {load.refused}"
        )


def many(output: Path, calls: int, first: Sequence[str]) -> None:
    """Short calls, one after the other and many at once: what the server holds before, between and after them."""
    menu = next(output.glob("phone/*/menu.ulaw")).read_bytes()[:160]
    with server(output, first) as (pid, line), closing(Load(line, menu)) as load:
        for share in range(5):
            ended = 0
            while ended < calls // 5:
                load.run(1, begin=25, keys=True)
                for call in tuple(load.calls.values()):
                    if random.random() < 0.25:
                        load.hang_up(call)
                        ended += 1
            load.end()
            load.run(1)
            resident, own = memory(pid)
            files = len(list(Path(f"/proc/{pid}/fd").iterdir()))
            print(f"after {(share + 1) * (calls // 5)} calls: {resident:.1f} MB, {own:.1f} its own, {files} files open")


def main() -> None:
    """Read the options and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, help="a library folder that has telephone sound")
    parser.add_argument("--calls", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--many", type=int, default=0, metavar="N", help="N short calls instead: does anything grow?")
    parser.add_argument(
        "--fifo", action="store_true", help="give the server real-time priority (needs the right to it)"
    )
    options = parser.parse_args()
    first = ["chrt", "--fifo", "10"] if options.fifo else []
    with tempfile.TemporaryDirectory() as folder:
        output = options.output or built(Path(folder))
        if options.many:
            many(output, options.many, first)
        else:
            measure(output, options.calls, options.seconds, first)


if __name__ == "__main__":
    main()
