"""A request that comes again gets the answer that it got."""

from __future__ import annotations

import asyncio

import pytest

from audioleaflet.hotline.twilio.replays import Replays


class Maker:
    def __init__(self, *, fails: bool = False) -> None:
        self.made = 0
        self.fails = fails

    async def __call__(self) -> bytes:
        self.made += 1
        await asyncio.sleep(0)
        if self.fails:
            raise LookupError
        return f"{self.made}".encode()


async def asked_of(replays: Replays, make: Maker, *asked: str) -> bytes:
    return await replays.once(asked, make)


def test_it_is_made_once_also_when_it_is_asked_at_the_same_time() -> None:
    make, replays = Maker(), Replays()

    async def run() -> list[bytes]:
        both = await asyncio.gather(asked_of(replays, make, "a", "b"), asked_of(replays, make, "a", "b"))
        return [*both, await asked_of(replays, make, "a", "b"), await asked_of(replays, make, "ab")]

    assert asyncio.run(run()) == [b"1", b"1", b"1", b"2"]


def test_it_is_made_to_its_end_when_the_one_who_asked_has_gone() -> None:
    make, replays = Maker(), Replays()

    async def run() -> bytes:
        first = asyncio.create_task(asked_of(replays, make, "a"))
        while not make.made:
            await asyncio.sleep(0)
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        return await asked_of(replays, make, "a")

    assert asyncio.run(run()) == b"1"
    assert make.made == 1


def test_a_fault_is_not_kept() -> None:
    make, replays = Maker(fails=True), Replays()

    async def run() -> bytes:
        with pytest.raises(LookupError):
            await asked_of(replays, make, "a")
        make.fails = False
        return await asked_of(replays, make, "a")

    assert asyncio.run(run()) == b"2"


def test_answers_are_forgotten_after_two_minutes_and_there_are_not_too_many() -> None:
    moment = [0.0]
    make, replays = Maker(), Replays(clock=lambda: moment[0])

    async def run() -> None:
        for number in range(5000):
            await asked_of(replays, make, str(number))
        assert len(replays._made) <= 4096
        moment[0] = 121.0
        await asked_of(replays, make, "new")
        assert len(replays._made) == 1

    asyncio.run(run())
