"""Signs that need urgent care: found in a leaflet's words, from a list a language (``signs/<lang>.yaml``)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import yaml

from audioleaflet.errors import Origin
from audioleaflet.leaflet.annotation import plain
from audioleaflet.leaflet.model import Block, Leaflet
from audioleaflet.settings import narrowing


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """A sign that a leaflet speaks of, and where it does so first."""

    name: str
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pattern:
    name: str
    find: re.Pattern[str]
    only_with: re.Pattern[str] | None


def urgent_signs(leaflet: Leaflet) -> tuple[Sign, ...]:
    """The signs that the sections and the summary speak of, each at its first place, in the order of the text.

    Empty for a language without a list: nothing is guessed from another one.
    """
    texts = tuple(_texts(leaflet))
    whole = " ".join(text for text, _origin in texts)
    patterns = [one for one in _patterns(leaflet.language) if not one.only_with or one.only_with.search(whole)]
    found: dict[str, Sign] = {}
    for text, origin in texts:
        for pattern in patterns:
            if pattern.name not in found and pattern.find.search(text):
                found[pattern.name] = Sign(name=pattern.name, origin=origin)
    return tuple(found.values())


@lru_cache(maxsize=8)
def _patterns(language: str) -> tuple[_Pattern, ...]:
    for tag in narrowing(language):
        resource = files(__package__) / "signs" / f"{tag}.yaml"
        if resource.is_file():
            listed = yaml.safe_load(resource.read_text(encoding="utf-8"))
            return tuple(
                _Pattern(
                    name=one["sign"],
                    find=_compiled(one["find"]),
                    only_with=_compiled([one["with"]]) if "with" in one else None,
                )
                for one in listed
            )
    return ()


def _compiled(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(patterns)})\b", re.I)


def _texts(leaflet: Leaflet) -> Iterator[tuple[str, Origin]]:
    if leaflet.summary:
        yield _one_line(leaflet.summary.text), leaflet.summary.origin
    for section in leaflet.sections:
        for block in section.blocks:
            yield from _block_texts(block)


def _block_texts(block: Block) -> Iterator[tuple[str, Origin]]:
    if block.lines:
        yield _one_line(" ".join(block.lines)), block.origin
    for item in block.items:
        for part in item:
            yield from _block_texts(part)


def _one_line(text: str) -> str:
    return " ".join(plain(text).split())
