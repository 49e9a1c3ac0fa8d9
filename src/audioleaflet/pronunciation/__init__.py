"""Which words an engine says wrong: corrections from the dictionary of American English, for the script to carry.

The script must not depend on the voice that will narrate it, so one voice is asked for all: the first of the library's
voices for the language whose engine tells what it would say. Where there is none, or it is no American voice, no word
is corrected.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from contextlib import ExitStack
from functools import lru_cache
from importlib.resources import files
from types import TracebackType
from typing import Self

from audioleaflet.errors import SpeechError
from audioleaflet.leaflet.cmudict import Dictionary, Phones, sounds, to_ipa
from audioleaflet.leaflet.phonology import skeletons
from audioleaflet.settings import Settings, canonical_language
from audioleaflet.speech.engine import TellsReadings
from audioleaflet.speech.voices import engine_of

_AMERICAN = frozenset(("en", "en-US"))
_AMERICAN_VOICES = frozenset(("en-us",))
_SAME = str.maketrans({"ˌ": "", "ː": "", "ɾ": "t", "ɚ": "əɹ", "ɐ": "ə", "ᵻ": "ɪ", "i": "ɪ", "ʌ": "ə"})
_SHORTEST = 3  # letters: shorter ones are initials and function words


class Corrections:
    """The corrections for texts of one language; call it with a word in lower case. A context manager.

    Inside the context the engine stays loaded; a word that is first asked after it costs a start of its own.
    """

    def __init__(self, settings: Settings, language: str) -> None:
        self._names = settings.voices_for(language) if canonical_language(language) in _AMERICAN else ()
        self._known: dict[str, str] = {}
        self._sources: _Sources | None = None
        self._inside = False

    def __enter__(self) -> Self:
        self._inside = True
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._inside = False
        self._close()

    def __call__(self, word: str) -> str:
        """The canonical IPA of a word that the engine says wrong; empty where it needs no correction."""
        if word not in self._known:
            self._known[word] = self._correction(word)
            if not self._inside:
                self._close()
        return self._known[word]

    def _correction(self, word: str) -> str:
        if (
            not self._names
            or not word.isascii()
            or len(word) < _SHORTEST
            or word in function_words()
            or word in _word_lists()["engine"]
        ):
            return ""
        if self._sources is None:
            self._sources = _Sources.opened(self._names)
        return self._sources.correction(word)

    def _close(self) -> None:
        if self._sources is not None:
            self._sources.close()
            self._sources = None


class _Sources:
    """A dictionary and an engine, open."""

    def __init__(self, dictionary: Dictionary, tell: Callable[[str], str] | None, stack: ExitStack) -> None:
        self._dictionary = dictionary
        self._tell = tell
        self.close = stack.close

    @classmethod
    def opened(cls, voices: Iterable[str]) -> _Sources:
        """With the first of ``voices`` (``engine:voice``) that tells what it would say. Raises ConfigError."""
        stack = ExitStack()
        dictionary = stack.enter_context(Dictionary())
        return cls(dictionary, teller(voices, stack, accents=_AMERICAN_VOICES), stack)

    def correction(self, word: str) -> str:
        """See Corrections."""
        if self._tell is None:
            return ""
        listed = self._dictionary.phones(word)
        if not listed:
            return ""
        told, readings = self._tell(word), [sounds(phones) for phones in listed]
        if told.translate(_SAME) in {reading.translate(_SAME) for reading in readings}:
            return ""  # nine words in ten; what follows costs ten times as much
        said = skeletons(told)
        if any(said & skeletons(reading) for reading in readings):
            return ""
        return next(filter(None, map(_sayable, listed)), "")


def teller(
    voices: Iterable[str], stack: ExitStack, *, accents: Container[str] = frozenset()
) -> Callable[[str], str] | None:
    """From words to the IPA that the first of ``voices`` (``engine:voice``) that tells it would say them with.

    None where no voice tells, or where ``accents`` (BCP 47, lower case) are given and that voice has another. The
    engine is given back when ``stack`` is closed.
    """
    for name in voices:
        engine_name, _, voice_name = name.partition(":")
        try:
            engine = engine_of(engine_name)
            stack.callback(engine.close)
            if not isinstance(engine, TellsReadings):
                continue
            voice = engine.voice(voice_name)
        except SpeechError:  # a build that asks for this voice tells so
            continue
        if accents and voice.language.lower() not in accents:
            return None
        return stack.enter_context(engine.telling(voice))
    return None


def _sayable(phones: Phones) -> str:
    try:
        return to_ipa(phones)
    except ValueError:  # two main stresses, or none
        return ""


@lru_cache(maxsize=1)
def _word_lists() -> dict[str, frozenset[str]]:
    """The lists of ``en.txt`` by name."""
    lists: dict[str, set[str]] = {}
    name = ""
    for line in (files(__package__) / "en.txt").read_text(encoding="utf-8").splitlines():
        words = line.split()
        if line.startswith("<"):
            name = words.pop(0).strip("<>")
        if words and not line.startswith("#"):
            lists.setdefault(name, set()).update(words)
    return {name: frozenset(words) for name, words in lists.items()}


def function_words() -> frozenset[str]:
    """Words of English whose sound depends on their sentence."""
    return _word_lists()["function"]
