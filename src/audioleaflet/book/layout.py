"""Where every clip lies in its chapter, in samples, and the cues that follow from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from audioleaflet.book.model import Cue
from audioleaflet.script.model import ScriptChapter, Utterance
from audioleaflet.sound.loudness import grid_samples
from audioleaflet.sound.mp3 import pad
from audioleaflet.speech.narrator import Take
from audioleaflet.units import Hz, Ms, ms_to_samples, samples_to_ms

# A player that jumps to a cue begins a little before the words: MP3 seeking must never cost a first sound.
_RUN_UP = Ms(100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A clip in its chapter: ``begin`` and ``end`` of its samples, counted from the chapter's start."""

    utterance: Utterance
    take: Take
    begin: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChapterLayout:
    """A chapter laid out: ``samples`` is a whole number of MP3 frames, clips begin on the loudness grid."""

    chapter: ScriptChapter
    places: tuple[Place, ...]
    samples: int
    rate: Hz

    def parts(self) -> Iterator[Place | int]:
        """Clips and the samples of silence between them, in order, from the chapter's start to its end."""
        position = 0
        for place in self.places:
            yield place.begin - position
            yield place
            position = place.end
        yield self.samples - position

    def cues(self) -> tuple[Cue, ...]:
        """The cues, tiling the chapter: each begins within the pause before its words."""
        cuts = [0]
        for before, after in zip(self.places, self.places[1:], strict=False):
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
            for place, begin, end in zip(self.places, times[:-1], times[1:], strict=True)
        )


def lay_out(chapter: ScriptChapter, takes: Mapping[str, Take]) -> ChapterLayout:
    """Every clip of a chapter after the pause that the script asks for, which is at most one grid step longer."""
    rate = takes[chapter.utterances[0].id].rate
    grid = grid_samples(rate)
    position = _on_grid(ms_to_samples(chapter.lead, rate), grid)
    places = []
    end = 0
    for utterance in chapter.utterances:
        take = takes[utterance.id]
        end = position + take.samples
        places.append(Place(utterance=utterance, take=take, begin=position, end=end))
        end += ms_to_samples(utterance.pause_after, rate)
        position = _on_grid(end, grid)
    return ChapterLayout(chapter=chapter, places=tuple(places), samples=end + pad(end, rate), rate=rate)


def _on_grid(samples: int, grid: int) -> int:
    return -(-samples // grid) * grid
