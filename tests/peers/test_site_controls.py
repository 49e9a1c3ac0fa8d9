"""What surrounds the player on an edition's page, in a real Chromium: text, words, keys, and what goes wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from tests.peers.site_page import AT, MARKED, NEAR, PAUSED, TOLD, Open, Site, kept, playing, press, seek, until

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.peer

SPY = """
const session = navigator.mediaSession;
window.media = { acts: {}, position: null };
session.setActionHandler = (action, act) => { media.acts[action] = act; };
session.setPositionState = position => { media.position = position; };
const Sound = Audio;
window.Audio = function (...given) { return (window.voice = new Sound(...given)); };
"""
IN_VIEW = """(() => {
    const { top, bottom } = document.querySelector(".now").getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight;
})()"""


def test_a_click_on_a_sentence_plays_it_and_the_text_takes_no_focus(visit: Open, site: Site) -> None:
    page = visit()
    sentence = page.locator(f"#{site.name('c01-005')}")
    sentence.click()
    playing(page)
    assert page.evaluate(AT) == pytest.approx(site.begin("c01-005"), abs=1)
    assert page.locator(".s[tabindex], .s[role], .s[aria-live]").count() == 0
    press(page, "Pause")
    at = page.evaluate(AT)
    page.locator(f"#{site.name('c01-009')}").click(click_count=2)  # the second click has chosen a word
    page.evaluate("document.getElementById('audio').pause()")
    seek(page, at)
    page.evaluate(f"document.getElementById('{site.name('c01-010')}').click()")
    assert page.evaluate(PAUSED)
    assert page.evaluate(AT) == pytest.approx(at, abs=0.05)


def test_play_from_here_plays_from_there(visit: Open, site: Site) -> None:
    page = visit()
    for kind in ("from:not(.of-paragraph)", "of-paragraph"):
        button = page.locator(f"#chapter-4 .{kind}").last
        begin = float(button.get_attribute("data-at") or "nan") / 1000
        button.click()
        until(page, f"{AT} > {begin}")
        assert page.evaluate(AT) == pytest.approx(begin, abs=1)
        assert not page.evaluate(PAUSED)


def test_the_buttons_of_paragraphs_can_be_hidden_and_stay_so(visit: Open) -> None:
    page = visit()
    assert page.locator(".of-paragraph").first.is_visible()
    page.locator("summary").click()
    switch = page.get_by_label("Show “Play from here” at paragraphs")
    switch.uncheck()
    assert not page.locator(".of-paragraph").first.is_visible()
    assert page.locator(".from:not(.of-paragraph)").first.is_visible()
    page.reload()
    page.wait_for_selector("#play:visible")
    assert not page.locator(".of-paragraph").first.is_visible()
    assert not switch.is_checked()


def test_the_sentence_is_kept_in_view_until_the_reader_scrolls_away(visit: Open) -> None:
    page = visit()
    page.locator("#chapter-2 .from").first.click()
    page.get_by_label("Speed").select_option("3")
    page.evaluate("scrollTo(0, document.getElementById('chapter-2').getBoundingClientRect().bottom + scrollY - 900)")
    playing(page)
    press(page, "Next chapter")
    until(page, f"{MARKED}.startsWith('c03') && {IN_VIEW}", 15)
    page.wait_for_timeout(1000)  # the page's own scroll comes to its end
    page.mouse.move(300, 300)
    page.mouse.wheel(0, -4000)
    until(page, f"!{IN_VIEW}")
    page.wait_for_timeout(2500)
    assert not page.evaluate(IN_VIEW)
    page.get_by_role("button", name="Back to the sentence").click()
    until(page, IN_VIEW)
    assert page.evaluate("document.activeElement.textContent") == "Pause"
    until(page, f"{IN_VIEW} && document.getElementById('to-sentence').hidden")


def test_with_reduced_motion_nothing_scrolls_by_itself(visit: Open) -> None:
    page = visit(reduced_motion="reduce")
    page.locator("#chapter-2 .from").first.click()
    playing(page)
    before = page.evaluate("scrollY")
    seek(page, 300)
    page.wait_for_timeout(1500)
    assert page.evaluate("scrollY") == before
    page.get_by_role("button", name="Back to the sentence").click()
    assert page.evaluate(IN_VIEW)


def test_shortcuts_work_inside_the_player_only_and_can_be_switched_off(visit: Open) -> None:
    page = visit()
    seek(page, 100)
    page.locator("#back").focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate(AT) == pytest.approx(130, abs=NEAR)
    page.keyboard.press("ArrowLeft")
    assert page.evaluate(AT) == pytest.approx(120, abs=NEAR)
    page.keyboard.press("n")
    assert page.evaluate(AT) == pytest.approx(208.483, abs=NEAR)
    page.keyboard.press("p")
    assert page.evaluate(AT) == pytest.approx(94.537, abs=NEAR)
    page.keyboard.press(">")
    assert page.evaluate("document.getElementById('audio').playbackRate") == 1.1
    page.keyboard.press("<")
    page.keyboard.press("k")
    until(page, f"!{PAUSED}")
    page.keyboard.press(" ")  # on the button "Back 10 seconds": the button's own key
    until(page, f"{AT} < 90")
    assert not page.evaluate(PAUSED)
    page.keyboard.press("k")
    until(page, PAUSED)
    quiet(page, "Control+k", "Alt+ArrowRight", "Meta+k")
    page.get_by_label("Speed").focus()
    quiet(page, "k", "p")
    page.locator("#transcript .from").first.focus()
    quiet(page, "k", "n", "ArrowRight")
    page.locator("summary").click()
    page.get_by_label("Keyboard shortcuts").uncheck()
    page.locator("#back").focus()
    quiet(page, "k", "n", "ArrowRight")
    assert page.evaluate("document.activeElement.id") == "back"


def quiet(page: Page, *keys: str) -> None:
    """Each key leaves the sound as it is."""
    for key in keys:
        before = page.evaluate(f"[{AT}, {PAUSED}]")
        page.keyboard.press(key)
        page.wait_for_timeout(100)
        assert page.evaluate(f"[{AT}, {PAUSED}]") == before, key


def test_the_slider_moves_the_sound_and_tells_the_time_in_words(visit: Open) -> None:
    page = visit()
    slider = page.get_by_label("Place in the recording")
    assert slider.get_attribute("aria-valuetext") == "0 seconds of 10 minutes 32 seconds, Introduction"
    seek(page, 208.6)
    told = "3 minutes 28 seconds of 10 minutes 32 seconds, Chapter 2: What causes bone metastasis?"
    assert slider.get_attribute("aria-valuetext") == told
    assert page.locator("#clock").text_content() == "3:28 / 10:32"
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate(AT) == 209
    assert (slider.get_attribute("aria-valuetext") or "").startswith("3 minutes 29 seconds of")
    page.keyboard.press("Home")
    assert page.evaluate(AT) == 0
    press(page, "Play")
    slider.focus()
    before = slider.get_attribute("aria-valuetext")
    page.wait_for_timeout(2500)  # a screen reader would read out every change of a slider that has the focus
    assert slider.get_attribute("aria-valuetext") == before
    assert page.locator("[aria-live], [role=log], [role=timer]").count() == 0
    assert page.evaluate(TOLD) == ""


def test_the_current_chapter_and_the_volume(visit: Open) -> None:
    page = visit()
    seek(page, 300)
    current = page.locator(".chapters [aria-current=true]")
    assert current.count() == 1
    assert (current.text_content() or "").startswith("Chapter 3: ")
    assert current.evaluate("button => getComputedStyle(button).outlineStyle") == "solid"
    page.get_by_label("Volume").fill("40")
    assert page.evaluate("document.getElementById('audio').volume") == 0.4


def test_the_lock_screen_and_media_keys_work(visit: Open) -> None:
    page = visit(script=SPY)
    seek(page, 100)
    told = page.evaluate("({ title, artist, album } = navigator.mediaSession.metadata, [title, artist, album])")
    assert told == ["Chapter 1: What is bone metastasis?", "Audioleaflet", "Understanding bone metastasis"]
    assert page.evaluate("media.position") == {
        "duration": pytest.approx(632.5, abs=0.1),
        "position": pytest.approx(100, abs=NEAR),
        "playbackRate": 1,
    }
    for action, given, lands in [
        ("seekforward", "{}", 130),
        ("seekbackward", "{}", 120),
        ("seekbackward", "{ seekOffset: 5 }", 115),
        ("nexttrack", "{}", 208.483),
        ("previoustrack", "{}", 94.537),
        ("seekto", "{ seekTime: 400 }", 400),
    ]:
        page.evaluate(f"media.acts.{action}({given})")
        assert page.evaluate(AT) == pytest.approx(lands, abs=NEAR), action
    page.locator("#back").click()  # a browser lets nothing sound before a click
    page.evaluate("media.acts.play({})")
    until(page, f"!{PAUSED}")
    page.evaluate("media.acts.pause({})")
    until(page, PAUSED)


def test_a_word_is_said_from_the_recording_and_the_place_stays(visit: Open, site: Site) -> None:
    page = visit(script=SPY)
    seek(page, site.begin("c03-006"))
    press(page, "Play")
    playing(page)
    before = page.evaluate(AT)
    button = page.locator("#words button.say").nth(1)
    begin, end = (float(button.get_attribute(f"data-{name}") or "nan") / 1000 for name in ("at", "until"))
    button.click()
    until(page, f"!voice.paused && voice.currentTime > {begin}")
    assert page.evaluate("voice.currentTime") < begin + 1.5
    assert page.evaluate(PAUSED)
    assert button.get_attribute("aria-pressed") == "true"
    until(page, "voice.paused")
    assert end <= page.evaluate("voice.currentTime") <= end + 0.3
    assert button.get_attribute("aria-pressed") == "false"
    until(page, f"!{PAUSED}")
    assert before <= page.evaluate(AT) <= before + 2
    assert [one["place"] for one in kept(page).values()] == [site.name("c03-006")]


def test_a_second_press_stops_the_word(visit: Open) -> None:
    page = visit(script=SPY)
    button = page.locator("#words button.say").first
    button.click()
    until(page, "!voice.paused && voice.currentTime > 0")
    button.click()
    assert page.evaluate("voice.paused")
    assert button.get_attribute("aria-pressed") == "false"


def test_sound_that_cannot_be_had_is_told_with_what_to_do(visit: Open) -> None:
    page = visit(expected="Failed to load resource")
    page.route("**/*.mp3*", lambda route: route.fulfill(status=410))
    page.reload()
    alert = page.get_by_role("alert")
    until(page, "document.getElementById('wrong').textContent !== ''")
    told = "The sound cannot be played. You may be offline, or the leaflet has been updated. Load this page again."
    assert alert.inner_text() == told
    page.unroute("**/*.mp3*")
    press(page, "Load this page again")
    page.wait_for_selector("#play:visible")
    press(page, "Play")
    playing(page)
    assert alert.inner_text() == ""


def test_sound_that_ends_on_its_way_is_told(visit: Open) -> None:
    page = visit(expected="Failed to load resource")
    press(page, "Play")
    playing(page)
    page.evaluate("document.getElementById('audio').src += '0'")  # a version that the server does not have: 410
    until(page, "document.getElementById('wrong').textContent !== ''")
    assert page.locator("#reload").is_visible()


def test_play_tries_again_when_the_network_is_back(visit: Open) -> None:
    page = visit(expected="Failed to load resource")
    page.route("**/*.mp3*", lambda route: route.abort())
    page.reload()
    until(page, "document.getElementById('wrong').textContent !== ''")
    page.unroute("**/*.mp3*")
    press(page, "Play")
    playing(page)
    assert page.get_by_role("alert").inner_text() == ""
    assert not page.locator("#reload").is_visible()


@pytest.mark.parametrize(
    "script",
    [
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } })",
        "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }",
    ],
)
def test_where_nothing_can_be_kept_it_says_so_and_plays(visit: Open, script: str) -> None:
    page = visit(script=script)
    assert "does not let this page remember" in page.locator("#kept").inner_text()
    assert not page.locator("#forget").is_visible()
    press(page, "Play")
    playing(page)


@pytest.mark.parametrize(
    "left", ["null", "7", "not json", '"text"', '{"place": 5, "speed": {}}', '{"place": "c01-001"}']
)
def test_what_another_page_left_does_no_harm(visit: Open, site: Site, left: str) -> None:
    key = f"audioleaflet {site.book.identifier} {site.book.language}"
    page = visit(script=f"localStorage.setItem({key!r}, {left!r}); localStorage.setItem('audioleaflet', {left!r})")
    assert page.evaluate(AT) == 0
    assert page.get_by_label("Speed").input_value() == "1"
    press(page, "Play")
    playing(page)


def test_a_report_names_chapter_and_sentence(visit: Open, site: Site) -> None:
    page = visit()
    seek(page, site.begin("c02-005") + 0.1)
    page.evaluate("document.addEventListener('click', event => event.preventDefault())")
    for _ in range(2):  # twice: it is completed anew each time
        page.locator("#report").click()
    body = parse_qs(urlsplit(page.locator("#report").get_attribute("href") or "").query)["body"][0]
    assert body.endswith("\r\nChapter: Chapter 2: What causes bone metastasis?\r\nSentence: c02-005")
    assert body.count("Sentence:") == 1
    assert site.book.title in body


def test_without_script_there_are_native_controls_and_links_into_the_sound(visit: Open, site: Site) -> None:
    page = visit(java_script_enabled=False)
    assert page.locator("audio[controls]").is_visible()
    assert not any(one.is_visible() for one in page.locator("button, select, input").all())
    links = page.locator(".chapters a")
    assert links.count() == len(site.book.chapters)
    page.keyboard.press("Tab")
    assert page.locator("audio:focus").count() == 1
    link = page.url.rsplit("/", 1)[0] + "/" + (links.nth(2).get_attribute("href") or "")
    page.goto(link)
    page.wait_for_timeout(1000)
    assert page.evaluate("document.querySelector('video').currentTime") == pytest.approx(208.483, abs=2)


def test_the_downloads_have_the_bytes_of_their_files(visit: Open, site: Site) -> None:
    page = visit(java_script_enabled=False)
    places = page.eval_on_selector_all("#downloads a", "links => links.map(link => link.href)")
    assert len(places) == len(site.book.chapters) + 7  # the whole, the zip, M4B, EPUB, DAISY, Readium, text
    for place in places:
        path = place.partition(f"/{site.book.slug}/en/")[2].partition("?")[0]
        answer = page.request.get(place)
        assert (answer.status, answer.body() == (site.folder / path).read_bytes()) == (200, True), place
