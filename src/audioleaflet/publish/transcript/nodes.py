"""The structure of a book as HTML elements: one writer of headings, paragraphs and lists for every page.

Built with the standard library's ElementTree, which escapes all it writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from xml.etree.ElementTree import Element, SubElement

from audioleaflet.book.model import Cue, Node
from audioleaflet.publish.transcript.links import split_links
from audioleaflet.publish.transcript.wording import OpenBook, misplaced

_DEEPEST = 6  # HTML has no h7


class NodeWriter:
    """Writes nodes as plain elements; a page with more to say of its sentences overrides ``heading`` and ``line``.

    ``chapter_level``: the level of the headings (2 is ``h2``) under which the nodes stand. ``language``: BCP 47.
    """

    def __init__(self, opened: OpenBook, language: str, *, chapter_level: int) -> None:
        self.opened = opened
        self.language = language
        self._chapter_level = chapter_level

    def blocks(self, parent: Element, nodes: Iterable[Node]) -> None:
        """Headings, paragraphs and lists. Raises PublishError for a node that cannot stand where it does."""
        for node in nodes:
            if node.kind == "heading":
                if self.opened.words(node):
                    self.heading(parent, self._tag(node), self.opened.cues[node.cue])
            elif node.kind == "paragraph":
                lines = self.opened.sentences(node)
                if lines:
                    self._lines(block(parent, "p"), lines)
            elif node.kind == "list":
                self._list(parent, node)
            else:
                raise misplaced(node, "a chapter")

    def heading(self, parent: Element, tag: str, cue: Cue) -> None:
        """A heading inside a chapter."""
        block(parent, tag, text=self.opened.shown(cue))

    def line(self, parent: Element, cues: Iterable[Cue]) -> None:
        """The sentences of one line, appended to ``parent``."""
        write(parent, self.opened.space.join(self.opened.shown(cue) for cue in cues), self.language)

    def _tag(self, node: Node) -> str:
        return f"h{min(max(node.level, 2) - 1 + self._chapter_level, _DEEPEST)}"

    def _list(self, parent: Element, node: Node) -> None:
        listed = Element("ol" if node.ordered else "ul")
        for item in node.children:
            if item.kind != "item":
                raise misplaced(item, "a list")
            entry = Element("li")
            self._item(entry, item)
            if len(entry) or entry.text:
                entry.tail = "\n"
                listed.append(entry)
        if len(listed):
            listed.text = listed.tail = "\n"
            parent.append(listed)

    def _item(self, entry: Element, item: Node) -> None:
        """An item of one paragraph, with or without a list under it, needs no ``p``."""
        first, rest = item.children[:1], item.children[1:]
        if first and first[0].kind == "paragraph" and all(child.kind == "list" for child in rest):
            self._lines(entry, self.opened.sentences(first[0]))
            self.blocks(entry, rest)
        else:
            self.blocks(entry, item.children)

    def _lines(self, parent: Element, lines: Iterable[Iterable[Cue]]) -> None:
        for number, cues in enumerate(lines):
            if number:
                SubElement(parent, "br")
            self.line(parent, cues)


def block(parent: Element, tag: str, attributes: Mapping[str, str] | None = None, text: str = "") -> Element:
    """A child of ``parent`` on a line of its own."""
    if len(parent) == 0 and not parent.text:
        parent.text = "\n"
    element = SubElement(parent, tag, dict(attributes or {}))
    element.text = text
    element.tail = "\n"
    return element


def link(parent: Element, text: str, address: str) -> None:
    """A link at the end of ``parent``."""
    SubElement(parent, "a", {"href": address}).text = text


def write(parent: Element, text: str, language: str = "") -> None:
    """Append ``text`` to ``parent``; its addresses as links where a language tells how to read them."""
    for piece, address in split_links(text, language) if language else ((text, ""),):
        if address:
            link(parent, piece, address)
        elif len(parent):
            parent[-1].tail = (parent[-1].tail or "") + piece
        else:
            parent.text = (parent.text or "") + piece
