"""The server: a socket, limits, signals, and lines for the operator."""

from __future__ import annotations

import ipaddress
import signal
import socket
from pathlib import Path

import uvicorn

from audioleaflet.bind import Bind as Bind
from audioleaflet.errors import ConfigError
from audioleaflet.publish.formats import PAGE
from audioleaflet.publish.site.server.app import application
from audioleaflet.publish.site.server.counts import Counts, Log
from audioleaflet.publish.site.server.files import Files
from audioleaflet.web.guard import LARGEST_HEADER, Limits, guarded
from audioleaflet.web.running import affordable, listening, noted, silence

EVERY = 3600.0  # seconds between totals; shorter, a quiet library's line would tell of one visitor
_GRACE = 3  # seconds for answers on their way when the server ends


def serve(folder: Path, bind: Bind, *, log: Log, limits: Limits | None = None, every: float = EVERY) -> signal.Signals:
    """Serve a library folder until a signal, and answer which it was.

    Raises ConfigError: no folder, no page in it, or an address that cannot be listened on.
    """
    editions = check(folder)
    with listening(bind) as listener, silence():
        server = prepare(folder, log=log, limits=limits or Limits(), every=every)
        with noted(server) as signals:
            _tell_start(bind, listener, editions, log)
            server.run(sockets=[listener])
        log.tell("stop", {"message": "the server has ended"})
    return signals[0] if signals else signal.SIGTERM


def _tell_start(bind: Bind, listener: socket.socket, count: int, log: Log) -> None:
    address = f"http://{Bind(host=bind.host, port=listener.getsockname()[1])}/"
    message = f"{count} edition{'s' * (count != 1)} at {address} (Ctrl-C ends it)"
    log.tell("start", {"message": message, "address": address, "editions": count})
    if not ipaddress.ip_address(listener.getsockname()[0]).is_loopback:
        log.tell(
            "warning", {"message": "other computers can reach it, without encryption; put a proxy with HTTPS before it"}
        )


def check(folder: Path) -> int:
    """How many editions there are to serve. Raises ConfigError where there is no library."""
    if not folder.is_dir():
        raise ConfigError(
            f"there is no folder {folder}", next_step="build a leaflet first, or name the library folder with --output"
        )
    if not (folder / PAGE).is_file():
        raise ConfigError(
            f"{folder / PAGE} is missing: the library has no page yet",
            next_step=f"make it with 'audioleaflet site --output {folder}'",
        )
    try:
        return Files(folder).editions()
    except OSError as error:
        raise ConfigError(
            f"cannot read {error.filename or folder}: {error.strerror}",
            next_step="let this user read it, and try again",
        ) from error


def prepare(folder: Path, *, log: Log, limits: Limits, every: float) -> uvicorn.Server:
    """A server of the folder, not running yet: ``run(sockets=[...])`` with what ``listening`` gives."""
    counts = Counts(log)
    config = uvicorn.Config(
        application(Files(folder), counts, every=every),
        http=guarded(affordable(limits), counts),
        loop="asyncio",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=limits.idle_s,
        timeout_graceful_shutdown=_GRACE,
        h11_max_incomplete_event_size=LARGEST_HEADER,
    )
    return uvicorn.Server(config)
