from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from mutagen.id3 import ID3
from mutagen.mp4 import MP4
from tests.editions import Library, Tones, choir, stamps, whole

from audioleaflet import pipeline
from audioleaflet.book.assemble import cover_description
from audioleaflet.book.model import Book
from audioleaflet.errors import SoundError
from audioleaflet.sound import mp3
from audioleaflet.sound.m4b import M4bWriter
from audioleaflet.units import samples_to_ms

TITLES = ["00 Introduction", "01 What is it?", "02 What now?"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Book, Path]:
    """An edition of tones in every format, made once."""
    library = Library(tmp_path_factory.mktemp("assemble"))
    library.write(voices="tones:low")
    built = library.build(engines=choir(Tones()))
    return built.book, built.folder


def tags_of(path: Path) -> ID3:
    return ID3(path, translate=False)  # type: ignore[no-untyped-call]


def frames_of(tags: ID3, name: str) -> list[Any]:
    return list(tags.getall(name))  # type: ignore[no-untyped-call]


def untagged(path: Path) -> bytes:
    """An MP3's frames, without its ID3 tag (ID3v2.3, 3.1: the size is 4 times 7 bits)."""
    data = path.read_bytes()
    assert data[:3] == b"ID3"
    size = int.from_bytes(data[6:10], "big")
    size = sum((size >> 8 * byte & 0x7F) << 7 * byte for byte in range(4))
    return data[10 + size :]


def test_the_book_is_its_chapters_frames(made: tuple[Book, Path]) -> None:
    book, folder = made
    chapters = [untagged(folder / chapter.audio) for chapter in book.chapters]
    assert untagged(folder / "small-en.mp3") == b"".join(chapters)
    samples = [sum(frame.samples for frame in mp3.frames(frames)) for frames in chapters]
    rate = next(mp3.frames(chapters[0])).rate
    assert rate == book.sample_rate
    for number, chapter in enumerate(book.chapters):
        assert chapter.duration_ms == samples_to_ms(samples[number], rate)
        assert chapter.start_ms == samples_to_ms(sum(samples[:number]), rate)
    assert book.duration_ms == samples_to_ms(sum(samples), rate)


def test_chapters_are_numbered_and_named(made: tuple[Book, Path]) -> None:
    book, _ = made
    assert [chapter.audio for chapter in book.chapters] == [
        "chapters/small-en-00-introduction.mp3",
        "chapters/small-en-01-first.mp3",
        "chapters/small-en-02-second.mp3",
    ]
    assert [part.chapter for part in book.structure] == [0, 1, 2]


def test_a_chapter_file_says_what_it_is(made: tuple[Book, Path]) -> None:
    book, folder = made
    for number, chapter in enumerate(book.chapters):
        tags = tags_of(folder / chapter.audio)
        assert tags.version[:2] == (2, 3)
        assert tags["TIT2"].text == [TITLES[number]]
        assert tags["TRCK"].text == [f"{number + 1}/3"]
        assert (tags["TALB"].text, tags["TPE1"].text) == (["A small leaflet"], ["Test Trust"])
        assert str(tags["TYER"].text[0]) == "2026"
        assert tags["TLAN"].text == ["eng"]
        assert frames_of(tags, "TCON")
        assert "sample" in frames_of(tags, "COMM")[0].text[0]
        (words,) = frames_of(tags, "USLT")
        assert words.text.splitlines() == [cue.text for cue in chapter.cues if cue.printed]
        (cover,) = frames_of(tags, "APIC")
        assert cover.data == (folder / "cover.png").read_bytes()
        assert cover.desc == cover_description("A small leaflet", "Test Trust")
        assert not frames_of(tags, "CHAP")


def test_the_book_file_names_its_chapters(made: tuple[Book, Path]) -> None:
    book, folder = made
    tags = tags_of(folder / "small-en.mp3")
    chapters = frames_of(tags, "CHAP")
    by_start = sorted(chapters, key=lambda frame: frame.start_time)
    assert [frame.sub_frames["TIT2"].text for frame in by_start] == [[title] for title in TITLES]
    assert [frame.start_time for frame in by_start] == [chapter.start_ms for chapter in book.chapters]
    assert by_start[-1].end_time == book.duration_ms
    (contents,) = frames_of(tags, "CTOC")
    assert contents.child_element_ids == [frame.element_id for frame in by_start]
    m4b: Any = MP4(folder / "small-en.m4b")  # type: ignore[no-untyped-call]
    assert [chapter.title for chapter in m4b.chapters] == TITLES
    assert m4b.tags["\xa9nam"] == ["A small leaflet"]


def test_progress_is_told_a_chapter(library: Library) -> None:
    library.write(voices="tones:low")
    told: list[tuple[str, int, int]] = []
    reporter = pipeline.Reporter(
        message=lambda text: None, progress=lambda stage: lambda done, total: told.append((stage, done, total))
    )
    pipeline.build(
        library.leaflet,
        output=library.output,
        cache=library.cache,
        formats=("mp3",),
        reporter=reporter,
        engines=choir(Tones()),
    )
    stages = [stage for stage, _, _ in told]
    assert sorted(set(stages), key=stages.index) == ["Speaking", "Encoding"]
    assert told[-3:] == [("Encoding", 1, 3), ("Encoding", 2, 3), ("Encoding", 3, 3)]


def test_an_encoder_that_fails_leaves_the_old_edition(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    library.write(voices="tones:low")
    library.build(engines=choir(Tones()))
    before = stamps(library.edition)
    library.write("It is new.", voices="tones:low")

    def fail(writer: M4bWriter, pcm: bytes) -> None:
        raise SoundError("ffmpeg failed")

    monkeypatch.setattr(M4bWriter, "write", fail)
    with pytest.raises(SoundError):
        library.build(engines=choir(Tones()))
    assert stamps(library.edition) == before
    assert library.left_over() == []
    whole(library.edition)
