"""The braille of books, translated by Debian's liblouis and read back by it."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable

import pytest
from tests.conftest import Made
from tests.peers.braille_reader import CONTRACTED, entries, faults, flow, pages, plain, read
from tests.peers.conftest import require
from tests.publish.conftest import HOSTILE, Writing, bind, write_hostile, write_sample

from audioleaflet.book.model import Book, Node, Term
from audioleaflet.errors import PublishError
from audioleaflet.publish.braille import brf, liblouis

pytestmark = pytest.mark.peer

# Said of medicines and of whom to call: each reads back as it was written.
EXACT = (
    "10 mg", "0.5 mg", "38 °C", "100.4 °F", "5 ml", "1,000 IU", "2 × 10 mg", "1/2 tablet", "50%", "5 µg", "< 5", "> 3",
    "24/7", "9:30", "2026-01-02", "$4.50", "£5", "±3", "911", "112", "999", "800-227-2345", "1-800-422-6237",
    "(800) 227-2345", "+44 20 7946 0018", "0300 123 1000", "vitamin B12", "COVID-19", "T4", "10mg", "2.5 mg/kg",
    "a\\b", "24-hour", "www.cancer.org", "https://example.org/a_b?x=1&y=2", "editor@audioleaflet.example",
)  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def _liblouis() -> None:
    require("lou_translate")


def write_long() -> Book:
    """Many pages: lists in lists, headings of three levels, addresses, doses, words that are longer than a line."""
    intro = Writing(0, "introduction", "Introduction")
    intro.heading("Living with a bone metastasis at home, at work", level=0, kind="title")
    intro.say("This is a sample.")
    chapters = [intro]
    for number in range(1, 8):
        part = Writing(
            number, f"part-{number}", f"What to take in week {number}, and whom to call about it, day or night"
        )
        part.heading(part.title)
        for round_ in range(5):
            part.heading(f"Day {number}.{round_}", level=2 + round_ % 3)
            part.say(*(f"Take {dose} as you were told, not more." for dose in EXACT[round_::5]))
            pain = Node(kind="item", children=(part.paragraph("Pain that will not go"),))
            when = part.paragraph("When to take it:")
            inner = part.items("before a meal", "after it, with a glass of water that you drink slowly", ordered=True)
            deep = Node(kind="item", children=(when, inner, part.paragraph("Then rest.")))
            part.nodes.append(part.items(pain, deep, "Call 800-227-2345 when you feel ill"))
            part.say(f"https://www.example.org/{'a-long-way/' * 6}end.html", "", "Say uh-BLAY-shun aloud.")
        chapters.append(part)
    terms = tuple(
        Term(term=word, ipa="", respelling=said, meaning="a word", cues=())
        for word, said in (
            ("alum", "AL-um"),
            ("ablation", "uh-BLAY-shun"),
            ("metastasis", "muh-TAS-tuh-sis"),
            ("beacon", "b-a-con"),
        )
    )
    return bind(*chapters, title="Living with a bone metastasis at home, at work").model_copy(update={"terms": terms})


BOOKS = pytest.mark.parametrize("book", [write_sample(), write_long()], ids=["sample", "long"])


@BOOKS
def test_every_page_and_every_word_is_read_back(book: Book) -> None:
    assert faults(brf(book), book) == []


def test_the_real_leaflet_is_read_back(real: Made) -> None:
    made = brf(real.book)
    assert faults(made, real.book) == []
    assert len(pages(made)) < 20


def test_the_same_book_gives_the_same_bytes() -> None:
    assert brf(write_long()) == brf(write_long())


@pytest.mark.parametrize("exact", EXACT)
def test_numbers_and_addresses_read_back_as_they_are(exact: str) -> None:
    part = Writing(1, "one", "One")
    part.say(f"Read {exact} here.")
    made = brf(bind(part))
    assert f"read {plain(exact)} here." in plain(" ".join(read(flow(pages(made)))))


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("Low CO₂ is", ",L[ ,,CO;5#B IS"),
        ("vitamin B₁₂, and", "VITAM9 ,B;5#AB1 &"),
        ("of 10⁹ cells", "( #AJ9#I CELLS"),
        ("of 10⁻³ mol", '( #AJ9<"-#C> MOL'),
        ("Ca²⁺ and Na⁺ in", ',CA;9;<#B"6> & ,NA;9"6 9'),
        ("☐ Yes, at 38 ℃", ";$#D ,YES1 AT #CH ^J,C"),
        ("by Ms Nguyễn", "BY ,MS ,NGUY^]^%EN"),
        ("Take ½ tablet, 25 µg", ",TAKE #A/B TABLET1 #BE .MG"),
        ("at ≥ 38 °C", "AT _@> #CH ^J,C"),
        ("TNF-α by Dr Dvořák", ",,TNF-.A BY ,DR ,DVO^+R^/AK"),
    ],
)
def test_signs_of_medicine_and_of_names(text: str, cells: str) -> None:
    part = Writing(1, "one", "One")
    part.say(text)
    assert cells in brf(bind(part)).decode("ascii")


def test_respellings_and_addresses_have_no_contractions() -> None:
    made = brf(write_long()).decode("ascii")
    assert "\r\n  MUH-,,TAS-TUH-SIS\r\n" in made
    assert ",SAY UH-,,BLAY-SHUN AL\\D4" in made
    # "al" and "b" alone would be read as "also" and "but".
    assert "\r\n  ;;,,AL-UM\r\n" in made
    assert "\r\n  ;;B-A-CON\r\n" in made
    assert "WWW4EXAMPLE4ORG" in made


def test_contractions_are_used_elsewhere() -> None:
    made = " ".join(" ".join(page) for page in pages(brf(write_sample())))
    assert ",C.ER CELLS C MOVE4" in made


def test_a_long_address_goes_on_with_dot_5_after_a_slash_or_a_hyphen() -> None:
    made = brf(write_long()).decode("ascii")
    ends = re.findall(r"(.)\"\r\n", made)
    assert ends
    assert set(ends) <= set("/-")


def test_the_title_is_the_running_head_but_where_it_stands_itself() -> None:
    made = brf(write_long()).decode("ascii").split("\f")[:-1]
    tops = [page.split("\r\n")[0] for page in made]
    assert tops[0].split() == ["#A"]
    heads = {re.sub("#[A-J]+$", "", top).strip() for top in tops[1:]}
    assert len(heads) == 1
    assert plain(read(heads)[0]) == "living with a bone metastasis at home, at work"[: len(plain(read(heads)[0]))]
    assert all(re.fullmatch(r" {3,}\S.*\S {3,}#[A-J]+", top) for top in tops[1:])


def _replace(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    def change(made: bytes) -> bytes:
        assert made.count(old) >= 1
        return made.replace(old, new, 1)

    return change


MUTANTS: dict[str, Callable[[bytes], bytes]] = {
    "a lost sentence": _replace(b' ,!Y C GR[ 9 A B"O4', b""),
    "a lost word": _replace(b"CELLS C MOVE", b"CELLS MOVE"),
    "a wrong page in the contents": lambda made: re.sub(rb'(""" #)[A-J]', rb"\1I", made, count=1),
    "41 cells": lambda made: made.replace(b"\r\n  ,", b"\r\n" + b" " * 39 + b",A\r\n  ,", 1),
    "26 lines": lambda made: made.replace(b"\f", b"A\r\n" * 26 + b"\f", 1),
    "a small letter": lambda made: made.lower(),
    "a line end of Unix": lambda made: made.replace(b"\r\n", b"\n", 1),
    "no form feed at the end": lambda made: made[:-1],
    "a page number too many": lambda made: made.replace(b"#B\r\n", b"#C\r\n").replace(b"#A\r\n", b"#B\r\n"),
    "a heading that ends a page": lambda made: made[:-1] + b"\r\n      ,H1D\r\n\f",
}


@pytest.mark.parametrize("mutant", MUTANTS)
def test_the_reader_sees_what_is_wrong(mutant: str) -> None:
    book = write_sample()
    made = brf(book)
    changed = MUTANTS[mutant](made)
    assert changed != made
    assert faults(changed, book)


def test_what_has_no_braille_is_told_with_its_place() -> None:
    with pytest.raises(PublishError, match=r"there is no braille for .* \(U\+[0-9A-F]{4,5}\) in .*in words"):
        brf(write_hostile())


def test_hostile_words_that_have_braille_are_written() -> None:
    latin = [text for text in HOSTILE if max(text) < "\u0300" or "quotes" in text]
    assert len(latin) > 10
    part = Writing(1, "one", "One <i>& only</i>")
    for text in latin:
        part.say(text.replace("\x07", ""))
    made = brf(bind(part, title="</title> & -->"))
    assert [fault for fault in faults(made, bind(part)) if not fault.startswith(("word", "contents"))] == []
    assert entries(made)


def test_a_table_that_is_not_there_is_told() -> None:
    with pytest.raises(PublishError, match="did not translate with no-such-table"):
        liblouis.translate("no-such-table.ctb", ["one"])


def test_the_program_still_cuts_long_lines_as_we_think() -> None:
    args = [require("lou_translate"), "--forward", CONTRACTED]
    for length, lines in ((liblouis.LONGEST, 1), (3000, 2)):
        done = subprocess.run(args, input=b"x" * length + b"\n", capture_output=True, timeout=60, check=True)
        assert done.stdout.count(b"\n") == lines
