"""What a verification finds: a result for every cue, a finding for every fault, and what could not be decided."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any, Literal

State = Literal["found", "missing", "undecided", "not listened to"]
FORMAT = "audioleaflet-verify/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A word that matters, held against its dangerous twins.

    ``written`` and ``twin`` are words as said; the twin is the one that came nearest, empty where the word would be
    lost. ``margin``: how much better the sound fits what is written, as a natural logarithm; far above 0 is sure.
    Undecided: the two witnesses contradict each other over telephone sound, or the recogniser could fit neither. Where
    telephone sound is as that of the chapters, all of this is of the chapters.
    """

    written: str
    twin: str
    state: Literal["right", "wrong", "undecided"]
    margin: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CueResult:
    """What was heard of one cue. ``begin_ms`` counts from the chapter's start, as in ``book.json``.

    ``recall``: the share of its words that were heard, 0 to 1. ``fit``: how well its words explain its sound, 0 or
    below; below -8 they do not. ``moved_ms``: how much later than ``book.json`` says its sound comes. ``unknown``:
    words whose sound nobody could tell the recogniser; they were not judged.
    """

    id: str
    chapter: int
    begin_ms: int
    expected: str
    heard: str
    state: State
    recall: float
    fit: float
    moved_ms: int
    choices: tuple[Choice, ...]
    unknown: tuple[str, ...]

    @property
    def failed(self) -> bool:
        """Whether its words are not there, or a word that matters is another one."""
        return self.state == "missing" or any(choice.state == "wrong" for choice in self.choices)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A fault that was measured, with no recogniser. ``cue`` is empty for a fault of a whole chapter or file.

    ``code``: script, file, decode, duration, moved, silent, cut-off, late, clipped, pause, rate or loudness; unlike, if
    the telephone says a cue otherwise than the chapters do.
    """

    code: str
    chapter: int
    cue: str
    begin_ms: int
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything that was found in one rendition of one edition. ``notes``: what was not or could not be judged."""

    folder: str
    title: str
    language: str
    rendition: str
    recognised: bool
    cues: tuple[CueResult, ...]
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]

    @property
    def failed(self) -> bool:
        """Whether anything is wrong. What is undecided is told, and fails nothing."""
        return bool(self.findings) or any(cue.failed for cue in self.cues)

    def failed_cues(self) -> tuple[str, ...]:
        """The ids of the cues that failed, by ear or by measure, in the order of speech."""
        named = {cue.id for cue in self.cues if cue.failed} | {finding.cue for finding in self.findings if finding.cue}
        return tuple(cue.id for cue in self.cues if cue.id in named)

    def totals(self) -> dict[str, int]:
        """How many cues and choices of each state, and findings."""
        choices = [choice.state for cue in self.cues for choice in cue.choices]
        states = [cue.state for cue in self.cues]
        return {
            "cues": len(states),
            "found": states.count("found"),
            "missing": states.count("missing"),
            "undecided": states.count("undecided"),
            "not_listened_to": states.count("not listened to"),
            "choices": len(choices),
            "choices_wrong": choices.count("wrong"),
            "choices_undecided": choices.count("undecided"),
            "findings": len(self.findings),
        }

    def as_data(self) -> dict[str, Any]:
        """The report for another program, ``audioleaflet-verify/1``.

        ``format folder title language rendition recognised failed failed_cues totals notes``; ``findings`` and ``cues``
        with the fields of Finding and CueResult (numbers are null where nobody listened), a cue's ``choices`` with
        those of Choice.
        """
        return {
            "format": FORMAT,
            "folder": self.folder,
            "title": self.title,
            "language": self.language,
            "rendition": self.rendition,
            "recognised": self.recognised,
            "failed": self.failed,
            "failed_cues": list(self.failed_cues()),
            "totals": self.totals(),
            "notes": list(self.notes),
            "findings": [asdict(finding) for finding in self.findings],
            "cues": [_cue_data(cue) for cue in self.cues],
        }


def _cue_data(cue: CueResult) -> dict[str, Any]:
    data = asdict(cue)
    if cue.state == "not listened to" or not math.isfinite(cue.fit):  # nobody listened, or there is no sound
        data |= {"recall": None, "fit": None}
    return data
