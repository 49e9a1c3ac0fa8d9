"""The words of rules, as data a language: ``<tag>/<name>.yaml`` beside this file, a wide tag filled in by a narrow one.

``en`` is American English; ``en-GB`` holds only what differs.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict

from audioleaflet.settings import narrowing


class Vocabulary(BaseModel):
    """Base of what a file holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")


V = TypeVar("V", bound=Vocabulary)


@lru_cache(maxsize=64)
def load(name: str, model: type[V], language: str) -> V:
    """The vocabulary ``name`` of a BCP 47 ``language``; names with values are merged, from wide to narrow."""
    merged: dict[str, Any] = {}
    for tag in reversed(narrowing(language)):
        resource = files(__package__) / tag / f"{name}.yaml"
        if resource.is_file():
            # Ours, not a user's: the strict reader with places is for files that people write.
            part = yaml.load(resource.read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
            merged = _merge(merged, part)
    return model.model_validate(merged)


def _merge(wide: dict[str, Any], narrow: dict[str, Any]) -> dict[str, Any]:
    return wide | {
        key: _merge(wide[key], value) if isinstance(value, dict) and isinstance(wide.get(key), dict) else value
        for key, value in narrow.items()
    }
