"""Talking books held against DAISY 2.02, rule by rule, and for each rule books that break it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.conftest import Made
from tests.publish.conftest import write_sample
from tests.publish.daisy.conformance import RULES, Talking, broken
from tests.publish.daisy.talking import sounding, unzipped
from tests.publish.epub.books import BOOKS, edition

from audioleaflet.book.model import Book
from audioleaflet.errors import PublishError
from audioleaflet.publish.daisy import write_daisy
from audioleaflet.publish.transcript.wording import one_line


def talking(book: Book, path: Path) -> Talking:
    words = [one_line(cue.text) for chapter in book.chapters for cue in chapter.cues if cue.printed]
    return Talking(files=unzipped(path), words=[text for text in words if text])


@pytest.fixture(scope="module")
def sample_dtb(tmp_path_factory: pytest.TempPathFactory) -> Talking:
    folder = tmp_path_factory.mktemp("sample")
    book = sounding(write_sample(), folder)
    return talking(book, write_daisy(book, folder))


def test_a_small_book_conforms(sample_dtb: Talking) -> None:
    assert broken(sample_dtb) == {}


@pytest.mark.parametrize("name", sorted(BOOKS))
def test_every_kind_of_book_conforms(name: str, tmp_path: Path) -> None:
    book = edition(name, tmp_path)
    assert broken(talking(book, write_daisy(book, tmp_path))) == {}


def test_a_book_changed_at_no_time_is_told(tmp_path: Path) -> None:
    book = edition("sample", tmp_path).model_copy(update={"modified": "tomorrow"})
    with pytest.raises(PublishError, match="'modified' is no time: 'tomorrow'"):
        write_daisy(book, tmp_path)


def test_the_real_leaflet_conforms(real: Made, tmp_path: Path) -> None:
    (tmp_path / "chapters").symlink_to(real.folder / "chapters")
    assert broken(talking(real.book, write_daisy(real.book, tmp_path))) == {}


@dataclass(frozen=True)
class Mutant:
    """A change of one file, by regular expression, and the rule that must see it."""

    rule: str
    file: str
    old: str
    new: str


NCC, TEXT, MASTER, SMIL = "ncc.html", "content.html", "master.smil", "ch01.smil"
MUTANTS = {
    "an unescaped &": Mutant("well_formed", TEXT, "Cancer cells", "Cancer & cells"),
    "no document type": Mutant("well_formed", SMIL, "<!DOCTYPE[^>]*>", ""),
    "another encoding": Mutant("well_formed", NCC, 'encoding="utf-8"', 'encoding="iso-8859-1"'),
    "no title class": Mutant("title_first", NCC, ' class="title"', ""),
    "another title": Mutant("title_first", NCC, "(<h1 class.*)Understanding", r"\1Misunderstanding"),
    "a heading without a name": Mutant("headings_only", NCC, ' id="place-3"', ""),
    "a paragraph among the headings": Mutant("headings_only", NCC, "</body>", "<p>More</p></body>"),
    "a heading without words": Mutant("headings_only", NCC, ">In short<", "><"),
    "a level skipped": Mutant("no_level_skipped", NCC, r"<h2 (.*In short.*)</h2>", r"<h3 \1</h3>"),
    "a level skipped in the text": Mutant("no_level_skipped", TEXT, r"<h2 (.*)</h2>", r"<h3 \1</h3>"),
    "a dangling fragment": Mutant("links_resolve", NCC, "#text-c01-002", "#text-c01-999"),
    "a link to no file": Mutant("links_resolve", NCC, "ch01.smil#text-c01-002", "ch09.smil#text-c01-002"),
    "two headings of one place": Mutant("links_resolve", NCC, "#text-c01-002", "#text-c01-001"),
    "headings out of order": Mutant(
        "links_in_order", NCC, r"(<h\d id=\"place-3\".*\n)(<h\d id=\"place-4\".*\n)", r"\2\1"
    ),
    "no language": Mutant("metadata_present", NCC, '<meta name="dc:language".*/>', ""),
    "two dates": Mutant("metadata_present", NCC, '(<meta name="dc:date".*/>)', r"\1\1"),
    "an empty narrator": Mutant("metadata_present", NCC, 'narrator" content="[^"]*"', 'narrator" content=""'),
    "another format": Mutant("metadata_known", NCC, "Daisy 2.02", "DAISY 2.02"),
    "metadata of no meaning": Mutant("metadata_known", NCC, "ncc:sourceEdition", "ncc:edition"),
    "metadata of the center in a SMIL file": Mutant("metadata_known", SMIL, 'name="title"', 'name="ncc:title"'),
    "a page that is not there": Mutant("metadata_known", NCC, 'pageNormal" content="0"', 'pageNormal" content="1"'),
    "a wrong tocItems": Mutant("items_counted", NCC, r'tocItems" content="\d+"', 'tocItems" content="7"'),
    "a wrong depth": Mutant("items_counted", NCC, 'depth" content="2"', 'depth" content="3"'),
    "a wrong number of files": Mutant("files_counted", NCC, r'files" content="\d+"', 'files" content="6"'),
    "a wrong size": Mutant("files_counted", NCC, r'kByteSize" content="(\d+)\d"', r'kByteSize" content="\g<1>0"'),
    "a wrong total": Mutant("times_add_up", NCC, r'totalTime" content="00:00:', 'totalTime" content="00:01:'),
    "a wrong total in the master": Mutant("times_add_up", MASTER, 'Smil" content="00:00:', 'Smil" content="00:01:'),
    "a wrong elapsed time": Mutant(
        "times_add_up", SMIL, 'ElapsedTime" content="00:00:', 'ElapsedTime" content="00:09:'
    ),
    "a wrong time of its own": Mutant("times_add_up", SMIL, 'ThisSmil" content="00:00:', 'ThisSmil" content="00:09:'),
    "a wrong duration": Mutant("times_add_up", SMIL, r'<seq dur="(\d+)\.', r'<seq dur="1\1.'),
    "text after sound": Mutant("smil_formed", SMIL, r"(<text.*/>)(\s*)(<seq>\s*<audio.*/>\s*</seq>)", r"\3\2\1"),
    "a par that ends with its first": Mutant("smil_formed", SMIL, 'endsync="last"', 'endsync="first"'),
    "a par without sound": Mutant("smil_formed", SMIL, "<audio.*/>", ""),
    "no region": Mutant("smil_formed", SMIL, 'region id="txtView"', 'region id="other"'),
    "a name twice": Mutant("names_once", SMIL, 'id="par-c01-002"', 'id="par-c01-001"'),
    "a begin after its end": Mutant(
        "clips_tile", SMIL, r'begin="npt=2.800s" clip-end="npt=5', 'begin="npt=2.800s" clip-end="npt=1'
    ),
    "a gap": Mutant("clips_tile", SMIL, 'clip-begin="npt=2.800s"', 'clip-begin="npt=2.801s"'),
    "a time that is none": Mutant("clips_tile", SMIL, "npt=2.800s", "2.800"),
    "a clip past its sound": Mutant(
        "clips_within", SMIL, r'end="npt=(\d+\.\d+s"[^>]*>\s*</seq>\s*</par>\s*</seq>)', r'end="npt=9\1'
    ),
    "a text that is not there": Mutant("text_resolves", TEXT, 'id="c01-004"', 'id="c01-404"'),
    "a lost sentence": Mutant("full_text", TEXT, '<span id="c01-003">[^<]*</span>', ""),
    "a sentence that is not heard": Mutant("full_text", SMIL, r'<par [^>]*id="par-c01-003">[\s\S]*?</par>\s*', ""),
    "another word": Mutant("full_text", TEXT, "Cancer cells can move", "Cancer cells cannot move"),
    "chapters out of order": Mutant("master_lists", MASTER, r"(<ref.*ch00.*/>)(\s*)(<ref.*/>)", r"\3\2\1"),
    "a chapter that the master forgets": Mutant("master_lists", MASTER, "<ref.*ch01.*/>", ""),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_rule_sees(name: str, sample_dtb: Talking) -> None:
    mutant = MUTANTS[name]
    files = dict(sample_dtb.files)
    path = next(path for path in files if path.endswith(f"/{mutant.file}"))
    changed, count = re.subn(mutant.old, mutant.new, files[path].decode(), count=1)
    assert count == 1
    assert changed != files[path].decode()
    files[path] = changed.encode()
    assert mutant.rule in broken(Talking(files=files, words=sample_dtb.words))


def _without(suffix: str) -> Callable[[dict[str, bytes]], dict[str, bytes]]:
    return lambda files: {path: data for path, data in files.items() if not path.endswith(suffix)}


def _renamed(old: str, new: str) -> Callable[[dict[str, bytes]], dict[str, bytes]]:
    return lambda files: {path.replace(old, new): data for path, data in files.items()}


def _sound(change: Callable[[bytes], bytes]) -> Callable[[dict[str, bytes]], dict[str, bytes]]:
    return lambda files: {path: change(data) if path.endswith("ch01.mp3") else data for path, data in files.items()}


FILES: dict[str, tuple[str, Callable[[dict[str, bytes]], dict[str, bytes]]]] = {
    "no sound": ("nothing_loose", _without("ch01.mp3")),
    "a file that nobody uses": ("nothing_loose", lambda files: {**files, "sample-en/more.mp3": b""}),
    "files without a folder": ("one_folder", _renamed("sample-en/", "")),
    "two folders": ("one_folder", _renamed("sample-en/ch01", "other/ch01")),
    "a long name": ("one_folder", _renamed("ch01.mp3", "chapter-01.mp3")),
    "two ncc": ("one_folder", lambda files: {**files, "sample-en/xncc.html": b""}),
    "a tag before the sound": ("sound_plain", _sound(lambda data: b"ID3\3\0\0\0\0\0\0" + data)),
    "a tag after the sound": ("sound_plain", _sound(lambda data: data + b"TAG" + bytes(125))),
    "sound of two bit rates": ("sound_plain", _sound(lambda data: data + b"\xff\xf3\x40\xc4" + bytes(100))),
    "sound that is too short": ("clips_within", _sound(lambda data: data[: len(data) // 418 * 209])),
}


@pytest.mark.parametrize("name", FILES)
def test_a_rule_sees_of_files(name: str, sample_dtb: Talking) -> None:
    rule, change = FILES[name]
    if rule in ("nothing_loose", "one_folder"):
        found = next(one for one in RULES if one.__name__ == rule)
        assert list(found(Talking(files=change(sample_dtb.files), words=())))
    else:
        assert rule in broken(Talking(files=change(sample_dtb.files), words=sample_dtb.words))


def test_every_rule_has_a_book_that_breaks_it() -> None:
    seen = {mutant.rule for mutant in MUTANTS.values()} | {rule for rule, _ in FILES.values()}
    assert seen == {rule.__name__ for rule in RULES}
