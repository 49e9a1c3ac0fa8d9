"""Where the voice itself places words: over sound that the recogniser laid them beside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from audioleaflet.proof.verify.cues import _states
from audioleaflet.proof.verify.listening import Heard, Passage, _judge, _Process
from audioleaflet.proof.verify.placing import placed
from audioleaflet.proof.verify.pronunciations import ANY, Pronunciations, Word
from audioleaflet.proof.verify.recogniser import UNREACHED
from audioleaflet.proof.verify.voice import Lesson, Stretch, Voice

SOUNDS = {
    "take": "T EY K",
    "five": "F AY V",
    "fife": "F AY F",
    "nine": "N AY N",
    "fifty": "F IH F T IY",
    "drops": "D R AA P S",
    "sample": "S AE M P AH L",
}
PRONUNCIATIONS = Pronunciations(known={word: (phones,) for word, phones in SOUNDS.items()})
PHONES = sorted({phone for phones in SOUNDS.values() for phone in phones.split()} | {"SIL"})
RANDOM = np.random.default_rng(1)
CENTRES = {(phone, part): RANDOM.normal(0, 1, 39) for phone in PHONES for part in range(3)}
CENTRES |= {("V", part): CENTRES["F", part] + RANDOM.normal(0, 0.4, 39) for part in range(3)}  # nearly the same
LONG = ("take", "five", "drops", "sample", "take", "drops", "sample", "drops", "fifty", "sample")
NEARLY = ("take", "fife", *LONG[2:])


def lesson(*words: str) -> Lesson:
    """Words and silences (empty) in this voice, 90 ms a phone, with silence around, placed where they are."""
    frames: list[NDArray[np.float64]] = []
    stretches = []
    for word in ("", *words, ""):
        phones = tuple(SOUNDS[word].split()) if word else ("SIL",)
        begin = len(frames)
        for phone in phones:
            for part in range(3):
                frames += [CENTRES[phone, part] + RANDOM.normal(0, 1, 39) for _ in range(3)]
        stretches.append(Stretch(key=word, begin=begin, end=len(frames), phones=phones))
    return Lesson(frames=np.array(frames, np.float32), stretches=tuple(stretches))


def misplaced(right: Lesson) -> Lesson:
    """The same with its first word over its first frames, and silence over all else."""
    length = len(right.frames)
    first, last = right.stretches[1].key, right.stretches[-2].key
    at = (0, 9, length - 9, length)
    keys = (first, "", last)
    phones = [tuple(SOUNDS[key].split()) if key else ("SIL",) for key in keys]
    stretches = zip(keys, at[:-1], at[1:], phones, strict=True)
    return Lesson(
        frames=right.frames,
        stretches=tuple(Stretch(key=key, begin=begin, end=end, phones=said) for key, begin, end, said in stretches),
    )


@pytest.fixture(scope="module")
def voice() -> Voice:
    said = (("take", "five"), ("take", "", "nine"), ("fifty", "drops"), ("sample",), ("fife",))
    return Voice.learned([lesson(*words) for words in said * 4])


def readings(*words: str) -> list[tuple[str, Sequence[Sequence[str]]]]:
    return [(word, [SOUNDS[word].split()]) for word in words]


@pytest.mark.parametrize("said", ["take five drops", "take  five drops", "take five  drops"])
def test_words_are_where_they_sound_with_a_silence_where_there_is_one(voice: Voice, said: str) -> None:
    right = lesson(*said.split(" "))
    found = placed(voice, voice.scores(right.frames), readings(*said.split()))
    assert [(one.key, one.phones) for one in found] == [(one.key, one.phones) for one in right.stretches]
    assert all(abs(one.begin - other.begin) <= 1 for one, other in zip(found, right.stretches, strict=True))
    assert (found[0].begin, found[-1].end) == (0, len(right.frames))
    assert all(one.end == other.begin for one, other in pairwise(found))


def test_the_reading_that_is_said(voice: Voice) -> None:
    scores = voice.scores(lesson("five").frames)
    (_, word, _) = placed(voice, scores, [("5", [SOUNDS["nine"].split(), SOUNDS["five"].split()])])
    assert word.phones == ("F", "AY", "V")


def test_nothing_to_place_and_too_little_to_place_it_in(voice: Voice) -> None:
    scores = voice.scores(lesson("take").frames)
    assert placed(voice, scores, []) == ()
    assert placed(voice, scores[:0], readings("take")) == ()
    assert placed(voice, scores[:8], readings("take")) == ()


def passage(*words: str, narrow: bool = False) -> Passage:
    return Passage(cue="c", words=tuple(Word(key=word, text=word) for word in words), pcm=b"", narrow=narrow)


def state(voice: Voice, written: Passage, *said: str) -> str:
    """What becomes of a cue in which the recogniser heard nothing, beside one with other words."""
    heard = Heard(words=("sample",), recall=0.0, lesson=misplaced(lesson(*said)))
    other = Heard(words=(), recall=0.0, lesson=lesson("fifty", "drops"))
    return _states([written, passage(*NEARLY)], [heard, other], voice, PRONUNCIATIONS)[0][0]


def test_what_the_voice_finds_in_full_sound_is_there(voice: Voice) -> None:
    assert state(voice, passage(*LONG), *LONG) == "found"


def test_what_another_text_of_the_book_fits_better_is_not_there(voice: Voice) -> None:
    assert state(voice, passage(*LONG), *NEARLY) == "missing"


def test_other_words_are_not_there(voice: Voice) -> None:
    assert state(voice, passage("take", "five", "drops"), "sample", "fifty") == "missing"


def test_telephone_sound_and_unknown_words_are_left_to_the_recogniser(voice: Voice) -> None:
    words = ("take", "five", "drops", "take")
    assert state(voice, passage(*words, narrow=True), *words) == "missing"
    assert state(voice, passage("take", "five", ANY), "take", "five", "drops") == "missing"


class Deaf:
    """A recogniser that fits what is written by so much better than any twin."""

    margin = 50.0

    def score(self, _pcm: bytes, keys: Sequence[str]) -> tuple[float, tuple[str, ...]]:
        return self.margin, tuple(keys)

    def score_twins(self, _pcm: bytes, keys: Sequence[str], *_: object) -> tuple[float, tuple[str, ...]]:
        return 0.0, tuple(keys)


@pytest.mark.parametrize(("said", "judged"), [("five", "right"), ("nine", "wrong")])
def test_a_word_that_matters_is_judged_where_the_voice_finds_it(
    voice: Voice, monkeypatch: pytest.MonkeyPatch, said: str, judged: str
) -> None:
    monkeypatch.setattr(_Process, "recogniser", Deaf(), raising=False)
    monkeypatch.setattr(_Process, "sounds", {word: (phones,) for word, phones in SOUNDS.items()}, raising=False)
    right = lesson("take", said, "drops")
    start, take, word, drops, end = right.stretches
    tail = replace(word, key="five", begin=take.end - 9, end=take.end)
    rest = Stretch(key="", begin=word.begin, end=word.end, phones=("SIL",))
    beside = Lesson(frames=right.frames, stretches=(start, replace(take, end=tail.begin), tail, rest, drops, end))
    (choice,) = _judge((passage("take", "five", "drops"), beside, voice))
    assert (choice.written, choice.state) == ("five", judged)


class Lost(Deaf):
    """A recogniser that an unknown word before it keeps from what is written."""

    margin = UNREACHED


@pytest.mark.parametrize(("is_placed", "judged"), [(True, "wrong"), (False, "undecided")])
def test_a_recogniser_that_lost_its_way_is_no_proof(
    voice: Voice, monkeypatch: pytest.MonkeyPatch, is_placed: bool, judged: str
) -> None:
    monkeypatch.setattr(_Process, "recogniser", Lost(), raising=False)
    monkeypatch.setattr(_Process, "sounds", {word: (phones,) for word, phones in SOUNDS.items()}, raising=False)
    said = lesson("drops", "five", "drops")
    start, first, *rest = said.stretches
    laid = (start, replace(first, key=ANY), *rest) if is_placed else ()
    (choice,) = _judge((passage(ANY, "five", "drops"), replace(said, stretches=laid), voice))
    assert (choice.written, choice.state) == ("five", judged)
