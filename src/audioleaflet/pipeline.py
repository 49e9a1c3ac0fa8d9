"""The whole pipeline: a leaflet file in, an edition out."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from audioleaflet import phrases as wordings
from audioleaflet.book import manifest
from audioleaflet.book.edition import Edition, staged
from audioleaflet.book.model import Book
from audioleaflet.cache import Cache
from audioleaflet.document import Document
from audioleaflet.errors import ConfigError, Origin, Problem, PublishError, SpeechError
from audioleaflet.leaflet import reader
from audioleaflet.leaflet.checks import check as check_library
from audioleaflet.leaflet.checks import language_of, warnings
from audioleaflet.leaflet.lexicon import read_lexicon
from audioleaflet.leaflet.model import Entry, Leaflet
from audioleaflet.phrases import Phrases
from audioleaflet.script import stored
from audioleaflet.script.checks import check as check_script
from audioleaflet.script.lexicon import Lexicon
from audioleaflet.script.model import Script
from audioleaflet.script.writer import wording, write
from audioleaflet.settings import Settings, lexicon_files, load_settings, narrowing
from audioleaflet.speech.engine import Engine, Voice
from audioleaflet.speech.narrator import LostClip, Narration, Progress, first_able, narrate
from audioleaflet.speech.voices import engine_of
from audioleaflet.units import WordsPerMinute

FORMATS = ("mp3", "m4b", "transcript")
_LIBRARIES = ("lameenc", "imageio-ffmpeg", "mutagen", "Pillow", "pydub", "numpy")
REVISION = "edition/1"  # raise it when a change makes other files from the same script and voice


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A leaflet with all that its script is made from. ``problems`` are warnings: errors were raised.

    ``made_identifier``: the identifier that was made for a leaflet that names none, else empty.
    """

    leaflet: Leaflet
    phrases: Phrases
    settings: Settings
    lexicon: Lexicon
    script: Script
    problems: tuple[Problem, ...]
    made_identifier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What a build answers. ``changed`` is False where the edition was already as it should be."""

    book: Book
    folder: Path
    changed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporter:
    """Where a build tells what it does: messages for people, and how far a stage has come."""

    message: Callable[[str], None]
    progress: Callable[[str], Progress]


SILENT = Reporter(message=lambda _text: None, progress=lambda _stage: lambda _done, _total: None)


def prepare(path: Path) -> Prepared:
    """Read one leaflet and write its script. Raises ContentError with every problem, ConfigError."""
    settings = load_settings(path, cwd=Path.cwd())
    house: list[Entry] = []

    def missing(document: Document) -> Iterable[Problem]:
        language = language_of(document)
        if language:
            house.extend(entry for file in lexicon_files(settings, language) for entry in read_lexicon(file))
        terms = Lexicon(house).spellings()
        return check_library(document, terms=terms, languages=wordings.languages(), voices=settings.voices)

    leaflet = reader.read(path, publisher=settings.publisher, further=missing)
    lexicon = Lexicon((*leaflet.lexicon, *house))
    made_identifier = "" if leaflet.identifier else reader.make_identifier(leaflet.slug, leaflet.language)
    leaflet = replace(leaflet, identifier=leaflet.identifier or made_identifier)
    phrases = wordings.load(leaflet.language)
    script = write(leaflet, lexicon, phrases, settings)
    problems = (*warnings(leaflet), *check_script(script, settings.rate_wpm, leaflet.origin))
    return Prepared(
        leaflet=leaflet,
        phrases=phrases,
        settings=settings,
        lexicon=lexicon,
        script=script,
        problems=problems,
        made_identifier=made_identifier,
    )


def build(
    path: Path,
    *,
    output: Path,
    cache: Path,
    voice: str = "",
    formats: Collection[str] = FORMATS,
    jobs: int | None = None,
    force: bool = False,
    reporter: Reporter = SILENT,
    engines: Callable[[str], Engine] = engine_of,
) -> Built:
    """Narrate the leaflet at ``path`` into its edition under ``output``.

    ``voice``: one ``engine:voice``, with no other to fall back to; else the editor's list for the language. ``formats``
    are added to those that an unchanged edition has. ``force`` makes every file again. Raises AudioleafletError.
    """
    prepared = prepare(path)
    voices = (voice,) if voice else prepared.settings.voices_for(prepared.leaflet.language)
    folder = output / prepared.leaflet.slug / edition_name(prepared.leaflet)
    old = _old(folder)
    if old is not None and not force and _is_current(prepared, voices[0], old, formats, folder, engines):
        return Built(book=old, folder=folder, changed=False)
    store = Cache(cache)
    with staged(folder) as edition:
        workers = jobs or os.cpu_count() or 1
        if prepared.made_identifier:
            reporter.message(f"made an identifier; keep it in the leaflet: 'identifier: {prepared.made_identifier}'")

        def make(store: Cache) -> Book:
            def speak(engine: Engine, chosen: Voice) -> Narration:
                return _narrate(prepared, engine, chosen, store, workers, reporter)

            narration = first_able(voices, engines, speak, reporter.message)
            return _write(prepared, narration, edition, formats, old, store, workers, reporter)

        try:
            book = make(store)
        except LostClip:  # only now is every clip looked through: that would cost each build 26 MB of reading
            book = make(Cache(cache, thorough=True))
        store.prune()
    return Built(book=book, folder=folder, changed=True)


def edition_name(leaflet: Leaflet) -> str:
    """The folder of a leaflet's edition: its file's name where that is a language, else its language."""
    stem = leaflet.origin.path.stem
    names = [tag.lower() for tag in narrowing(leaflet.language)]
    return stem.lower() if stem.lower() in names else names[0]


def _old(folder: Path) -> Book | None:
    try:
        return manifest.load(folder)
    except PublishError:  # none yet, or one of another format: a build replaces it
        return None


def _is_current(
    prepared: Prepared,
    voice: str,
    old: Book,
    formats: Collection[str],
    folder: Path,
    engines: Callable[[str], Engine],
) -> bool:
    engine_name, _, voice_name = voice.partition(":")
    if (old.voice.engine, old.voice.name) != (engine_name, voice_name) or not set(formats) <= _made(old):
        return False
    if old.script_sha256 != _content(prepared.script):
        return False
    try:
        engine = engines(engine_name)
    except SpeechError:  # it made the old edition and is gone; the build tells so, or takes the next voice
        return False
    try:
        recipe = _recipe(prepared, voice, engine.version)
    finally:
        engine.close()
    return old.recipe_sha256 == recipe and manifest.whole(old, folder)


def _narrate(
    prepared: Prepared, engine: Engine, voice: Voice, cache: Cache, jobs: int, reporter: Reporter
) -> Narration:
    spoken, written = voice.language.split("-")[0], prepared.leaflet.language.split("-")[0]
    if spoken != written:
        raise ConfigError(
            f"the voice {voice} speaks {spoken}, the leaflet is written in {written}",
            next_step="try 'audioleaflet voices'",
        )
    if engine.notice:
        reporter.message(engine.notice)
    rate = WordsPerMinute(prepared.settings.rate_wpm)
    return narrate(prepared.script, engine, voice, rate, cache, jobs=jobs, progress=reporter.progress("Speaking"))


def _write(
    prepared: Prepared,
    narration: Narration,
    edition: Edition,
    formats: Collection[str],
    old: Book | None,
    cache: Cache,
    jobs: int,
    reporter: Reporter,
) -> Book:
    from audioleaflet.book.assemble import Facts, assemble
    from audioleaflet.publish.transcript import write_transcripts

    recipe = _recipe(prepared, str(narration.voice), narration.version)
    wanted = {"mp3", *formats}
    if old is not None and old.recipe_sha256 == recipe:
        wanted |= _made(old)
    elif old is not None and _made(old) - wanted:
        dropped = ", ".join(sorted(_made(old) - wanted))
        reporter.message(f"the text, script or voice has changed: dropped {dropped} of the old edition")
    leaflet = prepared.leaflet
    facts = Facts(
        leaflet=leaflet,
        phrases=prepared.phrases,
        settings=prepared.settings,
        name=f"{leaflet.slug}-{edition.folder.name}",
        modified=_modified(leaflet),
        script_sha256=_content(prepared.script),
        wording_sha256=_sha256(wording(prepared.script)),
        recipe_sha256=recipe,
    )
    book = assemble(
        facts,
        prepared.script,
        narration,
        edition.staging,
        formats=wanted,
        cache=cache,
        jobs=jobs,
        progress=reporter.progress("Encoding"),
    )
    if "transcript" in wanted:
        write_transcripts(book, edition.staging, prepared.phrases.page)
    stored.save(prepared.script, edition.staging)
    book = manifest.save(book, edition.staging)
    edition.commit(unchanged=_same(old, book))
    return book


def _same(old: Book | None, new: Book) -> tuple[str, ...]:
    before = {file.path: file.sha256 for file in old.files} if old else {}
    return tuple(file.path for file in new.files if before.get(file.path) == file.sha256)


def _made(book: Book) -> set[str]:
    """The formats that an edition holds."""
    paths = {file.path for file in book.files}
    made = {"mp3"}
    if any(path.endswith(".m4b") for path in paths):
        made.add("m4b")
    if "transcript.vtt" in paths:
        made.add("transcript")
    return made


def _recipe(prepared: Prepared, voice: str, engine_version: str) -> str:
    """A hash of everything that the files of an edition are made from, besides which formats are asked for."""
    libraries = [version(name) for name in _LIBRARIES]
    parts = [REVISION, *libraries, voice, engine_version, _content(prepared.script), _content(prepared.leaflet)]
    parts += [prepared.settings.title, str(prepared.settings.rate_wpm), prepared.phrases.model_dump_json()]
    return _sha256("\0".join(parts))


def _content(value: object) -> str:
    """A SHA-256 of all that a script or a leaflet says. Where its file lies, and on which line, changes nothing."""
    digest = hashlib.sha256()

    def add(part: object) -> None:
        if isinstance(part, Origin):
            return
        if isinstance(part, tuple):
            digest.update(b"(%d" % len(part))
            for member in part:
                add(member)
        elif is_dataclass(part) and not isinstance(part, type):
            digest.update(type(part).__name__.encode())
            for field in fields(part):
                add(getattr(part, field.name))
        else:
            digest.update(json.dumps(part).encode() + b"\n")

    add(value)
    return digest.hexdigest()


def _modified(leaflet: Leaflet) -> str:
    """When this text was last changed, as ISO 8601 in UTC: the leaflet's date, else the time of its file.

    Never the time of the build: the same input gives the same bytes.
    """
    if leaflet.date:
        return f"{leaflet.date}T00:00:00Z"
    changed = datetime.fromtimestamp(int(leaflet.origin.path.stat().st_mtime), UTC)
    return changed.strftime("%Y-%m-%dT%H:%M:%SZ")


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode(errors="backslashreplace")).hexdigest()
