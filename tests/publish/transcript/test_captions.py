from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audioleaflet.book.model import Book
from audioleaflet.errors import PublishError
from audioleaflet.publish.transcript import escape_cue, transcript_srt, transcript_vtt
from audioleaflet.publish.transcript.wording import one_line


def blocks(text: str) -> list[list[str]]:
    return [block.split("\n") for block in text.removesuffix("\n").split("\n\n")]


def test_the_first_and_the_last_caption(sample: Book) -> None:
    vtt, srt = blocks(transcript_vtt(sample)), blocks(transcript_srt(sample))
    assert vtt[0] == ["WEBVTT"]
    assert vtt[1] == ["c00-001", "00:00:00.500 --> 00:00:02.500", "Understanding bone metastasis"]
    assert srt[0] == ["1", "00:00:00,500 --> 00:00:02,500", "Understanding bone metastasis"]
    # Chapter 1 begins at 16.6 s; its sixteenth cue speaks 35 s in.
    assert vtt[-1] == ["c01-016", "00:00:51.600 --> 00:00:53.600", "800-227-2345"]
    assert srt[-1] == ["23", "00:00:51,600 --> 00:00:53,600", "800-227-2345"]


def test_announcements_and_repeats_are_captions_too(sample: Book) -> None:
    for text in ("A list of three items.", "me-tas-ta-sis"):
        assert text in transcript_vtt(sample)
        assert text in transcript_srt(sample)


def test_every_cue_is_a_caption_in_order(hostile: Book) -> None:
    texts = [one_line(cue.text) for chapter in hostile.chapters for cue in chapter.cues]
    ids = [cue.id for chapter in hostile.chapters for cue in chapter.cues]
    vtt, srt = blocks(transcript_vtt(hostile))[1:], blocks(transcript_srt(hostile))
    assert [[block[0], html.unescape(block[2])] for block in vtt] == [
        list(pair) for pair in zip(ids, texts, strict=True)
    ]
    assert [[block[0], block[2].replace("\u2060", "")] for block in srt] == [
        [str(n), text] for n, text in enumerate(texts, 1)
    ]
    assert {len(block) for block in vtt + srt} == {3}


def test_the_arrow_stands_only_between_times(hostile: Book) -> None:
    lines = [line for line in transcript_vtt(hostile).split("\n") if "-->" in line]
    clock = r"\d\d:\d\d:\d\d\.\d{3}"
    assert len(lines) == sum(len(chapter.cues) for chapter in hostile.chapters)
    assert all(re.fullmatch(f"{clock} --> {clock}", line) for line in lines)


@given(st.text())
def test_any_text_survives_as_one_line(text: str) -> None:
    payload = escape_cue(text)
    assert payload.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == one_line(text)
    assert len(payload.splitlines()) <= 1
    assert "-->" not in payload
    assert "<" not in payload


def change_cue(book: Book, **changes: object) -> Book:
    """The book with its first cue changed."""
    chapter = book.chapters[0]
    cues = (chapter.cues[0].model_copy(update=changes), *chapter.cues[1:])
    return book.model_copy(update={"chapters": (chapter.model_copy(update={"cues": cues}), *book.chapters[1:])})


def test_a_cue_without_words_is_no_caption_and_takes_no_number(sample: Book) -> None:
    silent = change_cue(sample, text=" \n ")
    assert "c00-001" not in transcript_vtt(silent)
    assert blocks(transcript_srt(silent))[0][0] == "1"
    assert blocks(transcript_srt(silent))[0][2].startswith("An audio leaflet")


def test_a_caption_ends_after_it_begins(sample: Book) -> None:
    short = change_cue(sample, speech_begin_ms=700, speech_end_ms=700)
    assert "00:00:00.700 --> 00:00:00.701" in transcript_vtt(short)


@pytest.mark.parametrize("name", ["", "a --> b", "a\nb", " a"])
def test_a_name_that_webvtt_cannot_hold_is_refused(sample: Book, name: str) -> None:
    with pytest.raises(PublishError, match="WebVTT cue"):
        transcript_vtt(change_cue(sample, id=name))
