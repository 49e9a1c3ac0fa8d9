"""What becomes of each cue: found or missing, its words that matter right or wrong."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np

from audioleaflet.book.model import Cue
from audioleaflet.proof.verify.listening import Heard, Passage, Progress, listener
from audioleaflet.proof.verify.model import Choice, CueResult, State
from audioleaflet.proof.verify.placing import placed
from audioleaflet.proof.verify.pronunciations import ANY, Pronunciations, Word
from audioleaflet.proof.verify.timeline import RATE, Timeline
from audioleaflet.proof.verify.voice import Scores, Stretch, Voice

_ROUND_MS = 80  # sound that an encoder spreads around a cue
_PAD_S = 0.2
_NOISE_DBFS = -45.0  # digital silence ruins the recogniser
_SEED = 20
# Measured on 172 cues of espeak's American voice: of words that are there 0.6 and more were recalled, or they fitted by
# -7 and more (single words are hard to hear among all others); another sentence's were below 0.1 and below -9.
RECALLED, FITS, SURE_OF_ANOTHER = 0.6, -8.0, -4.0
HALF_RECALLED = 0.4
# Where the voice itself places the words of a cue, each of them fits by -13 and more in all but one of 200 cues of an
# American and a British book; the worst of another text's by -17 and less, of a sound that is silent in part by -44.
PLACED_FITS = -14.0
# One to three words by telephone are too little for the recogniser ("minute" for "nine"), and enough for the voice: of
# 105, each fitted its own words better than any other text of that length, by 77 at least.
SHORT, SURE_OF_SHORT = 3, 60.0
_LEARNED_S = 30
_SILENT = (("SIL",),)
Text = tuple[str, ...]  # of keys


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A cue where it sounds, and what was to be said. ``moved_ms``: how much later than its times it sounds."""

    cue: Cue
    timeline: Timeline
    moved_ms: int
    expected: str
    words: tuple[Word, ...]


def not_listened(place: Place) -> CueResult:
    """The result of a cue in a language that nobody here understands."""
    return _result(place, state="not listened to")


def listen(
    places: Sequence[Place], pronunciations: Pronunciations, jobs: int, progress: Callable[[str], Progress]
) -> tuple[list[CueResult], list[str]]:
    """What is heard at every place, and notes on what could not be judged.

    Each cue is heard; the voice is learned from those that were; then every fit and every word that matters is judged.
    """
    passages = [_passage(place, number) for number, place in enumerate(places)]
    with listener(pronunciations, [passage.keys for passage in passages], jobs) as ears:
        heard = ears.hear(passages, progress("Listening"))
        lessons = [one.lesson for one in heard if one.lesson.stretches and one.recall >= RECALLED]
        if sum(len(lesson.frames) for lesson in lessons) < _LEARNED_S * 100:
            note = (
                f"less than {_LEARNED_S} seconds were understood: too little to learn the voice and to judge words by"
            )
            return [
                _result(place, one, state="found" if one.recall >= RECALLED else "undecided")
                for place, one in zip(places, heard, strict=True)
            ], [note]
        voice = Voice.learned(lessons)
        states = _states(passages, heard, voice, pronunciations)
        there = [number for number, (state, _) in enumerate(states) if state == "found"]
        tasks = [(passages[number], heard[number].lesson) for number in there]
        judged = dict(zip(there, ears.judge(tasks, voice, progress("Words that matter")), strict=True))
    return [
        _result(place, one, state=state, fit=fit, choices=judged.get(number, ()))
        for number, (place, one, (state, fit)) in enumerate(zip(places, heard, states, strict=True))
    ], []


def _passage(place: Place, number: int) -> Passage:
    """The sound of a cue with faint noise all over it, the same noise in every run."""
    begin, end = place.cue.speech_begin_ms + place.moved_ms, place.cue.speech_end_ms + place.moved_ms
    clip = place.timeline.clip(begin - _ROUND_MS, end + _ROUND_MS)
    sound = np.pad(clip.astype(np.float64), round(_PAD_S * RATE))
    noise = np.random.default_rng([_SEED, number]).standard_normal(len(sound))
    sound += noise * 32768 * 10 ** (_NOISE_DBFS / 20)
    pcm = np.clip(sound, -32768, 32767).astype("<i2").tobytes()
    return Passage(cue=place.cue.id, words=place.words, pcm=pcm, narrow=place.timeline.narrow)


def _states(
    passages: Sequence[Passage], heard: Sequence[Heard], voice: Voice, pronunciations: Pronunciations
) -> list[tuple[State, float]]:
    """Of each cue whether it was found, and how well its words fit its sound."""
    known = [tuple(key for key in passage.keys if key != ANY) for passage in passages]
    texts = set(known)
    short = {own for passage, own in zip(passages, known, strict=True) if _is_short(passage)}
    states: list[tuple[State, float]] = []
    for passage, own, one in zip(passages, known, heard, strict=True):
        scores = voice.scores(one.lesson.frames)
        fit = voice.fit(scores, one.lesson.stretches)
        is_another = one.words != own and one.words in texts and fit < SURE_OF_ANOTHER
        if not own:
            states.append(("undecided", fit))
        elif not is_another and (
            one.recall >= RECALLED or fit >= FITS or _is_placed(passage, own, texts, scores, voice, pronunciations)
        ):
            states.append(("found", fit))
        elif ANY in passage.keys and not one.lesson.stretches and one.recall >= HALF_RECALLED and not is_another:
            states.append(("undecided", fit))  # a word that nobody knows may keep all others from being placed
        elif _is_short(passage) and _margin(own, short - {own}, scores, voice, pronunciations) > SURE_OF_SHORT:
            states.append(("found", fit))
        else:
            states.append(("missing", fit))
    return states


def _is_placed(
    passage: Passage,
    own: Text,
    texts: Collection[Text],
    scores: Scores,
    voice: Voice,
    pronunciations: Pronunciations,
) -> bool:
    """Whether the voice finds the words of a cue of full sound in it, and no other text of the book fits better."""

    def laid(text: Text) -> tuple[Stretch, ...]:
        return placed(voice, scores, [(key, _readings(key, pronunciations)) for key in text])

    if passage.narrow or ANY in passage.keys:
        return False
    mine = laid(own)
    if min((voice.fit(scores, [stretch]) for stretch in mine), default=-math.inf) < PLACED_FITS:
        return False
    fit = voice.fit(scores, mine)
    return all(voice.fit(scores, laid(other)) <= fit for other in texts if other not in ((), own))


def _readings(key: str, pronunciations: Pronunciations) -> list[list[str]]:
    return [reading.split() for reading in pronunciations.of(key)]


def _is_short(passage: Passage) -> bool:
    return passage.narrow and ANY not in passage.keys and 0 < len(passage.keys) <= SHORT


def _margin(own: Text, others: Collection[Text], scores: Scores, voice: Voice, pronunciations: Pronunciations) -> float:
    """How much better the voice fits a whole passage by its own words than by the best of ``others``."""

    def fit(text: Text) -> float:
        words = [_readings(key, pronunciations) for key in text]
        return voice.best(scores, [_SILENT, *words, _SILENT])

    return fit(own) - max(map(fit, others), default=math.inf)


def _result(
    place: Place,
    heard: Heard | None = None,
    *,
    state: State,
    fit: float = 0.0,
    choices: tuple[Choice, ...] = (),
) -> CueResult:
    cue = place.cue
    return CueResult(
        id=cue.id,
        chapter=place.timeline.chapter.number,
        begin_ms=cue.begin_ms,
        expected=place.expected,
        heard=" ".join(key.partition(ANY)[0].replace("_", " ") for key in heard.words) if heard else "",
        state=state,
        recall=round(heard.recall, 2) if heard else 0.0,
        fit=round(fit, 1),
        moved_ms=place.moved_ms,
        choices=choices,
        unknown=tuple(word.text for word in place.words if word.key == ANY),
    )
