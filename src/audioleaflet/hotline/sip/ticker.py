"""One clock for the media of all calls: each 20 ms, by absolute deadlines."""

from __future__ import annotations

import selectors
from collections.abc import Callable
from typing import Protocol

from audioleaflet.hotline.sip.media import TICK_S, Session
from audioleaflet.hotline.sip.transactions import Clock, Timer

Fault = Callable[[Exception], None]
_CATCH_UP_S = 0.2  # held up for longer, the missed ticks are left out: a burst of them helps no caller


class Gauge(Protocol):
    """Who counts how late ticks are."""

    def late(self, seconds: float) -> None:
        """A tick came so many seconds after its time."""


class Ticker:
    """Ticks while there is a session."""

    def __init__(self, clock: Clock, gauge: Gauge) -> None:
        self._clock = clock
        self._gauge = gauge
        self._sessions: dict[int, tuple[Session, Fault]] = {}
        self._selector = selectors.DefaultSelector()
        self._next = 0.0
        self._timer: Timer | None = None

    def add(self, session: Session, fault: Fault) -> None:
        """Begin with a session, at the next tick. ``fault`` is told of an error in it; it is left out from then on."""
        self._sessions[session.socket.fileno()] = session, fault
        self._selector.register(session.socket, selectors.EVENT_READ)
        if self._timer is None:
            self._next = self._clock.time()
            self._timer = self._clock.call_at(self._next, self._tick)

    def remove(self, session: Session) -> None:
        """End with a session, at once; before its socket is closed. One that was never added is no error."""
        if self._sessions.pop(session.socket.fileno(), None) is not None:
            self._selector.unregister(session.socket)

    def close(self) -> None:
        """End for good."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._selector.close()

    def _tick(self) -> None:
        late = self._clock.time() - self._next
        self._gauge.late(late)
        for key, _ in self._selector.select(0):
            if key.fd in self._sessions:  # one call's end may end another
                self._guarded(key.fd, self._sessions[key.fd][0].receive)
        for number in tuple(self._sessions):
            if number in self._sessions:
                self._guarded(number, self._sessions[number][0].tick)
        self._next += TICK_S
        if late > _CATCH_UP_S:
            self._next = self._clock.time() + TICK_S
        self._timer = self._clock.call_at(self._next, self._tick) if self._sessions else None

    def _guarded(self, number: int, what: Callable[[], None]) -> None:
        session, fault = self._sessions[number]
        try:
            what()
        except Exception as error:  # noqa: BLE001  # a fault in one call must not end the sound of the others
            self.remove(session)
            fault(error)
