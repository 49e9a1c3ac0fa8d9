"""``index.html`` of a library: every edition by title, with what one needs to know before choosing it."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from audioleaflet import phrases as wordings
from audioleaflet.publish.formats import PAGE
from audioleaflet.publish.library import Library, Listed, main_language
from audioleaflet.publish.site import about
from audioleaflet.publish.site.assets import assets_name
from audioleaflet.publish.site.edition import environment
from audioleaflet.publish.transcript.wording import one_line

_MANY = 10  # editions that are seen at a glance; more have a search box


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An edition in the list, worded in its own language. ``due``: its review date, or "" where none can pass."""

    href: str
    language: str
    dir: str
    title: str
    facts: tuple[str, ...]
    status: str
    warned: bool
    due: str
    past: bool
    past_due: str


def write_library_page(editions: Sequence[Listed], output: Path, library: Library, *, today: date) -> None:
    """Write ``index.html`` into the library folder ``output``. ``today``: the day on which review dates may be past.

    Raises ConfigError where there is no wording in an edition's language.
    """
    output.mkdir(parents=True, exist_ok=True)
    (output / PAGE).write_bytes(library_page(editions, library, today=today).encode())


def library_page(editions: Sequence[Listed], library: Library, *, today: date) -> str:
    """The page, as HTML, in the language that most editions have; each entry in its own."""
    language = main_language(editions)
    words = wordings.load_site(language)
    said = {
        "none": words.library["found_none"],
        "one": words.library["found"].format(leaflets=words.units["leaflets"].one),
        "other": words.library["found"].format(leaflets=words.units["leaflets"].other),
    }
    return (
        environment()
        .get_template("library.html")
        .render(
            library=library,
            language=language,
            dir=wordings.load(language).dir,
            words=words,
            said=json.dumps(said, ensure_ascii=False),
            assets=assets_name(),
            entries=[_entry(listed, today) for listed in sorted(editions, key=_order)],
            search=len(editions) > _MANY,
            telephone=about.telephone(library.telephone),
        )
    )


def _entry(listed: Listed, today: date) -> Entry:
    book = listed.book
    words, phrases = wordings.load_site(book.language), wordings.load(book.language)
    due = about.review_due(book)
    return Entry(
        href=f"{listed.path}/{PAGE}",
        language=book.language,
        dir=book.dir,
        title=one_line(book.title),
        facts=(phrases.name, words.length(book.duration_ms), words.amount("chapters", len(book.chapters))),
        status=one_line(book.status),
        warned=about.warned(book),
        due=due,
        past=about.is_past(due, today),
        past_due=" ".join(phrases.past_due),
    )


def _order(listed: Listed) -> tuple[list[tuple[str, int]], str, str]:
    """By title as a reader looks for it: without regard to capitals and accents, and 2 before 10."""
    title = unicodedata.normalize("NFKD", one_line(listed.book.title))
    plain = "".join(letter for letter in title if not unicodedata.combining(letter))
    parts = [(words, int(number or 0)) for words, number in re.findall(r"(\D*)(\d*)", plain.casefold())]
    return parts, listed.book.language, listed.path
