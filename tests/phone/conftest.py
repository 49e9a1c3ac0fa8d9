"""Small libraries with telephone sound, built by engines of tones."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from tests.editions import Library, Paced, Tones, choir, once, tree

from audioleaflet import pipeline
from audioleaflet.book.model import Chapter

RATES = ("phone-slow", "phone-normal", "phone-fast")
SMALL = ("mp3", "phone")
TODAY = date(2026, 11, 22)


@pytest.fixture(scope="session")
def sounds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache of all that the small leaflet sounds of by telephone, spoken and encoded once."""

    def make(folder: Path) -> None:
        first = Library(folder)
        first.write(voices="tones:low")
        build(first)

    return Library(once(tmp_path_factory, "telephone", make)).cache


@pytest.fixture
def tones(library: Library, sounds: Path) -> Library:
    """The library of one small leaflet, to be narrated by the engine ``tones``, with a cache of its own sounds."""
    library.write(voices="tones:low")
    shutil.copytree(sounds, library.cache)
    return library


def build(library: Library, formats: Sequence[str] | None = SMALL, engine: Tones | None = None) -> list[str]:
    """Build, and answer what was told."""
    told: list[str] = []
    pipeline.build(
        library.leaflet,
        output=library.output,
        cache=library.cache,
        formats=formats,
        reporter=pipeline.Reporter(message=told.append, progress=pipeline.SILENT.progress),
        engines=choir(engine or Paced()),
    )
    return told


def settings(library: Library, text: str) -> None:
    """Write ``text`` at the end of the library's settings."""
    path = library.folder / "content" / "library.yaml"
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def phone_files(folder: Path) -> dict[str, str]:
    return {name: sha for name, sha in tree(folder).items() if name.startswith("phone/")}


def silences(chapter: Chapter) -> list[int]:
    """Milliseconds between the words of one cue and those of the next."""
    return [after.speech_begin_ms - before.speech_end_ms for before, after in pairwise(chapter.cues)]


def prompts_folder(library: Library) -> Path:
    return library.output / "phone" / "en-US"
