"""The lines of a proof: each utterance with its cue, what differs between shown and spoken, its terms and its flags."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from audioleaflet.book.model import Chapter, Cue
from audioleaflet.errors import Origin, Problem
from audioleaflet.leaflet.ipa import respell
from audioleaflet.script.lexicon import Lexicon
from audioleaflet.script.model import Script, ScriptChapter, Syllables, Term, Utterance
from audioleaflet.script.print import in_words
from audioleaflet.script.wordwise import aligned

LEAD_MS = 60
"""A line's sound starts this long before its words do: a decoder is 50 ms late, and a player some more."""
TAIL_MS = 180
_QUOTED = re.compile(r"[‘'“\"]([^‘’'“”\"]+)[’'”\"]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Words of a line; ``differs``: the other side has other words here."""

    text: str
    differs: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A term of a line with how it is said."""

    text: str
    ipa: str
    respelling: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One utterance. ``begin`` and ``end`` are seconds in its chapter's file, such as ``10.40``.

    ``source_line``: its line in the leaflet's file, or 0 for the program's own wording.
    ``same``: it is spoken as it is shown. ``sound_only``: no reader meets it.
    """

    id: str
    kind: str
    source_line: int
    begin: str
    end: str
    shown: tuple[Piece, ...]
    spoken: tuple[Piece, ...]
    same: bool
    sound_only: bool
    terms: tuple[Said, ...]
    flags: tuple[Problem, ...]


def lines(
    script: ScriptChapter,
    chapter: Chapter,
    lexicon: Lexicon,
    flags: Mapping[str, Sequence[Problem]],
    leaflet: Origin,
) -> tuple[Line, ...]:
    """The lines of a chapter. ``flags``: problems by the utterance that they are told at.

    ``leaflet``: the place that stands for the leaflet as a whole, where wording that is not the leaflet's own begins.
    """
    cues = {cue.id: cue for cue in chapter.cues}
    return tuple(
        _line(utterance, cues[utterance.id], lexicon, tuple(flags.get(utterance.id, ())), leaflet)
        for utterance in script.utterances
    )


def flagged(script: Script, problems: Iterable[Problem]) -> dict[str, list[Problem]]:
    """Problems by the id of the utterance that each is about.

    A problem names a line of a file, where several sentences may begin: it goes to the first of them that has the
    words which its message quotes, else to the first; and to the last one before its line where none begins there.
    """
    utterances = [one for one in script.utterances() if one.origin.line]
    found: dict[str, list[Problem]] = {}
    for problem in problems:
        at = max((one.origin.line for one in utterances if one.origin.line <= problem.origin.line), default=None)
        near = [one for one in utterances if one.origin.line == at]
        if not near:
            continue
        quoted = [words.casefold() for words in _QUOTED.findall(problem.message)]
        about = [one for one in near if any(words in one.shown.casefold() for words in quoted)]
        found.setdefault((about or near)[0].id, []).append(problem)
    return found


def compared(shown: str, spoken: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both texts in pieces of whole words, those that differ from the other text marked. Capitals are not heard."""
    stretches = aligned(shown, spoken, ignore_case=True)
    return (
        tuple(Piece(text=one.old, differs=not one.same) for one in stretches if one.old),
        tuple(Piece(text=one.new, differs=not one.same) for one in stretches if one.new),
    )


def _line(utterance: Utterance, cue: Cue, lexicon: Lexicon, flags: tuple[Problem, ...], leaflet: Origin) -> Line:
    said = in_words(utterance.spoken)
    shown, spoken = compared(utterance.shown, said)
    return Line(
        id=utterance.id,
        kind=utterance.kind,
        source_line=0 if utterance.origin == leaflet else utterance.origin.line,
        begin=f"{max(cue.begin_ms, cue.speech_begin_ms - LEAD_MS) / 1000:.2f}",
        end=f"{min(cue.end_ms, cue.speech_end_ms + TAIL_MS) / 1000:.2f}",
        shown=shown,
        spoken=spoken,
        same=not any(piece.differs for piece in (*shown, *spoken)),
        sound_only=not cue.printed,
        terms=tuple(dict.fromkeys(_said(span, lexicon) for span in utterance.spoken if isinstance(span, _NAMED))),
        flags=flags,
    )


_NAMED = Term | Syllables


def _said(span: Term | Syllables, lexicon: Lexicon) -> Said:
    if isinstance(span, Syllables):
        return Said(text=span.text, ipa=span.ipa, respelling=span.respelling)
    reading = lexicon.get(span.text)
    own = reading.respelling if reading is not None and reading.ipa == span.ipa else respell(span.ipa)
    return Said(text=span.text, ipa=span.ipa, respelling=own)
