"""The online voice pointed at a test server, with a clock that costs no time."""

from __future__ import annotations

from tests.contracts.google import GoogleServer

from audioleaflet.script.model import Utterance
from audioleaflet.speech.engine import Clip
from audioleaflet.speech.gtts import Gtts
from audioleaflet.units import WordsPerMinute

RATE = WordsPerMinute(145)
SECRET = "Your scan of Tuesday"


class FakeTime:
    """A clock that moves only when someone sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def quick(server: GoogleServer, *, tries: int = 1, timeout: float = 5) -> tuple[Gtts, FakeTime]:
    fake = FakeTime()
    engine = Gtts(
        base_url=server.url,
        per_second=1000,
        tries=tries,
        timeouts=(timeout, timeout),
        clock=fake.clock,
        sleep=fake.sleep,
    )
    return engine, fake


def say(engine: Gtts, utterance: Utterance, voice: str = "en-us") -> Clip:
    return engine.speak(utterance, engine.voice(voice), RATE)
