"""Transactions over UDP (RFC 3261, section 17): what is sent again, for how long, and what is answered twice the same.

Without sockets: bytes go out through a function, and the clock is given (an event loop is one).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Final, Protocol

from audioleaflet.hotline.sip.message import Response

T1: Final = 0.5  # seconds, RFC 3261, table 4
T2: Final = 4.0
LIFE: Final = 64 * T1
_KEPT: Final = 4096  # answers that are remembered
# For one byte that an address sent, it gets so many at most until it has proved that it is there: its address may be
# forged. With what one IP packet more or less costs, this stays below ten.
_GAIN: Final = 8


class Timer(Protocol):
    """Something that will happen, unless it is cancelled."""

    def cancel(self) -> None:
        """It will not happen."""


class Clock(Protocol):
    """Monotonic time in seconds; every event loop of asyncio is one."""

    def time(self) -> float:
        """Now."""

    def call_later(self, delay: float, callback: Callable[[], object], /) -> Timer:
        """Call ``callback`` after ``delay`` seconds."""

    def call_at(self, when: float, callback: Callable[[], object], /) -> Timer:
        """Call ``callback`` at a time."""


Send = Callable[[bytes], None]


class Budget:
    """How much may be sent to an address that has proved nothing yet."""

    __slots__ = ("_left",)

    def __init__(self) -> None:
        self._left = 0

    def came(self, size: int) -> None:
        """It sent ``size`` bytes."""
        self._left += _GAIN * size

    def takes(self, size: int) -> bool:
        """Whether ``size`` bytes may be sent to it now; if so, they count."""
        if size > self._left:
            return False
        self._left -= size
        return True


class Answers:
    """What was answered, for requests that come again (RFC 3261, 17.2.2). Forgotten after 32 s."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept: OrderedDict[str, tuple[float, bytes]] = OrderedDict()

    def get(self, key: str) -> bytes | None:
        """The answer to the transaction of that key, if it was answered."""
        self._forget()
        kept = self._kept.get(key)
        return None if kept is None else kept[1]

    def keep(self, key: str, answer: bytes) -> None:
        """Remember an answer."""
        self._kept[key] = (self._clock.time() + LIFE, answer)
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)

    def _forget(self) -> None:
        now = self._clock.time()
        while self._kept and next(iter(self._kept.values()))[0] <= now:
            self._kept.popitem(last=False)


class Acceptance:
    """A 2xx to an INVITE, sent again until its ACK comes (RFC 3261, 13.3.1.4).

    First after ``T1``, then after twice the time each up to ``T2``; after ``give_up_s`` without an ACK, ``lost`` is
    called once. The first time, whoever makes this sends it, with ``again`` or otherwise.
    ``budget``: of an address that has proved nothing; None: it has.
    """

    def __init__(
        self,
        clock: Clock,
        send: Send,
        answer: bytes,
        lost: Callable[[], None],
        *,
        give_up_s: float = LIFE,
        budget: Budget | None = None,
    ) -> None:
        self._clock = clock
        self._send = send
        self._answer = answer
        self._lost = lost
        self._end = clock.time() + give_up_s
        self._budget = budget
        self._interval = T1
        self._timer = clock.call_later(min(T1, give_up_s), self._due)

    def again(self) -> None:
        """Send it now, as far as the budget goes."""
        if self._budget is None or self._budget.takes(len(self._answer)):
            self._send(self._answer)

    def stop(self) -> None:
        """The ACK came, or the call is over."""
        self._timer.cancel()

    def _due(self) -> None:
        now = self._clock.time()
        if now >= self._end - 0.001:  # an event loop rounds
            self._lost()
            return
        self.again()
        self._interval = min(2 * self._interval, T2)
        self._timer = self._clock.call_later(min(self._interval, self._end - now), self._due)


class Request:
    """A request of ours other than INVITE and ACK (RFC 3261, 17.1.2). We send no INVITE.

    ``done`` is called once: with the final response, or with None after 32 s without one.
    """

    def __init__(self, clock: Clock, send: Send, data: bytes, done: Callable[[Response | None], None]) -> None:
        self._clock = clock
        self._send = send
        self._data = data
        self._done = done
        self._end = clock.time() + LIFE
        self._interval = T1
        send(data)
        self._timer = clock.call_later(T1, self._due)

    def came(self, response: Response) -> None:
        """A response to it came."""
        if response.status < 200:
            self._interval = T2
            return
        self._timer.cancel()
        self._done(response)

    def stop(self) -> None:
        """Send it no more; nobody wants to know."""
        self._timer.cancel()

    def _due(self) -> None:
        left = self._end - self._clock.time()
        if left <= 0.001:
            self._done(None)
            return
        self._send(self._data)
        self._interval = min(2 * self._interval, T2)
        self._timer = self._clock.call_later(min(self._interval, left), self._due)
