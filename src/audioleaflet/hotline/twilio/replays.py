"""The same answer to a request that comes again.

Twilio asks again where it got no answer. A second one would keep a place under a second code, and count a key twice.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import time
from collections.abc import Callable, Coroutine, Sequence
from typing import Final

_KEPT_S: Final = 120.0  # Twilio gives up after at most 15 s a try
_MOST: Final = 4096


class Replays:
    """Answers of the last two minutes, under a hash of what was asked with a secret of this process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._secret = secrets.token_bytes(32)
        self._made: dict[bytes, tuple[float, asyncio.Future[bytes]]] = {}

    async def once(self, asked: Sequence[str], make: Callable[[], Coroutine[None, None, bytes]]) -> bytes:
        """What ``make`` gave when this was ``asked`` before, or gives now. An error of it is not kept."""
        self._forget()
        name = self._name(asked)
        if name not in self._made:
            # It is not bound to who asked: where they hang up, the one who asks again gets its answer.
            self._made[name] = (self._clock(), asyncio.ensure_future(make()))
        making = self._made[name][1]
        try:
            return await asyncio.shield(making)
        finally:
            if making.done() and (making.cancelled() or making.exception() is not None):
                self._made.pop(name, None)

    def _name(self, asked: Sequence[str]) -> bytes:
        digest = hashlib.blake2b(key=self._secret, digest_size=16)
        for part in asked:
            digest.update(hashlib.blake2b(part.encode("utf-8", "surrogateescape")).digest())
        return digest.digest()

    def _forget(self) -> None:
        oldest = self._clock() - _KEPT_S
        while self._made:
            name = next(iter(self._made))
            if self._made[name][0] > oldest and len(self._made) < _MOST:
                return
            del self._made[name]
