"""Telephone sound in a build: an edition's chapters at three rates, what is said of it, and its library's prompts.

A call never waits for an engine: all that it can play is narrated here. The chapters are the book's own script, spoken
by one voice at each rate; slower means longer silences too. The prompts of a library are made again only when their
words, voice or rates have changed.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from audioleaflet import phrases as wordings
from audioleaflet.book import prompts as kept
from audioleaflet.book.edition import Edition, staged
from audioleaflet.book.model import Book, Prompt, Rendition
from audioleaflet.book.model import Voice as BookVoice
from audioleaflet.book.prompts import Prompts
from audioleaflet.cache import Cache, version_of
from audioleaflet.digest import content_sha256, text_sha256
from audioleaflet.errors import AudioleafletError, ConfigError, Origin, PublishError, SpeechError
from audioleaflet.leaflet.lexicon import read_lexicon
from audioleaflet.preparation import Prepared, Reporter, check_language
from audioleaflet.pronunciation import Corrections
from audioleaflet.script import prompts
from audioleaflet.script.lexicon import Lexicon
from audioleaflet.script.model import Script
from audioleaflet.script.verbalizer import Verbalizer
from audioleaflet.settings import lexicon_files
from audioleaflet.speech.engine import Engine, Voice
from audioleaflet.speech.narrator import LostClip, Narration, first_able, narrate
from audioleaflet.units import WordsPerMinute

if TYPE_CHECKING:
    from audioleaflet.book.telephone import Studio

Engines = Callable[[str], Engine]


@dataclass(frozen=True, slots=True, kw_only=True)
class Maker:
    """What sound is made with: the engines, the cache, how many things are done at once, and who is told."""

    engines: Engines
    store: Cache
    jobs: int
    reporter: Reporter


def recipe(prepared: Prepared, voice: str, engines: Engines) -> str:
    """A hash of all that an edition's telephone sound is made from besides the edition's own recipe.

    ``voice``: the book's. Empty where no voice can make telephone sound now: then it is not as it should be.
    """
    try:
        names = _with_rates((voice, *_listed(prepared)), engines)
        return _recipe(prepared, _edition_prompts(prepared), *_versioned(names[0], engines))
    except AudioleafletError:  # the build that follows tells it
        return ""


def add_sound(book: Book, prepared: Prepared, edition: Edition, maker: Maker) -> Book:
    """Write the telephone sound of an edition that is being filled, and describe it in the book.

    Its library's prompts are written too where they are not as they should be. A notice of withdrawal waits for
    nothing: if it cannot be heard by telephone, that is told, and nothing is. Raises AudioleafletError.
    """
    try:
        whole = _add(book, prepared, edition.staging, maker)
        _renew(prepared, _voice_of(book), edition.folder.parent.parent, maker)
    except AudioleafletError as error:
        if prepared.withdrawal is None or isinstance(error, LostClip):  # a clip that is lost is made again
            raise
        shutil.rmtree(edition.staging / kept.FOLDER, ignore_errors=True)
        maker.reporter.message(f"the notice cannot be heard by telephone: {error}")
        return book
    return whole


def renew_library(prepared: Prepared, voice: str, output: Path, maker: Maker) -> bool:
    """Write the prompts of the leaflet's library in its language below ``output``; answer whether any were written.

    They are said by a voice of the library's list, whatever voice an edition has; ``voice`` is asked where the list is
    empty. A notice of withdrawal, whose library may be unreadable, leaves prompts that are there, and is none the worse
    if they cannot be made. Raises AudioleafletError.
    """
    try:
        return _renew(prepared, voice, output, maker)
    except AudioleafletError as error:
        if prepared.withdrawal is None:
            raise
        maker.reporter.message(f"the notice cannot be heard by telephone: {error}")
        return False


def _renew(prepared: Prepared, voice: str, output: Path, maker: Maker) -> bool:
    folder = kept.folder_of(output, prepared.leaflet.language)
    try:
        old = kept.load(folder)
    except PublishError:  # there are none yet, or of another format
        old = None
    if old is not None and prepared.withdrawal is not None:
        return False
    names = _with_rates(_listed(prepared) or (voice,), maker.engines)
    spoken = _library_prompts(prepared)
    wanted = _library_recipe(prepared, spoken, *_versioned(names[0], maker.engines))
    if old is not None and old.recipe_sha256 == wanted and kept.whole(old, folder):
        return False
    if not prepared.settings.hotline.emergency_for(prepared.leaflet.language):
        told = f"library.yaml names no emergency number for {prepared.leaflet.language}"
        maker.reporter.message(f"{told}: callers are told to call their own; write it in 'hotline.emergency'")
    write = partial(_write_library, prepared, spoken, folder, old, maker)
    first_able(names, maker.engines, write, maker.reporter.message)
    return True


def _add(book: Book, prepared: Prepared, folder: Path, maker: Maker) -> Book:
    voice = _voice_of(book)
    names = _with_rates((voice, *_listed(prepared)), maker.engines)
    if names[0] != voice:
        maker.reporter.message(f"{voice} cannot speak slower or faster: on the telephone {names[0]} reads the leaflet")
    spoken = _edition_prompts(prepared)
    sound = partial(_sound, prepared, spoken, folder, maker)
    made = first_able(names, maker.engines, sound, maker.reporter.message)
    return book.model_copy(
        update={
            "renditions": (*book.renditions, *made.renditions),
            "prompts": made.prompts,
            "telephone_sha256": _recipe(prepared, spoken, str(made.voice), made.version),
        }
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """An edition's telephone sound. ``version``: that of the engine."""

    renditions: tuple[Rendition, ...]
    prompts: tuple[Prompt, ...]
    voice: Voice
    version: str


def _sound(
    prepared: Prepared, spoken: prompts.Prompts, folder: Path, maker: Maker, engine: Engine, voice: Voice
) -> _Made:
    from audioleaflet.book.telephone import RATES, write_rendition

    speaker = _Speaker(prepared, engine, voice, maker)
    scripts = tuple(map(prompts.at_once, (prompts.slowed(prepared.script), prepared.script, prepared.script)))
    rates = speaker.rates()
    said = [
        speaker.narration(script, rate, f"Speaking for the telephone, {name}")
        for name, script, rate in zip(RATES, scripts, rates, strict=True)
    ]
    renditions = tuple(
        write_rendition(
            name,
            script,
            narration,
            folder,
            speaker.studio(),
            progress=maker.reporter.progress(f"Telephone sound, {name}"),
        )
        for name, script, narration in zip(RATES, scripts, said, strict=True)
    )
    made = speaker.write_prompts(speaker.said(spoken), spoken.numbers, folder / kept.FOLDER / "prompts", folder)
    return _Made(renditions=renditions, prompts=made, voice=voice, version=engine.version)


def _write_library(
    prepared: Prepared,
    spoken: prompts.Prompts,
    folder: Path,
    old: Prompts | None,
    maker: Maker,
    engine: Engine,
    voice: Voice,
) -> Prompts:
    from audioleaflet.book.telephone import CODEC
    from audioleaflet.sound.telephone import RATE

    speaker = _Speaker(prepared, engine, voice, maker)
    settings = prepared.settings
    said = speaker.said(spoken)  # before the lock: builds of other leaflets hardly ever meet at it
    with staged(folder) as edition:
        made = kept.save(
            Prompts(
                language=prepared.leaflet.language,
                title=settings.title,
                publisher=settings.publisher,
                voice=BookVoice(
                    engine=voice.engine,
                    name=voice.name,
                    version=engine.version,
                    rate_wpm=settings.hotline.rates.prompt_wpm,
                ),
                codec=CODEC,
                sample_rate=RATE,
                recipe_sha256=_library_recipe(prepared, spoken, str(voice), engine.version),
                prompts=speaker.write_prompts(said, spoken.numbers, edition.staging, edition.staging),
                files=(),
            ),
            edition.staging,
        )
        before = {file.path: file.sha256 for file in old.files} if old else {}
        unchanged = [file.path for file in made.files if before.get(file.path) == file.sha256]
        edition.commit(unchanged=unchanged, own={kept.NAME, *before} if old else None)
    return made


class _Speaker:
    """One voice that says scripts for the telephone of one leaflet's library."""

    def __init__(self, prepared: Prepared, engine: Engine, voice: Voice, maker: Maker) -> None:
        check_language(prepared.leaflet, voice)
        self._settings = prepared.settings
        self._engine = engine
        self._voice = voice
        self._maker = maker

    def rates(self) -> tuple[int, int, int]:
        """Words a minute: slow, normal, fast."""
        rates = self._settings.hotline.rates
        return rates.slow_wpm, self._settings.rate_wpm, rates.fast_wpm

    def narration(self, script: Script, rate_wpm: int, stage: str) -> Narration:
        """The script at a rate."""
        maker = self._maker
        progress = maker.reporter.progress(stage)
        rate = WordsPerMinute(rate_wpm)
        return narrate(script, self._engine, self._voice, rate, maker.store, jobs=maker.jobs, progress=progress)

    def studio(self) -> Studio:
        """What files are made with."""
        from audioleaflet.book.telephone import Studio

        return Studio(codecs=self._settings.hotline.codecs, cache=self._maker.store, jobs=self._maker.jobs)

    def said(self, spoken: prompts.Prompts) -> tuple[tuple[Script, Narration], ...]:
        """Prompts, each at the rate that is theirs."""
        rates = self._settings.hotline.rates
        return tuple(
            (script, self.narration(script, rate, "Speaking for the telephone, prompts"))
            for script, rate in ((spoken.said, rates.prompt_wpm), (spoken.slow, rates.slow_wpm))
        )

    def write_prompts(
        self, said: Sequence[tuple[Script, Narration]], cues: Mapping[str, str], place: Path, base: Path
    ) -> tuple[Prompt, ...]:
        """The prompts' files in ``place``, described by their paths below ``base``."""
        from audioleaflet.book.telephone import write_prompts

        made: list[Prompt] = []
        for script, narration in said:
            made += write_prompts(script, narration, place, self.studio(), base=base, cues=cues)
        return tuple(made)


def _voice_of(book: Book) -> str:
    return f"{book.voice.engine}:{book.voice.name}"


def _listed(prepared: Prepared) -> tuple[str, ...]:
    return prepared.settings.voices_for(prepared.leaflet.language)


def _with_rates(names: Sequence[str], engines: Engines) -> tuple[str, ...]:
    """Those of the voices that can speak slower and faster, each once. Raises ConfigError, SpeechError for none."""
    able: list[str] = []
    fault: SpeechError | None = None
    names = tuple(dict.fromkeys(names))
    for name in names:
        try:
            engine = engines(name.partition(":")[0])
        except SpeechError as error:
            fault = error
            continue
        try:
            if engine.capabilities.rates:
                able.append(name)
        finally:
            engine.close()
    if able:
        return tuple(able)
    if fault is not None:
        raise fault
    raise ConfigError(
        f"telephone sound needs a voice that can speak slower and faster, which none of {', '.join(names)} can",
        next_step="add an espeak voice after them in 'voices' of library.yaml, or leave the format 'phone' out",
    )


def _versioned(name: str, engines: Engines) -> tuple[str, str]:
    engine = engines(name.partition(":")[0])
    try:
        return name, engine.version
    finally:
        engine.close()


def _edition_prompts(prepared: Prepared) -> prompts.Prompts:
    leaflet = prepared.leaflet
    status = [utterance.shown for utterance in prepared.script.utterances() if utterance.kind == "status"]
    facts = prompts.Facts(
        title=leaflet.title,
        publisher=leaflet.publisher,
        status=status or (prepared.status,),
        contact=leaflet.contact,
    )
    with ExitStack() as stack:
        if isinstance(prepared.lexicon.correction, Corrections):  # else each new word costs a start of the engine
            stack.enter_context(prepared.lexicon.correction)
        return prompts.edition_prompts(
            prepared.script,
            facts,
            wordings.load_hotline(leaflet.language),
            _verbalizer(prepared, prepared.lexicon),
            origin=leaflet.origin,
        )


def _library_prompts(prepared: Prepared) -> prompts.Prompts:
    """No leaflet's own lexicon counts: every leaflet of a library gives the same prompts."""
    language, settings = prepared.leaflet.language, prepared.settings
    entries = [entry for path in lexicon_files(settings, language) for entry in read_lexicon(path)]
    with Corrections(settings, language) as corrections:
        return prompts.library_prompts(
            wordings.load_hotline(language),
            _verbalizer(prepared, Lexicon(entries, corrections)),
            title=settings.title,
            publisher=settings.publisher,
            emergency=settings.hotline.emergency_for(language),
            origin=Origin(path=settings.path, line=0),
        )


def _verbalizer(prepared: Prepared, lexicon: Lexicon) -> Verbalizer:
    return Verbalizer.of(prepared.leaflet.language, lexicon, prepared.phrases, prepared.settings.pauses)


def _recipe(prepared: Prepared, spoken: prompts.Prompts, voice: str, version: str) -> str:
    """Of an edition's telephone sound. The libraries that make it are in the edition's own recipe."""
    from audioleaflet.book.telephone import REVISION
    from audioleaflet.sound import telephone as sound

    hotline = prepared.settings.hotline
    parts = [
        *(REVISION, sound.REVISION, voice, version),
        *(prepared.settings.rate_wpm, hotline.rates.model_dump(), hotline.codecs),
        *(content_sha256(spoken.said), content_sha256(spoken.slow)),
    ]
    return text_sha256(json.dumps(parts))


def _library_recipe(prepared: Prepared, spoken: prompts.Prompts, voice: str, version: str) -> str:
    settings = prepared.settings
    libraries = [version_of(name) for name in ("numpy", "imageio-ffmpeg")]
    parts = [_recipe(prepared, spoken, voice, version), *libraries, settings.title, settings.publisher]
    return text_sha256("\0".join(parts))
