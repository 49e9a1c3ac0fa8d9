"""Places to come back to, asked for in a thread: a disk that is slow must not hold up anybody's sound."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from typing import TypeVar

from audioleaflet.hotline.events import Found, Kept, Place
from audioleaflet.hotline.places import Places

A = TypeVar("A")


class PlacesDesk:
    """Asks ``places``, which never raises, and answers in the thread of ``loop``. ``now``: aware local time."""

    def __init__(self, loop: asyncio.AbstractEventLoop, places: Places, now: Callable[[], datetime]) -> None:
        self._loop = loop
        self._places = places
        self._now = now
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="places")

    def keep(self, place: Place, answer: Callable[[Kept], None]) -> None:
        """Keep a place."""
        day = self._now().date()
        self._ask(lambda: Kept(code=self._places.keep(place, day)), answer)

    def find(self, code: str, answer: Callable[[Found], None]) -> None:
        """Look up a code."""
        self._ask(lambda: self._places.find(code), answer)

    def _ask(self, question: Callable[[], A], answer: Callable[[A], None]) -> None:
        def answered(future: Future[A]) -> None:
            if not future.cancelled():
                self._loop.call_soon_threadsafe(answer, future.result())

        self._thread.submit(question).add_done_callback(answered)

    def close(self) -> None:
        """Wait for the question that is being answered; drop the others."""
        self._thread.shutdown(cancel_futures=True)
