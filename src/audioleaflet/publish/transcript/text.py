"""``transcript.txt``: for braille displays and for reading at one's own pace."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from audioleaflet.book.model import Book, Node
from audioleaflet.publish.transcript.wording import OpenBook, check_page_texts, misplaced, one_line, open_book

_INDENT = "  "


def transcript_txt(book: Book, words: Mapping[str, str]) -> str:
    """The printed words of ``book``: one paragraph a line, a blank line between, ``\\n`` line ends.

    Numbered chapter headings (the introduction has no number); ``- `` or ``1. `` before an item, two more
    spaces a level; a hard line break ends a line; no times, announcements or repeats.

    Raises ``PublishError`` when the book's structure and cues disagree.
    """
    check_page_texts(words)
    opened = open_book(book)
    blocks = [one_line(book.title)]
    for chapter in opened.chapters:
        blocks.append(chapter.title)
        blocks.extend(_blocks(opened, chapter.nodes))
    return "\n\n".join(block for block in blocks if block) + "\n"


def _blocks(opened: OpenBook, nodes: tuple[Node, ...]) -> Iterator[str]:
    for node in nodes:
        if node.kind == "heading":
            yield opened.words(node)
        elif node.kind == "paragraph":
            yield "\n".join(opened.lines(node))
        elif node.kind == "list":
            yield "\n".join(_list_lines(opened, node))
        else:
            raise misplaced(node, "a chapter")


def _list_lines(opened: OpenBook, node: Node) -> Iterator[str]:
    number = 0
    for item in node.children:
        if item.kind != "item":
            raise misplaced(item, "a list")
        lines = list(_item_lines(opened, item))
        if not lines:
            continue
        number += 1
        yield (f"{number}. " if node.ordered else "- ") + lines[0]
        yield from (_INDENT + line for line in lines[1:])


def _item_lines(opened: OpenBook, item: Node) -> Iterator[str]:
    for block in item.children:
        if block.kind == "paragraph":
            yield from opened.lines(block)
        elif block.kind == "list":
            yield from _list_lines(opened, block)
        else:
            raise misplaced(block, "an item")
