"""The house lexicon of a library: how a word is said, changed for good, and what the change does to each leaflet.

Nothing is written before all is known and read back; a file is exchanged in one call, so it is never left half written.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from audioleaflet.document import one_line
from audioleaflet.document.characters import bad_characters, mend
from audioleaflet.errors import ConfigError, ContentError, Origin, StorageError
from audioleaflet.leaflet.editing import find_form, find_term, write_edited
from audioleaflet.leaflet.finder import find_all
from audioleaflet.leaflet.ipa import respell
from audioleaflet.leaflet.lexicon import check_reading, read_lexicon
from audioleaflet.leaflet.model import Entry
from audioleaflet.leaflet.pls import PLS, write_pls
from audioleaflet.leaflet.respelling import parse_respelling
from audioleaflet.leaflet.syllabify import syllabified
from audioleaflet.pipeline import prepare
from audioleaflet.script.lexicon import Lexicon
from audioleaflet.script.model import Script, Spoken
from audioleaflet.settings import (
    LexiconFiles,
    Settings,
    canonical_language,
    content_folder,
    lexicon_files,
    load_settings,
    narrowing,
    packaged_content,
)

_HEADER = "# How words are said, in alphabetical order.\n\n[]\n"
_SCHEMA_LINE = b"# yaml-language-server:"


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """The lexicon file of a library that a change for one language goes to.

    ``path``: the file; ``source``: where its content comes from: itself, the packaged lexicon, or nothing (None).
    ``copies``: further packaged lexicons, source and place, that the library's own first one would hide.
    ``before``: what stood at ``path`` when it was looked at, None for nothing.
    """

    path: Path
    source: Path | None
    copies: tuple[tuple[Path, Path], ...]
    settings: Settings
    language: str
    before: bytes | None = None

    @property
    def is_new(self) -> bool:
        """Whether the file is still to be made."""
        return self.source != self.path

    def entries(self) -> tuple[Entry, ...]:
        """All entries that count for the language today, narrow before wide. Raises ContentError."""
        files = lexicon_files(self.settings, self.language)
        return tuple(entry for file in files for entry in read_lexicon(file))

    def with_file(self, staged: Path) -> LexiconFiles:
        """The lexicon files of any leaflet of the library once ``staged`` stands at ``path``."""
        folder = self.path.parent
        coming = {self.path: staged, **{place: source for source, place in self.copies}}

        def files(settings: Settings, language: str) -> tuple[Path, ...]:
            if (content_folder(settings) / "lexicon").resolve() != folder.resolve():
                return lexicon_files(settings, language)
            places = (folder / f"{tag}.yaml" for tag in narrowing(language))
            return tuple(coming.get(place, place) for place in places if place in coming or place.is_file())

        return files


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How a term is said. ``source``: "lexicon", "form of …", "made from …", or who answers where no lexicon does."""

    ipa: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """A sentence that will be said in another way: its place and its words."""

    origin: Origin
    shown: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """What a change does to the leaflets. ``faulty``: leaflets with problems of their own, which were not looked at."""

    sentences: tuple[Effect, ...]
    faulty: tuple[Path, ...]


def house_of(language: str) -> House:
    """The lexicon file of the library here that holds the words of ``language``, or is to hold them.

    Of a library's own files the narrowest that exists. A library without any gets copies of the packaged ones: its own
    first file hides those. Raises ConfigError where there is no library, ContentError for a faulty ``library.yaml``.
    """
    here = Path.cwd()
    settings = load_settings(here, cwd=here)
    packaged = packaged_content().resolve()
    inside = packaged in (here.resolve(), *here.resolve().parents) or (here / "content").resolve() == packaged
    if content_folder(settings).resolve() == packaged and not inside:
        raise ConfigError(
            "there is no library here, and the lexicon that came with audioleaflet is not to be changed",
            next_step="go to the folder that holds content/library.yaml, or write that file",
        )
    folder = near(content_folder(settings)) / "lexicon"
    files = lexicon_files(settings, language)
    if files and files[0].parent.resolve() == folder.resolve():
        path = folder / files[0].name
        return House(path=path, source=path, copies=(), settings=settings, language=language, before=_bytes(path))
    name = files[0].name if files else f"{narrowing(language)[-1]}.yaml"
    own = any(not file.stem.endswith(".approval") for file in folder.glob("*.yaml"))
    others = () if own else sorted((packaged / "lexicon").glob("*.yaml"))
    copies = tuple((file, folder / file.name) for file in others if file.name != name)
    source = files[0] if files else None
    return House(path=folder / name, source=source, copies=copies, settings=settings, language=language)


def near(path: Path) -> Path:
    """``path`` as a person here would write it: from the working folder, where it lies in it."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_absolute() and path.is_relative_to(here) else path


@contextmanager
def staged(house: House, entries: Sequence[Entry]) -> Iterator[Path]:
    """A file with the house lexicon as it will be with ``entries`` in it; it is gone afterwards.

    Raises ContentError, ConfigError as ``editing.write_edited``, StorageError.
    """
    with ExitStack() as stack:
        try:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="audioleaflet-")))
            path = folder / house.path.name
            nothing = folder / "nothing.yaml"
            nothing.write_text(_HEADER, encoding="utf-8")
            write_edited(house.source or nothing, entries, path)
            if house.is_new:
                path.write_bytes(_moved(path.read_bytes(), house.path))
        except OSError as error:
            raise _storage(error, house.path) from error
        yield path


def commit(house: House, path: Path) -> None:
    """Put a staged lexicon in its place, and the copies that come with it.

    Raises StorageError, also where somebody else has changed the lexicon since it was looked at: that would be lost.
    """
    try:
        if _bytes(house.path) != house.before:
            raise StorageError(
                f"{house.path} was changed by somebody else meanwhile; nothing was written", next_step="do it again"
            )
        house.path.parent.mkdir(parents=True, exist_ok=True)
        for source, place in house.copies:
            if not place.exists():
                _exchange(_moved(source.read_bytes(), place), place)
        _exchange(path.read_bytes(), house.path)
    except OSError as error:
        raise _storage(error, house.path) from error


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _moved(data: bytes, place: Path) -> bytes:
    """A packaged lexicon for another folder: without the line for editors that names a schema beside it."""
    lines = data.splitlines(keepends=True)
    has_schema = (place.parent.parent / "schema").is_dir()
    return b"".join(line for line in lines if has_schema or not line.startswith(_SCHEMA_LINE))


def _exchange(data: bytes, path: Path) -> None:
    place = path.resolve()  # a link stays a link
    part = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        with part.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if place.exists():
            shutil.copymode(place, part)
        part.replace(place)
    finally:
        part.unlink(missing_ok=True)


def save(data: bytes, path: Path) -> None:
    """Write a PLS document whole or not at all. Raises StorageError, also where a file of another kind is there."""
    try:
        if path.exists() and not path.is_file():  # a pipe or a device, which no file may replace
            path.write_bytes(data)
            return
        old = path.read_bytes() if path.exists() else b""
        if old and PLS.encode() not in old:
            raise StorageError(
                f"{path} is in the way: it is no pronunciation lexicon",
                next_step="move it away, or name another file with --to",
            )
        _exchange(data, path)
    except OSError as error:
        raise _storage(error, path) from error


def _storage(error: OSError, path: Path) -> StorageError:
    return StorageError(f"cannot write {path}: {error.strerror}", next_step="make room, or ask for the right to write")


def reading_of(entries: Sequence[Entry], term: str) -> Reading | None:
    """How the entries say ``term`` today, or None where they do not have it."""
    found = Lexicon(entries).get(term)
    if found is None:
        return None
    owner = found.entry
    if find_term([owner], term):
        source = "lexicon"
    else:
        source = f"form of '{owner.term}'" if find_form([owner], term) else f"made from '{owner.term}'"
    return Reading(ipa=found.ipa, source=source)


def new_entry(house: House, term: str, *, say: str = "", ipa: str = "", meaning: str = "") -> Entry:
    """An entry as an editor gave it, by a respelling or by IPA.

    A respelling is kept where the one made from the IPA differs. Raises ValueError, which says what to write.
    """
    term, say, meaning = (one_line(mend(text)) for text in (term, say, meaning))
    if not term:
        raise ValueError("the term has nothing in it")
    if not any(character.isalnum() for character in term):
        raise ValueError(f"'{term}' is a sign, and a lexicon holds words; write it in words in the leaflet")
    for text in (term, meaning):
        for _, what in bad_characters(text):
            raise ValueError(f"'{text}' holds {what}; type it anew")
    if say:
        if narrowing(house.language)[-1] != "en":
            raise ValueError(f"a respelling is read as English, and the language is {house.language}; give --ipa")
        ipa = parse_respelling(say, house.path.stem)
    else:
        ipa = syllabified(ipa)
    check_reading(term, ipa)
    say = "" if say == respell(ipa) else say
    origin = Origin(path=house.path, line=0)
    return Entry(term=term, ipa=ipa, say=say, meaning=meaning, forms=(), alias=(), origin=origin)


def export(language: str, *, derived: bool) -> bytes:
    """The house lexicon for ``language`` as a PLS document (see ``leaflet.pls``).

    ``derived``: with the spellings that follow from an entry, and each with a capital too: other systems take a
    spelling as it stands. Raises ConfigError, ContentError.
    """
    here = Path.cwd()
    settings = load_settings(here, cwd=here)
    files = lexicon_files(settings, language)
    if not files:
        raise ConfigError(f"there is no lexicon for {language}", next_step="write one with 'audioleaflet lexicon add'")
    first: dict[str, Entry] = {}
    for entry in (entry for file in files for entry in read_lexicon(file)):
        first.setdefault(entry.term.casefold(), entry)
    entries = tuple(first.values())
    return write_pls(entries, canonical_language(language), _derived(entries) if derived else {})


def _derived(entries: Sequence[Entry]) -> dict[str, tuple[tuple[str, str], ...]]:
    """Term to the spellings that no one wrote: regular endings, and a capital where a sentence begins."""
    written = {spelling for entry in entries for spelling in (entry.term, *dict(entry.forms))}
    folded = {spelling.casefold() for spelling in written}
    further: dict[str, list[tuple[str, str]]] = {entry.term: [] for entry in entries}
    for reading in Lexicon(entries):
        if reading.spelling.casefold() not in folded:
            further[reading.entry.term].append((reading.spelling, reading.ipa))
    for entry in entries:
        said = ((entry.term, entry.ipa), *entry.forms, *further[entry.term])
        capitals = [(spelling[0].upper() + spelling[1:], ipa) for spelling, ipa in said]
        further[entry.term] += [pair for pair in capitals if pair not in said and pair[0] not in written]
    return {term: tuple(pairs) for term, pairs in further.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrivals:
    """Another system's entries against ours: new ones, and those that we have in another way, each with ours."""

    new: tuple[Entry, ...]
    differing: tuple[tuple[Entry, Entry], ...]


def arrivals(entries: Iterable[Entry], ours: Sequence[Entry]) -> Arrivals:
    """Sort another system's entries. What ours say in the same way is in neither.

    A spelling that is a form in one of the two lexicons and a term of its own in the other is compared by itself.
    """
    known = {spelling.casefold(): entry for entry in reversed(ours) for spelling in (*dict(entry.forms), entry.term)}
    new, differing = [], []
    for theirs in entries:
        mine = find_term([known[theirs.term.casefold()]], theirs.term) if theirs.term.casefold() in known else None
        apart = [(form, ipa) for form, ipa in theirs.forms if known.get(form.casefold(), mine) is not mine]
        whole = replace(theirs, forms=tuple(pair for pair in theirs.forms if pair not in apart))
        bare = replace(theirs, say="", meaning="", forms=(), alias=())
        parts = [whole, *(replace(bare, term=form, ipa=ipa) for form, ipa in apart)]
        if mine is None and theirs.term.casefold() in known:  # our form
            parts = [bare, *(replace(bare, term=form, ipa=ipa) for form, ipa in theirs.forms)]
        for part in parts:
            owner = known.get(part.term.casefold())
            if owner is None:
                new.append(part)
            elif not _holds(owner, part):
                differing.append((part, owner))
    return Arrivals(new=tuple(new), differing=tuple(differing))


def _holds(ours: Entry, theirs: Entry) -> bool:
    """Whether our entry says all that theirs does."""
    said = {spelling.casefold(): ipa for spelling, ipa in (*ours.forms, (ours.term, ours.ipa))}
    same = all(said.get(spelling.casefold()) == ipa for spelling, ipa in ((theirs.term, theirs.ipa), *theirs.forms))
    return same and theirs.meaning in ("", ours.meaning) and set(theirs.alias) <= set(ours.alias)


def effects(house: House, staged_file: Path) -> Effects:
    """What changes in all leaflets of the library: their scripts today against those with ``staged_file``."""
    files = house.with_file(staged_file)
    sentences: list[Effect] = []
    faulty: list[Path] = []
    for path in find_all(near(content_folder(house.settings))):
        try:
            before, after = prepare(path).script, prepare(path, lexicons=files).script
        except ContentError:
            faulty.append(path)
        else:
            sentences += _differences(before, after)
    return Effects(sentences=tuple(dict.fromkeys(sentences)), faulty=tuple(faulty))


def _differences(before: Script, after: Script) -> Iterator[Effect]:
    """Lines of the same words and place that are said in another way. A line may stand several times."""
    spoken: dict[tuple[Origin, str, str], list[Spoken]] = {}
    for utterance in before.utterances():
        spoken.setdefault((utterance.origin, utterance.role, utterance.shown), []).append(utterance.spoken)
    for utterance in after.utterances():
        was = spoken.get((utterance.origin, utterance.role, utterance.shown))
        if was and was.pop(0) != utterance.spoken:
            yield Effect(origin=utterance.origin, shown=utterance.shown)
