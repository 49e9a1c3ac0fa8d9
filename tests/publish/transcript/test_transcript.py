from __future__ import annotations

from pathlib import Path

import pytest

from audioleaflet.book.model import Book
from audioleaflet.errors import PublishError
from audioleaflet.publish.transcript import (
    transcript_html,
    transcript_srt,
    transcript_txt,
    transcript_vtt,
    write_transcripts,
)


def test_four_files_in_utf_8(hostile: Book, words: dict[str, str], tmp_path: Path) -> None:
    paths = write_transcripts(hostile, tmp_path, words)
    assert [path.name for path in paths] == [f"transcript.{kind}" for kind in ("txt", "html", "vtt", "srt")]
    assert [path.read_bytes().decode("utf-8") for path in paths] == [
        transcript_txt(hostile, words),
        transcript_html(hostile, words),
        transcript_vtt(hostile),
        transcript_srt(hostile),
    ]
    for path in paths:
        assert path.read_bytes().endswith(b"\n")
        assert b"\r" not in path.read_bytes()


def test_nothing_is_written_when_one_cannot_be(sample: Book, words: dict[str, str], tmp_path: Path) -> None:
    del words["contents"]
    with pytest.raises(PublishError):
        write_transcripts(sample, tmp_path, words)
    assert list(tmp_path.iterdir()) == []
