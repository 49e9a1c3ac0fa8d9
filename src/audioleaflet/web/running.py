"""A socket that listens, signals that end a server, and silence about who asks."""

from __future__ import annotations

import errno
import logging
import resource
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from types import FrameType

import uvicorn

from audioleaflet.bind import Bind
from audioleaflet.errors import ConfigError
from audioleaflet.web.guard import Limits

_SEND_BUFFER = 256 * 1024  # bytes that the kernel holds for a slow reader; by itself it takes 4 MB
_BESIDES = 64  # descriptors that are no connection and no file of an answer


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


def affordable(limits: Limits) -> Limits:
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
def silence() -> Iterator[None]:
    """uvicorn and asyncio would tell a client's address and path with an error; our own lines tell what may be told."""
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
def noted(server: uvicorn.Server) -> Iterator[list[signal.Signals]]:
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
