"""The pages of an EPUB: XHTML, each sentence a span that its sound can name."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element, tostring

from lxml import etree

from audioleaflet import phrases
from audioleaflet.book.model import Book, Cue
from audioleaflet.publish.contents import Place, places
from audioleaflet.publish.facts import cover_described
from audioleaflet.publish.transcript.nodes import NodeWriter, block, link, write
from audioleaflet.publish.transcript.wording import OpenBook, OpenChapter, one_line

_XHTML = "http://www.w3.org/1999/xhtml"
_BELOW_THE_TITLE = ("h2", "h3", "h4", "h5", "h6")
_OPS = "http://www.idpf.org/2007/ops"


class Pages:
    """Writes the pages of ``book``; ``xml`` gives each as bytes."""

    def __init__(self, book: Book, opened: OpenBook) -> None:
        self._book = book
        self._opened = opened
        self._words = phrases.load_site(book.language).reading
        self._nodes = _Sentences(opened, book.language)

    def chapter(self, chapter: OpenChapter) -> Element:
        """A chapter, its heading and its text. Its lists have ids, but for those inside others."""
        kind = "chapter" if chapter.number else "introduction"
        role = f"doc-{kind}"
        html, body = self._page(chapter.title)
        section = block(body, "section", {"epub:type": kind, "role": role, "aria-labelledby": "title"})
        heading = block(section, "h1", {"id": "title"})
        _heading(heading, chapter, self._opened)
        self._nodes.blocks(section, chapter.nodes)
        _close_levels(section)
        for number, listed in enumerate((child for child in section if child.tag in ("ol", "ul")), start=1):
            listed.set("id", f"list-{number}")
        return html

    def cover(self) -> Element:
        """The cover, described."""
        html, body = self._page(one_line(self._book.title))
        holder = block(body, "section", {"epub:type": "cover", "class": "cover", "aria-label": self._words["cover"]})
        block(holder, "img", {"src": "cover.png", "alt": cover_described(self._book), "role": "doc-cover"})
        return html

    def words(self) -> Element:
        """The terms that the introduction teaches: how to say each, and what it means."""
        title = self._words["words"]
        html, body = self._page(title)
        section = block(body, "section", {"epub:type": "glossary", "role": "doc-glossary", "aria-labelledby": "title"})
        block(section, "h1", {"id": "title"}, title)
        listed = block(section, "dl")
        for term in self._book.terms:
            block(listed, "dt", {"epub:type": "glossterm"}, one_line(term.term))
            if term.respelling:
                block(listed, "dd", {"class": "say"}, one_line(term.respelling))
            if term.meaning:
                block(listed, "dd", {"epub:type": "glossdef"}, one_line(term.meaning))
        return html

    def nav(self) -> Element:
        """The contents (EPUB 3.3, 7), and the landmarks."""
        html, body = self._page(self._words["contents"])
        toc = block(body, "nav", {"epub:type": "toc", "role": "doc-toc", "aria-labelledby": "title"})
        block(toc, "h1", {"id": "title"}, self._words["contents"])
        listed = block(toc, "ol")
        for chapter, shown in zip(self._book.chapters, self._opened.chapters, strict=True):
            page = f"{chapter.number:02}.xhtml"
            entry = block(listed, "li")
            link(entry, shown.title, page)
            _below(entry, places(self._book, self._opened, chapter), page)
        if self._book.terms:
            link(block(listed, "li"), self._words["words"], "words.xhtml")
        marks = block(body, "nav", {"epub:type": "landmarks", "aria-labelledby": "marks", "hidden": "hidden"})
        block(marks, "h2", {"id": "marks"}, self._words["landmarks"])
        listed = block(marks, "ol")
        first = next((chapter for chapter in self._opened.chapters if chapter.number), self._opened.chapters[0])
        self._landmark(listed, "cover", self._words["cover"], "cover.xhtml")
        self._landmark(listed, "toc", self._words["contents"], "nav.xhtml")
        self._landmark(listed, "bodymatter", first.title, f"{first.number:02}.xhtml")
        if self._book.terms:
            self._landmark(listed, "glossary", self._words["words"], "words.xhtml")
        return html

    def _landmark(self, parent: Element, kind: str, text: str, address: str) -> None:
        entry = block(parent, "li")
        link(entry, text, address)
        entry[-1].set("epub:type", kind)

    def _page(self, title: str) -> tuple[Element, Element]:
        language = self._book.language
        html = Element(
            "html",
            {"xmlns": _XHTML, "xmlns:epub": _OPS, "lang": language, "xml:lang": language, "dir": self._book.dir},
        )
        head = block(html, "head")
        block(head, "title", text=title)
        block(head, "link", {"rel": "stylesheet", "type": "text/css", "href": "book.css"})
        return html, block(html, "body")


class _Sentences(NodeWriter):
    """Every printed cue is a span, or a heading, of its own id."""

    def __init__(self, opened: OpenBook, language: str) -> None:
        super().__init__(opened, language, chapter_level=1)

    def heading(self, parent: Element, tag: str, cue: Cue) -> None:
        block(parent, tag, {"id": cue.id}, self.opened.shown(cue))

    def line(self, parent: Element, cues: Iterable[Cue]) -> None:
        for number, cue in enumerate(cues):
            if number:
                write(parent, self.opened.space)
            _span(parent, cue, self.opened, self.language)


def _heading(heading: Element, chapter: OpenChapter, opened: OpenBook) -> None:
    """What is read as a heading is a span; a number that was put before it, or a title in its place, is not."""
    spoken = opened.shown(chapter.heading) if chapter.heading is not None else ""
    if chapter.heading is None or not spoken:
        write(heading, chapter.title)
        return
    if chapter.title.endswith(spoken):
        write(heading, chapter.title.removesuffix(spoken))
    _span(heading, chapter.heading, opened)


def _span(parent: Element, cue: Cue, opened: OpenBook, language: str = "") -> None:
    span = Element("span", {"id": cue.id})
    parent.append(span)
    write(span, opened.shown(cue), language)


def _close_levels(section: Element) -> None:
    """No level of heading is left out on the way down, whatever the leaflet does: an h2 is followed by an h3."""
    above = 1
    for element in section.iter():
        if element.tag in _BELOW_THE_TITLE:
            above = min(int(element.tag[1]), above + 1)
            element.tag = f"h{above}"


def _below(entry: Element, listed: Iterable[Place], page: str) -> None:
    """The headings inside a chapter, as deep as they stand there."""
    inner = Element("ol")
    for place in listed:
        item = block(inner, "li")
        link(item, place.text, f"{page}#{place.cue}")
        _below(item, place.below, page)
    if len(inner):
        entry.append(inner)


def xml(html: Element) -> bytes:
    """A page as a file."""
    tree = etree.fromstring(tostring(html, encoding="unicode"))
    return etree.tostring(tree, encoding="utf-8", xml_declaration=True, doctype="<!DOCTYPE html>") + b"\n"
