from __future__ import annotations

import io
from dataclasses import replace

import pytest
from mutagen.id3 import ID3

from audioleaflet.errors import SoundError
from audioleaflet.sound.id3 import Mark, Tags, write_tags
from audioleaflet.units import Ms

PNG = b"\x89PNG\r\n\x1a\n" + bytes(300)
SOUND = b"\xff\xf3\x80\xc4" + bytes(205)
# The longest title first: mutagen by itself would write the shortest chapter first.
MARKS = tuple(
    Mark(
        title=f"{n:02} {'What is bone metastasis? ' * (12 - n)}",
        begin_ms=Ms(n * 1000),
        end_ms=Ms(n * 1000 + 1000),
    )
    for n in range(12)
)
TAGS = Tags(
    title="01 What is “bone metastasis”? é 日本",
    language="en-GB",
    album="Understanding bone metastasis",
    artist="A Clinic",
    album_artist="A Clinic",
    track="2/7",
    year="2026",
    comment="A sample; no health professional has checked it.",
    copyright="2026 A Clinic. CC BY 4.0",
    publisher="A Clinic",
    grouping="Leaflets",
    text="One.\nTwo <&> three.",
    cover=PNG,
    cover_text="Cover: Understanding bone metastasis",
)


def read(data: bytes) -> ID3:
    return ID3(io.BytesIO(data), translate=False)  # type: ignore[no-untyped-call]


def test_every_field_is_read_back() -> None:
    data = write_tags(SOUND, TAGS)
    tag = read(data)
    assert tag.version == (2, 3, 0)
    texts = {name: str(tag[name]) for name in sorted(tag) if name.startswith("T")}
    assert texts == {
        "TALB": TAGS.album,
        "TCON": "Speech",
        "TCOP": TAGS.copyright,
        "TIT1": TAGS.grouping,
        "TIT2": TAGS.title,
        "TLAN": "eng",
        "TPE1": TAGS.artist,
        "TPE2": TAGS.album_artist,
        "TPUB": TAGS.publisher,
        "TRCK": TAGS.track,
        "TYER": "2026",
    }
    assert str(tag["USLT::eng"]) == TAGS.text
    assert str(tag["COMM::eng"]) == TAGS.comment
    picture = tag["APIC:" + TAGS.cover_text]
    assert (picture.mime, picture.type, picture.data) == ("image/png", 3, PNG)
    assert {int(tag[name].encoding) for name in tag if hasattr(tag[name], "encoding")} == {1}


def test_the_sound_follows_the_tag_at_once() -> None:
    data = write_tags(SOUND, TAGS)
    assert data.endswith(SOUND)
    assert data[:5] == b"ID3\x03\x00"
    high, upper, lower, low = data[6:10]
    assert 10 + (high << 21 | upper << 14 | lower << 7 | low) + len(SOUND) == len(data)


def test_chapters_stand_in_order_of_time() -> None:
    data = write_tags(SOUND, replace(TAGS, marks=MARKS))
    places = [data.index(b"chp%d\x00" % n + bytes([0, 0, n * 1000 >> 8, n * 1000 & 0xFF])) for n in range(12)]
    assert places == sorted(places)
    tag = read(data)
    contents = tag["CTOC:toc"]
    assert contents.child_element_ids == [f"chp{n}" for n in range(12)]
    assert contents.flags == 3
    for n, mark in enumerate(MARKS):
        chapter = tag[f"CHAP:chp{n}"]
        assert (chapter.start_time, chapter.end_time) == (mark.begin_ms, mark.end_ms)
        assert str(chapter.sub_frames["TIT2"]) == mark.title
        assert (chapter.start_offset, chapter.end_offset) == (0xFFFFFFFF, 0xFFFFFFFF)


def test_the_same_tags_give_the_same_bytes() -> None:
    tags = replace(TAGS, marks=MARKS)
    assert write_tags(SOUND, tags) == write_tags(SOUND, tags)


def test_empty_fields_are_left_out() -> None:
    tag = read(write_tags(SOUND, Tags(title="x", language="xx", genre="")))
    assert sorted(tag) == ["TIT2", "TLAN"]
    assert str(tag["TLAN"]) == "und"


@pytest.mark.parametrize(
    "marks",
    [
        MARKS[1::-1],
        (MARKS[0], replace(MARKS[1], begin_ms=Ms(999))),
        (replace(MARKS[0], end_ms=Ms(0)),),
    ],
)
def test_chapters_out_of_order_are_refused(marks: tuple[Mark, ...]) -> None:
    with pytest.raises(SoundError, match="does not begin where"):
        write_tags(SOUND, replace(TAGS, marks=marks))


def test_more_chapters_than_a_file_can_list_are_refused() -> None:
    marks = tuple(Mark(title="x", begin_ms=Ms(n), end_ms=Ms(n + 1)) for n in range(256))
    write_tags(SOUND, replace(TAGS, marks=marks[:255]))
    with pytest.raises(SoundError, match=r"256 chapters.*255"):
        write_tags(SOUND, replace(TAGS, marks=marks))


def test_a_cover_of_another_kind_is_refused() -> None:
    with pytest.raises(SoundError, match="PNG"):
        write_tags(SOUND, replace(TAGS, cover=b"GIF89a"))
