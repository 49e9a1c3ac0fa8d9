"""One call as Twilio sees it: a request becomes events, and what is to be done becomes the answer to it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final, Protocol, cast, get_args

from audioleaflet.hotline.call import Call
from audioleaflet.hotline.events import (
    Answered,
    Count,
    Digit,
    Ended,
    Event,
    Find,
    Found,
    HangUp,
    HungUp,
    Keep,
    Kept,
    Key,
    Place,
    Play,
    Rules,
    State,
    Stay,
    TimedOut,
    Transfer,
    TransferFailed,
    Wait,
)
from audioleaflet.hotline.twilio import segments, twiml
from audioleaflet.hotline.twilio.answer import Answers, Moment
from audioleaflet.hotline.twilio.signing import ForgedError
from audioleaflet.hotline.twilio.snapshots import Snapshot, Snapshots
from audioleaflet.hotline.twilio.tickets import Ticket
from audioleaflet.units import Ms

_KEYS: Final = frozenset(get_args(Key))
_CONNECTED: Final = ("completed", "answered")
_ON_ITS_WAY_MS: Final = 700  # from our answer to its first sound, and from a key to us


class Places(Protocol):
    """Where places to come back to are kept. It is asked in a thread, and raises nothing."""

    def keep(self, place: Place) -> str:
        """A code for the place; empty where codes are off."""

    def find(self, code: str) -> Found:
        """The place of a code."""


class Line:
    """Answers requests that were found to be Twilio's. ``clock`` gives aware times, ``count`` takes what is counted.

    ``rules`` are asked for at each request: places may begin or cease to work.
    """

    def __init__(
        self,
        answers: Answers,
        snapshots: Snapshots,
        places: Places,
        rules: Callable[[], Rules],
        *,
        count: Callable[[Count], None],
        clock: Callable[[], datetime],
    ) -> None:
        self._answers = answers
        self._snapshots = snapshots
        self._places = places
        self._rules = rules
        self._count = count
        self._clock = clock

    async def begin(self, call: str, dialled: str) -> bytes:
        """The answer to a call that comes in. ``call``: how Twilio names it."""
        snapshot = self._snapshots.current()
        if snapshot is None:
            return twiml.refuse()
        start = Moment(call=call, snapshot=snapshot, state=State(), doing=None, heard_ms=Ms(0))
        return await self._after(start, [Answered(dialled=dialled)])

    async def go_on(self, call: str, sealed: str, digits: str, dial_status: str) -> bytes:
        """The answer to what Twilio comes back with. Raises ForgedError: it is not of this call, or too old."""
        ticket = self._answers.ticket(call, sealed)
        passed_ms = self._now_ms() - ticket.issued_ms
        if passed_ms > ticket.lasts_s * 1000:
            raise ForgedError
        keys = [cast("Key", key) for key in digits if key in _KEYS]
        known = self._snapshots.named(ticket.snapshot)
        snapshot = known or self._snapshots.current()
        if snapshot is None:
            return twiml.hang_up()
        doing = _doing(snapshot, ticket) if known is not None else None
        moment = Moment(call=call, snapshot=snapshot, state=ticket.state, doing=doing, heard_ms=Ms(ticket.heard_ms))
        if ticket.kind == "dial":
            return await self._after(moment, [HungUp() if dial_status in _CONNECTED else TransferFailed()])
        if keys:
            return await self._pressed(moment, ticket, keys, passed_ms)
        if ticket.kind == "wait":
            return await self._after(moment, [TimedOut()])
        if known is None and ticket.state.mode == "reading":
            return await self._read_on(moment, Ms(ticket.heard_ms + _estimated(ticket, passed_ms)))
        moment = _forward(moment, ticket.length_ms)
        left = isinstance(moment.doing, Play)
        return await self._after(moment, [] if left else [Ended()])

    def piece(self, name: str) -> tuple[bytes, int]:
        """The µ-law samples that an address names, and for how many seconds it holds. Raises ForgedError."""
        piece = self._answers.piece(name)
        left_s = piece.expires_s - self._now_ms() // 1000
        snapshot = self._snapshots.named(piece.snapshot)
        if left_s <= 0 or snapshot is None:
            raise ForgedError
        return b"".join(snapshot.samples(span) for span in snapshot.spans(piece.stretches)), left_s

    def can_be_called(self) -> bool:
        """Whether there is something to be heard."""
        return self._snapshots.current() is not None

    async def _pressed(self, moment: Moment, ticket: Ticket, keys: Sequence[Key], passed_ms: int) -> bytes:
        """A key stops what is played or waited for. What the call says nothing about goes on where it stopped."""
        sounded_ms = _estimated(ticket, passed_ms)
        if isinstance(moment.doing, Play):
            moment = _forward(moment, segments.sentence_before(moment.doing.spans, sounded_ms))
        elif isinstance(moment.doing, Wait):
            moment = replace(moment, doing=Wait(ms=Ms(max(0, ticket.length_ms - passed_ms))))
        heard_ms = Ms(ticket.heard_ms + (sounded_ms if ticket.kind == "play" else 0))
        first = Digit(key=keys[0], heard_ms=heard_ms)
        return await self._after(moment, [first, *(Digit(key=key) for key in keys[1:])])

    async def _read_on(self, moment: Moment, heard_ms: Ms) -> bytes:
        """Read on with the editions of this moment: those that the call began with are gone, as after a new start.

        What was playing cannot be found by its numbers any more, but the call knows its sentence. It is paused and goes
        on at once, which is heard as going on; if the leaflet has changed, the call says so by itself.
        """
        call = Call(catalogue=moment.snapshot.catalogue, rules=self._rules())
        state, _ = call.step(moment.state, Digit(key="5", heard_ms=heard_ms), self._clock())
        if state.mode != "paused":
            return await self._after(moment, [Ended()])
        return await self._after(replace(moment, state=state), [Digit(key="5")])

    async def _after(self, moment: Moment, events: Sequence[Event]) -> bytes:
        """The answer after ``events``, and after the answers to what they ask for."""
        call = Call(catalogue=moment.snapshot.catalogue, rules=self._rules())
        coming = list(events)
        while coming:
            state, actions = call.step(moment.state, coming.pop(0), self._clock())
            moment = replace(moment, state=state)
            answers: list[Event] = []
            for action in actions:
                if isinstance(action, Count):
                    self._count(action)
                elif isinstance(action, Keep):
                    answers.append(Kept(code=await asyncio.to_thread(self._places.keep, action.place)))
                elif isinstance(action, Find):
                    answers.append(await asyncio.to_thread(self._places.find, action.code))
                elif not isinstance(action, Stay):  # Twilio takes no key while it calls somebody
                    heard_ms = Ms(0) if isinstance(action, Play) else moment.heard_ms
                    moment = replace(moment, doing=action, heard_ms=heard_ms)
            coming = [*answers, *coming]
        if moment.state.mode == "over":
            moment = replace(moment, doing=HangUp())
        elif moment.doing is None:  # a key that means nothing, and what it stopped is not known: it is soon asked again
            moment = replace(moment, doing=Wait(ms=Ms(0)))
        return self._answers.tell(moment, self._now_ms())

    def _now_ms(self) -> int:
        return int(self._clock().timestamp() * 1000)


def _doing(snapshot: Snapshot, ticket: Ticket) -> Play | Wait | Transfer:
    """What Twilio was told to do, again."""
    if ticket.kind == "play":
        return Play(spans=snapshot.spans(ticket.stretches))
    return Wait(ms=Ms(ticket.length_ms)) if ticket.kind == "wait" else Transfer(ms=Ms(0))


def _forward(moment: Moment, ms: int) -> Moment:
    """The same sound ``ms`` later; ``doing`` is None where nothing of it is left."""
    if not isinstance(moment.doing, Play):
        return moment
    _, left = segments.split(moment.doing.spans, ms)
    return replace(moment, doing=Play(spans=left) if left else None, heard_ms=Ms(moment.heard_ms + ms))


def _estimated(ticket: Ticket, passed_ms: int) -> Ms:
    """How much of the piece had sounded. Twilio does not say; it is what the time allows, rather less than more."""
    return Ms(min(max(0, passed_ms - _ON_ITS_WAY_MS), ticket.length_ms))
