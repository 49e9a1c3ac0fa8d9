"""The audiobook of an edition, held to the rules of Readium's manifest, its audiobook profile and its package.

RWPM: Readium Web Publication Manifest; AB: its audiobook profile; RPF: the Readium Packaging Format.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from tests.publish.epub.books import BOOKS, edition
from tests.publish.epub.conformance import length_ms

from audioleaflet.book.model import Book
from audioleaflet.errors import PublishError
from audioleaflet.publish.audiobook import write_audiobook

ANY = pytest.mark.parametrize("name", sorted(BOOKS))
PROFILE = "https://readium.org/webpub-manifest/profiles/audiobook"
FEATURES = {"tableOfContents", "structuralNavigation", "readingOrder", "transcript", "none"}


def read(path: Path) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The manifest, and the other files by name."""
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(files.pop("manifest.json"))
    assert isinstance(manifest, dict)
    return manifest, files


def links(listed: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for link in listed:
        yield link
        yield from links(link.get("children", []))


def broken(manifest: dict[str, Any], files: dict[str, bytes]) -> list[str]:
    """What of the rules a manifest breaks."""
    found = []

    def told(held: object, problem: str) -> None:
        if not held:
            found.append(problem)

    data = manifest["metadata"]
    told(data["conformsTo"] == PROFILE, "AB 1 it does not say that it is an audiobook")
    told(isinstance(data["title"], str) and data["title"].strip(), "RWPM metadata: it has no title")
    told(re.match(r"[a-z][a-z0-9+.-]*:\S+$", data["identifier"]), "RWPM metadata: its identifier is no URI")
    told(datetime.fromisoformat(data["modified"]).tzinfo, "RWPM schema: it was changed at no moment")
    told(data["readingProgression"] in ("ltr", "rtl"), "RWPM metadata: it is read in no direction")
    access = data["accessibility"]
    told(set(access["feature"]) <= FEATURES, "RWPM schema: unknown features")
    told(set(access["accessModeSufficient"]) <= set(access["accessMode"]), "RWPM schema: what is enough is not there")
    told(any(link["rel"] == "self" for link in manifest["links"]), "RWPM links: it does not say where it is")
    order = manifest["readingOrder"]
    told(order and all(link["type"].startswith("audio/") for link in order), "AB 2 not all is sound")
    told(all("#" not in link["href"] for link in order), "AB 2 a part of a file is in the reading order")
    told(all(link["duration"] > 0 for link in order), "AB 2 a chapter takes no time")
    named = [link["href"] for link in (*order, *manifest["resources"])]
    told(sorted(named) == sorted(files), f"RPF 5 it names {named}")
    told(len(set(named)) == len(named), "RWPM schema: a file is named twice")
    told(abs(data["duration"] - sum(link["duration"] for link in order)) < 0.0005, "AB 3 it lasts another time")
    for link in order:
        if link["href"] in files:
            told(
                abs(link["duration"] * 1000 - length_ms(files[link["href"]])) <= 0.5, f"AB 2 {link} lasts another time"
            )
    told(any(link.get("rel") == "cover" for link in manifest["resources"]), "RWPM resources: it has no cover")
    places = []
    lengths = {link["href"]: link["duration"] for link in order}
    for link in links(manifest["toc"]):
        file, _, moment = link["href"].partition("#t=")
        told(link["title"].strip(), "RWPM toc: an entry of the contents has no words")
        told(file in lengths, f"RWPM toc: the contents lead to {file}")
        told(re.fullmatch(r"\d+\.\d{3}", moment or "0.000"), f"Media Fragments 4.2.1 {moment} is no time")
        told(float(moment or 0) < lengths.get(file, 0), f"the contents lead past the end of {file}")
        places.append((list(lengths).index(file) if file in lengths else -1, float(moment or -1)))
    told(places == sorted(places), "the contents are not in the order of listening")
    return found


@ANY
def test_every_rule_is_kept(name: str, tmp_path: Path) -> None:
    manifest, files = read(write_audiobook(edition(name, tmp_path), tmp_path))
    assert broken(manifest, files) == []


def test_what_it_says_and_in_which_order(tmp_path: Path) -> None:
    book = edition("deep", tmp_path)
    path = write_audiobook(book, tmp_path)
    manifest, files = read(path)
    assert path.name == "sample-en.audiobook"
    assert manifest["metadata"]["title"] == book.title
    assert manifest["metadata"]["narrator"] == "A computer voice (en-us)"
    assert [link["title"] for link in manifest["readingOrder"]] == ["Introduction", "1. One"]
    introduction, one = manifest["toc"]
    begin = book.chapters[0].cues[1].begin_ms / 1000
    assert introduction["children"] == [
        {
            "href": f"sample-en-00-introduction.mp3#t={begin:.3f}",
            "type": "audio/mpeg",
            "title": "How to say the words",
        }
    ]
    assert [child["title"] for child in one["children"]] == ["Deep at once", "Higher again", "In an item"]
    assert [child["title"] for child in one["children"][0]["children"]] == ["Deeper"]
    for chapter in book.chapters:
        assert files[Path(chapter.audio).name] == (tmp_path / chapter.audio).read_bytes()


def test_of_its_use_it_tells_nothing_of_files_that_may_not_be_there(tmp_path: Path) -> None:
    manifest, _ = read(write_audiobook(edition("sample", tmp_path), tmp_path))
    summary = manifest["metadata"]["accessibility"]["summary"]
    assert summary.startswith("All of it can be heard")
    assert not re.search("transcript|EPUB|page", summary)


def test_a_moment_late_in_a_chapter_is_told_to_the_millisecond(tmp_path: Path) -> None:
    book = edition("deep", tmp_path)
    chapter = book.chapters[1]
    late = [
        cue.model_copy(update={"begin_ms": cue.begin_ms + 2_000_000, "end_ms": cue.end_ms + 2_000_000})
        for cue in chapter.cues
    ]
    late[0] = late[0].model_copy(update={"begin_ms": 0})
    chapter = chapter.model_copy(update={"cues": tuple(late), "duration_ms": chapter.duration_ms + 2_000_000})
    manifest, _ = read(write_audiobook(book.model_copy(update={"chapters": (book.chapters[0], chapter)}), tmp_path))
    heading = next(cue for cue in late if cue.text == "Deep at once")
    moment = manifest["toc"][1]["children"][0]["href"].partition("#t=")[2]
    assert moment == f"{heading.begin_ms // 1000}.{heading.begin_ms % 1000:03}"
    assert heading.begin_ms > 2_000_000


def test_all_of_it_is_stored_and_the_same_each_time(tmp_path: Path) -> None:
    book = edition("sample", tmp_path)
    path = write_audiobook(book, tmp_path)
    before = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        assert {one.compress_type for one in archive.infolist()} == {zipfile.ZIP_STORED}
        assert archive.namelist()[0] == "manifest.json"
    assert write_audiobook(book, tmp_path).read_bytes() == before


def test_missing_sound_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    book = edition("sample", tmp_path)
    (tmp_path / book.chapters[1].audio).unlink()
    with pytest.raises(PublishError, match=r"01-what-is-it\.mp3 is missing"):
        write_audiobook(book, tmp_path)
    assert not list(tmp_path.glob("*.audiobook*"))


def _exchange(manifest: dict[str, Any]) -> None:
    manifest["toc"].reverse()


MUTANTS: dict[str, Callable[[dict[str, Any]], object]] = {
    "a wrong total": lambda m: m["metadata"].update(duration=1.0),
    "a wrong length": lambda m: m["readingOrder"][0].update(duration=1.0),
    "a chapter lost": lambda m: m["readingOrder"].pop(),
    "contents out of order": _exchange,
    "a place past the end": lambda m: m["toc"][1].update(href=m["toc"][1]["href"] + "#t=9999.000"),
    "a dangling place": lambda m: m["toc"][0].update(href="gone.mp3"),
    "no cover": lambda m: m["resources"][0].pop("rel"),
    "another profile": lambda m: m["metadata"].update(conformsTo="https://readium.org/webpub-manifest/profiles/epub"),
}


@pytest.mark.parametrize("mutant", sorted(MUTANTS))
def test_the_rules_see_what_is_wrong(mutant: str, tmp_path: Path) -> None:
    manifest, files = read(write_audiobook(edition("sample", tmp_path), tmp_path))
    MUTANTS[mutant](manifest)
    assert broken(manifest, files)


def test_a_book_changed_at_no_time_is_told(tmp_path: Path) -> None:
    book: Book = edition("sample", tmp_path).model_copy(update={"modified": ""})
    with pytest.raises(PublishError, match="'modified' is no time: ''"):
        write_audiobook(book, tmp_path)
