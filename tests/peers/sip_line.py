"""The line as its operator starts it, in a process of its own, and sipp as whoever calls it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import cast
from urllib.request import urlopen

import pytest
import yaml
from tests.hotline.shelves import write_edition, write_prompts
from tests.peers.conftest import require
from tests.peers.priority import in_time
from tests.ports import free_ports

from audioleaflet import cli

SOURCE = Path(cli.__file__).resolve().parents[2]
SCENARIOS = Path(__file__).parent / "sipp"
CHAPTER_MS = 90_000
Address = tuple[str, int]


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of one leaflet with chapters of a minute and a half, of noise."""
    output = tmp_path_factory.mktemp("line") / "audio"
    write_edition(output, ms=CHAPTER_MS)
    write_prompts(output)
    return output


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is open. ``address``: where it listens. ``figures``: where its figures are told."""

    address: Address
    figures: str
    process: subprocess.Popen[str]

    def figure(self, name: str, **labels: str) -> float:
        """A figure of the line; 0 where it is not told."""
        with urlopen(self.figures, timeout=5) as answer:
            text = answer.read().decode()
        inside = ",".join(f'{label}="{value}"' for label, value in labels.items())
        sample = re.escape(f"audioleaflet_{name}{{{inside}}}" if labels else f"audioleaflet_{name}")
        found = re.search(rf"^{sample} (\S+)$", text, re.MULTILINE)
        return float(found[1]) if found else 0.0

    def reaches(self, value: float, name: str, *, patience: float = 5.0, **labels: str) -> None:
        """Wait until a figure has this value."""
        end = time.monotonic() + patience
        while (seen := self.figure(name, **labels)) != value:
            assert time.monotonic() < end, f"{name} {labels} is {seen}, not {value}"
            time.sleep(0.05)

    def signal(self) -> None:
        """Ask it to close, as its service manager does."""
        self.process.send_signal(signal.SIGTERM)

    def resident_bytes(self) -> int:
        """The memory that it has now."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return int(status.split("VmRSS:")[1].split()[0]) * 1024

    def open_files(self) -> int:
        """How many files and sockets it holds."""
        return len(list(Path(f"/proc/{self.process.pid}/fd").iterdir()))


@contextmanager
def line(library: Path, folder: Path, *, host: str = "127.0.0.1", **hotline: object) -> Iterator[Line]:
    """The command, for as long as the context lasts. ``hotline``: its settings. It tells no fault, and ends well."""
    folder.mkdir(exist_ok=True)
    settings = {"title": "L", "publisher": "P", "voices": {"en": ["espeak:en-us"]}, "hotline": dict(hotline)}
    first = free_ports(200)
    settings["hotline"] = {"rtp_ports": f"{first}-{first + 199}", **hotline}
    (folder / "library.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    command = [*in_time(), sys.executable, "-m", "audioleaflet", "hotline", "serve"]
    command += ["--output", str(library), "--log", "json"]
    command += ["--library", str(folder / "library.yaml"), "--state", str(folder / "state")]
    command += ["--bind", f"{host}:0", "--metrics", "127.0.0.1:0"]
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment, bufsize=1)
    told: list[Mapping[str, object]] = []
    try:
        told += _until_open(process)
        facts = {str(one["event"]): str(one.get("address", "")) for one in told}
        address = facts["start"].rpartition(":")
        yield Line((address[0], int(address[2])), f"http://{facts['metrics']}/metrics", process)
    finally:
        for _ in range(2):  # the first lets calls go on, the second ends them
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                with suppress(subprocess.TimeoutExpired):
                    process.wait(1)
        _, rest = process.communicate(timeout=15)
    told += [json.loads(text) for text in rest.splitlines()]
    assert process.returncode == 0, rest
    assert not [one for one in told if one["event"] == "fault"], told


def _until_open(process: subprocess.Popen[str]) -> Iterator[Mapping[str, object]]:
    stderr = process.stderr
    assert stderr is not None
    late = threading.Timer(20, process.kill)  # not a selector: it does not see what was read along with a line
    late.start()
    try:
        for text in iter(stderr.readline, ""):
            fact = cast("Mapping[str, object]", json.loads(text))
            yield fact
            if fact["event"] == "start":
                return
    finally:
        late.cancel()
    raise AssertionError("the line did not open in time")


class Sipp:
    """sipp playing a scenario of ours against the line. ``folder`` is where it writes what went wrong."""

    def __init__(
        self, line: Line, scenario: str, folder: Path, *, host: str = "127.0.0.1", arguments: Sequence[str] = ()
    ) -> None:
        program = require("sipp")
        folder.mkdir(exist_ok=True)
        self._folder = folder
        port = free_ports(8, host=host)  # sound takes the third and the fifth of them
        command = [program, f"{line.address[0]}:{line.address[1]}", "-sf", str(SCENARIOS / f"{scenario}.xml")]
        command += ["-i", host, "-p", str(port), "-mp", str(port + 2), "-nostdin", "-trace_err", "-trace_msg"]
        command += ["-error_file", "errors.log", "-message_file", "messages.log", "-timeout", "90", "-timeout_error"]
        if "-m" not in arguments:
            command += ["-m", "1"]
        self._process = subprocess.Popen(
            [*in_time(), *command, *arguments],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, "TERM": "dumb"},
        )

    def ends_well(self, patience: float = 30.0) -> str:
        """Wait for its end, in which every call of it must have gone as its scenario says; all messages are given."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(patience)
        if self._process.poll() is None:
            self._process.kill()
        output, _ = self._process.communicate()
        messages = self._read("messages.log")
        assert self._process.returncode == 0, (
            f"{self._read('errors.log')}\n{messages[-6000:]}\n{output.decode()[-1500:]}"
        )
        return messages

    def _read(self, name: str) -> str:
        path = self._folder / name
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
