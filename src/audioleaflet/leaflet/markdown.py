"""The Markdown of a leaflet (CommonMark 0.31): paragraphs, lists, emphasis, links, hard line breaks, no more.

A link ``[wound](say:WOOND)`` is no link: it settles how that one word is said (see annotation.py).

Whatever else Markdown knows is a problem with its name, because a listener would lose it. So is what Markdown
would take away in silence: link definitions, link titles, comments, the numbers of a list that does not count
1, 2, 3.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from audioleaflet.document import one_line
from audioleaflet.document.characters import bad_characters, mend
from audioleaflet.errors import Origin, Problem
from audioleaflet.leaflet.annotation import plain
from audioleaflet.leaflet.bullets import leftover_bullet, mend_bullets
from audioleaflet.leaflet.links import is_reading, settled_words, shown_link
from audioleaflet.leaflet.model import Block

MAX_LIST_DEPTH = 6
# markdown-it takes time with the square of a paragraph's length where brackets open and never close.
MAX_PARAGRAPH = 5_000
# Deeper than any list that we accept, so that the parser never stops half-way and drops the rest in silence.
_NESTING = 60

# CommonMark takes no link with a space in its address; what is left is plain text.
_UNREAD_MARK = re.compile(r"\]\s*\(\s*<?say:", re.IGNORECASE)

_UNSUPPORTED = {
    "heading": ("a heading", "make it a section of its own, or plain text"),
    "blockquote": ("a quotation ('>')", "write it as a paragraph"),
    "fence": ("a code block", "write it as a paragraph"),
    "code_block": ("a code block (indented by four spaces)", "indent it less"),
    "hr": ("a line across the page", "leave it out"),
    "html_block": ("HTML", "write plain text; a backslash at a line's end breaks the line"),
    "html_inline": ("HTML", "write plain text; a backslash at a line's end breaks the line"),
    "table": ("a table", "write it as a list: a listener cannot see columns"),
    "code_inline": ("code (`…`)", "leave the backquotes out"),
    "image": ("an image", "write in words what it shows"),
    "s": ("struck-out text (~~…~~)", "leave it out, or leave the marks out"),
}


def _measure(state: StateCore) -> None:
    """Take what is too long away from the inline parser, and remember its row."""
    for token in state.tokens:
        if token.type == "inline" and len(token.content) > MAX_PARAGRAPH:
            token.content = "…"  # not nothing, which would be a fault of its own
            state.env.setdefault("too_long", []).append(_row(token))


@cache
def _parser() -> _CommonMark:
    return _CommonMark()


class Parsed(NamedTuple):
    """The blocks of a text, and what is wrong with it. Blocks are whole only where there are no problems."""

    blocks: tuple[Block, ...]
    problems: tuple[Problem, ...]


class _CommonMark(MarkdownIt):
    """CommonMark that keeps addresses as typed, and sees tables and struck-out text so as to name them."""

    def __init__(self) -> None:
        super().__init__("commonmark", {"maxNesting": _NESTING})
        self.enable(["table", "strikethrough"])
        self.core.ruler.before("inline", "measure", _measure)

    def validateLink(self, url: str) -> bool:  # noqa: N802, ARG002 - a method of markdown-it
        return True

    def normalizeLink(self, url: str) -> str:  # noqa: N802
        return url

    def normalizeLinkText(self, link: str) -> str:  # noqa: N802
        return link


def parse_markdown(text: str, place: Callable[[int], Origin]) -> Parsed:
    """The blocks of a Markdown ``text``. ``place`` tells where its row is written, rows counted from 0."""
    reader = _Reader(place)
    lines = mend_bullets(text.split("\n"))
    environment: dict[str, Any] = {}
    tokens = _parser().parse("\n".join(lines), environment)
    blocks = tuple(reader.blocks(iter(tokens), depth=0))
    reader.environment(environment)
    problems = sorted(dict.fromkeys(reader.problems), key=lambda problem: problem.origin.line)
    return Parsed(blocks, tuple(problems))


def parse_passage(text: str, place: Callable[[int], Origin]) -> tuple[str, tuple[Problem, ...]]:
    """A text of paragraphs alone (a summary, a notice), as one line."""
    parsed = parse_markdown(text, place)
    problems = list(parsed.problems)
    for block in parsed.blocks:
        if block.kind == "list":
            step = "write it as sentences, or move the list to a section"
            message = "a list cannot stand in this field"
            problem = Problem(origin=block.origin, code="MARKDOWN", message=message, next_step=step)
            problems.append(problem)
    return " ".join(line for block in parsed.blocks for line in block.lines), tuple(problems)


@dataclass(slots=True)
class _Rows:
    """The text of a paragraph, row by row as typed. ``breaks``: rows that start after a hard break."""

    texts: list[str] = field(default_factory=lambda: [""])
    breaks: set[int] = field(default_factory=set)

    def new(self, *, hard: bool) -> None:
        if hard:
            self.breaks.add(len(self.texts))
        self.texts.append("")

    def lines(self) -> tuple[str, ...]:
        """One string a hard line break, white space made single spaces."""
        lines: list[str] = []
        for index, text in enumerate(self.texts):
            if index == 0 or index in self.breaks:
                lines.append(text)
            else:
                lines[-1] += f" {text}"
        return tuple(line for line in map(one_line, lines) if line)


class _Reader:
    """Tokens of markdown-it to blocks; collects problems on the way."""

    def __init__(self, place: Callable[[int], Origin]) -> None:
        self.place = place
        self.problems: list[Problem] = []

    def problem(self, row: int, code: str, message: str, next_step: str) -> None:
        self.problems.append(Problem(origin=self.place(row), code=code, message=message, next_step=next_step))

    def environment(self, environment: dict[str, Any]) -> None:
        """Problems for what the parser set aside: link definitions ('[name]: address'), long paragraphs."""
        known = [*environment.get("references", {}).values(), *environment.get("duplicate_refs", ())]
        for definition in known:
            step = "write the link where it is read: [words](https://…)"
            self.problem(definition["map"][0], "MARKDOWN", "a link definition would not be read", step)

        for row in environment.get("too_long", ()):
            message = f"a paragraph has more than {MAX_PARAGRAPH} characters"
            self.problem(row, "TOO-LONG", message, "divide it by empty lines")

    def blocks(self, tokens: Iterator[Token], depth: int) -> Iterator[Block]:
        """The blocks up to the end of the container that ``tokens`` are in."""
        for token in tokens:
            if token.nesting < 0:
                return
            if token.type == "paragraph_open":
                yield from self._paragraph(next(tokens))
                next(tokens)
            elif token.type in ("bullet_list_open", "ordered_list_open"):
                yield self._list(token, tokens, depth + 1)
            else:
                self._unsupported(token, _row(token))
                if token.nesting > 0:
                    _skip(tokens)

    def _unsupported(self, token: Token, row: int) -> None:
        what, step = _UNSUPPORTED[token.type.removesuffix("_open")]
        self.problem(row, "MARKDOWN", f"{what} cannot be read aloud", step)

    def _list(self, opening: Token, tokens: Iterator[Token], depth: int) -> Block:
        items, numbers, row = [], [], _row(opening)
        if depth == MAX_LIST_DEPTH + 1:
            self.problem(row, "TOO-DEEP", f"lists stand more than {MAX_LIST_DEPTH} deep", "make them flatter")
        for token in tokens:
            if token.nesting < 0:
                break
            numbers.append(token.info)
            told = len(self.problems)
            blocks = tuple(self.blocks(tokens, depth))
            if not blocks and len(self.problems) == told and depth <= MAX_LIST_DEPTH:
                self.problem(_row(token), "EMPTY", "a list item has nothing in it", "write it, or delete its mark")
            items.append(blocks)
        ordered = opening.type == "ordered_list_open"
        if ordered:
            self._numbers(numbers, row)
        return Block(kind="list", items=tuple(items), ordered=ordered, origin=self.place(row))

    def _numbers(self, numbers: list[str], row: int) -> None:
        counted = [str(number) for number in range(1, len(numbers) + 1)]
        if numbers not in (counted, ["1"] * len(numbers)):
            shown = ", ".join(numbers[:5])
            step = "number it 1, 2, 3; if it is no list, put a backslash before the dot: 1986\\."
            self.problem(row, "LIST", f"a list is numbered {shown} and would be read from 1", step)

    def _paragraph(self, inline: Token) -> Iterator[Block]:
        first, rows = _row(inline), _Rows()
        links: list[tuple[int, int, Token]] = []
        for token in inline.children or ():
            row = len(rows.texts) - 1
            if token.type == "text":
                self._characters(first + row, token.content)
                rows.texts[-1] += token.content
            elif token.type in ("softbreak", "hardbreak"):
                rows.new(hard=token.type == "hardbreak")
            elif token.type == "link_open":
                links.append((row, len(rows.texts[-1]), token))
            elif token.type == "link_close":
                self._link(rows, first + row, *links.pop())
            elif token.type.removesuffix("_open") in _UNSUPPORTED:
                self._unsupported(token, first + row)
        for row, text in enumerate(rows.texts):
            self._row_text(first + row, text)
            rows.texts[row] = mend(text)  # entities such as &nbsp; come to light only here
        lines = rows.lines()
        if lines:
            yield Block(kind="paragraph", lines=lines, origin=self.place(first))

    def _characters(self, row: int, text: str) -> None:
        for _, what in bad_characters(mend(text)):
            self.problem(row, "CHARACTER", f"the text holds {what}", "delete it or type it anew")

    def _row_text(self, row: int, text: str) -> None:
        if _UNREAD_MARK.search(plain(text)):
            step = "without spaces, or between angle brackets: [bone marrow](<say:BOHN MAR-oh>)"
            self.problem(row, "LINK", "a 'say:' mark is written so that it would be read aloud", f"write it {step}")
        mark = leftover_bullet(plain(text))
        if mark:
            step = "start the list after an empty line, each item with '- ' or '1. '"
            self.problem(row, "BULLET", f"'{mark}' is typed as a bullet in a paragraph, which would run on", step)

    def _link(self, rows: _Rows, row: int, start: int, column: int, token: Token) -> None:
        if token.attrs.get("title"):
            step = "write it in the sentence"
            self.problem(row, "LINK", f"the title '{token.attrs['title']}' of a link would not be read", step)
        address = str(token.attrs.get("href", ""))
        words = " ".join([rows.texts[start][column:], *rows.texts[start + 1 :]])
        if is_reading(address):
            self._reading(rows, row, start, column, address)
            return
        try:
            shown = shown_link(words, address)
        except ValueError as error:
            self.problem(row, "LINK", str(error), "link to an address with https:// or mailto:, or write it as text")
            return
        if start == len(rows.texts) - 1:
            rows.texts[start] = rows.texts[start][:column] + shown
        else:
            rows.texts[-1] += shown.removeprefix(words)

    def _reading(self, rows: _Rows, row: int, start: int, column: int, address: str) -> None:
        if any(later in rows.breaks for later in range(start + 1, len(rows.texts))):
            self.problem(row, "LINK", "a line breaks inside the words of a 'say:' mark", "leave the break out of it")
            return
        words = "\n".join([rows.texts[start][column:], *rows.texts[start + 1 :]])
        try:
            shown = settled_words(words, address)
        except ValueError as error:
            step = "write [wound](say:WOOND), or IPA between slashes: [wound](say:/wuːnd/)"
            self.problem(row, "IPA" if words.strip() and len(address) > len("say:") else "LINK", str(error), step)
            return
        rows.texts[start:] = [
            rows.texts[start][:column] + part if not at else part for at, part in enumerate(shown.split("\n"))
        ]


def _row(token: Token) -> int:
    return token.map[0] if token.map else 0


def _skip(tokens: Iterator[Token]) -> None:
    depth = 1
    for token in tokens:
        depth += token.nesting
        if depth == 0:
            return
