"""What every engine is: something that turns an utterance into a clip, and tells what it can do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from audioleaflet.script.model import Utterance
from audioleaflet.units import Hz, WordsPerMinute


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What an engine can do. Ask for these, never for an engine's name.

    ``phonemes``: it takes IPA. ``rates``: it speaks at a rate that is asked for. ``offline``: no text leaves the
    machine. ``repeatable``: the same request gives the same bytes. ``parallel``: how many ``speak`` calls may run
    at the same time.
    """

    phonemes: bool
    rates: bool
    offline: bool
    repeatable: bool
    parallel: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """A voice by its name at its engine. ``language`` is BCP 47; written ``engine:name`` by people."""

    engine: str
    name: str
    language: str

    def __str__(self) -> str:
        return f"{self.engine}:{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """Speech of one utterance. ``pcm``: 16-bit signed little-endian mono samples at ``rate``."""

    utterance_id: str
    pcm: bytes
    rate: Hz


class Engine(Protocol):
    """A speech engine. Every method raises only SpeechError."""

    @property
    def capabilities(self) -> Capabilities:
        """What this engine can do."""
        ...

    @property
    def name(self) -> str:
        """The engine's name, the part of a voice's name before the colon."""
        ...

    @property
    def version(self) -> str:
        """The engine's library and data version, as ``book.json`` records it."""
        ...

    @property
    def notice(self) -> str:
        """What a user must be told before the first request, such as where the text is sent; mostly empty."""
        ...

    def voices(self) -> Sequence[Voice]:
        """Every voice that this engine has, by name."""
        ...

    def voice(self, name: str) -> Voice:
        """The voice of that name. Raises VoiceNotFound, EngineUnavailable."""
        ...

    def request(self, utterance: Utterance, voice: Voice, rate: WordsPerMinute) -> bytes:
        """The exact bytes and parameters that ``speak`` would give the engine, with its version and ours.

        Two equal requests are the same speech; the cache of clips is addressed by it.
        """
        ...

    def speak(self, utterance: Utterance, voice: Voice, rate: WordsPerMinute) -> Clip:
        """Speech for one utterance, with no silence of our own around it."""
        ...

    def close(self) -> None:
        """Give back what the engine holds: libraries, connections."""
        ...


@runtime_checkable
class TellsReadings(Protocol):
    """What an engine has besides, if it can tell how it would say a word."""

    def telling(self, voice: Voice) -> AbstractContextManager[Callable[[str], str]]:
        """While it lasts, a function from words to the IPA that the engine would say them with.

        Stress marks stand before vowels.
        """
        ...
