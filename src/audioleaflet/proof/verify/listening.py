"""Listening to passages, in several processes at a time: one that breaks down is told, and ends nothing else."""

from __future__ import annotations

import math
import os
import signal
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import SequenceMatcher
from multiprocessing import get_context, parent_process
from multiprocessing.synchronize import Event
from pathlib import Path
from statistics import median
from typing import TypeVar

import numpy as np

from audioleaflet.errors import SoundError
from audioleaflet.proof.verify.model import Choice
from audioleaflet.proof.verify.placing import placed
from audioleaflet.proof.verify.pronunciations import ANY, Pronunciations, Word, dictionary_text
from audioleaflet.proof.verify.recogniser import UNREACHED, Recogniser, language_model
from audioleaflet.proof.verify.twins import VOCABULARY, Twin, places
from audioleaflet.proof.verify.voice import Lesson, Scores, Stretch, Voice, cepstra

Progress = Callable[[int, int], None]
T = TypeVar("T")
A = TypeVar("A")

_BATCH = 8
_LOOK_S = 0.2
# Margins are natural logarithms. Measured on 432 words said as written and 66 said as a twin by espeak's American
# voice: together, as written from 92 up, as a twin from -59 down; by the recogniser alone, as written from -39 up; by
# the voice alone, as written from 54 up.
TOGETHER, RECOGNISER_ALONE, VOICE_ALONE = -15.0, -60.0, -10.0
DOUBTFUL = 80.0
_SURE = 999.0
_MORE_NOISE_DBFS = -48.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A cue to listen to. ``pcm``: 16-bit mono at 16 kHz with 0.2 s of faint noise around it.

    ``narrow``: the sound came from a telephone's band, in which the recogniser is easily wrong.
    """

    cue: str
    words: tuple[Word, ...]
    pcm: bytes
    narrow: bool

    @property
    def keys(self) -> list[str]:
        """The words as the recogniser knows them."""
        return [word.key for word in self.words]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What was heard of a passage: ``recall`` of its known words, 0 to 1, and where its words lie, if they can."""

    words: tuple[str, ...]
    recall: float
    lesson: Lesson


class Listener:
    """Listens to the passages of one book. ``stopped`` tells its processes that nobody waits for them any more."""

    def __init__(self, pool: ProcessPoolExecutor, stopped: Event) -> None:
        self._pool = pool
        self._stopped = stopped

    def hear(self, passages: Sequence[Passage], progress: Progress) -> list[Heard]:
        """What is heard in each passage."""
        return self._each(_hear, list(passages), progress)

    def judge(
        self, passages: Sequence[tuple[Passage, Lesson]], voice: Voice, progress: Progress
    ) -> list[tuple[Choice, ...]]:
        """The words that matter of each passage, held against their twins."""
        return self._each(_judge, [(passage, lesson, voice) for passage, lesson in passages], progress)

    def _each(self, work: Callable[[A], T], tasks: list[A], progress: Progress) -> list[T]:
        batches = range(0, len(tasks), _BATCH)
        futures = {self._pool.submit(_all, work, tasks[first : first + _BATCH]): first for first in batches}
        results: dict[int, list[T]] = {}
        waiting = set(futures)
        try:
            while waiting:
                finished, waiting = wait(waiting, timeout=_LOOK_S, return_when=FIRST_COMPLETED)
                results |= {futures[future]: future.result() for future in finished}
                # Also where nothing is finished: this is where a stop is heard.
                progress(sum(map(len, results.values())), len(tasks))
        except BrokenProcessPool as error:
            raise SoundError("the recogniser ended in the middle of its work", next_step="try again") from error
        except BaseException:
            self._stopped.set()
            self._pool.shutdown(wait=True, cancel_futures=True)
            raise
        return [result for first in batches for result in results[first]]


@contextmanager
def listener(pronunciations: Pronunciations, sentences: Sequence[Sequence[str]], jobs: int) -> Iterator[Listener]:
    """A listener with ``jobs`` processes for a book of ``sentences`` of keys. Raises ConfigError."""
    keys = {*VOCABULARY, *(key for sentence in sentences for key in sentence)}
    sounds = {key: pronunciations.of(key) for key in sorted(keys) if pronunciations.of(key)}
    with tempfile.TemporaryDirectory(prefix="audioleaflet-") as name:
        dictionary, model = Path(name) / "words.dict", Path(name) / "sentences.arpa"
        dictionary.write_text(dictionary_text(sounds), encoding="utf-8")
        model.write_text(language_model(sentences), encoding="utf-8")
        context = get_context("spawn")
        stopped = context.Event()
        with ProcessPoolExecutor(
            jobs, mp_context=context, initializer=_begin, initargs=(dictionary, model, sounds, stopped)
        ) as pool:
            yield Listener(pool, stopped)


class _Process:
    """What a listening process keeps between passages."""

    recogniser: Recogniser
    sounds: Mapping[str, tuple[str, ...]]
    stopped: Event


def _begin(dictionary: Path, model: Path, sounds: Mapping[str, tuple[str, ...]], stopped: Event) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who started us hears Ctrl-C too, and ends us
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _Process.stopped = stopped
    _Process.recogniser = Recogniser(dictionary, model, sounds)
    _Process.sounds = sounds


def _end_with_parent() -> None:
    """Who was killed cannot tell us: without this, we would wait for work for ever."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _all(work: Callable[[A], T], tasks: Sequence[A]) -> list[T]:
    results = []
    for task in tasks:
        if _Process.stopped.is_set():
            break
        results.append(work(task))
    return results


def _hear(passage: Passage) -> Heard:
    recogniser = _Process.recogniser
    wanted = [key for key in passage.keys if key != ANY]
    words = as_written(wanted, recogniser.hear(passage.pcm), _Process.sounds)
    common = SequenceMatcher(None, wanted, words, autojunk=False).get_matching_blocks()
    return Heard(
        words=words,
        recall=sum(block.size for block in common) / len(wanted) if wanted else 0.0,
        lesson=Lesson(
            frames=cepstra(np.frombuffer(passage.pcm, np.int16), narrow=passage.narrow),
            stretches=recogniser.align(passage.pcm, passage.keys) if wanted else (),
        ),
    )


def as_written(wanted: Sequence[str], heard: Sequence[str], sounds: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The words ``heard``, those that only sound as what is ``wanted`` written as that: "thy royd" is thyroid."""
    words: list[str] = []
    for tag, begin, end, first, last in SequenceMatcher(None, wanted, heard, autojunk=False).get_opcodes():
        if tag == "replace" and _sound_alike(wanted[begin:end], heard[first:last], sounds):
            words += wanted[begin:end]
        else:
            words += heard[first:last]
    return tuple(words)


def _sound_alike(some: Sequence[str], others: Sequence[str], sounds: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether two runs of words can be said with the same phones. Walks both at once, one ahead of the other."""
    states: list[tuple[int, int, tuple[str, ...], bool]] = [(0, 0, (), True)]
    seen = set(states)
    while states:
        at, other, ahead, some_lead = states.pop()
        if at == len(some) and other == len(others) and not ahead:
            return True
        behind, place = (others, other) if some_lead else (some, at)
        if place == len(behind):
            continue
        for reading in sounds[behind[place]]:
            phones = tuple(reading.split())
            common = min(len(phones), len(ahead))
            if phones[:common] != ahead[:common]:
                continue
            overtakes = len(phones) > len(ahead)
            state = (
                at + (not some_lead),
                other + some_lead,
                phones[common:] if overtakes else ahead[common:],
                some_lead != overtakes,
            )
            if state not in seen:
                seen.add(state)
                states.append(state)
    return False


def _judge(task: tuple[Passage, Lesson, Voice]) -> tuple[Choice, ...]:
    passage, lesson, voice = task
    keys = passage.keys
    known = [
        (place, [twin for twin in twins if all(word in _Process.sounds for word in twin)])
        for place, twins in places(keys)
    ]
    if not known:
        return ()
    scores = voice.scores(lesson.frames)
    stretches = lesson.stretches
    if ANY not in keys:
        stretches = placed(voice, scores, [(key, _readings(key)) for key in keys]) or stretches
    trials = _Trials(passage, placed=bool(stretches))
    return tuple(
        _choice(trials, place, twins, _by_voice(keys, place, twins, stretches, scores, voice))
        for place, twins in known
        if twins
    )


def _readings(key: str) -> list[list[str]]:
    return [reading.split() for reading in _Process.sounds[key]]


class _Trials:
    """A passage under several noises: a score that hangs on one noise is no proof. ``placed``: its words were found."""

    def __init__(self, passage: Passage, *, placed: bool) -> None:
        self.passage = passage
        self._placed = placed
        self._sounds = [passage.pcm]
        self._written: list[float] = []

    def margin(self, place: int, twins: Sequence[Twin], trial: int) -> tuple[float, tuple[str, ...]]:
        """How much better the recogniser fits what is written than the best twin, and the words with that twin.

        Not a number where it can fit neither, or nobody could place what is written: an unknown word before it lost it.
        """
        recogniser, keys = _Process.recogniser, self.passage.keys
        while len(self._written) <= trial:
            pcm = self._sound(len(self._written))
            self._written.append(recogniser.score(pcm, keys)[0])
        best, heard = recogniser.score_twins(self._sound(trial), keys, place, twins)
        if best == UNREACHED:
            heard = ()
        if self._written[trial] == UNREACHED and (best == UNREACHED or not self._placed):
            return math.nan, heard
        return max(-_SURE, min(_SURE, self._written[trial] - best)), heard

    def _sound(self, trial: int) -> bytes:
        while len(self._sounds) <= trial:
            sound = np.frombuffer(self.passage.pcm, "<i2").astype(np.float64)
            noise = np.random.default_rng(len(self._sounds)).standard_normal(len(sound))
            sound += noise * 32768 * 10 ** (_MORE_NOISE_DBFS / 20)
            self._sounds.append(np.clip(sound, -32768, 32767).astype("<i2").tobytes())
        return self._sounds[trial]


def _choice(trials: _Trials, place: int, twins: Sequence[Twin], by_voice: tuple[float, Twin]) -> Choice:
    """One word that matters: both witnesses' margins together, or one alone that is sure of a twin.

    A doubtful margin of the recogniser is the middle one of three, each with more noise of its own. Of telephone sound
    nothing is called wrong by one witness against the other: it is undecided.
    """
    passage = trials.passage
    second, twin = by_voice
    first, heard = trials.margin(place, twins, 0)
    if not (first + second > DOUBTFUL and first > RECOGNISER_ALONE):
        tried = [first, *(trials.margin(place, twins, trial)[0] for trial in (1, 2))]
        numbers = [margin for margin in tried if not math.isnan(margin)]
        first = median(numbers) if numbers else math.nan
    together = second if math.isnan(first) else first + second
    wrong = together < TOGETHER or first < RECOGNISER_ALONE or second < VOICE_ALONE
    contradicted = passage.narrow and wrong and (first > 0 or second > 0)
    if heard and not first > second:
        extra = len(heard) - len([key for key in passage.keys if key != ANY])
        begin = len([key for key in passage.keys[:place] if key != ANY])
        twin = heard[begin : begin + extra + 1]
    return Choice(
        written=passage.words[place].text,
        twin=" ".join(twin),
        state="undecided" if math.isnan(first) or contradicted else "wrong" if wrong else "right",
        margin=round(together, 1),
    )


def _by_voice(
    keys: Sequence[str],
    place: int,
    twins: Sequence[Twin],
    stretches: Sequence[Stretch],
    scores: Scores,
    voice: Voice,
) -> tuple[float, Twin]:
    """How much better the book's own voice fits the word than its best twin, over the word and its neighbours."""
    before, after, begin, end = _window(keys, place, stretches)
    if end <= begin:
        return 0.0, ()
    window = scores[begin:end]

    def fit(words: Sequence[str]) -> float:
        return voice.best(window, [_readings(word) for word in words]) if words else UNREACHED

    found = max((fit([*before, *twin, *after]), twin) for twin in twins)
    return max(-_SURE, min(_SURE, fit([*before, keys[place], *after]) - found[0])), found[1]


def _window(keys: Sequence[str], place: int, stretches: Sequence[Stretch]) -> tuple[list[str], list[str], int, int]:
    """The neighbours of a word that touch it without a silence, and the frames of all together; none without alignment.

    Neighbours, because what a twin lacks or has too much is borrowed from them.
    """
    if not stretches:
        return [], [], 0, 0
    order = -1 + sum(key != ANY for key in keys[: place + 1])
    at = [number for number, stretch in enumerate(stretches) if stretch.key not in ("", ANY)][order]
    first, last = stretches[at], stretches[at]
    before, after = [], []
    if at and stretches[at - 1].key not in ("", ANY):
        first = stretches[at - 1]
        before = [first.key]
    if at + 1 < len(stretches) and stretches[at + 1].key not in ("", ANY):
        last = stretches[at + 1]
        after = [last.key]
    return before, after, first.begin, last.end
