"""Files of the library folder, opened so that one answer is of one edition, and nothing outside is ever reached.

A build exchanges the whole folder of an edition in one call. So the folder is opened once, and all that an answer needs
is opened below that descriptor: the list of files in its ``book.json``, and the file. No link is followed at any step.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import stat
from collections import OrderedDict
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from threading import Lock

from audioleaflet.publish.formats import PAGE
from audioleaflet.publish.site.server.addresses import Address
from audioleaflet.publish.site.server.refusals import Refusal, missing

_BOOK = "book.json"
_EDITION_DEPTH = 2  # <slug>/<lang>
_VERSION_DIGITS = 12
_LARGEST_BOOK = 64_000_000
_BOOKS_KEPT = 256
_ATTEMPTS = 5  # builds that end within one look; each takes seconds
_ASSETS = re.compile(r"[0-9a-f]{8}")
_NOT_THERE = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG, errno.ENXIO)
_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
# A pipe must not hold us up, a terminal must not become ours.
_FILE = os.O_RDONLY | _NO_LINK | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_CLOEXEC", 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A file that is open; who gets it closes it. ``descriptor`` reads this one file whatever happens to its name.

    ``size`` in bytes. ``modified``: seconds since 1970. ``tag``: names these bytes, for an entity tag. ``lasting``: its
    address changes with its bytes.
    """

    descriptor: int
    name: str
    size: int
    modified: int
    tag: str
    lasting: bool

    def read(self, first: int, count: int) -> bytes:
        """``count`` bytes from ``first``; fewer only where the file has become shorter."""
        return os.pread(self.descriptor, count, first)

    def close(self) -> None:
        """Give the descriptor back."""
        os.close(self.descriptor)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A file as ``book.json`` lists it."""

    sha256: str
    size: int


Listing = Mapping[str, Listed]


class MovedToFolder(Exception):
    """The address is that of a folder, without the slash at its end."""


class _Exchanged(Exception):
    """The edition was replaced while we looked; what we hold open is the old one, in part removed."""


class Files:
    """The files of a library folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._listings = _Listings()

    def open(self, address: Address) -> Opened:
        """The file at an address. Raises Refusal (404, 410, 503), MovedToFolder, OSError for what the disk did."""
        for _ in range(_ATTEMPTS):
            try:
                return self._open(address)
            except _Exchanged:
                continue
            except OSError as error:
                if error.errno in _NOT_THERE:
                    raise missing() from error
                if error.errno in (errno.EMFILE, errno.ENFILE):
                    raise Refusal(HTTPStatus.SERVICE_UNAVAILABLE, {"Retry-After": "10"}) from error
                raise
        raise Refusal(HTTPStatus.SERVICE_UNAVAILABLE, {"Retry-After": "10"})

    def editions(self) -> int:
        """How many editions the folder holds. Raises OSError where the folder is gone."""
        count = 0
        with os.scandir(self._folder) as slugs:
            for slug in slugs:
                if slug.is_dir(follow_symlinks=False) and not slug.name.startswith("."):
                    with os.scandir(slug.path) as languages:
                        count += sum(_is_edition(one) for one in languages)
        return count

    def _open(self, address: Address) -> Opened:
        names = (*address.names, PAGE) if address.folder else address.names
        with ExitStack() as stack:
            library = _held(stack, os.open(self._folder, _FOLDER))
            if len(names) <= _EDITION_DEPTH:
                return _described(_open_below(stack, library, names), names, None, address)
            slug = _held(stack, os.open(names[0], _FOLDER | _NO_LINK, dir_fd=library))
            edition = _held(stack, _open_edition(slug, names[1]))
            try:
                listing = self._listings.of(edition)
                if listing is None:  # it is no edition; or it is an old one, and its list was the first to be removed
                    _check_in_place(slug, names[1], edition)
                opened = _open_below(stack, edition, names[_EDITION_DEPTH:])
            except FileNotFoundError:
                _check_in_place(slug, names[1], edition)
                raise
        return _described(opened, names, listing, address)


def _held(stack: ExitStack, descriptor: int) -> int:
    stack.callback(os.close, descriptor)
    return descriptor


def _is_edition(entry: os.DirEntry[str]) -> bool:
    if entry.name.startswith(".") or not entry.is_dir(follow_symlinks=False):
        return False
    try:
        return stat.S_ISREG(os.lstat(f"{entry.path}/{_BOOK}").st_mode)
    except OSError:
        return False


def _open_edition(slug: int, language: str) -> int:
    try:
        return os.open(language, _FOLDER | _NO_LINK, dir_fd=slug)
    except FileNotFoundError:
        # Where the system cannot exchange two folders, a build renames twice; in between the old one stands aside.
        return os.open(f".{language}.old", _FOLDER | _NO_LINK, dir_fd=slug)


def _open_below(stack: ExitStack, at: int, names: tuple[str, ...]) -> int:
    """A file by its names, one folder after the other, below an open folder."""
    for name in names[:-1]:
        at = _held(stack, os.open(name, _FOLDER | _NO_LINK, dir_fd=at))
    return _open_file(at, names[-1])


def _open_file(folder: int, name: str) -> int:
    """A regular file; what it is, is looked at before it is opened, since opening alone can set off a device."""
    mode = os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode
    if stat.S_ISDIR(mode):
        inside = os.stat(f"{name}/{PAGE}", dir_fd=folder, follow_symlinks=False).st_mode
        if stat.S_ISREG(inside):
            raise MovedToFolder
    if not stat.S_ISREG(mode):
        raise missing()
    descriptor = os.open(name, _FILE, dir_fd=folder)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise missing()
    return descriptor


def _check_in_place(slug: int, language: str, edition: int) -> None:
    """Raise _Exchanged where the folder that is open is no longer the one of that name."""
    try:
        now = os.stat(language, dir_fd=slug, follow_symlinks=False)
    except FileNotFoundError:
        raise _Exchanged from None
    if not os.path.samestat(now, os.fstat(edition)):
        raise _Exchanged


def _described(descriptor: int, names: tuple[str, ...], listing: Listing | None, address: Address) -> Opened:
    info = os.fstat(descriptor)
    listed = listing.get("/".join(names[_EDITION_DEPTH:])) if listing is not None else None
    if listed is not None and listed.size != info.st_size:
        listed = None  # damaged since it was made: its hash is not that of these bytes
    if listing is not None and address.version is not None:
        held = listed.sha256[:_VERSION_DIGITS] if listed else None
        if held != address.version:
            os.close(descriptor)
            raise Refusal(HTTPStatus.GONE)
    return Opened(
        descriptor=descriptor,
        name=names[-1],
        size=info.st_size,
        modified=int(info.st_mtime),
        tag=listed.sha256[:32] if listed else _tag(info),
        lasting=len(names) > 2 and names[0] == "assets" and _ASSETS.fullmatch(names[1]) is not None,
    )


def _tag(info: os.stat_result) -> str:
    known = f"{info.st_dev}:{info.st_ino}:{info.st_mtime_ns}:{info.st_size}"
    return hashlib.sha256(known.encode()).hexdigest()[:24]


class _Listings:
    """The files that a ``book.json`` lists, kept while it is the same file. Of any thread."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Listing] = OrderedDict()
        self._lock = Lock()

    def of(self, edition: int) -> Listing | None:
        """The list of the edition that is open; None for a folder without a ``book.json``."""
        try:
            descriptor = os.open(_BOOK, _FILE, dir_fd=edition)
        except FileNotFoundError:
            return None
        try:
            info = os.fstat(descriptor)
            key = _tag(info)
            with self._lock:
                if key in self._kept:
                    self._kept.move_to_end(key)
                    return self._kept[key]
            listing = _read_listing(descriptor, info)
        finally:
            os.close(descriptor)
        with self._lock:
            self._kept[key] = listing
            while len(self._kept) > _BOOKS_KEPT:
                self._kept.popitem(last=False)
        return listing


def _read_listing(descriptor: int, info: os.stat_result) -> Listing:
    """Read by the standard library, not as a ``Book``: that takes forty times as long. A damaged one lists nothing."""
    if not stat.S_ISREG(info.st_mode) or info.st_size > _LARGEST_BOOK:
        return {}
    with open(descriptor, "rb", closefd=False) as stream:
        content = stream.read()
    try:
        return {
            file["path"]: Listed(sha256=file["sha256"], size=file["bytes"]) for file in json.loads(content)["files"]
        }
    except (ValueError, KeyError, TypeError, RecursionError):
        return {}
