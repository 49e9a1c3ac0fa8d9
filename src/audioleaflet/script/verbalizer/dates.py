"""Dates, times, years, ordinals, money, ages, references: what a calendar, a clock or a count names."""

from __future__ import annotations

from collections.abc import Iterator

from audioleaflet.script.verbalizer.rules import Language, Rule


def rules(language: Language) -> Iterator[tuple[str, Rule]]:
    """See rules.py."""
    yield from ()
