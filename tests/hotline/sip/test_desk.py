"""Places are asked for in a thread, and answered in that of the line."""

from __future__ import annotations

import asyncio
import threading
from datetime import UTC, date, datetime
from pathlib import Path

from audioleaflet.hotline.events import Found, Kept, Place
from audioleaflet.hotline.places import Places
from audioleaflet.hotline.sip.desk import PlacesDesk

PLACE = Place(edition="a/en", version="1", chapter=1, cue="c")
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Watched(Places):
    """Notes in which thread it is asked."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, now=lambda: NOW)
        self.threads: list[str] = []

    def keep(self, place: Place, day: date) -> str:  # type: ignore[override]  # the day is always given here
        assert day == NOW.date()
        self.threads.append(threading.current_thread().name)
        return super().keep(place, day)


def test_a_place_is_kept_and_found_without_holding_up_the_line(tmp_path: Path) -> None:
    places = Watched(tmp_path)

    async def scene() -> tuple[Kept, Found, list[str]]:
        loop = asyncio.get_running_loop()
        desk = PlacesDesk(loop, places, lambda: NOW)
        threads = []
        kept: asyncio.Future[Kept] = loop.create_future()
        found: asyncio.Future[Found] = loop.create_future()

        def answer(answered: Kept) -> None:
            threads.append(threading.current_thread().name)
            kept.set_result(answered)

        desk.keep(PLACE, answer)
        code = (await kept).code
        desk.find(code, found.set_result)
        result = await found
        desk.close()
        return kept.result(), result, threads

    kept, found, threads = asyncio.run(asyncio.wait_for(scene(), 5))
    assert len(kept.code) == 5
    assert found == Found(place=PLACE)
    assert places.threads[0].startswith("places")
    assert threads == [threading.current_thread().name]
