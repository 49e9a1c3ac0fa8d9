"""The real leaflet's page as a visitor has it, in a real Chromium: fixtures and helpers of the tests of the page."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.conftest import Made
from tests.peers.site_server import served

from audioleaflet.book.model import Book, Cue
from audioleaflet.publish.site import Library, write_assets, write_edition_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

NEAR = 0.3  # seconds
AT = "document.getElementById('audio').currentTime"
PAUSED = "document.getElementById('audio').paused"
MARKED = "document.querySelector('.now')?.id"
TOLD = "document.getElementById('told').textContent"


@dataclass(frozen=True, slots=True)
class Site:
    """The real leaflet's page, served."""

    root: str
    book: Book
    folder: Path

    @property
    def page(self) -> str:
        return f"{self.root}/{self.book.slug}/en/index.html"

    @property
    def edition(self) -> str:
        return self.book.script_sha256[:8]

    def name(self, cue: str) -> str:
        return f"{cue}-{self.edition}"

    def begin(self, cue: str) -> float:
        """When the words of a cue begin, in seconds from the book's start."""
        return next(
            (chapter.start_ms + one.speech_begin_ms) / 1000
            for chapter in self.book.chapters
            for one in chapter.cues
            if one.id == cue
        )


@pytest.fixture(scope="module")
def site(real: Made, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    output = tmp_path_factory.mktemp("site")
    folder = output / real.book.slug / "en"
    shutil.copytree(real.folder, folder)
    (folder / "index.html").unlink(missing_ok=True)
    library = Library(title="Leaflets", publisher="Test Trust", base_url="", telephone="")
    write_edition_page(real.book, folder, library, today=date(2026, 1, 2))
    write_assets(output)
    with served(output) as root:
        yield Site(root, real.book, folder)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright
    from tests.peers.conftest import require

    program = require("chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield opened
        opened.close()


Open = Callable[..., "Page"]


@pytest.fixture
def visit(browser: Browser, site: Site) -> Iterator[Open]:
    """Open the page as one new visitor. Errors, other hosts and cookies fail the test; ``expected`` errors do not."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []
    foreseen: list[str] = []

    def opened(fragment: str = "", script: str = "", expected: str = "", clock: bool = False, **options: Any) -> Page:
        context = browser.new_context(viewport={"width": 900, "height": 800}, **options)
        contexts.append(context)
        context.add_init_script(script)
        if clock:
            context.clock.install()
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda told: faults.append(told.text) if told.type in ("error", "warning") else None)
        page.on("request", lambda request: None if request.url.startswith(site.root) else faults.append(request.url))
        page.route("**/favicon.ico", lambda route: route.fulfill(status=204))
        page.goto(site.page + fragment)
        page.wait_for_selector("#play:visible, audio[controls]")
        foreseen.extend([expected] if expected else [])
        return page

    yield opened
    assert [fault for fault in faults if not any(one in fault for one in foreseen)] == []
    for context in contexts:
        assert context.cookies() == []
        context.close()


def until(page: Page, condition: str, seconds: float = 10) -> None:
    """Wait for it. Playwright's own waiting makes code of text in the page, which the page's policy forbids."""
    end = time.monotonic() + seconds
    while not page.evaluate(condition):
        assert time.monotonic() < end, condition
        page.wait_for_timeout(30)


def press(page: Page, name: str) -> None:
    page.locator("#player").get_by_role("button", name=name, exact=True).first.click()


def playing(page: Page) -> None:
    until(page, f"!{PAUSED} && {AT} > 0.05")


def seek(page: Page, seconds: float) -> None:
    """Put the sound at a moment, as a media key does, and wait until it is there."""
    page.evaluate(
        """seconds => new Promise(done => {
            const audio = document.getElementById("audio");
            audio.addEventListener("seeked", done, { once: true });
            audio.currentTime = seconds;
        })""",
        seconds,
    )


def kept(page: Page) -> dict[str, Any]:
    """All that the page has left on the device."""
    found: dict[str, str] = page.evaluate("({ ...localStorage })")
    return {key: json.loads(value) for key, value in found.items()}


def printed(book: Book) -> list[tuple[float, Cue]]:
    """What is printed, with the second at which its words begin."""
    return [
        ((chapter.start_ms + cue.speech_begin_ms) / 1000, cue)
        for chapter in book.chapters
        for cue in chapter.cues
        if cue.printed
    ]
