"""The line in operation, in a thread of the test: the real parts, around a small library of noise."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.hotline.shelves import write_library
from tests.hotline.sip.caller import Caller, Packet
from tests.ports import free_ports

from audioleaflet.bind import Bind
from audioleaflet.hotline.metrics import Metrics
from audioleaflet.hotline.places import Places
from audioleaflet.hotline.shelf import Shelf
from audioleaflet.hotline.sip.door import listening
from audioleaflet.hotline.sip.server import EVERY_S, Service
from audioleaflet.log import Log
from audioleaflet.settings import Settings, packaged_content, read_settings
from audioleaflet.settings.hotline import HotlineSettings

LOOPBACK = Bind(host="127.0.0.1", port=0)


PORTS = 20  # of a line


class Hotline:
    """A line that is open. ``told`` are its lines for the operator."""

    def __init__(self, library: Path, state: Path, changes: dict[str, object]) -> None:
        self.library = library
        settings = read_settings(packaged_content() / "library.yaml")
        first = free_ports(PORTS)
        ports = f"{first}-{first + PORTS - 1}"
        limits = {"calls": 10, **dict(changes.pop("limits", {}))}  # type: ignore[call-overload]
        self.settings = HotlineSettings.model_validate({"rtp_ports": ports, "limits": limits, **changes})
        whole: Settings = settings.model_copy(update={"hotline": self.settings})
        self.told: list[str] = []
        self.shelf = Shelf(library, whole, self.told.append)
        self.metrics = Metrics()
        self.places = Places(state)
        self.log = Log("text", self.told.append)
        self.every_s = EVERY_S
        self._ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._service: Service | None = None
        self._bind = LOOPBACK

    @property
    def address(self) -> tuple[str, int]:
        """Where it listens."""
        return "127.0.0.1", self._bind.port

    def stop(self) -> None:
        """As a signal does."""
        assert self._loop is not None
        assert self._service is not None
        self._loop.call_soon_threadsafe(self._service.stop)

    async def serve(self, bind: Bind) -> None:
        """What the thread does."""
        with listening(bind, self.settings) as listener:
            self._loop = asyncio.get_running_loop()
            self._service = Service(
                listener,
                shelf=self.shelf,
                places=self.places,
                settings=self.settings,
                metrics=self.metrics,
                log=self.log,
            )
            await self._service.run(self.every_s, self._noted)

    def _noted(self, bind: Bind) -> None:
        self._bind = bind
        self._ready.set()

    @contextmanager
    def open(self, bind: Bind = LOOPBACK) -> Iterator[None]:
        """For as long as the context lasts."""
        faults: list[BaseException] = []

        def run() -> None:
            try:
                asyncio.run(self.serve(bind))
            except Exception as error:  # noqa: BLE001  # raised again in the test
                faults.append(error)
            finally:
                self._ready.set()

        thread = threading.Thread(target=run)
        thread.start()
        self._ready.wait(10)
        try:
            if not faults:
                yield
        finally:
            with suppress(RuntimeError):  # it has ended by itself
                self.stop()
                self.stop()
            thread.join(10)
        if faults:
            raise faults[0]
        assert not thread.is_alive()
        assert not [line for line in self.told if " fault: " in line]


@contextmanager
def hotline(tmp_path: Path, bind: Bind = LOOPBACK, **changes: object) -> Iterator[Hotline]:
    """A line to a library of one leaflet. ``changes``: settings of ``hotline``."""
    library = tmp_path / "audio"
    if not library.exists():
        write_library(library)
    line = Hotline(library, tmp_path / "state", changes)
    with line.open(bind):
        yield line


# What is heard


def sound(line: Hotline, name: str) -> bytes:
    """A prompt of the library, or a file of its leaflet."""
    own = line.library / "small" / "en" / "phone" / f"{name}.ulaw"
    return (own if own.exists() else line.library / "phone" / "en-US" / f"{name}.ulaw").read_bytes()


def keys(line: Hotline, key: str) -> int:
    """How often a key was counted."""
    found = re.search(rf'keys_total{{key="{re.escape(key)}"}} (\d+)', line.metrics.text())
    return int(found[1]) if found else 0


def heard(packets: list[Packet]) -> bytes:
    return b"".join(packet.payload for packet in packets)


def starts(line: Hotline, name: str) -> bytes:
    """The first packet of a sound."""
    return sound(line, name)[:160]


def wait_for(caller: Caller, payload: bytes, patience: float = 5.0) -> Packet:
    """Listen until a packet with this sound comes."""
    *_, last = caller.listen(lambda packet: packet.payload == payload, patience)
    assert last.payload == payload
    return last
