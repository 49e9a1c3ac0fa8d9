"""The line as a command runs it: what it does besides answering calls."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from audioleaflet.hotline import running
from audioleaflet.hotline.places import Places


def works(places: Places) -> bool:
    return places.works


def test_a_database_that_failed_is_tried_again_though_no_caller_asks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "_CHECK_EVERY_S", 0.01)
    told: list[str] = []
    places = Places(tmp_path / "state", message=told.append)
    places.file.parent.write_bytes(b"in the way")
    assert not places.check()

    async def wait() -> None:
        trying = asyncio.create_task(running.tried_again(places))
        await asyncio.sleep(0.1)
        assert not works(places)
        assert len(told) == 1
        places.file.parent.unlink()
        async with asyncio.timeout(10):
            while not works(places):
                await asyncio.sleep(0.01)
        trying.cancel()

    asyncio.run(wait())
    assert told[1:] == ["codes to come back with work again"]
