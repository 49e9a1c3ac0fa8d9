"""The package document of an EPUB (EPUB 3.3, 5): what it is, what it is made of, and whom it serves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lxml import etree

from audioleaflet import phrases
from audioleaflet.book.model import Book
from audioleaflet.publish.facts import changed_at, narrator
from audioleaflet.publish.transcript.wording import one_line

_OPF = "http://www.idpf.org/2007/opf"
_DC = "http://purl.org/dc/elements/1.1/"
_NAMESPACES: Any = {None: _OPF, "dc": _DC}  # the stubs of lxml do not know the namespace without a prefix
CONTAINER = b"""<?xml version="1.0" encoding="utf-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
  <rootfiles>
    <rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/>
  </rootfiles>
</container>
"""
_PREFIX = "schema: http://schema.org/ a11y: http://www.idpf.org/epub/vocab/package/a11y/#"
# What is true of every book that we write: its words and its sound are each whole without the other.
_ACCESS = (
    ("schema:accessMode", "textual"),
    ("schema:accessMode", "auditory"),
    ("schema:accessModeSufficient", "textual"),
    ("schema:accessModeSufficient", "auditory"),
    ("schema:accessModeSufficient", "textual,auditory"),
    ("schema:accessibilityFeature", "synchronizedAudioText"),
    ("schema:accessibilityFeature", "structuralNavigation"),
    ("schema:accessibilityFeature", "tableOfContents"),
    ("schema:accessibilityFeature", "readingOrder"),
    ("schema:accessibilityFeature", "displayTransformability"),
    ("schema:accessibilityFeature", "alternativeText"),
    ("schema:accessibilityHazard", "none"),
)


def opf(book: Book, lengths_ms: Mapping[int, int]) -> bytes:
    """The package document as UTF-8 XML. ``lengths_ms``: how long the sound of each chapter is, by its number.

    Raises PublishError for a book whose time of change is none.
    """
    package = etree.Element(
        f"{{{_OPF}}}package",
        {
            "version": "3.0",
            "unique-identifier": "id",
            "{http://www.w3.org/XML/1998/namespace}lang": book.language,
            "dir": book.dir,
            "prefix": _PREFIX,
        },
        nsmap=_NAMESPACES,
    )
    _metadata(package, book, lengths_ms)
    _manifest(package, book)
    spine = etree.SubElement(package, f"{{{_OPF}}}spine", {"page-progression-direction": str(book.dir)})
    pages = [
        "cover",
        "nav",
        *(f"page-{chapter.number:02}" for chapter in book.chapters),
        *(["words"] if book.terms else []),
    ]
    for page in pages:
        etree.SubElement(spine, f"{{{_OPF}}}itemref", {"idref": page})
    return etree.tostring(package, encoding="utf-8", xml_declaration=True, pretty_print=True)


def _metadata(package: etree._Element, book: Book, lengths_ms: Mapping[int, int]) -> None:
    words = phrases.load_site(book.language).reading
    metadata = etree.SubElement(package, f"{{{_OPF}}}metadata")
    for name, value, attributes in (
        ("identifier", book.identifier, {"id": "id"}),
        ("title", book.title, {}),
        ("language", book.language, {}),
        ("publisher", book.publisher, {}),
        ("creator", book.publisher, {}),
        ("rights", book.licence, {}),
        ("description", book.status, {}),
        # No dc:date: it is the day of publication (5.5.3.2.4), which no book knows.
    ):
        if value:
            etree.SubElement(metadata, f"{{{_DC}}}{name}", attributes).text = one_line(value)
    _meta(metadata, "dcterms:modified", changed_at(book))  # 5.5.5
    for name, value in _ACCESS:
        _meta(metadata, name, value)
    _meta(metadata, "schema:accessibilitySummary", words["accessibility_summary"])
    _meta(metadata, "dcterms:conformsTo", "EPUB Accessibility 1.1 - WCAG 2.2 Level AA", {"id": "conformance"})
    _meta(metadata, "a11y:certifiedBy", words["certified_by"], {"refines": "#conformance"})
    _meta(metadata, "media:active-class", "-epub-media-overlay-active")
    _meta(metadata, "media:playback-active-class", "-epub-media-overlay-playing")
    _meta(metadata, "media:narrator", narrator(book))
    for number, length_ms in lengths_ms.items():
        _meta(metadata, "media:duration", _clock(length_ms), {"refines": f"#sound-{number:02}"})
    _meta(metadata, "media:duration", _clock(sum(lengths_ms.values())))  # of the rounded (9.3.5.2)
    etree.SubElement(metadata, f"{{{_OPF}}}meta", {"name": "cover", "content": "cover-image"})  # EPUB 2 readers


def _meta(metadata: etree._Element, name: str, value: str, attributes: dict[str, str] | None = None) -> None:
    etree.SubElement(metadata, f"{{{_OPF}}}meta", {"property": name, **(attributes or {})}).text = value


def _clock(ms: int) -> str:
    return f"{ms // 1000}.{ms % 1000:03}s"


def _manifest(package: etree._Element, book: Book) -> None:
    manifest = etree.SubElement(package, f"{{{_OPF}}}manifest")

    def item(identifier: str, path: str, media_type: str, **further: str) -> None:
        attributes = {"id": identifier, "href": path, "media-type": media_type}
        etree.SubElement(manifest, f"{{{_OPF}}}item", {**attributes, **further})

    xhtml = "application/xhtml+xml"
    item("nav", "nav.xhtml", xhtml, properties="nav")
    item("cover", "cover.xhtml", xhtml)
    item("cover-image", "cover.png", "image/png", properties="cover-image")
    item("style", "book.css", "text/css")
    for chapter in book.chapters:
        number = f"{chapter.number:02}"
        item(f"page-{number}", f"{number}.xhtml", xhtml, **{"media-overlay": f"sound-{number}"})
        item(f"sound-{number}", f"{number}.smil", "application/smil+xml")
        item(f"audio-{number}", f"audio/{number}.mp3", "audio/mpeg")
    if book.terms:
        item("words", "words.xhtml", xhtml)
