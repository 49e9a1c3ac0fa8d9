"""A clock that is moved by hand, and does what is due on the way."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count


@dataclass(order=True)
class Due:
    """Something to do at a time."""

    when: float
    place: int
    callback: Callable[[], object] = field(compare=False)
    cancelled: bool = field(default=False, compare=False)

    def cancel(self) -> None:
        """Not any more."""
        self.cancelled = True


class HandClock:
    """Seconds from 1000.0 on."""

    def __init__(self) -> None:
        self._now = 1000.0
        self._due: list[Due] = []
        self._places = count()

    def time(self) -> float:
        """Now."""
        return self._now

    def call_later(self, delay: float, callback: Callable[[], object], /) -> Due:
        """Do something after a while."""
        return self.call_at(self._now + delay, callback)

    def call_at(self, when: float, callback: Callable[[], object], /) -> Due:
        """Do something at a time."""
        due = Due(when, next(self._places), callback)
        heapq.heappush(self._due, due)
        return due

    def move(self, seconds: float) -> None:
        """Let time pass."""
        end = self._now + seconds
        while self._due and self._due[0].when <= end:
            due = heapq.heappop(self._due)
            self._now = max(self._now, due.when)
            if not due.cancelled:
                due.callback()
        self._now = end

    @property
    def waiting(self) -> int:
        """How much is still to be done."""
        return sum(not due.cancelled for due in self._due)
