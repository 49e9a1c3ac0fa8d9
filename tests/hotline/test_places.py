"""Places to come back to: codes are random, go after thirty days, are hard to guess, and never stop a call."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from audioleaflet.hotline import places as module
from audioleaflet.hotline.events import Found, Place
from audioleaflet.hotline.places import DAYS, WRONG_AN_HOUR, Places

DAY = date(2026, 3, 1)
PLACE = Place(edition="small/en", version="0" * 64, chapter=2, cue="2-c1")
REFUSED = Found(place=None, refused=True)
UNKNOWN = Found(place=None)


class Clock:
    def __init__(self) -> None:
        self.moment = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def go(self, **amount: float) -> None:
        self.moment += timedelta(**amount)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def places(tmp_path: Path, clock: Clock, told: list[str]) -> Places:
    return Places(tmp_path / "state", message=told.append, now=clock)


def rows(places: Places) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(places.file)) as database:
        return database.execute("SELECT * FROM place").fetchall()


def works(places: Places) -> bool:
    return places.works


def test_a_place_is_found_again_under_its_code(places: Places) -> None:
    code = places.keep(PLACE, DAY)
    assert len(code) == 5
    assert set(code) <= set("123456789")
    assert places.find(code) == Found(place=PLACE)
    assert places.find(code) == Found(place=PLACE), "it can be used again"
    other = places.keep(PLACE, DAY)
    assert other != code


def test_another_program_run_finds_it_too(places: Places, clock: Clock) -> None:
    code = places.keep(PLACE)
    assert Places(places.file.parent, now=clock).find(code) == Found(place=PLACE)


def test_a_row_holds_nothing_of_a_caller(places: Places) -> None:
    code = places.keep(PLACE, DAY)
    assert rows(places) == [(code, "small/en", "0" * 64, 2, "2-c1", "2026-03-31")]


def test_nobody_else_on_the_computer_may_read_it(places: Places) -> None:
    mask = os.umask(0)
    try:
        places.keep(PLACE, DAY)
    finally:
        os.umask(mask)
    assert places.file.stat().st_mode & 0o777 == 0o600
    assert places.file.parent.stat().st_mode & 0o777 == 0o700


def test_it_is_good_for_thirty_days_and_then_gone(places: Places, clock: Clock) -> None:
    code = places.keep(PLACE, DAY)
    clock.go(days=DAYS)
    assert places.find(code) == Found(place=PLACE)
    clock.go(days=1)
    assert places.find(code) == UNKNOWN
    assert rows(places) == []


def test_expired_places_go_when_a_new_one_comes(places: Places) -> None:
    old = places.keep(PLACE, DAY)
    new = places.keep(PLACE, DAY + timedelta(days=31))
    assert [row[0] for row in rows(places)] == [new] != [old]


def test_a_code_that_is_taken_is_not_given_twice(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter("11111" + "11111" + "11112")
    monkeypatch.setattr("secrets.choice", lambda _: next(drawn))
    assert places.keep(PLACE, DAY) == "11111"
    assert places.keep(PLACE, DAY) == "11112"


def test_codes_are_drawn_from_all_digits_and_never_alike(places: Places) -> None:
    codes = [places.keep(PLACE, DAY) for _ in range(60)]
    assert len(set(codes)) == 60
    assert {digit for code in codes for digit in code} == set("123456789")


def test_no_more_than_a_tenth_of_all_codes_is_in_use(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    assert module.MOST * 10 <= 9**5
    monkeypatch.setattr(module, "MOST", 2)
    assert places.keep(PLACE, DAY)
    assert places.keep(PLACE, DAY)
    assert places.keep(PLACE, DAY) == ""
    assert works(places)
    assert places.keep(PLACE, DAY + timedelta(days=31)), "those that expire make room"


def test_wrong_codes_are_limited_an_hour_and_right_ones_are_not(places: Places, clock: Clock) -> None:
    code = places.keep(PLACE, DAY)
    wrong = "11111" if code != "11111" else "22222"
    for _ in range(WRONG_AN_HOUR):
        assert places.find(code) == Found(place=PLACE)
        assert places.find(wrong) == UNKNOWN
        clock.go(seconds=1)
    assert places.find(wrong) == REFUSED
    assert places.find(code) == REFUSED, "or the refusal would tell which codes are good"
    clock.go(seconds=3600 - WRONG_AN_HOUR)
    assert places.find(code) == Found(place=PLACE), "the first wrong one was an hour ago"
    assert places.find(wrong) == UNKNOWN
    assert places.find(code) == REFUSED


def test_new_codes_are_limited_an_hour(places: Places, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEPT_AN_HOUR", 5)
    codes = {places.keep(PLACE) for _ in range(5)}
    assert "" not in codes
    assert places.keep(PLACE) == ""
    assert all(places.find(code) == Found(place=PLACE) for code in codes), "those that were given hold"
    clock.go(seconds=3600)
    assert places.keep(PLACE) != ""


@pytest.mark.parametrize("code", ["", "1234", "123456", "'; DROP TABLE place; --", "１２３４５"])
def test_what_is_no_code_is_not_found(places: Places, code: str) -> None:
    kept = places.keep(PLACE, DAY)
    assert places.find(code) == UNKNOWN
    assert places.find(kept) == Found(place=PLACE)


def in_the_way(places: Places) -> Callable[[], None]:
    places.file.parent.write_bytes(b"")
    return places.file.parent.unlink


def a_folder(places: Places) -> Callable[[], None]:
    places.file.mkdir(parents=True)
    return places.file.rmdir


def locked(places: Places) -> Callable[[], None]:
    places.check()
    other = sqlite3.connect(places.file, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    return other.close


@pytest.mark.parametrize("fault", [in_the_way, a_folder, locked])
def test_a_database_that_cannot_be_used_turns_codes_off_until_it_can(
    places: Places, told: list[str], fault: Callable[[Places], Callable[[], None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_BUSY_S", 0.05)
    mend = fault(places)
    assert places.keep(PLACE, DAY) == ""
    assert places.find("11111") == REFUSED
    assert not places.check()
    assert not works(places)
    assert len(told) == 1
    assert told[0].startswith(f"codes to come back with are off: {places.file} cannot be used: ")
    assert told[0].endswith("let this user write there, with room on the disk, or name another folder with --state")
    mend()
    code = places.keep(PLACE, DAY)
    assert places.find(code) == Found(place=PLACE)
    assert works(places)
    assert told[1:] == ["codes to come back with work again"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written(places: Places) -> None:
    places.file.parent.mkdir(mode=0o500)
    assert places.keep(PLACE, DAY) == ""
    places.file.parent.chmod(0o700)
    assert places.keep(PLACE, DAY)


@pytest.mark.parametrize("damage", [b"not a database at all, " * 100, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_damaged_database_is_put_aside_and_codes_work_again(places: Places, told: list[str], damage: bytes) -> None:
    code = places.keep(PLACE, DAY)
    places.file.write_bytes(damage)
    assert places.find(code) == REFUSED
    assert not works(places)
    assert places.keep(PLACE, DAY)
    assert works(places)
    assert len(told) == 2
    assert places.file.with_name("places.sqlite3.damaged").read_bytes()[:50] == damage[:50]


def test_codes_are_never_told(places: Places, told: list[str]) -> None:
    code = places.keep(PLACE, DAY)
    places.file.write_bytes(b"x" * 5000)
    places.find(code)
    assert code not in " ".join(told)


def test_callers_at_once(places: Places) -> None:
    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(lambda _: places.keep(PLACE, DAY), range(64)))
        assert len(set(codes)) == 64
        assert all(found.place == PLACE for found in pool.map(places.find, codes))
    assert works(places)


def test_two_programs_at_once(places: Places, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("audioleaflet.hotline.places._BUSY_S", 30.0)  # the disk of a busy machine takes its time
    other = Places(places.file.parent, now=clock)
    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(lambda n: (places, other)[n % 2].keep(PLACE, DAY), range(64)))
    assert len(set(codes)) == 64
    assert "" not in codes


def test_no_file_stays_open(places: Places) -> None:
    places.check()
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(20):
        places.find(places.keep(PLACE, DAY))
    assert len(list(Path("/proc/self/fd").iterdir())) == before
