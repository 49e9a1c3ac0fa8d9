"""From a script to clips: one voice for a whole book, each clip spoken once and kept."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from audioleaflet.cache import Cache, key_of
from audioleaflet.errors import SpeechError, StorageError
from audioleaflet.script.model import Script, Utterance
from audioleaflet.speech.engine import Engine, Voice
from audioleaflet.units import Hz, WordsPerMinute

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_HEADER = struct.Struct("<II")  # sample rate, samples; loudness bins follow
_REVISION = b"clip/1"
_AT_A_TIME = 256

Progress = Callable[[int, int], None]
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    """A clip that lies in the cache. ``energies``: its K-weighted energy a 20 ms bin (see sound/loudness.py)."""

    key: str
    samples: int
    rate: Hz
    energies: NDArray[np.float32]

    def pcm(self, cache: Cache) -> memoryview:
        """The clip's 16-bit mono PCM. Raises LostClip."""
        content = cache.get(self.key)
        if content is None:
            raise LostClip("a clip was damaged in the cache, or vanished from it", next_step="build again")
        return content


class LostClip(StorageError):
    """A clip is not what was put into the cache. It is forgotten by now: narrated again, the script is whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Narration:
    """A whole script spoken by one voice: a take for every utterance id. ``version`` is the engine's."""

    voice: Voice
    version: str
    rate_wpm: WordsPerMinute
    takes: Mapping[str, Take]


def narrate(
    script: Script,
    engine: Engine,
    voice: Voice,
    rate: WordsPerMinute,
    cache: Cache,
    *,
    jobs: int,
    progress: Progress,
) -> Narration:
    """Every utterance of the script, spoken or taken from the cache.

    ``progress`` is told (done, all). Raises SpeechError as soon as one utterance cannot be spoken; what was spoken
    until then is kept.
    """
    utterances = list(script.utterances())
    takes: dict[str, Take] = {}
    with ThreadPoolExecutor(max_workers=max(1, min(jobs, engine.capabilities.parallel))) as pool:
        try:
            # So many at a time, for ten thousand waiting calls would take more memory than the book's sound.
            for first in range(0, len(utterances), _AT_A_TIME):
                some = utterances[first : first + _AT_A_TIME]
                futures = {pool.submit(_take, one, engine, voice, rate, cache): one.id for one in some}
                for done, future in enumerate(as_completed(futures), first + 1):
                    takes[futures[future]] = future.result()
                    progress(done, len(utterances))
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    return Narration(voice=voice, version=engine.version, rate_wpm=rate, takes=takes)


def _take(utterance: Utterance, engine: Engine, voice: Voice, rate: WordsPerMinute, cache: Cache) -> Take:
    import numpy as np

    from audioleaflet.sound.loudness import bin_energies

    key = key_of(_REVISION, engine.request(utterance, voice, rate))
    head = cache.head(key)
    if head is not None:
        sample_rate, samples = _HEADER.unpack_from(head)
        energies = np.frombuffer(head, np.float32, -1, _HEADER.size).copy()  # or it keeps all that was read
        return Take(key=key, samples=samples, rate=Hz(sample_rate), energies=energies)
    clip = engine.speak(utterance, voice, rate)
    energies = bin_energies(np.frombuffer(clip.pcm, np.int16), clip.rate)
    samples = len(clip.pcm) // 2
    cache.put(key, clip.pcm, head=_HEADER.pack(clip.rate, samples) + energies.tobytes())
    return Take(key=key, samples=samples, rate=clip.rate, energies=energies)


def first_able(
    names: Sequence[str],
    engine_of: Callable[[str], Engine],
    speak: Callable[[Engine, Voice], T],
    say: Callable[[str], None],
) -> T:
    """What ``speak`` answers of the whole book by the first voice of an editor's list that can narrate all of it.

    A voice that fails is told through ``say`` and nothing of it is kept in the book. With one name there is no other
    voice, and its SpeechError is raised.
    """
    for position, name in enumerate(names):
        engine_name, _, voice_name = name.partition(":")
        try:
            engine = engine_of(engine_name)
            try:
                return speak(engine, engine.voice(voice_name))
            finally:
                engine.close()
        except SpeechError as error:
            if position + 1 == len(names):
                raise
            say(f"{name} cannot narrate this book ({error.message}); all of it goes to {names[position + 1]}")
    raise AssertionError("a list of voices is never empty")
