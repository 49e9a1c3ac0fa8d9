"""What a build costs, as ratios taken in one run against a named baseline. Prints a Markdown table; asserts nothing.

    python tests/bench/bench.py            about two minutes
    python tests/bench/bench.py --long     also books of one hour and of ten, and 10 MB of hostile text, ten minutes
    python tests/bench/bench.py --opinions FOLDER   also our readings beside another normalizer's (see opinions.py)

Needs Debian's ffmpeg and espeak-ng, which are the baseline: one command that turns the same words into one MP3; and its
liblouis-bin, for braille. Every figure is the median of whole processes, run in turn with their baseline, so that a
machine that slows down slows both.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from audioleaflet.script.verbalizer import Verbalizer

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = ("1-", "1/", "1,", "10 mg-", "a@", "a.b.", "(((", "800-227-", "½", "IV ", "Mon-", "☎", "12:", "e.g.", "A1")
LEAFLET = ROOT / "content" / "bone-metastasis" / "en.yaml"
FLOOR = """
import sys, lameenc
from audioleaflet.speech.espeak import Espeak
from audioleaflet.speech.libespeak import Library
texts = open(sys.argv[1], encoding="utf-8").read().splitlines()
silence = int(float(sys.argv[2]) * 22050)
engine = Espeak()
engine.voice("en-us")
with Library(engine._library, engine._data).loaded(engine._voices["en-us"]) as session:
    pcm = b"".join(session.speak(text, 130) for text in texts)
encoder = lameenc.Encoder()
encoder.silence()
encoder.set_bit_rate(64); encoder.set_in_sample_rate(22050); encoder.set_channels(1); encoder.set_quality(7)
encoder.encode(pcm + bytes(2 * silence)); encoder.flush()
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """One process: ``wall`` and ``cpu`` in seconds, children included, and its ``peak`` memory in MB."""

    wall: float
    cpu: float
    peak: float


def run(command: list[str], **environment: str) -> Cost:
    """The cost of one command that must succeed; its output is thrown away."""
    # An installed program has its bytecode; a clone, where writing it may be switched off, would compile at each start.
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    began = time.perf_counter()
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**inherited, **environment}
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    return Cost(time.perf_counter() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


class Bench:
    """A folder to build in, and the commands that are compared."""

    def __init__(self, folder: Path, runs: int, *, long: bool) -> None:
        self.folder = folder
        self.runs = runs
        self.long = long
        self.built = 0
        self.rows: list[tuple[str, str, str, str]] = []

    def build(self, leaflet: Path, name: str, formats: str = "mp3,transcript") -> Cost:
        """``audioleaflet build`` with a cache and an output folder of that name."""
        command = [sys.executable, "-m", "audioleaflet", "build", str(leaflet), "--formats", formats]
        command += ["--output", str(self.folder / f"{name}.out"), "--cache", str(self.folder / f"{name}.cache")]
        return run(command)

    def cold(self, leaflet: Path = LEAFLET, formats: str = "mp3,transcript") -> Cost:
        """A build from nothing, in new folders: a file system is slow to give out again what was just deleted."""
        self.built += 1
        return self.build(leaflet, f"cold-{self.built}", formats)

    def in_turn(self, *commands: Callable[[], Cost]) -> list[list[Cost]]:
        """The costs of commands run in turn, once unmeasured and then ``runs`` times."""
        rounds = [[command() for command in commands] for _ in range(self.runs + 1)][1:]
        return [list(costs) for costs in zip(*rounds, strict=True)]

    def row(self, what: str, reach: str, costs: list[float], base: list[float], unit: str = "") -> None:
        """A line of the table: the median of the ratios pair by pair."""
        ratio = median(one / other for one, other in zip(costs, base, strict=True))
        self.rows.append((what, reach, f"{ratio:.2f}", f"{median(costs):.2f} / {median(base):.2f} {unit}"))

    def ratios(self) -> None:
        """Everything but the long books."""
        text, pauses = self.words()
        one_liner = (
            f"espeak-ng -v en-us -s 130 -f {text} --stdout | ffmpeg -v error -y -i - -b:a 64k {self.folder}/one.mp3"
        )
        baseline, cold, m4b, site, phone, floor = self.in_turn(
            lambda: run(["sh", "-c", one_liner]),
            self.cold,
            lambda: self.cold(formats="mp3,transcript,m4b"),
            lambda: self.cold(formats="mp3,transcript,site"),
            lambda: self.cold(formats="mp3,transcript,phone"),
            lambda: run([sys.executable, "-W", "ignore", "-c", FLOOR, str(text), str(pauses)]),
        )
        wall = [cost.wall for cost in cold]
        one = [cost.wall for cost in baseline]
        self.row("cold build, MP3s and transcripts / `espeak-ng \\| ffmpeg`, one MP3", "≤ 1.0", wall, one, "s")
        self.row("the same with M4B / the same one MP3", "≤ 2.0", [cost.wall for cost in m4b], one, "s")
        self.row("the build with web pages / without them", "≤ 1.2", [cost.wall for cost in site], wall, "s")
        self.row("the build with telephone sound / without it", "≤ 3.0", [cost.wall for cost in phone], wall, "s")
        self.row(
            "CPU of the cold build / one synthesis and one encode in process",
            "≤ 3.0",
            [cost.cpu for cost in cold],
            [cost.cpu for cost in floor],
            "s",
        )
        self.readings()
        self.changes()
        self.ten_times()
        self.verbalizer()
        (help_,) = self.in_turn(lambda: run([sys.executable, "-m", "audioleaflet", "--help"]))
        seconds = median(cost.wall for cost in help_)
        self.rows.append(("`audioleaflet --help`", "≤ 0.3 s", f"{seconds:.2f} s", ""))

    def readings(self) -> None:
        """What the formats for players and reading apps add to a build."""
        usual = "mp3,m4b,transcript,site"
        base, all_read, before, default, braille, pdf = self.in_turn(
            self.cold,
            lambda: self.cold(formats="mp3,transcript,site,epub,daisy,audiobook,w3c"),
            lambda: self.cold(formats=usual),
            lambda: self.cold(formats=f"{usual},epub,daisy,audiobook,w3c"),
            lambda: self.cold(formats="mp3,transcript,braille"),
            lambda: self.cold(formats="mp3,transcript,pdf"),
        )
        wall = [cost.wall for cost in base]
        what = "the build with EPUB, DAISY, audiobook, W3C manifest and web page / without them"
        self.row(what, "≤ 1.5", [cost.wall for cost in all_read], wall, "s")
        what = "a build of the usual formats / of those without EPUB, DAISY, audiobook and W3C manifest"
        self.row(what, "", [cost.wall for cost in default], [cost.wall for cost in before], "s")
        self.row("the build with braille / without it", "", [cost.wall for cost in braille], wall, "s")
        self.row("the build with large print / without it", "", [cost.wall for cost in pdf], wall, "s")

    def words(self) -> tuple[Path, float]:
        """The words of the built leaflet, one utterance a line, and the seconds of silence between them."""
        from audioleaflet import Book

        self.cold()
        book = Book.load(self.folder / f"cold-{self.built}.out" / "bone-metastasis" / "en")
        cues = [cue for chapter in book.chapters for cue in chapter.cues]
        text = self.folder / "words.txt"
        text.write_text("\n".join(cue.text for cue in cues) + "\n", encoding="utf-8")
        spoken = sum(cue.speech_end_ms - cue.speech_begin_ms for cue in cues)
        return text, (book.duration_ms - spoken) / 1000

    def changes(self) -> None:
        """One sentence changed, and nothing changed, each beside a cold build."""
        leaflet = self.folder / "bone-metastasis" / "en.yaml"
        leaflet.parent.mkdir()
        words = LEAFLET.read_text(encoding="utf-8")
        number = iter(range(1000))

        def changed() -> Cost:
            leaflet.write_text(words.replace("This can hurt.", f"This can hurt you {next(number)}."), encoding="utf-8")
            return self.build(leaflet, "warm")

        cold, one, none = self.in_turn(self.cold, changed, lambda: self.build(leaflet, "warm"))
        base = [cost.wall for cost in cold]
        self.row("one sentence changed / cold", "≤ 0.35", [cost.wall for cost in one], base, "s")
        self.row("nothing changed / cold", "≤ 0.25", [cost.wall for cost in none], base, "s")

    def ten_times(self) -> None:
        """A leaflet of ten times the words, none of them twice, beside ten cold builds."""
        leaflet = self.longer(10)
        cold, ten = self.in_turn(self.cold, lambda: self.cold(leaflet))
        self.row(
            "a leaflet 10 times as long / 10 cold builds",
            "≤ 1.0",
            [c.wall for c in ten],
            [10 * c.wall for c in cold],
            "s",
        )

    def longer(self, times: int) -> Path:
        """The leaflet ``times`` over, a section a copy; each sentence says which, so that no clip serves twice."""
        from audioleaflet.leaflet.reader import read

        leaflet = read(LEAFLET)
        lines = ["title: A long leaflet", "language: en-US", 'version: "1"', "licence: CC-BY-4.0"]
        lines += ["contact: editor@audioleaflet.example", "publisher: Audioleaflet", "say: [metastasis]", "sections:"]
        for copy in range(times):
            lines += [f"  - id: part-{copy}", f"    title: Part {copy}", "    text: |"]
            for section in leaflet.sections:
                for block in section.blocks:
                    texts = block.lines or [" ".join(part.lines) for item in block.items for part in [item[0]]]
                    lines += [f"      In part {copy}, {text}\n" for text in texts]
        path = self.folder / f"long-{times}.yaml"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    def verbalizer(self) -> None:
        """Words a second from shown to spoken, and how the time grows with a text that means harm."""
        from audioleaflet.pipeline import prepare

        prepared = prepare(LEAFLET)
        verbalizer = Verbalizer.of("en-US", prepared.lexicon, prepared.phrases, prepared.settings.pauses)
        sentences = [one.shown for one in prepared.script.utterances()]
        words = sum(len(sentence.split()) for sentence in sentences)
        rates = []
        for _ in range(self.runs):
            began = time.perf_counter()
            for sentence in sentences * 5:
                verbalizer.spoken(sentence)
            rates.append(5 * words / (time.perf_counter() - began))
        self.rows.append(("verbalizer, the leaflet's words a second", "≥ 20,000", f"{median(rates):,.0f}", ""))
        if not self.long:
            return
        costs = []
        for megabytes in (1, 10):
            began = time.perf_counter()
            for pattern in HOSTILE:
                verbalizer.spoken(pattern * (megabytes * 1_000_000 // len(HOSTILE) // len(pattern)))
            costs.append(time.perf_counter() - began)
        ratio = f"{costs[1] / costs[0]:.1f}"
        times = f"{costs[1]:.0f} / {costs[0]:.1f} s"
        self.rows.append(("verbalizer, 10 MB of hostile text / 1 MB (`--long`)", "about 10", ratio, times))

    def memory(self) -> None:
        """Peak memory of a book of about one hour and of ten."""
        from audioleaflet import Book

        costs, hours = [], []
        for times in (7, 75):
            leaflet = self.longer(times)
            costs.append(self.cold(leaflet).peak)
            book = Book.load(self.folder / f"cold-{self.built}.out" / leaflet.stem / "en-us")
            hours.append(book.duration_ms / 3_600_000)
        self.rows.append((f"peak memory of a book of {hours[1]:.1f} hours", "≤ 400 MB", f"{costs[1]:.0f} MB", ""))
        self.rows.append(
            (
                f"the same / a book of {hours[0]:.1f} hours",
                "≤ 1.3",
                f"{costs[1] / costs[0]:.2f}",
                f"{costs[1]:.0f} / {costs[0]:.0f} MB",
            )
        )

    def table(self) -> str:
        """The rows as Markdown."""
        head = ["| what / against what | reach | measured | medians |", "| --- | --- | --- | --- |"]
        return "\n".join([*head, *(f"| {' | '.join(row)} |" for row in self.rows)])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Ratios of the build against named baselines.")
    parser.add_argument("--long", action="store_true", help="also books of one hour and of ten")
    parser.add_argument("--runs", type=int, default=5, help="measured runs of each command (default 5)")
    parser.add_argument("--opinions", type=Path, metavar="FOLDER", help="cases of another text normalizer")
    options = parser.parse_args()
    for program, package in (("espeak-ng", "espeak-ng"), ("ffmpeg", "ffmpeg"), ("lou_translate", "liblouis-bin")):
        if shutil.which(program) is None:
            raise SystemExit(f"{program} is measured and is not installed: try 'apt-get install {package}'")
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), options.runs, long=options.long)
        bench.ratios()
        if options.long:
            bench.memory()
        print(bench.table())
        if options.opinions:
            command = [sys.executable, str(Path(__file__).with_name("opinions.py")), str(options.opinions)]
            print(f"\n{subprocess.run(command, check=True, capture_output=True, text=True).stdout}")


if __name__ == "__main__":
    main()
