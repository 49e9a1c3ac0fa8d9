"""The EPUB of an edition: held to the rules of EPUB 3.3 as lxml reads it, and the rules held to broken ones."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree
from tests.conftest import Made
from tests.publish.daisy.talking import unzipped
from tests.publish.epub.books import BOOKS, edition, png
from tests.publish.epub.conformance import DC, OPF, PACKAGE, X, broken, words

from audioleaflet.book.model import Book
from audioleaflet.errors import PublishError
from audioleaflet.publish.epub import write_epub
from audioleaflet.publish.transcript.wording import one_line, open_book

ANY = pytest.mark.parametrize("name", sorted(BOOKS))


def written(name: str, folder: Path) -> dict[str, bytes]:
    """The files of an EPUB."""
    return unzipped(write_epub(edition(name, folder), folder))


def texts(files: dict[str, bytes], name: str, path: str) -> list[str]:
    found = etree.fromstring(files[f"EPUB/{name}"]).iterfind(path)
    return [" ".join("".join(str(text) for text in element.itertext()).split()) for element in found]


@ANY
def test_every_rule_is_kept(name: str, tmp_path: Path) -> None:
    assert broken(written(name, tmp_path)) == []


@ANY
def test_every_printed_sentence_stands_there_once_and_in_order(name: str, tmp_path: Path) -> None:
    book = edition(name, tmp_path)
    files = unzipped(write_epub(book, tmp_path))
    opened = open_book(book)
    for chapter in book.chapters:
        page = etree.fromstring(files[f"EPUB/{chapter.number:02}.xhtml"])
        found = [
            (element.get("id"), " ".join("".join(str(text) for text in element.itertext()).split()))
            for element in page.iter(f"{X}span", f"{X}h2", f"{X}h3", f"{X}h4", f"{X}h5", f"{X}h6")
        ]
        assert found == [(cue.id, " ".join(one_line(cue.text).split())) for cue in chapter.cues if opened.shown(cue)]


def test_the_words_are_those_of_the_transcript(real: Made, tmp_path: Path) -> None:
    book = real.book
    (tmp_path / "chapters").symlink_to(real.folder / "chapters")
    (tmp_path / book.cover).write_bytes((real.folder / book.cover).read_bytes())
    files = unzipped(write_epub(book, tmp_path))
    assert broken(files) == []
    told = [word for word in (real.folder / "transcript.txt").read_text(encoding="utf-8").split() if word != "-"]
    told.remove("Introduction")  # the page of that chapter has the book's title for a heading
    assert list(words(files)) == told


def test_sentences_are_parted_and_lines_are_broken_where_the_leaflet_does(tmp_path: Path) -> None:
    files = written("sample", tmp_path)
    page = etree.fromstring(files["EPUB/01.xhtml"])
    paragraphs = ["|".join(str(text) for text in one.itertext()) for one in page.iterfind(f".//{X}section/{X}p")]
    assert paragraphs == [
        "Cancer cells can move.| |They can grow in a bone.",
        "American Cancer Society|www.cancer.org|800-227-2345",
    ]
    last = page.findall(f".//{X}section/{X}p")[-1]
    assert [element.tag[len(X) :] for element in last] == ["span", "br", "span", "br", "span"]
    assert [link.get("href") for link in last.iter(f"{X}a")] == ["https://www.cancer.org", "tel:+18002272345"]


def test_what_it_says_of_itself(tmp_path: Path) -> None:
    package = etree.fromstring(written("approved", tmp_path)[PACKAGE])
    assert [element.text for element in package.iterfind(f".//{DC}*")] == [
        "urn:uuid:2f1c1f6e-63a1-4a5c-9d5e-0d6a2b0f7c11",
        "Understanding bone metastasis",
        "en-US",
        "Sample Trust",
        "Sample Trust",
        "CC-BY-4.0",
        "Checked by A. Nurse, nurse, on January 2, 2026.",
    ]
    meta = {element.get("property"): element.text for element in package.iterfind(f".//{OPF}meta")}
    assert meta["dcterms:modified"] == "2026-11-22T00:00:00Z"
    assert meta["media:narrator"] == "A computer voice (en-us)"
    ways = [one.text for one in package.iterfind(f".//{OPF}meta[@property='schema:accessModeSufficient']")]
    assert ways == ["textual", "auditory", "textual,auditory"]
    # The page of words shows how they are said, which no sound reads: only what the leaflet says is joined to its own.
    assert "Every sentence of the leaflet can be read and heard" in str(meta["schema:accessibilitySummary"])


def test_the_time_of_change_is_told_in_utc(tmp_path: Path) -> None:
    book = edition("sample", tmp_path)
    there = book.model_copy(update={"modified": "2026-11-22T01:30:00+02:00"})
    assert b">2026-11-21T23:30:00Z<" in unzipped(write_epub(there, tmp_path))[PACKAGE]
    with pytest.raises(PublishError, match="'modified' is no time: 'yesterday'; build the edition again"):
        write_epub(book.model_copy(update={"modified": "yesterday"}), tmp_path)


def test_the_contents_are_as_deep_as_the_leaflet(tmp_path: Path) -> None:
    files = written("deep", tmp_path)
    toc = etree.fromstring(files["EPUB/nav.xhtml"]).find(f".//{X}nav")
    assert toc is not None
    assert [
        (sum(above.tag == f"{X}ol" for above in link.iterancestors()), link.text, link.get("href"))
        for link in toc.iter(f"{X}a")
    ] == [
        (1, "Introduction", "00.xhtml"),
        (2, "How to say the words", "00.xhtml#c00-003"),
        (1, "1. One", "01.xhtml"),
        (2, "Deep at once", "01.xhtml#c01-010"),
        (3, "Deeper", "01.xhtml#c01-012"),
        (2, "Higher again", "01.xhtml#c01-013"),
        (2, "In an item", "01.xhtml#c01-014"),
        (1, "How to say it", "words.xhtml"),
    ]
    assert texts(files, "01.xhtml", f".//{X}h2") == ["Deep at once", "Higher again", "In an item"]
    assert texts(files, "01.xhtml", f".//{X}h3") == ["Deeper"]


def test_lists_are_lists_and_one_inside_another_is_not_escaped_alone(tmp_path: Path) -> None:
    files = written("deep", tmp_path)
    page = etree.fromstring(files["EPUB/01.xhtml"])
    section = page.find(f".//{X}section")
    assert section is not None
    assert [(child.tag[len(X) :], child.get("id")) for child in section] == [
        ("h1", "title"),
        ("ul", "list-1"),
        ("ul", "list-2"),
        ("h2", "c01-010"),
        ("p", None),
        ("h3", "c01-012"),
        ("h2", "c01-013"),
        ("ul", "list-3"),
        ("p", None),
    ]
    assert len(page.findall(f".//{X}li//{X}ol/{X}li")) == 2
    assert files["EPUB/01.smil"].count(b'epub:type="list"') == 3


def test_the_words_page_says_how_each_is_said_and_what_it_means(tmp_path: Path) -> None:
    files = written("sample", tmp_path)
    assert texts(files, "words.xhtml", f".//{X}dl/*") == [
        "metastasis",
        "muh-TAS-tuh-sis",
        "cancer that has spread from where it began",
    ]
    landmarks = etree.fromstring(files["EPUB/nav.xhtml"]).findall(f".//{X}nav[2]//{X}a")
    assert [link.get("href") for link in landmarks] == ["cover.xhtml", "nav.xhtml", "01.xhtml", "words.xhtml"]
    assert "EPUB/words.xhtml" not in written("withdrawn", tmp_path / "other")


def test_the_cover_is_described(tmp_path: Path) -> None:
    picture = etree.fromstring(written("sample", tmp_path)["EPUB/cover.xhtml"]).find(f".//{X}img")
    assert picture is not None
    assert picture.get("alt") == "Cover: Understanding bone metastasis, Sample Trust"


def test_nobody_is_named_who_is_not_known(tmp_path: Path) -> None:
    files = written("unpublished", tmp_path)
    package = etree.fromstring(files[PACKAGE])
    assert not [name for name in ("creator", "publisher", "rights") if package.find(f".//{DC}{name}") is not None]
    assert b'alt="Cover: Understanding bone metastasis"' in files["EPUB/cover.xhtml"]


def test_a_leaflet_from_right_to_left_turns_its_pages_so(tmp_path: Path) -> None:
    files = written("rtl", tmp_path)
    package = etree.fromstring(files[PACKAGE])
    spine = package.find(f"{OPF}spine")
    assert spine is not None
    assert (package.get("dir"), spine.get("page-progression-direction")) == ("rtl", "rtl")
    assert etree.fromstring(files["EPUB/01.xhtml"]).get("dir") == "rtl"


def test_the_container_can_be_known_by_its_first_bytes(tmp_path: Path) -> None:
    """EPUB 3.3, 4.3.3: ``mimetype`` comes first, as it is, with no extra field."""
    path = write_epub(edition("sample", tmp_path), tmp_path)
    assert path.name == "sample-en.epub"
    assert path.read_bytes()[30:58] == b"mimetypeapplication/epub+zip"
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        stored = {one.filename for one in archive.infolist() if one.compress_type == zipfile.ZIP_STORED}
    assert stored == {"mimetype", "EPUB/cover.png", "EPUB/audio/00.mp3", "EPUB/audio/01.mp3"}


def test_the_sound_and_the_cover_are_those_of_the_edition(tmp_path: Path) -> None:
    book = edition("sample", tmp_path)
    files = unzipped(write_epub(book, tmp_path))
    assert files["EPUB/cover.png"] == png()
    for chapter in book.chapters:
        assert files[f"EPUB/audio/{chapter.number:02}.mp3"] == (tmp_path / chapter.audio).read_bytes()


@ANY
def test_the_same_edition_gives_the_same_bytes(name: str, tmp_path: Path) -> None:
    book = edition(name, tmp_path)
    first = write_epub(book, tmp_path).read_bytes()
    assert write_epub(book, tmp_path).read_bytes() == first


def _no_sound(book: Book, folder: Path) -> Book:
    (folder / book.chapters[1].audio).unlink()
    return book


def _shorter(book: Book, folder: Path) -> Book:
    path = folder / book.chapters[1].audio
    path.write_bytes(path.read_bytes()[: -209 * 20])
    return book


def _no_cover(book: Book, folder: Path) -> Book:
    (folder / book.cover).unlink()
    return book


def _no_words(book: Book, _: Path) -> Book:
    part = book.structure[1].model_copy(update={"nodes": ()})
    return book.model_copy(update={"structure": (book.structure[0], part)})


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (_no_sound, r"01-what-is-it\.mp3 is missing; build the edition again"),
        (_shorter, r"01-what-is-it\.mp3 (lasts|is not whole MP3)"),
        (_no_cover, r"cover\.png is missing; build the edition again"),
        (_no_words, "the structure of chapter 1 and its cues disagree"),
    ],
)
def test_what_cannot_be_made_is_told_and_leaves_nothing(
    spoil: Callable[[Book, Path], Book], told: str, tmp_path: Path
) -> None:
    book = spoil(edition("sample", tmp_path), tmp_path)
    with pytest.raises(PublishError, match=told):
        write_epub(book, tmp_path)
    assert not list(tmp_path.glob("*.epub*"))


def replaced(name: str, old: str, new: str) -> Callable[[dict[str, bytes]], None]:
    """A change of the first ``old`` in a file."""

    def change(files: dict[str, bytes]) -> None:
        assert old.encode() in files[name], old
        files[name] = files[name].replace(old.encode(), new.encode(), 1)

    return change


def removed(name: str) -> Callable[[dict[str, bytes]], None]:
    def change(files: dict[str, bytes]) -> None:
        del files[name]

    return change


def _exchange(files: dict[str, bytes]) -> None:
    package = files[PACKAGE]
    files[PACKAGE] = (
        package.replace(b'idref="page-00"', b'idref="-"')
        .replace(b'idref="page-01"', b'idref="page-00"')
        .replace(b'idref="-"', b'idref="page-01"')
    )


def _without_a_par(files: dict[str, bytes]) -> None:
    tree = etree.fromstring(files["EPUB/01.smil"])
    pars = list(tree.iter("{http://www.w3.org/ns/SMIL}par"))
    above = pars[2].getparent()
    assert above is not None
    above.remove(pars[2])
    files["EPUB/01.smil"] = etree.tostring(tree)


def _without_a_sentence(files: dict[str, bytes]) -> None:
    page = files["EPUB/01.xhtml"]
    files["EPUB/01.xhtml"] = page.replace(b'<span id="c01-003">Cancer cells can move.</span>', b"")


MUTANTS: dict[str, tuple[Callable[[dict[str, bytes]], None], str]] = {
    "a wrong total": (
        replaced(PACKAGE, '<meta property="media:duration">', '<meta property="media:duration">1'),
        "9.3.5.2",
    ),
    "a wrong length": (replaced(PACKAGE, 'refines="#sound-00">', 'refines="#sound-00">1'), "9.3.5.2"),
    "a dangling fragment": (replaced("EPUB/01.smil", '01.xhtml#c01-003"', '01.xhtml#c01-999"'), "9.3.2.2"),
    "a dangling list": (replaced("EPUB/01.smil", "01.xhtml#list-1", "01.xhtml#list-9"), "9.2.2.5"),
    "a dangling entry": (replaced("EPUB/nav.xhtml", "01.xhtml#c01-002", "01.xhtml#c01-999"), "7.4.2"),
    "another page": (replaced("EPUB/01.smil", '01.xhtml#c01-003"', '00.xhtml#c01-003"'), "9.3.2 "),
    "begin after end": (replaced("EPUB/01.smil", 'clipBegin="0.000s"', 'clipBegin="9.000s"'), "9.2.2.8"),
    "not in the manifest": (
        replaced(PACKAGE, '<item id="audio-01" href="audio/01.mp3" media-type="audio/mpeg"/>', ""),
        "5.6.1",
    ),
    "not there": (removed("EPUB/audio/01.mp3"), "5.6.1"),
    "chapters out of order": (_exchange, "5.7.1"),
    "an ampersand": (replaced("EPUB/01.xhtml", "American", "&"), "3.9"),
    "sound lost": (_without_a_par, "A11Y Completeness"),
    "words lost": (_without_a_sentence, "9.3.2.2"),
    "not escapable": (replaced("EPUB/01.smil", 'epub:type="list"', 'epub:type="chapter"'), "9.4.2"),
    "no name for who checked": (replaced(PACKAGE, "a11y:certifiedBy", "a11y:certifierReport"), "A11Y Evaluator name"),
    "a day for a time": (replaced(PACKAGE, "T00:00:00Z", ""), "5.5.5"),
    "no style for what is heard": (replaced("EPUB/book.css", ".-epub-media-overlay-active", ".active"), "9.3.4"),
}


@pytest.mark.parametrize("mutant", sorted(MUTANTS))
def test_the_rules_see_what_is_wrong(mutant: str, tmp_path: Path) -> None:
    change, section = MUTANTS[mutant]
    files = written("sample", tmp_path)
    change(files)
    assert any(problem.startswith(section) for problem in broken(files)), broken(files)


def test_the_rules_see_a_sound_that_ends_before_its_words(tmp_path: Path) -> None:
    """EPUBCheck does not."""
    files = written("sample", tmp_path)
    smil = etree.fromstring(files["EPUB/01.smil"])
    last = list(smil.iter("{http://www.w3.org/ns/SMIL}audio"))[-1]
    end = f"{float(last.get('clipEnd', '')[:-1]) + 0.001:.3f}s"
    last.set("clipEnd", end)
    files["EPUB/01.smil"] = etree.tostring(smil)
    assert any("and its sound at" in problem for problem in broken(files))
