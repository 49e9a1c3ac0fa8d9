"""The proof as one local HTML page: all that is said beside all that is shown, to hear, to read, to print and to sign.

Nothing on it comes from elsewhere but the chapters' MP3s beside it; it works from ``file://`` with no script (its
buttons are links into the sound then), and its markup is built by jinja2 with autoescape (WCAG 2.2, level AA).
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from audioleaflet.book.model import Book, Chapter
from audioleaflet.errors import Problem, PublishError
from audioleaflet.leaflet.approval import Fingerprint
from audioleaflet.leaflet.model import Leaflet
from audioleaflet.proof import pemat, readability, timeline
from audioleaflet.proof.lines import Line, flagged, lines
from audioleaflet.proof.wordlists import word_lists
from audioleaflet.script.lexicon import Lexicon
from audioleaflet.script.model import Script
from audioleaflet.units import Hz, Ms, ms_to_clock

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What is proved: a leaflet, its script, what ``check`` told of it, and the edition made of it.

    ``about``: the heading of the part about the leaflet. ``folder``: where the edition's files lie.
    ``marks``: the hashes that an approval is of.
    """

    leaflet: Leaflet
    script: Script
    lexicon: Lexicon
    about: str
    problems: tuple[Problem, ...]
    marks: Fingerprint
    book: Book
    folder: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class ChapterProof:
    """A chapter on the page: its lines and its picture."""

    chapter: Chapter
    length: str
    lines: tuple[Line, ...]
    picture: timeline.Timeline


def proof_page(matter: Matter) -> str:
    """The page, as HTML.

    Raises SoundError where a chapter cannot be read, PublishError where script and book differ.
    """
    check_same(matter.script, matter.book)
    whole = matter.leaflet.origin  # a problem of the leaflet as a whole is no line's; it stands in the list at the top
    flags = flagged(matter.script, (problem for problem in matter.problems if problem.origin != whole))
    chapters = tuple(
        ChapterProof(
            chapter=chapter,
            length=ms_to_clock(Ms(chapter.duration_ms)),
            lines=lines(script, chapter, matter.lexicon, flags, matter.leaflet.origin),
            picture=timeline.picture(chapter, matter.folder / chapter.audio, Hz(matter.book.sample_rate)),
        )
        for script, chapter in zip(matter.script.chapters, matter.book.chapters, strict=True)
    )
    return _render(matter, chapters, flags)


def check_same(script: Script, book: Book) -> None:
    """Raises PublishError unless each utterance has its cue, with the same words, in the same place."""
    spoken = [(one.id, one.shown) for one in script.utterances()]
    recorded = [(cue.id, cue.text) for chapter in book.chapters for cue in chapter.cues]
    if spoken != recorded or len(script.chapters) != len(book.chapters):
        raise PublishError(f"{book.title}: the recording is of another script", next_step="build the leaflet again")


def _render(matter: Matter, chapters: Sequence[ChapterProof], flags: dict[str, list[Problem]]) -> str:
    book, script = matter.book, matter.script
    lists = word_lists(book.language)
    measured = readability.measure(script, book.language, matter.about, matter.lexicon, lists)
    heard = [chapter.picture.lufs for chapter in chapters if math.isfinite(chapter.picture.lufs)] or [-math.inf]
    items = pemat.assess(
        pemat.Subject(
            leaflet=matter.leaflet,
            script=script,
            lexicon=matter.lexicon,
            book=book,
            readability=measured,
            lists=lists,
            quietest=min(heard),
            loudest=max(heard),
        )
    )
    environment = Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    page = environment.get_template("page.html").render(
        book=book,
        style=_own("page.css"),
        program=_own("page.js"),
        length=ms_to_clock(Ms(book.duration_ms)),
        chapters=chapters,
        counts=_counts(chapters),
        problems=[(problem, _place(problem, flags)) for problem in matter.problems],
        readability=measured,
        smog_sentences=readability.SMOG_SENTENCES,
        pemat=items,
        hashes=_hashes(matter.marks),
        width=timeline.WIDTH,
        height=timeline.HEIGHT,
        lane=timeline.LANE,
    )
    return f"{page}\n"


def short_hash(sha256: str) -> str:
    """The first 16 characters of a hash in groups of four: to be compared by eye, on paper too."""
    return " ".join(sha256[place : place + 4] for place in range(0, 16, 4))


def _hashes(marks: Fingerprint) -> tuple[tuple[str, str], ...]:
    """What a signature is under: the first two begin as 'audioleaflet approve' tells them."""
    readings = hashlib.sha256(json.dumps(sorted(marks.readings.items())).encode()).hexdigest()
    hashes = (("Wording", marks.wording), ("Script", marks.spoken), ("Readings", readings))
    return tuple((name, short_hash(sha256)) for name, sha256 in hashes)


def _own(name: str) -> Markup:
    return Markup((_HERE / name).read_text(encoding="utf-8"))  # noqa: S704 (our own file, nothing of a leaflet)


def _place(problem: Problem, flags: dict[str, list[Problem]]) -> str:
    """The id of the utterance that a problem is told at, or nothing."""
    return next((place for place, told in flags.items() if problem in told), "")


def _counts(chapters: Sequence[ChapterProof]) -> dict[str, int]:
    every = [line for chapter in chapters for line in chapter.lines]
    return {
        "lines": len(every),
        "otherwise": sum(not line.same for line in every),
        "sound_only": sum(line.sound_only for line in every),
        "terms": len({said.text.casefold() for line in every for said in line.terms}),
    }
