"""What is printed: every word, as words; links, lists and headings as what they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from tests.publish.conftest import Writing, bind, write_hostile, write_sample
from tests.publish.pdf.conftest import HEARD, SILENT, named

from audioleaflet.book.model import Book, Node
from audioleaflet.errors import PublishError
from audioleaflet.publish.pdf.content import printed
from audioleaflet.publish.transcript.wording import one_line


def data(book: Book) -> dict[str, Any]:
    return printed(named(book), SILENT, page=True)


def plain(text: str) -> str:
    """``text`` with spaces alike: a number is bound to its unit."""
    return text.replace("\u00a0", " ")


def words(part: Any) -> Iterator[str]:
    """Every text of the data, in its order, as it is printed."""
    if isinstance(part, dict):
        for key in ("title", "text", "lines", "items", "blocks", "chapters"):
            yield from words(part.get(key, ()))
    elif isinstance(part, str):
        yield plain(part.replace("\u200b", ""))
    else:
        for one in part:
            yield from words(one)


def lines(blocks: list[dict[str, Any]]) -> list[str]:
    return ["".join(words(line)) for block in blocks for line in block["lines"]]


@pytest.mark.parametrize("write", [write_sample, write_hostile])
def test_every_printed_word_stands_once_in_order(write: Any) -> None:
    book = write()
    said = " ".join("".join(words(chapter["blocks"])) for chapter in data(book)["chapters"])
    for chapter in book.chapters:
        for cue in chapter.cues:
            if cue.printed and cue.kind not in ("title", "heading"):
                _, found, said = said.partition(plain(one_line(cue.text)))
                assert found, cue.text


def test_what_is_only_for_the_ear_is_not_printed() -> None:
    assert "me-tas-ta-sis" not in " ".join(words(data(write_sample())))
    assert "A list of three items." not in " ".join(words(data(write_sample())))


def test_blocks_are_what_they_are_in_the_leaflet() -> None:
    blocks = data(write_sample())["chapters"][1]["blocks"]
    assert [block["kind"] for block in blocks] == ["heading", "paragraph", "list", "list", "paragraph"]
    assert [block["ordered"] for block in blocks if block["kind"] == "list"] == [False, True]
    pain, weak, _ = blocks[2]["items"]
    assert [block["kind"] for block in pain] == ["paragraph", "list"]
    assert lines(weak) == ["A weak bone.", "Tell your nurse."]
    assert lines(blocks[4:]) == ["American Cancer Society", "www.cancer.org", "800-227-2345"]


def test_addresses_are_links_and_the_spaces_before_them_stay() -> None:
    chapter = Writing(0, "introduction", "Introduction")
    chapter.say("Write to www.cancer.org or call 800-227-2345 today.")
    pieces = data(bind(chapter))["chapters"][0]["blocks"][0]["lines"][0]
    assert [(piece["text"], piece["href"]) for piece in pieces] == [
        ("Write to ", ""),
        ("www.cancer.org", "https://www.cancer.org"),
        (" or call ", ""),
        ("800-227-2345", "tel:+18002272345"),
        (" today.", ""),
    ]


@pytest.mark.parametrize(
    ("address", "parts"),
    [
        ("https://example.org/one/two-three?a=1", "https:// example.org/ one/ two-three? a= 1"),
        ("www.a-very-long-name.example.org/en-gb/", "www .a -very -long -name .example .org/ en-gb/"),
        ("first.last@mail.example.org", "first.last@ mail.example.org"),
        ("www.nhs.uk/a-b/c.html", "www.nhs.uk/a-b/c.html"),
        ("+44 (0)20 7946 0018", "+44_(0)20_7946_0018"),
    ],
)
def test_an_address_goes_on_after_a_slash_and_no_line_of_it_ends_with_a_hyphen(address: str, parts: str) -> None:
    chapter = Writing(0, "introduction", "Introduction")
    chapter.say(f"See {address}.")
    book = bind(chapter).model_copy(update={"language": "en-GB"})
    _, piece, _ = data(book)["chapters"][0]["blocks"][0]["lines"][0]
    assert piece["text"] == parts.replace(" ", "\u200b").replace("_", "\u00a0")


def test_headings_go_down_one_level_at_a_time_and_up_at_will() -> None:
    chapter = Writing(0, "introduction", "Introduction")
    for level in (4, 6, 6, 9, 2, 9):
        chapter.heading(f"At {level}", level)
    blocks = data(bind(chapter))["chapters"][0]["blocks"]
    assert [block["level"] for block in blocks] == [2, 3, 4, 5, 2, 3]


def test_only_a_paragraph_of_urgent_words_is_framed() -> None:
    chapter = Writing(0, "introduction", "Introduction")
    chapter.nodes.append(
        Node(kind="paragraph", children=(Node(kind="sentence", cue=chapter.cue("Go!", "text", "urgent")),))
    )
    chapter.say("And then rest.")
    assert [block["urgent"] for block in data(bind(chapter))["chapters"][0]["blocks"]] == [True, False]


@pytest.mark.parametrize(
    ("language", "paper"),
    [("en-US", "us-letter"), ("en-CA", "us-letter"), ("en-GB", "a4"), ("en", "a4"), ("en-001", "a4")],
)
def test_the_paper_is_that_of_the_region(language: str, paper: str) -> None:
    assert (
        data(
            bind(
                Writing(
                    0,
                    "introduction",
                    "Introduction",
                    *write_parts(),
                ),
                language=language,
            )
        )["paper"]
        == paper
    )


def write_parts() -> tuple[list[Any], list[Any]]:
    chapter = Writing(0, "introduction", "Introduction")
    chapter.say("Words.")
    return chapter.cues, chapter.nodes


def test_page_1_tells_the_status_the_version_the_licence_and_the_telephone() -> None:
    content = printed(named(write_sample()), replace(SILENT, telephone="800-555-0100"), page=True)
    assert content["status"] == "This is a sample. No health professional has checked it."
    assert ["".join(words(fact)) for fact in content["facts"]] == [
        "Version: 1.0, of November 22, 2026",
        "Licence: Creative Commons Attribution 4.0 (CC-BY-4.0)",
        "To listen by telephone, call 800-555-0100",
    ]
    assert content["facts"][2][-1]["href"] == "tel:8005550100"


def test_terms_have_their_respelling_and_their_meaning() -> None:
    assert data(write_sample())["terms"] == [
        {"term": "metastasis", "say": "muh-TAS-tuh-sis", "meaning": "cancer that has spread from where it began"}
    ]


def test_a_chapter_leads_to_its_sound_where_the_library_has_an_address() -> None:
    first = printed(named(write_sample()), HEARD, page=True)["chapters"][1]["listen"]
    assert first["address"]["href"] == "https://library.example/audio/sample/en/"
    assert first["address"]["text"].replace("\u200b", "") == "library.example/audio/sample/en/"
    assert "“1. What is bone metastasis?”" in first["alt"]
    assert first["alt"].endswith("https://library.example/audio/sample/en/chapters/sample-en-01-what-is-it.mp3")
    assert all(chapter["listen"] is None for chapter in data(write_sample())["chapters"])


def test_without_a_web_page_the_address_is_that_of_the_sound() -> None:
    content = printed(named(write_sample()), HEARD, page=False)
    address = content["chapters"][1]["listen"]["address"]["href"]
    assert address == "https://library.example/audio/sample/en/chapters/sample-en-01-what-is-it.mp3"
    assert "choose" not in content["words"]["open"]


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("Take 25 µg, or ½ mg.", "Take 25_µg, or ½_mg."),
        ("At 38.5 °C and 50 % of 5 IU", "At 38.5_°C and 50_% of 5_IU"),
        ("In 5 days, 10 (ten) or 3 don't", "In 5 days, 10 (ten) or 3 don't"),
        ("Ring 0300 123 1000 today or 10 100", "Ring 0300_123_1000 today or 10 100"),
    ],
)
def test_a_number_stays_with_its_unit(text: str, bound: str) -> None:
    chapter = Writing(1, "one", text)
    chapter.say(text)
    (made,) = printed(named(bind(chapter)), SILENT, page=True)["chapters"]
    assert made["blocks"][0]["lines"][0][0]["text"] == bound.replace("_", "\u00a0")
    assert made["title"] == f"1. {bound}".replace("_", "\u00a0")


def test_a_long_word_may_break_and_a_short_one_may_not() -> None:
    chapter = Writing(0, "introduction", "Introduction")
    chapter.say("hypercalcaemia", "", "e\u0301" * 40, "", "one-two/" * 4, "", "a\u200bb")
    blocks = data(bind(chapter))["chapters"][0]["blocks"]
    short, marked, parts, given = ("".join(piece["text"] for piece in line) for line in blocks[0]["lines"])
    assert short == "hypercalcaemia"
    assert given == "ab"
    assert [len(part) for part in marked.split("\u200b")] == [20, 20, 20, 20]
    assert not any(part.startswith("\u0301") for part in marked.split("\u200b"))
    assert parts == "\u200b".join(["one-", "two/"] * 4)


def test_a_book_whose_structure_lost_a_sentence_is_not_printed() -> None:
    book = write_sample()
    intro, first = book.structure
    broken = book.model_copy(update={"structure": (intro, first.model_copy(update={"nodes": first.nodes[:-1]}))})
    with pytest.raises(PublishError, match="chapter 1"):
        data(broken)
