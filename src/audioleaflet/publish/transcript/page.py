"""``transcript.html``: the transcript as one page, with no script and nothing from outside.

Built with the standard library's ElementTree, which escapes all it writes: it costs 5 ms to load, where
jinja2 costs 45 ms and lxml 10, and there is no template to keep in step with the structure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, tostring

from audioleaflet.book.model import Book, Node, Term
from audioleaflet.publish.transcript.links import split_links
from audioleaflet.publish.transcript.wording import (
    OpenBook,
    OpenChapter,
    check_page_texts,
    misplaced,
    one_line,
    open_book,
)
from audioleaflet.units import Ms, ms_to_clock

_STYLE = Path(__file__).with_name("page.css")
_WORDS_ID = "word-list"
_TEXT_ID = "text"
_DEEPEST = 6  # HTML has no h7


def transcript_html(book: Book, words: Mapping[str, str]) -> str:
    """One HTML page: title, who checked it, contents, chapters as the leaflet has them, word list.

    Headings are headings (``h2`` a chapter), lists are lists, a hard line break is ``<br>``; times stand
    under chapter headings only, counted in the whole recording. Addresses are links. 18 pt in print.

    Raises ``PublishError`` when the book's structure and cues disagree or ``words`` lacks a page text.
    """
    check_page_texts(words)
    opened = open_book(book)
    html = Element("html", {"lang": book.language, "dir": book.dir})
    _head(html, book, words)
    body = _block(html, "body")
    _link(_block(body, "p", {"class": "skip"}), words["skip_to_text"], f"#{_TEXT_ID}")
    header = _block(body, "header")
    _block(header, "h1", text=one_line(book.title))
    _block(header, "p", {"class": "by"}, one_line(book.publisher))
    _block(header, "p", {"class": "status", "role": "note"}, one_line(book.status))
    _contents(body, opened, bool(book.terms), words)
    main = _block(body, "main", {"id": _TEXT_ID})
    page = _Page(opened, book.language)
    for chapter in opened.chapters:
        _chapter(main, page, chapter, words)
    if book.terms:
        _word_list(main, book.terms, words)
    return "<!DOCTYPE html>\n" + tostring(html, encoding="unicode", method="html") + "\n"


def _head(html: Element, book: Book, words: Mapping[str, str]) -> None:
    head = _block(html, "head")
    _block(head, "meta", {"charset": "utf-8"})
    _block(head, "title", text=words["page_title"].replace("{title}", one_line(book.title)))
    _block(head, "meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"})
    _block(head, "meta", {"name": "color-scheme", "content": "light dark"})
    _block(head, "style", text="\n" + _STYLE.read_text(encoding="utf-8"))


def _contents(body: Element, opened: OpenBook, with_words: bool, words: Mapping[str, str]) -> None:
    nav = _block(body, "nav", {"aria-labelledby": "contents"})
    _block(nav, "h2", {"id": "contents"}, words["contents"])
    entries = [(chapter.title, f"#chapter-{chapter.number}") for chapter in opened.chapters]
    if with_words:
        entries.append((words["word_list"], f"#{_WORDS_ID}"))
    listed = _block(nav, "ul")
    for title, address in entries:
        _link(_block(listed, "li"), title, address)


def _chapter(main: Element, page: _Page, chapter: OpenChapter, words: Mapping[str, str]) -> None:
    name = f"chapter-{chapter.number}"
    section = _block(main, "section", {"id": name, "aria-labelledby": f"{name}-title"})
    _block(section, "h2", {"id": f"{name}-title"}, chapter.title)
    before, _, after = words["starts_at"].partition("{time}")
    at = _block(section, "p", {"class": "at"}, before)
    seconds = chapter.start_ms // 1000
    time = SubElement(at, "time", {"datetime": f"PT{seconds}S"})
    time.text = ms_to_clock(Ms(chapter.start_ms))
    time.tail = after
    page.blocks(section, chapter.nodes)


def _word_list(main: Element, terms: Iterable[Term], words: Mapping[str, str]) -> None:
    section = _block(main, "section", {"id": _WORDS_ID, "aria-labelledby": f"{_WORDS_ID}-title"})
    _block(section, "h2", {"id": f"{_WORDS_ID}-title"}, words["word_list"])
    listed = _block(section, "dl")
    for term in terms:
        group = _block(listed, "div")
        _block(group, "dt", text=one_line(term.term))
        for value, attributes in ((term.respelling, {"class": "say"}), (term.meaning, {})):
            if value:
                _block(group, "dd", attributes, one_line(value))


class _Page:
    """Writes the nodes of a book as elements."""

    def __init__(self, opened: OpenBook, language: str) -> None:
        self._opened = opened
        self._language = language

    def blocks(self, parent: Element, nodes: Iterable[Node]) -> None:
        """Headings, paragraphs and lists."""
        for node in nodes:
            if node.kind == "heading":
                text = self._opened.words(node)
                if text:
                    _block(parent, f"h{min(max(node.level, 2) + 1, _DEEPEST)}", text=text)
            elif node.kind == "paragraph":
                lines = self._opened.lines(node)
                if lines:
                    self._lines(_block(parent, "p"), lines)
            elif node.kind == "list":
                self._list(parent, node)
            else:
                raise misplaced(node, "a chapter")

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
        if first and first[0].kind == "paragraph" and all(block.kind == "list" for block in rest):
            self._lines(entry, self._opened.lines(first[0]))
            self.blocks(entry, rest)
        else:
            self.blocks(entry, item.children)

    def _lines(self, parent: Element, lines: Iterable[str]) -> None:
        for number, line in enumerate(lines):
            if number:
                SubElement(parent, "br")
            _write(parent, line, self._language)


def _block(parent: Element, tag: str, attributes: Mapping[str, str] | None = None, text: str = "") -> Element:
    """A child of ``parent`` on a line of its own."""
    if len(parent) == 0 and not parent.text:
        parent.text = "\n"
    element = SubElement(parent, tag, dict(attributes or {}))
    element.text = text
    element.tail = "\n"
    return element


def _link(parent: Element, text: str, address: str, attributes: Mapping[str, str] | None = None) -> None:
    link = SubElement(parent, "a", {"href": address, **(attributes or {})})
    link.text = text


def _write(parent: Element, text: str, language: str) -> None:
    """Append ``text`` to ``parent``, its addresses as links."""
    for piece, address in split_links(text, language):
        if address:
            _link(parent, piece, address)
        elif len(parent):
            parent[-1].tail = (parent[-1].tail or "") + piece
        else:
            parent.text = (parent.text or "") + piece
