"""JSON Schemas (2020-12) of the files that editors write, for editors such as VS Code.

``python -m audioleaflet.leaflet.schema FOLDER`` writes them anew after a model has changed.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from pydantic import BaseModel

from audioleaflet.leaflet.fields import LeafletFile
from audioleaflet.leaflet.lexicon import LexiconFile
from audioleaflet.settings import LibraryFile

_MODELS: dict[str, type[BaseModel]] = {"leaflet": LeafletFile, "lexicon": LexiconFile, "library": LibraryFile}


def schemas() -> dict[str, str]:
    """The schema files by name: ``leaflet.json``, ``lexicon.json`` and ``library.json``, as JSON text."""
    return {f"{name}.json": _schema(model) for name, model in _MODELS.items()}


def write_schemas(folder: Path) -> tuple[Path, ...]:
    """Write every schema into ``folder``."""
    paths = []
    for name, text in schemas().items():
        path = folder / name
        path.write_text(text, encoding="utf-8", newline="\n")
        paths.append(path)
    return tuple(paths)


def _schema(model: type[BaseModel]) -> str:
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **model.model_json_schema()}
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    write_schemas(Path(sys.argv[1]))
