"""The formats of an edition, and how each is known by its files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from audioleaflet.book.model import Book  # pydantic, which 'audioleaflet --help' need not load

DEFAULT: Final = ("mp3", "m4b", "transcript", "site", "feed")
"""What a build makes if nothing else is asked for."""
FORMATS: Final = (*DEFAULT, "phone")
PAGES: Final = ("site", "feed")
"""Those that are made from ``book.json`` and the library's facts, and can be made again without the leaflet."""

PAGE, FEED, CHAPTERS, COVER = "index.html", "feed.xml", "chapters.json", "cover.png"
"""Files of pages and feeds. The cover is that of the library's feed."""
TELEPHONE: Final = "phone-"
"""How the names of renditions for the telephone begin."""
_KNOWN_BY = {"transcript": "transcript.vtt", "site": PAGE, "feed": FEED}


def made(book: Book) -> set[str]:
    """The formats that an edition holds."""
    paths = {file.path for file in book.files}
    found = {name for name, path in _KNOWN_BY.items() if path in paths}
    if any(path.endswith(".m4b") for path in paths):
        found.add("m4b")
    if any(rendition.name.startswith(TELEPHONE) for rendition in book.renditions):
        found.add("phone")
    return {"mp3", *found}
