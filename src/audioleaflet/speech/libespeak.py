"""libespeak-ng through ctypes: one privately loaded copy that always starts from the same state.

The library keeps state between calls (the phase of its waves, its flutter), so the same sentence gives other bytes the
second time, whatever the seed. Unloading and loading it again resets all of that. Two costs are avoided:

- loading a voice by its name makes the library read every voice file it has (2.3 ms); a path that is lower case is
  opened directly (0.1 ms), and a file in memory has such a path;
- a second copy in the same process must be another file, or the loader hands out the first again.

Both want a small private file; Linux keeps it in memory, elsewhere it is a temporary file, and voices load by name.
"""

from __future__ import annotations

import _ctypes
import ctypes
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from audioleaflet.errors import EngineUnavailable, SynthesisFailed, VoiceNotFound

ENGINE = "espeak"
_SYNCHRONOUS = 2
_DONT_EXIT = 0x8000
_CHARS_UTF8 = 1
_PHONEMES = 0x100
_IPA = 2
_RATE = 1
_SAMPLE_RATE = 22050
_BUFFER_MS = 2000  # each filled buffer costs a call back into Python; the default of 60 ms makes 9,000 a book

_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


class PrivateFile:
    """Bytes with a path of their own: in memory on Linux, a temporary file elsewhere."""

    def __init__(self, content: bytes, *, suffix: str = "") -> None:
        self.in_memory = sys.platform == "linux"
        if self.in_memory:
            self._descriptor = os.memfd_create("audioleaflet")
            with os.fdopen(os.dup(self._descriptor), "wb") as file:
                file.write(content)
            self.path = f"/proc/self/fd/{self._descriptor}"
        else:
            self._descriptor, self.path = tempfile.mkstemp(suffix=suffix)
            with os.fdopen(os.dup(self._descriptor), "wb") as file:
                file.write(content)

    def close(self) -> None:
        """Give the file back. Calling it twice is fine."""
        if self._descriptor < 0:
            return
        os.close(self._descriptor)
        self._descriptor = -1
        if not self.in_memory:
            Path(self.path).unlink(missing_ok=True)


class Library:
    """One copy of libespeak-ng. Not for two threads at once; two copies are for two threads."""

    def __init__(self, library: Path, data: Path) -> None:
        try:
            self._code = PrivateFile(library.read_bytes(), suffix=library.suffix)
        except OSError as error:
            raise EngineUnavailable(
                f"cannot load espeak-ng: {error}",
                engine=ENGINE,
                next_step="reinstall it with 'pip install --force-reinstall espeakng-loader'",
            ) from error
        self._data = os.fsencode(data)
        self._pcm = bytearray()
        self._callback = _Callback(self._receive)

    def _receive(self, samples: ctypes._Pointer[ctypes.c_short] | None, count: int, _events: int) -> int:
        if samples and count > 0:
            self._pcm += ctypes.string_at(samples, count * 2)
        return 0

    def close(self) -> None:
        """Give the copy back."""
        self._code.close()

    @contextmanager
    def loaded(self, voice: VoiceFile) -> Iterator[Session]:
        """The library in its first state, with a voice; unloaded at the end."""
        library = ctypes.CDLL(self._code.path)
        try:
            if library.espeak_Initialize(_SYNCHRONOUS, _BUFFER_MS, self._data, _DONT_EXIT) != _SAMPLE_RATE:
                raise EngineUnavailable(
                    "espeak-ng did not start",
                    engine=ENGINE,
                    next_step="reinstall it with 'pip install --force-reinstall espeakng-loader'",
                )
            library.espeak_SetSynthCallback(self._callback)
            voice.choose(library)
            yield Session(library, self._pcm)
        finally:
            library.espeak_Terminate()
            _unload(library._handle)


def _unload(handle: int) -> None:
    if sys.platform == "win32":
        _ctypes.FreeLibrary(handle)
    else:
        _ctypes.dlclose(handle)


class Session:
    """A loaded library with its voice chosen."""

    def __init__(self, library: ctypes.CDLL, pcm: bytearray) -> None:
        self._library = library
        self._pcm = pcm
        self._spoken = False

    def speak(self, text: str, rate: int) -> bytes:
        """16-bit mono PCM at 22,050 Hz. ``rate`` in espeak's own unit; ``[[ ]]`` in ``text`` holds phonemes.

        Raises SynthesisFailed.
        """
        self._spoken = True
        self._pcm.clear()
        self._library.espeak_SetParameter(_RATE, rate, 0)
        encoded = text.encode()
        status = self._library.espeak_Synth(encoded, len(encoded) + 1, 0, 1, 0, _CHARS_UTF8 | _PHONEMES, None, None)
        if status:
            raise SynthesisFailed(f"espeak-ng answered with status {status}", engine=ENGINE)
        return bytes(self._pcm)

    def phonemes(self, text: str) -> str:
        """What the engine would say, as IPA with its stress marks before vowels, clauses joined by spaces."""
        if not self._spoken:
            self.speak("", 175)  # phonemes in [[ ]] are honoured after a request that allowed them
        call = self._library.espeak_TextToPhonemes
        call.restype = ctypes.c_char_p
        call.argtypes = [ctypes.POINTER(ctypes.c_char_p), ctypes.c_int, ctypes.c_int]
        rest = ctypes.c_char_p(text.encode())
        clauses: list[str] = []
        while rest.value:
            clauses.append((call(ctypes.byref(rest), _CHARS_UTF8, _IPA) or b"").decode())
        return " ".join(filter(None, (clause.strip() for clause in clauses)))


class VoiceFile:
    """A voice as espeak-ng's data folder has it. ``variant`` is the part of its name after ``+``, or empty."""

    def __init__(self, name: str, definition: Path, variant: str) -> None:
        self.name = name
        self._variant = variant
        self._file = PrivateFile(definition.read_bytes())

    def choose(self, library: ctypes.CDLL) -> None:
        """Make it the voice of a loaded library. Raises VoiceNotFound."""
        if self._file.in_memory and not self._variant:
            status = library.espeak_SetVoiceByFile(self._file.path.encode())
        else:
            status = library.espeak_SetVoiceByName(self.name.encode())
        if status:
            raise VoiceNotFound(
                f"espeak-ng could not load its voice {self.name!r}",
                engine=ENGINE,
                next_step="try 'audioleaflet voices'",
            )

    def close(self) -> None:
        """Give the file back."""
        self._file.close()


def library_version(library: Path) -> str:
    """The library's own version, such as ``1.52.0``."""
    code = ctypes.CDLL(str(library))
    code.espeak_Info.restype = ctypes.c_char_p
    return (code.espeak_Info(None) or b"").decode().split(" ")[0]
