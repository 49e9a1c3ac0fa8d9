"""A chapter on its way into a talking book: its sound without tags, what of it belongs to which sentence, its names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from audioleaflet.book.model import Book, Chapter
from audioleaflet.errors import PublishError, SoundError
from audioleaflet.publish.overlay import Clip, clips
from audioleaflet.publish.transcript.wording import OpenBook, OpenChapter
from audioleaflet.sound import mp3

_ID3V2_HEADER = _ID3V2_FOOTER = 10
_HAS_FOOTER = 0x10
_ID3V1_BYTES = 128
_AGAIN = "build the edition again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """A chapter. ``sound``: whole MP3 frames and nothing else. ``clips`` tile it and end with it, never after it."""

    shown: OpenChapter
    sound: bytes
    clips: tuple[Clip, ...]

    @property
    def duration_ms(self) -> int:
        """How long it lasts: the sum of its clips."""
        return self.clips[-1].end_ms

    @property
    def smil(self) -> str:
        """The name of its SMIL file; ASCII, lower case, at most eight characters before the dot."""
        return f"ch{self.shown.number:02}.smil"

    @property
    def mp3(self) -> str:
        """The name of its sound."""
        return f"ch{self.shown.number:02}.mp3"


def tracks(book: Book, opened: OpenBook, folder: Path) -> tuple[Track, ...]:
    """The chapters of the edition in ``folder``, in order. Raises PublishError."""
    return tuple(_tracks(book, opened, folder))


def _tracks(book: Book, opened: OpenBook, folder: Path) -> Iterator[Track]:
    for chapter, shown in zip(book.chapters, opened.chapters, strict=True):
        path = folder / chapter.audio
        sound = _sound(path)
        yield Track(shown=shown, sound=sound, clips=_within(clips(opened, chapter), sound, chapter, path))


def _sound(path: Path) -> bytes:
    try:
        return without_tags(path.read_bytes())
    except FileNotFoundError as error:
        raise PublishError(f"{path} is missing", next_step=_AGAIN) from error


def without_tags(data: bytes) -> bytes:
    """An MP3 without the ID3v2 tags before it and the ID3v1 tag after it, which some players try to play."""
    begin = 0
    while data[begin : begin + 3] == b"ID3" and len(data) >= begin + _ID3V2_HEADER:
        size = 0
        for byte in data[begin + 6 : begin + _ID3V2_HEADER]:  # "synchsafe": seven bits a byte (ID3v2.3, 3.1)
            size = size << 7 | byte & 0x7F
        footer = _ID3V2_FOOTER if data[begin + 5] & _HAS_FOOTER else 0
        begin += _ID3V2_HEADER + size + footer
    end = len(data)
    if end - begin >= _ID3V1_BYTES and data[end - _ID3V1_BYTES :].startswith(b"TAG"):
        end -= _ID3V1_BYTES
    return data[begin:end]


def _within(clipped: tuple[Clip, ...], sound: bytes, chapter: Chapter, path: Path) -> tuple[Clip, ...]:
    """The clips of a chapter, the last of which ends in the last whole millisecond of its sound.

    A chapter's duration is that of its samples, rounded to the nearest millisecond, and so up to half of one too long.
    """
    try:
        length_ms = _length_ms(sound)
    except SoundError as error:
        raise PublishError(f"{path} is not whole MP3: {error.message}", next_step=_AGAIN) from error
    if not length_ms <= chapter.duration_ms <= length_ms + 1:
        raise PublishError(
            f"{path} lasts {length_ms / 1000:.3f} s, and book.json says {chapter.duration_ms / 1000:.3f} s",
            next_step=_AGAIN,
        )
    return (*clipped[:-1], replace(clipped[-1], end_ms=length_ms))


def _length_ms(sound: bytes) -> int:
    """How long ``sound`` lasts, in whole milliseconds that have passed at its end. Raises SoundError.

    At one bit rate the headers differ in the padding bit alone; to read each whole takes ten times as long.
    """
    first = next(mp3.frames(sound), None)
    if first is None:
        return 0
    padding = 0b10
    sync, third = sound[:2], sound[2] & ~padding
    size = first.size - (sound[2] >> 1 & 1)
    offset = count = 0
    while offset + mp3.HEADER_BYTES <= len(sound):
        if sound[offset : offset + 2] != sync or sound[offset + 2] & ~padding != third:
            raise SoundError(f"no frame of the same bit rate begins at byte {offset}")
        offset += size + (sound[offset + 2] >> 1 & 1)
        count += 1
    if offset != len(sound):
        raise SoundError("its last frame is cut off")
    return count * first.samples * 1000 // first.rate
