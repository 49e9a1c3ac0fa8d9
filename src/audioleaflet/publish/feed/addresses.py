"""Web addresses of a library's files, and the identity of a feed by its address."""

from __future__ import annotations

from urllib.parse import quote, urlsplit, urlunsplit
from uuid import UUID, uuid5

from audioleaflet.book.model import Book
from audioleaflet.errors import PublishError
from audioleaflet.publish.library import Library, whole_recording

# The namespace that Podcasting 2.0 gives for podcast:guid.
_PODCASTS = UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
# RFC 3986, 3.3: what a path may hold unescaped, and "%" for what an editor has escaped already.
_IN_PATHS = "/%:@!$&'()*+,;=~"


def web_folder(library: Library) -> str:
    """The library's ``base_url`` in ASCII (RFC 3986), with its slash at the end. Raises PublishError without one."""
    if not library.base_url:
        raise PublishError(
            "a feed needs the address at which the web holds the library",
            next_step="set 'base_url' in library.yaml, such as https://library.example/audio/",
        )
    try:
        parts = urlsplit(library.base_url)
        port = f":{parts.port}" if parts.port else ""
        host = (parts.hostname or "").encode("idna").decode("ascii")
    except ValueError as error:
        raise PublishError(
            f"'base_url' is no web address: {library.base_url}", next_step="correct it in library.yaml"
        ) from error
    place = f"[{host}]{port}" if ":" in host else f"{host}{port}"
    path = quote(parts.path, safe=_IN_PATHS).rstrip("/")
    return urlunsplit((parts.scheme, place, f"{path}/", "", ""))


def address(folder: str, *names: str) -> str:
    """The address of a file below ``folder``, an address with a slash at its end; ``names`` may hold slashes."""
    return folder + quote("/".join(names), safe="/")


def edition_path(book: Book) -> str:
    """The edition's folder inside the library, ``slug/lang``. Its whole recording is named after both."""
    name = whole_recording(book).path.removesuffix(".mp3")
    language = name.removeprefix(f"{book.slug}-")
    if not language or language == name:
        raise PublishError(f"{name}.mp3 is not named after '{book.slug}'", next_step="build the edition again")
    return f"{book.slug}/{language}"


def feed_guid(feed: str) -> str:
    """The ``podcast:guid`` of a feed: a UUIDv5 of its address without the scheme and without slashes at the end.

    >>> feed_guid("https://podnews.net/rss")
    '9b024349-ccf0-5f69-a609-6b82873eab3c'
    """
    return str(uuid5(_PODCASTS, feed.partition("://")[2].rstrip("/")))
