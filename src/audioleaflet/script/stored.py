"""The script in a file of the edition, ``script.json``: what was said, for proof, and for the next edition's diff.

Written as ``audioleaflet-script/1``: chapters of utterances with their spans. Plain words are a string; another span
is an object with its ``kind``. Places are lines of the leaflet: the same text gives the same bytes in any folder.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from audioleaflet.errors import Origin, PublishError
from audioleaflet.script.model import (
    Node,
    Pause,
    Script,
    ScriptChapter,
    ScriptTerm,
    Span,
    Spelled,
    Syllables,
    Term,
    Text,
    Unread,
    Utterance,
)

FORMAT: Final = "audioleaflet-script/1"
FILE: Final = "script.json"
_KINDS: dict[str, type[Span]] = {
    kind.__name__.lower(): kind for kind in (Text, Term, Syllables, Pause, Spelled, Unread)
}


def save(script: Script, folder: Path) -> None:
    """Write ``script.json`` into an edition's folder."""
    data = {
        "format": FORMAT,
        "chapters": [
            {
                "number": chapter.number,
                "id": chapter.id,
                "title": chapter.title,
                "lead_ms": chapter.lead,
                "utterances": [_utterance(utterance) for utterance in chapter.utterances],
                "structure": [asdict(node) for node in chapter.structure],
            }
            for chapter in script.chapters
        ],
        "terms": [asdict(term) for term in script.terms],
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    (folder / FILE).write_text(text + "\n", encoding="utf-8")


def load(folder: Path) -> Script:
    """The script of an edition. Raises PublishError for a folder that holds none, or another format."""
    path = folder / FILE
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["format"] != FORMAT:
            raise PublishError(f"{path} is of the format {data['format']}", next_step="build the edition again")
        return Script(
            chapters=tuple(_chapter(chapter, path) for chapter in data["chapters"]),
            terms=tuple(ScriptTerm(**(term | {"utterances": tuple(term["utterances"])})) for term in data["terms"]),
        )
    except FileNotFoundError as error:
        raise PublishError(f"there is no script in {folder}", next_step="build the edition again") from error
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise PublishError(f"{path} cannot be read: {error}", next_step="build the edition again") from error


def _utterance(utterance: Utterance) -> dict[str, Any]:
    return {
        "id": utterance.id,
        "kind": utterance.kind,
        "role": utterance.role,
        "shown": utterance.shown,
        "spoken": [
            span.text if isinstance(span, Text) else {"kind": type(span).__name__.lower(), **asdict(span)}
            for span in utterance.spoken
        ],
        "pause_after_ms": utterance.pause_after,
        "line": utterance.origin.line,
    }


def _chapter(data: dict[str, Any], path: Path) -> ScriptChapter:
    return ScriptChapter(
        number=data["number"],
        id=data["id"],
        title=data["title"],
        lead=data["lead_ms"],
        utterances=tuple(
            Utterance(
                id=one["id"],
                kind=one["kind"],
                role=one["role"],
                shown=one["shown"],
                spoken=tuple(map(_span, one["spoken"])),
                pause_after=one["pause_after_ms"],
                origin=Origin(path=path, line=one["line"]),
            )
            for one in data["utterances"]
        ),
        structure=tuple(map(_node, data["structure"])),
    )


def _node(data: dict[str, Any]) -> Node:
    return Node(**(data | {"children": tuple(map(_node, data["children"]))}))


def _span(data: str | dict[str, Any]) -> Span:
    if isinstance(data, str):
        return Text(text=data)
    fields = {name: _frozen(value) for name, value in data.items() if name != "kind"}
    return _KINDS[data["kind"]](**fields)


def _frozen(value: Any) -> Any:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value
