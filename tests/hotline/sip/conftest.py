"""What tests of the line stand on: a line in operation, an agent on a bench, a telephone, ports."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.hotline.shelves import write_library
from tests.hotline.sip.caller import Caller
from tests.hotline.sip.hotlines import Hotline, hotline
from tests.hotline.sip.offices import Bench, closed

from audioleaflet.hotline.shelf import Loaded, Shelf
from audioleaflet.settings import packaged_content, read_settings


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hotline]:
    """One line for all tests that change nothing of it."""
    with hotline(tmp_path_factory.mktemp("line")) as opened:
        yield opened


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    library = write_library(tmp_path_factory.mktemp("agent"))
    shelf = Shelf(library, read_settings(packaged_content() / "library.yaml"), lambda _fault: None)
    shelf.refresh()
    found = shelf.current()
    assert found is not None
    return found


@pytest.fixture
def bench(loaded: Loaded) -> Iterator[Bench]:
    made = Bench(loaded)
    yield made
    closed(made)


@pytest.fixture
def caller() -> Iterator[Caller]:
    with Caller(("127.0.0.1", 5060)) as made:
        yield made
        made.to_tag = ""
