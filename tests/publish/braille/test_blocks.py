"""What of a book becomes which block of braille."""

from __future__ import annotations

from tests.publish.conftest import Writing, bind

from audioleaflet.book.model import Book, Node
from audioleaflet.publish.braille.blocks import blocks, opening
from audioleaflet.publish.braille.pages import Block
from audioleaflet.publish.transcript.wording import open_book


def made(book: Book) -> list[Block]:
    return list(blocks(book, open_book(book)))


def shape(block: Block) -> tuple[str, int, int, int]:
    return (block.kind, block.first, block.rest, block.level)


def test_the_sample(sample: Book) -> None:
    told = [(block.kind, [line.text for line in block.lines]) for block in made(sample)]
    assert told[0] == ("centred", ["Introduction"])
    assert told[3] == ("centred", ["1. What is bone metastasis?"])
    assert told[4] == ("heading", ["In short"])
    assert told[5] == ("paragraph", ["Cancer cells can move. They can grow in a bone."])
    assert told[-2] == ("centred", ["How to say it"])
    assert told[-1] == ("item", ["metastasis", "muh-TAS-tuh-sis", "cancer that has spread from where it began"])


def test_nothing_for_the_ear_alone(sample: Book) -> None:
    told = [line.text for block in made(sample) for line in block.lines]
    assert "A list of three items." not in told
    assert "me-tas-ta-sis" not in told


def test_a_respelling_is_written_letter_by_letter(sample: Book) -> None:
    assert [line.letters for line in made(sample)[-1].lines] == [False, True, False]


def test_headings_are_centred_or_at_cell_5_or_at_cell_7() -> None:
    part = Writing(1, "one", "One")
    part.heading("One")
    for level in (2, 3, 4):
        part.heading(f"Level {level}", level=level)
        part.say("A sentence.")
    found = [block for block in made(bind(part)) if block.level]
    assert [shape(block)[:2] for block in found[:4]] == [("centred", 0), ("heading", 4), ("heading", 6), ("heading", 6)]
    assert [block.level for block in found[:4]] == [1, 2, 3, 3]
    assert [(block.before, block.after) for block in found[:2]] == [(True, True), (True, False)]


def test_lists_in_lists_run_over_further_in_than_any_item_begins() -> None:
    part = Writing(1, "one", "One")
    lead = part.paragraph("Outer one:")
    inner = part.items("Inner one.", "Inner two.", ordered=True)
    outer = Node(kind="item", children=(lead, inner, part.paragraph("Outer again.")))
    part.nodes.append(part.items(outer, "Outer two."))
    listed = made(bind(part))[1:6]
    assert [(block.lines[0].text, block.first, block.rest) for block in listed] == [
        ("Outer one:", 0, 4),
        ("1. Inner one.", 2, 4),
        ("2. Inner two.", 2, 4),
        ("Outer again.", 4, 4),
        ("Outer two.", 0, 4),
    ]
    assert [block.before for block in listed] == [True, False, False, False, False]
    assert [block.after for block in listed] == [False, False, False, False, True]


def test_lines_that_print_keeps_apart_are_lines_of_their_own() -> None:
    part = Writing(1, "one", "One")
    part.say("American Cancer Society", "", "www.cancer.org")
    first, second = made(bind(part))[1:3]
    assert shape(first) == shape(second) == ("item", 0, 2, 0)


def test_the_opening_tells_what_the_braille_is(sample: Book) -> None:
    title, told, contents = opening(sample)
    assert title.lines[0].text == "Understanding bone metastasis"
    assert "No one has proofread it." in told.lines[0].text
    assert contents.lines[0].text == "Contents"
