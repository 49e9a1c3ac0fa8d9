"""The whole pipeline: a leaflet file in, an edition out."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path

from audioleaflet import telephone
from audioleaflet.book import manifest
from audioleaflet.book.approval import approval_of, withdrawn_of
from audioleaflet.book.edition import Edition, staged
from audioleaflet.book.model import Book, PrintedRoles
from audioleaflet.cache import Cache
from audioleaflet.digest import content_sha256, text_sha256
from audioleaflet.errors import ConfigError, ContentError, Problem, PublishError, SpeechError
from audioleaflet.leaflet import approval
from audioleaflet.leaflet.approval import Standing
from audioleaflet.leaflet.model import Leaflet
from audioleaflet.leaflet.withdrawal import Withdrawal, in_force, read_withdrawals
from audioleaflet.preparation import SILENT, Prepared, Reporter, check_language, prepare, prepare_notice
from audioleaflet.publish import pages, reading
from audioleaflet.publish.formats import DEFAULT, PUBLISHED, made
from audioleaflet.publish.library import Library
from audioleaflet.remnant import edition_at, folder_name
from audioleaflet.script import stored
from audioleaflet.script.writer import wording
from audioleaflet.settings import Settings
from audioleaflet.speech.engine import Engine, Voice
from audioleaflet.speech.narrator import LostClip, Narration, first_able, narrate
from audioleaflet.speech.voices import engine_of
from audioleaflet.telephone import Maker
from audioleaflet.units import WordsPerMinute

__all__ = [
    "SILENT",
    "Built",
    "Prepared",
    "Reporter",
    "build",
    "edition_name",
    "library_of",
    "prepare",
    "prepare_notice",
]
_LIBRARIES = ("lameenc", "imageio-ffmpeg", "mutagen", "Pillow", "pydub", "numpy")
REVISION = "edition/1"  # raise it when a change makes other files from the same script and voice


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What a build answers. ``changed`` is False where the edition was already as it should be.

    ``problems``: the warnings and notes of ``Prepared``; a build goes on in spite of them. ``library``: the one that it
    was built for.
    """

    book: Book
    standing: Standing
    folder: Path
    changed: bool
    problems: tuple[Problem, ...]
    library: Library


def build(
    path: Path,
    *,
    output: Path,
    cache: Path,
    voice: str = "",
    formats: Collection[str] | None = None,
    jobs: int | None = None,
    force: bool = False,
    where_possible: bool = False,
    reporter: Reporter = SILENT,
    engines: Callable[[str], Engine] = engine_of,
    today: date | None = None,
) -> Built:
    """Narrate the leaflet at ``path`` into its edition under ``output``; of one that is withdrawn, the notice of it.

    ``voice``: one ``engine:voice``, with no other to fall back to; else the editor's list for the language. ``formats``
    are added to those that an unchanged edition has; None: the usual ones, and those that the edition has, changed or
    not, so that no line falls silent. A feed needs the library's ``base_url``. ``where_possible``: a format that cannot
    be made here is left out, and told; else that is an error, before any work is done. ``force`` makes every file
    again. ``today``: the day on which an approval must hold, the clock's if none is given. Raises AudioleafletError.
    """
    withdrawn = in_force(read_withdrawals(path))
    prepared = prepare_notice(path, withdrawn, output, reporter) if withdrawn else prepare(path, today=today)
    _require_approval(prepared)
    library = library_of(prepared.settings)
    voices = (voice,) if voice else prepared.settings.voices_for(prepared.leaflet.language)
    folder = output / prepared.leaflet.slug / edition_name(prepared.leaflet)
    if not voices:
        language = prepared.leaflet.language
        raise ConfigError(f"library.yaml names no voice for {language}", next_step="add one to its 'voices'")
    old = edition_at(folder)
    formats = _formats(formats, old, library, withdrawn, reporter)

    def maker(store: Cache) -> Maker:
        return Maker(engines=engines, store=store, jobs=jobs or os.cpu_count() or 1, reporter=reporter)

    # A notice of withdrawal cannot wait for a program that is missing; what said the old text goes.
    spare = partial(_spare, reporter) if withdrawn or where_possible else None
    if old is not None and not force and _is_current(prepared, voices[0], old, formats, folder, engines):
        wanted = {*made(old), *formats}
        current = wanted == made(old) and pages.are_current(old, library)
        if not current and spare is None:
            _refuse(prepared, wanted - made(old))
        changed = not current and pages.renew(folder, library, wanted, today=prepared.day, spare=spare)
        book = manifest.load(folder) if changed else old
        if "phone" in made(old):
            changed |= telephone.renew_library(prepared, voices[0], output, maker(Cache(cache)))
        return _built(prepared, book, folder, changed=changed)
    if spare is None:
        _refuse(prepared, formats)
    with staged(folder) as edition:
        if prepared.made_identifier:
            reporter.message(f"made an identifier; keep it in the leaflet: 'identifier: {prepared.made_identifier}'")

        def make(maker: Maker) -> Book:
            narration = first_able(voices, engines, partial(_narrate, prepared, maker), reporter.message)
            return _write(prepared, narration, edition, formats, old, maker, spare)

        store = Cache(cache)
        try:
            book = make(maker(store))
        except LostClip:  # only now is every clip looked through: that would cost each build 26 MB of reading
            book = make(maker(Cache(cache, thorough=True)))
        store.prune()
    return _built(prepared, book, folder, changed=True)


def _formats(
    asked: Collection[str] | None,
    old: Book | None,
    library: Library,
    withdrawn: Withdrawal | None,
    reporter: Reporter,
) -> Collection[str]:
    """The formats to make, besides those that an unchanged edition has."""
    had = made(old) if old else ()
    formats = (*DEFAULT, *had) if asked is None else asked
    if not library.base_url:
        formats = [name for name in formats if name != "feed"]
    if withdrawn:
        told = f"{withdrawn.by} withdrew this leaflet on {withdrawn.date}: the edition is its notice"
        reporter.message(f"{told} until 'audioleaflet withdraw --lift'")
        formats = {*formats, *had}  # no file may go on saying what was withdrawn
    return formats


def _built(prepared: Prepared, book: Book, folder: Path, *, changed: bool) -> Built:
    return Built(
        book=book,
        standing=prepared.standing,
        folder=folder,
        changed=changed,
        problems=prepared.problems,
        library=library_of(prepared.settings),
    )


def library_of(settings: Settings) -> Library:
    """What web pages and feeds tell of a library."""
    return Library(
        title=settings.title,
        publisher=settings.publisher,
        base_url=settings.base_url or "",
        telephone=settings.telephone or "",
    )


def edition_name(leaflet: Leaflet) -> str:
    """The folder of a leaflet's edition: its file's name where that is a language, else its language."""
    return folder_name(leaflet.origin.path, leaflet.language)


def _require_approval(prepared: Prepared) -> None:
    if prepared.settings.require_approval and prepared.withdrawal is None:
        origin = prepared.leaflet.origin
        problems = approval.problems(prepared.standing, origin, required=True)
        if problems:
            raise ContentError([replace(problem, severity="error") for problem in problems])


def _refuse_if_withdrawn_meanwhile(prepared: Prepared) -> None:
    """A withdrawal cannot wait for a build that began before it: what that build made must not replace the notice."""
    origin = prepared.leaflet.origin
    if in_force(read_withdrawals(origin.path)) != prepared.withdrawal:
        message = "the leaflet was withdrawn, or its withdrawal lifted, while it was built"
        raise ContentError([Problem(origin=origin, code="WITHDRAWN", message=message, next_step="build it again")])


def _is_current(
    prepared: Prepared,
    voice: str,
    old: Book,
    formats: Collection[str],
    folder: Path,
    engines: Callable[[str], Engine],
) -> bool:
    engine_name, _, voice_name = voice.partition(":")
    if (old.voice.engine, old.voice.name) != (engine_name, voice_name) or not set(formats) <= {*made(old), *PUBLISHED}:
        return False
    if old.script_sha256 != content_sha256(prepared.script):
        return False
    try:
        engine = engines(engine_name)
    except SpeechError:  # it made the old edition and is gone; the build tells so, or takes the next voice
        return False
    try:
        recipe = _recipe(prepared, voice, engine.version)
    finally:
        engine.close()
    if "phone" in made(old) and old.telephone_sha256 != telephone.recipe(prepared, voice, engines):
        return False
    return old.recipe_sha256 == recipe and manifest.whole(old, folder)


def _narrate(prepared: Prepared, maker: Maker, engine: Engine, voice: Voice) -> Narration:
    check_language(prepared.leaflet, voice)
    if engine.notice:
        maker.reporter.message(engine.notice)
    rate = WordsPerMinute(prepared.settings.rate_wpm)
    progress = maker.reporter.progress("Speaking")
    return narrate(prepared.script, engine, voice, rate, maker.store, jobs=maker.jobs, progress=progress)


def _write(
    prepared: Prepared,
    narration: Narration,
    edition: Edition,
    formats: Collection[str],
    old: Book | None,
    maker: Maker,
    spare: Callable[[PublishError], None] | None,
) -> Book:
    from audioleaflet.book.assemble import Facts, assemble
    from audioleaflet.publish.transcript import write_transcripts

    recipe = _recipe(prepared, str(narration.voice), narration.version)
    wanted = {"mp3", *formats}
    if old is not None and old.recipe_sha256 == recipe:
        wanted |= made(old)
    elif old is not None and made(old) - wanted:
        dropped = ", ".join(sorted(made(old) - wanted))
        maker.reporter.message(f"the text, script or voice has changed: dropped {dropped} of the old edition")
    leaflet = prepared.leaflet
    facts = Facts(
        leaflet=leaflet,
        phrases=prepared.phrases,
        settings=prepared.settings,
        name=f"{leaflet.slug}-{edition.folder.name}",
        modified=_modified(leaflet),
        approval=approval_of(prepared.standing),
        withdrawn=withdrawn_of(prepared.withdrawal),
        status=prepared.status,
        script_sha256=content_sha256(prepared.script),
        wording_sha256=text_sha256(wording(prepared.script)),
        recipe_sha256=recipe,
    )
    book = assemble(
        facts,
        prepared.script,
        narration,
        edition.staging,
        formats=wanted,
        cache=maker.store,
        jobs=maker.jobs,
        progress=maker.reporter.progress("Encoding"),
    )
    if "phone" in wanted:
        book = telephone.add_sound(book, prepared, edition, maker)
    if "transcript" in wanted:
        write_transcripts(book, edition.staging, prepared.phrases.page)
    stored.save(prepared.script, edition.staging)
    library, output = library_of(prepared.settings), edition.folder.parent.parent
    book = reading.add_readings(book, edition.staging, library, wanted, page="site" in wanted, spare=spare)
    book = pages.add_pages(book, edition.staging, library, wanted, output=output, today=prepared.day)
    _refuse_if_withdrawn_meanwhile(prepared)
    edition.commit(unchanged=_same(old, book), own=manifest.paths(old) if old else None)
    return book


def _refuse(prepared: Prepared, formats: Collection[str]) -> None:
    """Raise what stands against making ``formats`` of this leaflet here, with its lines: before anything is made."""
    utterances = [one for chapter in prepared.script.chapters for one in chapter.utterances]
    shown = [one for one in utterances if one.role in PrintedRoles]
    problems = []
    for refusal in reading.refusals(formats, prepared.leaflet.language, [one.shown for one in shown]):
        if refusal.text is None:
            raise PublishError(refusal.message, next_step=refusal.next_step)
        origin = shown[refusal.text].origin
        problems.append(Problem(origin=origin, code="NO-SIGN", message=refusal.message, next_step=refusal.next_step))
    if problems:
        raise ContentError(problems)


def _spare(reporter: Reporter, error: PublishError) -> None:
    reporter.message(f"a format is left out: {error}")


def _same(old: Book | None, new: Book) -> tuple[str, ...]:
    before = {file.path: file.sha256 for file in old.files} if old else {}
    return tuple(file.path for file in new.files if before.get(file.path) == file.sha256)


def _recipe(prepared: Prepared, voice: str, engine_version: str) -> str:
    """A hash of everything that the files of an edition are made from, besides which formats are asked for."""
    libraries = [version(name) for name in _LIBRARIES]
    parts = [
        REVISION,
        *libraries,
        voice,
        engine_version,
        content_sha256(prepared.script),
        content_sha256(prepared.leaflet),
    ]
    parts += [str(approval_of(prepared.standing)), str(withdrawn_of(prepared.withdrawal))]
    parts += [prepared.settings.title, str(prepared.settings.rate_wpm), prepared.phrases.model_dump_json()]
    return text_sha256("\0".join(parts))


def _modified(leaflet: Leaflet) -> str:
    """When this text was last changed, as ISO 8601 in UTC: the leaflet's date, else the time of its file.

    Never the time of the build: the same input gives the same bytes.
    """
    if leaflet.date:
        return f"{leaflet.date}T00:00:00Z"
    changed = datetime.fromtimestamp(int(leaflet.origin.path.stat().st_mtime), UTC)
    return changed.strftime("%Y-%m-%dT%H:%M:%SZ")
