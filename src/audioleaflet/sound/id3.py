"""ID3v2.3 tags: what a chapter and a book are called, their words, their picture, and the book's chapters.

Version 2.3, not 2.4: ffmpeg drops every chapter once a v2.4 CHAP frame reaches 128 bytes. Text is UTF-16.
mutagen makes the bytes of each frame; the tag around them is written here, because mutagen would order
chapters by size. (id3.org: "ID3 tag version 2.3.0" and "ID3v2 Chapter Frame Addendum" 1.0.)
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from audioleaflet.errors import SoundError
from audioleaflet.sound.iso639 import three_letters
from audioleaflet.units import Ms

if TYPE_CHECKING:
    from mutagen.id3 import Frame

HEADER_BYTES = 10
UTF16 = 1
FRONT_COVER = 3
UNUSED_OFFSET = 0xFFFFFFFF
TOP_LEVEL_ORDERED = 0b11
MOST_CHAPTERS = 255
LARGEST_TAG = (1 << 28) - 1
PICTURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A chapter of a book: its title and its place, ``end_ms`` not included."""

    title: str
    begin_ms: Ms
    end_ms: Ms


@dataclass(frozen=True, slots=True, kw_only=True)
class Tags:
    """What a file says of itself. Empty fields are left out; ``title`` and ``language`` are needed.

    ``track``: "2/7". ``language``: BCP 47. ``year``: four digits. ``copyright``: begins with a year and a
    space (ID3v2.3, 4.2.1, TCOP). ``grouping``: what the file is part of. ``text``: the words spoken, lines
    ended by newlines. ``cover``: the bytes of a PNG or JPEG, described by ``cover_text``. ``marks``: in
    order of time.
    """

    title: str
    language: str
    album: str = ""
    artist: str = ""
    album_artist: str = ""
    track: str = ""
    year: str = ""
    genre: str = "Speech"
    comment: str = ""
    copyright: str = ""
    publisher: str = ""
    grouping: str = ""
    text: str = ""
    cover: bytes = b""
    cover_text: str = ""
    marks: tuple[Mark, ...] = ()


def write_tags(mp3: bytes, tags: Tags) -> bytes:
    """``mp3`` with an ID3v2.3 tag of ``tags`` before it. No padding; same input, same bytes.

    Raises SoundError for marks out of order, more than 255 of them, or a cover that is neither PNG nor JPEG.
    """
    body = b"".join(_bytes(frame) for frame in _frames(tags))
    if len(body) > LARGEST_TAG:
        raise SoundError("the tag is over 256 MB", next_step="use a smaller cover picture")
    size = bytes(len(body) >> shift & 0x7F for shift in (21, 14, 7, 0))  # "synchsafe": seven bits a byte
    return b"".join([b"ID3\x03\x00\x00", size, body, mp3])


def _frames(tags: Tags) -> Iterator[Frame]:
    from mutagen.id3 import Frames

    language = three_letters(tags.language)
    texts = {
        "TIT1": tags.grouping,
        "TIT2": tags.title,
        "TALB": tags.album,
        "TPE1": tags.artist,
        "TPE2": tags.album_artist,
        "TRCK": tags.track,
        "TYER": tags.year,
        "TCON": tags.genre,
        "TLAN": language,
        "TCOP": tags.copyright,
        "TPUB": tags.publisher,
    }
    for name, value in texts.items():
        if value:
            yield Frames[name](encoding=UTF16, text=[value])
    if tags.comment:
        yield Frames["COMM"](encoding=UTF16, lang=language, desc="", text=[tags.comment])
    if tags.text:
        yield Frames["USLT"](encoding=UTF16, lang=language, desc="", text=tags.text)
    yield from _chapters(tags.marks)
    if tags.cover:
        yield Frames["APIC"](
            encoding=UTF16,
            mime=picture_type(tags.cover),
            type=FRONT_COVER,
            desc=tags.cover_text,
            data=tags.cover,
        )


def _chapters(marks: tuple[Mark, ...]) -> Iterator[Frame]:
    """The table of contents, then a frame a chapter in order of time: readers list them so."""
    from mutagen.id3 import Frames

    if not marks:
        return
    check_marks(marks)
    names = [f"chp{number}" for number in range(len(marks))]
    yield Frames["CTOC"](element_id="toc", flags=TOP_LEVEL_ORDERED, child_element_ids=names, sub_frames=[])
    for name, mark in zip(names, marks, strict=True):
        yield Frames["CHAP"](
            element_id=name,
            start_time=mark.begin_ms,
            end_time=mark.end_ms,
            start_offset=UNUSED_OFFSET,
            end_offset=UNUSED_OFFSET,
            sub_frames=[Frames["TIT2"](encoding=UTF16, text=[mark.title])],
        )


def check_marks(marks: Iterable[Mark]) -> None:
    """Raise SoundError unless ``marks`` are in order, apart, none empty, and at most 255."""
    end, count = 0, 0
    for mark in marks:
        if mark.begin_ms < end or mark.end_ms <= mark.begin_ms:
            raise SoundError(f"the chapter {mark.title!r} does not begin where the one before it has ended")
        end, count = mark.end_ms, count + 1
    if count > MOST_CHAPTERS:
        raise SoundError(f"a book of {count} chapters: a file can list {MOST_CHAPTERS}", next_step="divide the leaflet")


def picture_type(picture: bytes) -> str:
    """The media type of a PNG or JPEG. Raises SoundError for anything else."""
    for signature, media_type in PICTURES.items():
        if picture.startswith(signature):
            return media_type
    raise SoundError("the cover is not a PNG or JPEG picture", next_step="save the cover as PNG")


def _bytes(frame: Frame) -> bytes:
    """One frame as mutagen saves it, without the header of the tag that mutagen puts around it."""
    import mutagen.id3

    empty: Any = mutagen.id3.ID3  # which carries no types
    whole, tag = io.BytesIO(), empty()
    tag.add(frame)
    tag.save(whole, v1=0, v2_version=3, padding=_no_padding)
    return whole.getvalue()[HEADER_BYTES:]


def _no_padding(_info: object) -> int:
    return 0
