from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audioleaflet.book.layout import ChapterLayout, Place, lay_out
from audioleaflet.errors import Origin
from audioleaflet.script.model import ScriptChapter, Text, Utterance
from audioleaflet.sound.loudness import grid_samples
from audioleaflet.sound.mp3 import frame_samples
from audioleaflet.speech.narrator import Take
from audioleaflet.units import Hz, Ms, ms_to_samples, samples_to_ms

RUN_UP_MS = 100


def laid_out(rate: int, lead: int, clips: list[tuple[int, int]]) -> ChapterLayout:
    """A chapter of made-up clips: (samples, pause after in ms)."""
    utterances = tuple(
        Utterance(
            id=f"c01-{number:03}",
            kind="sentence",
            role="text",
            shown=f"Sentence {number}.",
            spoken=(Text(text=f"Sentence {number}."),),
            pause_after=Ms(pause),
            origin=Origin(path=Path("en.yaml"), line=number),
        )
        for number, (_, pause) in enumerate(clips, 1)
    )
    takes = {
        utterance.id: Take(key="", samples=samples, rate=Hz(rate), energies=np.zeros(0, np.float32))
        for utterance, (samples, _) in zip(utterances, clips, strict=True)
    }
    chapter = ScriptChapter(number=1, id="one", title="One", lead=Ms(lead), utterances=utterances, structure=())
    return lay_out(chapter, takes)


chapters = st.builds(
    laid_out,
    st.sampled_from([16000, 22050, 24000, 44100, 48000]),
    st.integers(0, 1000),
    st.lists(st.tuples(st.integers(1, 100_000), st.integers(0, 5000)), min_size=1, max_size=40),
)


@given(chapters)
def test_cues_tile_their_chapter(layout: ChapterLayout) -> None:
    cues = layout.cues()
    assert [cue.id for cue in cues] == [utterance.id for utterance in layout.chapter.utterances]
    assert cues[0].begin_ms == 0
    assert [cue.end_ms for cue in cues[:-1]] == [cue.begin_ms for cue in cues[1:]]
    assert cues[-1].end_ms == samples_to_ms(layout.samples, layout.rate)


@given(chapters)
def test_words_lie_inside_their_cue_and_soon_after_its_begin(layout: ChapterLayout) -> None:
    for number, cue in enumerate(layout.cues()):
        assert cue.begin_ms <= cue.speech_begin_ms <= cue.speech_end_ms <= cue.end_ms
        if number:
            assert cue.speech_begin_ms - cue.begin_ms <= RUN_UP_MS + 1


@given(chapters)
def test_pauses_are_as_long_as_the_script_asks_and_a_moment_longer_at_most(layout: ChapterLayout) -> None:
    grid, frame = grid_samples(layout.rate), frame_samples(layout.rate)
    end = 0
    pause = layout.chapter.lead
    for place in layout.places:
        longer = place.begin - end - ms_to_samples(pause, layout.rate)
        assert 0 <= longer < grid + frame
        end, pause = place.end, place.utterance.pause_after
    assert 0 <= layout.samples - end - ms_to_samples(pause, layout.rate) < frame


@given(chapters)
def test_stretches_are_whole_frames_with_clips_on_the_grid_and_their_parts_fill_them(layout: ChapterLayout) -> None:
    for stretch in layout.stretches:
        assert stretch.samples % frame_samples(layout.rate) == 0
        assert all(place.begin % grid_samples(layout.rate) == 0 for place in stretch.places)
        position = 0
        for part in stretch.parts():
            if isinstance(part, Place):
                assert part.begin == position
                assert part.end - part.begin == part.take.samples
                position = part.end
            else:
                assert part >= 0
                position += part
        assert position == stretch.samples
    assert layout.samples == sum(stretch.samples for stretch in layout.stretches)
    clips = [place.utterance for stretch in layout.stretches for place in stretch.places]
    assert clips == list(layout.chapter.utterances)


@given(chapters)
def test_a_chapter_is_cut_only_in_a_long_pause_and_not_into_crumbs(layout: ChapterLayout) -> None:
    for stretch in layout.stretches[:-1]:
        assert stretch.samples - stretch.places[-1].end >= 0.6 * layout.rate
        assert stretch.samples >= 15 * layout.rate


def test_the_same_words_are_the_same_stretch_wherever_they_stand() -> None:
    paragraph = [(22050 * 9, 350), (22050 * 9, 700)]
    one, other = (
        laid_out(22050, 500, [(30_000, 700), *paragraph * 3]),
        laid_out(22050, 500, [(31_234, 700), *paragraph * 3]),
    )
    places = [[(place.begin, place.end) for place in layout.stretches[1].places] for layout in (one, other)]
    assert len(one.stretches) == len(other.stretches) == 3
    assert places[0] == places[1]


def test_times_are_rounded_once_so_that_nothing_drifts() -> None:
    layout = laid_out(22050, 500, [(1009, 33)] * 400)
    last = layout.cues()[-1]
    assert last.speech_begin_ms == pytest.approx(layout.places[-1].begin / 22.05, abs=0.5)
    assert last.speech_end_ms == pytest.approx(layout.places[-1].end / 22.05, abs=0.5)


def test_a_cue_begins_a_moment_before_its_words_but_never_in_the_words_before() -> None:
    long, short = laid_out(22050, 500, [(441 * 50, 1000), (441 * 50, 20), (441, 1000)]).cues()[1:]
    assert long.speech_begin_ms - long.begin_ms == RUN_UP_MS
    assert short.begin_ms == long.speech_end_ms
