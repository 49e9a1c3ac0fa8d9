"""Web and e-mail addresses in words: ``www.cancer.org`` is "w w w dot cancer dot org"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from audioleaflet.script.model import Spoken, Text
from audioleaflet.script.verbalizer.rules import Language

_ADDRESS = re.compile(
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|https?://[^\s<>\"')]+"
    r"|www\.[\w-]+(?:\.[\w-]+)+(?:/[^\s<>\"')]*)?"
    r"|(?<![\w@.])[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|gov|edu|info|int|uk|eu)(?:/[^\s<>\"')]*)?(?![\w])"
)
_TRAILING = ".,;:!?"


def find(text: str, language: Language) -> Iterator[tuple[int, int, Spoken]]:
    """Every address of a text: where it begins and ends, and its words."""
    for match in _ADDRESS.finditer(text):
        address = match.group().rstrip(_TRAILING)
        yield match.start(), match.start() + len(address), (Text(text=_words(address, language)),)


def _words(address: str, language: Language) -> str:
    bare = re.sub(r"^https?://", "", address).rstrip("/")
    parts = re.split(r"([^\w]|_)", bare)
    words = [" ".join(part) if part == "www" else language.phrases.symbols.get(part, part) for part in parts]
    return " ".join(filter(None, words))
