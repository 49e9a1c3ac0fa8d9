"""Books to write as EPUB: small ones, long ones, hostile ones, each with sound of its own length."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from pathlib import Path

from tests.publish.conftest import HOSTILE, Writing, bind, write_hostile, write_sample
from tests.publish.daisy.talking import sounding
from tests.publish.site.conftest import approved, long_book, withdrawn_book

from audioleaflet.book.model import Book, Node


def png() -> bytes:
    """A picture of one grey point (PNG, 5)."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(b"\0\x80")), chunk(b"IEND", b""))
    )


def one_chapter() -> Book:
    """The least that a book can be: a chapter without a heading, and no words to learn."""
    only = Writing(0, "introduction", "Introduction")
    only.say("Call the clinic.")
    return bind(only).model_copy(update={"terms": ()})


def right_to_left() -> Book:
    """Words from right to left."""
    intro = Writing(0, "introduction", "مقدمة")
    intro.say("العلاج الإشعاعي (10 Gy) قد يساعد.")
    first = Writing(1, "one", "ما هو؟")
    first.heading("ما هو؟")
    first.nodes.append(first.items("الألم", "التعب", ordered=True))
    return bind(intro, first, title="فهم المرض").model_copy(update={"dir": "rtl", "terms": ()})


def deep() -> Book:
    """Lists in lists, numbered and not, paragraphs in items, and headings that leave out levels."""
    intro = Writing(0, "introduction", "Introduction")
    intro.heading("Understanding bone metastasis", level=0, kind="title")
    intro.cue("Here is how to say one of its words.", "announcement")
    intro.nodes.append(intro.items("Metastasis."))
    first = Writing(1, "one", "One")
    first.heading("One")
    inner = first.items(first_item(first), "at night", ordered=True)
    first.nodes.append(Node(kind="list", children=(Node(kind="item", children=(inner,)),)))
    first.nodes.append(Node(kind="list", children=(Node(kind="item", children=()),)))
    first.cue("A list of two items.", "announcement")
    first.nodes.append(first.items("one", "two"))
    first.heading("Deep at once", level=4)
    first.say("Words.")
    first.heading("Deeper", level=5)
    first.heading("Higher again", level=2)
    inside = Node(kind="heading", level=2, cue=first.cue("In an item", "heading", "heading"))
    first.nodes.append(Node(kind="list", children=(Node(kind="item", children=(inside, first.paragraph("More."))),)))
    first.say("See www.cancer.org, or https://example.org/?a=1&b=2.")
    first.cue("End of recording.", "announcement", "end")
    book = bind(intro, first)
    return book.model_copy(update={"terms": (book.terms[0].model_copy(update={"cues": ("c00-003", "c00-004")}),)})


def first_item(writing: Writing) -> Node:
    """An item with two paragraphs and a list below."""
    below = (writing.paragraph("Pain."), writing.paragraph("Tell us."), writing.items("now", "soon"))
    return Node(kind="item", children=below)


def hostile_facts() -> Book:
    """Markup and control characters in every fact of a book."""
    book = write_hostile()
    worst = HOSTILE[0] + ' & "it" \x00\x1f\ufffe\n]]>'
    term = book.terms[0].model_copy(update={"term": worst, "respelling": worst, "meaning": worst, "cues": ("c00-002",)})
    voice = book.voice.model_copy(update={"name": worst})
    facts = {"publisher": worst, "licence": worst, "status": worst, "terms": (term,), "voice": voice}
    return book.model_copy(update=facts)


def approved_sample() -> Book:
    """The sample, as a nurse approved it."""
    return approved(write_sample(), "2030-01-01")


def no_publisher() -> Book:
    """A book of which nobody says who published it, nor under which licence."""
    return write_sample().model_copy(update={"publisher": "", "licence": ""})


BOOKS: dict[str, Callable[[], Book]] = {
    "sample": write_sample,
    "one": one_chapter,
    "sixty": long_book,
    "rtl": right_to_left,
    "hostile": hostile_facts,
    "deep": deep,
    "withdrawn": withdrawn_book,
    "unpublished": no_publisher,
    "approved": approved_sample,
}


def edition(name: str, folder: Path) -> Book:
    """The book of that name with its sound and its cover in ``folder``."""
    book = sounding(BOOKS[name](), folder)
    (folder / book.cover).write_bytes(png())
    return book
