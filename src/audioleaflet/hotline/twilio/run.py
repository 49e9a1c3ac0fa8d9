"""The line behind Twilio as a server: settings, a socket, the shelf read again and again, lines for the operator."""

from __future__ import annotations

import asyncio
import gc
import ipaddress
import signal
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import uvicorn
from starlette.applications import Starlette

from audioleaflet.bind import Bind
from audioleaflet.errors import ConfigError
from audioleaflet.hotline.places import Places, default_folder
from audioleaflet.hotline.rules import rules_of
from audioleaflet.hotline.shelf import LOOK_EVERY_S, Shelf
from audioleaflet.hotline.twilio.answer import Answers
from audioleaflet.hotline.twilio.app import CALL, application
from audioleaflet.hotline.twilio.line import Line
from audioleaflet.hotline.twilio.signing import TOKEN
from audioleaflet.hotline.twilio.snapshots import Snapshots
from audioleaflet.hotline.twilio.totals import Front, Totals
from audioleaflet.log import Log
from audioleaflet.settings import Settings
from audioleaflet.web.guard import LARGEST_HEADER, Limits, guarded
from audioleaflet.web.running import affordable, listening, noted, silence

EVERY_S: Final = 3600.0  # between totals; shorter, a quiet line's totals would tell of one caller
_GRACE_S: Final = 10  # for answers on their way when the server ends
_LIMITS: Final = Limits(connections=500, spare=50, header_s=5)
_KEPT_BEYOND_S: Final = 3600  # any key extends a call; so much longer than its limit, editions stay for it


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What the operator has asked for. ``state``: where places are kept; None: the user's state folder."""

    output: Path
    settings: Settings
    bind: Bind
    state: Path | None


def serve(setup: Setup, *, environment: Mapping[str, str], log: Log) -> signal.Signals:
    """Answer Twilio until a signal, and answer which it was.

    Raises ConfigError: no token, no public address, or an address that cannot be listened on; HotlineError: nothing
    can be heard.
    """
    token, public_url = _token(environment), _public_url(setup.settings)

    shelf = Shelf(setup.output, setup.settings, lambda text: log.tell("edition", {"message": text}))
    loaded = shelf.open()
    places = Places(setup.state or default_folder(), message=lambda text: log.tell("codes", {"message": text}))
    places.check()
    gc.enable()  # a command that ends soon does without; this one goes on
    totals = Totals(log)
    app = _application(setup.settings, shelf, places, totals, token=token, public_url=public_url)
    with listening(setup.bind) as listener, silence():
        server = uvicorn.Server(_config(app, totals))
        with noted(server) as signals:
            _tell_start(setup.bind, listener, public_url, len(loaded.catalogue.editions), log)
            server.run(sockets=[listener])
        log.tell("stop", {"message": "the line has ended"})
    return signals[0] if signals else signal.SIGTERM


def _token(environment: Mapping[str, str]) -> str:
    token = environment.get(TOKEN, "").strip()
    if not token:
        raise ConfigError(
            f"{TOKEN} is not set, so nobody could tell Twilio's requests from anybody's",
            next_step="put the auth token of your Twilio account into the environment of this program, nowhere else",
        )
    return token


def _public_url(settings: Settings) -> str:
    if settings.hotline.public_url is None:
        raise ConfigError(
            f"{settings.path} does not say where Twilio reaches this line",
            next_step="write its address under 'hotline:' in the library.yaml in content/, or in one that --library "
            "names, as public_url: https://calls.example/",
        )
    return settings.hotline.public_url


def _application(
    settings: Settings, shelf: Shelf, places: Places, totals: Totals, *, token: str, public_url: str
) -> Front:
    def clock() -> datetime:
        return datetime.now().astimezone()

    hotline = settings.hotline
    kept_s = hotline.limits.minutes * 60 + _KEPT_BEYOND_S
    line = Line(
        Answers(token=token, public_url=public_url, operator=hotline.operator or ""),
        Snapshots(shelf, kept_s=kept_s, clock=lambda: clock().timestamp()),
        places,
        lambda: rules_of(hotline, codes=places.works),
        count=totals.count,
        clock=clock,
    )
    app = application(
        line, token=token, public_url=public_url, failed=totals.failed, lifespan=_lifespan(shelf, places, totals)
    )
    return Front(app, totals)


def _lifespan(shelf: Shelf, places: Places, totals: Totals) -> Callable[[Starlette], Any]:
    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        def told(_loop: asyncio.AbstractEventLoop, context: Mapping[str, Any]) -> None:
            error = context.get("exception")  # the rest of the context may hold what somebody sent
            totals.failed(error if isinstance(error, BaseException) else RuntimeError())

        asyncio.get_running_loop().set_exception_handler(told)
        work = (_looking(shelf, places, totals), _flushing(totals))
        tasks = [asyncio.create_task(one) for one in work]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
            totals.flush()

    return lifespan


async def _looking(shelf: Shelf, places: Places, totals: Totals) -> None:
    """A new edition is heard by the next caller; places work again as soon as they can."""
    while True:
        await asyncio.sleep(LOOK_EVERY_S)
        try:
            await asyncio.to_thread(shelf.refresh)
            if not places.works:
                await asyncio.to_thread(places.check)
        except Exception as error:  # noqa: BLE001  # a line that looked no more would go on reading what was withdrawn
            totals.failed(error)


async def _flushing(totals: Totals) -> None:
    while True:
        await asyncio.sleep(EVERY_S)
        totals.flush()


def _config(app: Front, totals: Totals) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=guarded(affordable(_LIMITS), totals),
        loop="asyncio",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=_LIMITS.idle_s,
        timeout_graceful_shutdown=_GRACE_S,
        h11_max_incomplete_event_size=LARGEST_HEADER,
    )


def _tell_start(bind: Bind, listener: socket.socket, public_url: str, count: int, log: Log) -> None:
    address = f"http://{Bind(host=bind.host, port=listener.getsockname()[1])}/"
    message = (
        f"{count} edition{'s' * (count != 1)} can be heard; Twilio's voice webhook is POST {public_url}{CALL}, which "
        f"a proxy with HTTPS must bring to {address} (Ctrl-C ends it)"
    )
    log.tell("start", {"message": message, "address": address, "webhook": f"{public_url}{CALL}", "editions": count})
    if not ipaddress.ip_address(listener.getsockname()[0]).is_loopback:
        log.tell(
            "warning", {"message": "other computers can reach it, without encryption; put a proxy with HTTPS before it"}
        )
