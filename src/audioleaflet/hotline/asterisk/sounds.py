"""The sounds of the dialplan: under which names they lie among those of the exchange, and where each comes from."""

from __future__ import annotations

import re
import wave
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Final

from audioleaflet.errors import HotlineError
from audioleaflet.hotline.catalogue import RATES, Catalogue, Edition, Sound
from audioleaflet.units import Ms

FOLDER: Final = "audioleaflet"
# Asterisk counts 8 samples a millisecond whatever the sound. In .g722 and .sln16, which have 16, a jump to 4 s lands at
# 2 s and the place of a key is told as twice what it is (22.10, tests/peers), so that they are not offered.
FORMATS: Final = ("ulaw", "alaw", "wav")
SILENCE: Final = f"{FOLDER}/silence-"
SILENCES_S: Final = (3, 8, 15, 60)
_BYTES_A_MS: Final = 8  # of .ulaw and .alaw
_NAME: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A sound, or the stretch of it from ``begin_ms`` to ``end_ms``."""

    sound: Sound
    begin_ms: Ms = Ms(0)  # noqa: RUF009 (a NewType call, not a default that is shared)
    end_ms: Ms | None = None


def name(text: str, longest: int = 60) -> str:
    """``text`` as part of a file's or a context's name: itself where it is plain and short, else with a hash."""
    plain = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
    if plain == text and _NAME.fullmatch(plain) and len(plain) <= longest:
        return plain
    return f"{plain[: longest - 9].strip('-')}-{sha256(text.encode()).hexdigest()[:8]}".strip("-")


def of_library(language: str) -> str:
    """Where the prompts of a language lie."""
    return f"{FOLDER}/prompts/{name(language.lower())}"


def of_edition(edition: Edition) -> str:
    """Where the sounds of an edition lie."""
    slug, _, language = edition.key.rpartition("/")
    return f"{FOLDER}/books/{name(slug)}/{name(language.lower())}"


def of_chapter(edition: Edition, rate: str, number: int | str) -> str:
    """The sound of a chapter at a rate."""
    return f"{of_edition(edition)}/{rate}/chapter-{number}"


def pieces(catalogue: Catalogue) -> Mapping[str, Piece]:
    """Every sound by its name, without the ending that says its format."""
    found: dict[str, Piece] = {}
    for language in catalogue.languages():
        for prompt, sound in catalogue.prompts[language].items():
            found[f"{of_library(language)}/{name(prompt)}"] = Piece(sound=sound)
    for edition in catalogue.editions:
        home = of_edition(edition)
        for prompt, sound in edition.prompts.items():
            found[f"{home}/{name(prompt)}"] = Piece(sound=sound)
        for chapter in edition.chapters:
            for rate, sound in zip(RATES, chapter.sounds, strict=True):
                found[of_chapter(edition, rate, chapter.number)] = Piece(sound=sound)
        for number, contact in enumerate(edition.contacts, 1):
            found[f"{home}/digits-{number}"] = Piece(sound=contact.digits)
            told = edition.chapter(contact.chapter) or edition.chapters[0]
            for rate, sound in zip(RATES, told.sounds, strict=True):
                cue = next(cue for cue in sound.cues if cue.id == contact.cue)
                found[f"{home}/{rate}/contact-{number}"] = Piece(sound=sound, begin_ms=cue.begin_ms, end_ms=cue.end_ms)
    return found


def source(sound: Sound, form: str) -> Path:
    """The file of a sound in a format. Raises HotlineError where the build has not written it."""
    path = sound.path.with_suffix(f".{form}")
    if not path.is_file():
        raise HotlineError(
            f"there is no {path}",
            next_step=f"list {form} under 'hotline: codecs:' in library.yaml and run 'audioleaflet build --formats "
            "phone', or name other --formats",
        )
    return path


def cut(path: Path, begin_ms: Ms, end_ms: Ms) -> bytes:
    """The stretch of a sound's file, as a file of the same format."""
    form = path.suffix.removeprefix(".")
    if form != "wav":
        return path.read_bytes()[begin_ms * _BYTES_A_MS : end_ms * _BYTES_A_MS]
    written = BytesIO()
    with wave.open(str(path), "rb") as whole, wave.open(written, "wb") as part:
        part.setparams(whole.getparams())
        whole.setpos(begin_ms * whole.getframerate() // 1000)
        part.writeframes(whole.readframes((end_ms - begin_ms) * whole.getframerate() // 1000))
    return written.getvalue()


def silence(seconds: int) -> bytes:
    """µ-law silence (ITU-T G.711: 0xFF is positive zero)."""
    return b"\xff" * (8000 * seconds)
