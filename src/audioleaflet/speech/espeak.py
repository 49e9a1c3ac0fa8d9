"""The default voice: espeak-ng, offline, with phonemes and rates, the same bytes for the same request."""

from __future__ import annotations

import json
import os
import queue
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version as installed_version
from pathlib import Path

import espeakng_loader

from audioleaflet.errors import SynthesisFailed, VoiceNotFound
from audioleaflet.script.model import Pause, Spelled, Syllables, Term, Text, Unread, Utterance
from audioleaflet.speech.engine import Capabilities, Clip, Voice
from audioleaflet.speech.libespeak import ENGINE, Library, VoiceFile, library_version
from audioleaflet.speech.phonemes import mnemonics, onset_stress, syllable_mnemonics
from audioleaflet.units import Hz, Ms, WordsPerMinute, ms_to_samples

ADAPTER = 2  # raise it when a change here changes the sound of a request
SAMPLE_RATE = Hz(22050)
_SLOW = 80  # espeak-ng clamps below this; 2.2 s for metastasis with its syllable pauses, against 0.9 s
_UNSPEAKABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")


@dataclass(frozen=True, slots=True)
class _Speech:
    text: str
    rate: int


class Espeak:
    """espeak-ng as an Engine (see speech/engine.py). Safe for ``capabilities.parallel`` threads."""

    name = ENGINE
    notice = ""

    def __init__(self) -> None:
        self._library = Path(espeakng_loader.get_library_path())
        self._data = Path(espeakng_loader.get_data_path())
        self._copies: queue.LifoQueue[Library] = queue.LifoQueue()
        self._made: list[Library] = []
        self._lock = threading.Lock()
        self._voices: dict[str, VoiceFile] = {}
        self.capabilities = Capabilities(
            phonemes=True, rates=True, offline=True, repeatable=True, parallel=os.cpu_count() or 1
        )
        wheel = installed_version("espeakng-loader")
        self.version = f"espeak-ng {library_version(self._library)} (espeakng-loader {wheel})"

    def voices(self) -> Sequence[Voice]:
        """Every voice of the data folder, by name; ``+variant`` names are accepted too but not listed."""
        found = [Voice(engine=ENGINE, name=path.name.lower(), language=_language(path)) for path in self._definitions()]
        return tuple(sorted(found, key=lambda voice: voice.name))

    def voice(self, name: str) -> Voice:
        """The voice of that name, as ``en-us`` or ``en-us+f3``. Raises VoiceNotFound."""
        base, _, variant = name.partition("+")
        definition = next((path for path in self._definitions() if path.name.lower() == base.lower()), None)
        known = definition is not None and (not variant or (self._data / "voices" / "!v" / variant).is_file())
        if definition is None or not known:
            raise VoiceNotFound(
                f"voice {name!r} is not known to espeak", engine=ENGINE, next_step="try 'audioleaflet voices'"
            )
        with self._lock:
            if name not in self._voices:
                self._voices[name] = VoiceFile(name, definition, variant)
        return Voice(engine=ENGINE, name=name, language=_language(definition))

    def request(self, utterance: Utterance, voice: Voice, rate: WordsPerMinute) -> bytes:
        """The segments as the library gets them, the voice, the versions. See Engine."""
        parts = [
            [part.text, part.rate] if isinstance(part, _Speech) else part for part in _segments(utterance, voice, rate)
        ]
        return json.dumps([ENGINE, self.version, ADAPTER, voice.name, parts], ensure_ascii=False).encode(
            errors="backslashreplace"
        )

    def speak(self, utterance: Utterance, voice: Voice, rate: WordsPerMinute) -> Clip:
        """Speech for one utterance. Raises SpeechError."""
        segments = _segments(utterance, voice, rate)
        parts = []
        with self._copy() as library, library.loaded(self._file(voice)) as session:
            for segment in segments:
                if isinstance(segment, _Speech):
                    parts.append(session.speak(segment.text, segment.rate))
                else:
                    parts.append(bytes(2 * ms_to_samples(segment, SAMPLE_RATE)))
        pcm = b"".join(parts)
        if not pcm.strip(b"\0"):
            raise SynthesisFailed(
                f"espeak-ng was silent on {utterance.id}",
                engine=ENGINE,
                utterance_id=utterance.id,
                next_step="write the sentence in words that can be spoken",
            )
        return Clip(utterance_id=utterance.id, pcm=pcm, rate=SAMPLE_RATE)

    def phonemes(self, utterance: Utterance, voice: Voice) -> str:
        """What the engine itself says that it says, as IPA, stress marks before syllables."""
        text = " ".join(
            part.text for part in _segments(utterance, voice, WordsPerMinute(145)) if isinstance(part, _Speech)
        )
        with self._copy() as library, library.loaded(self._file(voice)) as session:
            return onset_stress(session.phonemes(text))

    @contextmanager
    def telling(self, voice: Voice) -> Iterator[Callable[[str], str]]:
        """While it lasts, a function from words to the IPA that the engine would say them with, in one start.

        Its stress marks stand before vowels.
        """
        with self._copy() as library, library.loaded(self._file(voice)) as session:
            yield lambda text: session.phonemes(_plain(text))

    def close(self) -> None:
        """Give back the loaded copies. Calling it twice is fine."""
        with self._lock:
            for library in self._made:
                library.close()
            for voice in self._voices.values():
                voice.close()
            self._made.clear()
            self._voices.clear()
            self._copies = queue.LifoQueue()

    def _definitions(self) -> list[Path]:
        return [path for path in (self._data / "lang").rglob("*") if path.is_file()]

    def _file(self, voice: Voice) -> VoiceFile:
        if voice.name not in self._voices:
            self.voice(voice.name)
        return self._voices[voice.name]

    def _copy(self) -> _Borrowed:
        try:
            library = self._copies.get_nowait()
        except queue.Empty:
            library = Library(self._library, self._data)
            with self._lock:
                self._made.append(library)
        return _Borrowed(library, self._copies)


class _Borrowed:
    """A copy of the library for one call; it goes back to the shelf afterwards."""

    def __init__(self, library: Library, shelf: queue.LifoQueue[Library]) -> None:
        self._library = library
        self._shelf = shelf

    def __enter__(self) -> Library:
        return self._library

    def __exit__(self, *_: object) -> None:
        self._shelf.put(self._library)


def _segments(utterance: Utterance, voice: Voice, rate: WordsPerMinute) -> list[_Speech | Ms]:
    setting = _setting(rate)
    segments: list[_Speech | Ms] = []
    running = ""

    def end_running() -> None:
        nonlocal running
        if any(map(str.isalnum, running)):  # a lone full stop between numbers is 12 ms of nothing
            segments.append(_Speech(running.strip(), setting))
        running = ""

    for span in utterance.spoken:
        if isinstance(span, Text | Unread):
            running += _plain(span.text)
        elif isinstance(span, Term):
            # Right after "(" or a quotation mark the engine leaves phonemes out, in silence.
            running += "" if running[-1:].isspace() else " "
            running += _phonemes(span.ipa, voice, mnemonics)
        elif isinstance(span, Syllables):
            end_running()
            segments.append(_Speech(_phonemes(span.ipa, voice, syllable_mnemonics), _SLOW))
        elif isinstance(span, Pause):
            end_running()
            segments.append(span.length)
        else:
            end_running()
            segments.extend(_groups(span, setting))
    end_running()
    return segments


def _groups(span: Spelled, setting: int) -> list[_Speech | Ms]:
    # A comma keeps the voice up until the last group; without it each group sounds like the end.
    parts: list[_Speech | Ms] = []
    for number, group in enumerate(span.groups, 1):
        last = number == len(span.groups)
        parts.append(_Speech(_plain(" ".join(group)) + ("." if last else ","), setting))
        if not last:
            parts.append(span.between)
    return parts


def _phonemes(ipa: str, voice: Voice, convert: Callable[[str, str], str]) -> str:
    try:
        return " ".join(f"[[{convert(word, voice.language)}]]" for word in ipa.split())
    except ValueError as error:
        raise SynthesisFailed(
            f"{voice} cannot say {ipa}: {error}", engine=ENGINE, next_step="correct the IPA in the lexicon"
        ) from error


def _plain(text: str) -> str:
    """Text in which nothing is a command to the engine: no control characters, no ``[[``."""
    return _UNSPEAKABLE.sub(" ", text).replace("[[", "[ [")


def _setting(rate: WordsPerMinute) -> int:
    # Measured: a setting of 130 gives 145 words a minute, 150 gives 167.
    return min(450, max(_SLOW, round(rate * 0.897)))


def _language(definition: Path) -> str:
    for line in definition.read_text(encoding="utf-8").splitlines():
        if line.startswith("language "):
            return line.split()[1]
    return definition.name
