"""The transcript of an edition: what was said, to read in braille, in print, on a screen or under the sound.

    wording    the words of a book, line by line, and the page texts around them
    nodes      headings, paragraphs and lists as HTML elements, for every page that has them
    text       transcript.txt    for braille displays and reading at one's own pace
    page       transcript.html   one page, no script, nothing from outside
    captions   transcript.vtt and transcript.srt   a caption a cue, in time with the whole book

Text and page hold the printed words only; captions follow the sound, with its announcements and repeats.
Every printed word of the book is in all four, in order.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from audioleaflet.book.model import Book
from audioleaflet.publish.transcript.captions import escape_cue, transcript_srt, transcript_vtt
from audioleaflet.publish.transcript.page import transcript_html
from audioleaflet.publish.transcript.text import transcript_txt

__all__ = [
    "escape_cue",
    "transcript_html",
    "transcript_srt",
    "transcript_txt",
    "transcript_vtt",
    "write_transcripts",
]


def write_transcripts(book: Book, folder: Path, words: Mapping[str, str]) -> tuple[Path, ...]:
    """Write the four transcripts of ``book`` into ``folder`` and return their paths.

    ``words``: the page texts of the book's language, named in ``wording.PAGE_TEXTS``. The files are UTF-8,
    with ``\\n`` line ends on every system. All four are made before the first is written.

    Raises ``PublishError`` when the book's structure and cues disagree or a page text is missing, ``OSError``
    when the disk refuses.
    """
    files = (
        ("transcript.txt", transcript_txt(book, words)),
        ("transcript.html", transcript_html(book, words)),
        ("transcript.vtt", transcript_vtt(book)),
        ("transcript.srt", transcript_srt(book)),
    )
    paths = []
    for name, content in files:
        path = folder / name
        path.write_bytes(content.encode("utf-8"))
        paths.append(path)
    return tuple(paths)
