"""What is said, in order: the script that a clinician reads, and that nothing later changes a word of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from audioleaflet.errors import Origin
from audioleaflet.units import Ms

# "length" and "status" depend on more than the text: on how long it takes to say, on who checked it, on the day.
Told = Literal["length", "status"]
Kind = Literal["title", "heading", "sentence", "item", "term", "meaning", "contact", "notice", "urgent", "end"] | Told
Role = Literal["text", "heading", "announcement", "repeat"]
NodeKind = Literal["heading", "paragraph", "list", "item", "break", "sentence"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """Plain words, as an engine should read them."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A word of the lexicon. ``ipa`` has syllable dots; ``alias``: engine name to its own spelling."""

    text: str
    ipa: str
    alias: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Syllables:
    """A term said slowly, syllable by syllable, with its stress. ``respelling``: for engines without phonemes."""

    text: str
    ipa: str
    respelling: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Silence inside an utterance."""

    length: Ms


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelled:
    """Characters said one by one, in groups. ``text`` as shown; ``groups`` of words, a short pause between groups.

    ``800-227`` is ``(("eight", "zero", "zero"), ("two", "two", "seven"))``.
    """

    text: str
    groups: tuple[tuple[str, ...], ...]
    between: Ms


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """Characters that no rule understands. An engine reads them as it will; ``check`` and the script tell."""

    text: str


Span = Text | Term | Syllables | Pause | Spelled | Unread
Spoken = tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """One thing said in one breath: a sentence, a heading, an item.

    ``shown`` is what a reader sees, ``spoken`` what a voice says; ``pause_after`` the silence that follows.
    """

    id: str
    kind: Kind
    role: Role
    shown: str
    spoken: Spoken
    pause_after: Ms
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """The structure of a chapter: a tree whose leaves name utterances.

    ``heading`` (with ``level``, 1 is a chapter) and ``sentence`` name one ``utterance``; ``paragraph`` holds sentences
    and breaks, ``list`` holds items, ``item`` holds paragraphs and lists.
    """

    kind: NodeKind
    utterance: str = ""
    level: int = 0
    ordered: bool = False
    children: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptTerm:
    """A term that the introduction teaches, with the utterances that teach it."""

    term: str
    ipa: str
    respelling: str
    meaning: str
    utterances: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptChapter:
    """A chapter to be spoken. ``lead`` is the silence before its first utterance."""

    number: int
    id: str
    title: str
    lead: Ms
    utterances: tuple[Utterance, ...]
    structure: tuple[Node, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """The whole text to be spoken, chapter by chapter, with the terms that it teaches."""

    chapters: tuple[ScriptChapter, ...]
    terms: tuple[ScriptTerm, ...]

    def utterances(self) -> Iterator[Utterance]:
        """Every utterance, in the order of speech."""
        for chapter in self.chapters:
            yield from chapter.utterances
