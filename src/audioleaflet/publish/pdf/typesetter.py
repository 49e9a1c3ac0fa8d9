"""Typst, as a compiler in a wheel: from data and a template to a tagged PDF (ISO 14289-1, PDF/UA-1).

The letters come from the package ``font-source-sans-pro``, and those that it lacks from the fonts inside Typst: never
from the machine, so that every machine gives the same bytes.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path
from textwrap import shorten
from typing import Any

import typst

from audioleaflet.errors import PublishError

_TEMPLATE = Path(__file__).with_name("large-print.typ")
# Its package holds each weight as OTF and as TTF: with both, the order of a folder would choose.
_FONTS = ("SourceSansPro-Regular.ttf", "SourceSansPro-Bold.ttf")
_NO_LETTER = re.compile(r'the text `"(.+?)"` could not be displayed')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
_NAMED = 8
NEXT_STEP = "write it in other words, or leave 'pdf' out of --formats"
_QUOTED = 80


def typeset(content: dict[str, Any], modified: str) -> bytes:
    """The PDF of ``content``, JSON data for the template. ``modified``: its date, ISO 8601, a day at least.

    Raises PublishError, which names the characters that no font has.
    """
    try:
        return _compiled(content, modified)
    except typst.TypstError as error:
        raise _unprintable(error, content) from error


def without_letters(content: dict[str, Any]) -> tuple[str, ...]:
    """The characters of ``content`` that no font has. Raises PublishError where that is not what stops it."""
    try:
        _compiled(content, "2000-01-01")
    except typst.TypstError as error:
        missing = _missing(error)
        if missing:
            return missing
        raise _unprintable(error, content) from error
    return ()


def named(missing: Sequence[str]) -> str:
    """What is said of characters that no font has."""
    some = ", ".join(f"{text} ({_codes(text)})" for text in missing[:_NAMED])
    more = f" and {len(missing) - _NAMED} more" if len(missing) > _NAMED else ""
    return f"the large print has no letters for {some}{more}"


def _compiled(content: dict[str, Any], modified: str) -> bytes:
    day = date.fromisoformat(modified[:10])
    stamp = datetime(day.year, day.month, day.day, tzinfo=UTC)
    data = json.dumps({**content, "date": [day.year, day.month, day.day]}, ensure_ascii=False)
    with tempfile.TemporaryDirectory(prefix="audioleaflet-") as folder:
        for name in _FONTS:
            (Path(folder) / name).write_bytes(files("font_source_sans_pro").joinpath("files", name).read_bytes())
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[folder])
        return typst.compile(
            _TEMPLATE.read_bytes(),
            format="pdf",
            font_paths=fonts,
            ignore_system_fonts=True,
            sys_inputs={"data": data},
            pdf_standards=["ua-1"],
            timestamp=stamp,
        )


def _missing(error: typst.TypstError) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_ESCAPED.sub(_character, text) for text in _NO_LETTER.findall(error.diagnostic)))


def _unprintable(error: typst.TypstError, content: dict[str, Any]) -> PublishError:
    missing = _missing(error)
    if not missing:
        return PublishError(
            f"the large print could not be set: {error.message}",
            next_step="leave 'pdf' out of --formats, and report this",
        )
    where = next((text for text in _texts(content) if missing[0] in text), "").replace("\u200b", "")
    place = f", as in “{shorten(where, _QUOTED, placeholder='…')}”" if where else ""
    return PublishError(
        f"{named(missing)}{place}",
        next_step=NEXT_STEP,
    )


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict | list):
        for one in part.values() if isinstance(part, dict) else part:
            yield from _texts(one)


def _character(escaped: re.Match[str]) -> str:
    return chr(int(escaped[1], 16))


def _codes(text: str) -> str:
    return " ".join(f"U+{ord(character):04X}" for character in text)
