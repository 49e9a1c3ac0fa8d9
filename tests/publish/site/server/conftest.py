"""A small library on disk, and a real server of it on a free port."""

from __future__ import annotations

import http.client
import json
import random
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import pytest
import uvicorn

from audioleaflet.bind import Bind
from audioleaflet.book.edition import staged
from audioleaflet.publish.site.server.counts import Log
from audioleaflet.publish.site.server.run import prepare
from audioleaflet.web.guard import Limits
from audioleaflet.web.running import listening

SOUND = "bones-en.mp3"
PAGE = b"<!DOCTYPE html>\n<html lang=en><title>Bones</title><p>" + b"Bone is a living thing. " * 40
TRANSCRIPT = (
    b"<!DOCTYPE html><html><head><style>\np { color: red }\n</style></head><body><style>b{}</style></body></html>"
)


def files_of(seed: int, size: int = 700_001) -> dict[str, bytes]:
    """The files of an edition; another seed gives another sound of the same size."""
    chance = random.Random(seed)
    return {
        "index.html": PAGE + f"<p>Edition {seed}</p>".encode(),
        SOUND: chance.randbytes(size),
        f"chapters/{SOUND[:-4]}-01-what.mp3": chance.randbytes(5_000),
        "transcript.html": TRANSCRIPT,
        "transcript.vtt": b"WEBVTT\n\n" + b"00:00.000 --> 00:01.000\nBone\n\n" * 30,
        "chapters.json": b'{"version": "1.2.0", "chapters": []}',
        "feed.xml": b"<?xml version='1.0'?><rss version='2.0'><channel/></rss>" * 9,
    }


@dataclass(frozen=True, slots=True)
class Shelf:
    """A library folder with one edition, ``bones/en``."""

    folder: Path

    @property
    def edition(self) -> Path:
        return self.folder / "bones" / "en"

    def publish(self, files: dict[str, bytes]) -> None:
        """Put an edition in place as a build does: beside the old one, then exchanged for it."""
        with staged(self.edition) as edition:
            write(edition.staging, files)
            edition.commit(unchanged=())


def write(folder: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    listed = [
        {"path": name, "media_type": "x", "bytes": len(content), "sha256": sha256(content).hexdigest()}
        for name, content in files.items()
    ]
    (folder / "book.json").write_text(json.dumps({"format": "audioleaflet-book/1", "files": listed}), encoding="utf-8")


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    folder = tmp_path / "audio"
    assets = folder / "assets" / "0a1b2c3d"
    assets.mkdir(parents=True)
    (assets / "page.css").write_text("p { color: black }\n" * 40, encoding="utf-8")
    (assets / "page.js").write_text("export {};\n" * 40, encoding="utf-8")
    (assets / "icon.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", encoding="utf-8")
    (folder / "index.html").write_bytes(PAGE)
    made = Shelf(folder)
    made.publish(files_of(1))
    return made


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: http.client.HTTPMessage
    body: bytes


@dataclass(slots=True)
class Site:
    """A server that runs in a thread. ``lines``: what it told."""

    port: int
    lines: list[str]
    server: uvicorn.Server
    _thread: threading.Thread = field(repr=False)

    def get(self, path: str, *, method: str = "GET", body: bytes | None = None, **headers: str) -> Reply:
        """One request on a connection of its own. ``if_none_match`` stands for If-None-Match."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body=body, headers={"Accept-Encoding": "identity", **named})
            response = connection.getresponse()
            return Reply(response.status, response.headers, response.read())
        finally:
            connection.close()

    def stop(self) -> None:
        self.server.should_exit = True
        self._thread.join(timeout=20)
        assert not self._thread.is_alive()


Start = Callable[..., Site]


@pytest.fixture
def start() -> Iterator[Start]:
    """Start a server of a folder; it ends with the test."""
    with ExitStack() as stack:

        def run(folder: Path, limits: Limits | None = None, every: float = 3600) -> Site:
            lines: list[str] = []
            listener = stack.enter_context(listening(Bind(host="127.0.0.1", port=0)))
            server = prepare(folder, log=Log("text", lines.append), limits=limits or Limits(), every=every)
            thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
            site = Site(listener.getsockname()[1], lines, server, thread)
            thread.start()
            stack.callback(site.stop)
            assert until(lambda: server.started)
            return site

        yield run


@pytest.fixture
def site(shelf: Shelf, start: Start) -> Site:
    """A server of the shelf."""
    return start(shelf.folder)


def until(true: Callable[[], bool], seconds: float = 10) -> bool:
    """Whether it becomes true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.02)
    return true()


def descriptors() -> int:
    """How many this process holds open."""
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def remove(folder: Path) -> None:
    shutil.rmtree(folder)
