"""The server: a socket, limits, signals, and lines for the operator."""

from __future__ import annotations

import errno
import ipaddress
import logging
import resource
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from types import FrameType

import uvicorn

from audioleaflet.errors import ConfigError
from audioleaflet.publish.formats import PAGE
from audioleaflet.publish.site.server.app import application
from audioleaflet.publish.site.server.bind import Bind as Bind
from audioleaflet.publish.site.server.counts import Counts, Log
from audioleaflet.publish.site.server.files import Files
from audioleaflet.publish.site.server.guard import LARGEST_HEADER, Limits, guarded

EVERY = 3600.0  # seconds between totals; shorter, a quiet library's line would tell of one visitor
_SEND_BUFFER = 256 * 1024  # bytes that the kernel holds for a slow reader; by itself it takes 4 MB
_GRACE = 3  # seconds for answers on their way when the server ends
_BESIDES = 64  # descriptors that are no connection and no file of an answer


def serve(folder: Path, bind: Bind, *, log: Log, limits: Limits | None = None, every: float = EVERY) -> signal.Signals:
    """Serve a library folder until a signal, and answer which it was.

    Raises ConfigError: no folder, no page in it, or an address that cannot be listened on.
    """
    editions = check(folder)
    with listening(bind) as listener, _silence():
        server = prepare(folder, log=log, limits=limits or Limits(), every=every)
        with _noted(server) as signals:
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
        http=guarded(_affordable(limits), counts),
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


@contextmanager
def listening(bind: Bind) -> Iterator[socket.socket]:
    """A socket that listens; connections wait in it until the server runs. Raises ConfigError."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            bind.host, bind.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (OSError, UnicodeError) as error:
        raise ConfigError(
            f"'{bind.host}' is not an address of this computer", next_step="try --bind 127.0.0.1:8000"
        ) from error
    with socket.socket(family, kind, protocol) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
        try:
            listener.bind(address)
            listener.listen(1024)
        except OSError as error:
            raise _cannot_listen(bind, error) from error
        yield listener


def _cannot_listen(bind: Bind, error: OSError) -> ConfigError:
    if error.errno == errno.EADDRINUSE:
        return ConfigError(
            f"another program listens at {bind} already",
            next_step="end it, or choose another port, as with --bind 127.0.0.1:8001",
        )
    if error.errno in (errno.EACCES, errno.EPERM):
        return ConfigError(
            f"this user may not listen at {bind}", next_step="choose a port above 1023, as with --bind 127.0.0.1:8000"
        )
    return ConfigError(f"cannot listen at {bind}: {error.strerror}", next_step="try --bind 127.0.0.1:8000")


def _affordable(limits: Limits) -> Limits:
    """As many connections as there are descriptors: one for each, and one for the file that it is sent."""
    with suppress(ValueError, OSError):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = 2 * (limits.connections + limits.spare) + _BESIDES
        if soft != resource.RLIM_INFINITY and soft < wanted:
            soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
            most = (soft - _BESIDES) // 2 - limits.spare
            return replace(limits, connections=max(1, min(limits.connections, most)))
    return limits


@contextmanager
def _silence() -> Iterator[None]:
    """uvicorn and asyncio would tell a client's address and path with an error; counts.py tells what may be told."""
    loggers = [logging.getLogger(name) for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "asyncio")]
    before = [logger.disabled for logger in loggers]
    try:
        for logger in loggers:
            logger.disabled = True
        yield
    finally:
        for logger, disabled in zip(loggers, before, strict=True):
            logger.disabled = disabled


@contextmanager
def _noted(server: uvicorn.Server) -> Iterator[list[signal.Signals]]:
    """The signals that came. uvicorn ends by them and raises each again when it has ended; here it goes no further."""
    came: list[signal.Signals] = []

    def note(number: int, _frame: FrameType | None) -> None:
        came.append(signal.Signals(number))
        server.should_exit = True  # it came before uvicorn listened to signals

    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield came
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
