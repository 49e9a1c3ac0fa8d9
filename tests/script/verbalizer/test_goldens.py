"""How phrases of real leaflets are read: ``shown => spoken``, a line a phrase, a file a class.

A file ``<class>.txt`` is American English; ``<class>.en-GB.txt`` what British English reads otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from tests.cases import check_each

from audioleaflet import phrases
from audioleaflet.leaflet.lexicon import read_lexicon
from audioleaflet.script.lexicon import Lexicon
from audioleaflet.script.print import in_words
from audioleaflet.script.verbalizer import Verbalizer
from audioleaflet.settings import Pauses

GOLDEN = Path(__file__).parent / "golden"


def cases(path: Path) -> Iterator[tuple[str, str, str]]:
    """Language, shown and spoken of every golden of a file."""
    language = "en-GB" if path.name.endswith(".en-GB.txt") else "en-US"
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            shown, arrow, spoken = line.partition(" => ")
            assert arrow, f"{path.name}: {line}"
            yield language, shown, spoken


@cache
def verbalizer(language: str) -> Verbalizer:
    lexicon = Lexicon(read_lexicon(Path("content/lexicon/en.yaml")))
    return Verbalizer.of(language, lexicon, phrases.load(language), Pauses())


FILES = sorted(GOLDEN.glob("*.txt"))
CASES = [case for path in FILES for case in cases(path)]


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_a_phrase_is_read_as_agreed(path: Path) -> None:
    def check(language: str, shown: str, spoken: str) -> None:
        assert in_words(verbalizer(language).spoken(shown)) == spoken

    check_each(cases(path), check)


def test_there_are_enough_of_them() -> None:
    languages = [language for language, _, _ in CASES]
    assert (languages.count("en-US") >= 400, languages.count("en-GB") >= 60) == (True, True)


def test_each_british_golden_differs_from_the_american_reading() -> None:
    same = [
        shown
        for language, shown, spoken in CASES
        if language == "en-GB" and in_words(verbalizer("en-US").spoken(shown)) == spoken
    ]
    assert same == []


def test_no_phrase_stands_twice() -> None:
    seen = [(language, shown) for language, shown, _ in CASES]
    assert sorted(set(seen)) == sorted(seen)
