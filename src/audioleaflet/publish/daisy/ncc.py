"""``ncc.html``: the navigation control center (DAISY 2.02, 2.1), its outline and its metadata (Appendix 2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from xml.etree.ElementTree import Element

from audioleaflet import phrases
from audioleaflet.book.model import Book
from audioleaflet.publish.daisy.outline import Place
from audioleaflet.publish.daisy.smil import text_id
from audioleaflet.publish.daisy.xml import FORMAT, GENERATOR, clock, page, xhtml_file
from audioleaflet.publish.facts import changed_at, narrator
from audioleaflet.publish.transcript.nodes import block, link
from audioleaflet.publish.transcript.wording import one_line

NCC = "ncc.html"
_KILOBYTE = 1024


def ncc(book: Book, places: Sequence[Place], *, duration_ms: int, others: Mapping[str, bytes]) -> bytes:
    """The file as UTF-8. ``others``: the other files of the book by name, which it counts and weighs with itself."""
    weight = sum(len(data) for data in others.values())
    kilobytes = 0
    while True:  # until it tells its own weight: it never shrinks, and grows by no more than a digit
        written = _written(book, places, duration_ms=duration_ms, files=len(others) + 1, kilobytes=kilobytes)
        weighed = -(-(weight + len(written)) // _KILOBYTE)
        if weighed == kilobytes:
            return written
        kilobytes = weighed


def _written(book: Book, places: Sequence[Place], *, duration_ms: int, files: int, kilobytes: int) -> bytes:
    html, head, body = page(book)
    measured = {
        "ncc:depth": max(place.level for place in places),
        "ncc:files": files,
        "ncc:kByteSize": kilobytes,
        "ncc:tocItems": len(places),
        "ncc:totalTime": clock(duration_ms),
    }
    for name, value in sorted((*_facts(book), *((name, str(value)) for name, value in measured.items()))):
        scheme = {"scheme": "yyyy-mm-dd"} if name.lower().endswith("date") else {}
        block(head, "meta", {"name": name, "content": value, **scheme})
    _outline(body, places)
    return xhtml_file(html)


def _facts(book: Book) -> Iterator[tuple[str, str]]:
    """What the book says of itself, but for what must be measured. What is not known is left out, if it may be."""
    words = phrases.load_site(book.language).reading
    publisher = one_line(book.publisher)
    day = changed_at(book)[:10]
    yield from {
        "dc:creator": publisher or words["not_named"],
        "dc:date": day,
        "dc:description": one_line(book.status),
        "dc:format": FORMAT,
        "dc:identifier": one_line(book.identifier),
        "dc:language": book.language,
        "dc:publisher": publisher or words["not_named"],
        "dc:title": one_line(book.title),
        "ncc:charset": "utf-8",
        "ncc:footnotes": "0",
        "ncc:generator": GENERATOR,
        "ncc:maxPageNormal": "0",
        "ncc:multimediaType": "audioFullText",
        "ncc:narrator": narrator(book),
        "ncc:pageFront": "0",
        "ncc:pageNormal": "0",
        "ncc:pageSpecial": "0",
        "ncc:prodNotes": "0",
        "ncc:producedDate": day,
        "ncc:setInfo": "1 of 1",
        "ncc:sidebars": "0",
    }.items()
    known = {
        "dc:rights": one_line(book.licence),
        "ncc:producer": publisher,
        "ncc:sourceEdition": one_line(book.version),
        "ncc:sourcePublisher": publisher,
    }
    yield from ((name, value) for name, value in known.items() if value)


def _outline(body: Element, places: Iterable[Place]) -> None:
    for number, place in enumerate(places, 1):
        title = {"class": "title"} if number == 1 else {}
        heading = block(body, f"h{place.level}", {**title, "id": f"place-{number}"})
        link(heading, place.text, f"{place.smil}#{text_id(place.cue)}")
