"""The web pages for those who cannot see them, who use no mouse, or need them large: measured in a real Chromium.

axe-core and the Nu HTML checker come from npm, into a folder that ``AUDIOLEAFLET_PEERS`` names:

    npm install --prefix "$AUDIOLEAFLET_PEERS" --ignore-scripts axe-core@4 vnu-jar
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.peers.conftest import require
from tests.peers.site_audit import (
    FAINT,
    LOST,
    OVERLAPS,
    SMALL,
    Look,
    Pages,
    axe,
    axe_on_each,
    look,
    measure,
    pages,
)
from tests.peers.site_page import Open, Site
from tests.peers.test_transcript import require_package
from tests.publish.conftest import write_hostile, write_sample

from audioleaflet.publish.site.assets import assets_name

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = ["look", "pages"]

pytestmark = pytest.mark.peer

SCHEMES: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "forced": {"forced_colors": "active"},
}
LEAST_TARGET, LEAST_CONTRAST = 44, 7
# WCAG 1.4.12: a reader's own spacing of text.
SPACED = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
p { margin-block-end: 2em !important }"""
WINDOWS = [(320, 640, 1), (320, 256, 4), (1280, 900, 1)]
UNBROKEN = "Pneumonoultramicroscopicsilicovolcanoconiosispneumonoultrami"


def sound(page: Page) -> list[str]:
    """What is wrong with how a page is laid out and coloured; see the routines."""
    return [
        *measure(page, FAINT, LEAST_CONTRAST),
        *measure(page, SMALL, LEAST_TARGET),
        *measure(page, LOST),
        *measure(page, OVERLAPS),
    ]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_and_our_own_eye_find_nothing_on_the_page(visit: Open, scheme: str) -> None:
    page = visit(**SCHEMES[scheme])
    assert axe(page) == []
    assert sound(page) == []
    page.locator("summary").click()
    page.locator("#transcript .from").nth(3).click()  # a sentence is marked, and the bar at the foot shows
    page.locator("#bar").wait_for()
    page.evaluate("scrollTo(0, 0)")
    page.locator("#to-sentence").wait_for()
    assert axe(page) == []
    assert sound(page) == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_with_each_control_focused(look: Look, pages: Pages, scheme: str) -> None:
    page = look(pages.add("sample", write_sample()), **SCHEMES[scheme])
    page.locator("summary").click()
    assert axe_on_each(page) == []


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("editions", [1, 12])
def test_axe_and_our_own_eye_find_nothing_on_the_library_page(
    look: Look, pages: Pages, editions: int, scheme: str
) -> None:
    page = look(pages.add_library(f"library-{editions}", editions), **SCHEMES[scheme])
    assert page.get_by_role("searchbox").count() == (1 if editions > 10 else 0)
    assert axe(page) == []
    assert sound(page) == []
    assert axe_on_each(page) == []


def test_axe_finds_nothing_on_what_the_server_shows_beside(look: Look, site: Site) -> None:
    folder = site.page.rpartition("/")[0]
    for address in (f"{folder}/nothing-here", f"{folder}/transcript.html"):
        page = look(address)
        assert page.get_by_role("heading", level=1).count() == 1
        assert axe(page) == []


def test_without_script_axe_finds_nothing(look: Look, site: Site) -> None:
    page = look("about:blank")
    page.route("**/*.js", lambda route: route.abort())  # axe-core itself could not run with script switched off
    page.goto(site.page)
    assert page.locator("audio[controls]").is_visible()
    assert axe(page) == []
    assert sound(page) == []


def test_the_measures_find_what_is_wrong(look: Look) -> None:
    """Each routine, on a page that has its fault."""
    page = look("about:blank", width=320)
    page.set_content(
        """<style>* { box-sizing: border-box } p { color: #666 } b { opacity: 0.9 } a { color: #888 }</style>
        <p>Faint words</p><b>Half there</b><button style="width: 40px">x</button>
        <i style="display: block; width: 60px; overflow: hidden; white-space: nowrap">Cut off at the edge</i>
        <button style="width: 50px; white-space: nowrap">Out of its box</button>
        <div style="width: 400px">Wide words that run past the edge of the window, and on and on and on</div>
        <a href="#1" style="position: absolute; top: 0; left: 0; padding: 50px">over the others</a>
        <a href="#2">short</a>"""
    )
    faint = measure(page, FAINT, LEAST_CONTRAST)
    assert any("Faint words" in one and one.startswith("5.7") for one in faint)
    assert any("Half there" in one for one in faint)
    assert len(measure(page, SMALL, LEAST_TARGET)) >= 3
    lost = measure(page, LOST)
    for told in ("px wide in 320", "Out of its box", "is cut", "Wide words"):
        assert any(told in one for one in lost), told
    assert measure(page, OVERLAPS)
    assert axe(page)
    assert axe_on_each(page)


def test_the_nu_checker_has_nothing_to_report(pages: Pages, site: Site) -> None:
    for name, book in (("sample", write_sample()), ("hostile", write_hostile())):
        pages.add(name, book)
    for editions in (1, 12):
        pages.add_library(f"library-{editions}", editions)
    assert checked("--html", site.folder / "index.html", *pages.folder.rglob("index.html")) == []
    assets = site.folder.parent.parent / assets_name()
    assert checked("--css", *assets.glob("*.css")) == []
    assert checked("--svg", assets / "icon.svg") == []


def checked(kind: str, *paths: Path) -> list[str]:
    """What the Nu checker says, but for what it cannot know of a file.

    To it a file has no origin, so that 'self' in the page's policy would be nothing; the browser proves the policy.
    The hostile words are of many languages and composed in an unusual way.
    """
    jar = require_package("vnu-jar/build/dist/vnu.jar")
    command = [require("java"), "-jar", jar, kind, "--format", "json", *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    told = [f"{one['url']}: {one['message']}" for one in json.loads(done.stderr)["messages"]]
    composed = "Text run is not in Unicode Normalization Form C."
    return [
        one
        for one in told
        if "Resource violates Content Security Policy" not in one and not ("/hostile/" in one and composed in one)
    ]


@pytest.mark.parametrize(("width", "height", "scale"), WINDOWS)
def test_nothing_is_lost_in_a_small_window(
    look: Look, pages: Pages, site: Site, width: int, height: int, scale: int
) -> None:
    long = write_sample().model_copy(update={"title": f"The {UNBROKEN} leaflet", "publisher": UNBROKEN})
    for address in (site.page, pages.add("unbroken", long), pages.add_library("library-12", 12)):
        page = look(address, width, height, device_scale_factor=scale)
        assert [*measure(page, LOST), *measure(page, SMALL, LEAST_TARGET), *measure(page, OVERLAPS)] == []


@pytest.mark.parametrize("width", [1280, 360])
def test_nothing_is_lost_with_letters_twice_as_large(look: Look, site: Site, width: int) -> None:
    page = look("about:blank", width)
    page.context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    page.goto(site.page)
    page.wait_for_selector("#play:visible")
    assert page.evaluate("getComputedStyle(document.body).fontSize") == "38px"
    assert [*measure(page, LOST), *measure(page, OVERLAPS)] == []


@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_is_lost_with_the_readers_own_spacing(look: Look, pages: Pages, site: Site, width: int) -> None:
    for address in (site.page, pages.add_library("library-12", 12)):
        page = look(address, width, bypass_csp=True)
        page.add_style_tag(content=SPACED)
        assert page.evaluate("getComputedStyle(document.querySelector('h1')).letterSpacing") != "normal"
        assert [*measure(page, LOST), *measure(page, OVERLAPS)] == []
