"""The same call twice: through the dialplan, and through ``Call`` with the same keys at the same moments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise, zip_longest

from tests.hotline.asterisk.conftest import Exported
from tests.hotline.asterisk.running import Exchange, Heard
from tests.hotline.caller import BEGIN

from audioleaflet.hotline.asterisk.sounds import pieces
from audioleaflet.hotline.call import Call
from audioleaflet.hotline.catalogue import Catalogue
from audioleaflet.hotline.events import (
    Answered,
    Digit,
    Ended,
    Event,
    HangUp,
    Play,
    Span,
    State,
    TimedOut,
    Transfer,
    TransferFailed,
    Wait,
)
from audioleaflet.hotline.rules import rules_of
from audioleaflet.settings import HotlineSettings
from audioleaflet.units import Ms

HOUR = 3_600_000
PERSON = HotlineSettings.model_validate({"operator": "+12125550100", "operator_hours": ["Mon-Fri 09:00-17:00"]})
NOBODY = HotlineSettings.model_validate({"limits": {"minutes": 720}})


@dataclass
class Embedded:
    """The same call through ``Call``, with the same keys at the same moments."""

    catalogue: Catalogue
    keys: list[tuple[int, str]]
    until: int
    settings: HotlineSettings = NOBODY
    dialled: str = ""
    clock: int = 0
    heard: list[Heard] = field(default_factory=list)
    over: bool = False
    begin: datetime = BEGIN

    def run(self) -> list[Heard]:
        rules = replace(rules_of(self.settings, codes=False), limit_s=12 * 3600)
        self.call, self.state = Call(catalogue=self.catalogue, rules=rules), State()
        self.names = {
            (piece.sound.path, piece.begin_ms if piece.end_ms else 0, bool(piece.end_ms)): name
            for name, piece in pieces(self.catalogue).items()
        }
        doing = self._does(Answered(dialled=self.dialled))
        while not isinstance(doing, HangUp) and self.clock < self.until:
            doing = self._goes_on(doing)
        return self.heard

    def _does(self, event: Event, before: object = None) -> object:
        now = self.begin + timedelta(milliseconds=self.clock)
        before_mode = self.state.mode
        self.state, actions = self.call.step(self.state, event, now)
        if before_mode == "leaflet-entry":  # a late # after a leaflet's number is a key like any other there
            self.state = replace(self.state, hash_ms=0)
        main = [action for action in actions if isinstance(action, Play | Wait | Transfer | HangUp)]
        return main[0] if main else before

    def _goes_on(self, doing: object) -> object:
        """Until the next key that changes something, or the end of what goes on."""
        if isinstance(doing, Transfer):
            return self._does(TransferFailed())
        assert isinstance(doing, Play | Wait), doing
        began, at, starts = self.clock, self.clock, []
        for span in doing.spans if isinstance(doing, Play) else ():
            starts.append((at, span))
            at += span.end_ms - span.begin_ms
        ends = at if isinstance(doing, Play) else at + doing.ms
        while self.keys and self.keys[0][0] < ends:
            moment, key = self.keys.pop(0)
            self.clock = max(self.clock, moment)
            digit = Digit(key=key, heard_ms=Ms(self.clock - began if isinstance(doing, Play) else 0))  # type: ignore[arg-type]
            after = self._does(digit, doing)
            if after is not doing:
                self._note(starts, self.clock)
                return after
        self.clock = ends
        self._note(starts, ends)
        return self._does(Ended() if isinstance(doing, Play) else TimedOut(), None)

    def _note(self, starts: Sequence[tuple[int, Span]], until: int) -> None:
        for at, span in starts:
            if at < until and at < self.until:
                self.heard.append(Heard(at, self._name(span), 0 if self._is_cut(span) else span.begin_ms))

    def _is_cut(self, span: Span) -> bool:
        return bool(span.sound.cues) and span.end_ms < span.sound.duration_ms

    def _name(self, span: Span) -> str:
        if span.sound is self.catalogue.prompts.get(self.state.language, {}).get("codes-off"):
            span = replace(span, sound=self.catalogue.prompts[self.state.language]["wrong-key"])  # there are none there
        place = (span.sound.path, span.begin_ms if self._is_cut(span) else 0, self._is_cut(span))
        return self.names[place]


def said(heard: list[Heard]) -> list[Heard]:
    """What was heard: no silence, and no sound that a key ended in the moment it began.

    One that goes on where a key has stopped it is one sound.
    """
    heard = [
        one
        for before, one in zip([None, *heard], heard, strict=False)
        if before is None
        or (one.sound, one.begin - before.begin) != (before.sound, one.at - before.at)
        or one.begin == before.begin
    ]
    began = [one for one, after in pairwise([*heard, None]) if after is None or one is None or after.at > one.at]
    return [one for one in began if one is not None and "/silence-" not in one.sound]


def both(
    made: Exported,
    keys: list[tuple[int, str]],
    *,
    until: int = HOUR // 2,
    by: HotlineSettings = NOBODY,
    begin: datetime = BEGIN,
) -> list[Heard]:
    """What is heard on the exchange, proved to be what ``Call`` says."""
    exchange = Exchange(made.plan, made.sounds, list(keys), until=until, now=begin.replace(tzinfo=None))
    heard = said(exchange.run())
    embedded = said(Embedded(made.catalogue, list(keys), until, by, begin=begin).run())
    for place, (one, other) in enumerate(zip_longest(heard, embedded)):
        before = " ".join(names(heard[max(0, place - 5) : place]))
        assert one == other, f"after {before} the exchange plays {one}, the embedded line {other}"
    return heard


def names(heard: list[Heard]) -> list[str]:
    return [
        one.sound.split("/", 3)[-1] if one.sound.startswith("audioleaflet/books") else one.sound.rpartition("/")[2]
        for one in heard
    ]


def pressed(text: str, every: int = 300, first: int = 11_000) -> list[tuple[int, str]]:
    """Keys one after the other; a dot is a second without one."""
    moments, at = [], first
    for sign in text:
        if sign == ".":
            at += 1000
        else:
            moments.append((at, sign))
            at += every
    return moments
