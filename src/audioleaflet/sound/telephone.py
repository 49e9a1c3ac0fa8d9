"""Speech as a telephone carries it: its band, evened out a little, at one level, and in the codecs of telephony.

What is heard of a line is 200 to 3400 Hz at 8000 Hz, or with G.722 and signed linear 50 to 7000 Hz at 16,000 Hz. The
level while somebody speaks is -24 dBov (ITU-T P.56), and no peak is above -6 dBFS, so that neither a quiet nor a loud
line spoils it. Same input, same bytes.
"""

from __future__ import annotations

import io
import math
import wave
from typing import Final

import numpy as np
from numpy.typing import NDArray

from audioleaflet.sound import ffmpeg
from audioleaflet.sound.band import resampled
from audioleaflet.sound.g711 import alaw, ulaw
from audioleaflet.sound.limiter import limit
from audioleaflet.sound.p56 import active_level
from audioleaflet.units import Hz

CODECS: Final = ("ulaw", "alaw", "wav", "g722", "sln16")
"""What ``encoded`` makes; each is a file's suffix too. ``wav`` is 16-bit at 8000 Hz, ``sln16`` the same at 16,000."""
RATE: Final = Hz(8000)
WIDE_RATE: Final = Hz(16000)
RATES: Final = {"ulaw": RATE, "alaw": RATE, "wav": RATE, "g722": WIDE_RATE, "sln16": WIDE_RATE}
REVISION: Final = "telephone/1"
"""Changes with any byte that this module makes: whoever keeps its sound keeps this beside it."""
LEVEL_DBOV = -24.0
CEILING_DBTP = -6.3  # G.711 rounds a peak up by at most 0.2 dB: decoded it is still below -6
_BAND = (200, 3400)
_WIDE_BAND = (50, 7000)
_NEAR_DB = 0.1
_TRIES = 4
# Compression: what is louder than 6 dB above the level rises half as fast.
_ABOVE_DB, _RATIO = 4.0, 2.0
_STEP_MS = 10
_RELEASE_DB_A_STEP = 0.4  # 40 dB a second: slower than a vowel, faster than a phrase


def telephone(pcm: NDArray[np.int16], rate: Hz) -> NDArray[np.int16]:
    """Mono ``pcm`` at ``rate`` (8000 Hz and up) as a telephone carries it, ``round(len(pcm) * 8000 / rate)`` samples.

    Nothing comes later than it did. Silence stays silence. Raises ValueError for a lower rate.
    """
    return _levelled(resampled(pcm, rate, RATE, *_BAND), RATE)


def wideband(pcm: NDArray[np.int16], rate: Hz) -> NDArray[np.int16]:
    """The same at 16,000 Hz, with the band of G.722."""
    return _levelled(resampled(pcm, rate, WIDE_RATE, *_WIDE_BAND), WIDE_RATE)


def encoded(codec: str, pcm: NDArray[np.int16], rate: Hz) -> bytes:
    """Mono ``pcm`` at ``rate``, not yet processed, as a file of one of ``CODECS``. Only ``wav`` has a header.

    Raises ValueError for another codec, SoundError where ffmpeg fails.
    """
    if codec not in CODECS:
        raise ValueError(f"there is no telephone codec {codec!r}; known are {', '.join(CODECS)}")
    if RATES[codec] == WIDE_RATE:
        linear = wideband(pcm, rate).astype("<i2").tobytes()
        return linear if codec == "sln16" else _g722(linear)
    narrow = telephone(pcm, rate)
    if codec == "wav":
        return _wav(narrow)
    return ulaw(narrow) if codec == "ulaw" else alaw(narrow)


def _g722(linear: bytes) -> bytes:
    """16-bit samples at 16,000 Hz as G.722 at 64 kbit/s, a byte for two samples."""
    given = ["-f", "s16le", "-ar", str(WIDE_RATE), "-ac", "1", "-i", "pipe:0"]
    return ffmpeg.run([*given, "-c:a", "g722", "-f", "g722", "pipe:1"], linear) if linear else b""


def _wav(pcm: NDArray[np.int16]) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(RATE)
        wav.writeframes(pcm.astype("<i2").tobytes())
    return file.getvalue()


def _levelled(sound: NDArray[np.float32], rate: Hz) -> NDArray[np.int16]:
    """Compressed, at the level, limited. A sound of almost nothing but one crack stays softer than the level."""
    level = active_level(sound, rate)
    if not math.isfinite(level):
        return np.zeros(len(sound), np.int16)
    sound = _compressed(sound, rate, level + _ABOVE_DB)
    # The limiter takes whole samples: as many of their bits as can be are used, and its gain makes up for that.
    fullest = 32000 / float(np.abs(sound).max())
    pcm = np.rint(sound * np.float32(fullest)).astype(np.int16)
    gain_db = LEVEL_DBOV - active_level(pcm, rate)
    for _ in range(_TRIES):  # what the limiter takes of the level is given back
        limited = limit(pcm, gain_db=gain_db, ceiling_dbtp=CEILING_DBTP, rate=rate)
        missing = LEVEL_DBOV - active_level(limited, rate)
        if missing < _NEAR_DB:
            break
        gain_db += missing
    return limited


def _compressed(sound: NDArray[np.float32], rate: Hz, threshold_dbov: float) -> NDArray[np.float32]:
    """What is louder than a threshold brought nearer to it, 10 ms ahead and slowly back; nothing is made louder."""
    step = rate * _STEP_MS // 1000
    steps = -(-len(sound) // step)
    padded = np.zeros(steps * step, np.float32)
    padded[: len(sound)] = sound
    blocks = padded.reshape(steps, step)
    power = np.square(blocks).mean(axis=1, dtype=np.float64) / 32768.0**2
    over = np.maximum(10 * np.log10(np.maximum(power, 1e-12)) - threshold_dbov, 0.0)
    need = over * (1 - 1 / _RATIO)
    fall = _RELEASE_DB_A_STEP * np.arange(steps)
    held = np.maximum.accumulate(need + fall) - fall
    edges = np.concatenate([held[:1], np.maximum(held[:-1], held[1:]), held[-1:]])
    gains = (10 ** (-edges / 20)).astype(np.float32)
    along = (np.arange(step, dtype=np.float32) + np.float32(0.5)) / np.float32(step)
    blocks *= gains[:-1, None] + (gains[1:] - gains[:-1])[:, None] * along
    return padded[: len(sound)]
