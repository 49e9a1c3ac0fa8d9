"""``publication.json``: the edition as a W3C audiobook (Audiobooks, W3C Recommendation of 10 November 2020)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from audioleaflet import phrases
from audioleaflet.book.model import Book, Chapter
from audioleaflet.publish.facts import changed_at, cover_described, narrator
from audioleaflet.publish.transcript.wording import OpenBook, one_line, open_book

MANIFEST = "publication.json"
_TEXT = "transcript.html"


def write_w3c(book: Book, folder: Path) -> Path:
    """Write the manifest beside the chapters that it names. Raises PublishError."""
    path = folder / MANIFEST
    content = json.dumps(publication(book, open_book(book)), ensure_ascii=False, indent=1)
    part = path.with_name(f"{MANIFEST}.part")
    part.write_bytes(content.encode() + b"\n")
    part.replace(path)  # not written over: it may be a link to that of another edition
    return path


def publication(book: Book, opened: OpenBook) -> dict[str, Any]:
    """The manifest as JSON data. Durations are ISO 8601. Raises PublishError."""
    words = phrases.load_site(book.language).reading
    resources = [
        {
            "type": "LinkedResource",
            "url": book.cover,
            "encodingFormat": "image/png",
            "rel": "cover",
            "name": cover_described(book),
        }
    ]
    name = one_line(book.publisher)
    publisher = [{"type": "Organization", "name": name}] if name else []
    text = any(file.path == _TEXT for file in book.files)
    if text:
        resources.append({"type": "LinkedResource", "url": _TEXT, "encodingFormat": "text/html"})
    return {
        "@context": ["https://schema.org", "https://www.w3.org/ns/pub-context", {"language": book.language}],
        "conformsTo": "https://www.w3.org/TR/audiobooks/",
        "type": "Audiobook",
        "id": book.identifier,
        "name": one_line(book.title),
        **({"author": publisher, "publisher": publisher} if publisher else {}),
        "readBy": [narrator(book)],  # neither Person nor Organization
        "inLanguage": [book.language],
        "readingProgression": book.dir,
        "dateModified": changed_at(book),
        # No datePublished: no book knows its day. No url: an edition can be put anywhere.
        "abridged": False,
        "accessMode": ["auditory"],
        "accessModeSufficient": [{"type": "ItemList", "itemListElement": ["auditory"]}],
        "accessibilityFeature": ["readingOrder", *(["transcript"] if text else [])],
        "accessibilityHazard": ["none"],
        "accessibilitySummary": words["audio_summary"],
        "duration": _duration(sum(chapter.duration_ms for chapter in book.chapters)),
        "readingOrder": [
            {
                "type": "LinkedResource",
                "url": chapter.audio,
                "encodingFormat": "audio/mpeg",
                "name": shown.title,
                "duration": _duration(chapter.duration_ms),
                **({"alternate": [_text_of(chapter)]} if text else {}),
            }
            for chapter, shown in zip(book.chapters, opened.chapters, strict=True)
        ],
        "resources": resources,
    }


def _text_of(chapter: Chapter) -> dict[str, str]:
    """Where a chapter can be read."""
    return {"type": "LinkedResource", "url": f"{_TEXT}#chapter-{chapter.number}", "encodingFormat": "text/html"}


def _duration(ms: int) -> str:
    return f"PT{ms // 1000}.{ms % 1000:03}S"
