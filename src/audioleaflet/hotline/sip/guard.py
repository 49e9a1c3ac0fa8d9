"""Who may call, and how much of it: trunks, limits a source and of the whole line, and rates.

The address of a UDP packet can be forged. So nothing is remembered of a source for longer than it matters, what is
remembered has a bound, and a stranger costs less to refuse than to ask.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from ipaddress import ip_address
from typing import Final

from audioleaflet.settings.hotline import CallLimits, Network, Trunk

_SOURCES: Final = 2048  # whose rate is remembered; the one not seen for longest is forgotten
_REFUSALS: Final = 10.0  # a second, of strangers, in all
# Requests a second that are read, in all: an INVITE costs 0.5 ms, so more of them would make gaps in callers' sound.
_WHOLE: Final = 500.0


@dataclass(frozen=True, slots=True)
class Peer:
    """A source that may call. ``trunk``: as the settings name it, and then exempt from the limits of a source."""

    trunk: Trunk | None

    @property
    def media(self) -> tuple[Network, ...]:
        """The networks to which an address in its SDP is honoured."""
        return self.trunk.media if self.trunk else ()

    def hears_at(self, host: str) -> bool:
        """Whether media may go to this address although signalling came from another."""
        try:
            return self.trunk is not None and self.trunk.hears_at(ip_address(host))
        except ValueError:
            return False


class Full(Enum):
    """Why another call cannot begin."""

    LINE = "the line is full"
    SOURCE = "the source has as many calls as it may have"


class Bucket:
    """A rate with a burst. ``clock`` is monotonic, in seconds."""

    __slots__ = ("_burst", "_clock", "_level", "_rate", "_seen")

    def __init__(self, rate: float, burst: float, clock: Callable[[], float]) -> None:
        self._rate = rate
        self._burst = burst
        self._clock = clock
        self._level = burst
        self._seen = clock()

    def take(self) -> bool:
        """Take one, if there is one."""
        now = self._clock()
        self._level = min(self._burst, self._level + (now - self._seen) * self._rate)
        self._seen = now
        if self._level < 1:
            return False
        self._level -= 1
        return True


class Guard:
    """Asked before anything is read, begun or answered. ``clock`` is monotonic, in seconds.

    ``half_open``: how many calls may be answered and not acknowledged, in all. ``private``: it listens where only this
    computer's own programs reach it, and these may call without a trunk.
    """

    def __init__(
        self,
        limits: CallLimits,
        trunks: Sequence[Trunk],
        *,
        half_open: int,
        private: bool,
        clock: Callable[[], float],
    ) -> None:
        self._limits = limits
        self._most_half_open = half_open
        self._trunks = tuple(trunks)
        self._private = private
        self._clock = clock
        self._rates: OrderedDict[str, Bucket] = OrderedDict()
        self._whole = Bucket(_WHOLE, _WHOLE, clock)
        self._refusals = Bucket(_REFUSALS, 2 * _REFUSALS, clock)
        self._peers: OrderedDict[str, Peer | None] = OrderedDict()
        self._calls: Counter[str] = Counter()
        self._half_open: Counter[str] = Counter()

    @property
    def calls(self) -> int:
        """Calls that are going on."""
        return self._calls.total()

    @property
    def half_open(self) -> int:
        """Calls that were answered and are not yet acknowledged."""
        return self._half_open.total()

    def peer(self, host: str) -> Peer | None:
        """Who this address is; None: it may not call."""
        if host not in self._peers:
            self._peers[host] = self._identify(host)
            if len(self._peers) > _SOURCES:
                self._peers.popitem(last=False)
        return self._peers[host]

    def _identify(self, host: str) -> Peer | None:
        address = ip_address(host.partition("%")[0])
        for trunk in self._trunks:
            if trunk.calls_from(address):
                return Peer(trunk)
        return Peer(None) if self._private else None

    def reads(self, host: str, size: int, *, known: bool = False) -> bool:
        """Whether a datagram of ``size`` bytes is read at all. What is not, is dropped without an answer.

        ``known``: it names a call that is going on. Such are read also while a flood uses up the line's rate: whoever
        forges an address cannot know the names of its calls.
        """
        if size > self._limits.message_bytes:
            return False
        peer = self.peer(host)
        if peer is None:
            return self._refusals.take()
        return (peer.trunk is not None or self._rate(host).take()) and (known or self._whole.take())

    def _rate(self, host: str) -> Bucket:
        bucket = self._rates.get(host)
        if bucket is None:
            rate = self._limits.requests_a_second
            bucket = self._rates[host] = Bucket(rate, 2 * rate, self._clock)
            if len(self._rates) > _SOURCES:
                self._rates.popitem(last=False)
        self._rates.move_to_end(host)
        return bucket

    def full(self, host: str) -> Full | None:
        """Why a further call from this source cannot begin, if it cannot.

        Calls that nobody has acknowledged do not fill the line: they may be forged.
        """
        if self.calls >= self._limits.calls:
            return Full.LINE
        peer = self.peer(host)
        if peer is not None and peer.trunk is not None:
            return None
        begun = self._half_open[host]
        if begun >= self._limits.half_open_a_source or self._calls[host] + begun >= self._limits.calls_a_source:
            return Full.SOURCE
        return None

    @property
    def crowded(self) -> bool:
        """Whether the oldest call that is half open must go before another begins."""
        return self.half_open >= self._most_half_open

    def doubt(self, host: str) -> tuple[bool, bool, int]:
        """How much speaks against a source, to be compared: no trunk, no call confirmed, and how many half open."""
        peer = self.peer(host)
        return peer is None or peer.trunk is None, not self._calls[host], self._half_open[host]

    def opened(self, host: str) -> None:
        """A call was answered, and is half open."""
        self._half_open[host] += 1

    def begun(self, host: str) -> bool:
        """A half-open call was acknowledged. False: the line has filled up meanwhile, and it is still half open."""
        if self.calls >= self._limits.calls:
            return False
        self.closed(host)
        self._calls[host] += 1
        return True

    def closed(self, host: str) -> None:
        """A half-open call is gone."""
        _less(self._half_open, host)

    def ended(self, host: str) -> None:
        """A call has ended."""
        _less(self._calls, host)


def _less(counter: Counter[str], host: str) -> None:
    counter[host] -= 1
    if counter[host] <= 0:
        del counter[host]
