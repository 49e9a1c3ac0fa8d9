"""A dialplan as facts, and how it is written down (``extensions.conf`` of Asterisk).

Nothing that a leaflet or a setting says can become dialplan: names are held to letters, digits and a few signs, and
what is told of a leaflet stands in comments that are stripped to harmless characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

CONTEXT_LENGTH: Final = 79  # AST_MAX_CONTEXT is 80, with the closing zero
_CONTEXT: Final = re.compile(rf"[a-z0-9-]{{1,{CONTEXT_LENGTH}}}", re.ASCII)
_EXTENSION: Final = re.compile(r"[a-z]+[0-9]*|[itT0-9*#]|[0-9]{1,20}|_[X+0-9!\[\]-]{1,20}", re.ASCII)
_LABEL: Final = re.compile(r"[a-z]+", re.ASCII)
_APPLICATION: Final = re.compile(r"[A-Z][A-Za-z]+", re.ASCII)
# A line is read into 8192 bytes. ';' would begin a comment; a backslash, '=>' or a line's end has no place in one.
_DATA: Final = re.compile(r"[^;\\\r\n\0]{0,4000}")
_HARMLESS: Final = re.compile(r"[^A-Za-z0-9 .,'()-]", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One priority: an application and its data. ``label``: what others jump to, or empty."""

    application: str
    data: str
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """What happens in a context at a name or a key, step by step."""

    name: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """A place in the call. ``note`` says in a comment what it is for."""

    name: str
    note: str
    extensions: tuple[Extension, ...]


def serialize(contexts: Iterable[Context], note: Iterable[str] = ()) -> str:
    """The text of the dialplan, with ``note`` as comments before it. Raises ValueError for what cannot stand in one."""
    lines = [comment(line) for line in note]
    seen: set[str] = set()
    for context in contexts:
        if context.name in seen:
            raise ValueError(f"{context.name!r} stands in the dialplan twice")
        seen.add(context.name)
        lines += ["", comment(context.note), f"[{_held(_CONTEXT, context.name)}]"]
        for extension in context.extensions:
            lines += _lines(extension)
    return "\n".join(lines) + "\n"


def comment(text: str) -> str:
    """``text`` as a comment of one line, of it letters without accents, digits and plain punctuation."""
    # ';--' begins a comment of many lines: what follows the sign is never a hyphen.
    return f"; {_HARMLESS.sub('_', text).strip(' -')}".rstrip()


def step(line: str) -> Step:
    """A step as it is written down: ``label: Application(data)``, the label left out where there is none."""
    label, _, rest = line.partition(": ") if re.match(r"[a-z]+: ", line) else ("", "", line)
    application, _, data = rest.partition("(")
    assert data.endswith(")"), line
    return Step(application=application, data=data[:-1], label=label)


def extension(name: str, *lines: str) -> Extension:
    """An extension of steps as they are written down."""
    return Extension(name=name, steps=tuple(step(line) for line in lines))


def _lines(extension: Extension) -> Iterable[str]:
    name = _held(_EXTENSION, extension.name)
    for number, one in enumerate(extension.steps):
        call = f"{_held(_APPLICATION, one.application)}({_held(_DATA, one.data)})"
        label = f"({_held(_LABEL, one.label)})" if one.label else ""
        yield f"exten => {name},1{label},{call}" if number == 0 else f" same => n{label},{call}"


def _held(pattern: re.Pattern[str], text: str) -> str:
    if not pattern.fullmatch(text):
        raise ValueError(f"{text!r} cannot stand in a dialplan")
    return text
