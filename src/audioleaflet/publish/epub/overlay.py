"""A media overlay (EPUB 3.3, 9): a SMIL file that says which sound belongs to which sentence of a chapter's page.

It is made from the page itself, so it names nothing that is not there, in the order in which it stands there. A list is
a sequence that a reading system lets its listener leave (9.4.2); one inside another is not, as readers lose their way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from xml.etree.ElementTree import Element

from lxml import etree

from audioleaflet.publish.overlay import Clip

_SMIL = "http://www.w3.org/ns/SMIL"
_OPS = "http://www.idpf.org/2007/ops"
_NAMESPACES: Any = {None: _SMIL, "epub": _OPS}  # the stubs of lxml do not know the namespace without a prefix
_TYPE = f"{{{_OPS}}}type"
_TEXTREF = f"{{{_OPS}}}textref"


def smil(page: Element, clips: Iterable[Clip], *, number: int) -> bytes:
    """The overlay of the page of chapter ``number`` as UTF-8 XML."""
    root = etree.Element(f"{{{_SMIL}}}smil", {"version": "3.0"}, nsmap=_NAMESPACES)
    body = etree.SubElement(root, f"{{{_SMIL}}}body")
    writer = _Writer({clip.cue: clip for clip in clips}, f"{number:02}.xhtml", f"audio/{number:02}.mp3")
    kind = "chapter" if number else "introduction"
    writer.below(etree.SubElement(body, f"{{{_SMIL}}}seq", {_TEXTREF: writer.page, _TYPE: kind}), page)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)


class _Writer:
    def __init__(self, sounds: Mapping[str, Clip], page: str, sound: str) -> None:
        self.page = page
        self._sounds = sounds
        self._sound = sound

    def below(self, parent: etree._Element, element: Element) -> None:
        """What sounds in ``element``, in its order."""
        for child in element:
            name = child.get("id", "")
            if name in self._sounds:
                self._par(parent, self._sounds[name])
            elif child.tag in ("ol", "ul") and name:
                attributes = {_TEXTREF: f"{self.page}#{name}", _TYPE: "list"}
                self.below(etree.SubElement(parent, f"{{{_SMIL}}}seq", attributes), child)
            else:
                self.below(parent, child)

    def _par(self, parent: etree._Element, clip: Clip) -> None:
        """A sentence and its sound."""
        par = etree.SubElement(parent, f"{{{_SMIL}}}par", {"id": f"par-{clip.cue}"})
        etree.SubElement(par, f"{{{_SMIL}}}text", {"src": f"{self.page}#{clip.cue}"})
        times = {"clipBegin": _clock(clip.begin_ms), "clipEnd": _clock(clip.end_ms)}
        etree.SubElement(par, f"{{{_SMIL}}}audio", {"src": self._sound, **times})


def _clock(ms: int) -> str:
    """A timecount value (SMIL 3.0, clock values), as "12.345s"."""
    return f"{ms // 1000}.{ms % 1000:03}s"
