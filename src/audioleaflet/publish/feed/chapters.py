"""``chapters.json``: the chapters of an edition for podcast apps (Podcasting 2.0, JSON Chapters 1.2)."""

from __future__ import annotations

import json
from typing import Final

from audioleaflet.book.model import Book
from audioleaflet.publish.library import whole_recording
from audioleaflet.publish.transcript.wording import one_line

MEDIA_TYPE: Final = "application/json+chapters"
_VERSION = "1.2.0"


def chapters_json(book: Book) -> bytes:
    """The chapters of ``book`` in order, as UTF-8. Times are seconds from the book's start, exact to the millisecond.

    Raises PublishError without a whole recording.
    """
    entries = [
        {
            "startTime": chapter.start_ms / 1000,
            "endTime": (chapter.start_ms + chapter.duration_ms) / 1000,
            "title": one_line(chapter.title),
        }
        for chapter in book.chapters
    ]
    content = {
        "version": _VERSION,
        "title": one_line(book.title),
        "author": one_line(book.publisher),
        "fileName": whole_recording(book).path,
        "chapters": entries,
    }
    return f"{json.dumps(content, ensure_ascii=False, indent=1)}\n".encode()
