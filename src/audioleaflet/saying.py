"""One text said as a leaflet would say it: for ``audioleaflet say``."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import tempfile
import wave
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from audioleaflet import phrases as wordings
from audioleaflet.errors import ConfigError, Origin, StorageError
from audioleaflet.leaflet.ipa import without_dots
from audioleaflet.leaflet.lexicon import read_lexicon
from audioleaflet.leaflet.model import Entry
from audioleaflet.pronunciation import Corrections
from audioleaflet.script.lexicon import Lexicon
from audioleaflet.script.model import Spelled, Spoken, Term, Text, Unread, Utterance
from audioleaflet.script.print import in_words
from audioleaflet.script.settling import Read
from audioleaflet.script.verbalizer import Verbalizer
from audioleaflet.settings import LexiconFiles, lexicon_files, load_settings
from audioleaflet.speech.engine import Clip
from audioleaflet.speech.espeak import Espeak
from audioleaflet.speech.phonemes import onset_stress
from audioleaflet.speech.voices import engine_of
from audioleaflet.units import Hz, Ms, WordsPerMinute

# Programs that play a WAV file given as their last argument, and end when it has.
PLAYERS = (
    ("ffplay", "-autoexit", "-nodisp", "-loglevel", "error"),
    ("paplay",),
    ("aplay", "-q"),
    ("afplay",),
    ("play", "-q"),
)
_LONGEST_S = 600
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")

Answerer = Literal["leaflet", "house", "heteronym", "dictionary", "rule", "engine"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """How a word is said, in IPA without syllables, and who answered: the first of ``Answerer`` that knows it.

    ``heteronym``: the words beside it settled which of two readings. ``rule``: letters said one by one.
    """

    text: str
    ipa: str
    source: Answerer


class Saying:
    """Lines of text in one language, by one voice: the words, the phonemes, the sound. A context manager."""

    def __init__(
        self, language: str, voice: str, *, own: Iterable[Entry] = (), lexicons: LexiconFiles = lexicon_files
    ) -> None:
        """``voice`` as ``engine:voice``; empty for the library's first one. ``own``: a leaflet's own entries.

        ``lexicons``: the library's lexicon files. Raises ConfigError, SpeechError.
        """
        settings = load_settings(Path.cwd(), cwd=Path.cwd())
        names = (voice,) if voice else settings.voices_for(language)
        if not names:
            raise ConfigError(
                f"{settings.path} names no voice for {language}", next_step="add one under 'voices', or use --voice"
            )
        engine_name, _, voice_name = names[0].partition(":")
        entries = [entry for file in lexicons(settings, language) for entry in read_lexicon(file)]
        own = tuple(own)
        self._own = {entry.origin for entry in own}
        self._corrections = Corrections(settings, language)
        self._lexicon = Lexicon((*own, *entries), self._corrections)
        self._verbalizer = Verbalizer.of(language, self._lexicon, wordings.load(language), settings.pauses)
        self._rate = WordsPerMinute(settings.rate_wpm)
        self._engine = engine_of(engine_name)
        self._voice = self._engine.voice(voice_name)

    def __enter__(self) -> Self:
        self._corrections.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._corrections.__exit__(kind, error, trace)
        self._engine.close()

    def unread(self, line: str) -> tuple[str, ...]:
        """What no rule understands, in order: a voice would guess it, or leave it out."""
        return tuple(span.text for span in self._verbalizer.spoken(line) if isinstance(span, Unread))

    def words(self, line: str) -> str:
        """The words as they are spoken, on one line."""
        return in_words(self._verbalizer.spoken(line))

    def ipa(self, line: str) -> str:
        """The phonemes, on one line: the lexicon's for terms alone, else what the engine makes of the whole line.

        Raises ConfigError for a voice whose engine tells no phonemes.
        """
        engine = self._telling()
        spans = [span for span in self._verbalizer.spoken(line) if not isinstance(span, Text) or span.text.strip()]
        if all(isinstance(span, Term) for span in spans):
            return " ".join(without_dots(span.ipa) for span in spans if isinstance(span, Term))
        return engine.phonemes(_utterance(self._verbalizer.spoken(line)), self._voice)

    def answers(self, line: str) -> list[Answer]:
        """Each word or term of a line with its IPA and who answered for it.

        An engine is asked for each of its words alone: beside others it may weaken a small one. Raises ConfigError as
        ``ipa`` does.
        """
        with self._telling().telling(self._voice) as tell:
            return [answer for read in self._verbalizer.read(line) for answer in self._answered(read, tell)]

    def _answered(self, read: Read, tell: Callable[[str], str]) -> Iterator[Answer]:
        span = read.span
        if isinstance(span, Term):
            yield Answer(text=span.text, ipa=without_dots(span.ipa), source=self._source(read, span))
            return
        if isinstance(span, Spelled):
            words = [word for group in span.groups for word in group]
        else:
            words = _WORD.findall(span.text) if isinstance(span, Text | Unread) else []
        for word in words:
            yield Answer(text=word, ipa=onset_stress(tell(word)), source="engine")

    def _source(self, read: Read, term: Term) -> Answerer:
        if read.source == "lexicon":
            reading = self._lexicon.get(" ".join(term.text.replace("’", "'").split()))
            return "leaflet" if reading is not None and reading.entry.origin in self._own else "house"
        return "dictionary" if read.source == "dictionary" else "heteronym" if read.source == "context" else "rule"

    def _telling(self) -> Espeak:
        if not isinstance(self._engine, Espeak):
            raise ConfigError(f"{self._voice} tells no phonemes", next_step="use an espeak voice")
        return self._engine

    def write(self, lines: Iterable[str], path: Path) -> None:
        """Write the sound of all lines as ``.wav`` or ``.mp3``, whole or not at all.

        Raises ConfigError, SpeechError, StorageError.
        """
        clips = [self._clip(line) for line in lines if line.strip()]
        if not clips:
            raise ConfigError("there is nothing to say", next_step="give a text")
        pcm, rate = b"".join(clip.pcm for clip in clips), clips[0].rate
        data, place = _encoded(pcm, rate, path), path.resolve()
        part = place.with_name(f".{place.name}.{os.getpid()}")
        try:
            if place.exists() and not place.is_file():  # a pipe, which no file may replace
                place.write_bytes(data)
                return
            try:
                part.write_bytes(data)
                part.replace(place)
            finally:
                part.unlink(missing_ok=True)
        except OSError as error:
            raise StorageError(f"cannot write {path}: {error.strerror}", next_step="choose another place") from error

    def play(self, lines: Iterable[str]) -> None:
        """Play the sound with the first player found. Raises ConfigError where there is none."""
        player = next(((found, *options) for name, *options in PLAYERS if (found := shutil.which(name))), None)
        if player is None:
            raise ConfigError(
                "no program to play sound was found",
                next_step="use '--to FILE.mp3' and open the file, or install ffmpeg",
            )
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "say.wav"
            self.write(lines, path)
            try:
                played = subprocess.run([*player, str(path)], timeout=_LONGEST_S, capture_output=True, check=False)
            except subprocess.TimeoutExpired as error:
                raise ConfigError(f"{player[0]} did not end", next_step="use '--to FILE.mp3'") from error
        if played.returncode:
            raise ConfigError(
                f"{player[0]} could not play: {played.stderr.decode(errors='replace').strip()[-200:]}",
                next_step="use '--to FILE.mp3' and open the file",
            )

    def _clip(self, line: str) -> Clip:
        return self._engine.speak(_utterance(self._verbalizer.spoken(line)), self._voice, self._rate)


def _encoded(pcm: bytes, rate: Hz, path: Path) -> bytes:
    """A file's bytes, in the format that its name asks for. Raises ConfigError for another than these two."""
    if path.suffix.lower() == ".wav":
        written = io.BytesIO()
        with wave.open(written, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(rate)
            file.writeframes(pcm)
        return written.getvalue()
    if path.suffix.lower() == ".mp3":
        from audioleaflet.sound import mp3

        return mp3.encode(pcm + bytes(2 * mp3.pad(len(pcm) // 2, rate)), rate)
    raise ConfigError(f"{path.name} is neither .wav nor .mp3", next_step="name such a file")


def _utterance(spoken: Spoken) -> Utterance:
    return Utterance(
        id="say",
        kind="sentence",
        role="text",
        shown="",
        spoken=spoken or (Text(text=""),),
        pause_after=Ms(0),
        origin=Origin(path=Path("-"), line=0),
    )
