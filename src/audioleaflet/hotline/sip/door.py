"""Where the line listens: a UDP socket, and our address as a caller sees it."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from typing import Final

from audioleaflet.bind import Bind
from audioleaflet.errors import ConfigError
from audioleaflet.settings.hotline import HotlineSettings

_RECEIVE_BUFFER: Final = 512 * 1024  # bytes of SIP that wait while we are busy
_REMEMBERED: Final = 256  # callers whose way to us is known
_ANY_PORT: Final = 9  # nothing is sent there


@contextmanager
def listening(bind: Bind, settings: HotlineSettings) -> Iterator[socket.socket]:
    """A socket that listens; datagrams wait in it. Raises ConfigError."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(bind.host, bind.port, type=socket.SOCK_DGRAM)[0]
    except (OSError, UnicodeError) as error:
        raise ConfigError(
            f"'{bind.host}' is not an address of this computer", next_step="try --bind 127.0.0.1:5060"
        ) from error
    if not ip_address(address[0]).is_loopback and not settings.trunks:
        raise ConfigError(
            f"other computers can reach {bind}, and no 'trunks' in library.yaml say which of them may call",
            next_step="name your telephone exchange there, as hotline: {trunks: [{address: 192.0.2.10}]}, or listen on "
            "this computer alone with --bind 127.0.0.1:5060",
        )
    with socket.socket(family, kind, protocol) as listener:
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
        listener.setblocking(False)
        try:
            listener.bind(address)
        except OSError as error:
            raise _cannot_listen(bind, error) from error
        yield listener


def _cannot_listen(bind: Bind, error: OSError) -> ConfigError:
    if error.errno == errno.EADDRINUSE:
        return ConfigError(
            f"another program listens at {bind} already",
            next_step="end it, or choose another port, as with --bind 127.0.0.1:5062",
        )
    if error.errno in (errno.EACCES, errno.EPERM):
        return ConfigError(
            f"this user may not listen at {bind}", next_step="choose a port above 1023, as with --bind 127.0.0.1:5060"
        )
    if error.errno == errno.EADDRNOTAVAIL:
        return ConfigError(f"'{bind.host}' is not an address of this computer", next_step="try --bind 127.0.0.1:5060")
    return ConfigError(f"cannot listen at {bind}: {error.strerror}", next_step="try --bind 127.0.0.1:5060")


class Here:
    """Our address, for a caller at another: what SDP and Contact name.

    ``bound``: the address that is listened at. ``advertise``: that of the settings, for callers beyond this computer.
    """

    def __init__(self, bound: str, advertise: str | None) -> None:
        self._bound = bound
        self._advertise = advertise
        self._known: dict[str, str] = {}

    def __call__(self, host: str) -> str:
        """Our address for a caller at ``host``."""
        caller = ip_address(host.partition("%")[0])
        if self._advertise is not None and not caller.is_loopback:
            return self._advertise
        if not ip_address(self._bound).is_unspecified:
            return self._bound
        if host not in self._known:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[host] = self._towards(host)
        return self._known[host]

    def _towards(self, host: str) -> str:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            try:
                probe.connect((host, _ANY_PORT))  # of UDP: the system finds the way, and sends nothing
            except OSError:
                return self._bound
            address: str = probe.getsockname()[0]
        return address.partition("%")[0]
