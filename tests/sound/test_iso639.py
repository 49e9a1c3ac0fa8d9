from __future__ import annotations

import pytest

from audioleaflet.sound.iso639 import PAIRS, three_letters


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("en", "eng"),
        ("en-GB", "eng"),
        ("de_AT", "deu"),
        ("fr-CA", "fra"),
        ("zh-Hant-TW", "zho"),
        ("yue", "yue"),
    ],
)
def test_known_languages(tag: str, code: str) -> None:
    assert three_letters(tag) == code


@pytest.mark.parametrize("tag", ["", "xx", "e", "x-private", "12", "en1", "éèà"])
def test_unknown_languages_are_undetermined(tag: str) -> None:
    assert three_letters(tag) == "und"


def test_each_language_is_listed_once() -> None:
    pairs = PAIRS.split()
    assert all(len(pair) == 5 and pair.isascii() and pair.islower() for pair in pairs)
    assert len({pair[:2] for pair in pairs}) == len({pair[2:] for pair in pairs}) == len(pairs) == 183
