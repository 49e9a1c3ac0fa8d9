"""Hashes by which texts, scripts and leaflets are known: the same words, the same hash, wherever their file lies."""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields, is_dataclass

from audioleaflet.errors import Origin


def text_sha256(text: str) -> str:
    """The SHA-256 of a text, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode(errors="backslashreplace")).hexdigest()


def content_sha256(value: object) -> str:
    """A SHA-256 of all that a script or a leaflet says. Where its file lies, and on which line, changes nothing."""
    digest = hashlib.sha256()

    def add(part: object) -> None:
        if isinstance(part, Origin):
            return
        if isinstance(part, tuple):
            digest.update(b"(%d" % len(part))
            for member in part:
                add(member)
        elif is_dataclass(part) and not isinstance(part, type):
            digest.update(type(part).__name__.encode())
            for field in fields(part):
                add(getattr(part, field.name))
        else:
            digest.update(json.dumps(part).encode() + b"\n")

    add(value)
    return digest.hexdigest()
