"""How hard a leaflet is to follow: grade levels with and without its medical terms, long and passive sentences.

Grade levels are US school years, by textstat. Only the leaflet's own sentences and list items count: not the
introduction, headings, what is said for the ear alone, the part about the leaflet, or lines of contact details.
(textstat counts the words of a sentence of one or two words, but not the sentence: a list of them reads as harder.)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from audioleaflet.proof.wordlists import WordLists
from audioleaflet.script.lexicon import Lexicon
from audioleaflet.script.model import Script, ScriptChapter, Term, Utterance

NEUTRAL = "thing"
"""What stands for a term in the second measure: a short, common word."""
SMOG_SENTENCES = 30
"""SMOG was fitted on samples of 30 sentences; textstat answers 0 for fewer."""
LONG_WORDS = 20
_LISTED = 5
_CONTACT = re.compile(r"\bwww\.|https?:|\w@\w|\d{3}[-\s]\d{3,4}")
_COUNTED = ("sentence", "item", "urgent", "notice")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence or a list item of the leaflet."""

    utterance: str
    text: str

    @property
    def words(self) -> int:
        """How many words it has."""
        return len(self.text.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Grades:
    """School years that a text needs. ``smog`` is None below 30 sentences; ``ease`` runs from 0 (hard) to 100."""

    flesch_kincaid: float
    smog: float | None
    gunning_fog: float
    coleman_liau: float
    ease: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A stretch of text: its size, and its grades as it is and with each term replaced by a short word."""

    title: str
    sentences: int
    words: int
    as_it_is: Grades
    without_terms: Grades


@dataclass(frozen=True, slots=True, kw_only=True)
class Readability:
    """The measures of a leaflet. ``whole`` is None where the language has no grade levels here, or nothing counts."""

    whole: Measure | None
    chapters: tuple[Measure, ...]
    sentences: tuple[Sentence, ...]
    longest: tuple[Sentence, ...]
    passive: tuple[Sentence, ...]


def measure(script: Script, language: str, about: str, lexicon: Lexicon, lists: WordLists | None) -> Readability:
    """The readability of a script in ``language`` (BCP 47).

    ``about``: the heading of the part about the leaflet, which does not count. ``lists``: None for a language whose
    passives and grade levels are not known.
    """
    counted = {chapter.number: tuple(_counted(chapter, about)) for chapter in script.chapters[1:]}
    sentences = tuple(_sentence(one) for chosen in counted.values() for one in chosen)
    longest = sorted(sentences, key=lambda one: -one.words)[:_LISTED]
    english = language.split("-")[0] == "en"
    return Readability(
        whole=_measure("The whole leaflet", _flat(counted.values()), lexicon) if english and sentences else None,
        chapters=tuple(
            _measure(f"{chapter.number}. {chapter.title}", counted[chapter.number], lexicon)
            for chapter in script.chapters[1:]
            if english and counted[chapter.number]
        ),
        sentences=sentences,
        longest=tuple(longest),
        passive=tuple(one for one in sentences if lists and lists.passive.search(one.text)),
    )


def terms_of(utterance: Utterance, lexicon: Lexicon) -> set[str]:
    """The terms of the lexicon in an utterance, as they stand there.

    Other words have readings too: those that are spelled alike and said in two ways, and letters said one by one.
    """
    return {span.text for span in utterance.spoken if isinstance(span, Term) and span.text in lexicon}


def without_terms(utterance: Utterance, lexicon: Lexicon) -> str:
    """What is shown, each term of the lexicon replaced by one short word."""
    text = utterance.shown
    spellings = terms_of(utterance, lexicon)
    for spelling in sorted(spellings, key=lambda one: (-len(one), one)):
        text = re.sub(rf"\b{re.escape(spelling)}\b", NEUTRAL, text, flags=re.I)
    return text


def _counted(chapter: ScriptChapter, about: str) -> Iterator[Utterance]:
    for utterance in chapter.utterances:
        if utterance.role == "heading" and utterance.shown == about:
            return
        if utterance.role == "text" and utterance.kind in _COUNTED and not _CONTACT.search(utterance.shown):
            yield utterance


def _sentence(utterance: Utterance) -> Sentence:
    return Sentence(utterance=utterance.id, text=utterance.shown)


def _flat(groups: Iterable[Sequence[Utterance]]) -> tuple[Utterance, ...]:
    return tuple(one for group in groups for one in group)


def _measure(title: str, utterances: Sequence[Utterance], lexicon: Lexicon) -> Measure:
    return Measure(
        title=title,
        sentences=len(utterances),
        words=sum(len(one.shown.split()) for one in utterances),
        as_it_is=_grades(tuple(one.shown for one in utterances)),
        without_terms=_grades(tuple(without_terms(one, lexicon) for one in utterances)),
    )


def _grades(sentences: Sequence[str]) -> Grades:
    import textstat

    # A list item without a full stop would run into the next one and count as a part of it.
    text = " ".join(one if one.rstrip().endswith((".", "!", "?")) else f"{one}." for one in sentences)
    return Grades(
        flesch_kincaid=round(float(textstat.flesch_kincaid_grade(text)), 1),
        smog=round(float(textstat.smog_index(text)), 1) if len(sentences) >= SMOG_SENTENCES else None,
        gunning_fog=round(float(textstat.gunning_fog(text)), 1),
        coleman_liau=round(float(textstat.coleman_liau_index(text)), 1),
        ease=round(float(textstat.flesch_reading_ease(text)), 1),
    )
