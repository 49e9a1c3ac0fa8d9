"""``content.html``: all that can be read (DAISY 2.02, 2.2), each sentence of a name that its SMIL file knows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from xml.etree.ElementTree import Element

from audioleaflet.book.model import Book, Cue
from audioleaflet.publish.daisy.outline import Place
from audioleaflet.publish.daisy.xml import page, xhtml_file
from audioleaflet.publish.track import Track
from audioleaflet.publish.transcript.nodes import NodeWriter, block, write
from audioleaflet.publish.transcript.wording import OpenBook, one_line

CONTENT = "content.html"


def content(book: Book, opened: OpenBook, tracks: Iterable[Track], places: Iterable[Place]) -> bytes:
    """The text as UTF-8: the title, then each chapter under its heading, with lists as lists."""
    html, head, body = page(book)
    html.set("dir", book.dir)
    block(head, "style", {"type": "text/css"}, Path(__file__).with_name("book.css").read_text(encoding="utf-8"))
    sentences = _Sentences(opened, book.language, {place.cue: f"h{place.level}" for place in places})
    title = one_line(book.title)
    for number, track in enumerate(tracks):
        heading, spoken = _spoken(track, opened)
        if number == 0:
            _heading(body, title, heading if spoken == title else None, opened, {"class": "title"})
            heading = None if spoken == title else heading
        if number or heading is not None or len(track.clips) > 1:
            _heading(body, track.shown.title, heading, opened)
        sentences.blocks(body, track.shown.nodes)
    return xhtml_file(html)


def _spoken(track: Track, opened: OpenBook) -> tuple[Cue | None, str]:
    """The heading of a chapter that is read aloud, and its words; none where the chapter begins without."""
    heading = track.shown.heading
    words = opened.shown(heading) if heading is not None else ""
    return (heading, words) if words else (None, "")


def _heading(
    body: Element, title: str, heading: Cue | None, opened: OpenBook, attributes: Mapping[str, str] | None = None
) -> None:
    """A chapter's heading. What is read aloud is a span; a number before it, or a title in its place, is not."""
    if heading is None:
        block(body, "h1", attributes, title)
        return
    element = block(body, "h1", attributes, title.removesuffix(opened.shown(heading)))
    _span(element, heading, opened)


class _Sentences(NodeWriter):
    """Every sentence is a span, every heading inside a chapter a heading of its level in the outline."""

    def __init__(self, opened: OpenBook, language: str, tags: Mapping[str, str]) -> None:
        super().__init__(opened, language, chapter_level=1)
        self._tags = tags

    def heading(self, parent: Element, tag: str, cue: Cue) -> None:
        block(parent, self._tags.get(cue.id, tag), {"id": cue.id}, self.opened.shown(cue))

    def line(self, parent: Element, cues: Iterable[Cue]) -> None:
        for number, cue in enumerate(cues):
            if number:
                write(parent, self.opened.space)
            _span(parent, cue, self.opened, self.language)


def _span(parent: Element, cue: Cue, opened: OpenBook, language: str = "") -> None:
    span = Element("span", {"id": cue.id})
    parent.append(span)
    write(span, opened.shown(cue), language)
