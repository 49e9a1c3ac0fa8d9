"""What all calls of the line share, and the requests that it sends within them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from audioleaflet.hotline.events import Rules
from audioleaflet.hotline.metrics import Metrics, Outcome
from audioleaflet.hotline.sip.dialog import Dialog
from audioleaflet.hotline.sip.guard import Guard
from audioleaflet.hotline.sip.line import Desk
from audioleaflet.hotline.sip.media import Address
from audioleaflet.hotline.sip.message import Headers, Request, Response
from audioleaflet.hotline.sip.ports import Ports
from audioleaflet.hotline.sip.ticker import Ticker
from audioleaflet.hotline.sip.transactions import Clock
from audioleaflet.hotline.sip.transactions import Request as Sent
from audioleaflet.settings.hotline import HotlineSettings


@dataclass(slots=True, kw_only=True)
class Office:
    """What all calls share.

    ``send`` sends a datagram. ``host`` is the address that sockets are bound to, ``port`` that of signalling, ``here``
    the address at which a caller's computer reaches us. ``now``: aware local time. ``fault`` is told of errors of ours.
    ``totals``: calls, their seconds, and calls refused, for the operator's lines; who reads them may clear them.
    """

    clock: Clock
    send: Callable[[bytes, Address], None]
    host: str
    port: int
    here: Callable[[str], str]
    settings: HotlineSettings
    rules: Callable[[], Rules]
    guard: Guard
    ports: Ports
    ticker: Ticker
    metrics: Metrics
    desk: Desk
    now: Callable[[], datetime]
    fault: Callable[[BaseException], None]
    totals: Counter[str] = field(default_factory=Counter)
    _sent: dict[str, Sent] = field(default_factory=dict)

    def at(self, host: str) -> str:
        """Our host and port, as a URI or a Via names them, for a caller at ``host``."""
        here = self.here(host)
        return f"[{here}]:{self.port}" if ":" in here else f"{here}:{self.port}"

    def ended(self, outcome: Outcome, seconds: float) -> None:
        """A call is over, after so many seconds."""
        self.metrics.ended(outcome, seconds)
        if outcome != "unconfirmed":
            self.totals["calls"] += 1
            self.totals["seconds"] += round(seconds)

    def refused(self, status: int) -> None:
        """A call was not taken."""
        self.metrics.refused(status)
        self.totals["refused"] += 1

    def ask(
        self,
        dialog: Dialog,
        address: Address,
        method: str,
        headers: Headers = (),
        done: Callable[[Response | None], None] = lambda _: None,
    ) -> None:
        """Send a request in a dialog. ``done`` gets its final response; None: there was none in 32 s."""
        branch, request = dialog.request(method, headers)

        def finished(response: Response | None) -> None:
            del self._sent[branch]
            done(response)

        self._sent[branch] = Sent(self.clock, lambda data: self.send(data, address), request.serialize(), finished)

    def came(self, response: Response) -> None:
        """A response came; one to no request of ours is passed over."""
        sent = self._sent.get(response.via.branch)
        if sent is not None:
            sent.came(response)

    @property
    def waiting(self) -> int:
        """How many requests of ours are not answered yet."""
        return len(self._sent)

    def close(self) -> None:
        """Send nothing again."""
        for sent in self._sent.values():
            sent.stop()
        self._sent.clear()


def reply_address(request: Request, source: Address) -> Address:
    """Where answers go: the address that it came from, at the port it asks for (RFC 3261, 18.2.2; RFC 3581, 4)."""
    via = request.via
    return source if via.rport is not None else (source[0], via.port or 5060)
