"""Symbols, brackets, quotation marks, emoji."""

from __future__ import annotations

from collections.abc import Iterator

from audioleaflet.script.verbalizer.rules import Language, Rule


def rules(language: Language) -> Iterator[tuple[str, Rule]]:
    """See rules.py."""
    yield from ()
