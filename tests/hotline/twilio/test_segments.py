"""Pieces: how long, where cut, and that nothing is lost between them."""

from __future__ import annotations

import random
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from audioleaflet.hotline.catalogue import Cue, Sound
from audioleaflet.hotline.events import Span
from audioleaflet.hotline.twilio import segments
from audioleaflet.hotline.twilio.segments import Spans
from audioleaflet.units import Ms

NOISE = random.Random(4).randbytes(60_000 * 8)


def sound(lengths: list[int], name: str = "a", *, cues: bool = True) -> Sound:
    ends = [sum(lengths[: place + 1]) for place in range(len(lengths))]
    tiles = tuple(
        Cue(id=f"c{place}", begin_ms=Ms(end - length), end_ms=Ms(end))
        for place, (end, length) in enumerate(zip(ends, lengths, strict=True))
    )
    return Sound(path=Path(f"/{name}"), text=name, duration_ms=Ms(ends[-1]), cues=tiles if cues else ())


def sample(span: Span) -> bytes:
    return NOISE[: (span.end_ms - span.begin_ms) * 8]


@st.composite
def plays(draw: st.DrawFn) -> Spans:
    spans = []
    for place in range(draw(st.integers(1, 5))):
        one = sound(
            draw(st.lists(st.integers(50, 30_000), min_size=1, max_size=12)), f"{place}", cues=draw(st.booleans())
        )
        begin = draw(st.integers(0, one.duration_ms - 1))
        spans.append(Span(sound=one, begin_ms=Ms(begin), end_ms=Ms(draw(st.integers(begin + 1, one.duration_ms)))))
    return tuple(spans)


def joined(pieces: list[Spans]) -> list[Span]:
    whole: list[Span] = []
    for span in (span for piece in pieces for span in piece):
        if whole and whole[-1].sound == span.sound and whole[-1].end_ms == span.begin_ms:
            whole[-1] = Span(sound=span.sound, begin_ms=whole[-1].begin_ms, end_ms=span.end_ms)
        else:
            whole.append(span)
    return whole


def pieces_of(spans: Spans) -> list[Spans]:
    pieces = []
    while spans:
        piece, spans = segments.split(spans, segments.first(spans, sample))
        pieces.append(piece)
    return pieces


@given(plays())
def test_pieces_are_5_to_12_s_long_and_are_the_whole_again(spans: Spans) -> None:
    pieces = pieces_of(spans)
    assert joined(pieces) == list(spans)
    assert all(5_000 <= segments.length(piece) <= 12_000 for piece in pieces[:-1])
    assert 0 < segments.length(pieces[-1]) <= 12_000
    assert all(span.begin_ms < span.end_ms for piece in pieces for span in piece)


@given(plays(), st.integers(0, 200_000))
def test_a_split_loses_nothing(spans: Spans, at_ms: int) -> None:
    before, after = segments.split(spans, at_ms)
    assert segments.length(before) == min(at_ms, segments.length(spans))
    assert joined([before, after]) == list(spans)


@given(st.lists(st.integers(500, 6_900), min_size=1, max_size=30))
def test_short_sentences_are_never_cut(lengths: list[int]) -> None:
    one = sound(lengths)
    ends = {cue.end_ms for cue in one.cues}
    for piece in pieces_of((Span(sound=one, begin_ms=Ms(0), end_ms=one.duration_ms),)):
        assert piece[-1].end_ms in ends


def test_a_long_sentence_is_cut_in_its_quietest_moment() -> None:
    one = sound([30_000])
    loud = bytearray(b"\x80\x00" * 15_000 * 8)
    loud[9_000 * 8 : 9_300 * 8] = b"\xff" * 300 * 8

    def samples(span: Span) -> bytes:
        return bytes(loud[span.begin_ms * 8 : span.end_ms * 8])

    cut = segments.first((Span(sound=one, begin_ms=Ms(0), end_ms=Ms(30_000)),), samples)
    assert 9_100 <= cut <= 9_200


def test_cuts_are_ends_of_sentences_inside_the_span_and_its_own_end() -> None:
    one = sound([1000, 2000, 3000])
    spans = (Span(sound=one, begin_ms=Ms(500), end_ms=Ms(2500)), Span(sound=one, begin_ms=Ms(3000), end_ms=Ms(6000)))
    assert segments.cuts(spans) == [500, 2000, 5000]


def test_a_sentence_that_sounds_begins_at_the_cut_before() -> None:
    spans = (
        Span(sound=sound([1000], "prompt", cues=False), begin_ms=Ms(0), end_ms=Ms(1000)),
        Span(sound=sound([4000, 4000]), begin_ms=Ms(0), end_ms=Ms(8000)),
    )
    assert [segments.sentence_before(spans, at) for at in (0, 999, 1000, 4999, 5000, 9000)] == [
        0,
        0,
        1000,
        1000,
        5000,
        9000,
    ]
