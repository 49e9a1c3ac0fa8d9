"""Small leaflets, their libraries, and an engine of tones: what tests of whole builds are made with."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest

from audioleaflet import pipeline
from audioleaflet.book import manifest
from audioleaflet.book.model import Book
from audioleaflet.errors import SynthesisFailed, VoiceNotFound
from audioleaflet.pipeline import Built, Reporter
from audioleaflet.publish.formats import DEFAULT
from audioleaflet.script.model import Spelled, Utterance
from audioleaflet.speech.engine import Capabilities, Clip, Engine, Voice
from audioleaflet.speech.voices import engine_of
from audioleaflet.units import Hz, WordsPerMinute

ROOT = Path(__file__).resolve().parent.parent
REAL = ROOT / "content" / "bone-metastasis" / "en.yaml"
SENTENCES = ("Bone is a living thing.", "It hurts at night.", "Call the clinic when it does.")

_LIBRARY = """\
title: Test library
publisher: Test Trust
voices:
  en: [{voices}]
"""
_LEAFLET = """\
identifier: urn:uuid:4f3c2c1e-52a4-4a53-9d57-0f6b8f2d1a10
title: A small leaflet
language: en-US
version: "1.0"
date: 2026-01-02
publisher: Test Trust
licence: CC-BY-4.0
say: [metastasis]
sections:
  - id: first
    title: What is it?
    text: |
      {0} {1}

      - One item here.
      - Call 800-227-2345.
  - id: second
    title: What now?
    text: |
      {2}
"""


@dataclass(frozen=True, slots=True)
class Library:
    """A folder with one leaflet, the editions made of it, and a cache of its own."""

    folder: Path

    @property
    def leaflet(self) -> Path:
        return self.folder / "content" / "small" / "en.yaml"

    @property
    def output(self) -> Path:
        return self.folder / "audio"

    @property
    def cache(self) -> Path:
        return self.folder / "cache"

    @property
    def edition(self) -> Path:
        return self.output / "small" / "en"

    def write(self, *sentences: str, voices: str = "espeak:en-us") -> None:
        """Write the leaflet, its first sentences replaced by ``sentences``."""
        self.leaflet.parent.mkdir(parents=True, exist_ok=True)
        (self.folder / "content" / "library.yaml").write_text(_LIBRARY.format(voices=voices), encoding="utf-8")
        told = (*sentences, *SENTENCES[len(sentences) :])
        self.leaflet.write_text(_LEAFLET.format(*told), encoding="utf-8")

    def build(
        self,
        *,
        voice: str = "",
        formats: Sequence[str] = DEFAULT,
        jobs: int | None = None,
        force: bool = False,
        told: list[str] | None = None,
        engines: Callable[[str], Engine] = engine_of,
    ) -> Built:
        """Build the leaflet; ``told`` gets the messages."""
        messages = [] if told is None else told
        reporter = Reporter(message=messages.append, progress=pipeline.SILENT.progress)
        return pipeline.build(
            self.leaflet,
            output=self.output,
            cache=self.cache,
            voice=voice,
            formats=formats,
            jobs=jobs,
            force=force,
            reporter=reporter,
            engines=engines,
        )

    def left_over(self) -> list[str]:
        """What stands in the slug's folder beside the edition: it should be nothing."""
        with suppress(FileNotFoundError):
            return sorted(path.name for path in self.edition.parent.iterdir() if path != self.edition)
        return []


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """A folder that ``make`` fills once for every process of a test run. Not to be changed afterwards."""
    base = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:  # the folders of the processes lie side by side in one
        base = base.parent
    folder, made = base / name, base / f"{name}.made"
    with (base / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            made.touch()
    return folder


def whole(folder: Path) -> Book:
    """The book of an edition, after every file of it was found with its size and hash, and no other file."""
    book = manifest.load(folder)
    assert manifest.whole(book, folder), f"{folder} is not whole"
    listed = {file.path for file in book.files} | {manifest.NAME}
    assert {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} == listed
    return book


def tree(folder: Path) -> dict[str, str]:
    """Every file below ``folder`` with the SHA-256 of its bytes."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def stamps(folder: Path) -> dict[str, tuple[int, int]]:
    """Every file and folder below ``folder``, and itself, with its inode and its time of change in ns."""
    paths = [folder, *folder.rglob("*")]
    found = {path.relative_to(folder).as_posix(): path.stat() for path in paths}
    return {name: (status.st_ino, status.st_mtime_ns) for name, status in found.items()}


@dataclass
class Tones:
    """A voice of tones, a word a tone. ``fails_at``: the call that fails, counted from 1; 0 never."""

    name: str = "tones"
    language: str = "en-US"
    version: str = "1"
    notice: str = ""
    fails_at: int = 0
    parallel: int = 1
    spoken: list[str] = field(default_factory=list)
    closed: int = 0

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(phonemes=False, rates=False, offline=True, repeatable=True, parallel=self.parallel)

    def voices(self) -> Sequence[Voice]:
        return (Voice(engine=self.name, name="low", language=self.language),)

    def voice(self, name: str) -> Voice:
        if name != "low":
            raise VoiceNotFound(f"voice {name!r} is not known to {self.name}", engine=self.name)
        return self.voices()[0]

    def request(self, utterance: Utterance, voice: Voice, rate: WordsPerMinute) -> bytes:
        return "\0".join((self.name, self.version, voice.name, str(rate), *self._words(utterance))).encode()

    def speak(self, utterance: Utterance, voice: Voice, rate: WordsPerMinute) -> Clip:
        self.spoken.append(utterance.shown)
        if len(self.spoken) == self.fails_at:
            raise SynthesisFailed(
                f"{self.name} lost its voice",
                engine=self.name,
                utterance_id=utterance.id,
                next_step="try another voice",
            )
        along = np.arange(4410) / 22050
        tones = [
            np.sin(2 * np.pi * (200 + int(hashlib.sha256(word.encode()).hexdigest()[:3], 16)) * along)
            for word in self._words(utterance)
        ]
        swell = np.tile(np.sin(np.pi * along / 0.2), len(tones))
        pcm = np.rint(np.concatenate(tones) * swell * 9000).astype("<i2")
        return Clip(utterance_id=utterance.id, pcm=pcm.tobytes(), rate=Hz(22050))

    def close(self) -> None:
        self.closed += 1

    def _words(self, utterance: Utterance) -> list[str]:
        words: list[str] = []
        for span in utterance.spoken:
            if isinstance(span, Spelled):
                words += [word for group in span.groups for word in group]
            elif hasattr(span, "text"):
                words += [type(span).__name__, *span.text.split()]
        return words


class Paced(Tones):
    """A voice of tones that can speak slower and faster: telephone sound needs one."""

    @property
    def capabilities(self) -> Capabilities:
        return replace(super().capabilities, rates=True)

    def speak(self, utterance: Utterance, voice: Voice, rate: WordsPerMinute) -> Clip:
        clip = super().speak(utterance, voice, rate)
        pcm = np.frombuffer(clip.pcm, np.int16)
        along = np.arange(round(len(pcm) * 145 / rate)) * (rate / 145)
        return replace(clip, pcm=np.rint(np.interp(along, np.arange(len(pcm)), pcm)).astype("<i2").tobytes())


def choir(*engines: Tones) -> Callable[[str], Engine]:
    """An ``engines=`` for a build: these, by name."""

    def engine(name: str) -> Engine:
        return next(one for one in engines if one.name == name)

    return engine


def environment() -> dict[str, str]:
    """The environment of a process that runs the package from this tree."""
    return {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONWARNINGS": "ignore"}


def speak(library: Library, engine: Tones | None = None, formats: tuple[str, ...] = ("mp3", "transcript")) -> Tones:
    """Build with an engine of tones and without the slow format; answer the engine, which knows what it spoke."""
    engine = engine or Tones()
    library.build(formats=formats, engines=choir(engine))
    return engine
