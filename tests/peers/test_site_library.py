"""The library page in a real Chromium: its search, a review date that goes by, and how it does without script."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from tests.peers.conftest import require
from tests.peers.site_server import served
from tests.publish.conftest import write_sample
from tests.publish.site.conftest import LIBRARY, TODAY, approved

from audioleaflet.publish.site import Listed, write_assets, write_library_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.peer

TITLES = ["Épilepsie", "Épilepsie chez l'enfant", *(f"Leaflet {number}" for number in range(1, 11))]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    program = require("chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A library of twelve leaflets; the last was approved until the day after the page was written."""
    output = tmp_path_factory.mktemp("library")
    books = [write_sample().model_copy(update={"title": title}) for title in TITLES]
    books[-1] = approved(books[-1], TODAY.isoformat())
    editions = [Listed(book=book, path=f"leaflet-{number}/en") for number, book in enumerate(books)]
    write_library_page(editions, output, LIBRARY, today=TODAY)
    write_assets(output)
    with served(output) as root:
        yield f"{root}/"


def opened(browser: Browser, address: str, *, script: bool = True, now: str = "2026-11-22T12:00:00") -> Page:
    page = browser.new_page(java_script_enabled=script)
    page.on("pageerror", lambda error: pytest.fail(f"the page's script failed: {error}"))
    page.on("request", lambda request: inside(request.url, address))
    page.clock.set_fixed_time(now)
    page.goto(address)
    return page


def inside(url: str, address: str) -> None:
    assert url.startswith(address), f"the page asked for {url}"


@pytest.mark.parametrize(
    ("typed", "titles", "told"),
    [
        ("EPILEPSIE", TITLES[:2], "2 leaflets found"),
        ("enfant épil", TITLES[1:2], "1 leaflet found"),
        ("nothing like it", [], "No leaflet found"),
        (" ", TITLES, ""),
    ],
)
def test_the_search_finds_titles(browser: Browser, address: str, typed: str, titles: list[str], told: str) -> None:
    page = opened(browser, address)
    page.get_by_role("searchbox", name="Search by title").fill(typed)
    assert page.get_by_role("heading", level=2).all_text_contents() == titles
    assert page.get_by_role("status").text_content() == told
    page.close()


@pytest.mark.parametrize(("now", "past"), [("2026-11-22T23:59:00", False), ("2026-11-23T00:01:00", True)])
def test_a_review_date_that_goes_by_is_told(browser: Browser, address: str, now: str, past: bool) -> None:
    page = opened(browser, address, now=now)
    assert page.get_by_text("This leaflet is past its review date.").is_visible() is past
    page.close()


def test_without_script_all_is_there_but_the_search(browser: Browser, address: str) -> None:
    page = opened(browser, address, script=False)
    assert page.get_by_role("searchbox").count() == 0
    assert page.get_by_role("heading", level=2).count() == len(TITLES)
    page.close()
