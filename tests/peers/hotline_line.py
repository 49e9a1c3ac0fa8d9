"""The real line for real calls: the real leaflet with telephone sound, ``hotline serve``, and many callers at once."""

from __future__ import annotations

import fcntl
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from tests.editions import ROOT, Library, environment
from tests.peers.hearing import RATE, Ear, Heard, Samples, from_ulaw, loud
from tests.peers.priority import in_time
from tests.peers.softphone import Phone, phone
from tests.ports import free_ports

from audioleaflet import pipeline

AT_ONCE = 32  # callers wait far more than they work: all together they take as long as the longest of them
AT_ONCE_LATE = 8  # where programs that keep time have no priority, more would be late
_PACKET_AND_A_HALF_S = 0.03
_UNUSED = re.compile("/(slow|fast)/0[02-9]$")  # no journey goes there at these rates; a smaller ear hears quicker
SLUG = "bone-metastasis"
_SMALL = ("Rest when you are tired.", "Eat what you like.", "Drink some water.")
# The callers are all at one address, more of them than a line takes from one.
_LIMITS = """
hotline:
  emergency: {en-US: "911"}
  limits: {calls_a_source: 40, half_open_a_source: 20, requests_a_second: 400}
"""


@dataclass(frozen=True, slots=True)
class Said:
    """A stretch of a sound in a call, in seconds since the first packet.

    ``cue``: the sentence of a chapter with which it begins, by id; empty for a prompt. ``whole``: it begins with the
    beginning of that sentence, or of the prompt; ``at_s`` is when that beginning was sent, of which the first part may
    be silent. ``offset_s``, ``begin_s`` and ``end_s``: as it was heard.
    """

    sound: str
    cue: str
    whole: bool
    at_s: float
    offset_s: float
    begin_s: float
    end_s: float

    @property
    def first(self) -> bool:
        """Whether it is heard from its beginning."""
        return self.whole and self.begin_s - self.at_s > self.offset_s - 0.01

    def __str__(self) -> str:
        cut = "" if self.whole else ", from within"
        return f"{self.at_s:.2f}–{self.end_s:.2f} {self.sound} {self.cue} from {self.offset_s:.2f}{cut}"


@dataclass(frozen=True, slots=True)
class Walk:
    """What one caller did and heard, in seconds since the first packet of the line's sound.

    ``presses``: keys and when. ``first_s``: from the answer to the first packet. ``hung_up``: the line ended the call.
    ``missing_s``: how much shorter the recording is than the call, which is what a busy machine did not send in time:
    from then on, what is recorded is earlier than it was.
    """

    presses: list[tuple[str, float]]
    said: list[Said]
    length_s: float
    first_s: float
    missing_s: float
    hung_up: bool

    def sounds(self) -> list[str]:
        """The sounds in order; one that goes on elsewhere counts again."""
        return [one.sound for one in self.said]

    def after(self, press: int) -> list[Said]:
        """What begins after that press, counted from 0, up to the next."""
        times = [*(at - self.missing_s for _, at in self.presses), self.length_s + 1]
        return [one for one in self.said if times[press] < one.at_s <= times[press + 1]]

    def latencies(self) -> list[float]:
        """From each key to the sound that answers it, where one does. None, where packets are missing."""
        if self.missing_s > _PACKET_AND_A_HALF_S:
            return []
        before = " " + "".join(key for key, _ in self.presses)
        found = [
            (at, self.after(number))
            for number, (key, at) in enumerate(self.presses)
            if key != "#" or not before[number].isdigit()  # the end of a number that has been answered already
        ]
        return [after[0].at_s - at for at, after in found if after and after[0].at_s - at < 1]

    def __str__(self) -> str:
        keys = " ".join(f"{key}@{at:.2f}" for key, at in self.presses)
        return "\n".join([f"keys: {keys}", *(str(one) for one in self.said)])


@dataclass(slots=True)
class Line:
    """A library folder served by telephone.

    ``places``: of each sound, its sentences: id, where it begins, and where something of it is first heard, in seconds.
    """

    output: Path
    port: int = 0
    places: dict[str, list[tuple[str, float, float]]] = field(default_factory=dict)

    def sounds(self) -> dict[str, Samples]:
        """Every sound there is, by name: prompts, ``<slug>/<prompt>``, ``<slug>/<rate>/<chapter>``."""
        named = {}
        for path in sorted(self.output.rglob("*.ulaw")):
            parts = path.relative_to(self.output).with_suffix("").parts
            if parts[0] == "phone":
                name = parts[-1]
            elif parts[-2] == "prompts":
                name = f"{parts[0]}/{parts[-1]}"
            else:
                name = f"{parts[0]}/{parts[-2]}/{parts[-1][:2]}"
            named[name] = from_ulaw(path.read_bytes())
        return named

    def read(self) -> None:
        """Note where every sentence begins, at every rate, as each ``book.json`` tells."""
        sounds = self.sounds()
        cues = {name: [("", 0.0)] for name in sounds}
        for path in self.output.glob("*/*/book.json"):
            book = json.loads(path.read_text(encoding="utf-8"))
            for rendition in book["renditions"]:
                for chapter in rendition["chapters"]:
                    name = f"{path.parts[-3]}/{rendition['name'].removeprefix('phone-')}/{chapter['number']:02}"
                    cues[name] = [(cue["id"], cue["begin_ms"] / 1000) for cue in chapter["cues"]]
        for name, sound in sounds.items():
            for cue, begin in cues[name]:
                for first, _ in loud(sound[round(begin * RATE) :]):
                    self.places.setdefault(name, []).append((cue, begin, begin + first / RATE))

    def text(self, said: Said) -> str:
        """The words of the sentence with which a stretch begins."""
        (path,) = self.output.glob(f"{said.sound.partition('/')[0]}/*/book.json")
        book = json.loads(path.read_text(encoding="utf-8"))
        cues = (cue for chapter in book["chapters"] for cue in chapter["cues"])
        return next(str(cue["text"]) for cue in cues if cue["id"] == said.cue)

    def said(self, heard: Heard) -> Said:
        """A stretch, with its sentence."""
        cue, begin, first = [one for one in self.places[heard.sound] if one[1] <= heard.offset_s][-1]
        whole = abs(heard.offset_s - first) < _PACKET_AND_A_HALF_S
        at = heard.begin_s - (heard.offset_s - begin if whole else 0)
        return Said(heard.sound, cue, whole, at, heard.offset_s, heard.begin_s, heard.end_s)

    def sentence(self, walk: Walk, press: int) -> str:
        """The sentence that sounded when a key was pressed, or that was read last."""
        at = walk.presses[press][1]
        last = [one for one in walk.said if one.at_s < at and one.cue][-1]
        offset = last.offset_s + at - last.begin_s
        return [cue for cue, begin, _ in self.places[last.sound] if begin <= offset][-1]


@dataclass(frozen=True, slots=True)
class Dial:
    """Calls a line, each time with a baresip of its own, which hangs up at the end of the block."""

    program: str
    line: Line
    ear: Ear
    folder: Path
    phones: list[Phone] = field(default_factory=list)

    @contextmanager
    def __call__(self, *, codec: str = "PCMU", more: str = "") -> Iterator[Phone]:
        """One call. ``more``: further settings of the caller's account."""
        with phone(self.program, self.folder / str(len(self.phones)), codec=codec, more=more) as caller:
            self.phones.append(caller)
            caller.dial(f"sip:121@127.0.0.1:{self.line.port}")
            yield caller

    def walks(self) -> list[Walk]:
        """The calls so far. They must be over."""
        return [self._walk(caller) for caller in self.phones]

    def _walk(self, caller: Phone) -> Walk:
        recording = caller.recording()
        return Walk(
            presses=[(key, at - caller.heard_since) for key, at in caller.presses],
            said=[self.line.said(one) for one in _joined(self.ear.hear(recording))],
            length_s=len(recording) / RATE,
            first_s=caller.heard_since - caller.answered,
            missing_s=max(0.0, caller.events["CALL_CLOSED"] - caller.heard_since - len(recording) / RATE),
            hung_up=caller.hung_up,
        )


Script = Callable[[Dial], None]
"""A journey: one call or several, one after the other."""
Made = dict[str, list[Walk] | str]
"""The calls of each journey, by its name; of one that came to no end, why."""


def build(folder: Path) -> tuple[Path, Path]:
    """Two library folders with telephone sound: of the real leaflet alone, and of that and a small one."""
    content = folder / "content"
    shutil.copytree(ROOT / "content", content)
    settings = (content / "library.yaml").read_text(encoding="utf-8").partition("\nhotline:")[0] + _LIMITS
    (content / "library.yaml").write_text(settings, encoding="utf-8")
    one, two = folder / "one", folder / "two"
    cache = folder / "cache"
    pipeline.build(content / SLUG / "en.yaml", output=one, cache=cache, formats=("phone",))
    shutil.copytree(one, two)
    small = Library(folder / "small")
    small.write(*_SMALL)
    leaflet = content / "small" / "en.yaml"
    leaflet.parent.mkdir()
    leaflet.write_text(small.leaflet.read_text(encoding="utf-8"), encoding="utf-8")
    pipeline.build(leaflet, output=two, cache=cache, formats=("phone",))
    return one, two


@contextmanager
def serving(output: Path, settings: Path) -> Iterator[Line]:
    """``audioleaflet hotline serve`` as a process."""
    port = free_ports()
    command = [*in_time(), sys.executable, "-m", "audioleaflet", "hotline", "serve", "--output", str(output)]
    command += ["--library", str(settings), "--bind", f"127.0.0.1:{port}", "--state", str(output.parent / "state")]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment()) as process:
        try:
            assert process.stderr is not None
            line = process.stderr.readline()
            assert " start: " in line, line + process.stderr.read()
            found = Line(output, port)
            found.read()
            yield found
            process.terminate()
            _, err = process.communicate(timeout=30)
            assert process.returncode == 0, err
            assert "fault" not in err, err
        finally:
            process.kill()


def walks(program: str, lines: Mapping[str, Line], folder: Path, scripts: Mapping[str, tuple[str, Script]]) -> Made:
    """Do journeys, many at once, each on the line of its name; then hear what was heard in each call of each.

    The last begin first.
    """
    ears = {
        name: Ear({one: sound for one, sound in line.sounds().items() if not _UNUSED.search(one)})
        for name, line in lines.items()
    }
    dials = {
        name: Dial(program, lines[where], ears[where], folder / name)
        for name, (where, _) in reversed(list(scripts.items()))
    }
    faults: dict[str, str] = {}

    def go(name: str) -> None:
        try:
            scripts[name][1](dials[name])
        except (AssertionError, OSError, ValueError, subprocess.SubprocessError) as fault:
            faults[name] = f"{name} came to no end: {fault!r}"  # told by the test of this journey

    with ThreadPoolExecutor(AT_ONCE if in_time() else AT_ONCE_LATE) as pool:
        list(pool.map(go, dials))
    with ThreadPoolExecutor(2) as pool:
        made = pool.map(lambda name: faults.get(name) or dials[name].walks(), dials)
        return dict(zip(dials, made, strict=True))


def _joined(found: list[Heard]) -> list[Heard]:
    """The same with what goes on after a packet that came late or not at all, as one stretch."""
    joined: list[Heard] = []
    for one in found:
        last = joined[-1] if joined else None
        if (
            last
            and last.sound == one.sound
            and abs((one.begin_s - one.offset_s) - (last.begin_s - last.offset_s)) < 0.1
        ):
            joined[-1] = replace(last, end_s=one.end_s)
        else:
            joined.append(one)
    return joined


def once(folder: Path, make: Callable[[], Made]) -> Made:
    """What ``make`` answers, made once for all processes that test at the same time; ``folder`` is common to them."""
    kept = folder / "walks.json"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            told = {
                name: each if isinstance(each, str) else [asdict(one) for one in each] for name, each in make().items()
            }
            kept.write_text(json.dumps(told), encoding="utf-8")
    read = json.loads(kept.read_text("utf-8"))
    return {name: each if isinstance(each, str) else [_read(one) for one in each] for name, each in read.items()}


def _read(told: dict[str, Any]) -> Walk:
    said = [Said(**one) for one in told["said"]]
    return Walk(**{**told, "said": said, "presses": [(key, at) for key, at in told["presses"]]})
