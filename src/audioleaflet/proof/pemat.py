"""The 17 items of PEMAT-A/V (AHRQ): those that a program can judge, with what it found, and the others as questions.

An answer is "yes" only where what a program can count shows it. Where it falls short, or the language has no word
lists, the item goes to the reader with what was found: a program does not fail a text by counting words.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal

import yaml

from audioleaflet.book.model import Book
from audioleaflet.leaflet.annotation import plain
from audioleaflet.leaflet.model import Leaflet
from audioleaflet.proof.readability import LONG_WORDS, Readability, terms_of
from audioleaflet.proof.timeline import TARGET_LUFS
from audioleaflet.proof.wordlists import WordLists
from audioleaflet.script.lexicon import Lexicon
from audioleaflet.script.model import Script

Answer = Literal["yes", "no", "ask", "not-applicable"]
MOST_PASSIVE = 0.15
LONGEST_CHAPTER_MS = 240_000
_LISTED = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An item of PEMAT-A/V with its answer; "ask" leaves it to the reader. ``evidence`` may be empty."""

    number: int
    group: Literal["understand", "act"]
    question: str
    answer: Answer
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is judged. ``lists`` is None for a language without word lists; ``quietest`` and ``loudest`` in LUFS."""

    leaflet: Leaflet
    script: Script
    lexicon: Lexicon
    book: Book
    readability: Readability
    lists: WordLists | None
    quietest: float
    loudest: float


def assess(subject: Subject) -> tuple[Item, ...]:
    """Every item, in the order of their numbers."""
    listed = yaml.safe_load((files(__package__) / "pemat.yaml").read_text(encoding="utf-8"))
    items = []
    for one in listed:
        answer: Answer = "not-applicable" if "none" in one else "ask"
        evidence = one.get("none", "")
        if "judge" in one:
            answer, evidence = _JUDGES[one["judge"]](subject)
        items.append(
            Item(number=one["number"], group=one["group"], question=one["question"], answer=answer, evidence=evidence)
        )
    return tuple(items)


_Verdict = tuple[Answer, str]


def _terms(subject: Subject) -> _Verdict:
    """Taught in the introduction with a meaning, or in a sentence that explains something."""
    taught = {term.term.casefold() for term in subject.script.terms if term.meaning}
    explained: set[str] = set()
    used: dict[str, None] = {}
    counted = {one.utterance for one in subject.readability.sentences}
    for utterance in subject.script.utterances():
        spoken = {term.casefold() for term in terms_of(utterance, subject.lexicon)}
        if utterance.id in counted:
            used.update(dict.fromkeys(sorted(spoken)))
            if subject.lists and subject.lists.explains.search(utterance.shown):
                explained |= spoken
    left = [term for term in used if term not in taught | explained]
    told = f"{len(used)} terms of the lexicon are used, {len(taught)} are taught in the introduction."
    if not used:
        return "yes", "The text uses no term of the lexicon."
    if not left:
        return "yes", f"{told} Each one is taught there, or stands in a sentence that explains something."
    return "ask", f"{told} No explanation was found for: {_some(left)}."


def _active(subject: Subject) -> _Verdict:
    if subject.lists is None or not subject.readability.sentences:
        return "ask", ""
    passive, all_ = len(subject.readability.passive), len(subject.readability.sentences)
    told = f"{passive} of {all_} sentences look passive ({passive * 100 // all_} %)."
    return ("yes" if passive <= MOST_PASSIVE * all_ else "ask"), told


def _chunks(subject: Subject) -> _Verdict:
    chapters = subject.book.chapters[1:]
    longest = max((chapter.duration_ms for chapter in chapters), default=0)
    long = [one for one in subject.readability.sentences if one.words > LONG_WORDS]
    told = (
        f"{len(chapters)} chapters, the longest {longest / 60_000:.1f} min; "
        f"{len(long)} of {len(subject.readability.sentences)} sentences have more than {LONG_WORDS} words."
    )
    short = longest <= LONGEST_CHAPTER_MS and len(long) * 10 <= len(subject.readability.sentences)
    return ("yes" if short and len(chapters) > 1 else "ask"), told


def _headings(subject: Subject) -> _Verdict:
    sections = len(subject.leaflet.sections)
    questions = sum(section.title.rstrip().endswith("?") for section in subject.leaflet.sections)
    told = f"Each of the {sections} sections is a chapter whose heading is said first; {questions} ask a question."
    return "yes", told


def _summary(subject: Subject) -> _Verdict:
    if subject.leaflet.summary is None:
        return "no", "The leaflet has no 'summary'."
    return "yes", f"“In short” opens chapter 1, with {len(plain(subject.leaflet.summary.text).split())} words."


def _hearing(subject: Subject) -> _Verdict:
    book = subject.book
    told = (
        f"Chapters between {subject.quietest:.1f} and {subject.loudest:.1f} LUFS (wanted: {TARGET_LUFS:g}), peak "
        f"{book.true_peak_dbtp:.1f} dBTP".replace("-", "−")
        + f", {book.voice.rate_wpm} words a minute, no music. Whether the voice is understood, only a listener can say."
    )
    return "ask", told


def _action(subject: Subject) -> _Verdict:
    found = _actions(subject)
    if not found:
        return "ask", "" if subject.lists is None else "No sentence was found that tells the listener to do something."
    return "yes", f"For example: “{found[0]}” ({len(found)} in all)."


def _listener(subject: Subject) -> _Verdict:
    if subject.lists is None or not subject.readability.sentences:
        return "ask", ""
    spoken_to = sum(bool(subject.lists.listener.search(one.text)) for one in subject.readability.sentences)
    told = f"{spoken_to} of {len(subject.readability.sentences)} sentences say “you” or “your”."
    return ("yes" if spoken_to and _actions(subject) else "ask"), told


def _actions(subject: Subject) -> list[str]:
    if subject.lists is None:
        return []
    return [one.text for one in subject.readability.sentences if subject.lists.action.search(one.text)]


def _some(words: list[str]) -> str:
    more = f" and {len(words) - _LISTED} more" if len(words) > _LISTED else ""
    return ", ".join(words[:_LISTED]) + more


_JUDGES: dict[str, Callable[[Subject], _Verdict]] = {
    "terms": _terms,
    "active": _active,
    "chunks": _chunks,
    "headings": _headings,
    "summary": _summary,
    "hearing": _hearing,
    "action": _action,
    "listener": _listener,
}
