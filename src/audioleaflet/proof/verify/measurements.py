"""What can be measured with no recogniser, in any language: script, cues, files, pauses, levels, rates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from audioleaflet.book.manifest import describe
from audioleaflet.book.model import Book, Chapter, Cue, File
from audioleaflet.leaflet.model import Block, Leaflet
from audioleaflet.proof.verify.model import Finding
from audioleaflet.proof.verify.timeline import AUDIBLE_DBFS, STEP_MS, Timeline
from audioleaflet.script.model import Pause, Script, Spelled, Syllables, Unread, Utterance
from audioleaflet.script.print import in_words

_LENGTH_MS = 120  # two MP3 frames and the codec's delay
_PAUSE_MS = 40
_EDGE_MS = 150
_NARROW_EDGE_MS = 250  # of a sentence that begins with "s" a telephone lets little through before its vowel
_TAIL_MS = 60
_CODEC_MS = 60  # encoded sound rings before and after itself
_LOUDNESS_DB = 8.0
_SHORTEST, _LONGEST = 0.5, 2.0  # espeak: 0.7 to 1.5
_CLIPPED = 8
_LETTER_NAME = 5


def script_findings(book: Book, chapters: Sequence[Chapter], script: Script) -> Iterator[Finding]:
    """Utterances that are no cue, cues that are no utterance, and those that differ in order, kind or text."""
    for chapter in script.chapters:
        cues = next((other.cues for other in chapters if other.number == chapter.number), None)
        if cues is None:
            yield _of_chapter("script", chapter.number, "the script has this chapter, the book has not")
            continue
        said, made = [one.id for one in chapter.utterances], [cue.id for cue in cues]
        by_id = {cue.id: cue for cue in cues}
        for utterance in chapter.utterances:
            if utterance.id not in by_id:
                yield _finding("script", chapter.number, utterance.id, 0, f"not in the book: {utterance.shown}")
        yield from (
            _finding("script", chapter.number, cue.id, cue.begin_ms, f"not in the script: {cue.text}")
            for cue in cues
            if cue.id not in set(said)
        )
        if sorted(said) == sorted(made) and said != made:
            yield _of_chapter("script", chapter.number, "the cues are not in the order of the script")
        for utterance in chapter.utterances:
            if utterance.id in by_id:
                yield from _differences(chapter.number, utterance, by_id[utterance.id])
    numbers = {chapter.number for chapter in script.chapters}
    for other in chapters:
        if other.number not in numbers:
            yield _of_chapter("script", other.number, "the book has this chapter, the script has not")
    if not script.chapters:
        yield _of_chapter("script", 0, f"the script of {book.title} is empty")


def _differences(chapter: int, utterance: Utterance, cue: Cue) -> Iterator[Finding]:
    for name, written, made in (
        ("text", utterance.shown, cue.text),
        ("kind", utterance.kind, cue.kind),
        ("role", utterance.role, cue.role),
    ):
        if written != made:
            message = f"the {name} in the script is {written!r}, in the book {made!r}"
            yield _finding("script", chapter, cue.id, cue.begin_ms, message)


def leaflet_findings(script: Script, leaflet: Leaflet) -> Iterator[Finding]:
    """Lines of the leaflet, as a reader sees them, that the script does not hold, sentence after sentence."""
    printed = (one.shown for one in script.utterances() if one.role in ("text", "heading"))
    shown = " ".join(" ".join(printed).split())
    for line in _lines(leaflet):
        if " ".join(line.split()) not in shown:
            yield _of_chapter("script", 0, f"the leaflet says this, the script does not: {line}")


def _lines(leaflet: Leaflet) -> Iterator[str]:
    yield leaflet.title
    for block in (leaflet.summary, leaflet.urgent, leaflet.notice):
        if block is not None:
            yield block.text
    for section in leaflet.sections:
        yield section.title
        yield from _block_lines(section.blocks)


def _block_lines(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        yield from block.lines
        for item in block.items:
            yield from _block_lines(item)


def file_findings(files: Iterable[File], folder: Path) -> Iterator[Finding]:
    """Files of an edition, or of a library's prompts, that are gone or not as they were built."""
    for file in files:
        try:
            (found,) = describe(folder, [folder / file.path])
        except OSError as error:
            yield _of_chapter("file", 0, f"{file.path} cannot be read: {error.strerror}")
            continue
        if (found.bytes, found.sha256) != (file.bytes, file.sha256):
            yield _of_chapter("file", 0, f"{file.path} was changed since it was built")


def sound_findings(timeline: Timeline, script: Script, moved: Sequence[int], latest: float) -> Iterator[Finding]:
    """Faults of one chapter's sound: its length, its pauses, and each cue's edges; ``latest`` from ``latest_ends``."""
    chapter = timeline.chapter
    difference = timeline.length_ms - chapter.duration_ms
    if abs(difference) > _LENGTH_MS:
        message = f"the sound is {abs(difference)} ms {'longer' if difference > 0 else 'shorter'} than book.json says"
        yield _of_chapter("duration", chapter.number, message)
    if timeline.full_scale >= _CLIPPED:
        yield _of_chapter("clipped", chapter.number, f"{timeline.full_scale} samples are at full scale")
    for cue, move, before in zip(chapter.cues, moved, (0, *moved), strict=False):
        if move != before:
            message = f"from here on the sound comes {abs(move)} ms {'later' if move > 0 else 'earlier'} than its times"
            yield _of_chapter("moved", chapter.number, message, cue.begin_ms)
    yield from _pauses(timeline, script)
    for number in range(len(chapter.cues)):
        jump = number + 1 < len(moved) and moved[number + 1] != moved[number]
        if not jump:
            yield from _edges(timeline, number, moved[number], latest)


def _pauses(timeline: Timeline, script: Script) -> Iterator[Finding]:
    chapter = timeline.chapter
    wanted = {utterance.id: utterance.pause_after for utterance in script.utterances()}
    for cue, after in pairwise((*chapter.cues, None)):
        assert cue is not None, "the last of the pairs has no cue after it"
        pause = (after.speech_begin_ms if after else chapter.duration_ms) - cue.speech_end_ms
        if pause < wanted.get(cue.id, 0) - _PAUSE_MS:
            message = f"the pause after it is {pause} ms, the script has {wanted[cue.id]} ms"
            yield _finding("pause", chapter.number, cue.id, cue.begin_ms, message)


def _edges(timeline: Timeline, number: int, move: int, latest: float) -> Iterator[Finding]:
    chapter = timeline.chapter
    cue = chapter.cues[number]
    begin, end = cue.speech_begin_ms + move, cue.speech_end_ms + move
    heard = timeline.audible(begin, end)

    def fault(code: str, message: str) -> Finding:
        return _finding(code, chapter.number, cue.id, cue.begin_ms, message)

    if not len(heard):
        yield fault("silent", "there is no sound at its time")
        return
    if heard[0] - begin > (_NARROW_EDGE_MS if timeline.narrow else _EDGE_MS):
        yield fault("late", f"its sound begins {heard[0] - begin} ms after its time")
    if (short := end - int(heard[-1])) > latest:
        yield fault("cut-off", f"its sound ends {short} ms before its time, which no other does in this book")
    until = chapter.cues[number + 1].speech_begin_ms if number + 1 < len(chapter.cues) else chapter.duration_ms
    over = timeline.audible(end + _CODEC_MS, until + move - _CODEC_MS)
    if len(over):
        yield fault("pause", f"the pause after it holds {len(over) * STEP_MS} ms of sound")


def latest_ends(timelines: Sequence[Timeline], moved: Sequence[Sequence[int]]) -> float:
    """By how many ms the last sound of a clip may come before its end: more than in nearly all of the book is a fault.

    A clip ends with its engine's own silence; how sudden a sound ends tells nothing (espeak ends at full level).
    """
    gaps = [
        cue.speech_end_ms + move - int(heard[-1])
        for timeline, late in zip(timelines, moved, strict=True)
        for cue, move in zip(timeline.chapter.cues, late, strict=True)
        if len(heard := timeline.audible(cue.speech_begin_ms + move, cue.speech_end_ms + move))
    ]
    if not gaps:
        return 0.0
    low, usual, high = np.percentile(gaps, [25, 50, 75])
    return float(usual + max(_TAIL_MS, 5 * (high - low)))


def cue_findings(
    timelines: Sequence[Timeline], script: Script, moved: Sequence[Sequence[int]], *, rates: bool = True
) -> Iterator[Finding]:
    """Cues much louder or softer, or, with ``rates``, said much faster or slower, than the others of the book.

    The time of an utterance is fitted as a constant and so much a letter; slow syllables and digits are left out.
    """
    spoken = {utterance.id: utterance.spoken for utterance in script.utterances()}
    places, levels, letters, lengths = [], [], [], []
    for timeline, moves in zip(timelines, moved, strict=True):
        for cue, move in zip(timeline.chapter.cues, moves, strict=True):
            heard = timeline.audible(cue.speech_begin_ms + move, cue.speech_end_ms + move)
            if len(heard) and cue.id in spoken:
                loud = timeline.between(cue.speech_begin_ms + move, cue.speech_end_ms + move)
                places.append((timeline.chapter.number, cue))
                levels.append(float(10 * np.log10((10 ** (loud[loud > AUDIBLE_DBFS] / 10)).mean())))
                plain = not any(isinstance(span, Syllables | Spelled | Pause | Unread) for span in spoken[cue.id])
                letters.append(_letters(in_words(spoken[cue.id])) if plain else 0)
                lengths.append(int(heard[-1] - heard[0]) + STEP_MS)
    if len(places) < 3:
        return
    usual = float(np.median(levels))
    for (chapter, cue), level in zip(places, levels, strict=True):
        if abs(level - usual) > _LOUDNESS_DB:
            message = f"it is {abs(level - usual):.0f} dB {'louder' if level > usual else 'softer'} than the others"
            yield _finding("loudness", chapter, cue.id, cue.begin_ms, message)
    if rates:
        yield from _rates(places, np.array(letters), np.array(lengths))


def _letters(said: str) -> int:
    """How long words are to say; a letter that stands alone is said by its name."""
    return sum(len(word) + 1 if len(word.strip(".,:;?!")) > 1 else _LETTER_NAME for word in said.split())


def _rates(
    places: Sequence[tuple[int, Cue]], letters: NDArray[np.int64], lengths: NDArray[np.int64]
) -> Iterator[Finding]:
    plain = letters > 0
    if plain.sum() < 3:
        return
    a_letter = float(np.median(lengths[plain] / (letters[plain] + 3)))
    for (chapter, cue), count, length in zip(places, letters, lengths, strict=True):
        if not count:
            continue
        ratio = length / (a_letter * (count + 3))
        if not _SHORTEST < ratio < _LONGEST:
            message = f"it takes {ratio:.1f} times as long as words of its length do in this book"
            yield _finding("rate", chapter, cue.id, cue.begin_ms, message)


def _finding(code: str, chapter: int, cue: str, begin_ms: int, message: str) -> Finding:
    return Finding(code=code, chapter=chapter, cue=cue, begin_ms=begin_ms, message=message)


def _of_chapter(code: str, chapter: int, message: str, begin_ms: int = 0) -> Finding:
    return _finding(code, chapter, "", begin_ms, message)
