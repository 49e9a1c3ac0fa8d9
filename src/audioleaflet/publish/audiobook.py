"""``<slug>-<lang>.audiobook``: a Readium Web Publication Manifest, audiobook profile, zipped with its sound.

Read by reading apps that follow Readium (Thorium, Palace and others).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from audioleaflet import phrases
from audioleaflet.book.model import Book
from audioleaflet.publish.contents import Place, places
from audioleaflet.publish.facts import changed_at, narrator
from audioleaflet.publish.site.archive import stem
from audioleaflet.publish.transcript.wording import OpenBook, one_line, open_book
from audioleaflet.publish.zipped import Entry, write_zip

SUFFIX = ".audiobook"


def write_audiobook(book: Book, folder: Path) -> Path:
    """Write the audiobook of the edition in ``folder``. The same edition gives the same bytes. Raises PublishError."""
    path = folder / f"{stem(book)}{SUFFIX}"
    write_zip(path, _entries(book, folder))
    return path


def _entries(book: Book, folder: Path) -> Iterator[Entry]:
    # Stored, all of it: a reader fetches parts of such a file by their place in it.
    manifest = json.dumps(webpub(book, open_book(book)), ensure_ascii=False, indent=1)
    yield Entry(name="manifest.json", content=manifest.encode() + b"\n")
    yield Entry(name="cover.png", content=folder / book.cover)
    for chapter in book.chapters:
        yield Entry(name=_name(chapter.audio), content=folder / chapter.audio)


def webpub(book: Book, opened: OpenBook) -> dict[str, Any]:
    """The manifest as JSON data. Durations are seconds. Raises PublishError."""
    words = phrases.load_site(book.language).reading
    publisher = one_line(book.publisher)
    metadata = {
        "@type": "http://schema.org/Audiobook",
        "conformsTo": "https://readium.org/webpub-manifest/profiles/audiobook",
        "identifier": book.identifier,
        "title": one_line(book.title),
        **({"author": publisher, "publisher": publisher} if publisher else {}),
        "narrator": narrator(book),
        "language": book.language,
        "readingProgression": book.dir,
        "modified": changed_at(book),
        "description": one_line(book.status),
        "duration": _seconds(sum(chapter.duration_ms for chapter in book.chapters)),
        "accessibility": {
            "accessMode": ["auditory"],
            "accessModeSufficient": ["auditory"],
            "feature": ["tableOfContents", "structuralNavigation"],
            "hazard": ["none"],
            "summary": words["audio_summary"],
        },
    }
    return {
        "@context": "https://readium.org/webpub-manifest/context.jsonld",
        "metadata": metadata,
        "links": [{"rel": "self", "href": "manifest.json", "type": "application/audiobook+json"}],
        "readingOrder": [
            {
                "href": _name(chapter.audio),
                "type": "audio/mpeg",
                "title": shown.title,
                "duration": _seconds(chapter.duration_ms),
            }
            for chapter, shown in zip(book.chapters, opened.chapters, strict=True)
        ],
        "resources": [{"href": "cover.png", "type": "image/png", "rel": "cover"}],
        "toc": [
            {
                "href": _name(chapter.audio),
                "type": "audio/mpeg",
                "title": shown.title,
                **_below(_name(chapter.audio), places(book, opened, chapter)),
            }
            for chapter, shown in zip(book.chapters, opened.chapters, strict=True)
        ],
    }


def _below(file: str, listed: Iterable[Place]) -> dict[str, list[dict[str, Any]]]:
    """The headings inside a chapter, each with the moment at which it is read (Media Fragments URI 1.0, 4.2.1)."""
    inner = [
        {
            "href": f"{file}#t={place.begin_ms // 1000}.{place.begin_ms % 1000:03}",
            "type": "audio/mpeg",
            "title": place.text,
            **_below(file, place.below),
        }
        for place in listed
    ]
    return {"children": inner} if inner else {}


def _name(path: str) -> str:
    return PurePosixPath(path).name


def _seconds(ms: int) -> float:
    return ms / 1000
