from __future__ import annotations

import errno
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from audioleaflet.errors import SoundError
from audioleaflet.sound import ffmpeg, m4b
from audioleaflet.sound.id3 import Tags
from audioleaflet.sound.loudness import bin_energies, integrated
from audioleaflet.sound.m4b import Length, M4bWriter, metadata
from audioleaflet.units import Hz

Bursts = Callable[..., NDArray[np.int16]]
RATE = Hz(22050)
TAGS = Tags(title="Bone; metastasis = #1\\2\nnew", language="en-GB", artist="A Clinic", year="2026")
TITLES = ["00 Introduction", "01 What is bone metastasis?", "02 é 日本"]


@pytest.fixture
def chapters(bursts: Bursts) -> list[bytes]:
    return [bursts(seconds, RATE, seed=seed).tobytes() for seed, seconds in enumerate([2.2, 3.05, 1.5])]


@pytest.fixture
def another_ffmpeg(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[[str], None]]:
    def use(body: str) -> None:
        file = tmp_path / "ffmpeg"
        file.write_text(f"#!{sys.executable}\nimport os, signal, sys, time\n{body}\n", encoding="utf-8")
        file.chmod(0o755)
        monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(file))
        ffmpeg.path.cache_clear()

    yield use
    ffmpeg.path.cache_clear()


def lengths(chapters: list[bytes]) -> list[Length]:
    return [Length(title=title, samples=len(pcm) // 2) for title, pcm in zip(TITLES, chapters, strict=True)]


def make(path: Path, chapters: list[bytes], tags: Tags = TAGS) -> bytes:
    with M4bWriter(path, rate=RATE, lengths=lengths(chapters), tags=tags) as book:
        for pcm in chapters:
            book.write(pcm)
    return path.read_bytes()


def nothing_left(folder: Path) -> bool:
    threads = [thread.name for thread in threading.enumerate()]
    return [file.name for file in folder.iterdir()] == [] and "m4b" not in threads


def test_the_book_is_whole_and_alone(tmp_path: Path, chapters: list[bytes]) -> None:
    data = make(tmp_path / "b.m4b", chapters)
    assert [file.name for file in tmp_path.iterdir()] == ["b.m4b"]
    assert data[4:12] == b"ftypM4B "
    assert b"Lav" not in data  # no version of ffmpeg's, no date: nothing that another day would change
    assert data.index(b"moov") < data.index(b"mdat")
    decoded = np.frombuffer(ffmpeg.decode(data, rate=RATE), np.int16)
    samples = sum(len(pcm) for pcm in chapters) // 2
    assert samples <= len(decoded) <= samples + 1024
    before = np.frombuffer(b"".join(chapters), np.int16)
    assert integrated(bin_energies(decoded, RATE)) == pytest.approx(integrated(bin_energies(before, RATE)), abs=0.2)


def test_both_forms_of_chapters_are_there(tmp_path: Path, chapters: list[bytes]) -> None:
    data = make(tmp_path / "b.m4b", chapters)
    nero = data.index(b"chpl")
    for title in TITLES:
        assert data.count(title.encode(), 0, nero) + data.count(title.encode(), nero) == 2
    assert b"chap" in data  # the reference from the sound's track to the text track
    assert data[nero + 12 : nero + 13] == b"\x03"


def test_the_same_input_gives_the_same_bytes(tmp_path: Path, chapters: list[bytes]) -> None:
    assert make(tmp_path / "one.m4b", chapters) == make(tmp_path / "two.m4b", chapters)


def test_metadata_is_escaped() -> None:
    text = metadata(TAGS, [Length(title="a=b", samples=5), Length(title="c", samples=7)], RATE)
    assert "title=Bone\\; metastasis \\= \\#1\\\\2\\\nnew\n" in text
    assert text.endswith(
        "[CHAPTER]\nTIMEBASE=1/22050\nSTART=0\nEND=5\ntitle=a\\=b\n"
        "[CHAPTER]\nTIMEBASE=1/22050\nSTART=5\nEND=12\ntitle=c\n"
    )


def test_an_abandoned_book_leaves_nothing(tmp_path: Path, chapters: list[bytes]) -> None:
    def interrupted() -> None:
        with M4bWriter(tmp_path / "b.m4b", rate=RATE, lengths=lengths(chapters), tags=TAGS) as book:
            book.write(chapters[0])
            deadline = time.monotonic() + 20
            while not (tmp_path / "b.m4b").exists() and time.monotonic() < deadline:
                time.sleep(0.01)
            assert (tmp_path / "b.m4b").exists()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert nothing_left(tmp_path)


def test_other_lengths_than_told_are_refused(tmp_path: Path, chapters: list[bytes]) -> None:
    book = M4bWriter(tmp_path / "b.m4b", rate=RATE, lengths=lengths(chapters), tags=TAGS)
    with pytest.raises(SoundError, match="samples and told of"), book:
        book.write(chapters[0])
    assert nothing_left(tmp_path)
    with pytest.raises(SoundError, match="empty"):
        M4bWriter(tmp_path / "b.m4b", rate=RATE, lengths=[Length(title="x", samples=0)], tags=TAGS)


def test_a_folder_that_is_not_there_is_told_and_a_book_elsewhere_is_not_begun(
    tmp_path: Path, chapters: list[bytes]
) -> None:
    with pytest.raises(FileNotFoundError):
        make(tmp_path / "gone" / "b.m4b", chapters)
    assert nothing_left(tmp_path)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("sys.stderr.write('first\\nInvalid argument\\n'); sys.exit(234)", "234: Invalid argument"),
        ("os.read(0, 10); os.kill(os.getpid(), signal.SIGKILL)", "signal 9: it gave no reason"),
        ("sys.stderr.write('x' * 1_000_000); sys.stdin.buffer.read(); sys.exit(3)", "status 3: xxx"),
    ],
)
def test_a_failing_ffmpeg_is_told(
    body: str, message: str, tmp_path: Path, another_ffmpeg: Callable[[str], None]
) -> None:
    another_ffmpeg(body)
    folder = tmp_path / "out"
    folder.mkdir()
    long = bytes(64 << 20)  # more than may wait, so that a feeder that stopped would be noticed
    book = M4bWriter(folder / "b.m4b", rate=RATE, lengths=[Length(title="x", samples=32 << 20)], tags=TAGS)
    with pytest.raises(SoundError, match=message), book:
        book.write(long)
    assert nothing_left(folder)


@pytest.mark.parametrize("body", ["sys.exit(228)", "sys.stderr.write('x: No space left on device\\n'); sys.exit(1)"])
def test_a_full_disk_is_no_fault_of_the_sound(body: str, tmp_path: Path, another_ffmpeg: Callable[[str], None]) -> None:
    another_ffmpeg(body)
    (tmp_path / "out").mkdir()
    book = M4bWriter(tmp_path / "out" / "b.m4b", rate=RATE, lengths=[Length(title="x", samples=500)], tags=TAGS)
    with pytest.raises(OSError, match="No space left") as caught, book:
        book.write(bytes(1000))
    assert caught.value.errno == errno.ENOSPC
    assert nothing_left(tmp_path / "out")


def test_an_ffmpeg_that_takes_nothing_in_is_ended(
    tmp_path: Path, another_ffmpeg: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    another_ffmpeg(f"open({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid())); time.sleep(600)")
    monkeypatch.setattr(m4b, "STALL_SECONDS", 1.0)
    book = M4bWriter(folder / "b.m4b", rate=RATE, lengths=[Length(title="x", samples=32 << 20)], tags=TAGS)
    with pytest.raises(SoundError, match="took in no sound for 1 seconds"), book:
        book.write(bytes(64 << 20))
    assert nothing_left(folder)
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text(encoding="utf-8")), 0)


def test_an_ffmpeg_that_never_ends_is_ended(
    tmp_path: Path, another_ffmpeg: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    another_ffmpeg("sys.stdin.buffer.read(); time.sleep(600)")
    monkeypatch.setattr(m4b, "STALL_SECONDS", 1.0)
    book = M4bWriter(folder / "b.m4b", rate=RATE, lengths=[Length(title="x", samples=500)], tags=TAGS)
    with pytest.raises(SoundError, match=r"did not finish b\.m4b in 1 seconds"), book:
        book.write(bytes(1000))
    assert nothing_left(folder)
