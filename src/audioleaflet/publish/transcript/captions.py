"""``transcript.vtt`` (W3C WebVTT) and ``transcript.srt`` (SubRip): a caption a cue, over the whole book.

A caption stands from the first sound of its words to the last, not for its whole cue: a place sought by a
caption begins with speech, and a reader sees the pauses that a listener hears.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from audioleaflet.book.model import Book, Cue
from audioleaflet.errors import PublishError
from audioleaflet.publish.transcript.wording import one_line
from audioleaflet.units import Ms, ms_to_srt, ms_to_vtt

_COMMAND = re.compile(r"[<{\\]")


def transcript_vtt(book: Book) -> str:
    """The book as WebVTT: a cue a cue with its id, announcements and repeats too; empty cues are left out.

    Raises ``PublishError`` when a cue's id cannot stand in WebVTT.
    """
    blocks = ["WEBVTT\n"]
    for cue, begin, end, text in _captions(book):
        if one_line(cue.id) != cue.id or "-->" in cue.id or not cue.id:
            raise PublishError(
                f"book.json: {cue.id!r} cannot be the name of a WebVTT cue",
                next_step="build the edition again",
            )
        blocks.append(f"{cue.id}\n{ms_to_vtt(begin)} --> {ms_to_vtt(end)}\n{escape_cue(text)}\n")
    return "\n".join(blocks)


def transcript_srt(book: Book) -> str:
    """The book as SubRip: captions numbered from 1, announcements and repeats too; empty cues are left out."""
    return "\n".join(
        f"{number}\n{ms_to_srt(begin)} --> {ms_to_srt(end)}\n{shield_cue(text)}\n"
        for number, (_, begin, end, text) in enumerate(_captions(book), 1)
    )


def escape_cue(text: str) -> str:
    """``text`` as the payload of a WebVTT cue (W3C WebVTT 4.2.2): one line, ``&``, ``<`` and ``>`` escaped.

    With ``>`` escaped, ``-->`` cannot appear.
    """
    return one_line(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def shield_cue(text: str) -> str:
    """``text`` as a SubRip caption: one line, an invisible word joiner (U+2060) after ``<``, ``{`` and ``\\``.

    SubRip has no escapes (players show ``&lt;`` as four characters), yet players take ``<…>`` and ``{\\…}`` for tags
    and ``\\N`` for a command: ffmpeg reads "<5 mg and >3 mg" as "3 mg". With the joiner it reads every word.
    """
    return _COMMAND.sub("\\g<0>\u2060", one_line(text))


def _captions(book: Book) -> Iterator[tuple[Cue, Ms, Ms, str]]:
    for chapter in book.chapters:
        for cue in chapter.cues:
            text = one_line(cue.text)
            if text.strip():
                begin = Ms(chapter.start_ms + cue.speech_begin_ms)
                # WebVTT 4.1: an end is later than its begin, which rounding can undo for a very short sound.
                end = max(Ms(chapter.start_ms + cue.speech_end_ms), Ms(begin + 1))
                yield cue, begin, end, text
