"""``chNN.smil`` and ``master.smil``: SMIL 1.0 as DAISY 2.02 uses it (2.3 and 2.4)."""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

from audioleaflet.book.model import Book
from audioleaflet.publish.daisy.content import CONTENT
from audioleaflet.publish.daisy.xml import FORMAT, GENERATOR, clock, seconds, smil_file
from audioleaflet.publish.track import Track
from audioleaflet.publish.transcript.wording import one_line

MASTER = "master.smil"
_REGION = "txtView"


def chapter_smil(book: Book, track: Track, elapsed_ms: int) -> bytes:
    """The sentences of a chapter with their sound, as UTF-8. ``elapsed_ms``: what was played before it."""
    smil = _document(
        book,
        {
            "title": track.shown.title,
            "ncc:totalElapsedTime": clock(elapsed_ms),
            "ncc:timeInThisSmil": clock(track.duration_ms),
        },
    )
    whole = etree.SubElement(smil[1], "seq", {"dur": seconds(track.duration_ms)})
    for clip in track.clips:
        par = etree.SubElement(whole, "par", {"endsync": "last", "id": f"par-{clip.cue}"})
        etree.SubElement(par, "text", {"src": f"{CONTENT}#{clip.cue}", "id": text_id(clip.cue)})
        # A sequence of one: it may stand without, but some readers look for the sound of a par in a seq only.
        sound = etree.SubElement(par, "seq")
        times = {"clip-begin": f"npt={seconds(clip.begin_ms)}", "clip-end": f"npt={seconds(clip.end_ms)}"}
        etree.SubElement(sound, "audio", {"src": track.mp3, **times, "id": f"audio-{clip.cue}"})
    return smil_file(smil)


def master_smil(book: Book, tracks: Iterable[Track]) -> bytes:
    """All SMIL files of the book in the order of listening, as UTF-8."""
    played = tuple(tracks)
    smil = _document(book, {"ncc:timeInThisSmil": clock(sum(track.duration_ms for track in played))})
    for track in played:
        name = f"smil-{track.shown.number:02}"
        etree.SubElement(smil[1], "ref", {"title": track.shown.title, "src": track.smil, "id": name})
    return smil_file(smil)


def text_id(cue: str) -> str:
    """The name of a sentence's text in its SMIL file, which the navigation control center links to."""
    return f"text-{cue}"


def _document(book: Book, further: dict[str, str]) -> etree._Element:
    """A SMIL element with its head, and an empty body as its second child."""
    smil = etree.Element("smil")
    head = etree.SubElement(smil, "head")
    metadata = {
        "dc:format": FORMAT,
        "dc:identifier": one_line(book.identifier),
        "dc:title": one_line(book.title),
        "ncc:generator": GENERATOR,
        **further,
    }
    for name, value in metadata.items():
        etree.SubElement(head, "meta", {"name": name, "content": value})
    etree.SubElement(etree.SubElement(head, "layout"), "region", {"id": _REGION})
    etree.SubElement(smil, "body")
    return smil
