"""What a listener can jump to inside a chapter: its headings, as deep as the leaflet has them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from audioleaflet import phrases
from audioleaflet.book.model import Book, Chapter, Node
from audioleaflet.publish.overlay import clips
from audioleaflet.publish.transcript.wording import OpenBook, OpenChapter


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A heading inside a chapter. ``cue``: the sentence there. ``begin_ms``: from its chapter's start."""

    text: str
    cue: str
    begin_ms: int
    below: tuple[Place, ...]


def places(book: Book, opened: OpenBook, chapter: Chapter) -> tuple[Place, ...]:
    """The headings of a chapter but its own, each with those below it, in the order of listening.

    Where the words are taught there is no heading to see; it is a place all the same. Raises PublishError.
    """
    shown = next(one for one in opened.chapters if one.number == chapter.number)
    begins = {clip.cue: clip.begin_ms for clip in clips(opened, chapter)}
    levels = dict(_levels(book, opened, shown))
    flat = [(levels[cue], cue) for cue in begins if cue in levels]
    say = phrases.load_site(book.language).reading["say"]
    headings = {node.cue for node in _headings(shown.nodes)}
    names = {cue: opened.shown(opened.cues[cue]) if cue in headings else say for cue in levels}
    return _nested(flat, names, begins)


def _levels(book: Book, opened: OpenBook, shown: OpenChapter) -> Iterator[tuple[str, int]]:
    """The cues that are places, each with the level of its heading; 2 is the highest inside a chapter."""
    taught = (cue for term in book.terms for cue in term.cues if cue in opened.cues and opened.shown(opened.cues[cue]))
    yield from ((cue, 2) for cue in islice(taught, 1))
    for node in _headings(shown.nodes):
        if opened.words(node):
            yield node.cue, max(node.level, 2)


def _headings(nodes: Iterable[Node]) -> Iterator[Node]:
    for node in nodes:
        if node.kind == "heading":
            yield node
        yield from _headings(node.children)


def _nested(flat: Iterable[tuple[int, str]], names: dict[str, str], begins: dict[str, int]) -> tuple[Place, ...]:
    """Each place with all that follow it until one of its own level or a higher one."""
    rest = list(flat)
    found: list[Place] = []
    while rest:
        level, cue = rest.pop(0)
        end = next((at for at, (other, _) in enumerate(rest) if other <= level), len(rest))
        below = _nested(rest[:end], names, begins)
        found.append(Place(text=names[cue], cue=cue, begin_ms=begins[cue], below=below))
        rest = rest[end:]
    return tuple(found)
