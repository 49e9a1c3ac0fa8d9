"""A talking book to test: an edition of silence, and a zip read back as files."""

from __future__ import annotations

import zipfile
from pathlib import Path

from audioleaflet.book.model import Book, Chapter
from audioleaflet.sound.id3 import Tags, write_tags
from audioleaflet.sound.mp3 import encode
from audioleaflet.units import Hz, samples_to_ms

RATE = Hz(22050)
FRAME = 576  # samples


def sounding(book: Book, folder: Path) -> Book:
    """``book`` with its chapters as tagged MP3 of silence in ``folder``, in whole frames as a build makes them."""
    chapters = []
    for chapter in book.chapters:
        count = -(-chapter.duration_ms * RATE // (1000 * FRAME))
        audio = f"chapters/{book.slug}-en-{chapter.number:02}-{chapter.id}.mp3"
        path = folder / audio
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(write_tags(encode(bytes(2 * FRAME * count), RATE), Tags(title="A & B", language="en")))
        chapters.append(lasting(chapter, samples_to_ms(FRAME * count, RATE)).model_copy(update={"audio": audio}))
    return book.model_copy(update={"chapters": tuple(chapters)})


def lasting(chapter: Chapter, duration_ms: int) -> Chapter:
    """``chapter`` with its last cue and itself ending at ``duration_ms``."""
    last = chapter.cues[-1].model_copy(update={"end_ms": duration_ms})
    return chapter.model_copy(update={"duration_ms": duration_ms, "cues": (*chapter.cues[:-1], last)})


def unzipped(path: Path) -> dict[str, bytes]:
    """The files of a zip, in its order."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
