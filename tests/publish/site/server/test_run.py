"""``audioleaflet serve`` as the person who runs it meets it: lines, signals, errors; and what it never tells."""

from __future__ import annotations

import json
import os
import re
import resource
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.publish.site.server.conftest import SOUND, Shelf, Start, remove, until

from audioleaflet import cli
from audioleaflet.bind import Bind
from audioleaflet.web.guard import Limits
from audioleaflet.web.running import affordable, listening

SOURCE = Path(cli.__file__).resolve().parents[2]


@contextmanager
def served(folder: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """``audioleaflet serve`` as a process, and the address that it told."""
    command = [sys.executable, "-m", "audioleaflet", "serve", "--output", str(folder), *options]
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        try:
            assert process.stderr is not None
            first = process.stderr.readline()
            found = re.search(r"http://[^/ ]+/", first)
            assert found, first
            yield process, found[0]
        finally:
            process.kill()


def connect(address: str) -> socket.socket:
    return socket.create_connection(("127.0.0.1", int(address.rstrip("/").rpartition(":")[2])))


def fetch(address: str, **headers: str) -> int:
    asked = urllib.request.Request(address, headers=headers)
    try:
        with urllib.request.urlopen(asked, timeout=10) as reply:
            reply.read()
            return int(reply.status)
    except urllib.error.HTTPError as error:
        error.read()
        error.close()
        return error.code


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_it_tells_totals_and_nothing_of_a_person(shelf: Shelf, number: signal.Signals, code: int) -> None:
    who = {"User-Agent": "Agent-Smith/9", "Referer": "https://clinic.example/cancer", "X-Forwarded-For": "203.0.113.9"}
    with served(shelf.folder, "--bind", "127.0.0.1:0", "--log", "json") as (process, address):
        for path in ("", "bones/en/", f"bones/en/{SOUND}", "bones/en/feed.xml", "bones/en/transcript.vtt", "healthz"):
            assert fetch(address + path, **who) == 200
        assert fetch(f"{address}secret-illness?name=Ann", **who) == 404
        assert fetch(f"{address}bones/en/{SOUND}?v=000000000000", **who) == 410
        with connect(address) as connection:
            connection.sendall(b"GET /secret-illness nonsense\r\n\r\n")
            assert connection.recv(100).startswith(b"HTTP/1.1 400")
        process.send_signal(number)
        out, err = process.communicate(timeout=10)
    assert (process.returncode, out) == (code, "")
    counts, stop = (json.loads(line) for line in err.splitlines())
    sent = counts.pop("bytes")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", counts.pop("ts"))
    assert counts == {
        "event": "counts",
        "pages": 2,
        "audio": 1,
        "downloads": 1,
        "feeds": 1,
        "assets": 0,
        "unchanged": 0,
        "redirects": 0,
        "4xx": 3,
        "5xx": 0,
    }
    assert 700_000 < sent < 720_000
    assert (stop["event"], stop["message"]) == ("stop", "the server has ended")
    for trace in ("bones", "secret", "Agent", "clinic", "203.0.113", "127.0.0.1", "Ann"):
        assert trace not in err


def test_it_ends_soon_with_a_listener_who_takes_nothing(shelf: Shelf) -> None:
    (shelf.folder / "long.mp3").write_bytes(bytes(30_000_000))
    with served(shelf.folder, "--bind", "127.0.0.1:0") as (process, address), connect(address) as connection:
        connection.sendall(b"GET /long.mp3 HTTP/1.1\r\nHost: x\r\n\r\n")
        connection.recv(100)
        process.terminate()
        _, err = process.communicate(timeout=10)
    assert process.returncode == 0
    assert "Traceback" not in err
    assert err.splitlines()[-1].endswith("stop: the server has ended")


def test_totals_are_told_again_and_again_but_only_where_there_are_any(shelf: Shelf, start: Start) -> None:
    site = start(shelf.folder, every=0.1)
    site.get("/healthz")
    assert not until(lambda: bool(site.lines), 0.4)
    site.get("/")
    assert until(lambda: len(site.lines) == 1)
    assert "counts: pages=1 audio=0" in site.lines[0]
    assert not until(lambda: len(site.lines) > 1, 0.4)


def test_ipv6(shelf: Shelf) -> None:
    if not Path("/proc/net/if_inet6").exists() or "00000001 01" not in Path("/proc/net/if_inet6").read_text():
        pytest.skip("this computer has no ::1")
    with served(shelf.folder, "--bind", "[::1]:0") as (_, address):
        assert address.startswith("http://[::1]:")
        assert fetch(address) == 200


def test_open_to_other_computers_is_told(shelf: Shelf) -> None:
    with served(shelf.folder, "--bind", "0.0.0.0:0") as (process, _):
        assert process.stderr is not None
        assert "put a proxy with HTTPS before it" in process.stderr.readline()


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    status = cli.run(["serve", *arguments])
    out, err = capsys.readouterr()
    assert out == ""
    return status, err


def test_what_keeps_it_from_serving_is_told_with_the_next_step(
    shelf: Shelf, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(_path: object) -> None:
        raise PermissionError(13, "Permission denied", "/closed")

    folder = str(shelf.folder)
    status, err = said(capsys, "--output", str(tmp_path / "no"))
    assert (status, "there is no folder" in err, "--output" in err) == (4, True, True)
    with listening(Bind(host="127.0.0.1", port=0)) as taken:
        status, err = said(capsys, "--output", folder, "--bind", f"127.0.0.1:{taken.getsockname()[1]}")
    assert status == 4
    assert "another program listens at 127.0.0.1:" in err
    assert "choose another port" in err
    status, err = said(capsys, "--output", folder, "--bind", "no.such.host.invalid:80")
    assert (status, "is not an address of this computer" in err) == (4, True)
    status, err = said(capsys, "--output", folder, "--bind", "192.0.2.1:8000")
    assert (status, "cannot listen at 192.0.2.1:8000" in err) == (4, True)
    with monkeypatch.context() as patched:
        patched.setattr(os, "scandir", closed)
        status, err = said(capsys, "--output", folder)
    assert (status, "cannot read /closed: Permission denied; let this user read it" in err) == (4, True)
    (shelf.folder / "index.html").unlink()
    status, err = said(capsys, "--output", folder)
    assert (status, f"audioleaflet site --output {folder}" in err) == (4, True)
    remove(shelf.folder)


@pytest.mark.parametrize(
    "bind",
    [
        "",
        "8000",
        ":8000",
        "127.0.0.1",
        "127.0.0.1:",
        "127.0.0.1:x",
        "127.0.0.1:65536",
        "::1:80",
        "[::1]",
        "[a]:80",
        "a:-1",
    ],
)
def test_an_address_that_is_none_is_wrong_usage(bind: str, shelf: Shelf, capsys: pytest.CaptureFixture[str]) -> None:
    status, err = said(capsys, "--output", str(shelf.folder), "--bind", bind)
    assert status == 2
    assert "is not HOST:PORT" in err or "is not a port" in err


def test_binds() -> None:
    assert Bind.parse("127.0.0.1:8000") == Bind(host="127.0.0.1", port=8000)
    assert Bind.parse("localhost:0") == Bind(host="localhost", port=0)
    assert str(Bind.parse("[::1]:8000")) == "[::1]:8000"


def test_as_many_connections_as_there_are_descriptors(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda _which: (1024, 4096))
    monkeypatch.setattr(resource, "setrlimit", lambda _which, limits: given.append(limits))
    assert affordable(Limits()).connections == 1000
    assert given == [(2264, 4096)]
    monkeypatch.setattr(resource, "getrlimit", lambda _which: (256, 1024))
    assert affordable(Limits()).connections == 380
    monkeypatch.setattr(resource, "getrlimit", lambda _which: (65536, 65536))
    given.clear()
    assert (affordable(Limits()), given) == (Limits(), [])
