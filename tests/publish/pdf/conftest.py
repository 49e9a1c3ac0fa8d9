"""Editions to print: the hand-made books, with names as a build gives them."""

from __future__ import annotations

from tests.publish.feed.conftest import LIBRARY, with_files

from audioleaflet.book.model import Book
from audioleaflet.publish.library import Library

__all__ = ["HEARD", "SILENT", "named"]

HEARD = LIBRARY
SILENT = Library(title="City library", publisher="City Trust", base_url="", telephone="")


def named(book: Book) -> Book:
    """The book as the edition ``sample/en``."""
    chapters = tuple(
        chapter.model_copy(update={"audio": f"chapters/sample-en-{chapter.number:02}-{chapter.id}.mp3"})
        for chapter in book.chapters
    )
    return with_files(book).model_copy(update={"chapters": chapters})
