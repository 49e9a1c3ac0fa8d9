"""A leaflet as its editor wrote it, checked: the words, their structure and the place of each in the file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from audioleaflet.errors import Origin

BlockKind = Literal["paragraph", "list"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A paragraph or a list.

    ``lines``: the words of a paragraph, one string a hard line break; empty for a list. Markup is gone; a link
    whose words are not its address reads "words (address)".
    ``items``: of a list, each item the blocks that it holds (a first paragraph, perhaps a nested list).
    ``ordered``: the list is numbered.
    """

    kind: BlockKind
    lines: tuple[str, ...] = ()
    items: tuple[tuple[Block, ...], ...] = ()
    ordered: bool = False
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One titled part of a leaflet. ``id`` is ASCII, lower case, digits and hyphens."""

    id: str
    title: str
    blocks: tuple[Block, ...]
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where the facts come from. ``date`` and ``url`` may be empty."""

    title: str
    publisher: str
    date: str
    url: str
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A short text of one field (summary, notice, urgent) with its place."""

    text: str
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """How one term is said and what it means.

    ``ipa``: broad IPA, dots between syllables, stress marks before a syllable.
    ``say``: a respelling for the eye, empty when it is to be derived from ``ipa``.
    ``meaning``: a short phrase, lower case, no full stop; may be empty.
    ``forms``: further spellings with their own IPA (plural, -ed, -ing).
    ``alias``: engine name to a spelling for an engine that takes no phonemes.
    """

    term: str
    ipa: str
    say: str
    meaning: str
    forms: tuple[tuple[str, str], ...]
    alias: tuple[tuple[str, str], ...]
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaflet:
    """A checked leaflet.

    ``language`` is BCP 47. ``identifier`` is a URN, stable over editions. ``date`` is ISO 8601 (a day) or empty.
    ``urgent_after`` names the section that ``urgent`` follows. ``summary``, ``urgent`` and ``notice`` may be None.
    ``hotline`` is the leaflet's number on the telephone, digits 1 to 9, or empty.
    """

    identifier: str
    slug: str
    language: str
    title: str
    version: str
    publisher: str
    licence: str
    date: str
    contact: str
    sources: tuple[Source, ...]
    summary: Passage | None
    urgent: Passage | None
    urgent_after: str
    notice: Passage | None
    say: tuple[str, ...]
    hotline: str
    sections: tuple[Section, ...]
    lexicon: tuple[Entry, ...]
    origin: Origin
