"""The player of an edition's page, in a real Chromium: it plays, seeks, marks, remembers, forgets and tells."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.peers.site_page import AT, MARKED, NEAR, PAUSED, TOLD, Open, Site, kept, playing, press, printed, seek, until

if TYPE_CHECKING:
    import numpy as np

pytestmark = pytest.mark.peer


def test_play_is_the_first_stop_and_really_plays(visit: Open) -> None:
    page = visit()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "play"
    assert page.evaluate("document.querySelector('audio').controls") is False
    page.keyboard.press("Enter")
    playing(page)
    assert page.locator("#play").text_content() == "Pause"
    page.keyboard.press("Enter")
    until(page, PAUSED)
    at = page.evaluate(AT)
    page.wait_for_timeout(300)
    assert page.evaluate(AT) == at
    assert page.locator("#play").text_content() == "Play"


@pytest.mark.parametrize("speed", ["1", "3"])
def test_it_is_as_fast_as_it_says(visit: Open, speed: str) -> None:
    page = visit()
    page.get_by_label("Speed").select_option(speed)
    press(page, "Play")
    until(page, f"{AT} > 1")
    measured = page.evaluate(
        """async () => {
            const audio = document.getElementById("audio");
            const [at, clock] = [audio.currentTime, performance.now()];
            await new Promise(done => setTimeout(done, 3000));
            return (audio.currentTime - at) * 1000 / (performance.now() - clock);
        }"""
    )
    assert measured == pytest.approx(float(speed), rel=0.15)
    assert page.evaluate("document.getElementById('audio').preservesPitch") is True


LISTEN = """async index => {
    const audio = document.getElementById("audio");
    const context = window.context ??= new AudioContext({ sampleRate: 22050 });
    window.source ??= context.createMediaElementSource(audio);
    const tap = context.createScriptProcessor(1024, 1, 1);
    const heard = [];
    tap.onaudioprocess = event => heard.push([audio.currentTime, ...event.inputBuffer.getChannelData(0)]);
    await context.resume();
    document.querySelectorAll(".chapters button")[index].click();
    await new Promise(done => audio.addEventListener("seeked", done, { once: true }));
    const landed = audio.currentTime;
    source.connect(tap).connect(context.destination);
    await new Promise(done => setTimeout(done, 2600));
    tap.disconnect();
    audio.pause();
    return [landed, heard.map(([at, ...sound]) => [at, sound.map(value => Math.round(value * 32767))])];
}"""


def test_a_chapter_button_lands_where_the_file_has_the_chapter(visit: Open, site: Site) -> None:
    import numpy as np

    page = visit(expected="ScriptProcessorNode is deprecated")
    press(page, "Play")  # a click: a browser lets nothing sound without one
    playing(page)
    sound = decoded(site.folder / f"{site.book.slug}-en.mp3")
    assert page.locator(".chapters button").count() == len(site.book.chapters)
    for index, chapter in enumerate(site.book.chapters):
        start = chapter.start_ms / 1000
        landed, blocks = page.evaluate(LISTEN, index)
        assert landed == pytest.approx(start, abs=NEAR)
        # The clock when the last block was handed over, less the block: what was heard, and when by the clock.
        heard = np.concatenate([block for _, block in blocks[-24:]]).astype(float)
        by_the_clock = blocks[-1][0] - len(heard) / 22050
        first = max(0, round((start - 2) * 22050))
        part = sound[first : round((start + 6) * 22050)]
        in_the_file = (first + lag(part, heard)) / 22050
        assert in_the_file == pytest.approx(by_the_clock, abs=NEAR), chapter.id


def decoded(path: Path) -> np.ndarray[Any, Any]:
    """The samples of an MP3, as another decoder gives them."""
    import subprocess

    import imageio_ffmpeg
    import numpy as np

    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(path), "-f", "s16le", "-ac", "1", "-"]
    return np.frombuffer(subprocess.run(command, capture_output=True, check=True).stdout, "<i2").astype(float)


def lag(sound: np.ndarray[Any, Any], part: np.ndarray[Any, Any]) -> int:
    """Where in ``sound`` the ``part`` stands, in samples: there it must be, but for what a busy machine lost."""
    import numpy as np

    size = len(sound) + len(part)
    alike = np.fft.irfft(np.fft.rfft(sound, size) * np.conj(np.fft.rfft(part, size)), size)[: len(sound) - len(part)]
    best = int(np.argmax(alike))
    there = sound[best : best + len(part)]
    assert alike[best] > 0.5 * np.linalg.norm(there) * np.linalg.norm(part) > 0
    return best


def test_the_sentence_that_is_spoken_is_marked(visit: Open, site: Site) -> None:
    page = visit()
    cues = printed(site.book)
    for at, cue in cues[:: len(cues) // 12]:
        seek(page, at + 0.1)
        until(page, f"{MARKED} === {json.dumps(site.name(cue.id))}", 2)
        assert page.locator(".now").count() == 1
        assert page.evaluate("getComputedStyle(document.querySelector('.now')).outlineStyle") == "solid"
    seek(page, site.begin("c00-009"))  # the second saying of what c00-008 says first
    assert page.evaluate(MARKED) == site.name("c00-008")
    seek(page, site.begin("c02-001"))  # "Chapter 2." is not printed
    assert page.evaluate(MARKED) == site.name("c02-002")


def test_the_mark_follows_while_it_plays(visit: Open, site: Site) -> None:
    page = visit(f"#{site.name('c01-003')}")
    page.get_by_label("Speed").select_option("2")
    press(page, "Play")
    seen = page.evaluate(
        f"""() => new Promise(done => {{
            const seen = [];
            const timer = setInterval(() => seen.push([{AT}, {MARKED}]), 50);
            setTimeout(() => {{ clearInterval(timer); done(seen); }}, 9000);
        }})"""
    )
    cues = printed(site.book)
    marks = set()
    for at, marked in seen:
        fits = {
            site.name(cue.id)
            for (begin, cue), (end, _) in itertools.pairwise(cues)
            if begin - 0.1 <= at <= end + 0.35 * 2
        }
        assert marked in fits, (at, marked)
        marks.add(marked)
    assert len(marks) >= 3


def test_place_and_speed_are_remembered_after_play_and_forgotten_when_asked(visit: Open, site: Site) -> None:
    page = visit()
    page.get_by_label("Speed").select_option("1.5")
    seek(page, site.begin("c02-005"))
    assert kept(page) == {}
    press(page, "Play")
    playing(page)
    until(page, "localStorage.length")
    page.reload()
    page.wait_for_selector("#play:visible")
    assert page.evaluate(AT) == pytest.approx(site.begin("c02-005"), abs=NEAR)
    assert page.evaluate(PAUSED)
    assert "Play goes on at 3 minutes 43 seconds, Chapter 2" in page.evaluate(TOLD)
    assert page.get_by_label("Speed").input_value() == "1.5"
    assert [one["place"] for one in kept(page).values()] == [site.name("c02-005")]
    press(page, "Play")
    playing(page)
    press(page, "Forget my place")
    page.wait_for_timeout(4500)  # some sentences
    assert kept(page) == {}
    page.reload()
    page.wait_for_selector("#play:visible")
    assert page.evaluate(AT) == 0


def test_a_shared_link_opens_at_its_sentence(visit: Open, site: Site) -> None:
    page = visit(f"#{site.name('c03-006')}")
    assert page.evaluate(AT) == pytest.approx(site.begin("c03-006"), abs=0.01)
    assert page.evaluate(TOLD).startswith("Play starts at ")
    assert page.evaluate(PAUSED)
    press(page, "Play")
    until(page, f"{AT} > {site.begin('c03-006')} + 0.2")
    assert page.evaluate(AT) < site.begin("c03-006") + 3


@pytest.mark.parametrize(("cue", "chapter"), [("c03-006", 3), ("c77-001", 0)])
def test_a_place_in_another_edition_opens_at_its_chapter_and_says_so(
    visit: Open, site: Site, cue: str, chapter: int
) -> None:
    page = visit(f"#{cue}-00000000")
    assert page.evaluate(AT) == pytest.approx(site.book.chapters[chapter].start_ms / 1000, abs=0.01)
    assert page.get_by_role("status").inner_text().startswith("This leaflet has been updated.")


def test_the_link_to_this_moment_is_copied(visit: Open, site: Site) -> None:
    page = visit(permissions=["clipboard-read", "clipboard-write"])
    seek(page, site.begin("c01-005") + 0.1)
    press(page, "Copy link to this moment")
    until(page, f"{TOLD} === 'The link is copied.'")
    assert page.evaluate("navigator.clipboard.readText()") == f"{site.page}#{site.name('c01-005')}"


def test_where_there_is_no_clipboard_the_link_is_shown(visit: Open, site: Site) -> None:
    page = visit(script="Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    seek(page, site.begin("c01-005") + 0.1)
    press(page, "Copy link to this moment")
    page.wait_for_selector("#link:visible")
    assert page.evaluate("getSelection().toString()") == f"{site.page}#{site.name('c01-005')}"


def test_the_sleep_timer_pauses_and_says_so(visit: Open) -> None:
    page = visit(clock=True)
    page.get_by_label("Sleep timer").select_option("5")
    press(page, "Play")
    playing(page)
    page.clock.fast_forward("04:50")
    page.wait_for_timeout(600)
    assert not page.evaluate(PAUSED)
    page.clock.fast_forward("00:10")
    until(page, PAUSED)
    assert page.get_by_role("status").inner_text() == "Paused by the sleep timer."
    assert page.get_by_label("Sleep timer").input_value() == ""


def test_the_sleep_timer_stops_at_the_end_of_the_chapter(visit: Open, site: Site) -> None:
    page = visit()
    page.get_by_label("Sleep timer").select_option("chapter")
    end = site.book.chapters[3].start_ms / 1000
    seek(page, end - 1.5)
    press(page, "Play")
    playing(page)
    until(page, PAUSED, 8)
    assert page.evaluate(AT) == pytest.approx(end, abs=0.2)
    assert page.get_by_role("status").inner_text() == "Paused by the sleep timer."
