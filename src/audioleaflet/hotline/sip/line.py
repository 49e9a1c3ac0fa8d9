"""One caller on the line: what happens becomes a step of the call, and what the call wants becomes sound.

Nothing here knows SIP. ``Wire`` is the way to the caller, ``Desk`` keeps and finds places.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from audioleaflet.hotline.call import Call
from audioleaflet.hotline.catalogue import Catalogue, Sound
from audioleaflet.hotline.events import (
    Action,
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
    Resumed,
    Rules,
    State,
    Stay,
    TimedOut,
    Transfer,
    TransferFailed,
    Wait,
)
from audioleaflet.hotline.sip.media import Heard, Pcm, Session, Stretch
from audioleaflet.units import Ms

_BYTES_A_MS = 8  # G.711 at 8 kHz


class Loaded(Protocol):
    """An edition of the shelf that stays as it is, whatever is built meanwhile."""

    @property
    def catalogue(self) -> Catalogue:
        """What can be heard."""

    def pcm(self, sound: Sound) -> Pcm:
        """The µ-law of a sound of the catalogue."""


class Desk(Protocol):
    """Places to come back to, looked after elsewhere: an answer comes later, in the thread of the line."""

    def keep(self, place: Place, answer: Callable[[Kept], None]) -> None:
        """Keep a place."""

    def find(self, code: str, answer: Callable[[Found], None]) -> None:
        """Look up a code."""


class Wire(Protocol):
    """The way to the caller."""

    def hang_up(self) -> None:
        """End the call. It calls ``Line.over``, now or later."""

    def transfer(self) -> None:
        """Connect the caller to the operator; ``Line.transfer_failed`` if that fails."""

    def stay(self) -> None:
        """The caller stays: whoever answers the transfer now, it is over for us."""


class Line:
    """A caller's call, from the answer to the end. ``now``: aware local time. ``count``: told what the call counts."""

    def __init__(
        self,
        loaded: Loaded,
        rules: Rules,
        wire: Wire,
        desk: Desk,
        *,
        count: Callable[[Count], None],
        now: Callable[[], datetime],
    ) -> None:
        self._loaded = loaded
        self._call = Call(catalogue=loaded.catalogue, rules=rules)
        self._wire = wire
        self._desk = desk
        self._count = count
        self._now = now
        self._state = State()
        self._session: Session | None = None

    def begin(self, session: Session, dialled: str) -> None:
        """The caller is there, and hears what ``session`` plays. ``dialled``: the number that was called."""
        self._session = session
        self._happened(Answered(dialled=dialled))

    def key(self, key: Key) -> None:
        """The caller pressed a key."""
        if self._session is not None:
            self._happened(Digit(key=key, heard_ms=self._session.heard_ms))

    def heard(self, what: Heard) -> None:
        """All sound was sent, or a wait is over."""
        self._happened(Ended() if what is Heard.ENDED else TimedOut())

    def transfer_failed(self) -> None:
        """The operator could not be reached."""
        self._happened(TransferFailed())

    def resumed(self, held_s: float) -> None:
        """The caller is back after so many seconds on hold."""
        self._happened(Resumed(held_s=held_s))

    def over(self) -> None:
        """The call is over, whoever ended it. Nothing is played from here on."""
        if self._session is not None:
            self._happened(HungUp())
            self._session = None

    def _happened(self, event: Event) -> None:
        if self._session is None:
            return  # an answer of the desk to a caller who has gone
        self._state, actions = self._call.step(self._state, event, self._now())
        for action in actions:
            self._do(action)

    def _do(self, action: Action) -> None:
        session = self._session
        if session is None:
            return  # an action before this one has ended the call
        if isinstance(action, Play):
            session.play([self._stretch(span.sound, span.begin_ms, span.end_ms) for span in action.spans])
        elif isinstance(action, Wait):
            session.wait(action.ms)
        elif isinstance(action, Transfer):
            session.wait(action.ms)
            self._wire.transfer()
        elif isinstance(action, Stay):
            self._wire.stay()
        elif isinstance(action, HangUp):
            session.wait(None)
            self._wire.hang_up()
        elif isinstance(action, Keep):
            self._desk.keep(action.place, self._happened)
        elif isinstance(action, Find):
            self._desk.find(action.code, self._happened)
        else:
            self._count(action)

    def _stretch(self, sound: Sound, begin: Ms, end: Ms) -> Stretch:
        pcm = self._loaded.pcm(sound)
        # Milliseconds are rounded: the last one may go a few samples past the end.
        return Stretch(pcm, begin * _BYTES_A_MS, min(end * _BYTES_A_MS, len(pcm)))
