"""An address to listen on."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address


@dataclass(frozen=True, slots=True, kw_only=True)
class Bind:
    """Where to listen. Port 0: any free one."""

    host: str
    port: int

    @classmethod
    def parse(cls, text: str) -> Bind:
        """``HOST:PORT``, an IPv6 address in brackets. Raises ValueError."""
        host, colon, port = text.rpartition(":")
        bare = host.removeprefix("[").removesuffix("]")
        in_brackets = host == f"[{bare}]"
        if not colon or not bare or (":" in bare) != in_brackets:
            example = text if text.isascii() and text.isdigit() else "PORT"
            raise ValueError(f"'{text}' is not HOST:PORT; write it as 127.0.0.1:{example} or [::1]:{example}")
        if not (port.isascii() and port.isdigit() and int(port) <= 65535):
            raise ValueError(f"'{port}' is not a port; it is a number from 0 to 65535")
        return cls(host=bare, port=int(port))

    @property
    def loopback(self) -> bool:
        """Whether only this computer reaches it."""
        if self.host == "localhost":
            return True
        try:
            return ip_address(self.host).is_loopback
        except ValueError:  # a name, which may mean any address
            return False

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"
