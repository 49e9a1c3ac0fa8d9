from __future__ import annotations

import pytest
from tests.publish.conftest import Writing, bind

from audioleaflet.book.model import Book, Node
from audioleaflet.publish.transcript import transcript_txt
from audioleaflet.publish.transcript.wording import one_line

SAMPLE = """\
Understanding bone metastasis

Introduction

An audio leaflet from Sample Trust, read aloud. This is a sample. No health professional has checked it.

metastasis cancer that has spread from where it began

1. What is bone metastasis?

In short

Cancer cells can move. They can grow in a bone.

- Pain, such as:
  - at night
  - when you move
- A weak bone.
  Tell your nurse.
- Feeling tired

1. Call the clinic.
2. Say your name.

American Cancer Society
www.cancer.org
800-227-2345
"""


def test_headings_paragraphs_lists_and_breaks(sample: Book, words: dict[str, str]) -> None:
    assert transcript_txt(sample, words) == SAMPLE


def test_every_printed_word_is_there_in_order(hostile: Book, words: dict[str, str]) -> None:
    rest = transcript_txt(hostile, words)
    for chapter in hostile.chapters:
        for cue in chapter.cues:
            if cue.printed:
                _, found, rest = rest.partition(one_line(cue.text))
                assert found, cue.text


def test_what_is_only_for_the_ear_is_left_out(hostile: Book, words: dict[str, str]) -> None:
    assert "<b>A list</b>" not in transcript_txt(hostile, words)


def test_an_announcement_in_the_structure_is_left_out_too(words: dict[str, str]) -> None:
    writing = Writing(1, "one", "One")
    said = Node(kind="sentence", cue=writing.cue("A list of one item.", "announcement"))
    writing.nodes.append(Node(kind="paragraph", children=(said,)))
    writing.nodes.append(Node(kind="paragraph", children=(said, writing.sentence("Rest."))))
    assert transcript_txt(bind(writing, title="The Book"), words) == "The Book\n\n1. One\n\nRest.\n"


@pytest.mark.parametrize("character", ["\r", "\t", "\u2028", "\u2029", "\x07", "\x85"])
def test_nothing_but_our_own_line_ends(hostile: Book, words: dict[str, str], character: str) -> None:
    assert character not in transcript_txt(hostile, words)
