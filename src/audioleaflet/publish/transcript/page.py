"""``transcript.html``: the transcript as one page, with no script and nothing from outside.

Built with the standard library's ElementTree, which escapes all it writes: it costs 5 ms to load, where
jinja2 costs 45 ms and lxml 10, and there is no template to keep in step with the structure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, tostring

from audioleaflet.book.model import Book, Term
from audioleaflet.publish.transcript.nodes import NodeWriter, block, link
from audioleaflet.publish.transcript.wording import OpenBook, OpenChapter, check_page_texts, one_line, open_book
from audioleaflet.units import Ms, ms_to_clock

_STYLE = Path(__file__).with_name("page.css")
_WORDS_ID = "word-list"
_TEXT_ID = "text"


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
    body = block(html, "body")
    link(block(body, "p", {"class": "skip"}), words["skip_to_text"], f"#{_TEXT_ID}")
    header = block(body, "header")
    block(header, "h1", text=one_line(book.title))
    block(header, "p", {"class": "by"}, one_line(book.publisher))
    block(header, "p", {"class": "status", "role": "note"}, one_line(book.status))
    _contents(body, opened, bool(book.terms), words)
    main = block(body, "main", {"id": _TEXT_ID})
    nodes = NodeWriter(opened, book.language, chapter_level=2)
    for chapter in opened.chapters:
        _chapter(main, nodes, chapter, words)
    if book.terms:
        _word_list(main, book.terms, words)
    return "<!DOCTYPE html>\n" + tostring(html, encoding="unicode", method="html") + "\n"


def _head(html: Element, book: Book, words: Mapping[str, str]) -> None:
    head = block(html, "head")
    block(head, "meta", {"charset": "utf-8"})
    block(head, "title", text=words["page_title"].replace("{title}", one_line(book.title)))
    block(head, "meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"})
    block(head, "meta", {"name": "color-scheme", "content": "light dark"})
    block(head, "style", text="\n" + _STYLE.read_text(encoding="utf-8"))


def _contents(body: Element, opened: OpenBook, with_words: bool, words: Mapping[str, str]) -> None:
    nav = block(body, "nav", {"aria-labelledby": "contents"})
    block(nav, "h2", {"id": "contents"}, words["contents"])
    entries = [(chapter.title, f"#chapter-{chapter.number}") for chapter in opened.chapters]
    if with_words:
        entries.append((words["word_list"], f"#{_WORDS_ID}"))
    listed = block(nav, "ul")
    for title, address in entries:
        link(block(listed, "li"), title, address)


def _chapter(main: Element, nodes: NodeWriter, chapter: OpenChapter, words: Mapping[str, str]) -> None:
    name = f"chapter-{chapter.number}"
    section = block(main, "section", {"id": name, "aria-labelledby": f"{name}-title"})
    block(section, "h2", {"id": f"{name}-title"}, chapter.title)
    before, _, after = words["starts_at"].partition("{time}")
    at = block(section, "p", {"class": "at"}, before)
    seconds = chapter.start_ms // 1000
    time = SubElement(at, "time", {"datetime": f"PT{seconds}S"})
    time.text = ms_to_clock(Ms(chapter.start_ms))
    time.tail = after
    nodes.blocks(section, chapter.nodes)


def _word_list(main: Element, terms: Iterable[Term], words: Mapping[str, str]) -> None:
    section = block(main, "section", {"id": _WORDS_ID, "aria-labelledby": f"{_WORDS_ID}-title"})
    block(section, "h2", {"id": f"{_WORDS_ID}-title"}, words["word_list"])
    listed = block(section, "dl")
    for term in terms:
        group = block(listed, "div")
        block(group, "dt", text=one_line(term.term))
        for value, attributes in ((term.respelling, {"class": "say"}), (term.meaning, {})):
            if value:
                block(group, "dd", attributes, one_line(value))
