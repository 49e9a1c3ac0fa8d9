"""A day on the line: many calls through the call and the store of places, at once, and what has grown by the end.

    python tests/bench/hotline_day.py FOLDER [--calls 10000]

FOLDER is a library with telephone sound. No sound is sent: time is made up, so that a day takes a few minutes. Fifty
callers at a time press keys as people do, some at random; an edition is built anew all along, so that calls hold old
ones. Prints memory and open files when a tenth of the calls has begun, when the last has, and when all are over. Exits
1 where something has grown, or a caller was left without a sound or a wait.
"""

from __future__ import annotations

import argparse
import gc
import random
import sys
import tempfile
import time
import tracemalloc
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, cast, get_args

from audioleaflet.errors import AudioleafletError
from audioleaflet.hotline.call import Call
from audioleaflet.hotline.events import (
    Action,
    Answered,
    Count,
    Digit,
    Ended,
    Event,
    Find,
    HangUp,
    HungUp,
    Keep,
    Kept,
    Key,
    Play,
    Rules,
    State,
    TimedOut,
    Transfer,
    TransferFailed,
    Wait,
)
from audioleaflet.hotline.metrics import Metrics, Outcome
from audioleaflet.hotline.places import MOST, Places
from audioleaflet.hotline.shelf import Loaded, Shelf
from audioleaflet.settings import load_settings
from audioleaflet.units import Ms

AT_ONCE: Final = 50
KEYS: Final[tuple[Key, ...]] = get_args(Key)
USUAL: Final[tuple[Key, ...]] = ("5", "5", "5", "6", "6", "6", "6", "4", "1", "3", "2", "7", "9", "8", "0", "*", "#")
GROWTH_KB: Final = 512  # of Python's objects, from a tenth of the calls to the last: noise, not a leak
PATIENCE: Final = 400  # steps of one call; nobody listens longer


@dataclass
class Day:
    """The line, and a clock that is made up."""

    shelf: Shelf
    places: Places
    metrics: Metrics
    chance: random.Random
    now: datetime
    codes: list[str] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)


class Caller:
    """One call. ``stuck``: it was left with nothing to hear and nothing to wait for."""

    def __init__(self, day: Day, loaded: Loaded) -> None:
        settled = Rules(person=True, person_at=lambda _: True, codes=day.places.works, limit_s=3600, code_tries=5)
        self._day = day
        self._loaded = loaded
        self._call = Call(catalogue=loaded.catalogue, rules=settled)
        self._state = State()
        self._doing: Action | None = None
        self.stuck = False
        self.over = False
        self.steps = 0
        self._entering: list[Key] = []
        day.metrics.began()
        self._happens(Answered())

    def step(self) -> None:
        """Something happens to this caller: a key, the end of what is heard, or they hang up."""
        self.steps += 1
        if self.steps > PATIENCE or self._day.chance.random() < 0.01:
            self._happens(HungUp())
            self._end("caller")
            return
        if self._entering or self._day.chance.random() < 0.5:
            key = self._entering.pop(0) if self._entering else self._chosen()
            self._happens(Digit(key=key, heard_ms=Ms(self._day.chance.randrange(60_000))))
        elif isinstance(self._doing, Play):
            self._sounds(self._doing)
            self._happens(Ended())
        elif isinstance(self._doing, Wait):
            self._happens(TimedOut())
        elif isinstance(self._doing, Transfer):
            self._happens(TransferFailed())

    def _chosen(self) -> Key:
        chance = self._day.chance
        if self._day.codes and chance.random() < 0.02:  # comes back to a place: star, 3, 2 and the code
            code = chance.choice(self._day.codes) if chance.random() < 0.9 else "99999"
            self._entering = [cast("Key", digit) for digit in f"32{code}"]
            return "*"
        if chance.random() < 0.005:  # keeps a place: star, 3, 1
            self._entering = ["3", "1"]
            return "*"
        return chance.choice(USUAL if chance.random() < 0.9 else KEYS)

    def _sounds(self, play: Play) -> None:
        span = self._day.chance.choice(play.spans)
        pcm = self._loaded.pcm(span.sound)
        begin = span.begin_ms * 8
        if not pcm[begin : begin + 160] or span.end_ms * 8 > len(pcm) + 8:
            self.stuck = True

    def _happens(self, event: Event) -> None:
        self._state, actions = self._call.step(self._state, event, self._day.now)
        self._day.now += timedelta(seconds=0.1)
        for action in actions:
            if isinstance(action, Count):
                self._day.metrics.count(action)
            elif isinstance(action, Keep):
                code = self._day.places.keep(action.place, self._day.now.date())
                self._day.answers["kept" if code else "not kept"] += 1
                self._day.codes = [*self._day.codes[-20:], code] if code else self._day.codes
                self._happens(Kept(code=code))
            elif isinstance(action, Find):
                found = self._day.places.find(action.code)
                self._day.answers["refused" if found.refused else "found" if found.place else "not found"] += 1
                self._happens(found)
            elif isinstance(action, HangUp):
                self._end("goodbye")
            else:
                self._doing = action
        if self._doing is None and not self.over:
            self.stuck = True

    def _end(self, outcome: Outcome) -> None:
        if not self.over:
            self.over = True
            self._day.metrics.ended(outcome, self.steps)


@dataclass(frozen=True)
class Figures:
    """What there is at a moment."""

    kilobytes: int
    resident: int
    files: int

    @classmethod
    def taken(cls) -> Figures:
        gc.collect()
        status = Path("/proc/self/status").read_text(encoding="utf-8")
        resident = int(status.partition("VmRSS:")[2].split()[0])
        return cls(tracemalloc.get_traced_memory()[0] // 1024, resident, len(list(Path("/proc/self/fd").iterdir())))


def renew(folder: Path) -> None:
    """An edition is built anew, as far as the shelf can tell: its book is another file."""
    book = next(folder.glob("*/*/book.json"))
    new = book.with_name("book.json.new")
    new.write_bytes(book.read_bytes())
    new.replace(book)


def day_of(folder: Path, calls: int, day: Day) -> tuple[dict[str, Figures], int]:
    """All calls. Answers the figures by when they were taken, and how many callers were stuck."""
    waiting, stuck, moment = calls, 0, 0.0
    callers: list[Caller] = []
    taken = {"before": Figures.taken()}
    while waiting or callers:
        while waiting and len(callers) < AT_ONCE:
            loaded = day.shelf.current()
            assert loaded is not None
            callers.append(Caller(day, loaded))
            waiting -= 1
            if waiting % max(100, calls // 40) == 0:
                renew(folder)
                moment += 10
                day.shelf.refresh(moment)
            if waiting in (calls * 9 // 10, 0):
                taken["a tenth" if waiting else "the last began"] = Figures.taken()
        for caller in callers:
            caller.step()
        stuck += sum(caller.stuck for caller in callers)
        callers = [caller for caller in callers if not (caller.over or caller.stuck)]
    del loaded, caller
    return {**taken, "all are over": Figures.taken()}, stuck


def main() -> int:
    """Run it and print a Markdown table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--calls", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=5)
    options = parser.parse_args()
    told: list[str] = []
    with tempfile.TemporaryDirectory() as state:
        shelf = Shelf(options.folder, load_settings(Path("content"), cwd=Path.cwd()), told.append)
        shelf.refresh(-10.0)
        if shelf.current() is None:
            raise AudioleafletError(f"nothing can be heard in {options.folder}: {told}")
        now = datetime.now().astimezone()
        day = Day(shelf, Places(Path(state), now=lambda: day.now), Metrics(), random.Random(options.seed), now)
        tracemalloc.start()
        began = time.perf_counter()
        taken, stuck = day_of(options.folder, options.calls, day)
        took = time.perf_counter() - began
        size = sum(path.stat().st_size for path in Path(state).iterdir()) // 1024
    kept = day.answers["kept"]
    print(f"{options.calls} calls in {took:.0f} s, {stuck} stuck; codes: {dict(day.answers)}; store {size} kB\n")
    print("| after | Python objects, kB | resident, kB | open files |\n| --- | --- | --- | --- |")
    for name, figures in taken.items():
        print(f"| {name} | {figures.kilobytes} | {figures.resident} | {figures.files} |")
    grown = taken["the last began"].kilobytes - taken["a tenth"].kilobytes
    leaked = taken["all are over"].files - taken["before"].files
    return 1 if stuck or grown > GROWTH_KB or leaked or kept > MOST or told else 0


if __name__ == "__main__":
    sys.exit(main())
