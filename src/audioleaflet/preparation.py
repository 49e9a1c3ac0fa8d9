"""A leaflet before it is spoken: read, checked, and written as a script, as it stands on a day."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from audioleaflet import phrases as wordings
from audioleaflet.document import Document
from audioleaflet.errors import ConfigError, ContentError, Problem
from audioleaflet.leaflet import approval, reader, withdrawal
from audioleaflet.leaflet.approval import Standing
from audioleaflet.leaflet.checks import check as check_library
from audioleaflet.leaflet.checks import language_of, warnings
from audioleaflet.leaflet.lexicon import read_lexicon
from audioleaflet.leaflet.model import Entry, Leaflet
from audioleaflet.leaflet.withdrawal import Withdrawal, in_force, read_withdrawals
from audioleaflet.phrases import Phrases
from audioleaflet.pronunciation import Corrections
from audioleaflet.proof.approval import standing_of
from audioleaflet.remnant import rest_of, settings_of
from audioleaflet.script.checks import check as check_script
from audioleaflet.script.lexicon import Lexicon
from audioleaflet.script.model import Script
from audioleaflet.script.status import statement, withdrawal_lines
from audioleaflet.script.writer import Draft, notice
from audioleaflet.settings import LexiconFiles, Settings, lexicon_files, load_settings
from audioleaflet.speech.engine import Voice
from audioleaflet.speech.narrator import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A leaflet with all that its script is made from. ``problems`` are warnings and notes: errors were raised.

    ``standing``: its approval on the day; ``withdrawal``: the one in force; ``status``: what is said of both.
    ``made_identifier``: the identifier that was made for a leaflet that names none, else empty. ``day``: that day.
    """

    leaflet: Leaflet
    phrases: Phrases
    settings: Settings
    lexicon: Lexicon
    script: Script
    standing: Standing
    withdrawal: Withdrawal | None
    status: str
    problems: tuple[Problem, ...]
    made_identifier: str
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporter:
    """Where a build tells what it does: messages for people, and how far a stage has come."""

    message: Callable[[str], None]
    progress: Callable[[str], Progress]


SILENT = Reporter(message=lambda _text: None, progress=lambda _stage: lambda _done, _total: None)


def prepare(path: Path, *, today: date | None = None, lexicons: LexiconFiles = lexicon_files) -> Prepared:
    """Read one leaflet and write its script, as it stands on a day: ``today`` if none is given.

    A leaflet that is withdrawn is read as it is written. ``lexicons``: the files of the house lexicon of a language,
    for one that is about to change. Raises ContentError with every problem, ConfigError.
    """
    settings = load_settings(path, cwd=Path.cwd())
    house: list[Entry] = []

    def missing(document: Document) -> Iterable[Problem]:
        language = language_of(document)
        if language:
            house.extend(entry for file in lexicons(settings, language) for entry in read_lexicon(file))
        terms = Lexicon(house).spellings()
        return check_library(document, terms=terms, languages=wordings.languages(), voices=settings.voices)

    leaflet = reader.read(path, publisher=settings.publisher, further=missing)
    corrections = Corrections(settings, leaflet.language)
    lexicon = Lexicon((*leaflet.lexicon, *house), corrections)
    made_identifier = "" if leaflet.identifier else reader.make_identifier(leaflet.slug, leaflet.language)
    leaflet = replace(leaflet, identifier=leaflet.identifier or made_identifier)
    phrases = wordings.load(leaflet.language)
    day = today or _today()
    with corrections:
        draft = Draft(leaflet, lexicon, phrases, settings)
        standing = standing_of(leaflet, draft.script(()), lexicon, settings, day)
        told = statement(standing, phrases, leaflet.language)
        script = draft.script(told)
        if standing.sentences:  # what the introduction tells has moved its own utterances: name them as they are now
            standing = standing_of(leaflet, script, lexicon, settings, day)
    told_of_script = check_script(script, settings.rate_wpm, leaflet.origin)
    errors = [problem for problem in told_of_script if problem.severity == "error"]
    if errors:
        raise ContentError(sorted(errors, key=lambda problem: problem.origin.line))
    withdrawn = in_force(read_withdrawals(path))
    problems = (
        *warnings(leaflet),
        *told_of_script,
        *approval.problems(standing, leaflet.origin, required=settings.require_approval),
        *withdrawal.problems(withdrawn, leaflet.origin),
    )
    return Prepared(
        leaflet=leaflet,
        phrases=phrases,
        settings=settings,
        lexicon=lexicon,
        script=script,
        standing=standing,
        withdrawal=withdrawn,
        status=" ".join(told),
        problems=problems,
        made_identifier=made_identifier,
        day=day,
    )


def prepare_notice(path: Path, withdrawn: Withdrawal, output: Path, reporter: Reporter) -> Prepared:
    """The notice that stands for a leaflet while it is withdrawn. It needs no more of the leaflet than a language.

    What a faulty leaflet or library cannot tell is taken from the edition under ``output``, and said.
    """
    try:
        whole = prepare(path)
        leaflet, settings, lexicon = whole.leaflet, whole.settings, whole.lexicon
    except ContentError as error:
        reporter.message(f"the leaflet has problems; its notice is made of what can be read: {error.problems[0]}")
        settings, publisher = settings_of(path, reporter.message)
        leaflet, lexicon = rest_of(path, output, publisher), Lexicon(())
    leaflet = replace(
        leaflet, date=withdrawn.date, sources=(), sections=(), say=(), summary=None, urgent=None, notice=None
    )
    phrases = wordings.load(leaflet.language)
    lines = withdrawal_lines(withdrawn, leaflet.publisher, leaflet.contact, phrases)
    return Prepared(
        leaflet=leaflet,
        phrases=phrases,
        settings=settings,
        lexicon=lexicon,
        script=notice(leaflet, lines, lexicon, phrases, settings),
        standing=approval.UNAPPROVED,
        withdrawal=withdrawn,
        status=lines[0],
        problems=(),
        made_identifier="",
        day=_today(),
    )


def check_language(leaflet: Leaflet, voice: Voice) -> None:
    """Raise ConfigError for a voice that speaks another language than the leaflet is written in."""
    spoken, written = voice.language.split("-")[0], leaflet.language.split("-")[0]
    if spoken != written:
        raise ConfigError(
            f"the voice {voice} speaks {spoken}, the leaflet is written in {written}",
            next_step="try 'audioleaflet voices'",
        )


def _today() -> date:
    return datetime.now().astimezone().date()
