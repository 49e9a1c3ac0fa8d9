"""Stretches made to sound: one gain for a book, peaks limited, each stretch encoded once."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from audioleaflet.book.layout import Place, Stretch
from audioleaflet.cache import Cache, key_of, version_of
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
_COST = struct.Struct("<d")
_HEADER = struct.Struct("<dI")  # true peak in dBTP, number of loudness bins


@dataclass(frozen=True, slots=True, kw_only=True)
class Sounding:
    """A stretch in sound. ``frames``: its MP3 frames, without tags.

    ``energies`` and ``true_peak_dbtp`` were measured after the gain and the limiter.
    """

    stretch: Stretch
    frames: bytes
    energies: NDArray[np.float32]
    true_peak_dbtp: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rendered:
    """A stretch before its MP3: ``known`` has the frames where the cache does; then ``pcm`` may be empty."""

    stretch: Stretch
    key: str
    known: memoryview | None
    pcm: bytes
    energies: NDArray[np.float32]
    true_peak_dbtp: float


class Soundings:
    """The stretches of a book in sound, one after the other; a context manager, at work from its beginning.

    ``jobs`` threads work on a batch of some fifteen minutes at a time. ``with_pcm``: somebody listens to the PCM of
    every stretch, also of those whose MP3 is known.
    """

    def __init__(
        self, stretches: Sequence[Stretch], *, gain_db: float, cache: Cache, jobs: int, with_pcm: bool
    ) -> None:
        self._batches = _batches(stretches, jobs)
        self._gain_db = gain_db
        self._cache = cache
        self._with_pcm = with_pcm
        self._pool = ThreadPoolExecutor(max_workers=jobs)
        self._rendering: list[Future[_Rendered]] = []
        self._sounding: list[Future[Sounding]] = []

    def __enter__(self) -> Self:
        self._begin()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def each(self, listen: Callable[[bytes], None] | None = None) -> Iterator[Sounding]:
        """The stretches in order. ``listen`` gets the PCM of each in order, as soon as it is there, before its MP3."""
        while self._rendering or self._sounding:
            for rendering in self._rendering:
                rendered = rendering.result()
                self._sounding.append(self._pool.submit(_encoded, rendered, self._cache))
                if listen is not None:
                    listen(rendered.pcm)
            for sounding in self._sounding:
                yield sounding.result()
            self._begin()

    def _begin(self) -> None:
        batch = next(self._batches, [])
        if self._with_pcm:  # what listens works alone and longest: it gets its sound before any MP3 is begun
            self._rendering = [self._pool.submit(self._render, stretch) for stretch in batch]
            self._sounding = []
        else:  # the longest first: begun last, it would leave all threads but one without work
            by_length = sorted(range(len(batch)), key=lambda number: -batch[number].samples)
            begun = {number: self._pool.submit(self._sound, batch[number]) for number in by_length}
            self._sounding = [begun[number] for number in range(len(batch))]

    def _render(self, stretch: Stretch) -> _Rendered:
        return _rendered(stretch, self._gain_db, self._cache, self._with_pcm)

    def _sound(self, stretch: Stretch) -> Sounding:
        return _encoded(self._render(stretch), self._cache)


def gain_of(stretches: Sequence[Stretch], cache: Cache) -> float:
    """The one gain in dB, in steps of 0.5, that brings a whole book to the target.

    The limiter costs some of the loudness that the gain gives (0.4 LU with espeak). How much is measured on a few
    clips, picked by their keys, so that a changed sentence changes the pick by one clip at most.
    """
    energies = [_energies(stretch, [place.take.energies for place in stretch.places]) for stretch in stretches]
    gain_db = gain_to(integrated(np.concatenate(energies)), TARGET_LUFS)
    takes = {place.take.key: place.take for stretch in stretches for place in stretch.places}
    some = [takes[key] for key in sorted(takes)[:_MEASURED_CLIPS]]
    key = key_of(json.dumps([REVISION, "gain", gain_db, CEILING_DBTP, [take.key for take in some]]).encode())
    known = cache.get(key)
    if known is not None:
        (cost_db,) = _COST.unpack(known)
    else:
        cost_db = _cost_of_limiting(some, gain_db, cache, stretches[0].rate)
        cache.put(key, _COST.pack(cost_db))
    return gain_db + float(cost_db)


def _cost_of_limiting(takes: Sequence[Take], gain_db: float, cache: Cache, rate: Hz) -> float:
    limited = [bin_energies(_limited(take, gain_db, cache, rate), rate) for take in takes]
    wanted = integrated(np.concatenate([take.energies for take in takes])) + gain_db
    # Clips too short or too soft to be measured cost nothing that could be.
    return gain_to(integrated(np.concatenate(limited)), wanted) if np.isfinite(wanted) else 0.0


def _batches(stretches: Iterable[Stretch], jobs: int) -> Iterator[list[Stretch]]:
    batch: list[Stretch] = []
    for stretch in stretches:
        batch.append(stretch)
        if len(batch) >= jobs and sum(one.samples for one in batch) >= _BATCH_S * stretch.rate:
            yield batch
            batch = []
    if batch:
        yield batch


def loudness_of(soundings: Iterable[NDArray[np.float32]]) -> float:
    """Integrated loudness of a book in LUFS, from its stretches' energies."""
    return integrated(np.concatenate(list(soundings)))


def _rendered(stretch: Stretch, gain_db: float, cache: Cache, with_pcm: bool) -> _Rendered:
    key = _key(stretch, gain_db)
    known = cache.get(key)
    if known is None:
        clips = _clips(stretch, gain_db, cache)
        return _Rendered(
            stretch=stretch,
            key=key,
            known=None,
            pcm=_joined(stretch, clips),
            energies=_energies(stretch, [bin_energies(clip, stretch.rate) for clip in clips]),
            true_peak_dbtp=max(true_peak(clip, stretch.rate) for clip in clips),
        )
    peak, bins = _HEADER.unpack_from(known)
    energies = np.frombuffer(known, np.float32, bins, _HEADER.size)
    return _Rendered(
        stretch=stretch,
        key=key,
        known=known[_HEADER.size + energies.nbytes :],
        pcm=_joined(stretch, _clips(stretch, gain_db, cache)) if with_pcm else b"",
        energies=energies,
        true_peak_dbtp=peak,
    )


def _encoded(rendered: _Rendered, cache: Cache) -> Sounding:
    if rendered.known is None:
        frames = mp3.encode(rendered.pcm, rendered.stretch.rate)
        head = _HEADER.pack(rendered.true_peak_dbtp, len(rendered.energies))
        cache.put(rendered.key, head, rendered.energies.tobytes(), frames)
    else:
        frames = bytes(rendered.known)
    return Sounding(
        stretch=rendered.stretch,
        frames=frames,
        energies=rendered.energies,
        true_peak_dbtp=rendered.true_peak_dbtp,
    )


def _limited(take: Take, gain_db: float, cache: Cache, rate: Hz) -> NDArray[np.int16]:
    pcm = np.frombuffer(take.pcm(cache), np.int16)
    return limit(pcm, gain_db=gain_db, ceiling_dbtp=CEILING_DBTP, rate=rate)


def _clips(stretch: Stretch, gain_db: float, cache: Cache) -> list[NDArray[np.int16]]:
    return [_limited(place.take, gain_db, cache, stretch.rate) for place in stretch.places]


def _joined(stretch: Stretch, clips: Sequence[NDArray[np.int16]]) -> bytes:
    ready = iter(clips)
    parts = (next(ready).data if isinstance(part, Place) else part for part in stretch.parts())
    return bytes(stitch(parts, stretch.rate).raw_data)


def _energies(stretch: Stretch, clips: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
    """The energies of clips at their places, silence between: clips begin on the grid, so bins need no splitting."""
    grid = grid_samples(stretch.rate)
    bins = np.zeros(-(-stretch.samples // grid), np.float32)
    for place, energies in zip(stretch.places, clips, strict=True):
        first = place.begin // grid
        bins[first : first + len(energies)] += energies[: len(bins) - first]
    return bins


def _key(stretch: Stretch, gain_db: float) -> str:
    places = [(place.take.key, place.begin) for place in stretch.places]
    recipe = [REVISION, version_of("lameenc"), gain_db, TARGET_LUFS, CEILING_DBTP, stretch.samples, stretch.rate]
    return key_of(json.dumps([*recipe, places]).encode())
