"""A leaflet in, its script out: one rule a folder of tests/golden/script.

Set AUDIOLEAFLET_REWRITE=1 to write the goldens anew, then read what changed in them before you commit.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from audioleaflet.pipeline import Prepared, prepare
from audioleaflet.script.model import Node, Script, Utterance
from audioleaflet.script.print import as_lines

GOLDEN = Path("tests/golden/script")


def lines(script: Script) -> Iterator[str]:
    """The printed script with what it leaves out: kinds, pauses, structure."""
    yield from as_lines(script)
    yield ""
    for chapter in script.chapters:
        yield f"{chapter.number:02} lead {chapter.lead}"
        yield from (f"  {one.id} {one.kind:8} pause {one.pause_after}" for one in chapter.utterances)
        for node in chapter.structure:
            yield from tree(node, 1)


def tree(node: Node, depth: int) -> Iterator[str]:
    """A line a node of the structure."""
    words = [node.kind, str(node.level) * bool(node.level), "ordered" * node.ordered, node.utterance]
    yield "  " * depth + " ".join(filter(None, words))
    for child in node.children:
        yield from tree(child, depth + 1)


@pytest.mark.parametrize("folder", sorted(path.name for path in GOLDEN.iterdir()))
def test_the_script_is_as_it_was_agreed(folder: str) -> None:
    golden = GOLDEN / folder / "script.txt"
    written = "\n".join(lines(prepare(GOLDEN / folder / "leaflet.yaml").script)) + "\n"
    if os.environ.get("AUDIOLEAFLET_REWRITE"):
        golden.write_text(written, encoding="utf-8")
    assert written.splitlines() == golden.read_text(encoding="utf-8").splitlines()


@pytest.fixture(scope="module")
def first() -> Prepared:
    return prepare(Path("content/bone-metastasis/en.yaml"))


def utterances(prepared: Prepared) -> list[Utterance]:
    return list(prepared.script.utterances())


def test_every_word_of_the_leaflet_is_shown_and_in_order(first: Prepared) -> None:
    leaflet = first.leaflet
    shown = " ".join(one.shown for one in utterances(first) if one.role in ("text", "heading"))
    assert leaflet.summary is not None
    assert leaflet.urgent is not None
    assert leaflet.notice is not None
    position = shown.index(leaflet.sections[0].title)
    position = shown.index(leaflet.summary.text, position)
    for section in leaflet.sections:
        position = shown.index(section.title, position if section is not leaflet.sections[0] else 0)
        for block in section.blocks:
            for words in block_words(block.lines, block.items):
                position = shown.index(words, position)
        if section.id == leaflet.urgent_after:
            position = shown.index(leaflet.urgent.text, position)
    shown.index(leaflet.notice.text, position)


def block_words(block_lines: tuple[str, ...], items: object) -> Iterator[str]:
    """Each line of a block and of the blocks inside it."""
    yield from block_lines
    for item in items if isinstance(items, tuple) else ():
        for block in item:
            yield from block_words(block.lines, block.items)


def test_a_contact_number_is_said_twice_digit_by_digit(first: Prepared) -> None:
    said = [line for line in as_lines(first.script) if "eight zero zero, two two seven, two three four five" in line]
    assert len(said) == 2
    repeats = [one.shown for one in utterances(first) if one.kind == "contact" and one.role == "repeat"]
    assert repeats == ["Again: 800-227-2345.", "Again: 800-422-6237."]


def test_nothing_of_the_leaflet_is_printed_twice(first: Prepared) -> None:
    chapters = first.script.chapters[1:]
    printed = [one.shown for part in chapters for one in part.utterances if one.role in ("text", "heading")]
    assert len(printed) == len(set(printed))


def test_the_introduction_teaches_each_word_four_times_over(first: Prepared) -> None:
    kinds = [type(span).__name__ for one in first.script.chapters[0].utterances for span in one.spoken]
    assert kinds.count("Syllables") == len(first.leaflet.say) == 8
    assert first.script.terms[0].respelling == "muh-TAS-tuh-sis"
    assert len(first.script.terms[0].utterances) == 4


def test_every_printed_utterance_stands_once_in_the_structure(first: Prepared) -> None:
    def leaves(node: Node) -> Iterator[str]:
        if node.utterance:
            yield node.utterance
        for child in node.children:
            yield from leaves(child)

    for chapter in first.script.chapters:
        printed = [one.id for one in chapter.utterances if one.role in ("text", "heading")]
        assert [leaf for node in chapter.structure for leaf in leaves(node)] == printed


def test_pauses_come_from_the_library(tmp_path: Path) -> None:
    library = Path("content/library.yaml").read_text(encoding="utf-8")
    text = (GOLDEN / "paragraphs" / "leaflet.yaml").read_text(encoding="utf-8")
    pauses = "pauses: {sentence: 111, paragraph: 222, heading: 333, chapter_head: 555, chapter_tail: 4444}\n"
    kept = [line for line in library.split("pauses:")[0].splitlines() if not line.startswith("#")]
    (tmp_path / "library.yaml").write_text("\n".join(kept) + "\n" + pauses, encoding="utf-8")
    (tmp_path / "leaflet.yaml").write_text(text, encoding="utf-8")
    chapter = prepare(tmp_path / "leaflet.yaml").script.chapters[1]
    assert chapter.lead == 555
    assert [one.pause_after for one in chapter.utterances][1:6] == [333, 111, 222, 111, 333]
    assert chapter.utterances[-1].pause_after == 4444


def test_an_introduction_that_is_too_long_is_told(tmp_path: Path) -> None:
    text = (GOLDEN / "introduction" / "leaflet.yaml").read_text(encoding="utf-8")
    (tmp_path / "leaflet.yaml").write_text(text, encoding="utf-8")
    told = {problem.code: problem.severity for problem in prepare(tmp_path / "leaflet.yaml").problems}
    assert told["INTRODUCTION"] == "warning"
    assert {problem.severity for problem in prepare(Path("content/bone-metastasis/en.yaml")).problems} <= {"note"}
