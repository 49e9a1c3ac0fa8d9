"""The line in operation: a UDP socket, signals, threads for what may take long, and lines for the operator."""

from __future__ import annotations

import asyncio
import gc
import signal
import socket
from collections.abc import Callable
from datetime import datetime
from ipaddress import ip_address
from typing import Any, Final

from audioleaflet.bind import Bind
from audioleaflet.errors import HotlineError
from audioleaflet.hotline.metrics import Metrics
from audioleaflet.hotline.places import Places
from audioleaflet.hotline.rules import rules_of
from audioleaflet.hotline.shelf import LOOK_EVERY_S, Shelf
from audioleaflet.hotline.sip.agent import Agent
from audioleaflet.hotline.sip.desk import PlacesDesk
from audioleaflet.hotline.sip.door import Here, listening
from audioleaflet.hotline.sip.guard import Guard
from audioleaflet.hotline.sip.media import Address
from audioleaflet.hotline.sip.office import Office
from audioleaflet.hotline.sip.ports import Ports
from audioleaflet.hotline.sip.ticker import Ticker
from audioleaflet.log import Log, fault
from audioleaflet.settings.hotline import HotlineSettings

EVERY_S: Final = 3600.0  # between totals; shorter, a quiet line's would tell of one caller
_FAREWELL_S: Final = 2.0  # for the answers to our last BYEs
_LOOK_S: Final = 0.05
_HALF_OPEN: Final = 400  # calls in all that nobody has acknowledged; each has a socket


async def serve(
    *,
    shelf: Shelf,
    places: Places,
    settings: HotlineSettings,
    bind: Bind,
    metrics: Metrics,
    log: Log,
    every_s: float = EVERY_S,
    ready: Callable[[Bind], None] = lambda _: None,
) -> signal.Signals:
    """Answer calls until a signal, and tell which it was; in the main thread.

    The first SIGTERM or SIGINT takes no new calls and waits for the end of those that go on, the second ends them.
    ``ready`` is told the address once calls can come. Raises ConfigError: an address that cannot be listened at, or one
    beyond this computer without ``trunks``.
    """
    came: list[signal.Signals] = []
    with listening(bind, settings) as listener:
        service = Service(listener, shelf=shelf, places=places, settings=settings, metrics=metrics, log=log)

        def note(number: signal.Signals) -> None:
            came.append(number)
            service.stop()

        loop, numbers = asyncio.get_running_loop(), (signal.SIGTERM, signal.SIGINT)
        for number in numbers:
            loop.add_signal_handler(number, note, number)
        try:
            await service.run(every_s, ready)
        finally:
            for number in numbers:
                loop.remove_signal_handler(number)
    return came[0]


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, came: Callable[[bytes, Address], None]) -> None:
        self._came = came

    def datagram_received(self, data: bytes, addr: tuple[Any, ...]) -> None:
        self._came(data, (addr[0], addr[1]))


class Service:
    """All parts of the line, put together around one socket, in the loop that is running."""

    def __init__(
        self,
        listener: socket.socket,
        *,
        shelf: Shelf,
        places: Places,
        settings: HotlineSettings,
        metrics: Metrics,
        log: Log,
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._listener = listener
        self._shelf = shelf
        self._log = log
        self._faults: set[str] = set()
        self._stopping = asyncio.Event()
        self._transport: asyncio.DatagramTransport | None = None
        host, port = listener.getsockname()[:2]
        limits, ports = settings.limits, Ports(settings.rtp_ports.first, settings.rtp_ports.last)
        self._desk = PlacesDesk(self._loop, places, _local)
        self._office = Office(
            clock=self._loop,
            send=self._send,
            host=host,
            port=port,
            here=Here(host, settings.advertise),
            settings=settings,
            rules=lambda: rules_of(settings, codes=places.works),
            guard=Guard(
                limits,
                settings.trunks,
                half_open=max(1, min(_HALF_OPEN, ports.size - limits.calls)),
                private=ip_address(host).is_loopback,
                clock=self._loop.time,
            ),
            ports=ports,
            ticker=Ticker(self._loop, metrics),
            metrics=metrics,
            desk=self._desk,
            now=_local,
            fault=self._fault,
        )
        self._agent = Agent(self._office, shelf.current)

    async def run(self, every_s: float, ready: Callable[[Bind], None]) -> None:
        """From the first datagram to the last, after ``stop``. ``every_s``: between totals."""
        self._loop.set_exception_handler(lambda _loop, context: self._fault(context.get("exception")))
        await asyncio.to_thread(self._shelf.refresh)
        self._transport, _ = await self._loop.create_datagram_endpoint(
            lambda: _Datagrams(self._agent.came), sock=self._listener
        )
        tasks = [asyncio.create_task(self._look()), asyncio.create_task(self._tell_totals(every_s))]
        # What is there now stays: looking through it again and again would hold up sound.
        gc.collect()
        gc.freeze()
        bind = Bind(host=self._office.host, port=self._office.port)
        self._log.tell("start", self._begun(bind))
        ready(bind)
        await self._stopping.wait()
        await self._let_end()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._close()

    def stop(self) -> None:
        """Take no new calls, and end when those that go on have ended; the second time, end them."""
        if self._stopping.is_set():
            self._agent.end_all()
            return
        self._agent.closing = True
        if calls := self._agent.calls:
            told = f"no new calls are taken; {calls} going on; the same again ends {'them' if calls > 1 else 'it'}"
            self._log.tell("closing", {"message": told, "calls": calls})
        self._stopping.set()

    def _begun(self, bind: Bind) -> dict[str, str | int]:
        loaded = self._shelf.current()
        count = len(loaded.catalogue.editions) if loaded else 0
        told = f"{count} leaflet{'s' * (count != 1)} by telephone at sip:{bind} (Ctrl-C ends it)"
        return {"message": told, "address": str(bind), "editions": count}

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            try:
                await asyncio.to_thread(self._shelf.refresh)
            except Exception as error:  # noqa: BLE001  # a line that looked no more would go on reading what was withdrawn
                self._fault(error)

    async def _tell_totals(self, every_s: float) -> None:
        while True:
            await asyncio.sleep(every_s)
            self._flush()

    def _flush(self) -> None:
        totals = self._office.totals
        if totals:
            self._log.tell("counts", {name: totals[name] for name in ("calls", "seconds", "refused")})
        totals.clear()
        self._faults.clear()

    async def _let_end(self) -> None:
        while self._agent.calls:
            await asyncio.sleep(_LOOK_S)
        end = self._loop.time() + _FAREWELL_S
        while self._office.waiting and self._loop.time() < end:
            await asyncio.sleep(_LOOK_S)

    def _close(self) -> None:
        self._agent.end_all()
        self._office.close()
        self._office.ticker.close()
        if self._transport is not None:
            self._transport.close()
        self._desk.close()
        gc.unfreeze()
        self._flush()
        self._log.tell("stop", {"message": "the line is closed"})

    def _send(self, data: bytes, address: Address) -> None:
        if self._transport is not None:
            self._transport.sendto(data, address)

    def _fault(self, error: BaseException | None) -> None:
        """Tell of a fault of ours, once for each until the next totals; nothing in it is of a caller."""
        if error is None:
            return
        told = str(error) if isinstance(error, HotlineError) else fault(error)
        if told not in self._faults:
            self._faults.add(told)
            self._log.tell("fault", {"message": told})


def _local() -> datetime:
    return datetime.now().astimezone()
