"""What is printed, as data for the template: words, links, headings, lists, and the order in which they stand."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from audioleaflet import phrases
from audioleaflet.book.model import Book, Chapter, Cue, Node
from audioleaflet.publish.facts import changed_at
from audioleaflet.publish.library import Library
from audioleaflet.publish.pdf.listening import Listening, listening
from audioleaflet.publish.site import about
from audioleaflet.publish.transcript.links import SPACED_NUMBER, split_links
from audioleaflet.publish.transcript.wording import OpenBook, OpenChapter, misplaced, one_line, open_book

# CLDR supplemental data, measurementData: where a printer holds paper of the size US Letter.
_LETTER = frozenset(["BZ", "CA", "CL", "CO", "CR", "GT", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE"])
_DEEPEST = 6  # PDF 1.7, 14.8.4.3.2: H1 to H6
_LONG_WORD = re.compile(r"\S{25,}")
_SEAM = re.compile(r"(?<=[/@?&=_.-])(?=\w)")
_SLASH = re.compile(r"(?<=[/@?&=])(?=\w)")
_DOT = re.compile(r"(?<=\w)(?=[._-]\w)")
# "25 µg" parted by the end of a line can be read as two things.
_AMOUNT = re.compile(r"(?<=[\d½¼¾]) (?=(?:°[^\W\d_]?|%|[^\W\d_]{1,3})(?![\w'’]))")
_MAY_BREAK = "\u200b"
_BETWEEN_SEAMS = 20  # letters; the narrowest line, in a list of a list, holds as many


def printed(book: Book, library: Library, *, page: bool) -> dict[str, Any]:
    """All that the template prints, as JSON data. ``page``: see ``write_pdf``. Raises PublishError, ConfigError."""
    opened = open_book(book)
    words = phrases.load_site(book.language)
    tongue, region = _tongue(book.language)
    return {
        "language": tongue,
        "region": region,
        "direction": book.dir,
        "paper": "us-letter" if region.upper() in _LETTER else "a4",
        "title": _text(book.title),
        "name": _visible(one_line(book.title)),
        "author": _visible(one_line(book.publisher)),
        "status": _text(book.status),
        "facts": [_pieces(line, book.language) for line in _facts(book, library)],
        "chapters": [
            _chapter(book, opened, shown, chapter, library, page=page)
            for chapter, shown in zip(book.chapters, opened.chapters, strict=True)
        ],
        "terms": [
            {"term": _text(term.term), "say": _text(term.respelling), "meaning": _text(term.meaning)}
            for term in book.terms
        ],
        "words": {
            "contents": words.reading["contents"],
            "words": words.reading["words"],
            "page": words.reading["page_of"],
            "listen": words.reading["listen"],
            "scan": words.reading["scan"],
            "open": words.reading["open_and_choose" if page else "open"],
        },
    }


def trial(texts: Sequence[str], language: str) -> dict[str, Any]:
    """``texts`` as paragraphs of a document that is only set to see whether it can be."""
    tongue, region = _tongue(language)
    lines = [{"text": text, "href": ""} for text in map(_text, texts) if text]
    return {
        "language": tongue,
        "region": region,
        "direction": "ltr",
        "paper": "a4",
        "title": "-",
        "name": "-",
        "author": "",
        "status": "-",
        "facts": [],
        "chapters": [
            {
                "title": "",
                "listen": None,
                "blocks": [{"kind": "paragraph", "urgent": False, "lines": [[line]]} for line in lines],
            }
        ],
        "terms": [],
        "words": dict.fromkeys(("contents", "words", "page", "listen", "scan", "open"), "-"),
    }


def _tongue(language: str) -> tuple[str, str]:
    """The language and the region of a BCP 47 tag, in letters, as PDF readers and fonts take them."""
    parts = language.split("-")
    return parts[0].lower(), next((part.upper() for part in parts[1:] if re.fullmatch("[A-Za-z]{2}", part)), "")


def _facts(book: Book, library: Library) -> Iterator[tuple[about.Link, ...]]:
    """Lines for page 1: version, licence, and the number at which the library is heard by telephone."""
    words, texts = phrases.load_site(book.language), phrases.load(book.language)
    version = words.page["version_told"].format(version=one_line(book.version), date=texts.day(changed_at(book)[:10]))
    yield (about.Link(text=f"{words.page['version']}: {version}", href=""),)
    if book.licence:
        yield (about.Link(text=f"{words.page['licence']}: ", href=""), about.licence(book.licence))
    if library.telephone:
        yield (about.Link(text=f"{words.page['telephone']} ", href=""), about.telephone(library.telephone))


def _chapter(
    book: Book, opened: OpenBook, shown: OpenChapter, chapter: Chapter, library: Library, *, page: bool
) -> dict[str, Any]:
    heard = listening(book, chapter, library, page=page) if library.base_url else None
    return {
        "title": _text(shown.title),
        "listen": _heard(book, shown, heard) if heard else None,
        "blocks": list(_Blocks(opened, book.language).chapter(shown.nodes)),
    }


def _heard(book: Book, shown: OpenChapter, heard: Listening) -> dict[str, Any]:
    alternative = phrases.load_site(book.language).reading["code_of"]
    return {
        "svg": heard.svg,
        "side_mm": heard.side_mm,
        "alt": _visible(alternative.format(title=shown.title, address=heard.sound)),
        "address": _piece(heard.shown, heard.typed),
    }


class _Blocks:
    """Turns the nodes of a chapter into headings, paragraphs and lists. Nothing empty is printed."""

    def __init__(self, opened: OpenBook, language: str) -> None:
        self._opened = opened
        self._language = language

    def chapter(self, nodes: Iterable[Node]) -> Iterator[dict[str, Any]]:
        """The blocks of a chapter, whose own heading has the level 1."""
        level = 1
        for node in nodes:
            if node.kind != "heading":
                yield from self._block(node, "a chapter")
            elif self._opened.words(node):
                # ISO 14289-1, 7.4.2: no level is left out on the way down.
                level = min(max(node.level, 2), level + 1, _DEEPEST)
                yield {"kind": "heading", "level": level, "text": _text(self._opened.words(node))}

    def _block(self, node: Node, place: str) -> Iterator[dict[str, Any]]:
        if node.kind == "paragraph":
            lines = self._opened.sentences(node)
            if lines:
                urgent = all(cue.kind == "urgent" for line in lines for cue in line)
                yield {"kind": "paragraph", "urgent": urgent, "lines": [self._line(line) for line in lines]}
        elif node.kind == "list":
            items = [blocks for item in node.children if (blocks := self._item(item))]
            if items:
                yield {"kind": "list", "ordered": node.ordered, "items": items}
        else:
            raise misplaced(node, place)

    def _item(self, item: Node) -> list[dict[str, Any]]:
        if item.kind != "item":
            raise misplaced(item, "a list")
        return [block for child in item.children for block in self._block(child, "an item")]

    def _line(self, cues: Iterable[Cue]) -> list[dict[str, str]]:
        text = self._opened.space.join(self._opened.shown(cue) for cue in cues)
        return [_piece(piece, href) for piece, href in split_links(text, self._language)]


def _pieces(line: Iterable[about.Link], language: str) -> list[dict[str, str]]:
    return [
        _piece(piece, part.href or href)
        for part in line
        for piece, href in (split_links(part.text, language) if not part.href else ((part.text, ""),))
    ]


def _piece(text: str, href: str) -> dict[str, str]:
    """Words, and where they lead: "" for nowhere. A telephone number stays on one line."""
    if href.startswith("tel:"):
        return {"text": _visible(text).replace(" ", "\u00a0"), "href": href}
    if href and " " not in text:
        return {"text": _LONG_WORD.sub(lambda word: _joined(_parts(word.group())), _visible(text)), "href": href}
    return {"text": _seamed(text), "href": href}


def _parts(address: str) -> Iterator[str]:
    """Where an address may go on in the next line: after a slash and the like, and, where it is long to the next of
    them, before a dot or a hyphen, which at the end of a line would be taken for one of the sentence's.
    """
    for part in _SLASH.split(address):
        yield from _DOT.split(part) if len(part) > _BETWEEN_SEAMS else (part,)


def _text(text: str) -> str:
    """``text`` on one line, ready to be printed."""
    return _seamed(one_line(text))


def _seamed(text: str) -> str:
    """``text`` with U+200B where a word that is too long for a line may be broken, and nowhere else.

    A number stays on one line with its unit, and a telephone number does.
    """
    bound = _AMOUNT.sub("\u00a0", _visible(text).replace(_MAY_BREAK, ""))
    bound = SPACED_NUMBER.sub(lambda number: number.group().replace(" ", "\u00a0"), bound)
    return _LONG_WORD.sub(lambda word: _joined(_SEAM.split(word.group())), bound)


def _visible(text: str) -> str:
    """``text`` without U+FEFF, which ISO 14289-1, 7.21.7, forbids: U+2060 has its meaning."""
    return text.replace("\ufeff", "\u2060")


def _joined(given: Iterable[str]) -> str:
    """A long word with seams between its parts, and inside what is long of them.

    No seam parts a letter from the marks that stand on it.
    """
    parts = []
    for part in given:
        cut = 0
        for at in range(len(part)):
            if at - cut >= _BETWEEN_SEAMS and not unicodedata.category(part[at]).startswith("M"):
                parts.append(part[cut:at])
                cut = at
        parts.append(part[cut:])
    return _MAY_BREAK.join(parts)
