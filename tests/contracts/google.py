"""A server on the loopback that speaks Google Translate's speech protocol, and can be told to misbehave.

    with GoogleServer() as server:
        engine = Gtts(base_url=server.url, per_second=1000)
        server.script(Status(429, retry_after="1"), CAPTCHA)      # the next two requests; then speech again

Its voice is made of tones, one a letter, in real MP3 (24000 Hz, 64 kbit/s): other words are other sound, more
words are longer sound, slow speech is slower. A request that is not in Google's form is answered with 400.
"""

from __future__ import annotations

import base64
import json
import socket
import ssl
import struct
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from urllib.parse import parse_qs

PATH = "/_/TranslateWebserverUi/data/batchexecute"
RATE = 24000


@dataclass(frozen=True, slots=True)
class Received:
    """One request as it came: what to say and how, and the headers, their names in lower case."""

    text: str
    lang: str
    slow: bool
    headers: dict[str, str]
    at: float


@dataclass(frozen=True, slots=True)
class Status:
    """An answer of this HTTP status."""

    code: int
    retry_after: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class Redirect:
    """An answer that sends the request to another address."""

    location: str


@dataclass(frozen=True, slots=True)
class Body:
    """An answer of status 200 with these bytes, ``missing`` of which are promised and never sent."""

    data: bytes
    kind: str = "application/json; charset=utf-8"
    missing: int = 0
    encoding: str = ""


@dataclass(frozen=True, slots=True)
class Sound:
    """A well-formed answer whose MP3 is whatever this makes of the right one."""

    change: Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class Slow:
    """The right answer, after this many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Named:
    """A misbehaviour that needs no more than its name."""

    name: str


Behaviour = Status | Redirect | Body | Sound | Slow | Named

SPEECH = Named("speech")  # the right answer, led by lengths
ONE_ARRAY = Named("one array")  # the right answer, as one array with no lengths
RESET = Named("reset")  # the connection is reset
CUT_OFF = Named("cut off")  # half of the body that Content-Length promises, then the end
CUT_OFF_UNSEEN = Named("cut off unseen")  # half of the body, with no Content-Length to tell it by
REFUSED = Named("refused")  # null in place of the sound
NOT_BASE64 = Named("not base64")
CAPTCHA = Body(b"<!DOCTYPE html><html><body>Our systems have detected unusual traffic</body></html>", "text/html")
EMPTY_AUDIO = Sound(lambda mp3: b"")
NOT_MP3 = Sound(lambda mp3: b"RIFF" + mp3[4:])
CUT_OFF_MP3 = Sound(lambda mp3: mp3[: len(mp3) // 2 + 7])
SHORT_MP3 = Sound(lambda mp3: mp3[: 192 * 8])  # whole frames, but only the first few
SILENT_MP3 = Sound(lambda mp3: encode([0] * RATE))


class GoogleServer:
    """The server, in threads of its own inside ``with``. ``tls``: PEM file of a certificate and its key."""

    def __init__(self, tls: Path | None = None) -> None:
        self.requests: list[Received] = []
        self.faults: list[BaseException] = []
        self.default: Behaviour = SPEECH
        self._script: deque[Behaviour] = deque()
        self._left: int | None = None
        self._lock = threading.Lock()
        self._http = _Http(("127.0.0.1", 0), _Handler)
        self._http.google = self
        self._scheme = "http"
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(tls)
            self._http.socket = context.wrap_socket(self._http.socket, server_side=True)
            self._scheme = "https"
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        """What to give an engine as its base URL."""
        return f"{self._scheme}://127.0.0.1:{self._http.server_port}"

    @property
    def texts(self) -> list[str]:
        """What was to be said, in the order of the requests."""
        return [request.text for request in self.requests]

    def script(self, *behaviours: Behaviour) -> None:
        """How to answer the next requests, one each; then ``default`` again."""
        with self._lock:
            self._script.extend(behaviours)

    def gone_after(self, requests: int) -> None:
        """Answer so many more requests, then reset every connection for good."""
        with self._lock:
            self._left = requests

    def behaviour(self, request: Received) -> Behaviour:
        """How to answer this request, which is kept in ``requests``."""
        with self._lock:
            self.requests.append(request)
            if self._left is not None:
                self._left -= 1
                if self._left < 0:
                    return RESET
            return self._script.popleft() if self._script else self.default

    def __enter__(self) -> GoogleServer:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()
        if self.faults:
            raise self.faults[0]


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    google: GoogleServer

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is what many tests are about; any other error is a fault of this server."""
        error = sys.exc_info()[1]
        if error is not None and not isinstance(error, OSError):
            self.google.faults.append(error)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Http

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            text, lang, slow = parse(body)
        except (ValueError, KeyError, TypeError):
            self._send(400, b"", "text/plain")
            return
        if self.path != PATH or not text or len(text) > 100:
            self._send(404 if self.path != PATH else 400, b"", "text/plain")
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        behaviour = self.server.google.behaviour(Received(text, lang, slow, headers, time.monotonic()))
        self._behave(behaviour, encode(tones(text, slow)))

    def do_GET(self) -> None:
        """Where a followed redirect would arrive."""
        self._send(200, answer(encode(tones("you should not be here", False))), "application/json")

    def _behave(self, behaviour: Behaviour, mp3: bytes) -> None:
        match behaviour:
            case Status(code=code, retry_after=retry_after, date=date):
                extra = {"Retry-After": retry_after} if retry_after else {}
                self._send(code, b"", "text/html", headers=extra, date=date)
            case Redirect(location=location):
                self._send(302, b"", "text/html", headers={"Location": location})
            case Body(data=data, kind=kind, missing=missing, encoding=encoding):
                extra = {"Content-Encoding": encoding} if encoding else {}
                self._send(200, data, kind, missing=missing, headers=extra)
            case Sound(change=change):
                self._send(200, answer(change(mp3)), "application/json")
            case Slow(seconds=seconds):
                time.sleep(seconds)
                self._send(200, answer(mp3), "application/json")
            case Named(name=name):
                self._named(name, mp3)

    def _named(self, name: str, mp3: bytes) -> None:
        right = answer(mp3)
        half = right[: len(right) // 2]
        if name == "reset":
            # RFC 9293, 3.10.7: to close with linger 0 is to reset.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            self.connection.close()
        elif name == "cut off":
            self._send(200, half, "application/json", missing=len(right) - len(half))
        elif name == "cut off unseen":
            self.wfile.write(b"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n" + half)
            self.close_connection = True
        else:
            changed = {
                "speech": right,
                "one array": answer(mp3, lengths=False),
                "refused": answer(None),
                "not base64": right.replace(b"//", b"//!!", 1),
            }[name]
            self._send(200, changed, "application/json")

    def _send(
        self,
        code: int,
        data: bytes,
        kind: str,
        *,
        missing: int = 0,
        date: str = "",
        headers: dict[str, str] | None = None,
    ) -> None:
        self.send_response_only(code)
        self.send_header("Date", date or self.date_time_string())
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data) + missing))
        self.send_header("Set-Cookie", "NID=who-you-are; Path=/")
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)
        if missing:
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing: the tests say what matters."""


def parse(body: bytes) -> tuple[str, str, bool]:
    """Text, language and slowness of a request's body. Raises ValueError, KeyError or TypeError."""
    fields = parse_qs(body.decode("ascii"), strict_parsing=False)
    (((rpc, parameters, nothing, generic),),) = json.loads(fields["f.req"][0])
    text, lang, slow, null = json.loads(parameters)
    if (rpc, nothing, generic, null) != ("jQ1olc", None, "generic", "null") or slow not in (True, None):
        raise ValueError("not a request for speech")
    return str(text), str(lang), bool(slow)


def answer(mp3: bytes | None, *, lengths: bool = True) -> bytes:
    """A 200 body that holds this sound, or null for none, in either of Google's framings."""
    payload = None if mp3 is None else json.dumps([base64.b64encode(mp3).decode()])
    row = ["wrb.fr", "jQ1olc", payload, None, None, [13] if mp3 is None else None, "generic"]
    rows = [json.dumps(row, separators=(",", ":")), '["di",37]', '["af.httprm",36,"-668177807451224424",66]']
    if not lengths:
        return (")]}'\n\n[" + "\n,".join(rows) + "\n]").encode()
    end = f'["e",4,null,null,{len(rows[0])}]'
    chunks = [f"[{rows[0]}\n]\n", f"[{rows[1]}\n,{rows[2]}\n]\n", f"[{end}\n]\n"]
    return (")]}'\n\n" + "".join(f"{len(chunk) + 1}\n{chunk}" for chunk in chunks)).encode()


@lru_cache(maxsize=512)
def tones(text: str, slow: bool) -> tuple[int, ...]:
    """Samples of ``text``, a tone a letter, with the silence that Google puts before and after."""
    import numpy as np

    unit = 2 if slow else 1
    parts = [np.zeros(RATE // 10)]
    for character in text:
        if character.isalnum():
            at = np.arange(RATE * 6 * unit // 100) / RATE
            parts.append(9000 * np.sin(2 * np.pi * (150 + 40 * (ord(character) % 64)) * at))
        else:
            parts.append(np.zeros(RATE * (12 if character in ",.;:!?" else 3) * unit // 100))
    parts.append(np.zeros(RATE * 3 // 10))
    return tuple(np.concatenate(parts).astype(np.int16).tolist())


def encode(samples: tuple[int, ...] | list[int]) -> bytes:
    """MP3 as Google sends it: 24000 Hz, mono, 64 kbit/s, no tag."""
    import lameenc
    import numpy as np

    encoder = lameenc.Encoder()
    encoder.silence()
    encoder.set_channels(1)
    encoder.set_in_sample_rate(RATE)
    encoder.set_bit_rate(64)
    encoder.set_quality(7)
    return bytes(encoder.encode(np.array(samples, dtype="<i2").tobytes())) + bytes(encoder.flush())
