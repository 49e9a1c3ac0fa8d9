"""What a caller can hear, as facts: sounds, chapters, editions, and the whole shelf of a library.

Nothing here opens a file. ``shelf.read`` makes a catalogue from the editions of a library folder; a call keeps the one
that it began with to its end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from audioleaflet.units import Ms

SLOW, NORMAL, FAST = range(3)
RATES: Final = ("slow", "normal", "fast")
"""The rates of telephone sound by their index, slowest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """One utterance in a chapter's sound at one rate. ``id`` is the same at every rate. Cues tile their sound."""

    id: str
    begin_ms: Ms
    end_ms: Ms


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """A file of telephone sound: µ-law, 8 kHz, no header, one byte a sample. ``text``: what it says.

    ``path`` is absolute. ``cues`` are where it may be cut without cutting a sentence; a prompt may have one.
    """

    path: Path
    text: str
    duration_ms: Ms
    cues: tuple[Cue, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """A chapter at every rate. ``sounds`` are in the order of ``RATES`` and have the same cue ids in the same order."""

    number: int
    title: str
    sounds: tuple[Sound, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A telephone number that a leaflet gives: the ``cue`` of ``chapter`` that says whose it is, and its digits."""

    chapter: int
    cue: str
    digits: Sound


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """A leaflet that can be heard by telephone.

    ``key``: its path below the library folder, ``slug/lang``. ``version``: changes with every word of it, and is what a
    kept place names. ``number``: what a caller enters for it, digits 1 to 9, or empty. ``prompts``: by name, what is
    said of this edition alone. ``state``: as its status prompt says it; ``review_due``: an ISO 8601 day or empty.
    A withdrawn one has chapter 0 alone.
    """

    key: str
    version: str
    language: str
    title: str
    number: str
    state: Literal["approved", "unapproved", "withdrawn"]
    review_due: str
    chapters: tuple[Chapter, ...]
    prompts: Mapping[str, Sound]
    contacts: tuple[Contact, ...]

    def chapter(self, number: int) -> Chapter | None:
        """The chapter of that number, if there is one."""
        return next((chapter for chapter in self.chapters if chapter.number == number), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """The shelf: editions in the order in which they are offered, and the prompts of each language by name.

    There is at least one edition, and prompts for every edition's language. ``dialled``: numbers that stand for a
    language, as the setting ``hotline.dialled`` says.
    """

    editions: tuple[Edition, ...]
    prompts: Mapping[str, Mapping[str, Sound]]
    dialled: Mapping[str, str]

    def languages(self) -> tuple[str, ...]:
        """Every language that has an edition, in the order of the editions."""
        return tuple(dict.fromkeys(edition.language for edition in self.editions))

    def edition(self, key: str) -> Edition | None:
        """The edition of that key, if it is there."""
        return next((edition for edition in self.editions if edition.key == key), None)
