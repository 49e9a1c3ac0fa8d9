"""The line over SIP, as a command runs it: shelf, places, figures and the server, put together."""

from __future__ import annotations

import asyncio
import gc
import signal
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from audioleaflet.bind import Bind
from audioleaflet.hotline.metrics import Metrics, told
from audioleaflet.hotline.places import Places, default_folder
from audioleaflet.hotline.shelf import Shelf
from audioleaflet.hotline.sip.server import serve
from audioleaflet.log import Log
from audioleaflet.settings import Settings

_CHECK_EVERY_S: Final = 20.0  # a place is asked for only while the database works: somebody else has to try it


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """``output``: the library folder. ``metrics``: where figures are told, if anywhere.

    ``state``: the folder of places; the user's own if none is named.
    """

    output: Path
    settings: Settings
    bind: Bind
    metrics: Bind | None
    state: Path | None


def run(line: Line, *, log: Log) -> signal.Signals:
    """Answer calls until a signal, and tell which it was.

    Raises HotlineError where there is nothing to hear, or another emergency number than the settings name; ConfigError
    for an address that cannot be listened at, one that other computers can reach without trunks in the settings, and
    figures that other computers could read.
    """
    shelf = Shelf(line.output, line.settings, lambda fault: log.tell("edition", {"message": fault}))
    shelf.open()
    places = Places(line.state or default_folder(), message=lambda fault: log.tell("codes", {"message": fault}))
    places.check()
    gc.enable()  # a command that ends soon does without; this one goes on
    return asyncio.run(_served(line, shelf, places, log))


async def _served(line: Line, shelf: Shelf, places: Places, log: Log) -> signal.Signals:
    def editions() -> int:
        loaded = shelf.current()
        return len(loaded.catalogue.editions) if loaded else 0

    metrics = Metrics(editions=editions, places_work=lambda: places.works)
    async with AsyncExitStack() as stack:
        if line.metrics is not None:
            bind = await stack.enter_async_context(told(metrics, line.metrics))
            log.tell("metrics", {"message": f"figures at http://{bind}/metrics", "address": str(bind)})
        trying = asyncio.create_task(tried_again(places))
        try:
            return await serve(
                shelf=shelf,
                places=places,
                settings=line.settings.hotline,
                bind=line.bind,
                metrics=metrics,
                log=log,
            )
        finally:
            trying.cancel()
            with suppress(asyncio.CancelledError):
                await trying


async def tried_again(places: Places) -> None:
    """Try a database that failed again and again, until cancelled."""
    while True:
        await asyncio.sleep(_CHECK_EVERY_S)
        if not places.works:
            await asyncio.to_thread(places.check)
