"""Files that the program keeps beside a leaflet: YAML for people, a comment on top, written whole or not at all."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
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


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Change the records in ``folder`` alone: who comes meanwhile waits, and then reads what was written.

    Of two who read, add and write at once, one would lose what the other recorded.
    """
    descriptor = None
    if sys.platform != "win32":
        import fcntl

        with suppress(OSError):  # no such folder, or a file system without locks: it is as it was before there were any
            descriptor = os.open(folder, os.O_RDONLY)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
    try:
        yield
    finally:
        if descriptor is not None:
            os.close(descriptor)


def write_record(path: Path, comment: str, content: Any) -> None:
    """Put ``content`` in the place of the file at ``path`` in one step; a link stays a link. Raises StorageError."""
    body = yaml.safe_dump(content, allow_unicode=True, sort_keys=True, default_flow_style=False, width=1000)
    place = path.resolve()
    part = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with part.open("w", encoding="utf-8", newline="\n") as file:
            file.write(f"# {comment}\n{body}")
            file.flush()
            os.fsync(file.fileno())
        if place.exists():
            shutil.copymode(place, part)
        part.replace(place)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        raise StorageError(
            f"cannot write {path}: {error.strerror or error}", next_step="make its folder writable, and free some space"
        ) from error
