"""What every test may ask for: the edition of the real leaflet, made once, and a library of one small leaflet."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.editions import REAL, Library

from audioleaflet import pipeline
from audioleaflet.book.model import Book


@dataclass(frozen=True, slots=True)
class Made:
    """The edition of the real leaflet, with the cache that it was made from. Not to be changed."""

    book: Book
    folder: Path
    cache: Path


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The real leaflet, built once a session, in every format, by its own voice."""
    folder = tmp_path_factory.mktemp("real")
    built = pipeline.build(REAL, output=folder / "audio", cache=folder / "cache")
    return Made(book=built.book, folder=built.folder, cache=folder / "cache")


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
