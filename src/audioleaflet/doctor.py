"""What is installed, what is missing and how to get it: for ``audioleaflet doctor``."""

from __future__ import annotations

import platform
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from audioleaflet.errors import AudioleafletError
from audioleaflet.saying import PLAYERS

_PACKAGES = ("lameenc", "mutagen", "Pillow", "pydub", "numpy", "soxr", "sentencex", "phonenumbers")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One part and how it is. ``message`` tells what was found, or how to get what is missing."""

    part: str
    ok: bool
    message: str


def examine(*, cache: Path, online: bool) -> tuple[Finding, ...]:
    """Everything that a build needs. Only with ``online`` is Google asked whether it would speak."""
    findings = [
        Finding(part="python", ok=True, message=f"{platform.python_version()} on {platform.platform()}"),
        _tried("espeak", _espeak),
        _tried("ffmpeg", _ffmpeg),
        *(_package(name) for name in _PACKAGES),
        _tried("cache", lambda: _writable(cache)),
        _player(),
        _tried("braille", _braille),
    ]
    return (*findings, _google() if online else _package("gTTS", "; --online asks whether Google answers"))


def _tried(part: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(part=part, ok=True, message=look())
    except AudioleafletError as error:
        return Finding(part=part, ok=False, message=str(error))
    except OSError as error:
        return Finding(part=part, ok=False, message=f"{error}; look at that folder, or set AUDIOLEAFLET_CACHE")


def _espeak() -> str:
    from audioleaflet.saying import Saying

    with Saying("en-US", "espeak:en-us") as saying:
        heard = saying.ipa("bone")
    return f"{version('espeakng-loader')}, speaks (bone is {heard})"


def _ffmpeg() -> str:
    from audioleaflet.sound import ffmpeg

    ffmpeg.run(["-version"], timeout=20)
    return f"{ffmpeg.version()}, runs"


def _package(name: str, more: str = "") -> Finding:
    try:
        return Finding(part=name, ok=True, message=f"{version(name)}{more}")
    except PackageNotFoundError:
        return Finding(part=name, ok=False, message=f"get it with 'pip install {name}'")


def _writable(folder: Path) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder) as file:
        file.write(b"audioleaflet")
    return f"{folder}, {shutil.disk_usage(folder).free // 1_000_000} MB free"


def _player() -> Finding:
    found = next((path for name, *_ in PLAYERS if (path := shutil.which(name))), None)
    message = found or "none found: 'audioleaflet say' then needs --to FILE; installing ffmpeg brings one"
    return Finding(part="player", ok=True, message=message)


def _braille() -> str:
    from audioleaflet.publish.braille.liblouis import PROGRAM, installed

    return installed() or f"{PROGRAM} is not here: braille needs it (on Debian and Ubuntu: 'apt install liblouis-bin')"


def _google() -> Finding:
    from audioleaflet.speech.gtts import reachable

    reach = reachable(timeout=10)
    return Finding(part="gTTS", ok=reach.ok, message=reach.message)
