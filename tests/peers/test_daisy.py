"""The talking book read by programs that others wrote: Readium's parser, the W3C's document types, ffmpeg.

The first comes from npm, into a folder that ``AUDIOLEAFLET_PEERS`` names (it needs Node.js); the document types of
XHTML 1.0 and SMIL 1.0 from Debian's ``w3c-sgml-lib``:

    npm install --prefix "$AUDIOLEAFLET_PEERS" --ignore-scripts r2-shared-js
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from tests.conftest import Made
from tests.peers.conftest import require
from tests.peers.test_transcript import require_package, run
from tests.publish.conftest import write_hostile, write_sample
from tests.publish.daisy.talking import sounding, unzipped

from audioleaflet.book.model import Book
from audioleaflet.publish.daisy import write_daisy

pytestmark = pytest.mark.peer

DTDS = Path("/usr/share/xml/w3c-sgml-lib/schema/dtd")
XHTML, SMIL = "REC-xhtml1-20020801/xhtml1-transitional.dtd", "REC-smil-19980615/smil10.dtd"

READ = """
const source = require("path").join(process.argv[1], "dist/es8-es2017/src");
const setUp = require(source + "/init-globals");
setUp.initGlobalConverters_GENERIC();
setUp.initGlobalConverters_SHARED();
const { isDaisyPublication, DaisyParsePromise } = require(source + "/parser/daisy");
const { lazyLoadMediaOverlays } = require(source + "/parser/epub-daisy-common");
const file = process.argv[2];
const entry = (link) => ({ title: link.Title, href: link.Href, children: (link.Children || []).map(entry) });
const pairs = (overlay) => [
  ...(overlay.Text && overlay.Audio ? [[overlay.Text, overlay.Audio]] : []),
  ...(overlay.Children || []).flatMap(pairs),
];
(async () => {
  const kind = await isDaisyPublication(file);
  const read = await DaisyParsePromise(file);
  const spine = [];
  for (const link of read.Spine) {
    await lazyLoadMediaOverlays(read, link.MediaOverlays);
    spine.push({ href: link.Href, duration: link.Duration, pairs: pairs(link.MediaOverlays) });
  }
  const meta = read.Metadata;
  const facts = { title: meta.Title, identifier: meta.Identifier, language: meta.Language, duration: meta.Duration };
  process.stdout.write("\\n" + JSON.stringify({ kind, facts, spine, toc: read.TOC.map(entry) }));
})().catch((error) => { console.error(error); process.exit(1); });
"""


def readium(path: Path) -> dict[str, Any]:
    """What Readium's parser makes of a talking book."""
    package = require_package("r2-shared-js")
    # It warns on stdout of what HTML parsers warn of in XHTML; its answer is the last line.
    answer: dict[str, Any] = json.loads(run(require("node"), "-e", READ, package, str(path)).splitlines()[-1])
    return answer


def talking(real: Made, folder: Path) -> Path:
    (folder / "chapters").symlink_to(real.folder / "chapters")
    return write_daisy(real.book, folder)


def flat(entries: list[dict[str, Any]], depth: int = 1) -> list[tuple[int, str]]:
    return [one for entry in entries for one in [(depth, entry["title"]), *flat(entry["children"], depth + 1)]]


def test_readium_finds_the_outline_and_every_sentence_with_its_sound(real: Made, tmp_path: Path) -> None:
    path = talking(real, tmp_path)
    read = readium(path)
    assert read["kind"] == "LocalPacked"
    assert read["facts"]["title"] == real.book.title
    assert read["facts"]["identifier"] == real.book.identifier
    assert abs(read["facts"]["duration"] - real.book.duration_ms / 1000) < 1
    titles = flat(read["toc"])
    assert titles[:3] == [(1, real.book.title), (1, "Introduction"), (2, "How to say the words")]
    assert [title for depth, title in titles[3:] if depth == 1] == [
        f"{chapter.number}. {chapter.title}" for chapter in real.book.chapters[1:]
    ]
    assert titles[-1] == (2, "About this leaflet")
    for link, chapter in zip(read["spine"], real.book.chapters, strict=True):
        assert abs(round(link["duration"] * 1000) - chapter.duration_ms) <= 1
        assert [text.rpartition("#")[2] for text, _ in link["pairs"]] == [c.id for c in chapter.cues if c.printed]
        times = [sound.rpartition("#t=")[2].split(",") for _, sound in link["pairs"]]
        assert float(times[0][0]) == 0
        assert [end for _, end in times[:-1]] == [begin for begin, _ in times[1:]]


@pytest.mark.parametrize("title", ["Diet & bone", 'What "spread" means'])
def test_readium_reads_words_that_look_like_markup(title: str, tmp_path: Path) -> None:
    # Its parser does not escape a "<" in metadata for itself: such a title stops it, in a talking book of any maker.
    book = sounding(write_hostile().model_copy(update={"title": title}), tmp_path)
    read = readium(write_daisy(book, tmp_path))
    printed = [cue.id for chapter in book.chapters for cue in chapter.cues if cue.printed]
    assert [text.rpartition("#")[2] for link in read["spine"] for text, _ in link["pairs"]] == printed
    assert read["facts"]["title"] == book.title


def document_type(name: str) -> etree.DTD:
    """A document type of the W3C; where Debian's package is missing the test skips, or fails where ``CI`` is set."""
    path = DTDS / name
    if not path.is_file():
        reason = "w3c-sgml-lib is not installed"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return etree.DTD(str(path))


@pytest.mark.parametrize("book", [write_sample(), write_hostile()], ids=["sample", "hostile"])
def test_the_files_are_valid_xhtml_and_smil(book: Book, tmp_path: Path) -> None:
    types = {"html": document_type(XHTML), "smil": document_type(SMIL)}
    book = sounding(book, tmp_path)
    for path, data in unzipped(write_daisy(book, tmp_path)).items():
        kind = types.get(path.rpartition(".")[2])
        if kind is not None:
            assert kind.validate(etree.fromstring(data)), (path, kind.error_log)


def test_every_mp3_lasts_as_long_as_its_clips(real: Made, tmp_path: Path) -> None:
    ffmpeg = require("ffmpeg")
    files = unzipped(talking(real, tmp_path))
    sounds = {path: data for path, data in files.items() if path.endswith(".mp3")}
    assert len(sounds) == len(real.book.chapters)
    for (path, data), chapter in zip(sounds.items(), real.book.chapters, strict=True):
        command = [ffmpeg, "-v", "warning", "-xerror", "-i", "pipe:0", "-f", "s16le", "pipe:1"]
        done = subprocess.run(command, input=data, capture_output=True, check=True)
        assert done.stderr == b"", (path, done.stderr)
        decoded_ms = len(done.stdout) / 2 * 1000 / real.book.sample_rate
        smil = etree.fromstring(files[path.replace(".mp3", ".smil")])
        last = str(smil.xpath("string((//audio)[last()]/@clip-end)")).removeprefix("npt=").removesuffix("s")
        assert float(last) * 1000 <= decoded_ms < float(last) * 1000 + 1
        assert abs(decoded_ms - chapter.duration_ms) <= 1
