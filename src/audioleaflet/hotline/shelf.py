"""The shelf of the line: what a library folder has to be heard, read again whenever an edition has changed."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import count, product
from pathlib import Path
from threading import Lock
from typing import Final, TypeVar

from audioleaflet.book import manifest, prompts
from audioleaflet.errors import HotlineError
from audioleaflet.hotline.catalogue import Catalogue, Edition, Sound
from audioleaflet.hotline.editions import Damaged, Mute, Opened, Spoken, open_edition, open_prompts
from audioleaflet.hotline.pcm import Pcm
from audioleaflet.settings import Settings

LOOK_EVERY_S: Final = 2.0
TRY_AGAIN_S: Final = 10.0  # what was damaged may have been on its way: a folder being copied
_BUILD: Final = "build it again with 'audioleaflet build --force --formats phone'"

T = TypeVar("T")
Message = Callable[[str], None]
Stamp = tuple[int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A catalogue with its sounds held open. A call holds on to the one that it began with."""

    catalogue: Catalogue
    sounds: Mapping[Path, Pcm]

    def pcm(self, sound: Sound) -> Pcm:
        """The µ-law bytes of a sound of this catalogue."""
        return self.sounds[sound.path]


def read(output: Path, settings: Settings, message: Message) -> Catalogue:
    """The catalogue of a library folder as it is now. ``message`` is told what is left out, and why.

    Raises HotlineError where nothing can be heard, or callers would be told another emergency number than the settings
    name.
    """
    loaded = _Stock(output, settings, message).load(moment=0.0)
    if loaded is None:
        raise _nothing_to_hear(output)
    _check_emergency(loaded.catalogue, settings)
    return loaded.catalogue


def _check_emergency(catalogue: Catalogue, settings: Settings) -> None:
    for language in sorted(catalogue.prompts):
        told = re.findall(r"\d+", catalogue.prompts[language]["emergency"].text)
        wanted = settings.hotline.emergency_for(language)
        if wanted and wanted not in told:
            said = f"callers are told to call {' '.join(told)}" if told else "callers are told no number to call"
            raise HotlineError(
                f"{said} in an emergency, and {settings.path} names {wanted} for {language}",
                next_step="run 'audioleaflet build --formats phone'",
            )


def _nothing_to_hear(output: Path) -> HotlineError:
    """What to tell where a library folder has nothing for a caller."""
    if not output.is_dir():
        return HotlineError(
            f"there is no folder {output}",
            next_step="build a leaflet first with 'audioleaflet build --formats phone', or name the library folder "
            "with --output",
        )
    return HotlineError(
        f"{output} has no edition that can be heard by telephone",
        next_step="run 'audioleaflet build --formats phone', or name the library folder with --output",
    )


class Shelf:
    """What can be heard now. ``refresh`` is for a thread; ``current`` is for everybody, and costs nothing."""

    def __init__(self, output: Path, settings: Settings, message: Message) -> None:
        self._output = output
        self._settings = settings
        self._message = message
        self._empty = False  # there was something to hear, and is no more
        self._stock = _Stock(output, settings, message)
        self._current: Loaded | None = None
        self._looked = float("-inf")
        self._lock = Lock()

    def open(self) -> Loaded:
        """Look for the first time, and answer what can be heard.

        Raises HotlineError where that is nothing, or callers would be told another emergency number than the settings
        name. A line that has begun goes on.
        """
        self.refresh()
        if self._current is None:
            raise _nothing_to_hear(self._output)
        _check_emergency(self._current.catalogue, self._settings)
        return self._current

    def current(self) -> Loaded | None:
        """What can be heard now; None: nothing."""
        return self._current

    def refresh(self, moment: float | None = None) -> bool:
        """Look whether an edition has changed, and read it if so; answer whether what can be heard is another now.

        Looks at most every ``LOOK_EVERY_S``. Never raises for what the folder is like. ``moment``: monotonic seconds.
        """
        moment = time.monotonic() if moment is None else moment
        with self._lock:
            if moment - self._looked < LOOK_EVERY_S:
                return False
            self._looked = moment
            before = self._current
            if self._stock.changed(moment):
                self._current = self._stock.load(moment)
            self._tell(before)
            return self._current is not before

    def _tell(self, before: Loaded | None) -> None:
        """A line that refuses every new call says so, and when it does no more."""
        if before is not None and self._current is None:
            self._empty = True
            fault = _nothing_to_hear(self._output)
            self._message(f"{fault.message}; new calls are refused as long as that is so; {fault.next_step}")
        elif self._empty and self._current is not None:
            self._empty = False
            self._message("there is something to hear again; new calls are taken")


@dataclass(slots=True)
class _Entry:
    """What was read of one folder, and of which state of it; ``fault`` says why it cannot be heard."""

    stamp: Stamp
    moment: float
    content: Opened | Spoken | None
    fault: str


class _Stock:
    """Everything read so far, by its file; what has not changed is not read again."""

    def __init__(self, output: Path, settings: Settings, message: Message) -> None:
        _allow_many_files()
        self._output = output.absolute()
        self._dialled = settings.hotline.dialled
        self._message = message
        self._entries: dict[Path, _Entry] = {}
        self._told: set[str] = set()

    def changed(self, moment: float) -> bool:
        """Whether the folder is another than it was read."""
        found = dict(_stamps(self._output))
        return found.keys() != self._entries.keys() or any(
            self._is_stale(self._entries[path], stamp, moment) for path, stamp in found.items()
        )

    def load(self, moment: float) -> Loaded | None:
        """Everything that can be heard; None: nothing."""
        found = dict(_stamps(self._output))
        for path in self._entries.keys() - found.keys():
            del self._entries[path]
        for path, stamp in found.items():
            if path not in self._entries or self._is_stale(self._entries[path], stamp, moment):
                self._entries[path] = self._entry(path, stamp, moment)
        told: list[str] = [f"{self._name(path)}: {one.fault}" for path, one in self._entries.items() if one.fault]
        spoken = {one.language: one for one in self._held(Spoken)}
        opened = []
        for one in self._held(Opened):
            if one.edition.language in spoken:
                opened.append(one)
            else:
                told.append(f"{one.edition.key}: the line has no prompts in {one.edition.language}; {_BUILD}")
        silent = [self._name(path) for path, one in self._entries.items() if not one.content and not one.fault]
        if silent and opened:
            told.append(
                f"made without telephone sound, so callers cannot hear them: {', '.join(silent)}; "
                "run 'audioleaflet build --formats phone' for those that should be heard"
            )
        editions = _numbered(opened, told)
        used = {edition.language for edition in editions}
        told += [
            f"'hotline.dialled' has numbers for {tag}, and no leaflet that callers can hear is in it; write the tag as "
            "the leaflets have it"
            for tag in sorted(set(self._dialled.values()) - used)
            if editions
        ]
        for fault in told:
            if fault not in self._told:
                self._message(fault)
        self._told = set(told)
        if not editions:
            return None
        return Loaded(
            catalogue=Catalogue(
                editions=tuple(editions),
                prompts={language: one.prompts for language, one in spoken.items() if language in used},
                dialled={form: tag for form, tag in _forms(self._dialled) if tag in used},
            ),
            sounds=_joined(
                [one.sounds for one in opened] + [one.sounds for language, one in spoken.items() if language in used]
            ),
        )

    def _held(self, kind: type[T]) -> Iterator[T]:
        return (one.content for one in self._entries.values() if isinstance(one.content, kind))

    def _name(self, path: Path) -> str:
        return path.parent.relative_to(self._output).as_posix()

    def _is_stale(self, entry: _Entry, stamp: Stamp, moment: float) -> bool:
        return entry.stamp != stamp or (bool(entry.fault) and moment - entry.moment >= TRY_AGAIN_S)

    def _entry(self, path: Path, stamp: Stamp, moment: float) -> _Entry:
        try:
            content = open_prompts(path) if _is_prompts(path) else open_edition(path.parent, self._name(path))
        except Mute:
            return _Entry(stamp, moment, None, "")
        except Damaged as error:
            return _Entry(stamp, moment, None, f"{error}; callers cannot hear it; {error.next_step}")
        except OSError as error:
            fault = f"it cannot be read: {error.strerror}; callers cannot hear it; let this user read it"
            return _Entry(stamp, moment, None, fault)
        return _Entry(stamp, moment, content, "")


def _is_prompts(path: Path) -> bool:
    return path.name == prompts.NAME


def _stamps(output: Path) -> Iterator[tuple[Path, Stamp]]:
    """Every ``book.json`` and ``prompts.json`` of the library, with what changes when it is written anew."""
    for first in _below(output):
        for second in _below(first):
            path = second / (prompts.NAME if first.name == prompts.FOLDER else manifest.NAME)
            with suppress(OSError):  # none there, or gone since
                status = path.stat()
                yield path, (status.st_ino, status.st_mtime_ns, status.st_size)


def _below(folder: Path) -> list[Path]:
    """What stands in a folder, but for what is being built; nothing if there is no such folder, or none any more."""
    with suppress(OSError):
        return sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    return []


def _forms(dialled: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Each number with a plus sign and without: exchanges write it as they like."""
    for number, tag in dialled.items():
        bare = number.removeprefix("+")
        yield from ((bare, tag), (f"+{bare}", tag))


def _joined(sounds: Iterable[Mapping[Path, Pcm]]) -> dict[Path, Pcm]:
    return {path: pcm for mapping in sounds for path, pcm in mapping.items()}


def _numbered(opened: Iterable[Opened], told: list[str]) -> list[Edition]:
    """The editions, each with a number of its own in its language, in the order of numbers, then titles.

    One that asks for no number, or for one that is taken, gets the lowest that is free.
    """
    taken: dict[tuple[str, str], str] = {}
    numbered, waiting = [], []
    for one in sorted(opened, key=lambda one: (one.edition.title, one.edition.key)):
        edition, place = one.edition, (one.edition.language, one.asked)
        if one.asked and place not in taken:
            taken[place] = edition.key
            numbered.append(replace(edition, number=one.asked))
        else:
            waiting.append(one)
    for one in waiting:
        language = one.edition.language
        number = next(number for number in _numbers() if (language, number) not in taken)
        if one.asked:
            told.append(
                f"{one.edition.key}: its number {one.asked} is that of {taken[language, one.asked]} too; callers "
                f"enter {number} for it; give one of the two another number"
            )
        taken[language, number] = one.edition.key
        numbered.append(replace(one.edition, number=number))
    return sorted(numbered, key=lambda edition: (len(edition.number), edition.number, edition.title, edition.key))


def _numbers() -> Iterator[str]:
    """Numbers made of the digits 1 to 9, the lowest first: 0 always helps a caller."""
    for length in count(1):
        for digits in product("123456789", repeat=length):
            yield "".join(digits)


def _allow_many_files() -> None:
    """Let this process hold as many files open as it may: each sound is one, and so is each call."""
    if sys.platform == "win32":
        return
    import resource

    with suppress(ValueError, OSError):
        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
