"""The ffmpeg that comes in a wheel: found without PATH, run with a time limit, quiet unless it fails."""

from __future__ import annotations

import errno
import os
import re
import subprocess
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from audioleaflet.errors import SoundError
from audioleaflet.units import Hz

REINSTALL = "install it again with 'pip install --force-reinstall imageio-ffmpeg'"
_NO_SPACE = 256 - errno.ENOSPC  # ffmpeg ends with the negated number of a system's error
QUIET = ("-nostdin", "-hide_banner", "-loglevel", "error")


@lru_cache(maxsize=1)
def path() -> str:
    """The program: the wheel's, or the one that ``IMAGEIO_FFMPEG_EXE`` names. Raises SoundError if none."""
    import imageio_ffmpeg

    # get_ffmpeg_exe() runs the program once to see whether it is one, which takes 0.2 s; the file is enough
    # for us.
    named = os.environ.get("IMAGEIO_FFMPEG_EXE")
    if not named:
        bundled = sorted((Path(imageio_ffmpeg.__file__).parent / "binaries").glob("ffmpeg-*"))
        if bundled:
            return str(bundled[0])
    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as error:
        raise SoundError("there is no ffmpeg for this computer in imageio-ffmpeg", next_step=REINSTALL) from error


@lru_cache(maxsize=1)
def version() -> str:
    """The version of ``path()``, such as ``9.0.2``: from the wheel's file name, else asked of the program.

    Raises SoundError if there is no ffmpeg or it does not run.
    """
    name = re.search(r"-v(\d+(?:\.\d+)+)(?:\.exe)?$", Path(path()).name)
    if name:
        return name[1]
    answer = run(["-version"], timeout=20).decode("utf-8", "replace")
    return answer.removeprefix("ffmpeg version ").split(" ", 1)[0]


def run(args: Sequence[str], input: bytes = b"", timeout: float = 60) -> bytes:  # noqa: A002
    """What ffmpeg writes to stdout when given ``args``, with ``input`` on stdin; ``timeout`` in seconds.

    Raises SoundError with the last line that ffmpeg wrote to stderr.
    """
    try:
        done = subprocess.run([path(), *QUIET, *args], input=input, capture_output=True, timeout=timeout, check=False)
    except subprocess.TimeoutExpired as error:
        raise SoundError(f"ffmpeg did not finish in {timeout:.0f} seconds", next_step="try again") from error
    except OSError as error:
        raise SoundError(f"ffmpeg does not start: {error.strerror} ({path()})", next_step=REINSTALL) from error
    if done.returncode:
        raise failure(done.returncode, done.stderr)
    return done.stdout


def failure(returncode: int, stderr: bytes) -> SoundError:
    """The error of a run of ffmpeg that ended with ``returncode``; the last line of ``stderr`` says why.

    Raises OSError instead for a full disk, which is no fault of the sound.
    """
    lines = [line.strip() for line in stderr.decode("utf-8", "replace").splitlines() if line.strip()]
    reason = lines[-1] if lines else "it gave no reason"
    if returncode == _NO_SPACE or "No space left on device" in reason:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    ended = f"was ended by signal {-returncode}" if returncode < 0 else f"failed with status {returncode}"
    return SoundError(f"ffmpeg {ended}: {reason}", next_step="see 'audioleaflet doctor'")


def decode(data: bytes, *, rate: Hz) -> bytes:
    """Compressed sound of any kind as 16-bit little-endian mono samples at ``rate``, resampled by soxr.

    Raises SoundError when ``data`` is not sound, or holds none.
    """
    if not data:
        raise SoundError("there is no sound to decode: the data is empty")
    to_pcm = ["-vn", "-af", "aresample=resampler=soxr", "-ar", str(rate), "-ac", "1", "-f", "s16le", "pipe:1"]
    pcm = run(["-threads", "1", "-i", "pipe:0", *to_pcm], data)
    if not pcm:
        raise SoundError("the data decodes to no sound at all")
    return pcm
