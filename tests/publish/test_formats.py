"""The list of formats: each known by its file, made alike from the same, and offered on the page."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import Made

from audioleaflet import phrases
from audioleaflet.book.model import Book
from audioleaflet.errors import PublishError
from audioleaflet.publish.formats import DEFAULT, FORMATS, PUBLISHED, READINGS, Reading, files_of, made, path_of
from audioleaflet.publish.library import Library
from audioleaflet.publish.reading import add_readings, are_current, link, sources

LIBRARY = Library(title="Sample library", publisher="Sample Trust", base_url="https://leaflets.example/", telephone="")
NAMES = [one.name for one in READINGS]


@pytest.fixture
def edition(real: Made, tmp_path: Path) -> Path:
    """A folder with the sound of the real edition and its transcripts, and nothing made of them."""
    folder = tmp_path / "edition"
    for path in (*sources(real.book), *files_of(real.book, "transcript")):
        link(real.folder / path, folder / path)
    return folder


def test_every_format_has_one_name_and_one_file() -> None:
    assert len(set(FORMATS)) == len(FORMATS)
    assert set(DEFAULT) - {"mp3", "m4b"} <= set(PUBLISHED) < set(FORMATS)
    for one in READINGS:
        assert [other.name for other in READINGS if f"x{one.ends}".endswith(other.ends)] == [one.name]


def test_the_usual_formats() -> None:
    assert DEFAULT == ("mp3", "m4b", "transcript", "site", "feed", "epub", "daisy", "audiobook", "w3c")
    assert (*DEFAULT, "braille", "pdf", "phone") == FORMATS


def test_the_real_edition_has_them(real: Made) -> None:
    assert made(real.book) == set(DEFAULT) - {"feed"}
    for one in READINGS:
        assert (path_of(real.book, one.ends) != "") is one.usual


@pytest.mark.parametrize("one", READINGS, ids=NAMES)
def test_twice_the_same_bytes(one: Reading, real: Made, edition: Path) -> None:
    bare = real.book.model_copy(update={"files": (), "reading_sha256": {}})
    books, contents = [], []
    for _ in range(2):
        book = add_readings(bare, edition, LIBRARY, [one.name], page=False)
        path = edition / path_of(book, one.ends)
        contents.append(path.read_bytes())
        path.unlink()
        books.append(book)
    assert books[0] == books[1]
    assert contents[0] == contents[1]
    assert made(books[0]) == {"mp3", "transcript", one.name}
    assert are_current(books[0], LIBRARY)
    listed = {file.path: file.media_type for file in books[0].files}
    assert listed[path_of(books[0], one.ends)] != "application/octet-stream"


def test_each_download_has_its_words() -> None:
    page = phrases.load_site("en").page
    for one in READINGS:
        assert bool(one.label) is (f"get_{one.name}" in page)
        if one.label:
            assert page[f"{one.name}_note"].endswith(".")


def test_a_format_that_cannot_be_made_is_told_or_spared(
    real: Made, edition: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def half(book: Book, folder: Path) -> Path:
        (folder / "bone-metastasis-en.brf").write_bytes(b"half")
        raise PublishError("liblouis is missing", next_step="install it")

    monkeypatch.setattr("audioleaflet.publish.braille.write_braille", half)
    bare = real.book.model_copy(update={"files": (), "reading_sha256": {}})
    with pytest.raises(PublishError, match="liblouis is missing; install it"):
        add_readings(bare, edition, LIBRARY, ["braille"], page=False)
    told: list[PublishError] = []
    book = add_readings(bare, edition, LIBRARY, ["braille", "w3c"], page=False, spare=told.append)
    assert [one.message for one in told] == ["liblouis is missing"]
    assert made(book) == {"mp3", "transcript", "w3c"}
    assert not (edition / "bone-metastasis-en.brf").exists()
