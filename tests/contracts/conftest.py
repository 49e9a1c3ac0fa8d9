from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.contracts.google import GoogleServer

from audioleaflet.errors import Origin
from audioleaflet.script.model import Span, Utterance
from audioleaflet.units import Ms

Speakable = Callable[..., Utterance]


@pytest.fixture
def google() -> Iterator[GoogleServer]:
    """Google's speech service, as far as an engine can tell."""
    with GoogleServer() as server:
        yield server


@pytest.fixture
def utterance() -> Speakable:
    """Makes an utterance of spans."""

    def make(*spans: Span, identifier: str = "u-7") -> Utterance:
        return Utterance(
            id=identifier,
            kind="sentence",
            role="text",
            shown="",
            spoken=spans,
            pause_after=Ms(0),
            origin=Origin(path=Path("leaflet.yaml"), line=1),
        )

    return make
