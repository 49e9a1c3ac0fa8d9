"""Facts of a book as formats for players and reading apps tell them."""

from __future__ import annotations

from datetime import UTC, datetime

from audioleaflet import phrases
from audioleaflet.book.model import Book
from audioleaflet.errors import PublishError
from audioleaflet.publish.transcript.wording import one_line


def changed_at(book: Book) -> str:
    """``2026-11-22T00:00:00Z``: when the text was last changed, ISO 8601, in UTC, to the second.

    Raises PublishError for a time that is none.
    """
    try:
        moment = datetime.fromisoformat(book.modified)
    except ValueError as error:
        raise PublishError(
            f"book.json: 'modified' is no time: {book.modified!r}", next_step="build the edition again"
        ) from error
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def cover_described(book: Book) -> str:
    """The cover in words: its title, and who published it where that is known."""
    words = phrases.load_site(book.language).reading
    name = "cover_of" if one_line(book.publisher) else "cover_of_title"
    return words[name].format(title=one_line(book.title), publisher=one_line(book.publisher))


def narrator(book: Book) -> str:
    """Who reads it: a computer voice, by name."""
    return phrases.load_site(book.language).reading["narrator"].format(name=one_line(book.voice.name))
