"""``audioleaflet hotline twilio`` as the person who runs it meets it: lines, signals, errors; what it never tells."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from lxml import etree
from tests.hotline.shelves import write_edition, write_library
from tests.hotline.twilio.exchange import CALLER, DIALLED, PUBLIC, SID, TOKEN, Answer, samples_of, signature

from audioleaflet import cli

SOURCE = Path(cli.__file__).resolve().parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(SOURCE), "TWILIO_AUTH_TOKEN": TOKEN}


def settings(folder: Path, *lines: str) -> Path:
    """A ``library.yaml`` whose part ``hotline`` has these lines."""
    path = folder / "library.yaml"
    told = "".join(f"  {line}\n" for line in lines)
    path.write_text(
        "title: Test library\npublisher: Test Trust\nvoices: {en: ['espeak:en-us']}\n"
        + ("hotline:\n" + told) * bool(told)
    )
    return path


def command(folder: Path, library: Path, *options: str) -> list[str]:
    return [
        sys.executable, "-m", "audioleaflet", "hotline", "twilio", "--output", str(folder), "--library", str(library),
        "--state", str(library.parent / "state"), *options,
    ]  # fmt: skip


@contextmanager
def running(folder: Path, library: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The command as a process, and the address that it told."""
    options = command(folder, library, "--bind", "127.0.0.1:0", "--log", "json")
    with subprocess.Popen(
        options, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT
    ) as process:
        try:
            assert process.stderr is not None
            start = json.loads(process.stderr.readline())
            assert (start["event"], start["editions"], start["webhook"]) == ("start", 1, f"{PUBLIC}call")
            yield process, start["address"]
        finally:
            process.kill()


def asks(address: str, method: str, url: str, body: str = "", **headers: str) -> Answer:
    """A request as a proxy brings it: to our address, the path as it was."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=10)
    try:
        target = urlsplit(url)
        path = target.path + (f"?{target.query}" if target.query else "")
        connection.request(
            method, path, body.encode(), {name.replace("_", "-"): value for name, value in headers.items()}
        )
        reply = connection.getresponse()
        return Answer(reply.status, {name.lower(): value for name, value in reply.getheaders()}, reply.read())
    finally:
        connection.close()


def posts(address: str, url: str, parameters: Mapping[str, str]) -> Answer:
    return asks(
        address, "POST", url, urlencode(parameters),
        Content_Type="application/x-www-form-urlencoded", X_Twilio_Signature=signature(url, parameters),
    )  # fmt: skip


def gather(answer: Answer) -> tuple[str, str]:
    """The address of the sound, and that to come back to."""
    assert answer.status == 200, answer
    (element,) = etree.fromstring(answer.body)
    return str(element[0].text), str(element.get("action"))


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_it_answers_a_call_and_tells_nothing_of_the_caller(tmp_path: Path, number: signal.Signals, code: int) -> None:
    folder = write_library(tmp_path / "audio")
    call = {"CallSid": SID, "To": DIALLED, "From": CALLER}
    with running(folder, settings(tmp_path, f"public_url: {PUBLIC}")) as (process, address):
        sound, action = gather(posts(address, f"{PUBLIC}call", call))
        assert len(samples_of(asks(address, "GET", sound).body)) > 0
        sound, action = gather(posts(address, action, {**call, "Digits": "6"}))
        chapter = (folder / "small/en/phone/normal/01-part-1.ulaw").read_bytes()
        assert samples_of(asks(address, "GET", sound, Range="bytes=0-").body) == chapter
        assert posts(address, action, {**call, "CallSid": "CA2", "Digits": "6"}).status == 403
        assert asks(address, "GET", f"{address}healthz").status == 200
        with socket.create_connection((urlsplit(address).hostname, urlsplit(address).port or 0)) as connection:
            connection.sendall(b"GET /call?Digits=12345 nonsense\r\n\r\n")
            assert connection.recv(100).startswith(b"HTTP/1.1 400")
        process.send_signal(number)
        out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (code, "")
    counts, stop = (json.loads(line) for line in err.splitlines())
    assert (stop["event"], counts["event"]) == ("stop", "counts")
    assert {kind: counts[kind] for kind in ("calls", "chapters_begun", "answers", "refused", "failed")} == {
        "calls": 1, "chapters_begun": 1, "answers": 4, "refused": 2, "failed": 0,
    }  # fmt: skip
    for secret in (CALLER, DIALLED, SID, TOKEN, "12345", action[-30:]):
        assert secret not in err


def test_a_call_keeps_its_edition_when_a_new_one_is_built(tmp_path: Path) -> None:
    folder = write_library(tmp_path / "audio")
    old = (folder / "small/en/phone/normal/01-part-1.ulaw").read_bytes()
    call = {"CallSid": SID, "To": DIALLED}
    with running(folder, settings(tmp_path, f"public_url: {PUBLIC}")) as (_, address):
        _, action = gather(posts(address, f"{PUBLIC}call", call))
        (folder / "small/en").rename(tmp_path / "old")
        write_edition(folder, script="1" * 64)
        new = (folder / "small/en/phone/normal/01-part-1.ulaw").read_bytes()
        heard = b""
        for attempt in range(40):
            time.sleep(0.25)
            other = {**call, "CallSid": f"CA{attempt}"}
            sound, _ = gather(
                posts(address, gather(posts(address, f"{PUBLIC}call", other))[1], {**other, "Digits": "6"})
            )
            heard = samples_of(asks(address, "GET", sound).body)
            if heard == new:
                break
        assert heard == new != old
        sound, _ = gather(posts(address, action, {**call, "Digits": "6"}))
        assert samples_of(asks(address, "GET", sound).body) == old


@pytest.mark.parametrize(
    ("lines", "token", "code", "said"),
    [
        ([f"public_url: {PUBLIC}"], "", 4, r"TWILIO_AUTH_TOKEN is not set.*put the auth token"),
        ([], TOKEN, 4, r"library.yaml does not say where Twilio reaches this line; .*public_url: https://"),
        ([f"public_url: {PUBLIC}"], TOKEN, 7, r"there is no folder .*build a leaflet first"),
        (["public_url: http://calls.example/"], TOKEN, 1, r"library.yaml:5: URL .* is not encrypted"),
    ],
)
def test_what_is_missing_is_told(tmp_path: Path, lines: list[str], token: str, code: int, said: str) -> None:
    ended = subprocess.run(
        command(tmp_path / "audio", settings(tmp_path, *lines)),
        capture_output=True, text=True, timeout=60, env={**ENVIRONMENT, "TWILIO_AUTH_TOKEN": token}, check=False,
    )  # fmt: skip
    assert (ended.returncode, ended.stdout) == (code, "")
    assert re.search(said, ended.stderr), ended.stderr


def test_an_address_in_use_is_told(tmp_path: Path) -> None:
    folder = write_library(tmp_path / "audio")
    library = settings(tmp_path, f"public_url: {PUBLIC}")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ended = subprocess.run(
            command(folder, library, "--bind", f"127.0.0.1:{taken.getsockname()[1]}"),
            capture_output=True, text=True, timeout=60, env=ENVIRONMENT, check=False,
        )  # fmt: skip
    assert ended.returncode == 4
    assert "another program listens at" in ended.stderr
