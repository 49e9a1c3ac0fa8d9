from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.editions import Library, Tones, choir, tree, whole

from audioleaflet.book import manifest
from audioleaflet.book.model import Book
from audioleaflet.errors import PublishError


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An edition of tones, made once."""
    library = Library(tmp_path_factory.mktemp("manifest"))
    library.write(voices="tones:low")
    return library.build(formats=("mp3", "transcript"), engines=choir(Tones())).folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """A copy of the edition, to be damaged."""
    return Path(shutil.copytree(made, tmp_path / "small" / "en"))


Change = Callable[[dict[str, Any]], None]


def change(folder: Path, how: Change) -> None:
    file = folder / "book.json"
    fields = json.loads(file.read_text(encoding="utf-8"))
    how(fields)
    file.write_text(json.dumps(fields), encoding="utf-8")


def test_a_folder_and_its_book_json_are_the_same_book(folder: Path) -> None:
    assert manifest.load(folder) == manifest.load(folder / "book.json") == Book.load(folder)


def test_what_is_saved_is_what_is_loaded(folder: Path) -> None:
    book = manifest.load(folder)
    before = (folder / "book.json").read_bytes()
    assert manifest.save(book, folder) == book
    assert (folder / "book.json").read_bytes() == before


def test_every_file_is_listed_with_its_size_and_hash(folder: Path) -> None:
    book = whole(folder)
    listed = {file.path: file for file in book.files}
    found = tree(folder)
    assert list(listed) == sorted(listed)
    assert listed.keys() == found.keys() - {"book.json"}
    for path, file in listed.items():
        data = (folder / path).read_bytes()
        assert (file.bytes, file.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    assert {listed["transcript.vtt"].media_type, listed["cover.png"].media_type} == {"text/vtt", "image/png"}


def test_a_damaged_or_missing_file_is_not_whole(folder: Path) -> None:
    book = manifest.load(folder)
    sound = folder / book.chapters[0].audio
    data = bytearray(sound.read_bytes())
    for damage in (data[:-1], bytes([data[0] ^ 1]) + data[1:], b""):
        sound.write_bytes(damage)
        assert not manifest.whole(book, folder)
    sound.unlink()
    assert not manifest.whole(book, folder)
    sound.write_bytes(data)
    assert manifest.whole(book, folder)


def test_no_edition_is_said_with_the_next_step(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "book.json", tmp_path / "nowhere"):
        with pytest.raises(PublishError, match=r"cannot read .*book\.json: No such file.*audioleaflet build"):
            manifest.load(path)
    (tmp_path / "file").touch()
    with pytest.raises(PublishError, match="cannot read"):
        manifest.load(tmp_path / "file")
    (tmp_path / "book.json").mkdir()
    with pytest.raises(PublishError, match="cannot read"):
        manifest.load(tmp_path)


@pytest.mark.parametrize("version", ["audioleaflet-book/2", "", 1, None])
def test_another_version_is_named(folder: Path, version: object) -> None:
    change(folder, lambda fields: fields.update(format=version))
    with pytest.raises(
        PublishError, match=r"is not a book of the format audioleaflet-book/1: format: .*build .* again"
    ):
        manifest.load(folder)


def test_a_book_without_its_version_is_refused(folder: Path) -> None:
    change(folder, lambda fields: fields.pop("format"))
    with pytest.raises(PublishError, match="format"):
        manifest.load(folder)


def test_an_unknown_field_is_named(folder: Path) -> None:
    change(folder, lambda fields: fields["chapters"][0]["cues"][0].update(extra=1))
    with pytest.raises(PublishError, match=r"chapters\.0\.cues\.0\.extra"):
        manifest.load(folder)


def test_a_missing_field_is_named(folder: Path) -> None:
    change(folder, lambda fields: fields["voice"].pop("engine"))
    with pytest.raises(PublishError, match=r"voice\.engine"):
        manifest.load(folder)


@pytest.mark.parametrize("cut", [0, 1, 1000, -1])
def test_damaged_json_is_one_line(folder: Path, cut: int) -> None:
    file = folder / "book.json"
    file.write_bytes(file.read_bytes()[:cut].rstrip(b"}"))
    with pytest.raises(PublishError, match="is not a book") as caught:
        manifest.load(folder)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 500


@given(content=st.binary(max_size=200) | st.text().map(lambda text: json.dumps(text).encode()))
def test_no_content_gives_anything_but_our_error(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    folder = tmp_path_factory.getbasetemp() / "any"
    folder.mkdir(exist_ok=True)
    (folder / "book.json").write_bytes(content)
    with pytest.raises(PublishError):
        manifest.load(folder)


@pytest.mark.parametrize("depth", [200, 100_000])
def test_deeply_nested_json_is_refused(folder: Path, depth: int) -> None:
    (folder / "book.json").write_text("[" * depth + "]" * depth)
    with pytest.raises(PublishError, match="is not a book"):
        manifest.load(folder)


@pytest.mark.parametrize(
    "path",
    ["../secret", "/etc/passwd", "a/../../b", "..", "a\\..\\b", "C:/x", "C:\\x", "//server/x", "", ".", "a\0b"],
)
@pytest.mark.parametrize("place", ["cover", "audio", "file"])
def test_a_path_that_leaves_the_folder_is_refused(folder: Path, path: str, place: str) -> None:
    def leave(fields: dict[str, Any]) -> None:
        if place == "cover":
            fields["cover"] = path
        elif place == "audio":
            fields["chapters"][1]["audio"] = path
        else:
            fields["files"][0]["path"] = path

    change(folder, leave)
    with pytest.raises(PublishError, match="names a path"):
        manifest.load(folder)


def test_the_paths_of_a_rendition_are_checked_too(folder: Path) -> None:
    def leave(fields: dict[str, Any]) -> None:
        chapter = {**fields["chapters"][0], "audio": "../secret"}
        fields["renditions"] = [
            {"name": "phone", "rate_wpm": 145, "codec": "mulaw", "sample_rate": 8000, "chapters": [chapter]}
        ]

    change(folder, leave)
    with pytest.raises(PublishError, match="names a path"):
        manifest.load(folder)


def test_a_huge_file_is_refused_before_it_is_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (folder / "book.json").open("r+b") as file:
        file.truncate(100_000_000)
    monkeypatch.setattr(Path, "read_bytes", lambda _: pytest.fail("it was read"))
    with pytest.raises(PublishError, match="100000000 bytes long, too large for a book"):
        manifest.load(folder)


def test_reading_heals_an_exchange_that_was_cut_short(folder: Path) -> None:
    book = manifest.load(folder)
    folder.rename(folder.parent / ".en.old")
    assert manifest.load(folder / "book.json") == book
    assert not (folder.parent / ".en.old").exists()


@pytest.mark.parametrize("path", [".", "book.json", "../en", "chapters/..", "chapters/../book.json"])
def test_the_path_may_be_relative(folder: Path, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    assert manifest.load(Path(path)).slug == "small"
