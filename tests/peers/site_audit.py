"""What a page is measured by in a real Chromium (axe-core, contrast, targets, room), and pages to measure."""

from __future__ import annotations

import difflib
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.conftest import Made
from tests.peers.site_server import served
from tests.peers.test_transcript import require_package
from tests.publish.conftest import write_sample
from tests.publish.site.conftest import LIBRARY, TODAY, approved, listed, make_files

from audioleaflet.book.model import Book
from audioleaflet.publish.site import (
    Library,
    Listed,
    write_archive,
    write_assets,
    write_edition_page,
    write_library_page,
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

GOLDEN = Path(__file__).resolve().parent.parent / "golden" / "site"
# WCAG 2.0 to 2.2, A and AA; what axe-core calls best practice; and contrast of 7:1.
STANDARD: dict[str, Any] = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"target-size": {"enabled": True}, "color-contrast-enhanced": {"enabled": True}},
}

# Functions that the others use. A colour is [red, green, blue, alpha].
_COMMON = """
const colour = text => {
    const found = text.match(/[\\d.]+/g)?.map(Number) ?? [0, 0, 0, 0];
    return found.length === 3 ? [...found, 1] : found;
};
const over = (top, under) => [0, 1, 2].map(i => top[i] * top[3] + under[i] * (1 - top[3])).concat(1);
const behind = element => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) layers.push(colour(getComputedStyle(at).backgroundColor));
    return layers.reverse().reduce((under, layer) => over(layer, under), [255, 255, 255, 1]);
};
const light = ([...rgb]) => rgb.slice(0, 3)
    .map(part => part / 255)
    .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, i) => sum + part * [0.2126, 0.7152, 0.0722][i], 0);
const contrast = (one, other) => {
    const [dark, bright] = [light(one), light(other)].sort((a, b) => a - b);
    return (bright + 0.05) / (dark + 0.05);
};
const seen = element => element.checkVisibility({ visibilityProperty: true });
const called = element => `${element.tagName.toLowerCase()}#${element.id}.${element.className} `
    + `"${(element.textContent || element.getAttribute("aria-label") || "").trim().slice(0, 40)}"`;
const STOPS = "a[href], button, input, select, textarea, summary, audio[controls], [tabindex]";
const stops = () => [...document.querySelectorAll(STOPS)].filter(seen);
const lines = node => {
    const range = document.createRange();
    range.selectNodeContents(node);
    return [...range.getClientRects()].filter(({ width, height }) => width && height);
};
const texts = root => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) {
        const { data, parentElement } = walker.currentNode;
        if (data.trim() && seen(parentElement) && getComputedStyle(parentElement).fontSize !== "0px") {
            found.push(walker.currentNode);
        }
    }
    return found;
};
"""

# What has less contrast than `least`: text against what is behind it.
FAINT = """least => texts(document.body)
    .map(({ parentElement: element, data }) => {
        const style = getComputedStyle(element);
        const ground = behind(element);
        const found = contrast(over(colour(style.color), ground), ground);
        for (let at = element; at; at = at.parentElement) {
            if (getComputedStyle(at).opacity !== "1") return `${called(element)} is half transparent`;
        }
        return found < least ? `${found.toFixed(2)}: ${style.color} on ${ground.slice(0, 3)}: ${data.trim()}` : "";
    })
    .filter(Boolean)"""

# Targets that are smaller than `least` px.
SMALL = """least => stops()
    .map(element => element.matches("[type=checkbox]") ? element.closest("label") : element)
    .map(element => [element, element.getBoundingClientRect()])
    .filter(([, { width, height }]) => width < least || height < least)
    .map(([element, { width, height }]) => `${called(element)} ${width.toFixed(1)} x ${height.toFixed(1)}`)"""

# What cannot be seen or reached because there is too little room: words past an edge of the window, out of their
# button or cut off by their box; a page that is wider than the window.
LOST = """() => {
    const { scrollWidth, clientWidth } = document.scrollingElement;
    const lost = scrollWidth > clientWidth ? [`the page is ${scrollWidth} px wide in ${clientWidth}`] : [];
    for (const node of texts(document.body)) {
        const box = node.parentElement.closest("button, summary, a, label, dt, dd, #bar, #player");
        const room = box && getComputedStyle(box).display !== "inline" ? box.getBoundingClientRect() : null;
        for (const { left, right, top, bottom } of lines(node)) {
            const name = `"${node.data.trim().slice(0, 40)}"`;
            if (left < -0.5 || right > clientWidth + 0.5) lost.push(`${name} is past the window's edge`);
            else if (room && (left < room.left - 1 || right > room.right + 1)) lost.push(`${name} is out of its box`);
            else if (room && (top < room.top - 1 || bottom > room.bottom + 1)) lost.push(`${name} is out of its box`);
        }
    }
    for (const element of document.querySelectorAll("body, body *")) {
        const { overflowX, overflowY } = getComputedStyle(element);
        const cut = overflowX !== "visible" && element.scrollWidth > element.clientWidth + 1
            || overflowY !== "visible" && element.scrollHeight > element.clientHeight + 1;
        if (cut && seen(element) && !element.matches("input, select, option")) lost.push(`${called(element)} is cut`);
    }
    for (const element of stops()) {
        const { left, right } = element.getBoundingClientRect();
        if (left < -0.5 || right > clientWidth + 0.5) lost.push(`${called(element)} is past the window's edge`);
    }
    return [...new Set(lost)];
}"""

# Controls and links that lie over each other.
OVERLAPS = """() => {
    const still = stops().filter(element => !element.closest("#bar"));
    const all = still.map(element => [element, element.getBoundingClientRect()]);
    return all.flatMap(([one, a], i) => all.slice(i + 1)
        .filter(([, b]) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1)
        .map(([other]) => `${called(one)} over ${called(other)}`));
}"""

# How the focus shows on the element that has it, as [outline's width in px, its contrast with the page], and what
# covers that element, if anything.
FOCUS = """() => {
    const element = document.activeElement;
    const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(element);
    const ground = behind(element.parentElement);
    const { left, right, top, bottom } = element.getBoundingClientRect();
    const middle = [Math.min(right, left + 20) - 2, (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2];
    const above = document.elementFromPoint(...middle);
    const told = `${called(above)} at ${middle}, ${top} to ${bottom}`;
    const own = element.contains(above) || above?.closest("label")?.contains(element);
    return {
        width: outlineStyle === "none" ? 0 : parseFloat(outlineWidth),
        contrast: contrast(over(colour(outlineColor), ground), ground),
        covered: top < -1 || bottom > innerHeight + 1 || !own ? told : "",
        name: called(element),
    };
}"""


def measure(page: Page, routine: str, given: float | None = None) -> Any:
    """The answer of one of the routines above."""
    return page.evaluate(f"given => {{ {_COMMON}; return ({routine})(given); }}", given)


@cache
def _axe() -> str:
    return Path(require_package("axe-core/axe.min.js")).read_text(encoding="utf-8")


def axe(page: Page) -> list[str]:
    """What axe-core reports on the page as it is now."""
    page.evaluate(_axe())
    return _told(page.evaluate("options => axe.run(document, options).then(({ violations }) => violations)", STANDARD))


def axe_on_each(page: Page) -> list[str]:
    """What axe-core reports on each control while it has the focus: of the rules about what is shown."""
    page.evaluate(_axe())
    run = f"""async rules => {{
        {_COMMON}
        const found = [];
        for (const element of stops()) {{
            element.focus();
            const options = {{ runOnly: {{ type: "rule", values: rules }} }};
            found.push(...(await axe.run(element, options)).violations);
        }}
        return found;
    }}"""
    return _told(page.evaluate(run, ["color-contrast", "color-contrast-enhanced", "target-size"]))


def _told(violations: Sequence[dict[str, Any]]) -> list[str]:
    return [f"{one['id']}: {node['html'][:200]}" for one in violations for node in one["nodes"]]


@dataclass(frozen=True, slots=True)
class Pages:
    """Pages of editions made by hand, served from one folder; ``sound`` is a recording that plays."""

    root: str
    folder: Path
    sound: Path

    def add(self, name: str, book: Book, library: Library = LIBRARY) -> str:
        """Write the page of a book, if it is not there yet, and give its address."""
        folder = self.folder / name / "en"
        if not folder.exists():
            made = make_files(book, folder)
            shutil.copyfile(self.sound, folder / "sample-en.mp3")
            write_archive(made, folder)
            write_edition_page(listed(made, folder), folder, library, today=TODAY)
            write_assets(self.folder)
        return f"{self.root}/{name}/en/index.html"

    def add_library(self, name: str, editions: int) -> str:
        """Write a library page of so many editions, and give its address."""
        folder = self.folder / name
        books = [write_sample().model_copy(update={"title": f"Leaflet number {n}"}) for n in range(1, editions + 1)]
        books[0] = approved(books[0], "2027-01-31")
        library = replace(LIBRARY, base_url="https://library.example/", telephone="+44 20 7946 0000")
        entries = [Listed(book=book, path=f"leaflet-{number}/en") for number, book in enumerate(books)]
        write_library_page(entries, folder, library, today=TODAY)
        write_assets(folder)
        return f"{self.root}/{name}/index.html"


@pytest.fixture(scope="module")
def pages(real: Made, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    """A folder for pages, served by the project's own server."""
    folder = tmp_path_factory.mktemp("pages")
    with served(folder) as root:
        yield Pages(root, folder, real.folder / f"{real.book.slug}-en.mp3")


Look = Callable[..., "Page"]


@pytest.fixture
def look(browser: Browser) -> Iterator[Look]:
    """Open an address in a window of its own. Errors of the page fail the test."""
    faults: list[str] = []
    contexts: list[BrowserContext] = []

    def opened(address: str, width: int = 900, height: int = 800, **options: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("dialog", lambda dialog: faults.append(f"a dialog: {dialog.message}"))
        page.goto(address)
        page.wait_for_load_state("load")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert faults == []


def check_golden(name: str, found: str) -> None:
    """Compare with a golden of that name, or write it where ``AUDIOLEAFLET_REWRITE`` is set."""
    path = GOLDEN / name
    if os.environ.get("AUDIOLEAFLET_REWRITE"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{found}\n", encoding="utf-8")
    golden = path.read_text(encoding="utf-8").splitlines()
    difference = list(difflib.unified_diff(golden, found.splitlines(), "golden", "found", lineterm="", n=3))
    assert not difference, "\n" + "\n".join(difference)
