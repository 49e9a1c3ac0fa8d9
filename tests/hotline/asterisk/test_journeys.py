"""Callers on the exchange hear what callers on the embedded line hear: the dialplan run beside ``Call``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, timedelta
from itertools import accumulate, pairwise, zip_longest
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.hotline import catalogues
from tests.hotline.asterisk.conftest import Export, Exported, on_disk
from tests.hotline.asterisk.dialplan import parse
from tests.hotline.asterisk.running import Exchange, Heard
from tests.hotline.caller import BEGIN

from audioleaflet.hotline.asterisk.export import DIALPLAN, SOUNDS, export
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
    Rules,
    Span,
    State,
    TimedOut,
    Transfer,
    TransferFailed,
    Wait,
)
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
    person: bool = False
    dialled: str = ""
    clock: int = 0
    heard: list[Heard] = field(default_factory=list)
    over: bool = False

    def run(self) -> list[Heard]:
        rules = Rules(person=self.person, person_at=lambda _now: True, codes=False, limit_s=12 * 3600, code_tries=3)
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
        now = BEGIN.astimezone(UTC) + timedelta(milliseconds=self.clock)
        self.state, actions = self.call.step(self.state, event, now)
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
        place = (span.sound.path, span.begin_ms if self._is_cut(span) else 0, self._is_cut(span))
        return self.names[place]


def said(heard: list[Heard]) -> list[Heard]:
    """What was heard: no silence, and no sound that a key ended in the moment it began."""
    began = [one for one, after in pairwise([*heard, None]) if after is None or one is None or after.at > one.at]
    return [one for one in began if one is not None and "/silence-" not in one.sound]


def both(made: Exported, keys: list[tuple[int, str]], *, until: int = HOUR // 2, person: bool = False) -> list[Heard]:
    """What is heard on the exchange, proved to be what ``Call`` says."""
    exchange = Exchange(made.plan, made.sounds, list(keys), until=until)
    heard = said(exchange.run())
    embedded = said(Embedded(made.catalogue, list(keys), until, person).run())
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


WAYS = {
    "straight through": "",
    "6": "....6",
    "6 in the welcome": "",
    "goto": "...#4#",
    "goto, and it ends by itself": "...#4",
    "goto 12 of 4": "...#12#",
    "goto 5 of 4": "...#5#",
    "goto cancelled": "...#4*",
    "goto, nothing": "...#...........",
    "menu, silence": "...*....................",
    "menu, chapters": "...*1.......2",
    "menu, a wrong key": "...*7",
    "menu, numbers": "...*2.......1...........6.......1......4.....5",
    "numbers, silence": "...*2",
    "numbers, wrong key": "...*28",
    "help": "...0",
    "slower": "......7.....7....7",
    "faster": "......9.....9....9....7",
    "back and on": "..........1....3....3.......3",
    "back at the begin": "..1",
    "on past the end": "3333333",
    "restart": ".......2",
    "previous": "..4......6..4",
    "words and back": "........8........8",
    "words to their end": "........8",
    "words twice": "...8..8..8...6",
    "pause and on": ".....5..........5",
    "pause and another key": ".....5......1",
    "the end, and again": "6666.........................2",
    "the end, wrong keys": "6666................................3...5...6...1",
    "pause in the menu": "...*5",
    "zero in a number": "...#0",
    "zero later in a number": "...#10#",
    "zero before a number": "...#02#",
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_a_journey_is_that_of_the_embedded_line(exported: Export, way: str) -> None:
    both(exported(settings=NOBODY), pressed(way))


def test_the_leaflet_begins_with_no_key_pressed(exported: Export) -> None:
    heard = names(both(exported(settings=NOBODY), [], until=60_000))
    assert heard == [
        "emergency",
        "en/publisher",
        "en/title",
        "en/status",
        "keys",
        "en/normal/chapter-1",
        "en/normal/chapter-2",
        "en/normal/chapter-3",
    ]


def test_another_rate_goes_on_with_the_same_sentence(exported: Export) -> None:
    made = exported(settings=NOBODY)
    # Chapter 1 begins at 5 s; 9.5 s later its third sentence sounds, which starts at 8 s, and slowly at 9 s.
    heard = both(made, [(14_500, "7")], until=20_000)
    assert (heard[-1].sound, heard[-1].begin) == ("audioleaflet/books/one/en/slow/chapter-1", 9000)


@pytest.mark.parametrize("key", "123456789")
@pytest.mark.parametrize("at", [500, 2500, 4500])
def test_keys_act_in_the_welcome(exported: Export, key: str, at: int) -> None:
    both(exported(settings=NOBODY), [(at, key)], until=60_000)


@pytest.mark.parametrize("key", ["1", "3", "7", "9"])
def test_ten_seconds_and_rates_from_every_place(exported: Export, key: str) -> None:
    """Chapter 1 sounds from 5 s to 29 s; among the moments are those at which a sentence starts, and 1 ms beside."""
    made = exported(settings=NOBODY)
    for begin in range(5000, 29_000, 500):
        for at in (begin - 1, begin, begin + 1):
            both(made, [(at, key)], until=35_000)


def test_a_number_of_nine_digits_is_cut(exported: Export) -> None:
    both(exported(settings=NOBODY), pressed("#123456789#"), until=60_000)


def test_a_person_answers_or_nobody_does(exported: Export) -> None:
    made = exported(settings=PERSON)
    heard = both(made, [(9000, "0")], until=40_000, person=True)
    assert names(heard)[6:9] == ["connect", "no-answer", "going-on"]
    both(made, [(9000, "0"), (10_500, "5")], until=40_000, person=True)
    both(made, [(9000, "0"), (10_500, "*")], until=40_000, person=True)
    exchange = Exchange(made.plan, made.sounds, [(9000, "0")], until=40_000, answers=lambda _: True)
    assert names(said(exchange.run()))[-1] == "connect"
    assert exchange.dialled_out == ["Local/person@audioleaflet-out"]


def test_after_hours_there_is_help(exported: Export) -> None:
    made = exported(settings=PERSON)
    for hour, minute, told in ((17, 0, "closed"), (8, 59, "closed"), (9, 0, "connect"), (16, 59, "connect")):
        now = BEGIN.replace(tzinfo=None, hour=hour, minute=minute, second=0)
        exchange = Exchange(made.plan, made.sounds, [(9000, "0")], until=30_000, now=now)
        assert names(said(exchange.run()))[6] == told
    sunday = BEGIN.replace(tzinfo=None) - timedelta(days=1)
    assert "closed" in names(Exchange(made.plan, made.sounds, [(9000, "0")], until=30_000, now=sunday).run())


@pytest.mark.parametrize(
    ("state", "due", "told"),
    [
        ("unapproved", "", ["en/status"]),
        ("withdrawn", "", ["en/status"]),
        ("approved", "", []),
        ("approved", "2026-11-22", ["past-due"]),
        ("approved", "2026-11-23", []),
    ],
)
def test_its_state_is_told_right_after_the_title(exported: Export, state: str, due: str, told: list[str]) -> None:
    made = exported(catalogues.catalogue(catalogues.edition(state=state, review_due=due)), NOBODY)
    heard = names(both(made, [], until=HOUR // 4))
    assert heard[heard.index("en/title") + 1 : heard.index("keys")] == told


@pytest.mark.parametrize("way", ["", "..6", "..8", "....5..5", "..*", "..0", "2", "6", "..#0", "..#0#", "4", "3333333"])
def test_a_withdrawn_leaflet_is_only_told_of(exported: Export, way: str) -> None:
    both(exported(catalogues.catalogue(catalogues.edition(state="withdrawn")), NOBODY), pressed(way))


TWO = catalogues.catalogue(catalogues.edition("one/en"), catalogues.edition("two/en", number="2"))
SIX = catalogues.catalogue(
    *(catalogues.edition(f"leaflet-{number}/en", number=number) for number in ("1", "2", "3", "5", "14", "142"))
)
LANGUAGES = replace(
    catalogues.catalogue(
        catalogues.edition("one/en"), catalogues.edition("one/es", language="es"), dialled={"15550100": "es"}
    ),
    prompts={
        language: {name: catalogues.prompt(name, folder=f"phone/{language}") for name in catalogues.library_prompts()}
        for language in ("en-US", "es")
    },
)


@pytest.mark.parametrize("way", ["1", "2", "3", "0", "*", "*4", "*5", "*1", "#", "2......*4..1", "2...*4.......", ""])
def test_two_leaflets_are_offered_by_key(exported: Export, way: str) -> None:
    both(exported(TWO, NOBODY), pressed(way, first=4000), until=HOUR // 6)


@pytest.mark.parametrize(
    "way", ["1", "14#", "142#", "142", "9#", "1*", "10", "0", "0..........5#", "*", "#", "", "14#......*4..2#"]
)
def test_many_leaflets_are_chosen_by_number(exported: Export, way: str) -> None:
    both(exported(SIX, NOBODY), pressed(way, first=4000), until=HOUR // 6)


@pytest.mark.parametrize("way", ["1", "2", "3", "0", "*", "#", "", "2......*4...1"])
def test_each_language_is_offered_in_its_own(exported: Export, way: str) -> None:
    made = exported(LANGUAGES, NOBODY)
    heard = both(made, pressed(way, first=4500), until=HOUR // 6)
    assert [one.sound.split("/")[2] for one in heard[:4]] == ["en-us", "en-us", "es", "es"]


def test_the_number_dialled_decides_the_language(exported: Export) -> None:
    made = exported(LANGUAGES, NOBODY)
    for number, first in (("15550100", "es/emergency"), ("5550199", "en-us/language"), ("+15550100", "en-us/language")):
        heard = Exchange(made.plan, made.sounds, [], until=30_000, dialled=number).run()
        assert heard[0].sound == f"audioleaflet/prompts/{first}"


def test_every_chapter_is_reached_by_its_number(exported: Export) -> None:
    made = exported(catalogues.catalogue(catalogues.edition(chapters=12)), NOBODY)
    for number in range(1, 13):
        heard = both(made, pressed(f"#{number}#"), until=30_000)
        assert f"en/normal/chapter-{number}" in names(heard)


def test_a_paused_call_sends_silence_and_ends_after_ten_minutes(exported: Export) -> None:
    made = exported(settings=NOBODY)
    exchange = Exchange(made.plan, made.sounds, [(9000, "5")], until=HOUR)
    heard = exchange.run()
    assert exchange.hung_up
    assert names(said(heard))[-1] == "goodbye"
    assert names(said(heard)).count("still-paused") == 9
    # A sound is always going on: what begins does so at the end of what was before it.
    for before, after in pairwise(heard):
        length = (made.sounds / f"{before.sound}.ulaw").stat().st_size // 8 - before.begin
        assert after.at <= before.at + length


def test_a_minute_before_the_limit_any_key_goes_on(exported: Export) -> None:
    made = exported(settings=HotlineSettings.model_validate({"limits": {"minutes": 5}}))
    keys = [(9000, "5"), (241_500, "9")]
    exchange = Exchange(made.plan, made.sounds, keys, until=HOUR)
    heard = said(exchange.run())
    warned = next(one for one in heard if one.sound.endswith("time-limit"))
    after = heard[heard.index(warned) + 1 :]
    assert warned.at == 240_000
    assert names(after)[:2] == ["going-on", "en/normal/chapter-1"]
    assert exchange.hung_up
    assert names(heard)[-1] == "goodbye"
    assert names(heard).count("time-limit") == 1  # the leaflet ended before the second


def test_the_limit_in_a_sentence_begins_it_anew(exported: Export) -> None:
    made = exported(settings=HotlineSettings.model_validate({"limits": {"minutes": 5}}))
    keys = [(at, "2") for at in range(9000, 230_001, 13_000)] + [(241_500, "1")]
    heard = said(Exchange(made.plan, made.sounds, keys, until=260_000).run())
    at = next(place for place, one in enumerate(heard) if one.sound.endswith("time-limit"))
    # Key 2 at 230 s; the limit 10 s later, in the third sentence of four seconds.
    assert (heard[at - 1].at, heard[at - 1].begin) == (230_000, 0)
    assert (heard[at + 2].sound, heard[at + 2].begin) == (heard[at - 1].sound, 8000)


def test_nobody_who_says_nothing_at_the_limit_is_kept(exported: Export) -> None:
    made = exported(settings=HotlineSettings.model_validate({"limits": {"minutes": 5}}))
    keys = [(at, "2") for at in range(9000, 230_001, 13_000)]
    exchange = Exchange(made.plan, made.sounds, keys, until=HOUR)
    assert names(said(exchange.run()))[-4:] == ["time-limit"] * 3 + ["goodbye"]


def test_a_new_edition_is_told_to_those_who_listen(exported: Export, tmp_path: Path) -> None:
    made = exported(settings=NOBODY)
    new = on_disk(catalogues.catalogue(catalogues.edition(chapters=2, version="v2")), tmp_path / "newer")
    export(new, NOBODY, made.to, ("ulaw",))
    plan = parse((made.to / DIALPLAN).read_text(encoding="utf-8"))
    exchange = Exchange(plan, made.to / SOUNDS, [], until=60_000, variables={"AL_VERSION": "v1"})
    exchange.variables |= {"AL_CHAPTER": "4", "AL_CUE": "5", "AL_RATE": "normal", "AL_LEAD": ""}
    plan["audioleaflet"]["s"] = plan["audioleaflet-book-one-en-menu"]["5"]
    assert names(said(exchange.run()))[:2] == ["updated", "en/normal/chapter-1"]


KEYS = st.lists(st.tuples(st.integers(50, 15_000), st.sampled_from("0123456789*#")), max_size=25)


@pytest.fixture(scope="module")
def shelves(tmp_path_factory: pytest.TempPathFactory) -> list[Exported]:
    held: list[Exported] = []
    for number, shelf in enumerate((catalogues.catalogue(), TWO, SIX, LANGUAGES)):
        to = tmp_path_factory.mktemp(f"shelf{number}")
        placed = on_disk(shelf, to / "library")
        export(placed, NOBODY, to / "exchange", ("ulaw",))
        text = (to / "exchange" / DIALPLAN).read_text(encoding="utf-8")
        held.append(Exported(placed, to / "exchange", parse(text)))
    return held


@settings(max_examples=200, deadline=None)
@given(gaps=KEYS, which=st.integers(0, 3))
@example(gaps=[(6000, "8"), (3000, "*"), (400, "2"), (2500, "1"), (9000, "6")], which=0)
def test_any_keys_at_any_moments_sound_the_same(
    shelves: list[Exported], gaps: list[tuple[int, str]], which: int
) -> None:
    moments = accumulate(gap for gap, _ in gaps)
    both(shelves[which], list(zip(moments, (key for _, key in gaps), strict=True)), until=300_000)


def test_the_comparison_can_fail(exported: Export) -> None:
    made = exported(settings=NOBODY)
    table = made.plan["audioleaflet-book-one-en-table"]
    table["slow1"] = [table["normal1"][0]] * len(table["slow1"])
    with pytest.raises(AssertionError):
        both(made, pressed("......7.....7....7"))
