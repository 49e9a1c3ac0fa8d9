"""What every test may ask for: the edition of the real leaflet, made once, and a library of one small leaflet."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.editions import REAL, Library, once, speak

from audioleaflet import pipeline
from audioleaflet.book import manifest
from audioleaflet.book.model import Book


@dataclass(frozen=True, slots=True)
class Made:
    """The edition of the real leaflet, with the cache that it was made from. Not to be changed."""

    book: Book
    folder: Path
    cache: Path


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The real leaflet, built once for all processes of the run, in the usual formats, by its own voice."""

    def make(folder: Path) -> None:
        pipeline.build(REAL, output=folder / "audio", cache=folder / "cache")

    folder = once(tmp_path_factory, "real", make)
    edition = folder / "audio" / "bone-metastasis" / "en"
    return Made(book=manifest.load(edition), folder=edition, cache=folder / "cache")


@pytest.fixture(scope="session")
def called(real: Made, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The real leaflet with its telephone sound and its library's, but no other format. Not to be changed."""

    def make(folder: Path) -> None:
        shutil.copytree(real.cache, folder / "cache")
        pipeline.build(REAL, output=folder / "audio", cache=folder / "cache", formats=("mp3", "phone"))

    folder = once(tmp_path_factory, "called", make)
    edition = folder / "audio" / "bone-metastasis" / "en"
    return Made(book=manifest.load(edition), folder=edition, cache=folder / "cache")


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """A library of one small leaflet, not built yet."""
    small = Library(tmp_path / "library")
    small.write()
    return small


@pytest.fixture
def tones(library: Library) -> Library:
    """The library of one small leaflet, to be narrated by the engine ``tones``."""
    library.write(voices="tones:low")
    return library


@pytest.fixture(scope="session")
def narrated_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library of one small leaflet, narrated by ``tones`` as MP3 and transcript. Not to be changed."""

    def make(folder: Path) -> None:
        first = Library(folder)
        first.write(voices="tones:low")
        speak(first)

    return once(tmp_path_factory, "narrated", make)


@pytest.fixture
def narrated(narrated_once: Path, tmp_path: Path) -> Library:
    """The library of one small leaflet with its edition by ``tones``, MP3 and transcript, and its cache."""
    return Library(Path(shutil.copytree(narrated_once, tmp_path / "library")))
