"""UDP sockets for RTP, from the range of ports that the settings name.

Even ports first: the odd one above is that of RTCP (RFC 3550, section 11), which we neither send nor read.
"""

from __future__ import annotations

import errno
import socket
from collections import deque

from audioleaflet.errors import HotlineError

_RECEIVE_BUFFER = 64 * 1024  # bytes: more than a second of packets, should the process be held up


class Ports:
    """Free ports, the one that was given back longest ago first: late packets of an old call find nobody."""

    def __init__(self, first: int, last: int) -> None:
        self._even = deque(port for port in range(first, last + 1) if port % 2 == 0)
        self._odd = deque(port for port in range(first, last + 1) if port % 2)
        self._size = last - first + 1

    @property
    def size(self) -> int:
        """How many ports there are, free or not."""
        return self._size

    def open(self, host: str) -> socket.socket:
        """A socket that does not block, bound to a free port of ``host``. Raises HotlineError: none is free."""
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        for free in (self._even, self._odd):
            for _ in range(len(free)):
                port = free.popleft()
                taken = socket.socket(family, socket.SOCK_DGRAM)
                try:
                    taken.bind((host, port))
                except OSError as error:
                    taken.close()
                    free.append(port)
                    if error.errno == errno.EADDRINUSE:
                        continue  # another program has it now; perhaps not the next time
                    raise HotlineError(f"cannot open an RTP port: {error.strerror}") from error
                taken.setblocking(False)
                taken.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
                return taken
        raise HotlineError("no RTP port is free", next_step="widen hotline.rtp_ports in library.yaml")

    def give_back(self, taken: socket.socket) -> None:
        """Close a socket that ``open`` gave; its port is free again."""
        port = taken.getsockname()[1]
        taken.close()
        (self._odd if port % 2 else self._even).append(port)
