"""An edition's page with sixty chapters, one, none of ours as its language, hostile words; printed; opened as a file.

``AUDIOLEAFLET_SHOTS=folder`` writes pictures of the pages into that folder, to be looked at.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.peers.conftest import require
from tests.peers.site_audit import FAINT, LOST, OVERLAPS, SMALL, Look, Pages, axe, look, measure, pages
from tests.peers.site_page import AT, PAUSED, TOLD, Open, Site, playing, press, seek, until
from tests.peers.test_transcript import run
from tests.publish.conftest import Writing, bind, write_hostile, write_sample
from tests.publish.site.conftest import approved, long_book, withdrawn_book

from audioleaflet.book.model import Book

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

__all__ = ["look", "pages"]

pytestmark = pytest.mark.peer

ARABIC = "السرطان الذي انتشر إلى العظم من جزء آخر من الجسم."
SHOTS: dict[str, dict[str, Any]] = {
    "phone": {"width": 360, "height": 740},
    "desktop": {"width": 1200, "height": 900},
    "dark": {"color_scheme": "dark"},
    "forced": {"forced_colors": "active"},
}
# A browser that forgets a place that it was given before it knew the sound.
FORGETFUL = """
const known = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, "currentTime");
Object.defineProperty(HTMLMediaElement.prototype, "currentTime", {
    get: known.get,
    set(at) { if (this.readyState) known.set.call(this, at); },
});
"""


def write_right_to_left() -> Book:
    """A leaflet whose every word runs from right to left. The page's own words stay English: there are no others."""
    intro = Writing(0, "introduction", "مقدمة")
    intro.heading("فهم سرطان العظم", level=0, kind="title")
    intro.say(ARABIC, ARABIC)
    first = Writing(1, "one", "ما هو سرطان العظم؟")
    first.heading("ما هو سرطان العظم؟")
    first.say(ARABIC, ARABIC, ARABIC)
    first.nodes.append(first.items(ARABIC, ARABIC))
    book = bind(intro, first, title="فهم سرطان العظم")
    return book.model_copy(update={"dir": "rtl", "terms": ()})


def write_quoted() -> Book:
    """Markup, quotes, emoji and braces in every fact that the page prints or hands to its script."""
    said = """<script>alert("x")</script> & 'it' "is" <img src=x onerror=alert(1)> {title} 👩‍⚕️"""
    book = write_sample()
    chapters = tuple(chapter.model_copy(update={"title": said}) for chapter in book.chapters)
    update = {"title": said, "publisher": said, "version": said, "contact": said, "chapters": chapters}
    return book.model_copy(update=update)


BOOKS: dict[str, Callable[[], Book]] = {
    "sixty": long_book,
    "one": withdrawn_book,
    "right-to-left": write_right_to_left,
    "quoted": write_quoted,
    "hostile": write_hostile,
    "approved": lambda: approved(write_sample(), "2020-01-31"),
}


@pytest.mark.parametrize("width", [320, 1200])
@pytest.mark.parametrize("name", BOOKS)
def test_a_page_of_another_shape_is_whole(look: Look, pages: Pages, name: str, width: int) -> None:
    book = BOOKS[name]()
    page = look(pages.add(name, book), width)
    page.wait_for_selector("#play:visible")
    assert page.locator(".chapters button").count() == len(book.chapters)
    assert [*measure(page, LOST), *measure(page, OVERLAPS), *measure(page, SMALL, 44), *measure(page, FAINT, 7)] == []
    if width > 1000:
        assert axe(page) == []
        page.locator(".chapters button").last.click()
        playing(page)
        assert page.locator("[aria-current=true]").count() == 1
        seek(page, book.chapters[-1].start_ms / 1000 + 0.7)
        assert page.locator(".now").count() == 1


def test_words_that_look_like_markup_stay_words(look: Look, pages: Pages) -> None:
    book = write_quoted()
    page = look(pages.add("quoted", book))
    page.wait_for_selector("#play:visible")
    assert page.locator("h1").inner_text() == book.title
    assert page.locator(".chapters button span").last.inner_text() == f"Chapter 1: {book.title}"
    seek(page, 30)
    assert book.title in (page.get_by_label("Place in the recording").get_attribute("aria-valuetext") or "")
    assert page.evaluate("navigator.mediaSession.metadata.artist") == book.publisher
    assert page.locator("img, main script").count() == 0


def test_text_from_right_to_left_is_mirrored(look: Look, pages: Pages) -> None:
    page = look(pages.add("right-to-left", write_right_to_left()), 1200)
    page.wait_for_selector("#play:visible")
    texts = page.locator("#chapter-1 > p:not(.at)").first.bounding_box()
    button = page.locator("#chapter-1 .of-paragraph").first.bounding_box()
    back, forward = (page.locator(name).bounding_box() for name in ("#back", "#forward"))
    assert texts
    assert button
    assert back
    assert forward
    assert button["x"] > texts["x"] + texts["width"] / 2
    assert back["x"] > forward["x"]


def test_after_the_last_chapter(look: Look, pages: Pages) -> None:
    book = write_sample()
    page = look(pages.add("sample", book))
    page.wait_for_selector("#play:visible")
    press(page, "Next chapter")
    assert page.evaluate(TOLD) == ""
    before = page.evaluate(AT)
    press(page, "Next chapter")
    assert page.evaluate(TOLD) == "This is the last chapter."
    assert page.evaluate(AT) == before
    for _ in range(4):
        press(page, "Forward 30 seconds")
    assert page.evaluate(AT) == book.duration_ms / 1000
    press(page, "Play")  # from the beginning again, rather than nothing
    until(page, f"!{PAUSED} && {AT} > 0.1 && {AT} < 10")


def test_a_place_is_found_in_a_browser_that_forgets_it_while_loading(visit: Open, site: Site) -> None:
    page = visit(f"#{site.name('c03-006')}", script=FORGETFUL)
    held: list[Route] = []
    page.route("**/*.mp3*", lambda route: held.append(route))
    page.reload(wait_until="commit")
    page.wait_for_selector("#play:visible")
    assert page.evaluate(AT) == 0
    page.unroute("**/*.mp3*")
    for route in held:
        route.continue_()
    until(page, f"Math.abs({AT} - {site.begin('c03-006')}) < 0.01")


def test_nothing_moves_by_itself_with_reduced_motion(visit: Open) -> None:
    page = visit(reduced_motion="reduce")
    moving = """[...document.querySelectorAll("*")].filter(element => {
        const { transitionDuration, animationName, scrollBehavior } = getComputedStyle(element);
        return transitionDuration !== "0s" || animationName !== "none" || scrollBehavior === "smooth";
    }).length"""
    assert page.evaluate(moving) == 0


def test_it_prints_as_a_leaflet_in_large_print(visit: Open, site: Site, tmp_path: Path) -> None:
    page = visit()
    press(page, "Play")
    playing(page)
    page.emulate_media(media="print")
    assert not any(one.is_visible() for one in page.locator("button, input, select, nav, audio, #bar").all())
    sizes = page.evaluate(
        """[...document.querySelectorAll("p, li, h1, h2, h3, dt, dd")]
            .filter(element => element.checkVisibility())
            .map(element => parseFloat(getComputedStyle(element).fontSize) * 0.75)"""
    )
    assert min(sizes) == 18
    path = tmp_path / "leaflet.pdf"
    page.pdf(path=path, format="A4", tagged=True)
    assert "Tagged:          yes" in run(require("pdfinfo"), str(path))
    words = " ".join(run(require("pdftotext"), "-layout", str(path), "-").split())
    for chapter in site.book.chapters:
        for cue in (cue for cue in chapter.cues if cue.role == "text"):
            assert " ".join(cue.text.split()) in words, cue.id
    assert "Play from here" not in words


def test_opened_as_a_file_it_is_whole(browser: Any, site: Site) -> None:
    page = browser.new_page()
    page.goto((site.folder / "index.html").as_uri())
    assert page.evaluate("getComputedStyle(document.querySelector('#player')).borderStyle") == "solid"
    assert page.locator("audio[controls]").is_visible()
    assert not any(one.is_visible() for one in page.locator("button, select, input").all())
    assert measure(page, LOST) == []
    page.evaluate("document.getElementById('audio').play()")
    until(page, f"{AT} > 0.2")
    downloads = page.evaluate("[...document.querySelectorAll('#downloads a, .chapters a')].map(link => link.pathname)")
    assert downloads
    assert all(Path(name).is_file() for name in downloads)
    page.close()


@pytest.mark.skipif(not os.environ.get("AUDIOLEAFLET_SHOTS"), reason="AUDIOLEAFLET_SHOTS names no folder")
@pytest.mark.parametrize("name", SHOTS)
def test_pictures_to_look_at(look: Look, pages: Pages, site: Site, name: str) -> None:
    folder = Path(os.environ["AUDIOLEAFLET_SHOTS"])
    addresses = {"edition": site.page, "library": pages.add_library("library-12", 12)}
    addresses["right-to-left"] = pages.add("right-to-left", write_right_to_left())
    addresses["approved"] = pages.add("approved", BOOKS["approved"]())
    for kind, address in addresses.items():
        page = look(address, **SHOTS[name])
        shoot(page, folder / f"{kind}-{name}.png")
    page = look(site.page, **SHOTS[name])
    press(page, "Play")
    page.locator("#chapter-2 .from").first.click()
    page.locator("#bar").wait_for()
    page.screenshot(path=folder / f"playing-{name}.png")
    page.emulate_media(media="print")
    page.pdf(path=folder / "print.pdf", format="A4", tagged=True)


def shoot(page: Page, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=path, full_page=True)
