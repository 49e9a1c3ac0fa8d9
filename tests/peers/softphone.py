"""A caller: Debian's baresip, told over its control port to call and press keys, recording what it hears.

Each call has a process, a folder of settings and ports of its own; many may run at once.
"""

from __future__ import annotations

import json
import socket
import subprocess
import time
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tests.peers.priority import in_time
from tests.ports import free_ports

MODULES = Path("/usr/lib/baresip/modules")
# audio_path: an empty folder, for a ringing tone would take the device away from the call.
_CONFIG = """\
poll_method epoll
sip_listen 127.0.0.1:{sip}
audio_player aubridge,{sip}
audio_source aubridge,{sip}
audio_alert aubridge,bell
audio_path {folder}
ausrc_srate 8000
auplay_srate 8000
ausrc_channels 1
auplay_channels 1
audio_buffer 20-160
rtp_ports {rtp}-{rtp_last}
jitter_buffer_delay 1-20
rtp_timeout 0
module_path {modules}
module g711.so
module aubridge.so
module sndfile.so
module_tmp account.so
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen 127.0.0.1:{control}
snd_path {folder}
"""
_ACCOUNT = "<sip:somebody@127.0.0.1:{sip}>;regint=0;audio_codecs={codec}{more}\n"


@dataclass(slots=True)
class Phone:
    """A running baresip. Times are of ``time.monotonic``; ``events`` has the first of each kind.

    ``answered``: when the call was; ``heard_since``: when the first packet of sound came. ``hung_up``: the other end
    ended the call. ``rtp_ports``: the first and the last that its sound may use.
    """

    process: subprocess.Popen[bytes]
    control: socket.socket
    folder: Path
    rtp_ports: tuple[int, int]
    answered: float = 0.0
    heard_since: float = 0.0
    hung_up: bool = False
    presses: list[tuple[str, float]] = field(default_factory=list)
    events: dict[str, float] = field(default_factory=dict)
    _unread: bytes = b""

    def dial(self, address: str, *, patience: float = 10) -> None:
        """Call, and wait until it is answered."""
        self.command("dial", address)
        self.answered = self.wait_for("CALL_ESTABLISHED", patience)
        self.heard_since = self.wait_for("CALL_RTPESTAB", patience)

    def press(self, keys: str, *, gap: float = 0.3) -> None:
        """Press keys one after the other. Each is held for a quarter of a second, as baresip does it."""
        for number, key in enumerate(keys):
            if number:
                time.sleep(gap)
            self.presses.append((key, time.monotonic()))
            self.command("sndcode", key)

    def listen(self, seconds: float) -> None:
        """Do nothing for a while."""
        time.sleep(seconds)

    def listen_until(self, seconds: float) -> None:
        """Do nothing until so many seconds after the first packet of sound."""
        time.sleep(max(0.0, self.heard_since + seconds - time.monotonic()))

    def hang_up(self) -> None:
        """End the call. One that is over already is no fault."""
        self.command("hangup", "")
        self.wait_for("CALL_CLOSED", 5)

    @property
    def over(self) -> bool:
        """Whether the call has ended."""
        self._read(0.0)
        return "CALL_CLOSED" in self.events

    def until_over(self, patience: float) -> None:
        """Wait for the other end to hang up. Raises TimeoutError."""
        self.wait_for("CALL_CLOSED", patience)

    def command(self, name: str, words: str) -> None:
        """Tell baresip something, as JSON in a netstring."""
        told = json.dumps({"command": name, "params": words, "token": name}).encode()
        self.control.sendall(b"%d:%s," % (len(told), told))

    def wait_for(self, event: str, patience: float) -> float:
        """The moment at which baresip tells of an event. Raises TimeoutError, with what it told instead."""
        until = time.monotonic() + patience
        while event not in self.events:
            if time.monotonic() > until or self.process.poll() is not None:
                raise TimeoutError(f"no {event} within {patience} s, only {list(self.events)}; {self.said()}")
            self._read(0.05)
        return self.events[event]

    def said(self) -> str:
        """The last lines that baresip wrote."""
        return (self.folder / "log.txt").read_text(encoding="utf-8", errors="replace")[-800:]

    def _read(self, patience: float) -> None:
        self.control.settimeout(max(patience, 0.001))
        try:
            self._unread += self.control.recv(65536)
        except TimeoutError:
            return
        while (colon := self._unread.find(b":")) > 0 and len(self._unread) > colon + int(self._unread[:colon]) + 1:
            end = colon + 1 + int(self._unread[:colon])
            told = json.loads(self._unread[colon + 1 : end])
            self._unread = self._unread[end + 1 :]
            if told.get("event"):
                self.events.setdefault(str(told["type"]), time.monotonic())

    def recording(self) -> NDArray[np.int16]:
        """What was heard, 8 kHz, from the first packet. Only after the process has ended."""
        (found,) = self.folder.glob("dump-*-dec.wav")
        with wave.open(str(found)) as sound:
            assert (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) == (8000, 1, 2)
            return np.frombuffer(sound.readframes(sound.getnframes()), "<i2")


@contextmanager
def phone(program: str, folder: Path, *, codec: str = "PCMU", more: str = "") -> Iterator[Phone]:
    """A baresip of its own in ``folder``; it ends with the block. ``more``: further settings of its account."""
    folder.mkdir(parents=True)
    sip = free_ports(14)
    control, rtp = sip + 2, sip + 4  # baresip takes the one after that of SIP as well, for TLS
    settings = _CONFIG.format(sip=sip, rtp=rtp, rtp_last=rtp + 9, control=control, folder=folder, modules=MODULES)
    (folder / "config").write_text(settings, encoding="utf-8")
    (folder / "accounts").write_text(_ACCOUNT.format(sip=sip, codec=codec, more=more), encoding="utf-8")
    (folder / "contacts").write_text("", encoding="utf-8")
    with (folder / "log.txt").open("wb") as log:
        process = subprocess.Popen(
            [*in_time(), program, "-4", "-f", str(folder)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        connection = _connected(control, process)
        with connection:
            caller = Phone(process, connection, folder, (rtp, rtp + 9))
            yield caller
            caller.hung_up = caller.over
            if not caller.hung_up:
                caller.hang_up()
            caller.command("quit", "")
            process.wait(timeout=10)
    finally:
        process.kill()
        process.wait()


def _connected(port: int, process: subprocess.Popen[bytes]) -> socket.socket:
    until = time.monotonic() + 10
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=5)
        except ConnectionRefusedError:
            if time.monotonic() > until or process.poll() is not None:
                raise
            time.sleep(0.05)
