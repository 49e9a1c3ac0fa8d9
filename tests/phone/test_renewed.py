"""Telephone sound in further builds: what is made again, what is mended, and what stays as it is."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

import pytest
from tests.editions import SENTENCES, Library, Paced, stamps, tree, whole
from tests.phone.conftest import SMALL, build, phone_files, prompts_folder, settings

from audioleaflet.errors import StorageError
from audioleaflet.publish.formats import made


def test_the_same_leaflet_gives_the_same_bytes(tones: Library, tmp_path: Path) -> None:
    build(tones)
    other = Library(tmp_path / "other")
    other.write(voices="tones:low")
    build(other)
    assert tree(other.output) == tree(tones.output)


def test_nothing_changed_nothing_rewritten(tones: Library) -> None:
    build(tones)
    before = stamps(tones.output)
    engine = Paced()
    for formats in (SMALL, ("mp3",), ()):
        assert build(tones, formats, engine) == []
    assert engine.spoken == []
    assert stamps(tones.output) == before


def test_one_changed_sentence_leaves_other_chapters_and_the_library(tones: Library) -> None:
    build(tones)
    before, kept, shared = phone_files(tones.edition), stamps(tones.edition), stamps(tones.output / "phone")
    tones.write(SENTENCES[0], "It hurts when you walk.", voices="tones:low")
    engine = Paced()
    build(tones, SMALL, engine)
    assert engine.spoken == ["It hurts when you walk."] * 3
    whole(tones.edition)
    after, now = phone_files(tones.edition), stamps(tones.edition)
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {f"phone/{rate}/01-first.ulaw" for rate in ("slow", "normal", "fast")}
    assert {name: now[name] for name in after.keys() - changed} == {name: kept[name] for name in after.keys() - changed}
    assert stamps(tones.output / "phone") == shared


@pytest.mark.parametrize("text", ["{rates: {slow_wpm: 90}}", "{rates: {prompt_wpm: 160}}", "{codecs: [alaw]}"])
def test_settings_of_the_line_concern_only_editions_that_can_be_called(tones: Library, text: str) -> None:
    build(tones, ("mp3",))
    before = stamps(tones.edition)
    settings(tones, f"hotline: {text}\n")
    build(tones, ("mp3",))
    assert stamps(tones.edition) == before
    build(tones)
    first = tree(tones.output)
    content = tones.folder / "content" / "library.yaml"
    content.write_text(content.read_text(encoding="utf-8").replace(f"hotline: {text}\n", ""), encoding="utf-8")
    build(tones, ("mp3",))
    whole(tones.edition)
    second = tree(tones.output)
    assert second["small/en/small-en.mp3"] == first["small/en/small-en.mp3"]
    assert second["small/en/book.json"] != first["small/en/book.json"]
    assert second["phone/en-US/prompts.json"] != first["phone/en-US/prompts.json"]


def test_what_only_the_library_says_changes_no_edition(tones: Library) -> None:
    build(tones)
    before, shared = stamps(tones.edition), stamps(prompts_folder(tones))
    settings(tones, "hotline: {emergency: {en: '112'}}\n")
    build(tones, ("mp3",))
    assert stamps(tones.edition) == before
    now = stamps(prompts_folder(tones))
    assert {name for name in now if now[name] != shared[name]} == {".", "emergency.ulaw", "prompts.json"}


@pytest.mark.parametrize("how", ["gone", "flip", "none"])
def test_damaged_prompts_of_the_library_are_mended(tones: Library, how: str) -> None:
    build(tones)
    before, place = tree(tones.output), prompts_folder(tones)
    if how == "gone":
        (place / "back.ulaw").unlink()
    elif how == "flip":
        (place / "back.ulaw").write_bytes(bytes((place / "back.ulaw").stat().st_size))
    else:
        (place / "prompts.json").unlink()
    build(tones, ())
    assert tree(tones.output) == before


def test_a_damaged_sound_of_the_edition_is_mended(tones: Library) -> None:
    build(tones)
    before = tree(tones.edition)
    (tones.edition / "phone" / "fast" / "01-first.ulaw").unlink()
    build(tones, ())
    assert tree(tones.edition) == before


@pytest.mark.parametrize("how", ["flip", "cut"])
def test_damage_in_the_cache_is_mended_and_changes_no_byte(tones: Library, how: str) -> None:
    build(tones)
    before = tree(tones.output)
    for path in tones.cache.iterdir():
        data = path.read_bytes()
        middle = len(data) // 2
        path.write_bytes(data[:-1] if how == "cut" else data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :])
    shutil.rmtree(tones.output)
    build(tones)
    assert tree(tones.output) == before


def test_a_disk_that_fills_up_leaves_the_old_edition(tones: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    build(tones)
    before, shared = stamps(tones.edition), stamps(tones.output / "phone")
    tones.write("It is new.", voices="tones:low")
    write = Path.write_bytes

    def full(path: Path, data: bytes) -> int:
        if path.suffix == ".ulaw":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(path, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(StorageError, match="the disk is full"):
        build(tones)
    assert (stamps(tones.edition), stamps(tones.output / "phone")) == (before, shared)
    assert tones.left_over() == []


def test_changed_text_keeps_the_line_of_a_plain_build_and_drops_what_is_left_out(tones: Library) -> None:
    build(tones)
    tones.write("It is new.", voices="tones:low")
    assert build(tones, None) == []
    book = whole(tones.edition)
    assert "phone" in made(book)
    assert "It is new." in {cue.text for cue in book.renditions[0].chapters[1].cues}
    tones.write("It is newer.", voices="tones:low")
    (told,) = build(tones, ("mp3",))
    assert "dropped audiobook, daisy, epub, m4b, phone, site, transcript, w3c of" in told
    assert (made(whole(tones.edition)), phone_files(tones.edition)) == ({"mp3"}, {})
