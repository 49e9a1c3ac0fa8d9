"""``publication.json``, held to W3C's Audiobooks (AB) and Publication Manifest (PM), cited by their sections' names."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from tests.publish.conftest import WORDS
from tests.publish.epub.books import BOOKS, edition
from tests.publish.epub.conformance import length_ms

from audioleaflet.book import manifest as book_json
from audioleaflet.book.model import Book
from audioleaflet.publish.transcript import transcript_html
from audioleaflet.publish.w3c import write_w3c

ANY = pytest.mark.parametrize("name", sorted(BOOKS))
MODES = {"auditory", "textual", "visual", "tactile"}


def made(name: str, folder: Path, *, text: bool = True) -> Book:
    """The edition of that name, with its transcript if ``text``, and its files listed."""
    book = edition(name, folder)
    if text:
        (folder / "transcript.html").write_text(transcript_html(book, WORDS), encoding="utf-8")
    return book_json.described(book, folder)


def read(book: Book, folder: Path) -> dict[str, Any]:
    data = json.loads(write_w3c(book, folder).read_text(encoding="utf-8"))
    assert isinstance(data, dict)
    return data


def seconds(duration: str) -> float:
    found = re.fullmatch(r"PT(\d+\.\d{3})S", duration)
    return float(found[1]) if found else -1


def broken(data: dict[str, Any], folder: Path) -> list[str]:
    """What of the rules a manifest breaks, in a folder with what it names."""
    found = []

    def told(held: object, problem: str) -> None:
        if not held:
            found.append(problem)

    told(
        data["@context"][:2] == ["https://schema.org", "https://www.w3.org/ns/pub-context"],
        "PM manifest contexts: its context",
    )
    told(
        data["conformsTo"] == "https://www.w3.org/TR/audiobooks/",
        "AB conformance: it does not say that it is an audiobook",
    )
    told(data["type"] == "Audiobook", "AB type: its type")
    told(re.match(r"[a-z][a-z0-9+.-]*:\S+$", data["id"]), "PM canonical identifier: its id is no URL")
    told(data["name"].strip(), "PM title: it has no name")
    told(
        all(entity["type"] in ("Person", "Organization") for entity in data.get("author", [])),
        "PM creators: its author",
    )
    told(data["readBy"] and all(isinstance(name, str) and name for name in data["readBy"]), "PM creators: who reads it")
    told(
        all(re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]+)*", tag) for tag in data["inLanguage"]),
        "PM language: its language",
    )
    told(datetime.fromisoformat(data["dateModified"]).tzinfo, "PM last modification date: it was changed at no moment")
    told(data["readingProgression"] in ("ltr", "rtl"), "PM reading progression: it is read in no direction")
    told(set(data["accessMode"]) <= MODES, "PM accessibility: its access modes")
    for way in data["accessModeSufficient"]:
        held = way["type"] == "ItemList" and set(way["itemListElement"]) <= set(data["accessMode"])
        told(held, "PM accessibility: what is enough is not there")
    told(data["accessibilityHazard"] and data["accessibilitySummary"].strip(), "PM accessibility: its accessibility")
    order, resources = data["readingOrder"], data["resources"]
    told(
        order and all(one["encodingFormat"].startswith("audio/") for one in order),
        "AB default reading order: not all is sound",
    )
    told(
        abs(seconds(data["duration"]) - sum(seconds(one["duration"]) for one in order)) < 0.0005,
        "AB duration: it lasts another time",
    )
    urls = [one["url"] for one in (*order, *resources)]
    told(len(set(urls)) == len(urls), "PM resources: a file is named twice")
    for one in (*order, *resources):
        told(one["type"] == "LinkedResource" and ".." not in one["url"], f"PM LinkedResource: {one}")
        told((folder / one["url"]).is_file(), f"PM resources: {one['url']} is not there")
    for one in order:
        path = folder / one["url"]
        held = not path.is_file() or abs(seconds(one["duration"]) * 1000 - length_ms(path.read_bytes())) <= 0.5
        told(held, f"AB duration: {one['url']} lasts another time")
        told(one["name"].strip(), "PM LinkedResource: a chapter has no name")
        for other in one.get("alternate", []):
            file, _, fragment = other["url"].partition("#")
            told(file in urls, f"AB accessibility: {file} is no resource")
            root = lxml.html.document_fromstring((folder / file).read_bytes())
            told(root.xpath("//*[@id=$name]", name=fragment), f"AB accessibility: {other['url']} is not there")
    told([one for one in resources if one.get("rel") == "cover"], "AB manifest requirements: it has no cover")
    return found


@ANY
def test_every_rule_is_kept(name: str, tmp_path: Path) -> None:
    book = made(name, tmp_path)
    assert broken(read(book, tmp_path), tmp_path) == []


def test_each_chapter_can_be_read_where_the_transcript_has_it(tmp_path: Path) -> None:
    book = made("sample", tmp_path)
    data = read(book, tmp_path)
    assert [(one["url"], one["name"]) for one in data["readingOrder"]] == [
        ("chapters/sample-en-00-introduction.mp3", "Introduction"),
        ("chapters/sample-en-01-what-is-it.mp3", "1. What is bone metastasis?"),
    ]
    assert [other["url"] for one in data["readingOrder"] for other in one["alternate"]] == [
        "transcript.html#chapter-0",
        "transcript.html#chapter-1",
    ]
    assert data["accessibilityFeature"] == ["readingOrder", "transcript"]


def test_without_a_transcript_none_is_named(tmp_path: Path) -> None:
    book = made("sample", tmp_path, text=False)
    data = read(book, tmp_path)
    assert broken(data, tmp_path) == []
    assert "transcript" not in json.dumps(data["readingOrder"]) + json.dumps(data["resources"])
    assert data["accessibilityFeature"] == ["readingOrder"]


def test_it_names_no_day_of_publication_and_no_place_that_is_not_known(tmp_path: Path) -> None:
    data = read(made("sample", tmp_path), tmp_path)
    assert not {"datePublished", "url"} & set(data)
    assert data["dateModified"] == "2026-11-22T00:00:00Z"


def test_the_same_each_time_and_never_written_over_another_edition(tmp_path: Path) -> None:
    book = made("sample", tmp_path)
    path = write_w3c(book, tmp_path)
    before = path.read_bytes()
    assert write_w3c(book, tmp_path).read_bytes() == before
    shared = tmp_path / "other.json"
    os.link(path, shared)
    write_w3c(book.model_copy(update={"title": "Another"}), tmp_path)
    assert shared.read_bytes() == before
    assert path.read_bytes() != before
    assert not list(tmp_path.glob("*.part"))


def test_nobody_is_named_who_is_not_known(tmp_path: Path) -> None:
    data = read(made("unpublished", tmp_path), tmp_path)
    assert not {"author", "publisher"} & set(data)
    assert data["resources"][0]["name"] == "Cover: Understanding bone metastasis"


MUTANTS: dict[str, Callable[[dict[str, Any]], object]] = {
    "a wrong total": lambda m: m.update(duration="PT1.000S"),
    "a wrong length": lambda m: m["readingOrder"][0].update(duration="PT1.000S"),
    "a chapter lost": lambda m: m["readingOrder"].pop(),
    "a missing file": lambda m: m["readingOrder"][0].update(url="chapters/gone.mp3"),
    "text among the sound": lambda m: m["readingOrder"][0].update(encodingFormat="text/html"),
    "a dangling text": lambda m: m["readingOrder"][0]["alternate"][0].update(url="transcript.html#chapter-9"),
    "no cover": lambda m: m["resources"][0].pop("rel"),
    "a thing for an author": lambda m: m["author"][0].update(type="Thing"),
}


@pytest.mark.parametrize("mutant", sorted(MUTANTS))
def test_the_rules_see_what_is_wrong(mutant: str, tmp_path: Path) -> None:
    data = read(made("sample", tmp_path), tmp_path)
    MUTANTS[mutant](data)
    assert broken(data, tmp_path)
