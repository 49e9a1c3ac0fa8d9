"""The talking book of an edition: its outline, its lists, its sound, its bytes, and what stops it."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree
from tests.publish.conftest import Writing, bind, write_sample
from tests.publish.daisy.conformance import Talking, broken
from tests.publish.daisy.talking import sounding, unzipped

from audioleaflet.book.model import Book, Node
from audioleaflet.errors import PublishError
from audioleaflet.publish.daisy import write_daisy
from audioleaflet.publish.track import without_tags

X = "{http://www.w3.org/1999/xhtml}"


def read(book: Book, folder: Path) -> dict[str, bytes]:
    """The files of a book's talking book, without their folder."""
    book = sounding(book, folder)
    return {path.rpartition("/")[2]: data for path, data in unzipped(write_daisy(book, folder)).items()}


def outline(files: dict[str, bytes]) -> list[tuple[str, str, str]]:
    body = etree.fromstring(files["ncc.html"]).find(f"{X}body")
    assert body is not None
    return [(heading.tag[-2:], heading[0].text or "", heading[0].get("href", "")) for heading in body]


def words(element: etree._Element) -> str:
    return "".join(str(text) for text in element.itertext())


def write_deep() -> Book:
    """A leaflet that leaves out levels of heading, and has headings in lists."""
    intro = Writing(0, "introduction", "Introduction")
    intro.heading("Understanding bone metastasis", level=0, kind="title")
    intro.cue("An audio leaflet.", "announcement")
    intro.say("This is a sample.")
    intro.cue("Here is how to say one of its words.", "announcement")
    intro.nodes.append(intro.items("Metastasis."))
    intro.heading("Below the introduction", level=3)
    first = Writing(1, "one", "One")
    first.cue("Chapter 1.", "announcement", "heading")
    first.heading("One")
    first.heading("Deep at once", level=4)
    first.heading("Deeper", level=9)
    in_item = Node(kind="heading", level=2, cue=first.cue("In an item", "heading", "heading"))
    first.nodes.append(Node(kind="list", children=(Node(kind="item", children=(in_item, first.paragraph("Words."))),)))
    first.heading("Again a chapter's", level=1)
    first.cue("End of recording.", "announcement", "end")
    book = bind(intro, first)
    term = book.terms[0].model_copy(update={"cues": ("c00-004", "c00-005")})
    return book.model_copy(update={"terms": (term,)})


def test_a_listener_can_jump_to_the_title_the_introduction_the_words_and_every_heading(tmp_path: Path) -> None:
    assert outline(read(write_deep(), tmp_path)) == [
        ("h1", "Understanding bone metastasis", "ch00.smil#text-c00-001"),
        ("h1", "Introduction", "ch00.smil#text-c00-003"),
        ("h2", "How to say the words", "ch00.smil#text-c00-005"),
        ("h2", "Below the introduction", "ch00.smil#text-c00-006"),
        ("h1", "1. One", "ch01.smil#text-c01-002"),
        ("h2", "Deep at once", "ch01.smil#text-c01-003"),
        ("h3", "Deeper", "ch01.smil#text-c01-004"),
        ("h2", "In an item", "ch01.smil#text-c01-005"),
        ("h2", "Again a chapter's", "ch01.smil#text-c01-007"),
    ]


def test_levels_left_out_by_the_leaflet_are_not_left_out_in_the_book(tmp_path: Path) -> None:
    book = sounding(write_deep(), tmp_path)
    words = [cue.text for chapter in book.chapters for cue in chapter.cues if cue.printed]
    assert broken(Talking(files=unzipped(write_daisy(book, tmp_path)), words=words)) == {}


def test_a_book_of_one_sentence_is_its_title(tmp_path: Path) -> None:
    only = Writing(0, "withdrawn", "Withdrawn")
    only.heading("Withdrawn leaflet", level=0, kind="title")
    book = bind(only, title="Withdrawn leaflet").model_copy(update={"terms": ()})
    files = read(book, tmp_path)
    assert broken(Talking(files={f"sample-en/{name}": data for name, data in files.items()}, words=[book.title])) == {}
    assert outline(files) == [("h1", "Withdrawn leaflet", "ch00.smil#text-c00-001")]
    assert files["content.html"].count(b"<h1") == 1


def test_lists_are_lists(tmp_path: Path) -> None:
    body = etree.fromstring(read(write_sample(), tmp_path)["content.html"])
    items = body.findall(f".//{X}body/{X}ul/{X}li")
    assert [words(item).split("\n")[0] for item in items] == ["Pain, such as:", "", "Feeling tired"]
    assert [words(item) for item in items[0].findall(f"{X}ul/{X}li")] == ["at night", "when you move"]
    assert len(body.findall(f".//{X}ol/{X}li")) == 2


def test_what_is_only_for_the_ear_goes_with_what_can_be_read(tmp_path: Path) -> None:
    files = read(write_deep(), tmp_path)
    assert b"Chapter 1." not in files["content.html"]
    assert b"End of recording." not in files["content.html"]
    first = etree.fromstring(files["ch01.smil"]).findall(".//audio")
    assert first[0].get("id") == "audio-c01-002"
    assert first[0].get("clip-begin") == "npt=0.000s"


def test_the_publisher_need_not_be_named(tmp_path: Path) -> None:
    ncc = read(write_sample().model_copy(update={"publisher": ""}), tmp_path)["ncc.html"].decode()
    assert '<meta name="dc:creator" content="Not named"/>' in ncc
    assert '<meta name="dc:publisher" content="Not named"/>' in ncc
    assert "ncc:producer" not in ncc


def test_the_same_edition_gives_the_same_bytes(tmp_path: Path) -> None:
    book = sounding(write_sample(), tmp_path)
    first = write_daisy(book, tmp_path).read_bytes()
    path = write_daisy(book, tmp_path)
    assert path.name == "sample-en.daisy.zip"
    assert path.read_bytes() == first


def test_tags_are_taken_off_and_nothing_else() -> None:
    sound = b"\xff\xf3" + bytes(300)
    tag = b"ID3\3\0\0\0\0\1\2" + bytes(130)  # 1 * 128 + 2 bytes
    footed = b"ID3\4\0\x10\0\0\0\1" + bytes(11)
    assert without_tags(tag + sound) == sound
    assert without_tags(tag + footed + sound + b"TAG" + bytes(125)) == sound
    assert without_tags(sound + b"TAG") == sound + b"TAG"
    assert without_tags(b"") == b""


def _damage(path: Path, kind: str) -> None:
    data = path.read_bytes()
    if kind == "is missing":
        path.unlink()
    elif kind == "is not whole MP3":
        path.write_bytes(data[:-1])
    elif kind == "one bit rate":
        path.write_bytes(data + b"\xff\xf3\x40\xc4" + bytes(100))
    else:
        path.write_bytes(data[:-209] if kind == "lasts" else b"")


@pytest.mark.parametrize("kind", ["is missing", "is not whole MP3", "one bit rate", "lasts", "lasts 0.000 s"])
def test_sound_that_is_not_the_books_stops_it(kind: str, tmp_path: Path) -> None:
    book = sounding(write_sample(), tmp_path)
    _damage(tmp_path / book.chapters[1].audio, kind)
    message = "the same bit rate" if kind == "one bit rate" else kind
    with pytest.raises(PublishError, match=message) as caught:
        write_daisy(book, tmp_path)
    assert caught.value.next_step == "build the edition again"
    assert not (tmp_path / "sample-en.daisy.zip").exists()
