"""One clock for all calls: absolute deadlines, and a fault in one call is that call's alone."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from tests.hotline.sip.clocks import HandClock

from audioleaflet.hotline.sip.media import Session
from audioleaflet.hotline.sip.ticker import Ticker


class Gauge:
    """Notes how late ticks were."""

    def __init__(self) -> None:
        self.seen: list[float] = []

    def late(self, seconds: float) -> None:
        self.seen.append(round(seconds, 3))


class Fake(Session):
    """A session that only counts."""

    def __init__(self, clock: HandClock) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.clock = clock
        self.ticks: list[float] = []
        self.received = 0
        self.held_up = 0.0
        self.fails = False

    def tick(self) -> None:
        self.ticks.append(round(self.clock.time() - 1000, 3))
        if self.held_up:
            self.clock._now += self.held_up
            self.held_up = 0.0
        if self.fails:
            raise RuntimeError("a fault of ours")

    def receive(self) -> None:
        self.received += 1
        self.socket.recv(100)


class Bench:
    """A ticker and its parts."""

    def __init__(self) -> None:
        self.clock, self.gauge = HandClock(), Gauge()
        self.ticker = Ticker(self.clock, self.gauge)
        self.faults: list[Exception] = []
        self.sessions: list[Fake] = []

    def add(self) -> Fake:
        session = Fake(self.clock)
        self.sessions.append(session)
        self.ticker.add(session, self.faults.append)
        return session


@pytest.fixture
def bench() -> Iterator[Bench]:
    made = Bench()
    yield made
    made.ticker.close()
    for session in made.sessions:
        session.socket.close()


def test_it_ticks_every_20_ms_while_there_is_a_session(bench: Bench) -> None:
    session = bench.add()
    bench.clock.move(0.1)
    assert session.ticks == [0, 0.02, 0.04, 0.06, 0.08, 0.1]
    bench.ticker.remove(session)
    bench.clock.move(1)
    assert len(session.ticks) == 6
    assert bench.clock.waiting == 0
    other = bench.add()
    bench.clock.move(0.021)
    assert len(other.ticks) == 2


def test_after_a_delay_it_catches_up_and_keeps_its_deadlines(bench: Bench) -> None:
    session = bench.add()
    session.held_up = 0.07
    bench.clock.move(0.12)
    assert session.ticks == [0, 0.07, 0.07, 0.07, 0.08, 0.1, 0.12]
    assert bench.gauge.seen == [0, 0.05, 0.03, 0.01, 0, 0, 0]


def test_after_a_long_delay_it_goes_on_from_there(bench: Bench) -> None:
    session = bench.add()
    session.held_up = 1.0
    bench.clock.move(1.05)
    assert session.ticks == [0, 1.0, 1.02, 1.04]


def test_only_who_has_received_something_is_asked_to_read_it(bench: Bench) -> None:
    first, second = bench.add(), bench.add()
    second.socket.sendto(b"x", second.socket.getsockname())
    bench.clock.move(0.05)
    assert (first.received, second.received) == (0, 1)


def test_a_fault_leaves_out_the_session_alone(bench: Bench) -> None:
    first, second = bench.add(), bench.add()
    first.fails = True
    bench.clock.move(0.05)
    assert (len(first.ticks), len(second.ticks)) == (1, 3)
    assert [str(fault) for fault in bench.faults] == ["a fault of ours"]


def test_one_session_may_end_another_in_its_tick(bench: Bench) -> None:
    first, second = bench.add(), bench.add()
    first.tick = lambda: bench.ticker.remove(second)  # type: ignore[method-assign]
    bench.clock.move(0.05)
    assert second.ticks == []
