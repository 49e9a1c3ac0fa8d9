"""One edition, and the prompts of one language, as a caller can hear them: read, and every file of them proved.

What cannot be heard as it was made is not heard at all: a missing, cut or changed file raises Damaged.
"""

from __future__ import annotations

import errno
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from audioleaflet.book import model
from audioleaflet.book.prompts import load as load_prompts
from audioleaflet.errors import AudioleafletError, ConfigError
from audioleaflet.hotline.catalogue import RATES, Chapter, Contact, Cue, Edition, Sound
from audioleaflet.hotline.pcm import Pcm
from audioleaflet.phrases import load_hotline
from audioleaflet.units import Hz, Ms, samples_to_ms

CODEC: Final = "ulaw"
SAMPLE_RATE: Final = Hz(8000)
_NUMBER: Final = "number-"
_AGAIN: Final = "build it again with 'audioleaflet build --force --formats phone'"
_MORE_FILES: Final = "let this program hold more files open (ulimit -n, or LimitNOFILE= of its unit)"


class Damaged(Exception):
    """An edition, or the prompts of a language, that cannot be heard; its text says why."""

    def __init__(self, message: str, *, next_step: str = _AGAIN) -> None:
        super().__init__(message)
        self.next_step = next_step


class Mute(Exception):
    """An edition that was made without telephone sound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """An edition with its sounds held open, by path. ``asked``: the number that the leaflet asks for, or empty."""

    edition: Edition
    sounds: Mapping[Path, Pcm]
    asked: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """The prompts of a language by name, with their sounds held open, by path."""

    language: str
    prompts: Mapping[str, Sound]
    sounds: Mapping[Path, Pcm]


def open_edition(folder: Path, key: str) -> Opened:
    """The edition in ``folder``, without a number. Raises Mute, Damaged."""
    try:
        book = model.Book.load(folder)
    except AudioleafletError as error:
        raise Damaged(error.message) from error
    renditions = {one.name.removeprefix("phone-"): one for one in book.renditions if one.name.startswith("phone-")}
    if not renditions:
        raise Mute
    if sorted(renditions) != sorted(RATES):
        raise Damaged(f"it has telephone sound at the rates {', '.join(renditions)}, not {', '.join(RATES)}")
    files = _Files(folder, book.files)
    chapters = _chapters(files, [renditions[rate] for rate in RATES])
    prompts = {prompt.name: files.prompt(prompt) for prompt in book.prompts}
    edition = Edition(
        key=key,
        version=book.script_sha256,
        language=book.language,
        title=book.title,
        number="",
        state=_state(book),
        review_due=book.approval.review_due if book.approval and _state(book) == "approved" else "",
        chapters=chapters,
        prompts=prompts,
        contacts=tuple(_contacts(book, prompts)),
    )
    _check_prompts(prompts, ["title", "status", "choice", *(f"chapter-{one.number}" for one in chapters)])
    return Opened(edition=edition, sounds=files.sounds, asked=book.hotline)


def open_prompts(file: Path) -> Spoken:
    """The prompts that ``file``, a ``prompts.json``, lists. Raises Damaged."""
    try:
        library = load_prompts(file)
        needed = needed_prompts(library.language)
    except AudioleafletError as error:
        raise Damaged(error.message) from error
    _check_form(library.codec, library.sample_rate)
    files = _Files(file.parent, library.files)
    prompts = {prompt.name: files.prompt(prompt) for prompt in library.prompts}
    _check_prompts(prompts, needed)
    return Spoken(language=library.language, prompts=prompts, sounds=files.sounds)


def needed_prompts(language: str) -> list[str]:
    """What a call in ``language`` may say: every prompt of the wording, ten of those with a digit. Raises Damaged."""
    try:
        wording = load_hotline(language)
    except ConfigError as error:
        raise Damaged(error.message) from error
    names: list[str] = []
    for name, template in wording.library.items():
        names += [f"{name}-{digit}" for digit in range(10)] if "{digit}" in template else [name]
    return names


def _check_prompts(prompts: Mapping[str, Sound], needed: Iterable[str]) -> None:
    missing = [name for name in needed if name not in prompts]
    if missing:
        raise Damaged(f"it has no prompt {', '.join(missing[:5])}{', …' * (len(missing) > 5)}")


def _check_form(codec: str, rate: int) -> None:
    if codec != CODEC or rate != SAMPLE_RATE:
        raise Damaged(f"its telephone sound is {codec} at {rate} Hz, not {CODEC} at {SAMPLE_RATE} Hz")


def _state(book: model.Book) -> Literal["approved", "unapproved", "withdrawn"]:
    if book.withdrawn:
        return "withdrawn"
    return "approved" if book.approval and book.approval.state == "approved" else "unapproved"


def _chapters(files: _Files, renditions: list[model.Rendition]) -> tuple[Chapter, ...]:
    for one in renditions:
        _check_form(one.codec, one.sample_rate)
    if not all(one.chapters for one in renditions):
        raise Damaged("its telephone sound has no chapters")
    chapters = []
    for number, at_rates in enumerate(zip(*(one.chapters for one in renditions), strict=False)):
        text = " ".join(cue.text for cue in at_rates[0].cues)
        sounds = tuple(files.sound(chapter.audio, text, chapter.duration_ms, chapter.cues) for chapter in at_rates)
        names = {(chapter.number, tuple(cue.id for cue in chapter.cues)) for chapter in at_rates}
        if len(names) != 1 or not sounds[0].cues:
            raise Damaged(f"chapter {number} is not the same at every rate")
        chapters.append(Chapter(number=at_rates[0].number, title=at_rates[0].title, sounds=sounds))
    if len({len(one.chapters) for one in renditions}) != 1:
        raise Damaged("it has more chapters at one rate than at another")
    return tuple(chapters)


def _contacts(book: model.Book, prompts: Mapping[str, Sound]) -> Iterable[Contact]:
    homes = {cue.id: chapter.number for chapter in book.chapters for cue in chapter.cues}
    for prompt in book.prompts:
        if prompt.name.startswith(_NUMBER):
            if prompt.cue not in homes:
                raise Damaged(f"the prompt {prompt.name} gives a number of no sentence")
            whose = _whose(book, prompt.cue)
            yield Contact(chapter=homes[whose], cue=whose, digits=prompts[prompt.name])


def _whose(book: model.Book, cue: str) -> str:
    """The cue that says whose number ``cue`` gives: the first sentence of its item in a list, else ``cue`` itself."""
    nodes = [node for part in book.structure for node in part.nodes]
    found = cue
    while nodes:
        node = next((node for node in nodes if cue in _sentences(node)), None)
        if node is None:
            break
        if node.kind == "item":
            found = _sentences(node)[0]
        nodes = list(node.children)
    return found


def _sentences(node: model.Node) -> list[str]:
    own = [node.cue] if node.kind == "sentence" else []
    return own + [cue for child in node.children for cue in _sentences(child)]


class _Files:
    """The files of a folder, opened as they are named; each is proved against its size and hash."""

    def __init__(self, folder: Path, files: Iterable[model.File]) -> None:
        self._folder = folder.resolve()
        self._known = {file.path: file for file in files}
        self.sounds: dict[Path, Pcm] = {}

    def prompt(self, prompt: model.Prompt) -> Sound:
        """A prompt's sound. Raises Damaged."""
        return self.sound(prompt.audio, prompt.text, prompt.duration_ms, prompt.cues)

    def sound(self, name: str, text: str, duration_ms: int, cues: Iterable[model.Cue]) -> Sound:
        """The sound in the file of that name. Raises Damaged."""
        path = self._folder / name
        if path not in self.sounds:
            self.sounds[path] = self._proved(name, path)
        # A cue id stands at three rates: one string serves them all.
        placed = tuple(Cue(id=sys.intern(cue.id), begin_ms=Ms(cue.begin_ms), end_ms=Ms(cue.end_ms)) for cue in cues)
        if samples_to_ms(len(self.sounds[path]), SAMPLE_RATE) != duration_ms or not _tiles(placed, duration_ms):
            raise Damaged(f"{name} is not as long as the edition says")
        return Sound(path=path, text=text, duration_ms=Ms(duration_ms), cues=placed)

    def _proved(self, name: str, path: Path) -> Pcm:
        known = self._known.get(name)
        if known is None:
            raise Damaged(f"{name} is not listed among its files")
        try:
            pcm = Pcm(path)
            whole = len(pcm) == known.bytes and pcm.sha256() == known.sha256
        except OSError as error:
            step = _MORE_FILES if error.errno in (errno.EMFILE, errno.ENFILE) else _AGAIN
            raise Damaged(f"{name} cannot be read: {error.strerror}", next_step=step) from error
        if not whole:
            raise Damaged(f"{name} is not as it was made")
        return pcm


def _tiles(cues: tuple[Cue, ...], duration_ms: int) -> bool:
    """Whether the cues follow each other from the sound's start to its end. A prompt may have none."""
    if not cues:
        return duration_ms > 0
    ends = [0, *(cue.end_ms for cue in cues)]
    begins = [*(cue.begin_ms for cue in cues), duration_ms]
    return ends == begins and all(cue.begin_ms < cue.end_ms for cue in cues)
