"""One to three words by telephone: the voice tells them apart where the recogniser cannot hear them."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from audioleaflet.proof.verify.cues import _states
from audioleaflet.proof.verify.listening import Heard, Passage
from audioleaflet.proof.verify.pronunciations import Pronunciations, Word
from audioleaflet.proof.verify.voice import Lesson, Stretch, Voice

SOUNDS = {"nine": "N AY N", "seven": "S EH V AH N", "press": "P R EH S", "again": "AH G EH N"}
PRONUNCIATIONS = Pronunciations(known={word: (phones,) for word, phones in SOUNDS.items()})
PHONES = sorted({phone for phones in SOUNDS.values() for phone in phones.split()} | {"SIL"})
RANDOM = np.random.default_rng(1)
CENTRES = {(phone, part): RANDOM.normal(0, 1, 39) for phone in PHONES for part in range(3)}


def lesson(*words: str, misplaced: bool = False) -> Lesson:
    """Words in this voice, 90 ms a phone, with silence around; ``misplaced``: the recogniser laid them elsewhere."""
    frames: list[NDArray[np.float64]] = []
    stretches = []
    for word in ("", *words, ""):
        phones = tuple(SOUNDS[word].split()) if word else ("SIL",)
        begin = len(frames)
        for phone in phones:
            for part in range(3):
                frames += [CENTRES[phone, part] + RANDOM.normal(0, 0.3, 39) for _ in range(3)]
        stretches.append(Stretch(key=word, begin=begin, end=len(frames), phones=phones))
    if misplaced:
        stretches = [Stretch(key=words[0], begin=0, end=4, phones=("N", "AY", "N"))]
    return Lesson(frames=np.array(frames, np.float32), stretches=tuple(stretches))


@pytest.fixture(scope="module")
def voice() -> Voice:
    return Voice.learned([lesson(*words) for words in (("press", "nine"), ("press", "seven"), ("again",)) * 4])


def passage(*words: str, narrow: bool = True) -> Passage:
    return Passage(cue="c", words=tuple(Word(key=word, text=word) for word in words), pcm=b"", narrow=narrow)


def state(voice: Voice, written: Passage, *said: str) -> str:
    """What becomes of a cue in which the recogniser heard nothing, beside two others."""
    heard = Heard(words=("minute",), recall=0.0, lesson=lesson(*said, misplaced=True))
    others = [passage("press", "seven"), passage("again")]
    nothing = [Heard(words=(), recall=0.0, lesson=lesson("again")) for _ in others]
    return _states([written, *others], [heard, *nothing], voice, PRONUNCIATIONS)[0][0]


def test_what_fits_its_own_words_best_is_there(voice: Voice) -> None:
    assert state(voice, passage("press", "nine"), "press", "nine") == "found"


def test_what_fits_other_words_is_missing(voice: Voice) -> None:
    assert state(voice, passage("press", "nine"), "press", "seven") == "missing"
    assert state(voice, passage("again"), "press", "seven") == "missing"


def test_longer_texts_are_left_to_the_recogniser(voice: Voice) -> None:
    assert state(voice, passage("again", "press", "nine", "again"), "again", "press", "nine", "again") == "missing"
