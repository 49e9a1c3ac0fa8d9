"""The file: tagged, titled, with its own fonts, the same bytes twice, and clear about what it cannot print."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from tests.publish.conftest import Writing, bind, write_sample
from tests.publish.pdf.conftest import HEARD, SILENT, named

from audioleaflet.book.model import Book
from audioleaflet.errors import PublishError
from audioleaflet.publish.library import Library
from audioleaflet.publish.pdf import refusals, write_pdf

OWN_FONTS = ("SourceSansPro", "DejaVuSansMono", "LibertinusSerif")


def write(book: Book, folder: Path, library: Library = HEARD) -> Any:
    return PdfReader(write_pdf(named(book), folder, library))


def said(*sentences: str, title: str = "A title") -> Book:
    chapter = Writing(0, "introduction", "Introduction")
    chapter.say(*sentences)
    return bind(chapter, title=title)


def elements(part: Any) -> Iterator[Any]:
    """The elements of a structure tree (ISO 32000-1, 14.7.2), each before those inside it."""
    part = part.get_object()
    if isinstance(part, dict):
        if "/S" in part:
            yield part
        below = part.get("/K", [])
        below = below.get_object() if hasattr(below, "get_object") else below
        for one in below if isinstance(below, list) else [below]:
            if hasattr(one, "get_object"):
                yield from elements(one)


def root(pdf: Any) -> Any:
    return pdf.trailer["/Root"]


def text(pdf: Any) -> str:
    return "\n".join(page.extract_text() for page in pdf.pages)


def test_the_file_is_named_after_the_edition(tmp_path: Path) -> None:
    assert write_pdf(named(write_sample()), tmp_path, HEARD) == tmp_path / "sample-en.large-print.pdf"
    assert [path.name for path in tmp_path.iterdir()] == ["sample-en.large-print.pdf"]


def test_the_same_edition_gives_the_same_bytes(tmp_path: Path) -> None:
    first = write_pdf(named(write_sample()), tmp_path, HEARD).read_bytes()
    assert write_pdf(named(write_sample()), tmp_path, HEARD).read_bytes() == first


def test_it_says_what_it_is(tmp_path: Path) -> None:
    pdf = write(write_sample(), tmp_path)
    assert pdf.metadata.title == "Understanding bone metastasis"
    assert pdf.metadata.author == "Sample Trust"
    assert pdf.metadata["/CreationDate"] == pdf.metadata["/ModDate"] == "D:20261122000000Z"
    assert root(pdf)["/Lang"] == "en-US"
    assert root(pdf)["/MarkInfo"]["/Marked"] == True  # noqa: E712 -- a PDF boolean, which is no bool
    assert root(pdf)["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root(pdf)["/Metadata"].get_data()


def test_headings_lists_terms_and_codes_are_tagged(tmp_path: Path) -> None:
    pdf = write(write_sample(), tmp_path)
    tags = [str(element["/S"]) for element in elements(root(pdf)["/StructTreeRoot"])]
    assert [tag for tag in tags if tag in ("/H1", "/H2", "/H3")] == ["/H1", "/H1", "/H1", "/H2", "/H1"]
    assert tags.count("/L") == 4  # two lists, one inside, and the terms
    assert tags.count("/LI") == 3 + 2 + 2 + 1
    assert tags.count("/TOCI") == 4
    lists = [element for element in elements(root(pdf)["/StructTreeRoot"]) if element["/S"] == "/L"]
    marks = [kind["/ListNumbering"] for one in lists for kind in one.get("/A", []) if "/ListNumbering" in kind]
    assert marks[2] == "/Decimal"
    assert "/Decimal" not in marks[:2]
    figures = [element for element in elements(root(pdf)["/StructTreeRoot"]) if element["/S"] == "/Figure"]
    assert [figure["/Alt"].rsplit("/", 1)[1] for figure in figures] == [
        "sample-en-00-introduction.mp3",
        "sample-en-01-what-is-it.mp3",
    ]


def test_bookmarks_are_the_contents(tmp_path: Path) -> None:
    outline = write(write_sample(), tmp_path).outline
    titles = [[inner.title for inner in one] if isinstance(one, list) else one.title for one in outline]
    assert titles == ["Contents", "Introduction", "1. What is bone metastasis?", ["In short"], "How to say it"]


def test_links_lead_where_they_say(tmp_path: Path) -> None:
    pdf = write(write_sample(), tmp_path)
    notes = [note.get_object() for page in pdf.pages for note in page.get("/Annots", [])]
    led = [note["/A"]["/URI"] for note in notes if "/URI" in note.get("/A", {})]
    assert [address for address in led if "creativecommons" not in address] == [
        "https://library.example/audio/sample/en/",
        "https://library.example/audio/sample/en/",
        "https://www.cancer.org",
        "tel:+18002272345",
    ]
    assert all(note.get("/Contents") for note in notes)  # ISO 14289-1, 7.18.5


def test_type_is_18_points_or_more_and_every_font_is_embedded_and_our_own(tmp_path: Path) -> None:
    pdf = write(said("Rest.", "العلاج", "הקרנה", "→ ½"), tmp_path)
    sizes: set[float] = set()

    def visit(shown: str, _: Any, matrix: list[float], __: Any, size: float) -> None:
        if shown.strip():
            sizes.add(round(abs(size * matrix[3]), 1))

    for page in pdf.pages:
        page.extract_text(visitor_text=visit)
        for font in page["/Resources"]["/Font"].values():
            inner = font["/DescendantFonts"][0].get_object()
            assert inner["/BaseFont"].split("+")[1].split("-")[0] in OWN_FONTS
            assert {"/FontFile2", "/FontFile3"} & set(inner["/FontDescriptor"])
    assert min(sizes) >= 18


@pytest.mark.parametrize(
    "title", ["#title[x] *a* _b_ @c $d$", "\\u{41} \\ ~ -- `raw`", "= Not a heading", "{number} “{x}”"]
)
def test_a_title_that_looks_like_markup_stays_text(tmp_path: Path, title: str) -> None:
    pdf = write(said(title, title=title), tmp_path, SILENT)
    assert pdf.metadata.title == title
    assert text(pdf).replace("\n", " ").count(title) == 2


def test_characters_that_no_font_has_are_named_and_nothing_is_written(tmp_path: Path) -> None:
    told = r"no letters for 👍 \(U\+1F44D\), 骨 \(U\+9AA8\), as in “Good 👍 for your 骨.”; write it in other words"
    with pytest.raises(PublishError, match=told):
        write(said("Good 👍 for your 骨."), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_book_changed_at_no_time_is_told(tmp_path: Path) -> None:
    with pytest.raises(PublishError, match="'modified' is no time: 'tomorrow'"):
        write(write_sample().model_copy(update={"modified": "tomorrow"}), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_printed_is_known_before_with_its_text() -> None:
    texts = ["Plain.", "Δ ≥ ½ of “it”, H₂O, Nguyễn", "A 😀 here, 骨 there", "骨 again"]
    assert [(one.text, one.message) for one in refusals("en-US", texts)] == [
        (2, "the large print has no letters for 😀 (U+1F600)"),
        (2, "the large print has no letters for 骨 (U+9AA8)"),
    ]
    assert list(refusals("en-US", texts[:2])) == []


def test_a_mark_that_the_standard_forbids_is_no_reason_to_fail(tmp_path: Path) -> None:
    assert "Rest." in text(write(said("\ufeffRest.", title="\ufeffA title"), tmp_path))


def test_a_word_longer_than_a_line_is_copied_as_it_was_written(tmp_path: Path) -> None:
    word = "abcdefghij" * 12
    assert text(write(said(word, title=word), tmp_path, SILENT)).replace("\n", "").count(word) == 2
