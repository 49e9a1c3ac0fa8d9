"""An edition's page: listen, read along, hear the hard words, download; with no script and nothing from outside.

Built by jinja2 with autoescape (WCAG 2.2, level AA). What works only with script is marked ``data-needs-script`` and
hidden; the script shows it. What takes its place without is marked ``data-without-script``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from audioleaflet import phrases as wordings
from audioleaflet.book import model as book_model
from audioleaflet.book.model import Book, Cue, Term
from audioleaflet.phrases import SiteWording
from audioleaflet.publish.formats import MANIFEST, PAGE, path_of
from audioleaflet.publish.library import Library, whole_recording
from audioleaflet.publish.site import about
from audioleaflet.publish.site.assets import assets_name
from audioleaflet.publish.site.files import address, downloads, fragment
from audioleaflet.publish.site.reading import Reading
from audioleaflet.publish.transcript.wording import one_line, open_book
from audioleaflet.units import Ms, ms_to_clock

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """A chapter to choose. ``length`` in words, ``clock`` in digits; ``href`` plays it with no script."""

    number: int
    title: str
    start_ms: int
    duration_ms: int
    length: str
    clock: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A term that the recording teaches; where it is said, if it is, from ``at`` to ``until`` in milliseconds."""

    term: str
    respelling: str
    meaning: str
    href: str
    at: int
    until: int


def write_edition_page(book: Book, folder: Path, library: Library, *, today: date) -> None:
    """Write ``index.html`` into the edition's ``folder``.

    ``book.files`` lists every file that the page links to. ``today``: the day on which the review date may be past.
    Raises PublishError where structure, cues and files of the book disagree, ConfigError where there is no wording.
    """
    (folder / PAGE).write_bytes(edition_page(book, library, today=today).encode())


def edition_page(book: Book, library: Library, *, today: date) -> str:
    """The page, as HTML. See ``write_edition_page``."""
    words, phrases = wordings.load_site(book.language), wordings.load(book.language)
    edition = book.script_sha256[:8]
    audio = address(whole_recording(book))
    due = about.review_due(book)
    reading = Reading(
        book,
        open_book(book),
        edition,
        play_from=words.page["play_from"],
        starts_at=words.page["starts_at"],
    )
    text = next((address(file) for file in book.files if file.path == "transcript.txt"), "")
    return (
        environment()
        .get_template("edition.html")
        .render(
            book=book,
            library=library,
            words=words,
            edition=edition,
            assets=f"../../{assets_name()}",
            length=words.length(book.duration_ms),
            audio=audio,
            text=text,
            publication=path_of(book, MANIFEST),
            chapters=[_chapter(chapter, audio, words) for chapter in book.chapters],
            reading=reading,
            terms=_terms(book, audio),
            downloads=downloads(book, words),
            warned=about.warned(book),
            due=due,
            past=about.is_past(due, today),
            past_due=" ".join(phrases.past_due),
            facts=about.facts(book, phrases, words, today),
            sources=[about.source(source, phrases) for source in book.sources],
            report=about.report(book, words),
            telephone=about.telephone(library.telephone),
        )
    )


def environment() -> Environment:
    """How the pages of this folder are written: everything escaped, nothing missing."""
    made = Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.filters["one_line"] = one_line
    return made


def _chapter(chapter: book_model.Chapter, audio: str, words: SiteWording) -> Chapter:
    return Chapter(
        number=chapter.number,
        title=one_line(chapter.title),
        start_ms=chapter.start_ms,
        duration_ms=chapter.duration_ms,
        length=words.length(chapter.duration_ms),
        clock=ms_to_clock(Ms(chapter.duration_ms)),
        href=fragment(audio, chapter.start_ms),
    )


def _terms(book: Book, audio: str) -> list[Word]:
    cues = {cue.id: (chapter.start_ms, cue) for chapter in book.chapters for cue in chapter.cues}
    return [_word(term, [cues[name] for name in term.cues if name in cues], audio) for term in book.terms]


def _word(term: Term, cues: list[tuple[int, Cue]], audio: str) -> Word:
    said = [(start, cue) for start, cue in cues if cue.kind == "term"]
    at, until = 0, 0
    if said:
        (first_start, first), (last_start, last) = said[0], said[-1]
        at = first_start + first.speech_begin_ms
        # Into the pause after it: the word must not be clipped, and the next must not begin.
        until = last_start + (last.speech_end_ms + last.end_ms) // 2
    return Word(
        term=one_line(term.term),
        respelling=one_line(term.respelling),
        meaning=one_line(term.meaning),
        href=fragment(audio, at, until) if said else "",
        at=at,
        until=until,
    )
