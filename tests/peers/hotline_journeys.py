"""Journeys: calls to the real line with the real leaflet, by baresip, all made together and once for all tests.

A script presses keys and listens; what was heard is recorded and known. Each stands beside its test, in ``MODULES``.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass

import pytest
from tests.peers.hearing import RATE
from tests.peers.hotline_line import SLUG, Line, Made, Said, Script, Walk, build, once, serving, walks

WELCOME = ["emergency", f"{SLUG}/publisher", f"{SLUG}/title", f"{SLUG}/status", "keys"]
LATE_S = 0.3  # for one key on a busy machine; all keys together are held to less
MODULES = ("test_hotline_keys", "test_hotline_menus", "test_hotline_callers")
JOURNEYS: dict[str, tuple[str, Script]] = {}


def chapter(number: int, rate: str = "normal") -> str:
    return f"{SLUG}/{rate}/{number:02}"


def journey(script: Script) -> Script:
    JOURNEYS[script.__name__] = "one", script
    return script


def journey_with_two_leaflets(script: Script) -> Script:
    JOURNEYS[script.__name__] = "two", script
    return script


@dataclass(frozen=True, slots=True)
class Done:
    """All journeys, and the line that they were made on."""

    line: Line
    made: Made

    def of(self, script: Script) -> Walk:
        """The journey of one call."""
        (one,) = self.all_of(script)
        return one

    def all_of(self, script: Script) -> list[Walk]:
        found = self.made[script.__name__]
        assert not isinstance(found, str), found
        return found

    def calls(self) -> list[Walk]:
        """The calls of all journeys that came to their end."""
        return [walk for made in self.made.values() if not isinstance(made, str) for walk in made]

    def length(self, sound: str) -> float:
        """Seconds of a sound."""
        return len(self.line.sounds()[sound]) / RATE

    def goes_on(self, walk: Walk, said: Said, left: int, rate: str = "normal") -> bool:
        """Whether a stretch begins with the beginning of the sentence that sounded at the press ``left``."""
        return f"/{rate}/" in said.sound and said.whole and said.cue == self.line.sentence(walk, left)


@pytest.fixture(scope="session")
def done(tmp_path_factory: pytest.TempPathFactory) -> Done:
    """Every journey is made here, many at once: a caller listens in real time."""
    from tests.peers.conftest import require

    program = require("baresip")
    common = tmp_path_factory.getbasetemp()
    if "popen-gw" in common.name:
        common = common.parent  # other processes test as well
    folder = common / "hotline"
    folder.mkdir(exist_ok=True)
    for module in MODULES:  # a test may be asked for alone, and all journeys are made together
        importlib.import_module(f"tests.peers.{module}")

    def make() -> Made:
        one, two = build(folder)
        settings = folder / "content" / "library.yaml"
        with serving(one, settings) as line, serving(two, settings) as other:
            return walks(program, {"one": line, "two": other}, folder / "calls", JOURNEYS)

    made = once(folder, make)
    line = Line(folder / "two")
    line.read()
    return Done(line, made)


def code_of(heard: list[Said]) -> str:
    """The digits of a code that is told."""
    told = [one.sound for one in heard]
    begin = told.index("code-is") + 1
    return "".join(name[-1] for name in told[begin : begin + 5])
