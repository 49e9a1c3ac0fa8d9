"""What the web pages and the feeds know of a library besides its editions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from audioleaflet.book.model import Book, File
from audioleaflet.errors import PublishError


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """A library's facts; "" for each that is not set. ``base_url`` ends with a slash: the web's library folder."""

    title: str
    publisher: str
    base_url: str
    telephone: str

    def facts(self) -> tuple[str, ...]:
        """All of them, in one order: what is made with the library's facts depends on nothing else of it."""
        return (self.title, self.publisher, self.base_url, self.telephone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An edition and its folder inside the library: ``path`` is ``slug/lang``, with a forward slash."""

    book: Book
    path: str


def whole_recording(book: Book) -> File:
    """The MP3 of the whole book: the only one that lies beside ``book.json``. Raises PublishError without it."""
    for file in book.files:
        if "/" not in file.path and file.media_type == "audio/mpeg":
            return file
    raise PublishError(f"{book.title}: the edition has no MP3 of the whole recording", next_step="build it again")


def main_language(editions: Sequence[Listed]) -> str:
    """The language that a library's own words are in, BCP 47: that of most editions; English for an empty library."""
    counts = Counter(edition.book.language for edition in editions)
    return min(counts, key=lambda language: (-counts[language], language), default="en")
