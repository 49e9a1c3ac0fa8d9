from __future__ import annotations

import pytest
from tests.publish.conftest import Writing, bind

from audioleaflet.book.model import Book, Node, Part
from audioleaflet.errors import PublishError
from audioleaflet.publish.transcript import transcript_html, transcript_txt
from audioleaflet.publish.transcript.wording import PAGE_TEXTS, one_line, open_book


def restructure(book: Book, number: int, nodes: tuple[Node, ...]) -> Book:
    parts = tuple(part if part.chapter != number else Part(chapter=number, nodes=nodes) for part in book.structure)
    return book.model_copy(update={"structure": parts})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("one\ntwo", "one two"),
        ("one \r\n\t two", "one two"),
        ("one\u2028two\u2029three\x85four", "one two three four"),
        ("10\u00a0mg  a day", "10\u00a0mg  a day"),
        ("  one\n", "one"),
        ("bell\x07 and \ufffe", "bell\ufffd and \ufffd"),
        ("👩‍⚕️ e\u0301 \u200fא", "👩‍⚕️ e\u0301 \u200fא"),
    ],
)
def test_one_line(before: str, after: str) -> None:
    assert one_line(before) == after


def test_a_sentence_missing_from_the_structure_is_refused(sample: Book) -> None:
    nodes = sample.structure[1].nodes
    with pytest.raises(PublishError, match=r"chapter 1 .*'c01-014'"):
        open_book(restructure(sample, 1, nodes[:-1]))


def test_a_sentence_out_of_order_is_refused(sample: Book) -> None:
    heading, short, *rest = sample.structure[1].nodes
    with pytest.raises(PublishError, match=r"chapter 1 .*'c01-001'"):
        open_book(restructure(sample, 1, (short, heading, *rest)))


def test_a_sentence_said_twice_is_refused(sample: Book) -> None:
    nodes = sample.structure[1].nodes
    with pytest.raises(PublishError, match=r"chapter 1 .*'c01-014'"):
        open_book(restructure(sample, 1, (*nodes, nodes[-1])))


def test_a_cue_that_is_not_there_is_refused(sample: Book) -> None:
    with pytest.raises(PublishError, match="'c09-001'"):
        open_book(restructure(sample, 0, (Node(kind="sentence", cue="c09-001"),)))


def test_a_cue_of_another_chapter_is_refused(sample: Book) -> None:
    swapped = restructure(restructure(sample, 0, sample.structure[1].nodes), 1, sample.structure[0].nodes)
    with pytest.raises(PublishError, match="chapter 0"):
        open_book(swapped)


@pytest.mark.parametrize("key", PAGE_TEXTS)
def test_a_missing_page_text_is_named(sample: Book, words: dict[str, str], key: str) -> None:
    del words[key]
    for write in (transcript_txt, transcript_html):
        with pytest.raises(PublishError, match=key):
            write(sample, words)


@pytest.mark.parametrize("write", [transcript_txt, transcript_html])
def test_a_sentence_outside_a_paragraph_is_refused(words: dict[str, str], write: object) -> None:
    writing = Writing(1, "one", "One")
    writing.nodes.append(writing.sentence("Alone."))
    assert callable(write)
    with pytest.raises(PublishError, match="'c01-001'"):
        write(bind(writing), words)


@pytest.mark.parametrize(
    ("title", "heading", "level", "written"),
    [
        ("One", "One", 1, "1. One"),
        ("One", "Part A: One", 1, "Part A: One"),
        ("One", "The Book", 1, "1. One"),
        ("One", "Under one", 2, "1. One"),
    ],
)
def test_the_heading_of_a_chapter(title: str, heading: str, level: int, written: str) -> None:
    writing = Writing(1, "one", title)
    writing.heading(heading, level)
    assert open_book(bind(writing, title="The Book")).chapters[0].title == written


def test_a_heading_in_the_text_that_is_not_the_chapters_own_stays(words: dict[str, str]) -> None:
    writing = Writing(1, "one", "One")
    writing.heading("Under one", 2)
    assert transcript_txt(bind(writing, title="The Book"), words) == "The Book\n\n1. One\n\nUnder one\n"


def test_chinese_sentences_join_without_a_space(words: dict[str, str]) -> None:
    writing = Writing(1, "one", "一")
    writing.say("这是什么？", "请告诉护士。")
    assert "这是什么？请告诉护士。" in transcript_txt(bind(writing, language="zh-CN"), words)
