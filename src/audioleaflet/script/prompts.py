"""What the telephone says besides the chapters, as scripts: the prompts of a library, and those of one edition.

A prompt is a chapter whose id is the prompt's name. Its words come from the phrases, are read by the same verbalizer as
the leaflet, and stand in short silences: a caller waits for each of them. Templates with ``{digit}`` make a prompt a
digit (``press-0`` to ``press-9``), those with ``{chapter}`` one a chapter, from ``chapter-0`` on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from audioleaflet.errors import Origin
from audioleaflet.phrases import HotlineWording
from audioleaflet.script.model import Kind, Pause, Role, Script, ScriptChapter, Span, Spelled, Spoken, Utterance
from audioleaflet.script.sentences import split
from audioleaflet.script.verbalizer import Verbalizer
from audioleaflet.units import Ms

_LEAD = Ms(60)
_SENTENCE = Ms(200)
_TAIL = Ms(200)
_TAILS = (("last-digit-", Ms(500)), ("digit-", Ms(150)))
_BETWEEN_GROUPS = Ms(800)
_SLOWLY = ("digit-", "last-digit-")  # read out to be written down: codes and numbers
# "What is it?." and "What is it?,": a title brings the sign at its end along.
_DOUBLE_END = re.compile(r"([.!?…])\.(?=\s|$)")
_END_INSIDE = re.compile(r"[.!?…]+,")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompts:
    """Prompts as scripts. ``said``: at the prompts' own rate; ``slow``: those that somebody writes down.

    ``numbers``: the name of each prompt that gives a telephone number, and the utterance of the book that gives it.
    """

    said: Script
    slow: Script
    numbers: Mapping[str, str]

    def chapters(self) -> tuple[ScriptChapter, ...]:
        """Every prompt, each once."""
        return (*self.said.chapters, *self.slow.chapters)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What an edition's prompts say of it. ``status``: its sentences; ``contact`` may be empty."""

    title: str
    publisher: str
    status: Sequence[str]
    contact: str


def library_prompts(
    wording: HotlineWording,
    verbalizer: Verbalizer,
    *,
    title: str,
    publisher: str,
    emergency: str,
    origin: Origin,
) -> Prompts:
    """The prompts of a library in the verbalizer's language.

    ``title`` and ``publisher`` are the library's; ``emergency``: the number to call, or empty: then a caller is told to
    call the emergency number without its digits.
    """
    known = {
        "title": title,
        "publisher": publisher,
        "emergency": emergency or wording.emergency_number,
        "hash": wording.hash_for(verbalizer.language.tag),
    }
    writer = _Writer(verbalizer, origin)
    said: list[ScriptChapter] = []
    slow: list[ScriptChapter] = []
    for name, template in wording.library.items():
        if "{digit}" not in template:
            said.append(writer.prompt(name, (filled(template, known),)))
            continue
        for digit in "0123456789":
            made = writer.prompt(f"{name}-{digit}", (filled(template, {**known, "digit": digit}),))
            (slow if made.id.startswith(_SLOWLY) else said).append(made)
    return Prompts(said=_script(said), slow=_script(slow), numbers={})


def edition_prompts(
    script: Script, facts: Facts, wording: HotlineWording, verbalizer: Verbalizer, *, origin: Origin
) -> Prompts:
    """The prompts of one edition, whose ``script`` they name chapters of and repeat telephone numbers from.

    ``contact`` is left out where there is none. A number that the script gives twice has one prompt, for its first
    place.
    """
    writer = _Writer(verbalizer, origin)
    known = {"title": facts.title, "publisher": facts.publisher, "contact": facts.contact}
    said: list[ScriptChapter] = []
    for name, template in wording.edition.items():
        if name == "chapter":
            said += [writer.prompt(f"chapter-{one.number}", (_heading(template, one),)) for one in script.chapters]
        elif name == "status":
            said.append(writer.prompt(name, facts.status, whole=True))
        elif name != "contact" or facts.contact:
            said.append(writer.prompt(name, (filled(template, known),)))
    found = tuple(_numbers(script))
    numbers = {f"number-{count}": cue for count, (cue, _) in enumerate(found, 1)}
    slow = [writer.number(name, spelled) for name, (_, spelled) in zip(numbers, found, strict=True)]
    return Prompts(said=_script(said), slow=_script(slow), numbers=numbers)


def at_once(script: Script) -> Script:
    """The script with hardly a silence before each chapter: who has pressed a key waits for its first word."""
    return replace(script, chapters=tuple(replace(chapter, lead=_LEAD) for chapter in script.chapters))


def slowed(script: Script) -> Script:
    """The script with every silence half as long again: before, between and inside utterances."""
    return replace(
        script,
        chapters=tuple(
            replace(chapter, lead=_longer(chapter.lead), utterances=tuple(map(_slowed, chapter.utterances)))
            for chapter in script.chapters
        ),
    )


def filled(template: str, values: Mapping[str, str]) -> str:
    """A template with its ``{braces}`` filled in; of two signs that end a sentence, the value's own stays.

    >>> filled("{title}.", {"title": "What is it?"})
    'What is it?'
    """
    text = template.format_map(values)
    return _END_INSIDE.sub(",", _DOUBLE_END.sub(r"\1", text))


class _Writer:
    """Makes prompts: ids of utterances are those of their prompt with a number."""

    def __init__(self, verbalizer: Verbalizer, origin: Origin) -> None:
        self._verbalizer = verbalizer
        self._origin = origin

    def prompt(self, name: str, texts: Iterable[str], *, whole: bool = False) -> ScriptChapter:
        """A prompt of ``texts``, split in sentences; ``whole``: each is one already."""
        language = self._verbalizer.language.tag
        sentences = [sentence for text in texts for sentence in ((text,) if whole else split(text, language))]
        kind: Kind = "status" if name == "status" else "sentence"
        said = [
            self._utterance(f"{name}-{count}", sentence, self._verbalizer.spoken(sentence), kind, "announcement")
            for count, sentence in enumerate(sentences, 1)
        ]
        return _chapter(name, said)

    def number(self, name: str, number: Spelled) -> ScriptChapter:
        """A prompt that gives a telephone number, slowly enough to be written down."""
        spoken = replace(number, between=Ms(max(number.between, _BETWEEN_GROUPS)))
        return _chapter(name, [self._utterance(f"{name}-1", number.text, (spoken,), "contact", "repeat")])

    def _utterance(self, identifier: str, text: str, spoken: Spoken, kind: Kind, role: Role) -> Utterance:
        return Utterance(
            id=identifier,
            kind=kind,
            role=role,
            shown=text,
            spoken=spoken,
            pause_after=_SENTENCE,
            origin=self._origin,
        )


def _heading(template: str, chapter: ScriptChapter) -> str:
    """ "Chapter 2. What now?"; what has no number is named by its title alone."""
    values = {"number": str(chapter.number), "chapter": chapter.title}
    return filled(template if chapter.number else "{chapter}.", values)


def _numbers(script: Script) -> Iterable[tuple[str, Spelled]]:
    """Every telephone number that is read twice in the book, once: the utterance that gives it, and its digits."""
    given: set[tuple[str, ...]] = set()
    text = ""
    for utterance in script.utterances():
        if utterance.role != "repeat":
            text = utterance.id if utterance.role == "text" else text
            continue
        for span in utterance.spoken if utterance.kind == "contact" else ():
            digits = tuple(word for group in span.groups for word in group) if isinstance(span, Spelled) else ()
            if isinstance(span, Spelled) and digits not in given:
                given.add(digits)
                yield text, span


def _chapter(name: str, utterances: Sequence[Utterance]) -> ScriptChapter:
    tail = next((tail for start, tail in _TAILS if name.startswith(start)), _TAIL)
    text = " ".join(utterance.shown for utterance in utterances)
    said = (*utterances[:-1], replace(utterances[-1], pause_after=tail))
    return ScriptChapter(number=0, id=name, title=text, lead=Ms(0), utterances=said, structure=())


def _script(chapters: Iterable[ScriptChapter]) -> Script:
    numbered = tuple(replace(chapter, number=number) for number, chapter in enumerate(chapters))
    return Script(chapters=numbered, terms=())


def _slowed(utterance: Utterance) -> Utterance:
    spoken = tuple(map(_slowed_span, utterance.spoken))
    return replace(utterance, spoken=spoken, pause_after=_longer(utterance.pause_after))


def _slowed_span(span: Span) -> Span:
    if isinstance(span, Pause):
        return replace(span, length=_longer(span.length))
    if isinstance(span, Spelled):
        return replace(span, between=_longer(span.between))
    return span


def _longer(pause: Ms) -> Ms:
    return Ms(pause * 3 // 2)
