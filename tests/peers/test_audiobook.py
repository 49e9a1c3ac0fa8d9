"""The audiobook opened by Readium's parser, which comes from npm into a folder that ``AUDIOLEAFLET_PEERS`` names:

npm install --prefix "$AUDIOLEAFLET_PEERS" --ignore-scripts r2-shared-js
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.peers.conftest import require
from tests.peers.test_transcript import require_package, run
from tests.publish.epub.books import BOOKS, edition

from audioleaflet.publish.audiobook import write_audiobook
from audioleaflet.publish.contents import Place, places
from audioleaflet.publish.transcript.wording import one_line, open_book

pytestmark = pytest.mark.peer

READ = """
const [modules, file] = process.argv.slice(1);
const source = modules + "/r2-shared-js/dist/es8-es2017/src/";
const globals = require(source + "init-globals");
globals.initGlobalConverters_GENERIC();
globals.initGlobalConverters_SHARED();
const { TaJsonSerialize } = require(modules + "/r2-lcp-js/dist/es8-es2017/src/serializable");
const { isAudioBookPublication, AudioBookParsePromise } = require(source + "parser/audiobook");
const { zipLoadPromise } = require(modules + "/r2-utils-js/dist/es8-es2017/src/_utils/zip/zipFactory");
(async () => {
  const kind = await isAudioBookPublication(file);
  const publication = await AudioBookParsePromise(file);
  const zip = await zipLoadPromise(file);
  const sizes = {};
  for (const link of publication.Spine) {
    sizes[link.Href] = (await zip.entryStreamPromise(link.Href)).length;
  }
  const answer = JSON.stringify({ kind, publication: TaJsonSerialize(publication), sizes });
  process.stdout.write(answer, () => process.exit(0)); // the streams are open still
})().catch((error) => { console.error(error); process.exit(1); });
"""


def listed(links: list[dict[str, Any]]) -> list[Any]:
    return [(link["title"], link["href"], listed(link.get("children", []))) for link in links]


def wanted(file: str, below: tuple[Place, ...]) -> list[Any]:
    return [(place.text, f"{file}#t={place.begin_ms / 1000:.3f}", wanted(file, place.below)) for place in below]


@pytest.mark.parametrize("name", sorted(BOOKS))
def test_readium_opens_it_and_finds_every_chapter_and_heading(name: str, tmp_path: Path) -> None:
    book = edition(name, tmp_path)
    path = write_audiobook(book, tmp_path)
    modules = str(Path(require_package("r2-shared-js")).parent)
    parsed = json.loads(run(require("node"), "-e", READ, modules, str(path)))
    publication, opened = parsed["publication"], open_book(book)
    assert parsed["kind"] == "LocalPacked"
    data = publication["metadata"]
    assert (data["title"], data["identifier"]) == (one_line(book.title), book.identifier)
    assert data["duration"] == sum(chapter.duration_ms for chapter in book.chapters) / 1000
    files = {chapter.number: Path(chapter.audio).name for chapter in book.chapters}
    assert [(link["href"], link["duration"]) for link in publication["readingOrder"]] == [
        (files[chapter.number], chapter.duration_ms / 1000) for chapter in book.chapters
    ]
    assert listed(publication["toc"]) == [
        (shown.title, files[chapter.number], wanted(files[chapter.number], places(book, opened, chapter)))
        for shown, chapter in zip(opened.chapters, book.chapters, strict=True)
    ]
    assert parsed["sizes"] == {files[one.number]: (tmp_path / one.audio).stat().st_size for one in book.chapters}
    assert [link["rel"] for link in publication["resources"]] == ["cover"]
