"""Words by which a program can judge a text a little, a language: ``words/<lang>.yaml``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import yaml

from audioleaflet.settings import narrowing


@dataclass(frozen=True, slots=True, kw_only=True)
class WordLists:
    """Patterns over one sentence.

    ``passive``: looks like the passive voice. ``action``: tells somebody to do something. ``listener``: speaks to the
    listener. ``explains``: says what a word means.
    """

    passive: re.Pattern[str]
    action: re.Pattern[str]
    listener: re.Pattern[str]
    explains: re.Pattern[str]


@lru_cache(maxsize=8)
def word_lists(language: str) -> WordLists | None:
    """The lists of a language (BCP 47), from narrow to wide, or None where it has none."""
    for tag in narrowing(language):
        resource = files(__package__) / "words" / f"{tag}.yaml"
        if resource.is_file():
            listed = yaml.safe_load(resource.read_text(encoding="utf-8"))
            return WordLists(
                passive=re.compile(
                    rf"\b(?:{_any(listed['passive_verbs'])})\s+(?:\w+ly\s+|{_any(listed['between'])}\s+)?"
                    rf"(?!(?:{_any(listed['not_passive'])})\b)(?:\w+ed|{_any(listed['participles'])})\b",
                    re.I,
                ),
                action=re.compile(
                    rf"^(?:(?:{_any(listed['before_action'])}),?\s+)*(?:{_any(listed['actions'])})\b"
                    rf"|\b(?:{_any(listed['duties'])})\b|,\s+(?:{_any(listed['actions'])})\s+(?:your|the|a|an)\b",
                    re.I,
                ),
                listener=re.compile(rf"\b(?:{_any(listed['listener'])})\b", re.I),
                explains=re.compile(rf"\b(?:{_any(listed['explains'])})\b|,\s+(?:a|an|the|which)\s", re.I),
            )
    return None


def _any(words: Iterable[str]) -> str:
    return "|".join(words)
