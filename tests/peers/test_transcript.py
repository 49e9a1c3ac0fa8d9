"""The transcripts read by programs that others wrote: W3C's WebVTT parser, the Nu HTML checker, ffmpeg.

The first two come from npm, into a folder that ``AUDIOLEAFLET_PEERS`` names (they need Node.js and Java):

    npm install --prefix "$AUDIOLEAFLET_PEERS" --ignore-scripts webvtt-parser@2 vnu-jar
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from tests.peers.conftest import require
from tests.publish.conftest import WORDS, write_hostile, write_sample

from audioleaflet.book.model import Book
from audioleaflet.publish.transcript import transcript_html, transcript_srt, transcript_vtt
from audioleaflet.publish.transcript.wording import one_line

pytestmark = pytest.mark.peer

BOOKS = pytest.mark.parametrize("book", [write_sample(), write_hostile()], ids=["sample", "hostile"])

# The hostile words are of many languages, and some are composed in an unusual way on purpose.
ABOUT_THE_WORDS = (
    "Text run is not in Unicode Normalization Form C.",
    "This document appears to be written in",
)

PARSE = """
const { WebVTTParser } = require(process.argv[1]);
const entities = require(process.argv[1] + "/html-entities.json");
const text = require("fs").readFileSync(0, "utf8");
const leaf = (node) => node.type === "text" ? node.value : "<" + flat(node.children) + ">";
const flat = (nodes) => nodes.map(leaf).join("");
const tree = new WebVTTParser(entities).parse(text, "captions");
const cues = tree.cues.map((cue) => [cue.id, cue.startTime, cue.endTime, flat(cue.tree.children)]);
console.log(JSON.stringify({ errors: tree.errors, cues }));
"""


def require_package(path: str) -> str:
    """The path of a file or folder of an npm package; a missing one skips, or fails where ``CI`` is set."""
    found = Path(os.environ.get("AUDIOLEAFLET_PEERS", "")) / "node_modules" / path
    if os.environ.get("AUDIOLEAFLET_PEERS") and found.exists():
        return str(found.resolve())
    reason = f"npm's {path} is not in the folder that AUDIOLEAFLET_PEERS names"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def run(*command: str, text: str = "") -> str:
    """What the program writes; its own messages when it fails."""
    done = subprocess.run(command, input=text, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@BOOKS
def test_the_w3c_parser_finds_no_error_and_reads_every_caption(book: Book) -> None:
    parser = require_package("webvtt-parser")
    answer = json.loads(run(require("node"), "-e", PARSE, parser, text=transcript_vtt(book)))
    assert answer["errors"] == []
    expected = [
        [
            cue.id,
            (chapter.start_ms + cue.speech_begin_ms) / 1000,
            (chapter.start_ms + cue.speech_end_ms) / 1000,
            one_line(cue.text),
        ]
        for chapter in book.chapters
        for cue in chapter.cues
    ]
    assert answer["cues"] == expected


@BOOKS
def test_the_nu_checker_has_nothing_to_report(book: Book, tmp_path: Path) -> None:
    jar = require_package("vnu-jar/build/dist/vnu.jar")
    page = tmp_path / "transcript.html"
    page.write_text(transcript_html(book, WORDS), encoding="utf-8")
    done = subprocess.run(
        [require("java"), "-jar", jar, "--format", "json", str(page)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    messages = [message["message"] for message in json.loads(done.stderr)["messages"]]
    assert [message for message in messages if not message.startswith(ABOUT_THE_WORDS)] == []


@BOOKS
def test_ffmpeg_reads_every_word_of_the_srt(book: Book, tmp_path: Path) -> None:
    path = tmp_path / "transcript.srt"
    path.write_text(transcript_srt(book), encoding="utf-8")
    read = run(require("ffmpeg"), "-v", "error", "-i", str(path), "-f", "srt", "-")
    assert read.strip() == transcript_srt(book).strip()
