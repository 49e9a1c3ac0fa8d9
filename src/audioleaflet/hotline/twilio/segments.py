"""What is played, cut into pieces of 5 to 12 s.

Twilio plays a piece to its end or to a key, and does not say how far it came. So a piece is short, and begins and ends
with a sentence where that can be: between two pieces there is about a second of silence.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Final

from audioleaflet.hotline.events import Span
from audioleaflet.units import Ms

SHORTEST: Final = 5_000
LONGEST: Final = 12_000
SAMPLES_A_MS: Final = 8
_WINDOW_MS: Final = 20
_WINDOWS: Final = 10  # a pause of 200 ms is one between words
# µ-law counts down from the quietest (ITU-T G.711): 0xff and 0x7f are none, 0x80 and 0x00 the loudest.
_LOUDNESS: Final = bytes(0x7F - (sample & 0x7F) for sample in range(256))

Spans = tuple[Span, ...]
Sample = Callable[[Span], bytes]
"""The µ-law samples of a span."""


def length(spans: Sequence[Span]) -> Ms:
    """How long spans are, one after the other."""
    return Ms(sum(span.end_ms - span.begin_ms for span in spans))


def split(spans: Spans, at_ms: int) -> tuple[Spans, Spans]:
    """What comes before ``at_ms``, counted from the start of the first span, and what comes from there."""
    before: list[Span] = []
    for place, span in enumerate(spans):
        if at_ms <= 0:
            return tuple(before), spans[place:]
        own = span.end_ms - span.begin_ms
        if own > at_ms:
            cut = Ms(span.begin_ms + at_ms)
            head = Span(sound=span.sound, begin_ms=span.begin_ms, end_ms=cut)
            tail = Span(sound=span.sound, begin_ms=cut, end_ms=span.end_ms)
            return (*before, head), (tail, *spans[place + 1 :])
        before.append(span)
        at_ms -= own
    return tuple(before), ()


def cuts(spans: Sequence[Span]) -> list[int]:
    """Where spans may be cut without cutting a sentence, in ms from their start, ascending; their end is the last."""
    starts = accumulate((span.end_ms - span.begin_ms for span in spans), initial=0)
    found: list[int] = []
    for start, span in zip(starts, spans, strict=False):
        inside = (cue.end_ms for cue in span.sound.cues if span.begin_ms < cue.end_ms < span.end_ms)
        found += [start + end - span.begin_ms for end in inside]
        found.append(start + span.end_ms - span.begin_ms)
    return found


def first(spans: Spans, sample: Sample) -> Ms:
    """How long the first piece of ``spans`` is: up to the last end of a sentence within 12 s.

    Where that would be less than 5 s, a longer sentence is cut in its quietest moment.
    """
    if (whole := length(spans)) <= LONGEST:
        return whole
    last = max((cut for cut in cuts(spans) if cut <= LONGEST), default=0)
    return Ms(last if last >= SHORTEST else _quietest(spans, sample))


def sentence_before(spans: Sequence[Span], at_ms: int) -> Ms:
    """The last start of a sentence at or before ``at_ms``; the start of the first span if there is none."""
    return Ms(max((cut for cut in cuts(spans) if cut <= at_ms), default=0))


def _quietest(spans: Spans, sample: Sample) -> int:
    _, later = split(spans, SHORTEST)
    within, _ = split(later, LONGEST - SHORTEST)
    samples = b"".join(sample(span) for span in within).translate(_LOUDNESS)
    step = _WINDOW_MS * SAMPLES_A_MS
    levels = [sum(samples[at : at + step]) for at in range(0, len(samples) - step + 1, step)]
    pauses = [sum(levels[at : at + _WINDOWS]) for at in range(len(levels) - _WINDOWS + 1)]
    quietest = min(pauses)
    at = max(place for place, level in enumerate(pauses) if level == quietest)  # of equal ones the last: fewer pieces
    return SHORTEST + (at + _WINDOWS // 2) * _WINDOW_MS
