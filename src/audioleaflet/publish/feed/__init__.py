"""Podcast feeds: one an edition, one for the library (RSS 2.0 with iTunes and Podcasting 2.0 tags).

    addresses   absolute web addresses, and the identity of a feed
    rss         feed.xml
    chapters    chapters.json, the chapters of an edition for podcast apps

Addresses in a feed are absolute, so a feed needs the library's ``base_url``. The same editions give the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from audioleaflet.book.model import Book
from audioleaflet.publish.feed.chapters import chapters_json
from audioleaflet.publish.formats import CHAPTERS, COVER, FEED
from audioleaflet.publish.library import Library, Listed

__all__ = ["write_edition_feed", "write_library_feed"]


def write_edition_feed(book: Book, folder: Path, library: Library) -> None:
    """Write ``feed.xml`` and ``chapters.json`` of ``book`` into ``folder``.

    ``book.files`` names all other files of the edition, with their sizes. Both are made before the first is written.

    Raises PublishError without a ``base_url`` or a whole recording, ConfigError without wording for the language,
    OSError when the disk refuses.
    """
    from audioleaflet.publish.feed.rss import edition_feed

    files = ((FEED, edition_feed(book, library)), (CHAPTERS, chapters_json(book)))
    for name, content in files:
        (folder / name).write_bytes(content)


def write_library_feed(editions: Sequence[Listed], output: Path, library: Library) -> None:
    """Write ``feed.xml``, one item an edition with the newest first, and ``cover.png``, its picture, into ``output``.

    Both are made before the first is written. Raises as ``write_edition_feed``.
    """
    from audioleaflet.book.cover import draw_cover
    from audioleaflet.publish.feed.rss import library_feed

    files = (
        (FEED, library_feed(editions, library, cover=COVER)),
        (COVER, draw_cover(library.title, library.publisher)),
    )
    for name, content in files:
        (output / name).write_bytes(content)
