"""What systemd units and Containerfiles are written with: templates, and words that stand in them whole."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from audioleaflet.errors import ConfigError

_BARE = re.compile(r"[A-Za-z0-9_./:@=+,\[\]-]+")


def rendered(template: Path, facts: Mapping[str, object]) -> str:
    """The text of a template (jinja2) with ``facts`` filled in; each fact is quoted by who gives it."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(  # noqa: S701 (neither is markup; words are quoted by command, bound and json)
        loader=FileSystemLoader(template.parent),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template(template.name).render(facts)


def command(words: Iterable[str]) -> str:
    """A command for ``ExecStart=`` (systemd.service(5)). Raises ConfigError for a word that cannot stand there."""
    return " ".join(word(part.replace("$", "$$")) for part in words)


def bound(paths: Iterable[Path]) -> str:
    """Paths for ``BindReadOnlyPaths=``. Raises ConfigError for one that cannot stand there."""
    return " ".join(_bound(path) for path in paths)


def word(text: str) -> str:
    """One word of a line in a unit (systemd.syntax(7)); % begins nothing in it. Raises ConfigError."""
    if any(character < " " or character == "\x7f" for character in text):
        raise ConfigError(f"{text!r} holds a control character", next_step="give the folder another name")
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return escaped if _BARE.fullmatch(escaped) else f'"{escaped}"'


def _bound(path: Path) -> str:
    if ":" in str(path):  # systemd.exec(5): it divides a source from its destination
        raise ConfigError(
            f"{path} has a colon in it, which systemd cannot bind", next_step="give the folder another name"
        )
    return word(str(path))
