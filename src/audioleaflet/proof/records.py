"""Files that the program keeps beside a leaflet: YAML for people, a comment on top, written whole or not at all."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import yaml

from audioleaflet.document.characters import bad_characters, mend
from audioleaflet.errors import ConfigError, StorageError

_LONGEST = 300


def one_text(option: str, text: str) -> str:
    """What a person gave with ``option``, as one line. Raises ConfigError if it is empty, too long or no text."""
    line = " ".join(mend(text).split())
    if not line:
        raise ConfigError(f"{option} is empty", next_step=f"write it, as in {option} 'Words'")
    if len(line) > _LONGEST:
        raise ConfigError(f"{option} has more than {_LONGEST} characters", next_step="shorten it")
    bad = bad_characters(line)
    if bad or not line.isprintable():
        what = bad[0][1] if bad else "a character that cannot be printed"
        raise ConfigError(f"{option} holds {what}", next_step="type it anew")
    return line


def write_record(path: Path, comment: str, content: Any) -> None:
    """Put ``content`` in the place of the file at ``path`` in one step. Raises StorageError."""
    body = yaml.safe_dump(content, allow_unicode=True, sort_keys=True, default_flow_style=False, width=1000)
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("w", encoding="utf-8", newline="\n") as file:
            file.write(f"# {comment}\n{body}")
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        raise StorageError(
            f"cannot write {path}: {error.strerror or error}", next_step="make its folder writable, and free some space"
        ) from error
