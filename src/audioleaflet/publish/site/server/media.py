"""Media types by the ending of a file's name, and how each may be used."""

from __future__ import annotations

from dataclasses import dataclass

from audioleaflet.publish.formats import CHAPTERS, FEED


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """``text``: worth compressing. ``page``: a web page. ``drawn``: a browser may run what it holds.

    ``shared``: other sites may read it, as podcast apps do that run in a browser.
    """

    type: str
    text: bool = False
    page: bool = False
    drawn: bool = False
    shared: bool = True


_BINARY = Media(type="application/octet-stream")
_BY_ENDING = {
    "html": Media(type="text/html; charset=utf-8", text=True, page=True, shared=False),
    "css": Media(type="text/css; charset=utf-8", text=True, shared=False),
    "js": Media(type="text/javascript; charset=utf-8", text=True, shared=False),
    "svg": Media(type="image/svg+xml", text=True, drawn=True),
    "png": Media(type="image/png"),
    "jpg": Media(type="image/jpeg"),
    "mp3": Media(type="audio/mpeg"),
    "m4b": Media(type="audio/mp4"),
    "vtt": Media(type="text/vtt; charset=utf-8", text=True),
    "srt": Media(type="application/x-subrip; charset=utf-8", text=True),
    "txt": Media(type="text/plain; charset=utf-8", text=True),
    "json": Media(type="application/json", text=True),
    "xml": Media(type="application/xml", text=True, drawn=True),
    "zip": Media(type="application/zip"),
    "epub": Media(type="application/epub+zip"),
    "audiobook": Media(type="application/audiobook+zip"),
    "lpf": Media(type="application/lpf+zip"),
    "brf": Media(type="text/plain; charset=us-ascii", text=True),
    "pdf": Media(type="application/pdf"),
}
_BY_NAME = {
    FEED: Media(type="application/rss+xml; charset=utf-8", text=True, drawn=True),
    CHAPTERS: Media(type="application/json+chapters", text=True),  # Podcasting 2.0, JSON Chapters
}


def media(name: str) -> Media:
    """The media of a file of that name; bytes without a meaning where the ending is not one of ours."""
    return _BY_NAME.get(name) or _BY_ENDING.get(name.rpartition(".")[2].lower(), _BINARY)
