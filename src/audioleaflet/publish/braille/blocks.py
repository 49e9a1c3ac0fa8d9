"""What a book holds, as the blocks of a braille volume: the words of the transcript, in its order, none left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from audioleaflet import phrases
from audioleaflet.book.model import Book, Node, Term
from audioleaflet.publish.braille.pages import Block, Line
from audioleaflet.publish.transcript.wording import OpenBook, misplaced, one_line

_CELL_5, _CELL_7 = 4, 6  # blank cells before them
_STEP = 2  # an item is so much further in than the list that it stands in
_DEEPEST = 6  # lists further in stay here, so that there is room for their words


def opening(book: Book) -> tuple[Block, ...]:
    """The title, what must be known of the braille, and the heading of the contents."""
    words = phrases.load_site(book.language).reading
    return (
        _centred(one_line(book.title)),
        Block(kind="paragraph", lines=(Line(words["braille"]),), first=2),
        _centred(words["contents"]),
    )


def blocks(book: Book, opened: OpenBook) -> tuple[Block, ...]:
    """The chapters, and how to say the words. Those with a ``level`` stand in the contents."""
    made: list[Block] = []
    for chapter in opened.chapters:
        made.append(_centred(chapter.title, level=1))
        for node in chapter.nodes:
            made += _block(opened, node)
    if book.terms:
        made.append(_centred(phrases.load_site(book.language).reading["words"], level=1))
        made += _list(_term(term) for term in book.terms)
    return tuple(made)


def lines_of(blocks: Iterable[Block]) -> Iterator[Line]:
    """Every line of print in ``blocks``."""
    for block in blocks:
        yield from block.lines


def _block(opened: OpenBook, node: Node) -> list[Block]:
    if node.kind == "heading":
        return _heading(opened.words(node), node.level)
    if node.kind == "paragraph":
        return _paragraph(opened.lines(node))
    if node.kind == "list":
        return _list(_items(opened, node, 0))
    raise misplaced(node, "a chapter")


def _centred(text: str, level: int = 0) -> Block:
    return Block(kind="centred", lines=(Line(text),), before=True, after=True, level=level)


def _heading(text: str, level: int) -> list[Block]:
    """A heading inside a chapter: a blank line before it, none after (Formats 4.5, 4.6)."""
    if not text:
        return []
    outer = level <= 2
    margin = _CELL_5 if outer else _CELL_7
    shape = Block(kind="heading", lines=(Line(text),), first=margin, rest=margin, before=True, level=2 if outer else 3)
    return [shape]


def _paragraph(lines: tuple[str, ...]) -> list[Block]:
    """3-1; lines that print keeps apart, such as those of an address, 1-3 each (Formats 1.9, 8.3)."""
    if len(lines) > 1:
        return _list(_Item(depth=0, lines=(Line(line),)) for line in lines)
    return [Block(kind="paragraph", lines=(Line(line),), first=2) for line in lines]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    """``depth``: 0 in the outermost list. ``goes_on``: it continues an item, after a list that stood in it."""

    depth: int
    lines: tuple[Line, ...]
    goes_on: bool = False


def _list(items: Iterable[_Item]) -> list[Block]:
    """1-3, with a list inside 1-5 and 3-5, and so on: every line runs over further in than any begins (Formats 8.3)."""
    held = tuple(items)
    rest = _STEP * (1 + max((item.depth for item in held), default=0))
    return [
        Block(
            kind="item",
            lines=item.lines,
            first=rest if item.goes_on else _STEP * item.depth,
            rest=rest,
            before=at == 0,
            after=at == len(held) - 1,
        )
        for at, item in enumerate(held)
    ]


def _items(opened: OpenBook, node: Node, depth: int) -> Iterator[_Item]:
    """The items of a list and of the lists in them. No bullets: where an item begins is felt at the margin."""
    number = 0
    for child in node.children:
        if child.kind != "item":
            raise misplaced(child, "a list")
        parts = list(_parts(opened, child, depth))
        if not parts:
            continue
        number += 1
        if node.ordered:
            first, *others = parts[0].lines
            parts[0] = replace(parts[0], lines=(Line(f"{number}. {first.text}"), *others))
        yield from parts


def _parts(opened: OpenBook, item: Node, depth: int) -> Iterator[_Item]:
    began = False
    for child in item.children:
        if child.kind == "paragraph":
            lines = tuple(Line(line) for line in opened.lines(child))
            if lines:
                yield _Item(depth=depth, lines=lines, goes_on=began)
        elif child.kind == "list":
            yield from _items(opened, child, min(depth + 1, _DEEPEST))
        else:
            raise misplaced(child, "an item")
        began = True


def _term(term: Term) -> _Item:
    """A word, how to say it letter by letter, and what it means."""
    lines = (Line(one_line(term.term)), Line(one_line(term.respelling), letters=True), Line(one_line(term.meaning)))
    return _Item(depth=0, lines=tuple(line for line in lines if line.text))
