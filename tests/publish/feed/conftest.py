"""Editions as a build leaves them for the feeds: the hand-made books, with files and their sizes."""

from __future__ import annotations

from tests.publish.conftest import write_sample

from audioleaflet.book.model import Book, File
from audioleaflet.publish.library import Library

BASE = "https://library.example/audio/"
LIBRARY = Library(title="City library", publisher="City Trust", base_url=BASE, telephone="")
SOUND_BYTES = 123_456
_FILES = (
    ("chapters/sample-en-00-introduction.mp3", "audio/mpeg"),
    ("cover.png", "image/png"),
    ("index.html", "text/html"),
    ("sample-en.m4b", "audio/mp4"),
    ("sample-en.mp3", "audio/mpeg"),
    ("transcript.html", "text/html"),
    ("transcript.srt", "application/x-subrip"),
    ("transcript.txt", "text/plain"),
    ("transcript.vtt", "text/vtt"),
)


def with_files(book: Book, *, sound: str = "a" * 64, without: tuple[str, ...] = ()) -> Book:
    """The book with the files of its edition; ``sound``: the SHA-256 of its whole recording."""
    files = tuple(
        File(path=path, media_type=media_type, bytes=SOUND_BYTES, sha256=sound if path == "sample-en.mp3" else "b" * 64)
        for path, media_type in _FILES
        if path not in without
    )
    return book.model_copy(update={"files": files})


def edition(**facts: object) -> Book:
    """The plain leaflet of two chapters as an edition, with other ``facts`` than its own."""
    return with_files(write_sample()).model_copy(update=facts)
