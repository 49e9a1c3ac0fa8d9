"""The script of an edition comes back from its file as it was."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from audioleaflet.errors import PublishError
from audioleaflet.pipeline import prepare
from audioleaflet.script import stored
from audioleaflet.script.model import Script

LEAFLET = Path("content/bone-metastasis/en.yaml")


def without_places(script: Script) -> Script:
    chapters = [
        replace(
            chapter,
            utterances=tuple(replace(one, origin=replace(one.origin, path=Path("-"))) for one in chapter.utterances),
        )
        for chapter in script.chapters
    ]
    return replace(script, chapters=tuple(chapters))


def test_what_is_stored_comes_back(tmp_path: Path) -> None:
    script = prepare(LEAFLET).script
    stored.save(script, tmp_path)
    assert without_places(stored.load(tmp_path)) == without_places(script)
    assert str(LEAFLET.parent) not in (tmp_path / stored.FILE).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"format": "audioleaflet-script/9"}', "\x00", pytest.param("[" * 100_000, id="deep")]
)
def test_what_is_no_script_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / stored.FILE).write_text(text, encoding="utf-8")
    with pytest.raises(PublishError, match="build the edition again"):
        stored.load(tmp_path)


def test_no_script_is_told(tmp_path: Path) -> None:
    with pytest.raises(PublishError, match="there is no script"):
        stored.load(tmp_path)


def test_a_span_of_another_kind_is_told(tmp_path: Path) -> None:
    stored.save(prepare(LEAFLET).script, tmp_path)
    data = json.loads((tmp_path / stored.FILE).read_text(encoding="utf-8"))
    data["chapters"][0]["utterances"][0]["spoken"] = [{"kind": "song", "text": "la"}]
    (tmp_path / stored.FILE).write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(PublishError, match="song"):
        stored.load(tmp_path)
