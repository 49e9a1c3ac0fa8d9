"""The wording of the telephone is used, all of it, and says what its keys do."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from audioleaflet import hotline, phrases

FOLDER = Path(hotline.__file__).parent


def literals() -> set[str]:
    """Every string in the call's own modules, and the beginnings of those that are filled in."""
    found: set[str] = set()
    for path in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value.removesuffix("-"))
    return found


@pytest.mark.parametrize("language", phrases.languages())
def test_every_prompt_is_said_somewhere(language: str) -> None:
    wording = phrases.load_hotline(language)
    assert {*wording.library, *wording.edition} - literals() == set()


@pytest.mark.parametrize(
    ("language", "name"), [("en-US", "pound"), ("en-GB", "hash"), ("en", "hash"), ("en-CA", "pound")]
)
def test_the_key_has_the_name_that_callers_know(language: str, name: str) -> None:
    assert phrases.load_hotline(language).hash_for(language) == name


def test_options_come_before_their_keys() -> None:
    """Who hears the key first has forgotten it by the time the option is named."""
    for name, text in phrases.load_hotline("en").library.items():
        if name in ("keys", "still-paused"):  # short answers to what the caller has just done
            continue
        for sentence in re.split(r"(?<=[.?])\s", text):
            assert not re.match(r"[Pp]ress ", sentence) or name in ("press",), f"{name}: {sentence}"
