"""An M4B audiobook: AAC with chapters for every player, made by an ffmpeg that runs beside the other work.

ffmpeg starts when the lengths of the chapters are known, and is fed as each chapter is ready. It writes
both forms of chapters (a QuickTime text track and Nero's ``chpl``). Files that it needs lie beside the book
while it is made.
"""

from __future__ import annotations

import contextlib
import queue
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from audioleaflet.errors import SoundError
from audioleaflet.sound import ffmpeg
from audioleaflet.sound.id3 import MOST_CHAPTERS, Tags, picture_type
from audioleaflet.sound.iso639 import three_letters
from audioleaflet.units import Hz

SAMPLE_BYTES = 2
SLICE_BYTES = 1 << 20
SLICES_WAITING = 48
"""At most 48 MiB wait for ffmpeg, some eighteen minutes of sound: more than a build renders at a time."""
STALL_SECONDS = 60.0
"""How long one slice may take (24 s of sound, encoded in 0.1 s) before ffmpeg is taken for dead."""
SLOWEST_SPEED = 10
"""At the end ffmpeg gets a second for each this many seconds of the book, besides STALL_SECONDS."""
# Measured on ten minutes at 22,050 Hz: the default coder takes 7.6 s at 64 kbit/s, the fast one 3.0 s, and 1.4 s for
# the same mean bit rate at a constant quality, which it need not search for. MP4 has an index: players find any place.
AAC = ("-c:a", "aac", "-aac_coder", "fast", "-q:a", "1.2")
# Bit-exact flags keep dates and versions out: the bytes repeat.
REPEATABLE = ("-fflags", "+bitexact", "-flags:a", "+bitexact", "-threads", "1")
M4B = ("-f", "ipod", "-brand", "M4B ", "-movflags", "+faststart")
AUDIOBOOK = "2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Length:
    """A chapter before it is written: its title and how many samples it will have."""

    title: str
    samples: int


class M4bWriter:
    """Writes one M4B as a context manager: PCM in, chapter by chapter, and a whole file after the block.

    ``path``: the file to write. ``lengths``: every chapter in order. ``tags``: what the file says of
    itself, with its cover; ``text`` and ``marks`` are not used. If the block ends in an exception, or
    ffmpeg fails, ffmpeg is ended and no file is left. Raises SoundError, from ``write`` or at the end of
    the block, when ffmpeg fails, stalls, or was given another length than ``lengths`` tell.
    """

    def __init__(self, path: Path, *, rate: Hz, lengths: Sequence[Length], tags: Tags) -> None:
        if len(lengths) > MOST_CHAPTERS or any(length.samples <= 0 for length in lengths):
            raise SoundError(f"{path.name} cannot have {len(lengths)} chapters, or an empty one")
        self._path = path
        self._rate = rate
        self._lengths = tuple(lengths)
        self._tags = tags
        self._written = 0
        self._broken = threading.Event()
        self._slices: queue.Queue[memoryview | None] = queue.Queue(SLICES_WAITING)
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> Self:
        with contextlib.ExitStack() as stack:
            notes = self._beside(stack, "ffmetadata", metadata(self._tags, self._lengths, self._rate).encode())
            cover = self._beside(stack, "cover", self._tags.cover) if self._tags.cover else None
            # Not a pipe: one that nobody reads would fill, and ffmpeg would wait for ever.
            self._errors = stack.enter_context(tempfile.TemporaryFile())
            try:
                self._process = subprocess.Popen(
                    [ffmpeg.path(), *ffmpeg.QUIET, "-y", *self._arguments(notes, cover)],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.DEVNULL,
                    stderr=self._errors,
                )
            except OSError as error:
                raise SoundError(f"ffmpeg does not start: {error.strerror}", next_step=ffmpeg.REINSTALL) from error
            self._stack = stack.pop_all()
        self._feeder = threading.Thread(target=self._feed, name="m4b", daemon=True)
        self._feeder.start()
        return self

    def write(self, pcm: bytes) -> None:
        """Give the next 16-bit little-endian samples; wait while ffmpeg is far behind. Raises SoundError."""
        view = memoryview(pcm)
        for begin in range(0, len(view), SLICE_BYTES):
            if self._broken.is_set():
                raise self._failure()
            self._put(view[begin : begin + SLICE_BYTES])
        self._written += len(view)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        whole = False
        try:
            if kind is None:
                self._finish()
                whole = True
        finally:
            self._end()
            if not whole:
                self._path.unlink(missing_ok=True)
            self._stack.close()

    def _finish(self) -> None:
        expected = sum(length.samples for length in self._lengths)
        if self._written != expected * SAMPLE_BYTES:
            raise SoundError(
                f"{self._path.name} was given {self._written // SAMPLE_BYTES} samples and told of {expected}"
            )
        self._put(None)
        limit = STALL_SECONDS + expected / self._rate / SLOWEST_SPEED
        try:
            status = self._process.wait(limit)
        except subprocess.TimeoutExpired as late:
            raise SoundError(f"ffmpeg did not finish {self._path.name} in {limit:.0f} seconds") from late
        if status or self._broken.is_set():
            raise self._failure()

    def _put(self, item: memoryview | None) -> None:
        try:
            self._slices.put(item, timeout=STALL_SECONDS)
        except queue.Full as full:
            raise SoundError(f"ffmpeg took in no sound for {STALL_SECONDS:.0f} seconds") from full

    def _feed(self) -> None:
        """The thread that hands slices to ffmpeg; after a failure it only empties the queue."""
        pipe = self._process.stdin
        assert pipe is not None
        while (piece := self._slices.get()) is not None:
            if not self._broken.is_set():
                try:
                    pipe.write(piece)
                except OSError:  # ffmpeg has gone; its status and its stderr tell why
                    self._broken.set()
        try:
            pipe.close()
        except OSError:
            self._broken.set()

    def _end(self) -> None:
        """Leave no process and no thread behind, however far the work had come."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        # With the process gone every write fails at once, so the thread empties the queue and there is room.
        self._broken.set()
        self._slices.put(None)
        self._feeder.join()

    def _failure(self) -> SoundError:
        """What ffmpeg says of its end. It has closed its input, so it is ending; if not, it is ended."""
        try:
            status = self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            status = self._process.wait()
        self._errors.seek(0)
        return ffmpeg.failure(status, self._errors.read())

    def _arguments(self, notes: Path, cover: Path | None) -> Iterator[str]:
        yield from ("-f", "s16le", "-ar", str(self._rate), "-ac", "1", "-i", "pipe:0")
        yield from ("-f", "ffmetadata", "-i", f"file:{notes}")
        if cover is not None:
            kind = "png_pipe" if picture_type(self._tags.cover) == "image/png" else "jpeg_pipe"
            yield from ("-f", kind, "-i", f"file:{cover}", "-map", "2:v", "-c:v", "copy")
            yield from ("-disposition:v:0", "attached_pic")
        yield from ("-map", "0:a", "-map_metadata", "1", "-map_chapters", "1")
        yield from ("-metadata:s:a:0", f"language={three_letters(self._tags.language)}")
        yield from (*AAC, *REPEATABLE, *M4B, f"file:{self._path}")

    def _beside(self, stack: contextlib.ExitStack, what: str, data: bytes) -> Path:
        """A file for ffmpeg in the folder of the book, gone when the stack closes."""
        file = self._path.with_name(f".{self._path.name}.{what}")
        stack.callback(file.unlink, missing_ok=True)
        file.write_bytes(data)
        return file


def metadata(tags: Tags, lengths: Sequence[Length], rate: Hz) -> str:
    """Tags and chapters in ffmpeg's FFMETADATA1 form, chapters in samples; media type 2 is an audiobook."""
    fields = {
        "title": tags.title,
        "artist": tags.artist,
        "album_artist": tags.album_artist,
        "album": tags.album,
        "date": tags.year,
        "genre": tags.genre,
        "comment": tags.comment,
        "copyright": tags.copyright,
        "grouping": tags.grouping,
        "media_type": AUDIOBOOK,
    }
    lines = [";FFMETADATA1", *(f"{name}={_escape(value)}" for name, value in fields.items() if value)]
    begin = 0
    for length in lengths:
        end = begin + length.samples
        lines += [
            "[CHAPTER]",
            f"TIMEBASE=1/{rate}",
            f"START={begin}",
            f"END={end}",
            f"title={_escape(length.title)}",
        ]
        begin = end
    return "\n".join(lines) + "\n"


def _escape(value: str) -> str:
    """``=``, ``;``, ``#``, ``\\`` and a line's end have a meaning in FFMETADATA1."""
    return "".join(f"\\{letter}" if letter in "=;#\\\n" else letter for letter in value)
