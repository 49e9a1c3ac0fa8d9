"""Where the words of an utterance lie by the voice that the book taught.

The recogniser knows people, not this voice, and now and then puts a silence over half a word, above all where a voice
drops its r: the word beside it is then held against sound that is not its own. Over the same sound the voice itself,
free to be silent between words, finds them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby

import numpy as np

from audioleaflet.proof.verify.voice import NOTHING, Scores, Stretch, Voice

Readings = Sequence[Sequence[str]]
"""Of a word, the phones of each way to say it."""
_SILENCE: Sequence[str] = ("SIL",)
_START = -1


@dataclass(slots=True)
class _Paths:
    """States that may follow each other. ``columns``: of the scores; ``parts``: to which stretch each belongs."""

    columns: list[int] = field(default_factory=list)
    before: list[list[int]] = field(default_factory=list)
    parts: list[int] = field(default_factory=list)
    stretches: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)

    def add(self, voice: Voice, key: str, phones: Sequence[str], after: Sequence[int]) -> int:
        """One way to say a word after any of some states; its last state."""
        for column in voice.columns(phones):
            state = len(self.columns)
            self.before.append([*after, state])
            self.columns.append(column)
            self.parts.append(len(self.stretches))
            after = (state,)
        self.stretches.append((key, tuple(phones)))
        return after[0]


def placed(voice: Voice, scores: Scores, words: Sequence[tuple[str, Readings]]) -> tuple[Stretch, ...]:
    """The stretches of ``words``, each with its key, over all frames; empty where there are too few frames."""
    if not words or not len(scores):
        return ()
    paths = _Paths()
    ends = [_START]
    ends.append(paths.add(voice, "", _SILENCE, ends))
    for key, readings in words:
        ends = [paths.add(voice, key, phones, ends) for phones in readings]
        ends.append(paths.add(voice, "", _SILENCE, ends))
    way = _best_way(scores[:, paths.columns], paths.before, ends)
    stretches, begin = [], 0
    for part, states in groupby(paths.parts[state] for state in way):
        key, phones = paths.stretches[part]
        end = begin + len(list(states))
        stretches.append(Stretch(key=key, begin=begin, end=end, phones=phones))
        begin = end
    return tuple(stretches)


def _best_way(emitted: Scores, before: Sequence[Sequence[int]], ends: Sequence[int]) -> list[int]:
    """The state of every frame on the best way from the start to one of ``ends`` (Viterbi); empty where none leads."""
    frames, states = emitted.shape
    choices = np.full((states, max(map(len, before))), states)
    for state, found in enumerate(before):
        choices[state, : len(found)] = [states if one == _START else one for one in found]
    best = np.full(states + 1, NOTHING)  # the last one is never reached
    first = [state for state, found in enumerate(before) if _START in found]
    best[first] = emitted[0, first]
    came = np.zeros((frames, states), np.int32)
    rows = np.arange(states)
    for frame in range(1, frames):
        chosen = choices[rows, best[choices].argmax(axis=1)]
        came[frame] = chosen
        best[:states] = best[chosen] + emitted[frame]
    state = max(ends, key=lambda one: best[one])
    if best[state] <= NOTHING / 2:
        return []
    way = [state]
    for frame in range(frames - 1, 0, -1):
        way.append(int(came[frame, way[-1]]))
    return way[::-1]
