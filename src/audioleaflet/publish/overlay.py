"""Text and sound together: which part of a chapter's sound belongs to which sentence that can be read.

Readers that follow the sound (EPUB 3 media overlays, DAISY) need a place in the text for every moment. What is only for
the ear has none: an announcement goes with the sentence that it announces, a repeat with the one that it repeats.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from audioleaflet.book.model import Chapter
from audioleaflet.errors import PublishError
from audioleaflet.publish.transcript.wording import OpenBook

_AGAIN = "build the edition again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """The sound of one printed ``cue``, by its id, in milliseconds from its chapter's start."""

    cue: str
    begin_ms: int
    end_ms: int


def clips(opened: OpenBook, chapter: Chapter) -> tuple[Clip, ...]:
    """The clips of a chapter. They tile it: the first begins at 0, the last ends with the chapter.

    Raises PublishError for a chapter of which nothing can be read, and for one whose cues do not tile it.
    """
    found: list[Clip] = []
    begin: int | None = None  # of announcements that wait for their sentence
    for cue in chapter.cues:
        if opened.shown(cue):
            found.append(Clip(cue=cue.id, begin_ms=cue.begin_ms if begin is None else begin, end_ms=cue.end_ms))
            begin = None
        elif cue.role == "repeat" and found and begin is None:
            found[-1] = replace(found[-1], end_ms=cue.end_ms)
        elif begin is None:
            begin = cue.begin_ms
    if not found:
        raise PublishError(f"chapter {chapter.number} has no words to read", next_step=_AGAIN)
    if begin is not None:
        found[-1] = replace(found[-1], end_ms=chapter.cues[-1].end_ms)
    _hold(found, chapter)
    return tuple(found)


def _hold(found: Iterable[Clip], chapter: Chapter) -> None:
    """Raise PublishError for a clip that does not begin where the one before it ends, or takes no time."""
    at = 0
    for clip in found:
        if clip.begin_ms != at or clip.end_ms <= clip.begin_ms:
            raise PublishError(
                f"book.json: the sound of {clip.cue!r} goes from {clip.begin_ms} to {clip.end_ms} ms, "
                f"and the sentence before it ends at {at} ms",
                next_step=_AGAIN,
            )
        at = clip.end_ms
    if at != chapter.duration_ms:
        raise PublishError(
            f"book.json: chapter {chapter.number} lasts {chapter.duration_ms} ms, and its sentences end at {at} ms",
            next_step=_AGAIN,
        )
