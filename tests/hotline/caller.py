"""Somebody on the line, for tests of the call: presses keys, waits, and notes what is heard, on a clock of its own."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

from audioleaflet.hotline.call import Call
from audioleaflet.hotline.catalogue import Catalogue
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
    TimedOut,
    Transfer,
    TransferFailed,
    Wait,
)
from audioleaflet.units import Ms

BEGIN = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def rules(*, person: bool = False, is_there: bool = True, codes: bool = True, limit_s: int = 3600) -> Rules:
    return Rules(person=person, person_at=lambda _now: is_there, codes=codes, limit_s=limit_s, code_tries=3)


class Caller:
    """A call, and the only wire that needs no time."""

    def __init__(
        self, shelf: Catalogue, by: Rules | None = None, *, dialled: str = "", places: dict[str, Place] | None = None
    ) -> None:
        self.call = Call(catalogue=shelf, rules=by or rules())
        self.state = State()
        self.now = BEGIN
        self.doing: Action | None = None
        self.began = BEGIN
        self.counts: Counter[tuple[str, str]] = Counter()
        self.told: dict[str, list[str]] = {"emergency": []}  # where the sounds of these prompts lie, each time
        self.places = {} if places is None else places
        self.happens(Answered(dialled=dialled))

    def happens(self, event: Event) -> None:
        """Something happens; what the call asks for beside a sound is answered at once."""
        before = self.state
        self.state, actions = self.call.step(self.state, event, self.now)
        assert State.of(before.as_data()) == before
        main = [action for action in actions if isinstance(action, Play | Wait | Transfer | HangUp)]
        assert len(main) <= 1, main
        for span in main[0].spans if main and isinstance(main[0], Play) else ():
            if span.sound.text in self.told:
                self.told[span.sound.text].append(str(span.sound.path))
        if main:
            self.doing, self.began = main[0], self.now
        for action in actions:
            if isinstance(action, Count):
                self.counts[action.what, action.label] += 1
            elif isinstance(action, Keep):
                code = f"{11111 + len(self.places)}"
                self.places[code] = action.place
                self.happens(Kept(code=code))
            elif isinstance(action, Find):
                self.happens(Found(place=self.places.get(action.code)))

    @property
    def heard_ms(self) -> Ms:
        return Ms(round((self.now - self.began).total_seconds() * 1000)) if isinstance(self.doing, Play) else Ms(0)

    @property
    def left_ms(self) -> int:
        """How long what goes on will take if nothing happens."""
        if isinstance(self.doing, Play):
            return sum(span.end_ms - span.begin_ms for span in self.doing.spans) - self.heard_ms
        assert isinstance(self.doing, Wait | Transfer), self.doing
        return self.doing.ms - round((self.now - self.began).total_seconds() * 1000)

    def goes_on(self) -> None:
        """Let what goes on come to its end."""
        self.now += timedelta(milliseconds=self.left_ms)
        self.happens(Ended() if isinstance(self.doing, Play) else TimedOut())

    def listens(self, seconds: float) -> None:
        """Let time go by."""
        until = self.now + timedelta(seconds=seconds)
        while (
            isinstance(self.doing, Play | Wait | Transfer) and self.now + timedelta(milliseconds=self.left_ms) <= until
        ):
            self.goes_on()
        self.now = max(self.now, until)

    def presses(self, *keys: Key, every: float = 0.2) -> list[str]:
        """Press keys one after the other, and answer what sounds then."""
        for key in keys:
            self.now += timedelta(seconds=every)
            self.happens(Digit(key=key, heard_ms=self.heard_ms))
        return self.hears()

    def hears(self) -> list[str]:
        """What sounds now: prompts by name, chapters with the place where they begin."""
        if not isinstance(self.doing, Play):
            return [type(self.doing).__name__]
        return [
            f"{span.sound.path.parent.name}/{span.sound.path.stem}@{span.begin_ms / 1000:g}"
            if span.sound.cues
            else span.sound.text
            for span in self.doing.spans
        ]

    def copy(self) -> Caller:
        """The same call, to be tried out further."""
        other = object.__new__(Caller)
        other.__dict__.update(self.__dict__)
        other.counts, other.places = self.counts.copy(), self.places.copy()
        other.told = {name: [*paths] for name, paths in self.told.items()}
        return other

    def is_held(self, seconds: float) -> None:
        """The caller is on hold for a while, in which nothing is heard and no wait goes on."""
        self.now += timedelta(seconds=seconds)
        self.began += timedelta(seconds=seconds)
        self.happens(Resumed(held_s=seconds))

    def fails_to_reach(self) -> None:
        self.happens(TransferFailed())

    def hangs_up(self) -> None:
        self.happens(HungUp())


def reading(caller: Caller, seconds: float = 0) -> Caller:
    """The caller has heard so much of chapter 1."""
    caller.goes_on()
    caller.listens(seconds)
    return caller
