"""The shipped JSON Schemas are those of the models.

After a model has changed: ``python -m audioleaflet.leaflet.schema content/schema``.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from audioleaflet.leaflet.schema import schemas, write_schemas
from audioleaflet.settings import packaged_content


@pytest.mark.parametrize("name", sorted(schemas()))
def test_the_shipped_schema_is_that_of_the_model(name: str) -> None:
    assert (packaged_content() / "schema" / name).read_text(encoding="utf-8") == schemas()[name]


def test_every_field_tells_an_editor_what_it_is() -> None:
    for name, text in schemas().items():
        schema = json.loads(text)
        assert schema["title"].startswith("Audioleaflet")
        for model in (schema, *schema["$defs"].values()):
            for field, what in model.get("properties", {}).items():
                assert what.get("description"), f"{name}: {field}"


def test_files_point_to_their_schema() -> None:
    content = packaged_content()
    for path in (content / "library.yaml", *content.glob("lexicon/*.yaml"), *content.glob("*/*.yaml")):
        first = path.read_text(encoding="utf-8").splitlines()[0]
        assert first.startswith("# yaml-language-server: $schema="), path
        assert (path.parent / first.split("=", 1)[1]).resolve().is_file(), path


def test_they_are_written_as_they_are(tmp_path: Path) -> None:
    for path in write_schemas(tmp_path):
        assert path.read_bytes().decode() == schemas()[path.name]
