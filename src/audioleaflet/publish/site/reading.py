"""The transcript as an edition's page has it: every sentence a span with its moment in the recording.

The nodes are written by the writer of ``transcript.html``; the two pages read alike.
"""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, tostring

from markupsafe import Markup

from audioleaflet.book.model import Book, Cue
from audioleaflet.publish.transcript.nodes import NodeWriter, block, write
from audioleaflet.publish.transcript.wording import OpenBook, OpenChapter, one_line
from audioleaflet.units import Ms, ms_to_clock

_CHAPTER_LEVEL = 3  # under the h2 of the transcript
# The value of an attribute that needs none: a character that no text of a page holds (see one_line). Written without
# value, and without the type that only a button in a form needs, a page is lighter.
_BARE = "\0"


class Reading:
    """Writes the words of ``book``. ``edition`` ends every id: a link to a moment names the edition it was made in.

    ``play_from``: the words on the buttons; ``starts_at``: with {time}, under each chapter's heading.
    """

    def __init__(self, book: Book, opened: OpenBook, edition: str, *, play_from: str, starts_at: str) -> None:
        self._opened = opened
        self._edition = edition
        self._play_from = play_from
        self._starts_at = starts_at
        self._starts = {cue.id: chapter.start_ms for chapter in book.chapters for cue in chapter.cues}
        self._nodes = _Sentences(self, opened, book.language)
        first = opened.chapters[0].heading
        self._title = first if first is not None and opened.shown(first) == one_line(book.title) else None
        self._book = book

    def title(self) -> Markup:
        """The book's title, a sentence of the recording where it is read at the beginning."""
        if self._title is None:
            return Markup.escape(one_line(self._book.title))
        holder = Element("h1")
        self.sentence(holder, self._title)
        return _markup(holder[0])

    def chapters(self) -> Markup:
        """Every chapter as a ``section`` with a heading, where it begins, and its text."""
        return Markup("").join(_markup(self._chapter(chapter)) for chapter in self._opened.chapters)

    def sentence(self, parent: Element, cue: Cue, language: str = "") -> None:
        """Append a printed cue to ``parent`` as a span that can be marked, sought and linked to."""
        name = f"{cue.id}-{self._edition}"
        span = SubElement(parent, "span", {"class": "s", "id": name, "data-at": str(self.at(cue))})
        write(span, self._opened.shown(cue), language)

    def at(self, cue: Cue) -> int:
        """Where the words of a cue begin, in milliseconds from the book's start."""
        return self._starts[cue.id] + cue.speech_begin_ms

    def button(self, parent: Element, at_ms: int, heading: str) -> None:
        """A button that plays from a moment of the recording. ``heading``: the id of what it plays.

        Buttons of paragraphs are made by the page's script, from the first sentence of each: 4 kB less of HTML.
        """
        attributes = {"class": "from", "data-at": str(at_ms), "data-needs-script": _BARE, "hidden": _BARE}
        # Described by its heading, or every button would have the same few words.
        block(parent, "button", {**attributes, "aria-describedby": heading}, self._play_from)

    def _chapter(self, chapter: OpenChapter) -> Element:
        name = f"chapter-{chapter.number}"
        section = Element("section", {"class": "chapter", "id": name, "data-chapter": str(chapter.number)})
        heading = block(section, f"h{_CHAPTER_LEVEL}", {"id": f"{name}-title"})
        cue = chapter.heading
        spoken = self._opened.shown(cue) if cue is not None and cue is not self._title else ""
        if cue is not None and spoken and chapter.title.endswith(spoken):
            write(heading, chapter.title.removesuffix(spoken))
            self.sentence(heading, cue)
        else:
            write(heading, chapter.title)
        at = block(section, "p", {"class": "at"})
        self.button(at, chapter.start_ms, f"{name}-title")
        write(at, self._starts_at.format(time=ms_to_clock(Ms(chapter.start_ms))))
        self._nodes.blocks(section, chapter.nodes)
        section.tail = "\n"
        return section


class _Sentences(NodeWriter):
    def __init__(self, reading: Reading, opened: OpenBook, language: str) -> None:
        super().__init__(opened, language, chapter_level=_CHAPTER_LEVEL)
        self._reading = reading

    def heading(self, parent: Element, tag: str, cue: Cue) -> None:
        name = f"{cue.id}-title"
        self._reading.sentence(block(parent, tag, {"id": name}), cue)
        self._reading.button(block(parent, "div", {"class": "at"}), self._reading.at(cue), name)

    def line(self, parent: Element, cues: Iterable[Cue]) -> None:
        for number, cue in enumerate(cues):
            if number:
                write(parent, self.opened.space)
            self._reading.sentence(parent, cue, self.language)


def _markup(element: Element) -> Markup:
    html = tostring(element, encoding="unicode", method="html").replace(f'="{_BARE}"', "")
    return Markup(html)  # noqa: S704 (ElementTree escaped it)
