"""The outline of a talking book: every place that a listener can jump to (DAISY 2.02, 2.1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from audioleaflet import phrases
from audioleaflet.book.model import Book, Node
from audioleaflet.publish.track import Track
from audioleaflet.publish.transcript.wording import OpenBook, one_line

_DEEPEST = 6  # h6


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """``cue``: the sentence at which it begins, in the SMIL file ``smil``. ``level``: 1 to 6, that of its heading.

    ``printed``: the sentence is this heading; else the name of the place is only for those who look for it.
    """

    text: str
    level: int
    smil: str
    cue: str
    printed: bool


def outline(book: Book, opened: OpenBook, tracks: Iterable[Track]) -> tuple[Place, ...]:
    """The places in the order of listening, each with a sentence of its own; the first is the book's title.

    No level is left out on the way down (an h2 is followed by an h3, not by an h4), whatever the leaflet does.
    """
    found: list[Place] = []
    for track in tracks:
        above = 1
        for place in _places(book, opened, track, first=not found):
            level = min(place.level, above + 1, _DEEPEST)
            if place.printed:
                above = level
            found.append(Place(text=place.text, level=level, smil=track.smil, cue=place.cue, printed=place.printed))
    return tuple(found)


def _places(book: Book, opened: OpenBook, track: Track, *, first: bool) -> Iterator[Place]:
    """The places of a chapter, with the levels of the leaflet."""

    def place(text: str, level: int, cue: str) -> Place:
        return Place(text=text, level=level, smil=track.smil, cue=cue, printed=cue in headings)

    headings = {node.cue: max(node.level, 2) for node in _headings(track.shown.nodes)}
    if track.shown.heading is not None:
        headings[track.shown.heading.id] = 1
    cues = [clip.cue for clip in track.clips]
    taught = next((cue for cue in book.terms[0].cues if cue in cues), "") if book.terms else ""
    if first:
        # Read as a heading or not, the title has the first sentence; what is told after it is the introduction.
        yield place(one_line(book.title), 1, cues.pop(0))
    for number, cue in enumerate(cues):
        if headings.get(cue, 0) > 1:
            yield place(opened.shown(opened.cues[cue]), headings[cue], cue)
        elif number == 0:
            yield place(track.shown.title, 1, cue)
        elif cue == taught:
            yield place(phrases.load_site(book.language).reading["say"], 2, cue)


def _headings(nodes: Iterable[Node]) -> Iterator[Node]:
    for node in nodes:
        if node.kind == "heading":
            yield node
        yield from _headings(node.children)
