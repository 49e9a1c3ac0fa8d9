"""Telephone sound: narrated scripts as files of G.711 at 8 kHz, with the renditions and prompts that describe them.

A chapter's clips are laid out as in the book, joined, and then made telephone sound as a whole, so that its level is
one. Each file is a whole number of 20 ms packets, and what it was made from is its address in the cache: one changed
sentence costs one chapter.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from audioleaflet.book.layout import ChapterLayout, lay_out
from audioleaflet.book.model import Chapter, Cue, Prompt, Rendition
from audioleaflet.cache import Cache, key_of, version_of
from audioleaflet.script.model import Script, ScriptChapter
from audioleaflet.sound import telephone
from audioleaflet.sound.loudness import grid_samples
from audioleaflet.speech.narrator import Narration, Progress
from audioleaflet.units import Hz, ms_to_samples, samples_to_ms

CODEC: Final = "ulaw"
FOLDER: Final = "phone"
RATES: Final = ("slow", "normal", "fast")
"""The renditions, slowest first; in ``book.json`` their names begin with ``phone-``."""
REVISION: Final = "phone/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Studio:
    """What telephone sound is made with: the codecs besides µ-law, the cache, and how many threads work at once."""

    codecs: Collection[str]
    cache: Cache
    jobs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """A chapter or a prompt, and the file that it becomes, without its ending."""

    layout: ChapterLayout
    stem: Path

    @property
    def samples(self) -> int:
        """Its length at its voice's rate, up to the end of its last silence: whole packets."""
        place = self.layout.places[-1]
        end = place.end + ms_to_samples(place.utterance.pause_after, self.layout.rate)
        packet = grid_samples(self.layout.rate)
        return -(-end // packet) * packet

    @property
    def duration_ms(self) -> int:
        """Its length in milliseconds."""
        return samples_to_ms(self.samples, self.layout.rate)

    def cues(self) -> tuple[Cue, ...]:
        """Its cues, the last of which ends where the file does."""
        cues = self.layout.cues()
        return (*cues[:-1], cues[-1].model_copy(update={"end_ms": self.duration_ms}))


def write_rendition(
    name: str,
    script: Script,
    narration: Narration,
    folder: Path,
    studio: Studio,
    *,
    progress: Progress,
) -> Rendition:
    """Write a script's chapters into ``folder/phone/<name>/``, and describe them as the rendition ``phone-<name>``.

    ``progress`` is told (done, all). Raises SoundError, StorageError and OSError.
    """
    place = folder / FOLDER / name
    lines = _lines(script.chapters, narration, place, lambda chapter: f"{chapter.number:02}-{chapter.id}")
    _write(lines, studio, progress)
    starts = accumulate((line.duration_ms for line in lines), initial=0)
    chapters = tuple(
        Chapter(
            number=line.layout.chapter.number,
            id=line.layout.chapter.id,
            title=line.layout.chapter.title,
            audio=_path(line, folder),
            start_ms=start,
            duration_ms=line.duration_ms,
            cues=line.cues(),
        )
        for line, start in zip(lines, starts, strict=False)
    )
    return Rendition(
        name=f"{FOLDER}-{name}",
        rate_wpm=narration.rate_wpm,
        codec=CODEC,
        sample_rate=telephone.RATE,
        chapters=chapters,
    )


def write_prompts(
    script: Script, narration: Narration, place: Path, studio: Studio, *, base: Path, cues: Mapping[str, str]
) -> tuple[Prompt, ...]:
    """Write a script's chapters into ``place`` as prompts, and describe them by their paths below ``base``.

    ``cues``: the name of a prompt to the cue of the book that it belongs to. Raises SoundError, StorageError, OSError.
    """
    lines = _lines(script.chapters, narration, place, lambda chapter: chapter.id)
    _write(lines, studio, lambda _done, _all: None)
    return tuple(
        Prompt(
            name=line.layout.chapter.id,
            text=line.layout.chapter.title,
            audio=_path(line, base),
            duration_ms=line.duration_ms,
            cues=line.cues(),
            cue=cues.get(line.layout.chapter.id, ""),
        )
        for line in lines
    )


def _lines(
    chapters: Iterable[ScriptChapter], narration: Narration, place: Path, name: Callable[[ScriptChapter], str]
) -> list[_Line]:
    return [_Line(layout=lay_out(chapter, narration.takes), stem=place / name(chapter)) for chapter in chapters]


def _path(line: _Line, base: Path) -> str:
    return line.stem.relative_to(base).with_name(f"{line.stem.name}.{CODEC}").as_posix()


def _write(lines: Sequence[_Line], studio: Studio, progress: Progress) -> None:
    """Write every file of ``lines``, the longest begun first: begun last, it would leave all threads but one idle."""
    codecs = tuple(dict.fromkeys((CODEC, *studio.codecs)))
    for folder in {line.stem.parent for line in lines}:
        folder.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(max_workers=studio.jobs) as pool:
        by_length = sorted(lines, key=lambda line: -line.samples)
        waiting: list[Future[None]] = [pool.submit(_write_line, line, codecs, studio.cache) for line in by_length]
        try:
            for done, one in enumerate(waiting, 1):
                one.result()
                progress(done, len(lines))
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise


def _write_line(line: _Line, codecs: Sequence[str], cache: Cache) -> None:
    pcm: NDArray[np.int16] | None = None
    for codec in codecs:
        key = _key(line, codec)
        content = cache.get(key)
        if content is None:
            pcm = _joined(line, cache) if pcm is None else pcm
            made = telephone.encoded(codec, pcm, line.layout.rate)
            cache.put(key, made)
            content = memoryview(made)
        line.stem.with_name(f"{line.stem.name}.{codec}").write_bytes(content)


def _joined(line: _Line, cache: Cache) -> NDArray[np.int16]:
    pcm = np.zeros(line.samples, np.int16)
    for place in line.layout.places:
        pcm[place.begin : place.end] = np.frombuffer(place.take.pcm(cache), np.int16)
    return pcm


def _key(line: _Line, codec: str) -> str:
    rate: Hz = line.layout.rate
    places = [(place.take.key, place.begin) for place in line.layout.places]
    libraries = [version_of(name) for name in ("numpy", "imageio-ffmpeg")]
    recipe = [REVISION, telephone.REVISION, *libraries, codec, rate, line.samples]
    return key_of(json.dumps([*recipe, places]).encode())
