"""``audioleaflet publish``: formats from an edition alone, and what a build does with those that are there."""

from __future__ import annotations

import json
import os
import shutil
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import lxml.etree
import pytest
from tests.editions import Library, Tones, choir, speak, stamps, tree, whole

from audioleaflet import cli, notices
from audioleaflet.book import manifest
from audioleaflet.publish import reading
from audioleaflet.publish.formats import READINGS, made

SMALL = ("mp3", "transcript")
USUAL = {one.name for one in READINGS if one.usual}
MADE = ["small-en.epub", "small-en.daisy.zip", "small-en.audiobook", "publication.json"]


def publish(book: Path, *arguments: str) -> int:
    return cli.run(["publish", str(book), *arguments])


@pytest.fixture
def edition(narrated: Library) -> Path:
    """The edition of a small leaflet, MP3 and transcripts alone; the leaflet is gone, and so is the voice."""
    shutil.rmtree(narrated.leaflet.parent)
    shutil.rmtree(narrated.cache)
    return narrated.edition


# What is made


def test_the_usual_formats_from_an_edition_alone(edition: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = tree(edition)
    assert publish(edition) == 0
    book = whole(edition)
    assert made(book) == {*SMALL, "site", *USUAL}
    after = tree(edition)
    assert {name: after[name] for name in before if name != "book.json"} == {
        name: sha256 for name, sha256 in before.items() if name != "book.json"
    }
    told = capsys.readouterr()
    assert [Path(line).name for line in told.out.splitlines()][-4:] == MADE
    assert "no feed is made: library.yaml has no 'base_url'" in told.err
    page = (edition / "index.html").read_text(encoding="utf-8")
    assert all(name in page for name in MADE)
    assert "Test library" in page
    assert (edition.parent.parent / "index.html").is_file()


def test_one_format_and_nothing_else(edition: Path) -> None:
    before = stamps(edition)
    assert publish(edition / "book.json", "--formats", "daisy") == 0
    book = whole(edition)
    assert made(book) == {*SMALL, "daisy"}
    assert set(book.reading_sha256) == {"daisy"}
    after = stamps(edition)
    assert {name for name in after if after.get(name) != before.get(name)} == {
        ".", "chapters", "book.json", "small-en.daisy.zip"
    }  # fmt: skip
    assert not (edition.parent.parent / "assets").exists()


def test_again_nothing_is_written(edition: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert publish(edition) == 0
    before = stamps(edition.parent.parent)
    capsys.readouterr()
    assert publish(edition, "--json") == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["folder"], answer["changed"]) == (str(edition), False)
    assert [Path(path).name for path in answer["files"]][-4:] == MADE
    now = stamps(edition.parent.parent)
    folders = (".", "small")  # where the lock and the staging folder came and went
    assert {name: now[name] for name in now if name not in folders} == {
        name: before[name] for name in before if name not in folders
    }


def test_a_format_is_taken_over_while_another_is_made(edition: Path) -> None:
    assert publish(edition, "--formats", "epub") == 0
    kept = stamps(edition)["small-en.epub"]
    assert publish(edition, "--formats", "epub,daisy,site") == 0
    assert stamps(edition)["small-en.epub"] == kept
    assert "small-en.daisy.zip" in (edition / "index.html").read_text(encoding="utf-8")


def test_what_an_old_format_was_made_from_counts(edition: Path) -> None:
    assert publish(edition, "--formats", "epub,daisy") == 0
    edit(edition, status="It was checked again.")
    assert publish(edition, "--formats", "epub") == 0
    with zipfile.ZipFile(edition / "small-en.epub") as archive:
        assert "It was checked again." in archive.read("EPUB/package.opf").decode()
    assert publish(edition, "--formats", "daisy") == 0
    after = whole(edition).reading_sha256
    assert set(after) == {"epub", "daisy"}


def test_a_page_that_is_there_offers_what_was_made(edition: Path) -> None:
    assert publish(edition, "--formats", "site") == 0
    assert "small-en.epub" not in (edition / "index.html").read_text(encoding="utf-8")
    assert publish(edition, "--formats", "epub") == 0
    assert "small-en.epub" in (edition / "index.html").read_text(encoding="utf-8")
    whole(edition)


def test_a_page_after_a_talking_book_has_its_zip_of_chapters(edition: Path) -> None:
    assert publish(edition, "--formats", "daisy") == 0
    assert publish(edition, "--formats", "site") == 0
    assert (edition / "small-en-chapters.zip").is_file()


def test_a_page_is_not_written_with_facts_that_are_not_known(
    edition: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert publish(edition, "--formats", "site") == 0
    library = edition.parent.parent.parent / "content" / "library.yaml"
    library.rename(tmp_path / "named.yaml")
    monkeypatch.chdir(tmp_path)
    page = (edition / "index.html").read_bytes()
    assert publish(edition, "--formats", "epub") == 0
    assert "the web page stays as it was: no library.yaml tells of its library; name it" in capsys.readouterr().err
    assert (edition / "index.html").read_bytes() == page
    assert whole(edition).pages_sha256
    assert publish(edition, "--formats", "epub", "--library", "named.yaml") == 0
    assert "small-en.epub" in (edition / "index.html").read_text(encoding="utf-8")


def test_an_edition_outside_a_library(edition: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    alone = Path(shutil.copytree(edition, tmp_path / "alone" / "en"))
    assert publish(alone) == 0
    assert made(whole(alone)) == {*SMALL, *USUAL}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["alone", "library"]
    assert publish(alone, "--formats", "site") == 2
    assert "web pages and feeds are made in a library, at small/en/; " in capsys.readouterr().err


def test_an_edition_that_was_moved_is_not_where_its_feed_leads(
    edition: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert publish(edition, "--formats", "site") == 0
    page = (edition / "index.html").read_bytes()
    moved = edition.rename(edition.with_name("english"))
    capsys.readouterr()
    assert publish(moved, "--formats", "feed") == 2
    assert "at small/en/; " in capsys.readouterr().err
    assert publish(moved) == 0
    told = capsys.readouterr()
    assert "the web page stays as it was:" in told.err
    assert "index.html" not in told.out, "nothing looked at whether it is up to date"
    assert (moved / "index.html").read_bytes() == page


def test_transcripts_are_those_of_a_build(tones: Library) -> None:
    speak(tones, formats=SMALL)
    built = {name: value for name, value in tree(tones.edition).items() if name.startswith("transcript")}
    shutil.rmtree(tones.output)
    speak(tones, formats=("mp3",))
    assert publish(tones.edition, "--formats", "transcript") == 0
    assert {name: value for name, value in tree(tones.edition).items() if name.startswith("transcript")} == built


def test_a_build_and_publish_give_the_same_bytes(tones: Library) -> None:
    speak(tones, formats=(*SMALL, "site", *USUAL))
    built = tree(tones.edition)
    shutil.rmtree(tones.output)
    speak(tones, formats=SMALL)
    assert publish(tones.edition) == 0
    assert tree(tones.edition) == built


# Written elsewhere


def test_to_another_folder(edition: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before, target = stamps(edition.parent.parent), tmp_path / "card" / "new"
    assert publish(edition, "--formats", "daisy,transcript", "--to", str(target)) == 0
    names = [f"small-en.transcript.{ends}" for ends in ("html", "srt", "txt", "vtt")]
    assert sorted(path.name for path in target.iterdir()) == ["small-en.daisy.zip", *names]
    assert sorted(capsys.readouterr().out.splitlines()) == sorted(str(path) for path in target.iterdir())
    assert stamps(edition.parent.parent) == before
    kept = stamps(target)
    assert publish(edition, "--formats", "daisy,transcript", "--to", str(target)) == 0
    now = stamps(target)
    assert {name: now[name] for name in now if name != "."} == {name: kept[name] for name in kept if name != "."}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--formats", "m4b"], "'m4b' needs the voice: make it with 'audioleaflet build --formats m4b'"),
        (["--formats", "epub,phone"], "'phone' needs the voice: make it with 'audioleaflet build --formats phone'"),
        (["--formats", "ogg"], "there is no format 'ogg'; the formats are transcript, site, feed, epub, daisy"),
        (["--formats", "w3c", "--to", "."], "'w3c' belongs beside the chapters, in the edition: leave out --to"),
        (["--to", "EDITION/new"], "is inside the edition; leave it out, or name another folder"),
    ],
)
def test_wrong_usage(edition: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str) -> None:
    before = tree(edition.parent.parent)
    assert publish(edition, *(word.replace("EDITION", str(edition)) for word in arguments)) == 2
    assert told in " ".join(capsys.readouterr().err.split())
    assert tree(edition.parent.parent) == before


# Bad input


def edit(edition: Path, **fields: object) -> None:
    path = edition / "book.json"
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), **fields}), encoding="utf-8")


def chapter(edition: Path) -> Path:
    return edition / manifest.load(edition).chapters[1].audio


def of_another_version(edition: Path) -> None:
    edit(edition, format="audioleaflet-book/9")


def padded(edition: Path) -> None:
    path = edition / "book.json"
    path.write_bytes(path.read_bytes() + b" " * 10_000_000)


def talkative(edition: Path) -> None:
    edit(edition, contact="x" * 10_000_000)


def without_a_chapter(edition: Path) -> None:
    chapter(edition).unlink()


def with_another_sound(edition: Path) -> None:
    path = chapter(edition)
    path.write_bytes(path.read_bytes()[:-1] + b"x")


def with_a_pipe(edition: Path) -> None:
    path = chapter(edition)
    path.unlink()
    os.mkfifo(path)


def with_a_way_out(edition: Path) -> None:
    book = json.loads((edition / "book.json").read_text(encoding="utf-8"))
    book["chapters"][1]["audio"] = "../../../secret.mp3"
    edit(edition, chapters=book["chapters"])


def with_a_link_out(edition: Path) -> None:
    path, outside = chapter(edition), edition.parent.parent.parent / "outside.mp3"
    path.rename(outside)
    path.symlink_to(outside)


def with_its_chapters_elsewhere(edition: Path) -> None:
    outside = edition.parent.parent.parent / "outside"
    (edition / "chapters").rename(outside)
    (edition / "chapters").symlink_to(outside)


def with_no_book(edition: Path) -> None:
    (edition / "book.json").unlink()


BAD: dict[Callable[[Path], None], str] = {
    of_another_version: "is not a book of the format audioleaflet-book/1: format: Input should be",
    padded: "bytes long, too large for a book of",
    talkative: "bytes long, too large for a book of",
    without_a_chapter: "small-en-01-first.mp3 is missing; build the leaflet again with --force",
    with_another_sound: "small-en-01-first.mp3 was changed since it was made",
    with_a_pipe: "small-en-01-first.mp3 is missing",
    with_a_way_out: "names a path outside its folder: '../../../secret.mp3'",
    with_a_link_out: "small-en-01-first.mp3 is a link that leads out of the edition's folder",
    with_its_chapters_elsewhere: "is a link that leads out of the edition's folder",
    with_no_book: "cannot read",
}


@pytest.mark.parametrize("harm", BAD, ids=lambda harm: harm.__name__)
@pytest.mark.parametrize("elsewhere", [False, True], ids=["here", "to"])
def test_bad_input_is_told_and_nothing_is_written(
    edition: Path, capsys: pytest.CaptureFixture[str], harm: Callable[[Path], None], elsewhere: bool
) -> None:
    harm(edition)
    library = edition.parent.parent
    before = {path: path.lstat().st_mtime_ns for path in sorted(library.rglob("*")) if not path.is_dir()}
    target = library.parent / "card"
    assert publish(edition, *(["--to", str(target)] if elsewhere else [])) == 6
    told = capsys.readouterr()
    assert BAD[harm] in told.err
    assert ";" in told.err
    assert told.out == ""
    assert {path: path.lstat().st_mtime_ns for path in sorted(library.rglob("*")) if not path.is_dir()} == before
    assert not target.exists()


@pytest.mark.parametrize("elsewhere", [False, True], ids=["here", "to"])
def test_a_disk_that_does_not_take_part(
    edition: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, elsewhere: bool
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    before, target = tree(edition.parent.parent), edition.parent.parent.parent / "card"
    monkeypatch.setattr("audioleaflet.publish.audiobook.write_zip", full)
    assert publish(edition, *(["--to", str(target)] if elsewhere else [])) == 8
    assert "the disk is full" in capsys.readouterr().err
    assert {name: value for name, value in tree(edition.parent.parent).items() if "assets" not in name} == before
    assert not target.exists() or not list(target.iterdir())


def test_a_damaged_format_is_made_again(edition: Path) -> None:
    assert publish(edition) == 0
    right = tree(edition)
    (edition / "small-en.epub").write_bytes(b"no book")
    (edition / "small-en.daisy.zip").unlink()
    assert publish(edition) == 0
    assert tree(edition) == right


# Builds


def test_a_build_adds_formats_without_the_voice(tones: Library) -> None:
    speak(tones, formats=SMALL)
    shutil.rmtree(tones.cache)
    engine = Tones()
    assert tones.build(formats=("epub",), engines=choir(engine)).changed
    assert engine.spoken == []
    assert made(whole(tones.edition)) == {*SMALL, "epub"}
    assert not tones.build(formats=("epub",), engines=choir(engine)).changed


def test_a_build_makes_again_what_another_program_made(tones: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    speak(tones, formats=(*SMALL, *USUAL))
    kept = stamps(tones.edition)
    before = manifest.load(tones.edition).reading_sha256
    monkeypatch.setattr(reading, "program_sha256", lambda: "another")
    assert tones.build(formats=SMALL, engines=choir(Tones())).changed
    assert whole(tones.edition).reading_sha256 != before
    now = stamps(tones.edition)
    assert {name: now[name] for name in MADE} == {name: kept[name] for name in MADE}  # the bytes are the same


def test_a_changed_text_reaches_every_format(tones: Library) -> None:
    speak(tones, formats=(*SMALL, *USUAL))
    before = tree(tones.edition)
    tones.write("Bone is a lively thing.", voices="tones:low")
    tones.build(formats=(*SMALL, *USUAL), engines=choir(Tones()))
    after = tree(tones.edition)
    assert {name for name in MADE if after[name] == before[name]} == {
        "publication.json"
    }  # it names chapters and lengths
    whole(tones.edition)


def test_a_withdrawal_reaches_every_format(tones: Library) -> None:
    speak(tones, formats=(*SMALL, "site", *USUAL))
    notices.withdraw(
        tones.leaflet,
        by="A. Nurse",
        reason="A dose was wrong",
        today=date(2026, 11, 1),
        output=tones.output,
        cache=tones.cache,
        engines=choir(Tones()),
    )
    book = whole(tones.edition)
    assert book.withdrawn
    assert made(book) == {*SMALL, "m4b", "site", *USUAL}
    for name in (*MADE[:2], "transcript.txt"):
        assert "withdrawn by Test Trust" in words_of(tones.edition / name)
        assert "Bone is a living thing" not in words_of(tones.edition / name)
    assert "Bone is a living thing" not in (tones.edition / "publication.json").read_text(encoding="utf-8")


def words_of(path: Path) -> str:
    """What a reader sees in a file or in the pages of a zip."""
    if not zipfile.is_zipfile(path):
        return path.read_text(encoding="utf-8")
    with zipfile.ZipFile(path) as archive:
        pages = [archive.read(name) for name in archive.namelist() if name.endswith("html")]
    texts = [str(text) for page in pages for text in lxml.etree.fromstring(page).itertext()]
    return " ".join(" ".join(texts).split())
