"""Regular expressions that are compiled when they are first used.

The classes of a language have some two hundred; compiling them all takes longer than reading a leaflet, and a leaflet
needs a few dozen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import cast


class _Pattern:
    """Stands for a ``re.Pattern``, and takes its methods over when one of them is first asked for."""

    def __init__(self, source: str, flags: int) -> None:
        self._source = source
        self._flags = flags

    def __getattr__(self, name: str) -> object:
        compiled = re.compile(self._source, self._flags)
        for method in ("match", "search", "fullmatch", "finditer", "findall", "sub", "split"):
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)


def lazy(source: str, flags: int = 0) -> re.Pattern[str]:
    """As ``re.compile``, later. A faulty expression is told when it is first used."""
    return cast("re.Pattern[str]", _Pattern(source, flags))


class Spellings:
    """Expressions to try by the letters that a text goes on with: small ones, for one of all takes 10 ms to compile."""

    def __init__(self, sources: Iterable[tuple[str, str]], around: str = "{}", flags: int = 0) -> None:
        """``sources``: spellings, each with its expression, in order of precedence. ``around``: what each stands in."""
        by_key: dict[str, list[str]] = {}
        for spelling, source in sources:
            by_key.setdefault(first_word(spelling, 0), []).append(source)
        self._patterns = {key: lazy(around.replace("{}", "|".join(found)), flags) for key, found in by_key.items()}

    def match(self, text: str, at: int) -> re.Match[str] | None:
        """The first of the expressions that matches at ``at``."""
        found = self._patterns.get(first_word(text, at))
        return found.match(text, at) if found else None


def first_word(text: str, at: int) -> str:
    """The letters at ``at``, in lower case; "0" where there are none."""
    end = at
    while end < len(text) and text[end].isalpha():
        end += 1
    return text[at:end].lower() or "0"
