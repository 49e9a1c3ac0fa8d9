"""Where every clip lies in its chapter, in samples, and the cues that follow from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from audioleaflet.book.model import Cue
from audioleaflet.script.model import ScriptChapter, Utterance
from audioleaflet.sound.loudness import grid_samples
from audioleaflet.sound.mp3 import pad
from audioleaflet.speech.narrator import Take
from audioleaflet.units import Hz, Ms, ms_to_samples, samples_to_ms

# A player that jumps to a cue begins a little before the words: MP3 seeking must never cost a first sound.
_RUN_UP = Ms(100)


# A stretch ends at the first pause of a paragraph's length after so many seconds. It is the unit of encoding: short,
# so that a changed sentence costs little and threads end together, but not so short that encoders' starts add up.
_STRETCH_S = 15
_CUT = Ms(600)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A clip where it sounds: ``begin`` and ``end`` of its samples, counted from the start of what it lies in."""

    utterance: Utterance
    take: Take
    begin: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A part of a chapter from silence to silence, laid out by itself: the same words are the same stretch anywhere.

    ``samples`` is a whole number of MP3 frames; clips begin on the loudness grid. The last ``_CUT`` are silent: an
    encoded stretch ends in the frames of the next one (see sound/mp3.py).
    """

    places: tuple[Place, ...]
    samples: int
    rate: Hz

    def parts(self) -> Iterator[Place | int]:
        """Clips and the samples of silence between them, in order, from the start to the end."""
        position = 0
        for place in self.places:
            yield place.begin - position
            yield place
            position = place.end
        yield self.samples - position


@dataclass(frozen=True, slots=True, kw_only=True)
class ChapterLayout:
    """A chapter laid out, stretch after stretch."""

    chapter: ScriptChapter
    stretches: tuple[Stretch, ...]
    rate: Hz

    @property
    def samples(self) -> int:
        """The chapter's length."""
        return sum(stretch.samples for stretch in self.stretches)

    @property
    def places(self) -> tuple[Place, ...]:
        """Every clip, counted from the chapter's start."""
        places: list[Place] = []
        start = 0
        for stretch in self.stretches:
            places.extend(replace(place, begin=start + place.begin, end=start + place.end) for place in stretch.places)
            start += stretch.samples
        return tuple(places)

    def cues(self) -> tuple[Cue, ...]:
        """The cues, tiling the chapter: each begins within the pause before its words."""
        places = self.places
        cuts = [0]
        for before, after in pairwise(places):
            cuts.append(max(before.end, after.begin - ms_to_samples(_RUN_UP, self.rate)))
        cuts.append(self.samples)
        times = [samples_to_ms(cut, self.rate) for cut in cuts]
        return tuple(
            Cue(
                id=place.utterance.id,
                kind=place.utterance.kind,
                role=place.utterance.role,
                begin_ms=begin,
                speech_begin_ms=samples_to_ms(place.begin, self.rate),
                speech_end_ms=samples_to_ms(place.end, self.rate),
                end_ms=end,
                text=place.utterance.shown,
            )
            for place, begin, end in zip(places, times[:-1], times[1:], strict=True)
        )


def lay_out(chapter: ScriptChapter, takes: Mapping[str, Take]) -> ChapterLayout:
    """Every clip of a chapter after the pause that the script asks for, which is at most 46 ms longer.

    (A step of the loudness grid, or where a stretch ends the rest of an MP3 frame.)
    """
    rate = takes[chapter.utterances[0].id].rate
    grid = grid_samples(rate)
    stretches: list[Stretch] = []
    places: list[Place] = []
    begin = _on_grid(ms_to_samples(chapter.lead, rate), grid)
    for utterance in chapter.utterances:
        take = takes[utterance.id]
        places.append(Place(utterance=utterance, take=take, begin=begin, end=begin + take.samples))
        end = begin + take.samples + ms_to_samples(utterance.pause_after, rate)
        if utterance is chapter.utterances[-1] or (utterance.pause_after >= _CUT and end >= _STRETCH_S * rate):
            stretches.append(Stretch(places=tuple(places), samples=end + pad(end, rate), rate=rate))
            places, end = [], 0
        begin = _on_grid(end, grid)
    return ChapterLayout(chapter=chapter, stretches=tuple(stretches), rate=rate)


def _on_grid(samples: int, grid: int) -> int:
    return -(-samples // grid) * grid
