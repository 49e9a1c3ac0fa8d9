"""The agent without a network: datagrams are put in by hand, answers are noted, and time passes when a test says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

from tests.hotline.sip.caller import Address, Answer, Caller, read
from tests.hotline.sip.clocks import HandClock
from tests.hotline.sip.hotlines import PORTS
from tests.ports import free_ports

from audioleaflet.hotline.events import Found, Kept, Place, Rules
from audioleaflet.hotline.metrics import Metrics
from audioleaflet.hotline.shelf import Loaded
from audioleaflet.hotline.sip.agent import Agent
from audioleaflet.hotline.sip.guard import Guard
from audioleaflet.hotline.sip.office import Office
from audioleaflet.hotline.sip.ports import Ports
from audioleaflet.hotline.sip.ticker import Ticker
from audioleaflet.settings.hotline import HotlineSettings


class NoDesk:
    """A desk at which nobody works."""

    def keep(self, place: Place, answer: Callable[[Kept], None]) -> None:
        """Never answers."""

    def find(self, code: str, answer: Callable[[Found], None]) -> None:
        """Never answers."""


@dataclass
class Sent:
    """A datagram that went out."""

    at: float
    size: int
    address: Address
    message: Answer


@dataclass
class Bench:
    """The agent on a bench. ``half_open``: the most calls that nobody has acknowledged."""

    loaded: Loaded | None
    changes: dict[str, object] = field(default_factory=dict)
    half_open: int = 16

    def __post_init__(self) -> None:
        self.clock = HandClock()
        self.sent: list[Sent] = []
        self.faults: list[BaseException] = []
        self.metrics = Metrics()
        settings = HotlineSettings.model_validate({"limits": {"requests_a_second": 10_000}, **self.changes})
        first = free_ports(PORTS)
        self.office = Office(
            clock=self.clock,
            send=self._send,
            host="127.0.0.1",
            port=5060,
            here=lambda _host: "127.0.0.1",
            settings=settings,
            rules=lambda: Rules(
                person=settings.operator is not None,
                person_at=lambda _now: True,
                codes=False,
                limit_s=3600,
                code_tries=3,
            ),
            guard=Guard(
                settings.limits, settings.trunks, half_open=self.half_open, private=True, clock=self.clock.time
            ),
            ports=Ports(first, first + PORTS - 1),
            ticker=Ticker(self.clock, self.metrics),
            metrics=self.metrics,
            desk=NoDesk(),
            now=lambda: datetime(2026, 11, 23, tzinfo=UTC) + timedelta(seconds=self.clock.time()),
            fault=self.faults.append,
        )
        self.agent = Agent(self.office, lambda: self.loaded)

    def _send(self, data: bytes, address: Address) -> None:
        ip_address(address[0])
        self.sent.append(Sent(round(self.clock.time() - 1000, 2), len(data), address, read(data, ("", 0))))

    def put(self, caller: Caller, data: bytes) -> list[Answer]:
        """A caller's datagram comes; answer what goes out at once."""
        before = len(self.sent)
        self.agent.came(data, caller.sip.getsockname())
        return [sent.message for sent in self.sent[before:]]

    def ask(self, caller: Caller, method: str, body: str = "", kind: str = "application/sdp", *headers: str) -> Answer:
        """A request in a call, and its final answer."""
        caller.sequence += 1
        return self.put(caller, caller.request(method, body, kind, headers=headers))[-1]

    def invite(self, caller: Caller, body: str | None = None, *headers: str) -> Answer:
        """A call is offered."""
        answer = self.put(caller, caller.request("INVITE", caller.sdp() if body is None else body, headers=headers))[-1]
        caller.to_tag = answer.tag("to")
        if answer.status == 200:
            caller.remote = answer.media()[:2]
        return answer

    def call(self, caller: Caller, *headers: str) -> None:
        """A call is made."""
        assert self.invite(caller, None, *headers).status == 200
        self.put(caller, caller.request("ACK"))

    def reply(self, caller: Caller, request: Answer, status: int) -> None:
        """A request of ours is answered."""
        lines = [f"SIP/2.0 {status} Whatever"]
        for name in ("via", "from", "to", "call-id", "cseq"):
            lines += [f"{name}: {value}" for value in request.headers[name]]
        self.put(caller, "\r\n".join([*lines, "", ""]).encode())

    def after(self, seconds: float) -> list[tuple[float, str]]:
        """Let time pass; answer when what was sent, as a method or a status."""
        before = len(self.sent)
        self.clock.move(seconds)
        return [(one.at, str(one.message.status or one.message.method)) for one in self.sent[before:]]


def closed(bench: Bench) -> None:
    """Everything that a call took has been given back."""
    bench.agent.end_all()
    assert bench.faults == []
    assert bench.agent.calls == bench.office.guard.calls == bench.office.guard.half_open == bench.metrics.active == 0
    bench.office.close()
    bench.clock.move(0.1)
    assert bench.clock.waiting == 0
    bench.office.ticker.close()


def pause(bench: Bench, caller: Caller) -> None:
    """Let it wait for ten minutes."""
    caller.press("5")
    bench.clock.move(0.1)
