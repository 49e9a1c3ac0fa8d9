"""Callers on the exchange hear what callers on the embedded line hear: the dialplan run beside ``Call``."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import accumulate, pairwise
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.hotline import catalogues
from tests.hotline.asterisk.conftest import Export, Exported, on_disk
from tests.hotline.asterisk.dialplan import parse
from tests.hotline.asterisk.embedded import HOUR, NOBODY, PERSON, both, names, pressed, said
from tests.hotline.asterisk.running import Exchange
from tests.hotline.caller import BEGIN

from audioleaflet.hotline.asterisk.export import DIALPLAN, SOUNDS, export
from audioleaflet.hotline.catalogue import Catalogue
from audioleaflet.settings import HotlineSettings

WAYS = {
    "straight through": "",
    "6": "....6",
    "6 in the welcome": "",
    "goto": "...#4#",
    "goto, and it ends by itself": "...#4",
    "goto 12 of 4": "...#12#",
    "goto, and hash late": "...#4..#..6",
    "goto, and hash later": "...#4...#..6",
    "goto, and two hashes": "...#4##...#2..##",
    "goto 5 of 4, and hash": "...#5#....#...",
    "goto, and a key at once": "...#32......#31....#3*",
    "words, and previous": "..........8.....4",
    "words, and previous with none left": "4..8...4",
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
    "words, and next": "..........8.....6",
    "words, and on past their end": "..........8..3..3..3",
    "words with none left": "4..8...#2#..8...*5....6....6",
    "words, paused, and next": "......8....5..6",
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
def test_a_journey_is_that_of_the_embedded_line(shared: Export, way: str) -> None:
    both(shared(settings=NOBODY), pressed(way))


def test_the_leaflet_begins_with_no_key_pressed(shared: Export) -> None:
    heard = names(both(shared(settings=NOBODY), [], until=60_000))
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


def test_another_rate_goes_on_with_the_same_sentence(shared: Export) -> None:
    made = shared(settings=NOBODY)
    # Chapter 1 begins at 5 s; 9.5 s later its third sentence sounds, which starts at 8 s, and slowly at 9 s.
    heard = both(made, [(14_500, "7")], until=20_000)
    assert (heard[-1].sound, heard[-1].begin) == ("audioleaflet/books/one/en/slow/chapter-1", 9000)


@pytest.mark.parametrize("key", "123456789")
@pytest.mark.parametrize("at", [500, 2500, 4500])
def test_keys_act_in_the_welcome(shared: Export, key: str, at: int) -> None:
    both(shared(settings=NOBODY), [(at, key)], until=60_000)


@pytest.mark.parametrize("key", ["1", "3", "7", "9"])
def test_ten_seconds_and_rates_from_every_place(shared: Export, key: str) -> None:
    """Chapter 1 sounds from 5 s to 29 s; among the moments are those at which a sentence starts, and 1 ms beside."""
    made = shared(settings=NOBODY)
    for begin in range(5000, 29_000, 500):
        for at in (begin - 1, begin, begin + 1):
            both(made, [(at, key)], until=35_000)


def test_a_number_of_nine_digits_is_cut(shared: Export) -> None:
    both(shared(settings=NOBODY), pressed("#123456789#"), until=60_000)


def test_a_person_answers_or_nobody_does(shared: Export) -> None:
    made = shared(settings=PERSON)
    heard = both(made, [(9000, "0")], until=40_000, by=PERSON)
    assert names(heard)[6:9] == ["connect", "no-answer", "going-on"]
    both(made, [(9000, "0"), (10_500, "5")], until=40_000, by=PERSON)
    heard = both(made, [(9000, "0"), (10_500, "*")], until=40_000, by=PERSON)
    assert names(heard)[-4:] == ["menu-keys", "menu-person", "going-on", "en/normal/chapter-1"]
    exchange = Exchange(made.plan, made.sounds, [(9000, "0")], until=40_000, answers=lambda _: True)
    assert names(said(exchange.run()))[-1] == "connect"
    assert exchange.dialled_out == ["Local/person@audioleaflet-out"]


def test_after_hours_there_is_help(shared: Export) -> None:
    made = shared(settings=PERSON)
    for hour, minute, told in ((17, 0, "closed"), (8, 59, "closed"), (9, 0, "connect"), (16, 59, "connect")):
        now = BEGIN.replace(tzinfo=None, hour=hour, minute=minute, second=0)
        exchange = Exchange(made.plan, made.sounds, [(9000, "0")], until=30_000, now=now)
        assert names(said(exchange.run()))[6] == told
    sunday = BEGIN.replace(tzinfo=None) - timedelta(days=1)
    assert "closed" in names(Exchange(made.plan, made.sounds, [(9000, "0")], until=30_000, now=sunday).run())


@pytest.mark.parametrize("way", ["*", "*7", "*........7", "*.......0", "*6"])
@pytest.mark.parametrize(("hour", "told"), [(12, "menu-person"), (18, "menu-help")])
def test_the_menu_tells_of_a_person_at_their_hours_and_of_the_keys(
    shared: Export, hour: int, told: str, way: str
) -> None:
    begin = BEGIN.replace(hour=hour)
    heard = names(both(shared(settings=PERSON), pressed(way), until=60_000, by=PERSON, begin=begin))
    assert [name for name in heard if name in ("menu-person", "menu-help")] == [told] * (way != "*7")
    assert ("help" in heard) == ("7" in way or ("0" in way and hour == 18))


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
def test_its_state_is_told_right_after_the_title(shared: Export, state: str, due: str, told: list[str]) -> None:
    made = shared(catalogues.catalogue(catalogues.edition(state=state, review_due=due)), NOBODY)
    heard = names(both(made, [], until=HOUR // 4))
    keys = "keys-of-one" if state == "withdrawn" else "keys"
    assert heard[heard.index("en/title") + 1 : heard.index(keys)] == told


def test_one_chapter_has_no_others_to_change_to(shared: Export) -> None:
    made = shared(catalogues.catalogue(catalogues.edition(chapters=1)), NOBODY)
    heard = names(both(made, pressed("....8..6..8..3333"), until=HOUR // 6))
    assert heard[4] == "keys-of-one"
    assert heard.count("to-the-leaflet") == 2


@pytest.mark.parametrize(
    "way",
    ["", "..6", "..8", ".......8", "....5..8", "....5..5", "..*", "..0", "2", "6", "..#0", "..#0#", "4", "3333333"],
)
def test_a_withdrawn_leaflet_is_only_told_of(shared: Export, way: str) -> None:
    both(shared(catalogues.catalogue(catalogues.edition(state="withdrawn")), NOBODY), pressed(way))


TWO = catalogues.catalogue(catalogues.edition("one/en"), catalogues.edition("two/en", number="2"))
SIX = catalogues.catalogue(
    *(catalogues.edition(f"leaflet-{number}/en", number=number) for number in ("1", "2", "3", "5", "14", "142"))
)
LANGUAGES = replace(
    catalogues.in_their_own(catalogues.edition("one/en"), catalogues.edition("one/es", language="es")),
    dialled={"15550100": "es"},
)
MIXED = catalogues.in_their_own(
    catalogues.edition("one/en"),
    catalogues.edition("one/es", language="es"),
    *(catalogues.edition(f"{number}/es", language="es", number=number) for number in ("2", "31", "32", "5")),
    catalogues.edition("one/fr", language="fr"),
    catalogues.edition("two/fr", language="fr", number="2"),
)
FIVE = catalogues.in_their_own(
    *(catalogues.edition(f"one/{tag}", language=tag) for tag in ("en-US", "es", "fr", "de", "it"))
)


@pytest.mark.parametrize(
    "way",
    [
        *("1", "2", "3", "0", "*", "*4", "*5", "*1", "#", "2......*4..1", "2...*4.......", ""),
        *("1......*4..5", "1......*4..1", "1......*4..*5", "1......*4..0", "1......*4..7", "1......*4..#", "*0"),
    ],
)
def test_two_leaflets_are_offered_by_key(shared: Export, way: str) -> None:
    both(shared(TWO, NOBODY), pressed(way, first=4000), until=HOUR // 6)


@pytest.mark.parametrize(
    "way",
    [
        *("1", "14#", "142#", "142", "9#", "1*", "10", "0", "0..........5#", "*", "#", "", "14#......*4..2#"),
        *("14#......*4..*", "14#......*4..5*", "14#......*4..14#", "14#......*4..0.......*", "14#......*4", "*0", "*4"),
    ],
)
def test_many_leaflets_are_chosen_by_number(shared: Export, way: str) -> None:
    both(shared(SIX, NOBODY), pressed(way, first=4000), until=HOUR // 6)


@pytest.mark.parametrize(
    "way",
    [
        *("1", "2", "3", "0", "*", "#", "", "2......*4...1", "2......*4...1......*4..2", "1......*4.....1"),
        *("1......*4.....5", "1......*4.....*5", "1......*4.....0", "1......*4", "1......*4....7"),
    ],
)
def test_each_language_is_offered_in_its_own(shared: Export, way: str) -> None:
    made = shared(LANGUAGES, NOBODY)
    heard = both(made, pressed(way, first=4500), until=HOUR // 6)
    assert [one.sound.split("/")[2] for one in heard[:4]] == ["en-us", "en-us", "es", "es"]


@pytest.mark.parametrize(
    "way",
    [
        *(
            "2..5#......*4....1......*4....2...31#",
            "2...*4....3..2....*4...3..5",
            "3..2.....*4...2..*",
            "2...*4...*",
            "2..0",
        ),
        *("3.......*4...0", "3...*0", "1....*4...2...5#....*4...2..5#"),
    ],
)
def test_of_several_languages_with_several_leaflets(shared: Export, way: str) -> None:
    both(shared(MIXED, NOBODY), pressed(way, first=6500), until=HOUR // 6)


@pytest.mark.parametrize("way", ["5......*4.......5", "5......*4.......*", "5......*4", "1......*4.......5", "*", "7"])
def test_of_five_languages_the_star_goes_back(shared: Export, way: str) -> None:
    both(shared(FIVE, NOBODY), pressed(way, first=11_000), until=HOUR // 6)


@pytest.mark.parametrize("hour", [12, 18])
@pytest.mark.parametrize(
    "way",
    ["0", "0..5", "0..*", "0.1", "0....0", "1......*4..0", "1......*4..0..5", "1......*4..0..*", "1......*4..2..0"],
)
@pytest.mark.parametrize("shelf", [TWO, SIX, LANGUAGES, MIXED], ids=["two", "six", "languages", "mixed"])
def test_a_person_before_a_leaflet_is_chosen(shared: Export, shelf: Catalogue, way: str, hour: int) -> None:
    begin = BEGIN.replace(hour=hour)
    both(shared(shelf, PERSON), pressed(way, first=6500), until=100_000, by=PERSON, begin=begin)


def test_the_number_dialled_decides_the_language(shared: Export) -> None:
    made = shared(LANGUAGES, NOBODY)
    for number, first in (("15550100", "es/emergency"), ("5550199", "en-us/language"), ("+15550100", "en-us/language")):
        heard = Exchange(made.plan, made.sounds, [], until=30_000, dialled=number).run()
        assert heard[0].sound == f"audioleaflet/prompts/{first}"


@pytest.mark.parametrize("later_s", [0.5, 1.5, 2.9, 3.1])
def test_a_slow_hand_may_end_a_number_after_the_line_has(shared: Export, later_s: float) -> None:
    """The number is whole after 3 s, and read back in 1 s; then the # has 2 s more."""
    made = shared(catalogues.catalogue(catalogues.edition(chapters=12)), NOBODY)
    keys = [*pressed("...#1"), (round(pressed("...#1")[-1][0] + 3000 + later_s * 1000), "#")]
    heard = names(both(made, keys, until=60_000))
    assert heard.count("which-chapter") == 1 + (later_s > 3)


def test_every_chapter_is_reached_by_its_number(shared: Export) -> None:
    made = shared(catalogues.catalogue(catalogues.edition(chapters=12)), NOBODY)
    for number in range(1, 13):
        heard = both(made, pressed(f"#{number}#"), until=30_000)
        assert f"en/normal/chapter-{number}" in names(heard)


def test_a_paused_call_sends_silence_and_ends_after_ten_minutes(shared: Export) -> None:
    made = shared(settings=NOBODY)
    exchange = Exchange(made.plan, made.sounds, [(9000, "5")], until=HOUR)
    heard = exchange.run()
    assert exchange.hung_up
    assert names(said(heard))[-1] == "goodbye"
    assert names(said(heard)).count("still-paused") == 9
    # A sound is always going on: what begins does so at the end of what was before it.
    for before, after in pairwise(heard):
        length = (made.sounds / f"{before.sound}.ulaw").stat().st_size // 8 - before.begin
        assert after.at <= before.at + length


def test_a_minute_before_the_limit_any_key_goes_on(shared: Export) -> None:
    made = shared(settings=HotlineSettings.model_validate({"limits": {"minutes": 5}}))
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


def test_the_limit_in_a_sentence_begins_it_anew(shared: Export) -> None:
    made = shared(settings=HotlineSettings.model_validate({"limits": {"minutes": 5}}))
    keys = [(at, "2") for at in range(9000, 230_001, 13_000)] + [(241_500, "1")]
    heard = said(Exchange(made.plan, made.sounds, keys, until=260_000).run())
    at = next(place for place, one in enumerate(heard) if one.sound.endswith("time-limit"))
    # Key 2 at 230 s; the limit 10 s later, in the third sentence of four seconds.
    assert (heard[at - 1].at, heard[at - 1].begin) == (230_000, 0)
    assert (heard[at + 2].sound, heard[at + 2].begin) == (heard[at - 1].sound, 8000)


def test_nobody_who_says_nothing_at_the_limit_is_kept(shared: Export) -> None:
    made = shared(settings=HotlineSettings.model_validate({"limits": {"minutes": 5}}))
    keys = [(at, "2") for at in range(9000, 230_001, 13_000)]
    exchange = Exchange(made.plan, made.sounds, keys, until=HOUR)
    assert names(said(exchange.run()))[-4:] == ["time-limit", *["time-limit-again"] * 2, "goodbye"]


def test_before_a_leaflet_is_chosen_the_limit_is_told_as_often(shared: Export) -> None:
    made = shared(TWO, HotlineSettings.model_validate({"limits": {"minutes": 5}}))
    keys = [(at, "#") for at in range(9000, 239_001, 5000)]
    exchange = Exchange(made.plan, made.sounds, keys, until=HOUR)
    assert names(said(exchange.run()))[-4:] == ["time-limit", *["time-limit-again"] * 2, "goodbye"]
    assert exchange.hung_up


@pytest.mark.parametrize(
    ("state", "due", "told"),
    [
        ("unapproved", "", ["updated", "en/title", "en/status", "en/normal/chapter-1"]),
        ("approved", "", ["updated", "en/title", "en/normal/chapter-1"]),
        ("approved", "2026-11-22", ["updated", "en/title", "past-due", "en/normal/chapter-1"]),
        ("approved", "2026-11-23", ["updated", "en/title", "en/normal/chapter-1"]),
        ("withdrawn", "", ["en/title", "en/status", "en/normal/chapter-0"]),
    ],
)
def test_a_new_edition_is_told_to_those_who_listen(
    shared: Export, tmp_path: Path, state: str, due: str, told: list[str]
) -> None:
    made = shared(settings=NOBODY)
    edition = catalogues.edition(chapters=2, version="v2", state=state, review_due=due)
    new = on_disk(catalogues.catalogue(edition), tmp_path / "newer")
    export(new, NOBODY, made.to, ("ulaw",))
    plan = parse((made.to / DIALPLAN).read_text(encoding="utf-8"))
    exchange = Exchange(plan, made.to / SOUNDS, [], until=60_000, variables={"AL_VERSION": "v1"})
    exchange.variables |= {"AL_CHAPTER": "4", "AL_CUE": "5", "AL_RATE": "normal", "AL_LEAD": ""}
    plan["audioleaflet"]["s"] = plan["audioleaflet-book-one-en-menu"]["5"]
    assert names(said(exchange.run()))[: len(told)] == told


SHELVES = (
    (catalogues.catalogue(), NOBODY),
    (TWO, NOBODY),
    (SIX, NOBODY),
    (LANGUAGES, NOBODY),
    (MIXED, NOBODY),
    (MIXED, PERSON),
    (FIVE, NOBODY),
    (TWO, PERSON),
    (SIX, PERSON),
    (catalogues.catalogue(), PERSON),
    (catalogues.catalogue(catalogues.edition(state="withdrawn")), NOBODY),
)
KEYS = st.lists(st.tuples(st.integers(50, 15_000), st.sampled_from("0123456789*#")), max_size=25)


@pytest.fixture(scope="module")
def shelves(tmp_path_factory: pytest.TempPathFactory) -> list[Exported]:
    held: list[Exported] = []
    for number, (shelf, by) in enumerate(SHELVES):
        to = tmp_path_factory.mktemp(f"shelf{number}")
        placed = on_disk(shelf, to / "library")
        export(placed, by, to / "exchange", ("ulaw",))
        text = (to / "exchange" / DIALPLAN).read_text(encoding="utf-8")
        held.append(Exported(placed, to / "exchange", parse(text)))
    return held


@settings(max_examples=200, deadline=None)
@given(gaps=KEYS, which=st.integers(0, len(SHELVES) - 1))
@example(gaps=[(12_000, "0"), (50, "3")], which=3)
@example(gaps=[(6000, "8"), (3000, "*"), (400, "2"), (2500, "1"), (9000, "6")], which=0)
def test_any_keys_at_any_moments_sound_the_same(
    shelves: list[Exported], gaps: list[tuple[int, str]], which: int
) -> None:
    moments = accumulate(gap for gap, _ in gaps)
    keys = list(zip(moments, (key for _, key in gaps), strict=True))
    both(shelves[which], keys, until=300_000, by=SHELVES[which][1])


def test_the_comparison_can_fail(exported: Export) -> None:
    made = exported(settings=NOBODY)
    table = made.plan["audioleaflet-book-one-en-table"]
    table["slow1"] = [table["normal1"][0]] * len(table["slow1"])
    with pytest.raises(AssertionError):
        both(made, pressed("......7.....7....7"))
