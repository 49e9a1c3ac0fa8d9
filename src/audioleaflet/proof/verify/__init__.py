"""Proof from the sound: whether every cue of an encoded edition is there, at its time, with the words that matter.

timeline       a chapter's file, decoded; where there is sound
measurements   what needs no recogniser, in any language
pronunciations, recogniser, twins      what is heard; what a word must not have been
voice          a second witness, learned from the book's own sound
cues           what becomes of each cue
listening      the work of the two, in processes
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from audioleaflet.book import manifest
from audioleaflet.book.model import Book, Chapter
from audioleaflet.errors import ConfigError, SoundError
from audioleaflet.leaflet.model import Leaflet
from audioleaflet.proof.verify.cues import Place, listen, not_listened
from audioleaflet.proof.verify.listening import Progress
from audioleaflet.proof.verify.measurements import (
    cue_findings,
    file_findings,
    latest_ends,
    leaflet_findings,
    script_findings,
    sound_findings,
)
from audioleaflet.proof.verify.model import CueResult, Finding, Report
from audioleaflet.proof.verify.pronunciations import Pronunciations, read_dictionary
from audioleaflet.proof.verify.recogniser import LANGUAGES, dictionary_path
from audioleaflet.proof.verify.timeline import RATE, Timeline, moves, read
from audioleaflet.script import stored
from audioleaflet.script.model import Script
from audioleaflet.script.print import in_words


def verify(
    folder: Path,
    *,
    rendition: str = "",
    leaflet: Leaflet | None = None,
    jobs: int | None = None,
    progress: Callable[[str], Progress] = lambda _stage: lambda _done, _total: None,
) -> Report:
    """Listen to an edition in ``folder`` and report. ``rendition``: the name of other sound of it than its chapters.

    ``leaflet``: what the script must hold every line of. ``jobs``: how many processes listen.
    Raises PublishError without book or script, ConfigError for a rendition that is not there or with no recogniser,
    SoundError if the recogniser breaks down.
    """
    book, script = manifest.load(folder), stored.load(folder)
    chapters = _chapters(book, rendition)
    findings = [
        *script_findings(book, chapters, script),
        *(leaflet_findings(script, leaflet) if leaflet else ()),
        *file_findings(book, folder),
    ]
    timelines: list[Timeline] = []
    lost: list[CueResult] = []
    for chapter in chapters:
        try:
            timelines.append(read(folder, chapter))
        except SoundError as error:
            lost.extend(_lost(chapter, script))
            findings.append(Finding(code="decode", chapter=chapter.number, cue="", begin_ms=0, message=error.message))
    moved = [moves(timeline) for timeline in timelines]
    latest = latest_ends(timelines, moved)
    for timeline, late in zip(timelines, moved, strict=True):
        findings.extend(sound_findings(timeline, script, late, latest))
    findings.extend(cue_findings(timelines, script, moved))
    recognised = book.language.split("-")[0] in LANGUAGES
    pronunciations = Pronunciations(read_dictionary(dictionary_path()) if recognised else {})
    narrow = _sample_rate(book, rendition) < RATE
    places = list(_places(timelines, moved, script, pronunciations, narrow))
    if recognised:
        results, notes = listen(places, pronunciations, jobs or os.cpu_count() or 1, progress)
    else:
        results = [not_listened(place) for place in places]
        notes = [f"there is no recogniser for {book.language}: words were not listened to, only measured"]
    return Report(
        folder=str(folder),
        title=book.title,
        language=book.language,
        rendition=rendition,
        recognised=recognised,
        cues=tuple(sorted((*results, *lost), key=lambda cue: cue.chapter)),
        findings=tuple(sorted(findings, key=lambda finding: (finding.chapter, finding.begin_ms, finding.cue))),
        notes=tuple(notes),
    )


def _lost(chapter: Chapter, script: Script) -> Iterator[CueResult]:
    """The cues of a chapter without sound: none of them is there."""
    spoken = {utterance.id: utterance.spoken for utterance in script.utterances()}
    for cue in chapter.cues:
        yield CueResult(
            id=cue.id,
            chapter=chapter.number,
            begin_ms=cue.begin_ms,
            expected=in_words(spoken.get(cue.id, ())),
            heard="",
            state="missing",
            recall=0.0,
            fit=-math.inf,
            moved_ms=0,
            choices=(),
            unknown=(),
        )


def _chapters(book: Book, rendition: str) -> tuple[Chapter, ...]:
    if not rendition:
        return book.chapters
    for other in book.renditions:
        if other.name == rendition:
            return other.chapters
    names = ", ".join(other.name for other in book.renditions)
    raise ConfigError(
        f"the book {book.title!r} has no rendition {rendition!r}",
        next_step=f"it has {names}" if names else "it has none besides its chapters",
    )


def _sample_rate(book: Book, rendition: str) -> int:
    return next((other.sample_rate for other in book.renditions if other.name == rendition), book.sample_rate)


def _places(
    timelines: Sequence[Timeline],
    moved: Sequence[Sequence[int]],
    script: Script,
    pronunciations: Pronunciations,
    narrow: bool,
) -> Iterator[Place]:
    spoken = {utterance.id: utterance.spoken for utterance in script.utterances()}
    for timeline, late in zip(timelines, moved, strict=True):
        for cue, move in zip(timeline.chapter.cues, late, strict=True):
            said = spoken.get(cue.id, ())
            yield Place(
                cue=cue,
                moved_ms=move,
                expected=in_words(said),
                words=pronunciations.words(said),
                narrow=narrow,
                timeline=timeline,
            )
