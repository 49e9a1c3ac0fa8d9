"""The online voice on bad networks, at its own slow pace, in threads; and what it tells whom."""

from __future__ import annotations

import gzip
import http.server
import logging
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.contracts import google as behaviours
from tests.contracts.google import Body, GoogleServer, Redirect, Slow, Status
from tests.contracts.online import SECRET, FakeTime, quick, say
from tests.peers.conftest import require

from audioleaflet.errors import ConfigError, EngineUnavailable, SynthesisFailed
from audioleaflet.script.model import Text, Utterance
from audioleaflet.speech.gtts import Gtts, reachable

Speakable = Callable[..., Utterance]

# Networks


def test_no_network_is_engine_unavailable(utterance: Speakable) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{closed.getsockname()[1]}"
        engine = Gtts(base_url=address, tries=2, sleep=time.sleep, per_second=1000)
        with pytest.raises(EngineUnavailable, match="cannot be reached") as caught:
            say(engine, utterance(Text(text=SECRET)))
        engine.close()
    assert caught.value.retryable
    assert "network" in caught.value.next_step
    assert "espeak:en-us" in caught.value.next_step
    assert SECRET not in str(caught.value)


def test_a_slow_answer_ends_in_time(google: GoogleServer, utterance: Speakable) -> None:
    engine, _ = quick(google, timeout=0.2)
    google.script(Slow(3))
    begun = time.monotonic()
    with pytest.raises(EngineUnavailable, match="did not answer in time"):
        say(engine, utterance(Text(text="Bone.")))
    assert time.monotonic() - begun < 2


def test_an_answer_that_trickles_ends_in_time(utterance: Speakable) -> None:
    class Trickle(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.end_headers()
            for _ in range(200):
                self.wfile.write(b" " * 4096)
                time.sleep(0.05)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    class Quiet(http.server.ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, request: object, client_address: object) -> None:
            pass

    with Quiet(("127.0.0.1", 0), Trickle) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        engine = Gtts(base_url=f"http://127.0.0.1:{server.server_port}", tries=1, timeouts=(1, 0.3))
        begun = time.monotonic()
        with pytest.raises(SynthesisFailed, match="did not end in time"):
            say(engine, utterance(Text(text="Bone.")))
        assert time.monotonic() - begun < 3
        engine.close()
        server.shutdown()


def test_a_server_gone_half_way_says_so_after_its_tries(google: GoogleServer, utterance: Speakable) -> None:
    engine, _ = quick(google, tries=3)
    google.gone_after(2)
    for _ in range(2):
        say(engine, utterance(Text(text="Bone.")))
    with pytest.raises(EngineUnavailable):
        say(engine, utterance(Text(text="Bone.")))
    assert len(google.requests) == 2 + 3


def test_a_redirect_is_never_followed(google: GoogleServer, utterance: Speakable) -> None:
    with GoogleServer() as other:
        engine, _ = quick(google)
        for location in (other.url, f"{google.url}{behaviours.PATH}", "/elsewhere"):
            google.script(Redirect(location))
            with pytest.raises(SynthesisFailed):
                say(engine, utterance(Text(text="Bone.")))
        assert not other.requests
    assert len(google.requests) == 3


def untrusted(folder: Path) -> Path:
    """A key and a certificate for this machine that nobody but itself vouches for, made for one test."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    names = ("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1")
    made = ("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-out", certificate, "-keyout", key)
    subprocess.run([require("openssl"), *made, *names], check=True, capture_output=True, timeout=60)
    both = folder / "untrusted.pem"
    both.write_bytes(key.read_bytes() + certificate.read_bytes())
    return both


@pytest.mark.peer
def test_a_certificate_that_nobody_trusts_is_refused(utterance: Speakable, tmp_path: Path) -> None:
    with GoogleServer(tls=untrusted(tmp_path)) as server:
        engine, _ = quick(server, tries=3)
        with pytest.raises(EngineUnavailable, match="certificate") as caught:
            say(engine, utterance(Text(text="Bone.")))
        engine.close()
    assert not server.requests
    assert "REQUESTS_CA_BUNDLE" in caught.value.next_step


def test_a_proxy_is_not_asked_for_this_machine(
    google: GoogleServer, utterance: Speakable, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    engine, _ = quick(google)
    say(engine, utterance(Text(text="Bone.")))


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org",
        "http://127.0.0.1.example.org",
        "http://user:127.0.0.1@example.org",
        "example.org",
        "//",
    ],
)
def test_no_other_host_can_be_named(address: str) -> None:
    with pytest.raises(ConfigError, match="not on this machine"):
        Gtts(base_url=address)


# Slowly, and in threads


def test_two_requests_a_second_at_most(google: GoogleServer, utterance: Speakable) -> None:
    fake = FakeTime()
    engine = Gtts(base_url=google.url, clock=fake.clock, sleep=fake.sleep)
    begun = fake.now
    for _ in range(7):
        say(engine, utterance(Text(text="Bone.")))
    assert fake.now - begun == pytest.approx(6 / 2)


def test_threads_share_the_limit(google: GoogleServer, utterance: Speakable) -> None:
    engine = Gtts(base_url=google.url, per_second=20)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: say(engine, utterance(Text(text="Bone."))), range(8)))
    times = sorted(request.at for request in google.requests)
    assert times[-1] - times[0] > 7 / 20 * 0.8
    engine.close()


def test_all_threads_hold_off_when_one_is_told_to(google: GoogleServer, utterance: Speakable) -> None:
    engine = Gtts(base_url=google.url, per_second=100)
    google.script(Status(429, retry_after="1"))
    with ThreadPoolExecutor(3) as pool:
        jobs = [pool.submit(say, engine, utterance(Text(text="Bone.")))]
        time.sleep(0.4)
        jobs += [pool.submit(say, engine, utterance(Text(text="Bone."))) for _ in range(2)]
        for job in jobs:
            job.result(timeout=20)
    times = sorted(request.at for request in google.requests)
    assert len(times) == 4
    assert times[1] - times[0] > 0.9
    engine.close()


def test_close_ends_a_wait(google: GoogleServer, utterance: Speakable) -> None:
    engine = Gtts(base_url=google.url)
    google.script(Status(429, retry_after="30"))
    threading.Timer(0.3, engine.close).start()
    begun = time.monotonic()
    with pytest.raises(EngineUnavailable, match="closed"):
        say(engine, utterance(Text(text="Bone.")))
    assert time.monotonic() - begun < 5


# What is told


def test_what_is_spoken_is_never_logged(
    google: GoogleServer, utterance: Speakable, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("gtts.tts").disabled = False
    engine, _ = quick(google, tries=2)
    google.script(Status(429), behaviours.SPEECH, behaviours.CAPTCHA)
    say(engine, utterance(Text(text=SECRET)))
    with pytest.raises(SynthesisFailed):
        say(engine, utterance(Text(text=SECRET)))
    for word in SECRET.split():
        assert word not in caplog.text


def test_the_notice_names_google() -> None:
    engine = Gtts()
    assert "Google" in engine.notice
    assert not engine.capabilities.offline


def test_reachable_says_yes_or_why_not(google: GoogleServer) -> None:
    assert reachable(2, base_url=google.url).ok
    assert google.texts == ["hello"]
    google.default = behaviours.CAPTCHA
    found = reachable(2, base_url=google.url)
    assert not found.ok
    assert "captcha" in found.message
    google.default = Status(429)
    assert "HTTP 429" in reachable(2, base_url=google.url).message
    assert len(google.requests) == 3


def test_a_compressed_answer_is_read(google: GoogleServer, utterance: Speakable) -> None:
    engine, _ = quick(google)
    right = say(engine, utterance(Text(text="bone")))
    data = behaviours.answer(behaviours.encode(behaviours.tones("bone", False)))
    google.script(Body(gzip.compress(data), encoding="gzip"), Body(data, encoding="gzip"))
    assert say(engine, utterance(Text(text="bone"))).pcm == right.pcm
    with pytest.raises(SynthesisFailed, match="cut off"):
        say(engine, utterance(Text(text="bone")))
