"""``prompts.json``: written, read back, and every doubt of it named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from audioleaflet.book import prompts
from audioleaflet.book.model import Prompt, Voice
from audioleaflet.book.prompts import NAME, Prompts, folder_of, load, save, whole
from audioleaflet.errors import PublishError

VOICE = Voice(engine="espeak", name="en-us", version="1", rate_wpm=175)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one prompt, written."""
    place = folder_of(tmp_path / "audio", "en-US")
    place.mkdir(parents=True)
    (place / "back.ulaw").write_bytes(bytes(160))
    save(
        Prompts(
            language="en-US",
            title="Our library",
            publisher="Test Trust",
            voice=VOICE,
            codec="ulaw",
            sample_rate=8000,
            recipe_sha256="0" * 64,
            prompts=(Prompt(name="back", text="Back.", audio="back.ulaw", duration_ms=20, cues=()),),
            files=(),
        ),
        place,
    )
    return place


def change(folder: Path, **fields: Any) -> None:
    data = json.loads((folder / NAME).read_text(encoding="utf-8"))
    (folder / NAME).write_text(json.dumps({**data, **fields}), encoding="utf-8")


def test_it_is_read_back_as_it_was_written(folder: Path) -> None:
    found = load(folder)
    assert load(folder / NAME) == found
    assert (found.language, found.voice, found.prompts[0].text) == ("en-US", VOICE, "Back.")
    (file,) = found.files
    assert (file.path, file.media_type, file.bytes) == ("back.ulaw", "audio/basic", 160)
    assert whole(found, folder)
    assert folder.parts[-3:] == ("audio", "phone", "en-US")


@pytest.mark.parametrize("damage", ["gone", "cut", "flip"])
def test_a_damaged_sound_is_noticed(folder: Path, damage: str) -> None:
    found, path = load(folder), folder / "back.ulaw"
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(bytes(159) if damage == "cut" else bytes(159) + b"\1")
    assert not whole(found, folder)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"format": "audioleaflet-prompts/2"}, "is not in the format audioleaflet-prompts/1: format"),
        ({"colour": "red"}, "colour: Extra inputs"),
        ({"recipe_sha256": "x"}, "recipe_sha256"),
        (
            {"files": [{"path": "../x", "media_type": "a", "bytes": 1, "sha256": "0" * 64}]},
            "outside its folder: '../x'",
        ),
        (
            {"prompts": [{"name": "a", "text": "a", "audio": "/etc/x", "duration_ms": 1, "cues": []}]},
            "outside its folder: '/etc/x'",
        ),
    ],
)
def test_what_is_wrong_is_named(folder: Path, fields: dict[str, Any], message: str) -> None:
    change(folder, **fields)
    with pytest.raises(PublishError) as caught:
        load(folder)
    assert message in str(caught.value)
    assert "audioleaflet build --formats phone" in caught.value.next_step


def test_a_file_without_its_format_is_none(folder: Path) -> None:
    data = json.loads((folder / NAME).read_text(encoding="utf-8"))
    del data["format"]
    (folder / NAME).write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(PublishError, match="format: Field required"):
        load(folder)


def test_none_and_nonsense(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / NAME).write_text("{", encoding="utf-8")
    with pytest.raises(PublishError, match="the file: Invalid JSON"):
        load(folder)
    monkeypatch.setattr(prompts, "_LARGEST", 0)
    with pytest.raises(PublishError, match="too large"):
        load(folder)
    (folder / NAME).unlink()
    with pytest.raises(PublishError, match="cannot read"):
        load(folder)


def test_an_exchange_that_was_cut_short_is_healed(folder: Path) -> None:
    found = load(folder)
    folder.rename(folder.with_name(f".{folder.name}.old"))
    assert load(folder) == found
