"""Proof from the sound: whether every cue of an encoded edition is there, at its time, with the words that matter.

recording      what is listened to: chapters, renditions, prompts, each with what it should say
timeline       a chapter's file, decoded; where there is sound
measurements   what needs no recogniser, in any language
pronunciations, recogniser, twins      what is heard; what a word must not have been
voice          a second witness, learned from the book's own sound
placing        where that voice finds the words
cues           what becomes of each cue
likeness       how alike two recordings of the same words are
counterparts   the telephone's cues beside the same cues of the chapters
listening      the work of the two, in processes
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from audioleaflet.book import manifest
from audioleaflet.book.model import Chapter
from audioleaflet.errors import PublishError, SoundError
from audioleaflet.leaflet.model import Leaflet
from audioleaflet.proof.verify.counterparts import UNHEARD, Heard, beside, narrow_clips
from audioleaflet.proof.verify.cues import Place, listen, not_listened
from audioleaflet.proof.verify.listening import Progress
from audioleaflet.proof.verify.measurements import cue_findings, latest_ends, leaflet_findings, sound_findings
from audioleaflet.proof.verify.model import CueResult, Finding, Report
from audioleaflet.proof.verify.pronunciations import Pronunciations, read_dictionary
from audioleaflet.proof.verify.recogniser import LANGUAGES, dictionary_path
from audioleaflet.proof.verify.recording import LIBRARY, Recording, library, library_folder, named, recordings
from audioleaflet.proof.verify.timeline import Timeline, moves, read
from audioleaflet.script import stored
from audioleaflet.script.model import Script
from audioleaflet.script.print import in_words

Stages = Callable[[str], Progress]


def verify(
    folder: Path,
    *,
    rendition: str = "",
    leaflet: Leaflet | None = None,
    jobs: int | None = None,
    progress: Stages = lambda _stage: lambda _done, _total: None,
) -> Report:
    """Listen to one sound of an edition in ``folder`` and report. ``rendition``: the name of another than its chapters.

    ``leaflet``: what the script must hold every line of. ``jobs``: how many processes listen.
    Raises PublishError without book or script, ConfigError for a rendition that is not there or with no recogniser,
    SoundError if the recogniser breaks down.
    """
    book, script = manifest.load(folder), stored.load(folder)
    every = list(recordings(book, script, folder))
    beside_it = library_folder(book, folder)
    chosen = library(book, script, folder) if rendition == LIBRARY else named(every, rendition, beside_it)
    missing = list(leaflet_findings(script, leaflet)) if leaflet else []
    # Prompts are too short to learn a voice from: some of its chapters are heard beside them.
    beside = [one for one in every if chosen.prompts and not one.prompts and one.voice == chosen.voice]
    return _reports([chosen, *beside[-1:]], folder, missing, jobs, progress)[0]


def verify_all(
    folder: Path,
    *,
    leaflet: Leaflet | None = None,
    jobs: int | None = None,
    heard: Collection[Path] = (),
    progress: Stages = lambda _stage: lambda _done, _total: None,
) -> tuple[Report, ...]:
    """Listen to all sound of an edition, and to the prompts that a telephone says beside it: a report each.

    ``heard``: folders of libraries' prompts that need no hearing again. The rest is as ``verify`` has it.
    """
    book, script = manifest.load(folder), stored.load(folder)
    every, notes = list(recordings(book, script, folder)), []
    if len(every) > 1 and library_folder(book, folder) not in heard:
        try:
            every.append(library(book, script, folder))
        except PublishError as error:
            notes.append(f"the telephone has no prompts to go with it: {error}")
    missing = list(leaflet_findings(script, leaflet)) if leaflet else []
    return _reports(every, folder, missing, jobs, progress, notes)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Measured:
    """A recording read and measured, not yet listened to. ``lost``: the cues of chapters without sound."""

    recording: Recording
    places: tuple[Place, ...]
    lost: tuple[CueResult, ...]
    findings: tuple[Finding, ...]


def _reports(
    every: Sequence[Recording],
    folder: Path,
    missing: Sequence[Finding],
    jobs: int | None,
    progress: Stages,
    notes: Sequence[str] = (),
) -> tuple[Report, ...]:
    """A report on each recording; ``missing`` and ``notes`` belong to the first. Those of one voice are heard together.

    The more is heard of a voice, the better it is known.
    """
    recognised = every[0].language.split("-")[0] in LANGUAGES
    pronunciations = Pronunciations(read_dictionary(dictionary_path()) if recognised else {})
    measured = [_measured(one, pronunciations) for one in every]
    cues: dict[str, Sequence[CueResult]] = {}
    told: dict[str, list[str]] = {one.name: [] for one in every}
    told[every[0].name].extend(notes)
    for voice in dict.fromkeys(one.voice for one in every):
        alike = [one for one in measured if one.recording.voice == voice]
        places = [place for one in alike for place in one.places]
        if recognised:
            results, further = listen(places, pronunciations, jobs or os.cpu_count() or 1, progress)
        else:
            results = [not_listened(place) for place in places]
            further = [f"there is no recogniser for {every[0].language}: words were not listened to, only measured"]
        told[alike[0].recording.name].extend(further)
        begin = 0
        for one in alike:
            cues[one.recording.name] = results[begin : begin + len(one.places)]
            begin += len(one.places)
    if recognised:
        measured = list(_beside_the_chapters(measured, cues, told, progress))
    return tuple(
        _report(one, folder, recognised, cues[name], missing if number == 0 else (), told[name])
        for number, (one, name) in enumerate((one, one.recording.name) for one in measured)
    )


def _beside_the_chapters(
    measured: Sequence[_Measured], cues: dict[str, Sequence[CueResult]], told: dict[str, list[str]], progress: Stages
) -> Iterator[_Measured]:
    """Every recording; those that say the script by telephone with the faults that the chapters show in them.

    What becomes of their cues replaces that in ``cues``; ``told`` gets what could not be compared.
    """
    book = next((one for one in measured if not one.recording.name), None)
    renditions = [one for one in measured if one.recording.name and not one.recording.prompts]
    if not renditions or book is None:
        for one in renditions:
            told[one.recording.name].append(f"{one.recording.name}: {UNHEARD}")
        yield from measured
        return
    done = progress("Beside the chapters")
    chapters, clips = Heard(places=book.places, results=cues[""]), narrow_clips(book.places)
    for one in measured:
        name = one.recording.name
        if one not in renditions:
            yield one
            continue
        judged = beside(chapters, clips, Heard(places=one.places, results=cues[name]))
        cues[name] = judged.results
        told[name].extend(f"{name}: {note}" for note in judged.notes)
        done(renditions.index(one) + 1, len(renditions))
        yield replace(one, findings=(*one.findings, *judged.findings))


def _report(
    measured: _Measured,
    folder: Path,
    recognised: bool,
    cues: Sequence[CueResult],
    missing: Sequence[Finding],
    notes: Sequence[str],
) -> Report:
    recording = measured.recording
    findings = (*measured.findings, *missing)
    return Report(
        folder=str(recording.folder if recording.prompts else folder),
        title=recording.title,
        language=recording.language,
        rendition=recording.name,
        recognised=recognised,
        cues=tuple(sorted((*cues, *measured.lost), key=lambda cue: cue.chapter)),
        findings=tuple(sorted(findings, key=lambda finding: (finding.chapter, finding.begin_ms, finding.cue))),
        notes=tuple(notes),
    )


def _measured(recording: Recording, pronunciations: Pronunciations) -> _Measured:
    script = recording.script
    findings = [*recording.findings]
    timelines: list[Timeline] = []
    lost: list[CueResult] = []
    for chapter in recording.chapters:
        try:
            timelines.append(read(recording.folder, chapter))
        except SoundError as error:
            lost.extend(_lost(chapter, script))
            findings.append(Finding(code="decode", chapter=chapter.number, cue="", begin_ms=0, message=error.message))
    moved = [moves(timeline) for timeline in timelines]
    latest = latest_ends(timelines, moved)
    for timeline, late in zip(timelines, moved, strict=True):
        findings.extend(sound_findings(timeline, script, late, latest))
    findings.extend(cue_findings(timelines, script, moved, rates=not recording.prompts))
    return _Measured(
        recording=recording,
        places=tuple(_places(timelines, moved, script, pronunciations)),
        lost=tuple(lost),
        findings=tuple(findings),
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


def _places(
    timelines: Sequence[Timeline], moved: Sequence[Sequence[int]], script: Script, pronunciations: Pronunciations
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
                timeline=timeline,
            )
