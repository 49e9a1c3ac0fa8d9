"""Chapters made to sound: one gain for a book, peaks limited, each chapter encoded once."""

from __future__ import annotations

import json
import struct
from collections.abc import Generator, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import version

import numpy as np
from numpy.typing import NDArray

from audioleaflet.book.layout import ChapterLayout, Place
from audioleaflet.cache import Cache, key_of
from audioleaflet.sound import mp3
from audioleaflet.sound.limiter import limit
from audioleaflet.sound.loudness import bin_energies, gain_to, grid_samples, integrated, true_peak
from audioleaflet.sound.stitch import stitch
from audioleaflet.speech.narrator import Take
from audioleaflet.units import Hz

TARGET_LUFS = -19.0  # a mono file at -19 is as loud as a stereo one at -16, and inside ACX's window
CEILING_DBTP = -4.0  # MP3 and AAC overshoot by up to 1.5 dB: decoded files stay under -2.5
_MEASURED_CLIPS = 16
_BATCH_S = 900  # 40 MB of PCM at 22,050 Hz
REVISION = "sound/1"
_HEADER = struct.Struct("<dI")  # true peak in dBTP, number of loudness bins


@dataclass(frozen=True, slots=True, kw_only=True)
class Sounding:
    """A chapter in sound. ``frames``: its MP3 frames without tags. ``pcm``: its samples, empty unless asked for.

    ``energies`` and ``true_peak_dbtp`` were measured after the gain and the limiter.
    """

    layout: ChapterLayout
    frames: bytes
    pcm: bytes
    energies: NDArray[np.float32]
    true_peak_dbtp: float


def gain_of(layouts: Sequence[ChapterLayout], cache: Cache) -> float:
    """The one gain in dB, in steps of 0.5, that brings a whole book to the target.

    The limiter costs some of the loudness that the gain gives (0.4 LU with espeak). How much is measured on a few clips,
    picked by their keys, so that a changed sentence changes the pick by one clip at most.
    """
    energies = [_chapter_energies(layout, [place.take.energies for place in layout.places]) for layout in layouts]
    gain_db = gain_to(integrated(np.concatenate(energies)), TARGET_LUFS)
    rate = layouts[0].rate
    takes = {place.take.key: place.take for layout in layouts for place in layout.places}
    some = [takes[key] for key in sorted(takes)[:_MEASURED_CLIPS]]
    limited = [bin_energies(_limited(take, gain_db, cache, rate), rate) for take in some]
    wanted = integrated(np.concatenate([take.energies for take in some])) + gain_db
    if not np.isfinite(wanted):  # nothing but clips too short to be measured
        return gain_db
    return gain_db + gain_to(integrated(np.concatenate(limited)), wanted)


def sound(
    layouts: Iterable[ChapterLayout], *, gain_db: float, cache: Cache, jobs: int, with_pcm: bool
) -> Generator[Sounding, None, None]:
    """The chapters in order, made by ``jobs`` threads, a batch of some ten minutes at a time.

    The longest of a batch is begun first: begun last, it would leave all threads but one without work at the end.
    """
    with ThreadPoolExecutor(max_workers=jobs) as pool:
        try:
            for batch in _batches(layouts, jobs):
                by_length = sorted(batch, key=lambda layout: -layout.samples)
                futures = {id(one): pool.submit(_sound, one, gain_db, cache, with_pcm) for one in by_length}
                for layout in batch:
                    yield futures.pop(id(layout)).result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _batches(layouts: Iterable[ChapterLayout], jobs: int) -> Generator[list[ChapterLayout], None, None]:
    batch: list[ChapterLayout] = []
    for layout in layouts:
        batch.append(layout)
        if len(batch) >= jobs and sum(one.samples for one in batch) >= _BATCH_S * layout.rate:
            yield batch
            batch = []
    if batch:
        yield batch


def loudness_of(soundings: Iterable[NDArray[np.float32]]) -> float:
    """Integrated loudness of a book in LUFS, from its chapters' energies."""
    return integrated(np.concatenate(list(soundings)))


def _sound(layout: ChapterLayout, gain_db: float, cache: Cache, with_pcm: bool) -> Sounding:
    key = _key(layout, gain_db)
    known = cache.get(key)
    if known is None:
        pcm, energies, peak = _rendered(layout, gain_db, cache)
        frames = mp3.encode(pcm, layout.rate)
        cache.put(key, _HEADER.pack(peak, len(energies)), energies.tobytes(), frames)
    else:
        peak, bins = _HEADER.unpack_from(known)
        energies = np.frombuffer(known, np.float32, bins, _HEADER.size)
        frames = bytes(known[_HEADER.size + energies.nbytes :])
        pcm = _joined(layout, _clips(layout, gain_db, cache)) if with_pcm else b""
    return Sounding(
        layout=layout, frames=frames, pcm=pcm if with_pcm else b"", energies=energies, true_peak_dbtp=peak
    )


def _rendered(layout: ChapterLayout, gain_db: float, cache: Cache) -> tuple[bytes, NDArray[np.float32], float]:
    clips = _clips(layout, gain_db, cache)
    energies = _chapter_energies(layout, [bin_energies(clip, layout.rate) for clip in clips])
    peak = max(true_peak(clip, layout.rate) for clip in clips)
    return _joined(layout, clips), energies, peak


def _limited(take: Take, gain_db: float, cache: Cache, rate: Hz) -> NDArray[np.int16]:
    pcm = np.frombuffer(take.pcm(cache), np.int16)
    return limit(pcm, gain_db=gain_db, ceiling_dbtp=CEILING_DBTP, rate=rate)


def _clips(layout: ChapterLayout, gain_db: float, cache: Cache) -> list[NDArray[np.int16]]:
    return [_limited(place.take, gain_db, cache, layout.rate) for place in layout.places]


def _joined(layout: ChapterLayout, clips: Sequence[NDArray[np.int16]]) -> bytes:
    ready = iter(clips)
    parts = (next(ready).tobytes() if isinstance(part, Place) else part for part in layout.parts())
    return bytes(stitch(parts, layout.rate).raw_data)


def _chapter_energies(layout: ChapterLayout, clips: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
    """The energies of clips at their places, silence between: clips begin on the grid, so bins need no splitting."""
    grid = grid_samples(layout.rate)
    bins = np.zeros(-(-layout.samples // grid), np.float32)
    for place, energies in zip(layout.places, clips, strict=True):
        first = place.begin // grid
        bins[first : first + len(energies)] += energies[: len(bins) - first]
    return bins


def _key(layout: ChapterLayout, gain_db: float) -> str:
    places = [(place.take.key, place.begin) for place in layout.places]
    recipe = [REVISION, version("lameenc"), gain_db, TARGET_LUFS, CEILING_DBTP, layout.samples, layout.rate, places]
    return key_of(json.dumps(recipe).encode())
