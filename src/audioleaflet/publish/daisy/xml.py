"""How the files of a talking book are written: XHTML 1.0, SMIL 1.0, and their two clocks."""

from __future__ import annotations

from xml.etree.ElementTree import Element, tostring

from lxml import etree

from audioleaflet.book.model import Book
from audioleaflet.publish.transcript.nodes import block
from audioleaflet.publish.transcript.wording import one_line

# In double quotes, as old players look for it; lxml would write single ones.
_DECLARATION = b'<?xml version="1.0" encoding="utf-8"?>\n'
_XHTML = (
    b'<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"'
    b' "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">\n'
)
_SMIL = b'<!DOCTYPE smil PUBLIC "-//W3C//DTD SMIL 1.0//EN" "http://www.w3.org/TR/REC-smil/SMIL10.dtd">\n'
_NAMESPACE = "http://www.w3.org/1999/xhtml"
FORMAT = "Daisy 2.02"
"""``dc:format`` (Appendix 2), by which players know the version."""
GENERATOR = "Audioleaflet"


def page(book: Book) -> tuple[Element, Element, Element]:
    """A page in the language of ``book`` that has its title: the whole, its head, and its empty body."""
    html = Element("html", {"xmlns": _NAMESPACE, "lang": book.language, "xml:lang": book.language})
    head = block(html, "head")
    block(head, "title", text=one_line(book.title))
    block(head, "meta", {"http-equiv": "Content-type", "content": "text/html; charset=utf-8"})
    return html, head, block(html, "body")


def xhtml_file(html: Element) -> bytes:
    """An XHTML 1.0 Transitional document as UTF-8."""
    tree = etree.fromstring(tostring(html, encoding="unicode"))
    return _DECLARATION + _XHTML + etree.tostring(tree, encoding="utf-8", xml_declaration=False) + b"\n"


def smil_file(smil: etree._Element) -> bytes:
    """A SMIL 1.0 document as UTF-8."""
    return _DECLARATION + _SMIL + etree.tostring(smil, encoding="utf-8", xml_declaration=False, pretty_print=True)


def clock(ms: int) -> str:
    """``00:10:32``: hours, minutes and whole seconds, rounded to the nearest, as metadata has them (Appendix 2)."""
    minutes, seconds = divmod((ms + 500) // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}"


def seconds(ms: int) -> str:
    """``4.180s``: seconds with three decimals (SMIL 1.0, a clock value)."""
    return f"{ms // 1000}.{ms % 1000:03}s"
