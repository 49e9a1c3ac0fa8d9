"""The words of a book, line by line, and the fixed page texts that stand around them.

``open_book`` is the door: it holds the structure against the cues, so that no later step can lose a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest

from audioleaflet.book.model import Book, Chapter, Cue, Node
from audioleaflet.errors import PublishError

PAGE_TEXTS = (
    "page_title",  # the title of the browser's window; {title}
    "skip_to_text",  # the link past the contents
    "contents",
    "starts_at",  # {time}: where a chapter begins in the whole recording
    "word_list",
)

# What ends a line in any of the four formats or in Python's splitlines, with the blanks around it. A no-break
# space is not among them: "10 mg" keeps its own.
_LINE_END = re.compile(r"[ \t]*[\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029]+[ \t]*")
# Control characters and noncharacters, which HTML cannot carry (13.2.3.5). U+FFFD, which parsers of HTML and
# WebVTT put for NUL, lets a reader see that something stood there.
_NO_CHARACTER = re.compile(
    "[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\ufdd0-\ufdef"
    + "".join(f"{chr(p << 16 | 0xFFFE)}-{chr(p << 16 | 0xFFFF)}" for p in range(17))
    + "]"
)
# Written without a space between sentences.
_UNSPACED = frozenset({"ja", "zh", "yue"})


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenChapter:
    """A chapter ready to be written: its heading, and its structure without that heading.

    ``title`` carries the chapter's number ("1. What is …"), the introduction has none. ``heading``: the cue of the
    heading that was the first node, None where there is none; its words may be the book's title instead.
    """

    number: int
    title: str
    heading: Cue | None
    start_ms: int
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenBook:
    """A book whose structure names every printed cue once, in order. ``space`` stands between sentences."""

    chapters: tuple[OpenChapter, ...]
    cues: Mapping[str, Cue]
    space: str

    def sentences(self, paragraph: Node) -> tuple[tuple[Cue, ...], ...]:
        """The printed sentences of a paragraph: one tuple a hard line break, nothing empty."""
        lines: list[list[Cue]] = [[]]
        for child in paragraph.children:
            if child.kind == "break":
                lines.append([])
            elif child.kind != "sentence":
                raise misplaced(child, "a paragraph")
            elif self.words(child):
                lines[-1].append(self.cues[child.cue])
        return tuple(tuple(line) for line in lines if line)

    def lines(self, paragraph: Node) -> tuple[str, ...]:
        """The printed words of a paragraph: one string a hard line break, sentences joined, nothing empty."""
        return tuple(self.space.join(self.shown(cue) for cue in line) for line in self.sentences(paragraph))

    def words(self, leaf: Node) -> str:
        """What a reader sees of a heading or sentence; empty for what is only for the ear."""
        return self.shown(self.cues[leaf.cue])

    def shown(self, cue: Cue) -> str:
        """What a reader sees of a cue; empty for what is only for the ear."""
        return one_line(cue.text) if cue.printed else ""


def one_line(text: str) -> str:
    """``text`` with its line ends turned into spaces and U+FFFD for what is no character."""
    return _NO_CHARACTER.sub("\ufffd", _LINE_END.sub(" ", text)).strip(" ")


def open_book(book: Book) -> OpenBook:
    """Hold the structure of ``book`` against its cues and give its chapters ready to be written.

    A chapter's heading is its first node, a heading of level 0 or 1. When there is none, or it is the book's
    title (which every transcript writes above the first chapter), the chapter's title stands in for it.

    Raises ``PublishError`` when a printed cue is missing from the structure, named twice or out of order.
    """
    cues = book.cues()
    parts = {part.chapter: part.nodes for part in book.structure}
    chapters = []
    for chapter in book.chapters:
        nodes = parts.get(chapter.number, ())
        _hold_against_cues(chapter, nodes, cues)
        chapters.append(_open_chapter(book, chapter, nodes, cues))
    return OpenBook(
        chapters=tuple(chapters),
        cues=cues,
        space="" if book.language.split("-")[0].lower() in _UNSPACED else " ",
    )


def check_page_texts(words: Mapping[str, str]) -> None:
    """Raise ``PublishError`` naming the page texts that ``words`` lacks."""
    missing = [key for key in PAGE_TEXTS if key not in words]
    if missing:
        raise PublishError(
            f"the page texts lack {', '.join(missing)}", next_step="add them to the phrases of this language"
        )


def misplaced(node: Node, place: str) -> PublishError:
    """The error for a node that cannot stand where it does."""
    return PublishError(
        f"book.json: a {node.kind} (cue {node.cue!r}) stands in {place}", next_step="build the edition again"
    )


def _open_chapter(book: Book, chapter: Chapter, nodes: tuple[Node, ...], cues: Mapping[str, Cue]) -> OpenChapter:
    title, rest, cue = one_line(chapter.title), nodes, None
    if nodes and nodes[0].kind == "heading" and nodes[0].level <= 1:
        rest, cue = nodes[1:], cues[nodes[0].cue]
        heading = one_line(cue.text)
        if heading != one_line(book.title):
            title = heading
    # A heading that is worded otherwise than the chapter's title brings its own number ("Chapter 1: …").
    numbered = chapter.number > 0 and title == one_line(chapter.title)
    return OpenChapter(
        number=chapter.number,
        title=f"{chapter.number}. {title}" if numbered else title,
        heading=cue,
        start_ms=chapter.start_ms,
        nodes=rest,
    )


def _hold_against_cues(chapter: Chapter, nodes: tuple[Node, ...], cues: Mapping[str, Cue]) -> None:
    named = [leaf.cue for leaf in _leaves(nodes)]
    unknown = [name for name in named if name not in cues]
    shown = [name for name in named if name not in unknown and cues[name].printed]
    printed = [cue.id for cue in chapter.cues if cue.printed]
    if unknown or shown != printed:
        differ = unknown or [a or b for a, b in zip_longest(printed, shown, fillvalue="") if a != b]
        raise PublishError(
            f"book.json: the structure of chapter {chapter.number} and its cues disagree at {differ[0]!r}",
            next_step="build the edition again",
        )


def _leaves(nodes: tuple[Node, ...]) -> Iterator[Node]:
    for node in nodes:
        if node.kind in ("heading", "sentence"):
            yield node
        yield from _leaves(node.children)
