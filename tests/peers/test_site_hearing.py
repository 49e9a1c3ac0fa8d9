"""An edition's page as a screen reader and a keyboard have it: names, roles and order, and what each key does.

``AUDIOLEAFLET_REWRITE=1`` writes the goldens of the accessibility tree anew; read what changed before you commit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.peers.site_audit import FOCUS, Look, Pages, check_golden, look, measure, pages
from tests.peers.site_page import AT, PAUSED, TOLD, Open, Site, playing, press, seek, until
from tests.publish.conftest import write_sample

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = ["look", "pages"]

pytestmark = pytest.mark.peer

PARTS = {
    "player": "#player",
    "transcript": "#transcript",
    "words": "#words",
    "downloads": "#downloads",
    "about": "#about",
}
# What Tab visits on the page of the small leaflet, in order.
STOPS = [
    'button "Play"',
    'button "Back 10 seconds"',
    'button "Forward 30 seconds"',
    'slider "Place in the recording": "0"',
    'button "Previous chapter"',
    'button "Next chapter"',
    'button "Introduction 17 seconds"',
    '''button "Chapter 1: What is bone metastasis? 37 seconds"''',
    'combobox "Speed (1 is normal)":',
    'combobox "Sleep timer":',
    'slider "Volume": "100"',
    'button "Copy link to this moment"',
    "text: Switches and keyboard",
    'button "Forget my place"',
    'link "Transcript":',
    'link "How to say it":',
    'link "Downloads":',
    'link "About this leaflet":',
]


@pytest.fixture
def small(look: Look, pages: Pages) -> Page:
    """The page of a small leaflet that does not change, with sound that plays."""
    page = look(pages.add("sample", write_sample()))
    page.wait_for_selector("#play:visible")
    return page


def test_what_a_screen_reader_has_of_the_page(small: Page) -> None:
    for name, part in PARTS.items():
        check_golden(f"{name}.yaml", small.locator(part).aria_snapshot())
    small.locator("summary").click()
    check_golden("switches.yaml", small.locator("details").aria_snapshot())
    small.get_by_label("Show “Play from here” at paragraphs").uncheck()
    check_golden("transcript-without-buttons.yaml", small.locator("#transcript").aria_snapshot())
    assert small.locator(".chapter > button:visible, .chapter li button, .chapter p:not(.at) button").count() == 0


def test_what_a_screen_reader_has_while_it_plays(visit: Open, site: Site) -> None:
    page = visit()
    before = page.locator("#transcript").aria_snapshot()
    seek(page, site.begin("c02-005"))
    press(page, "Play")
    playing(page)
    assert page.locator("#transcript").aria_snapshot() == before
    spoken = page.locator("#player").aria_snapshot()
    assert '- button "Pause"' in spoken
    assert page.locator("#bar").aria_snapshot().splitlines()[0] == '- group "Listen":'


@pytest.mark.parametrize("editions", [1, 12])
def test_what_a_screen_reader_has_of_the_library(look: Look, pages: Pages, editions: int) -> None:
    page = look(pages.add_library(f"library-{editions}", editions))
    check_golden(f"library-{editions}.yaml", page.locator("body").aria_snapshot())


def test_tab_visits_every_control_in_order_and_shows_where_it_is(small: Page) -> None:
    count = measure(small, "() => stops().length")
    there = [step(small, "Tab") for _ in range(count)]
    assert [name for name, _ in there[: len(STOPS)]] == STOPS
    small.keyboard.press("Tab")
    assert small.evaluate("document.activeElement === document.body"), (
        "the focus leaves the page after its last control"
    )
    back = [step(small, "Shift+Tab") for _ in range(count)]
    assert back == there[::-1]


@pytest.mark.parametrize("scheme", [{}, {"color_scheme": "dark"}, {"forced_colors": "active"}])
def test_no_focus_is_hidden_in_a_small_window_while_it_plays(visit: Open, scheme: dict[str, str]) -> None:
    page = visit(**scheme)
    page.set_viewport_size({"width": 320, "height": 600})
    press(page, "Play")
    playing(page)
    page.locator("summary").click()
    page.locator("#transcript .from").nth(20).click()
    page.locator("#bar").wait_for()
    page.locator("#play").focus()
    visited = [step(page, "Tab")[0]]
    while page.evaluate("document.activeElement.parentElement.id !== 'bar'"):
        visited.append(step(page, "Tab")[0])
    assert {'button "Forget my place"', 'link "About this leaflet":', 'button "Hear “lymph”"'} < set(visited)


def step(page: Page, key: str) -> tuple[str, str]:
    """Press a key that moves the focus, see that it shows, and tell where it is: the name, and the element."""
    page.keyboard.press(key)
    shown = measure(page, FOCUS)
    assert shown["width"] >= 2, shown
    assert shown["contrast"] >= 3, shown
    assert not shown["covered"], shown
    told = page.locator(":focus").aria_snapshot().splitlines()[0].removeprefix("- ").strip("'")
    return told, shown["name"]


def test_the_player_works_with_the_keyboard_alone(visit: Open, site: Site) -> None:
    page = visit(permissions=["clipboard-read", "clipboard-write"])
    starts = [chapter.start_ms / 1000 for chapter in site.book.chapters]

    def to(name: str) -> None:
        """Tab on until a control of that name has the focus."""
        for _ in range(200):
            page.keyboard.press("Tab")
            if name in page.locator(":focus").aria_snapshot().splitlines()[0]:
                return
        pytest.fail(f"no way to {name}")

    to('"Play"')
    for key, paused in (("Enter", False), ("Space", True)):
        page.keyboard.press(key)
        until(page, PAUSED if paused else f"!{PAUSED}")
    to("Forward 30 seconds")
    at = page.evaluate(AT)
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    assert page.evaluate(AT) == pytest.approx(at + 60, abs=0.5)
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")
    assert page.evaluate(AT) == pytest.approx(at + 50, abs=0.5)
    # The slider follows a moment later.
    until(page, f"Math.abs(document.getElementById('seek').valueAsNumber - {AT}) < 1")
    to("Place in the recording")
    page.keyboard.press("ArrowRight")
    assert page.evaluate(AT) == int(at + 50) + 1
    to("Next chapter")
    page.keyboard.press("Enter")
    assert page.evaluate(AT) == pytest.approx(starts[1], abs=0.01)
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    assert page.evaluate(AT) == 0
    to("Chapter 4: ")
    page.keyboard.press("Enter")
    until(page, f"!{PAUSED} && {AT} >= {starts[4]}")
    to("Speed")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.getElementById('audio').playbackRate") == 1.1
    to("Sleep timer")
    page.keyboard.press("End")
    assert page.get_by_label("Sleep timer").input_value() == "chapter"
    to("Volume")
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.getElementById('audio').volume") == 0.95
    to("Copy link")
    page.keyboard.press("Enter")
    until(page, f"{TOLD} === 'The link is copied.'")
    to("Switches and keyboard")
    page.keyboard.press("Enter")
    to("Show “Play from here”")
    page.keyboard.press("Space")
    assert page.locator(".of-paragraph:visible").count() == 0
    to("Keyboard shortcuts")
    page.keyboard.press("Space")
    assert not page.get_by_label("Keyboard shortcuts").is_checked()
    to("Forget my place")
    page.keyboard.press("Enter")
    assert page.evaluate(TOLD) == "Your place and speed are forgotten."
    to('link "How to say it"')
    page.keyboard.press("Enter")
    assert page.url.endswith("#words")
    to("Hear “metastasis”")
    page.keyboard.press("Enter")
    assert page.locator(":focus").get_attribute("aria-pressed") == "true"
    until(page, PAUSED)


def test_play_from_here_works_with_the_keyboard_and_offers_the_way_back(visit: Open) -> None:
    page = visit()
    for kind in (".from:not(.of-paragraph)", ".of-paragraph"):
        button = page.locator(f"#chapter-3 {kind}").last
        button.focus()
        page.keyboard.press("Enter")
        begin = float(button.get_attribute("data-at") or "nan") / 1000
        until(page, f"!{PAUSED} && {AT} >= {begin} && {AT} < {begin + 3}")
        page.mouse.wheel(0, -6000)
        page.locator("#to-sentence").wait_for()
        page.locator("#to-sentence").focus()
        page.keyboard.press("Enter")
        until(page, "document.querySelector('.now').getBoundingClientRect().top >= 0")
        assert page.evaluate("document.activeElement.textContent") == "Pause"
