"""The online voice: gTTS's tokenizer and request format, sent over our own session to Google Translate.

The text leaves the building, so whoever uses this engine tells the user its ``notice`` once. Google takes
neither a rate nor phonemes: a term is said from its spelling (or the lexicon's alias for ``gtts``), and its
syllables from its respelling, at Google's slow speed with commas between.
"""

from __future__ import annotations

import difflib
import json
import logging
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed_version

from audioleaflet.errors import EngineUnavailable, SoundError, SpeechError, SynthesisFailed, VoiceNotFound
from audioleaflet.script.model import Pause, Span, Spelled, Syllables, Term, Text, Unread, Utterance
from audioleaflet.speech.batchexecute import ELSEWHERE
from audioleaflet.speech.engine import Capabilities, Clip, Voice
from audioleaflet.speech.google import Client
from audioleaflet.units import Hz, Ms, WordsPerMinute, ms_to_samples

ENGINE = "gtts"
ADAPTER = 1  # raise it when a change here changes the sound of a request
SAMPLE_RATE = Hz(24000)  # what Google sends
NOTICE = "The words of this leaflet are sent to Google to be spoken (voice gtts). The voice espeak stays offline."

MAX_UTTERANCE_CHARACTERS = 2000  # 20 requests; gTTS's own splitting recurses once a hundred characters
MARGIN_MS = Ms(40)  # silence kept on each side of what Google says; its own is 100 to 400 ms and varies
_HEARD = 64  # of 32768, −54 dBFS: quieter than any consonant, louder than the codec's noise
_SHORTEST_LETTER_MS = 20  # 50 letters a second, three times the fastest speech: less was cut off on the way

_CODE = {"iw": "he", "jw": "jv"}  # withdrawn codes that Google keeps, and what BCP 47 calls them
_ACCENTS = {  # BCP 47 to gTTS's language and the top-level domain that gives the accent
    "en-AU": ("en", "com.au"),
    "en-CA": ("en", "ca"),
    "en-GB": ("en", "co.uk"),
    "en-IE": ("en", "ie"),
    "en-IN": ("en", "co.in"),
    "en-NG": ("en", "com.ng"),
    "en-US": ("en", "com"),
    "en-ZA": ("en", "co.za"),
    "es-ES": ("es", "es"),
    "es-MX": ("es", "com.mx"),
    "es-US": ("es", "com"),
    "fr-CA": ("fr-CA", "ca"),
    "fr-FR": ("fr", "fr"),
    "pt-BR": ("pt", "com.br"),
    "pt-PT": ("pt-PT", "pt"),
}
# Control characters and halves of characters have no sound, and Google's JSON no place for them.
_UNSPEAKABLE = re.compile(r"[\s\x00-\x20\x7f-\x9f\ud800-\udfff]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Whether Google speaks to this machine. ``message``: what was found, and what to do if it does not."""

    ok: bool
    message: str


@dataclass(frozen=True, slots=True)
class _Speech:
    text: str
    slow: bool


class Gtts:
    """Google Translate's voice as an Engine (see speech/engine.py). Safe in threads.

    ``base_url``: a test server on this machine in Google's place. ``per_second``: requests started in a
    second, over all threads. ``tries``: requests for one piece of text before giving up. ``timeouts``:
    seconds to connect, and to wait for each piece of an answer. ``clock``, ``sleep``: monotonic seconds.
    Raises ConfigError for a ``base_url`` elsewhere; EngineUnavailable where gTTS is not installed.
    """

    name = ENGINE
    notice = NOTICE
    capabilities = Capabilities(phonemes=False, rates=False, offline=False, repeatable=False, parallel=2)

    def __init__(
        self,
        *,
        base_url: str = "",
        per_second: float = 2.0,
        tries: int = 5,
        timeouts: tuple[float, float] = (10.0, 30.0),
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] | None = None,
    ) -> None:
        try:
            library = installed_version("gTTS")
        except PackageNotFoundError as error:
            raise EngineUnavailable(
                "gTTS is not installed", engine=ENGINE, next_step="run 'pip install gTTS'"
            ) from error
        self.version = f"gTTS {library}, adapter {ADAPTER}"
        self._client = Client(
            base_url=base_url, per_second=per_second, tries=tries, timeouts=timeouts, clock=clock, sleep=sleep
        )

    def voices(self) -> Sequence[Voice]:
        """gTTS's languages and accents, as ``en-gb`` or ``fr``, by name. Sends no request."""
        return tuple(Voice(engine=ENGINE, name=language.lower(), language=language) for language in sorted(_speakers()))

    def voice(self, name: str) -> Voice:
        """The voice of that name, in any case. Raises VoiceNotFound."""
        known = {voice.name: voice for voice in self.voices()}
        wanted = name.lower().replace("_", "-")
        if wanted in known:
            return known[wanted]
        kin = [voice for voice in known if voice.partition("-")[0] == wanted.partition("-")[0]]
        near = difflib.get_close_matches(wanted, kin or known, n=1) or kin
        hint = f"did you mean {ENGINE}:{near[0]}? " if near else ""
        raise VoiceNotFound(
            f"voice {name!r} is not known to gtts",
            engine=ENGINE,
            next_step=f"{hint}try 'audioleaflet voices'",
        )

    def request(self, utterance: Utterance, voice: Voice, rate: WordsPerMinute) -> bytes:  # noqa: ARG002
        """The pieces of text and silence, who says them and where, and the versions, as JSON. See Engine.

        ``rate`` has no part in it: Google speaks at its own.
        """
        lang, tld = self._speaker(voice)
        parts = [
            {"text": part.text, "slow": part.slow} if isinstance(part, _Speech) else part
            for part in _segments(utterance)
        ]
        facts = {
            "engine": ENGINE,
            "version": self.version,
            "host": self._client.address(tld),
            "lang": lang,
            "tld": tld,
            "segments": parts,
        }
        return json.dumps(facts, sort_keys=True).encode()

    def speak(self, utterance: Utterance, voice: Voice, rate: WordsPerMinute) -> Clip:  # noqa: ARG002
        """Speech for one utterance, at Google's own rate, in few requests. Raises SpeechError."""
        speaker = self._speaker(voice)
        pcm, said = bytearray(), False
        for segment in _segments(utterance):
            if isinstance(segment, _Speech):
                speech = self._say(segment, speaker, utterance.id)
                said = said or bool(speech)
                pcm += speech
            else:
                pcm += bytes(2 * ms_to_samples(segment, SAMPLE_RATE))
        if not said:
            raise _failed("the utterance has nothing in it that can be said", utterance.id, retryable=False)
        return Clip(utterance_id=utterance.id, pcm=bytes(pcm), rate=SAMPLE_RATE)

    def close(self) -> None:
        """Give back connections and end waits. Calling it twice is fine; nothing can be said afterwards."""
        self._client.close()

    def _speaker(self, voice: Voice) -> tuple[str, str]:
        return _speakers()[self.voice(voice.name).language]

    def _say(self, speech: _Speech, speaker: tuple[str, str], utterance_id: str) -> bytes:
        """PCM of one piece of text, empty where nothing in it can be said."""
        from gtts.tts import gTTS

        lang, tld = speaker
        pcm = bytearray()
        for piece in _pieces(speech.text):
            heard = bytearray()
            for body in _bodies(piece, speech.slow, lang):
                mp3 = self._client.fetch(body, tld=tld, headers=gTTS.GOOGLE_TTS_HEADERS, utterance_id=utterance_id)
                heard += _heard(mp3, utterance_id)
            letters = sum(character.isalpha() for character in piece)
            if heard and len(heard) // 2 < ms_to_samples(Ms(letters * _SHORTEST_LETTER_MS), SAMPLE_RATE):
                raise _failed("the sound in Google's answer is too short for its words", utterance_id)
            pcm += heard
        return bytes(pcm)


def reachable(timeout: float, *, base_url: str = "") -> Reach:
    """Whether Google says one short word to this machine now, waiting ``timeout`` seconds for each step.

    Sends a real request, once: call it only when the user asked for it.
    """
    engine = Gtts(base_url=base_url, tries=1, timeouts=(timeout, timeout))
    try:
        engine._say(_Speech("hello", slow=False), _speakers()["en"], "")
    except SpeechError as error:
        return Reach(ok=False, message=str(error))
    finally:
        engine.close()
    return Reach(ok=True, message="Google answers with speech")


@cache
def _speakers() -> dict[str, tuple[str, str]]:
    """BCP 47 to gTTS's language and top-level domain."""
    from gtts.lang import tts_langs

    plain = {_CODE.get(lang, lang): (lang, "com") for lang in tts_langs()}
    return plain | _ACCENTS


def _segments(utterance: Utterance) -> list[_Speech | Ms]:
    """What is said and the silences between, neighbouring text of one speed joined to one piece."""
    segments: list[_Speech | Ms] = []
    for part in (part for span in utterance.spoken for part in _parts(span)):
        last = segments[-1] if segments else None
        if isinstance(part, _Speech) and isinstance(last, _Speech) and part.slow == last.slow:
            segments[-1] = _Speech(_clean(last.text + part.text), part.slow)
        else:
            segments.append(part)
    characters = sum(len(part.text) for part in segments if isinstance(part, _Speech))
    if characters > MAX_UTTERANCE_CHARACTERS:
        raise _failed(f"{characters} characters are too long for one sentence", utterance.id, retryable=False)
    return [_Speech(part.text.strip(), part.slow) if isinstance(part, _Speech) else part for part in segments]


def _parts(span: Span) -> list[_Speech | Ms]:
    match span:
        case Text(text=text) | Unread(text=text):
            return [_Speech(_clean(text), slow=False)]
        case Term(text=text, alias=alias):
            return [_Speech(_clean(dict(alias).get(ENGINE, text)), slow=False)]
        case Syllables(text=text, respelling=respelling):
            # Capitals mark the stress for the eye; Google would spell them.
            syllables = (respelling or text).lower().replace("-", ", ")
            return [_Speech(_clean(f" {syllables} "), slow=True)]
        case Pause(length=length):
            return [length]
        case Spelled(groups=groups, between=between):
            parts: list[_Speech | Ms] = []
            for number, group in enumerate(groups, 1):
                # A comma keeps the voice up until the last group.
                last = number == len(groups)
                parts.append(_Speech(_clean(f" {' '.join(group)}{' ' if last else ','}"), slow=False))
                parts += [] if last else [between]
            return parts


def _clean(text: str) -> str:
    """Text with one space for every stretch of white space and of what cannot be spoken."""
    return _UNSPEAKABLE.sub(" ", text)


def _pieces(text: str) -> list[str]:
    """Text in pieces that fit a request, cut where gTTS's tokenizer finds punctuation, and keeping it.

    gTTS by itself cuts at every mark and drops it, so that each clause sounds like the end. A stretch without
    punctuation is left whole here, and cut by gTTS between words.
    """
    from gtts.tokenizer import Tokenizer, pre_processors, tokenizer_cases
    from gtts.tts import gTTS

    cases = [
        tokenizer_cases.tone_marks,
        tokenizer_cases.period_comma,
        tokenizer_cases.colon,
        tokenizer_cases.other_punctuation,
    ]
    text = pre_processors.tone_marks(text)
    ends = [found.end() for found in Tokenizer(cases).total_regex.finditer(text)]
    pieces, start, last = [], 0, 0
    for end in [*ends, len(text)]:
        if end - start > gTTS.GOOGLE_TTS_MAX_CHARS and last > start:
            pieces.append(text[start:last])
            start = last
        last = end
    return [_clean(piece).strip() for piece in [*pieces, text[start:]]]


def _bodies(piece: str, slow: bool, lang: str) -> list[str]:
    """The bodies of the requests that gTTS would send for this piece; none where nothing can be said."""
    from gtts.tts import gTTS

    logging.getLogger("gtts.tts").disabled = True  # it logs the text
    if not piece.strip():
        return []
    try:
        bodies: list[str] = gTTS(piece, lang=lang, slow=slow, lang_check=False).get_bodies()
    except AssertionError:  # gTTS's way to say that nothing is left but punctuation
        return []
    return bodies


def _heard(mp3: bytes, utterance_id: str) -> bytes:
    """PCM of an answer, from a little before its first sound to a little after its last."""
    import numpy as np

    from audioleaflet.sound import ffmpeg

    try:
        pcm = ffmpeg.decode(mp3, rate=SAMPLE_RATE)
    except SoundError as error:
        raise _failed("the sound in Google's answer cannot be played", utterance_id) from error
    samples = np.frombuffer(pcm, dtype="<i2")
    loud = np.flatnonzero(np.abs(samples.astype(np.int32)) > _HEARD)
    if not loud.size:
        raise _failed("the sound in Google's answer is silent", utterance_id)
    margin = ms_to_samples(MARGIN_MS, SAMPLE_RATE)
    return samples[max(0, int(loud[0]) - margin) : int(loud[-1]) + 1 + margin].tobytes()


def _failed(what: str, utterance_id: str, *, retryable: bool = True) -> SynthesisFailed:
    step = f"try again, {ELSEWHERE}" if retryable else "write it as a short sentence of words"
    return SynthesisFailed(
        f"gtts: {what}", engine=ENGINE, utterance_id=utterance_id, retryable=retryable, next_step=step
    )
