"""Twilio, for tests: it asks the application, follows its TwiML, fetches the sound, and has a telephone with keys."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import random
import struct
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import unquote, urlencode, urlsplit

from lxml import etree
from starlette.types import ASGIApp, Message
from tests.hotline.caller import BEGIN, rules

from audioleaflet.hotline.catalogue import Catalogue, Sound
from audioleaflet.hotline.events import Count, Found, Place, Rules
from audioleaflet.hotline.twilio.answer import Answers
from audioleaflet.hotline.twilio.app import application
from audioleaflet.hotline.twilio.line import Line
from audioleaflet.hotline.twilio.snapshots import Snapshots

TOKEN = "0123456789abcdef0123456789abcdef"
PUBLIC = "https://calls.example/line/"
SID = "CA0123456789abcdef0123456789abcdef"
CALLER = "+12125550199"
DIALLED = "+12125550100"
DELAY_S = 0.3  # from an answer to its sound, and from a key to the request
VERBS = {"Response", "Gather", "Play", "Dial", "Number", "Sip", "Hangup", "Reject"}

Sign = Callable[[str, Mapping[str, str]], str]


def signature(url: str, parameters: Mapping[str, str], token: str = TOKEN) -> str:
    signed = url + "".join(name + parameters[name] for name in sorted(parameters))
    return base64.b64encode(hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()).decode()


class Broken(Exception):
    """What goes wrong in the line because a test lets it."""


class Clock:
    def __init__(self) -> None:
        self.now = BEGIN

    def __call__(self) -> datetime:
        return self.now

    def seconds(self) -> float:
        return self.now.timestamp()

    def passes(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class Noise:
    """Editions whose every sound is noise of its own."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.made: dict[Sound, bytes] = {}

    def pcm(self, sound: Sound) -> bytes:
        if sound not in self.made:
            self.made[sound] = random.Random(f"{sound.path}").randbytes(sound.duration_ms * 8)
        return self.made[sound]


@dataclass
class Shelf:
    loaded: Noise | None

    def current(self) -> Noise | None:
        return self.loaded


class Store:
    """Places in memory."""

    def __init__(self) -> None:
        self.places: dict[str, Place] = {}

    def keep(self, place: Place) -> str:
        code = f"{11111 + len(self.places)}"
        self.places[code] = place
        return code

    def find(self, code: str) -> Found:
        return Found(place=self.places.get(code))


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class World:
    """A line behind the application, with everything that a test may look at."""

    shelf: Shelf
    clock: Clock = field(default_factory=Clock)
    store: Store = field(default_factory=Store)
    counts: Counter[str] = field(default_factory=Counter)
    faults: list[BaseException] = field(default_factory=list)
    rules: Rules = field(default_factory=rules)
    operator: str = ""
    state: dict[str, bool] = field(default_factory=dict)
    token: str = TOKEN

    def __post_init__(self) -> None:
        self.starts()

    def starts(self) -> None:
        """Start the program anew: what is not in addresses is forgotten."""

        def count(one: Count) -> None:
            self.counts[f"{one.what} {one.label}".strip()] += 1

        line = Line(
            Answers(token=self.token, public_url=PUBLIC, operator=self.operator),
            Snapshots(self.shelf, kept_s=7200, clock=self.clock.seconds),
            self.store,
            lambda: self.rules,
            count=count,
            clock=self.clock,
        )
        self.app: ASGIApp = application(line, token=self.token, public_url=PUBLIC, failed=self.faults.append)

    def asks(
        self, method: str, url: str, *, body: bytes = b"", headers: Mapping[str, str] | None = None, parts: int = 1
    ) -> Answer:
        """One request, by its full address."""
        return asyncio.run(_asked(self.app, method, url, body, headers or {}, parts, self.state))

    def posts(self, url: str, parameters: Mapping[str, str], *, signed: str | None = None, **headers: str) -> Answer:
        return self.asks(
            "POST",
            url,
            body=urlencode(parameters).encode(),
            headers={
                "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
                "X-Twilio-Signature": signature(url, parameters) if signed is None else signed,
                **headers,
            },
        )


async def _asked(
    app: ASGIApp, method: str, url: str, body: bytes, headers: Mapping[str, str], parts: int, state: dict[str, bool]
) -> Answer:
    target = urlsplit(url)
    size = -(-len(body) // parts) or 1
    pieces = [body[at : at + size] for at in range(0, len(body), size)] or [b""]
    coming: list[Message] = [
        {"type": "http.request", "body": piece, "more_body": place + 1 < len(pieces)}
        for place, piece in enumerate(pieces)
    ]
    sent: list[Message] = []

    async def receive() -> Message:
        return coming.pop(0) if coming else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    raw_path = target.path.encode()
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
        "path": unquote(target.path), "raw_path": raw_path, "root_path": "", "query_string": target.query.encode(),
        "headers": [(b"host", b"evil.example"), *((k.lower().encode(), v.encode()) for k, v in headers.items())],
        "client": ("203.0.113.9", 4711), "server": ("127.0.0.1", 8000), "state": state,
    }  # fmt: skip
    with suppress(Broken):  # it is raised again after it was answered
        await app(scope, receive, send)
    found = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return Answer(sent[0]["status"], found, b"".join(message.get("body", b"") for message in sent[1:]))


@dataclass(frozen=True)
class Heard:
    """A stretch of one sound, by name."""

    name: str
    begin_ms: int
    end_ms: int

    def __str__(self) -> str:
        return self.name if self.begin_ms == 0 else f"{self.name}@{self.begin_ms / 1000:g}"


class Phone:
    """A call through Twilio. ``sign`` makes signatures."""

    def __init__(self, world: World, *, sign: Sign = signature, sid: str = SID, dialled: str = DIALLED) -> None:
        self.world = world
        self.sign = sign
        self.sid = sid
        self.dialled = dialled
        self.pieces: list[list[Heard]] = []
        self.lengths: list[int] = []
        self.addresses: list[str] = []
        self.verb = ""
        self.inside: dict[str, str] = {}
        self.sound = b""
        self.dials = ""
        self.follows(self.asks(f"{PUBLIC}call"))

    def asks(self, url: str, **more: str) -> Answer:
        parameters = {
            "AccountSid": "AC0123456789abcdef0123456789abcdef", "ApiVersion": "2010-04-01", "CallSid": self.sid,
            "CallStatus": "in-progress", "Called": self.dialled, "Caller": CALLER, "Direction": "inbound",
            "From": CALLER, "FromCity": "NEW YORK", "To": self.dialled, **more,
        }  # fmt: skip
        self.last = (url, parameters)
        return self.world.posts(url, parameters, signed=self.sign(url, parameters))

    def follows(self, answer: Answer) -> None:
        """Do what the TwiML says."""
        assert answer.status == 200, (answer.status, self.world.faults)
        assert answer.headers["content-type"].startswith("application/xml"), answer.headers
        response = etree.fromstring(answer.body)
        assert {element.tag for element in response.iter()} <= VERBS
        assert response.tag == "Response"
        (verb,) = response
        self.verb, self.inside, self.sound = verb.tag, {str(k): str(v) for k, v in verb.attrib.items()}, b""
        if "action" in self.inside:
            self.addresses.append(self.inside["action"])
        if verb.tag == "Gather":
            assert self.inside["finishOnKey"] == ""
            assert self.inside["actionOnEmptyResult"] == "true"
            assert int(self.inside["timeout"]) >= 1
            if len(verb):
                self._fetches(str(verb[0].text))
        elif verb.tag == "Dial":
            self.dials = f"{verb[0].tag} {verb[0].text}"

    def _fetches(self, url: str) -> None:
        self.addresses.append(url)
        answer = self.world.asks("GET", url)
        assert (answer.status, answer.headers["content-type"]) == (200, "audio/wav")
        self.sound = samples_of(answer.body)
        self.lengths.append(len(self.sound) // 8)
        self.pieces.append(self._known(self.sound))

    def _known(self, sound: bytes) -> list[Heard]:
        """Which noise that is."""
        assert self.world.shelf.loaded is not None
        heard: list[Heard] = []
        while sound:
            made = self.world.shelf.loaded.made
            of, noise = next((one, noise) for one, noise in made.items() if sound[:64] in noise)
            begin = noise.index(sound[:64])
            length = _common(noise[begin:], sound)
            name = of.text if not of.cues else f"{of.path.parent.name}/{of.path.stem}"
            heard.append(Heard(name, begin // 8, (begin + length) // 8))
            sound = sound[length:]
        return heard

    def goes_on(self) -> None:
        """No key: the sound comes to its end, then the timeout."""
        self.world.clock.passes(2 * DELAY_S + len(self.sound) / 8000 + int(self.inside["timeout"]))
        self.follows(self.asks(self.inside["action"], Digits=""))

    def presses(self, keys: str, after_s: float = 0.0) -> list[str]:
        """Press keys when so much of the sound was heard; answer what sounds then."""
        wanted = int(self.inside["numDigits"])
        self.world.clock.passes(2 * DELAY_S + after_s)
        if len(keys) < wanted:
            self.world.clock.passes(int(self.inside["timeout"]))
        self.follows(self.asks(self.inside["action"], Digits=keys[:wanted]))
        return self.presses(keys[wanted:], 0.1) if len(keys) > wanted else self.hears()

    def is_connected(self, status: str) -> None:
        self.world.clock.passes(20)
        self.follows(self.asks(self.inside["action"], DialCallStatus=status))

    def hears(self) -> list[str]:
        """The piece that sounds now."""
        return [str(one) for one in self.pieces[-1]] if self.sound else [self.verb]

    def listens_until(self, name: str, most: int = 60) -> None:
        """Listen with no key until a piece begins with ``name``."""
        for _ in range(most):
            if self.hears()[0] == name:
                return
            self.goes_on()
        raise AssertionError(f"{name} was not heard; {self.pieces[-3:]}")


def samples_of(wav: bytes) -> bytes:
    """The samples of a WAV file, its chunks read one after the other."""
    kind, size, form = struct.unpack_from("<4sI4s", wav)
    assert (kind, form, size) == (b"RIFF", b"WAVE", len(wav) - 8)
    at, chunks = 12, {}
    while at < len(wav):
        name, length = struct.unpack_from("<4sI", wav, at)
        chunks[name] = wav[at + 8 : at + 8 + length]
        at += 8 + length + length % 2
    assert struct.unpack("<HHIIHHH", chunks[b"fmt "]) == (7, 1, 8000, 8000, 1, 8, 0)
    assert struct.unpack("<I", chunks[b"fact"]) == (len(chunks[b"data"]),)
    return chunks[b"data"]


def _common(one: bytes, other: bytes) -> int:
    """How long two stretches of sound are the same."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one[:middle] == other[:middle] else (low, middle - 1)
    return low


def world(*, loaded: Noise | None, by: Rules | None = None, operator: str = "") -> World:
    return World(shelf=Shelf(loaded), rules=by or rules(), operator=operator)
