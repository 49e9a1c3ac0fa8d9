"""Two texts, word by word."""

from __future__ import annotations

import difflib
from typing import NamedTuple


class Stretch(NamedTuple):
    """Words of an old text and those that stand for them in a new one; either side may be empty."""

    old: str
    new: str
    same: bool


def aligned(old: str, new: str, *, ignore_case: bool = False) -> tuple[Stretch, ...]:
    """Both texts in stretches of whole words, from the first to the last. Each side joined by spaces is its text."""
    before, after = old.split(), new.split()
    key = str.casefold if ignore_case else str
    matcher = difflib.SequenceMatcher(None, [*map(key, before)], [*map(key, after)], autojunk=False)
    return tuple(
        Stretch(old=" ".join(before[i1:i2]), new=" ".join(after[j1:j2]), same=tag == "equal")
        for tag, i1, i2, j1, j2 in matcher.get_opcodes()
    )
