"""The proof as browsers and checkers that others wrote find it: Chromium, axe-core, the Nu HTML checker."""

from __future__ import annotations

import json
import re
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.conftest import Made
from tests.editions import REAL
from tests.peers.conftest import require
from tests.peers.test_transcript import require_package

from audioleaflet import cli

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.peer

NAME = "bone-metastasis-en-proof"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LINE = "c01-005"  # "It can cause pain and other symptoms."


@pytest.fixture(scope="module")
def proof(real: Made, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the real leaflet, out of its zip, as a clinician gets it."""
    to = tmp_path_factory.mktemp("sent")
    assert cli.run(["proof", str(REAL), "--output", str(real.folder.parent.parent), "--to", str(to), "--zip"]) == 0
    with zipfile.ZipFile(to / f"{NAME}.zip") as archive:
        archive.extractall(to / "desk")
    return to / "desk" / NAME / f"{NAME}.html"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    program = require("chromium")
    with sync_playwright() as playwright:
        options = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required"]
        opened = playwright.chromium.launch(executable_path=program, args=options)
        yield opened
        opened.close()


def opened(browser: Browser, proof: Path, **options: Any) -> Page:
    page = browser.new_page(**options)
    page.on("pageerror", lambda error: pytest.fail(f"the page's script failed: {error}"))
    page.on("request", lambda request: local(request.url))
    page.goto(proof.as_uri())
    return page


def local(url: str) -> None:
    assert url.startswith("file:"), f"the page asked for {url}"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1200])
def test_axe_has_nothing_to_report(browser: Browser, proof: Path, scheme: Any, width: int) -> None:
    axe = require_package("axe-core/axe.min.js")
    page = opened(browser, proof, viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.add_script_tag(path=axe)
    found = page.evaluate("tags => axe.run({ runOnly: { type: 'tag', values: tags } })", TAGS)
    assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == []
    assert len(found["passes"]) > 30
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.close()


def state(page: Page) -> tuple[float, bool, str]:
    """Where the chapter's sound is, whether it is still, and how the button is pressed."""
    where, still, pressed = page.evaluate(
        f"""() => {{ const audio = document.getElementById("audio-1");
        return [audio.currentTime, audio.paused, document.querySelector("#{LINE} .play").ariaPressed]; }}"""
    )
    return where, still, pressed


def test_a_button_plays_its_line_and_no_more(browser: Browser, proof: Path, real: Made) -> None:
    cue = real.book.cues()[LINE]
    page = opened(browser, proof)
    page.get_by_role("button", name=f"Play: {cue.text}", exact=True).click()
    page.wait_for_function('!document.getElementById("audio-1").paused')
    where, _, pressed = state(page)
    assert cue.begin_ms / 1000 <= where <= cue.speech_end_ms / 1000
    assert pressed == "true"
    page.wait_for_function('document.getElementById("audio-1").paused', timeout=15_000)
    where, _, pressed = state(page)
    assert cue.speech_end_ms / 1000 <= where <= cue.end_ms / 1000 + 0.05
    assert pressed == "false"
    page.close()


@pytest.mark.parametrize("stop", ["Escape", "Enter"])
def test_a_line_is_stopped_from_the_keyboard(browser: Browser, proof: Path, stop: str) -> None:
    page = opened(browser, proof)
    page.locator(f"#{LINE} .play").focus()
    page.keyboard.press("Enter")
    page.wait_for_function('!document.getElementById("audio-1").paused')
    page.keyboard.press(stop)
    page.wait_for_function('document.getElementById("audio-1").paused', timeout=1000)
    assert state(page)[2] == "false"
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.closest('tr').id") == "c01-006"
    page.close()


def test_another_line_stops_the_first(browser: Browser, proof: Path) -> None:
    page = opened(browser, proof)
    page.locator("#c00-011 .play").click()
    page.wait_for_function('!document.getElementById("audio-0").paused')
    page.locator(f"#{LINE} .play").click()
    page.wait_for_function('!document.getElementById("audio-1").paused')
    assert page.evaluate('document.getElementById("audio-0").paused')
    assert page.locator('[aria-pressed="true"]').count() == 1
    page.close()


def test_sound_that_is_not_there_is_told(browser: Browser, proof: Path, tmp_path: Path) -> None:
    alone = tmp_path / proof.name
    alone.write_bytes(proof.read_bytes())
    page = opened(browser, alone)
    page.locator(f"#{LINE} .play").click()
    page.wait_for_function('document.getElementById("told").textContent.includes("cannot be played")')
    assert state(page)[2] == "false"
    page.close()


def test_without_script_the_buttons_are_links_into_the_sound(browser: Browser, proof: Path) -> None:
    page = opened(browser, proof, java_script_enabled=False)
    link = page.locator(f"#{LINE} a.play")
    assert re.fullmatch(
        r"chapters/bone-metastasis-en-01-[a-z-]+\.mp3#t=[\d.]+,[\d.]+", link.get_attribute("href") or ""
    )
    page.close()


def test_it_prints_as_a_sheet_of_two_columns_without_buttons(browser: Browser, proof: Path) -> None:
    page = opened(browser, proof, viewport={"width": 720, "height": 1000})
    page.emulate_media(media="print")
    assert not page.locator(".play").first.is_visible()
    assert not page.locator("audio").first.is_visible()
    shown, spoken = (page.locator(f"#{LINE} .{side}").bounding_box() for side in ("shown", "spoken"))
    assert shown is not None
    assert spoken is not None
    assert shown["y"] == spoken["y"]
    assert shown["x"] + shown["width"] <= spoken["x"] + 1
    assert page.evaluate(f"getComputedStyle(document.getElementById('{LINE}')).breakInside") == "avoid"
    assert page.evaluate("getComputedStyle(document.querySelector('.lines thead')).display") == "table-header-group"
    assert page.locator("#sign").is_visible()
    page.close()


def test_the_nu_checker_has_nothing_to_report(proof: Path) -> None:
    jar = require_package("vnu-jar/build/dist/vnu.jar")
    command = [require("java"), "-jar", jar, "--format", "json", str(proof)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert [message["message"] for message in json.loads(done.stderr)["messages"]] == []
