"""What is listened to: the chapters of an edition, its other sound, and the prompts of the telephone, all alike.

A prompt is a chapter of one or a few cues. What it should say is read from its text by the verbalizer that reads
leaflets, with the terms as the book's script says them; a telephone number is the one of the script, digit by digit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from audioleaflet import phrases
from audioleaflet.book import prompts as kept
from audioleaflet.book.model import Book, Chapter, Cue, Prompt, Voice
from audioleaflet.errors import ConfigError
from audioleaflet.leaflet.model import Entry
from audioleaflet.proof.verify.measurements import file_findings, script_findings
from audioleaflet.proof.verify.model import Finding
from audioleaflet.script.lexicon import Lexicon
from audioleaflet.script.model import Script, ScriptChapter, Spelled, Spoken, Term, Utterance
from audioleaflet.script.verbalizer import Verbalizer
from audioleaflet.settings import Pauses
from audioleaflet.units import Ms

PROMPTS = "prompts"
LIBRARY = "library-prompts"
CHAPTERS = "chapters"
"""What ``--rendition`` calls the chapters, whose recording has no name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A sound of an edition with what it should say. ``name``: as ``--rendition`` has it, empty for the chapters.

    ``folder``: where the chapters' paths begin. ``voice``: who speaks, and in what band; who speaks alike is learned
    together. ``findings``: what is wrong before anybody listens. ``prompts``: it is many short ones, said at more rates
    than one.
    """

    name: str
    folder: Path
    title: str
    language: str
    chapters: tuple[Chapter, ...]
    script: Script
    voice: tuple[str, ...]
    findings: tuple[Finding, ...] = ()
    prompts: bool = False


def recordings(book: Book, script: Script, folder: Path) -> Iterator[Recording]:
    """The chapters of an edition, its renditions, and its own prompts."""
    files = tuple(file_findings(book.files, folder))
    telephone = (*_named(book.voice), "telephone")
    yield _chapters("", book, book.chapters, script, folder, _named(book.voice), files)
    for rendition in book.renditions:
        yield _chapters(rendition.name, book, rendition.chapters, script, folder, telephone, ())
    if book.prompts:
        yield _prompts(PROMPTS, book.title, book.prompts, _Reader(script, book.language), folder, telephone, ())


def library(book: Book, script: Script, folder: Path) -> Recording:
    """The prompts beside the edition in ``folder``, which its library says in its language. Raises PublishError."""
    place = library_folder(book, folder)
    found = kept.load(place)
    reader = _Reader(script, book.language)
    faults = tuple(file_findings(found.files, place))
    return _prompts(LIBRARY, found.title, found.prompts, reader, place, (*_named(found.voice), "telephone"), faults)


def library_folder(book: Book, folder: Path) -> Path:
    """Where the library that the edition in ``folder`` stands in keeps its prompts."""
    return kept.folder_of(folder.parent.parent, book.language)


def named(every: Sequence[Recording], name: str, prompts: Path) -> Recording:
    """The recording of that name. ``prompts``: where the library's would be, to be told of. Raises ConfigError."""
    for one in every:
        if one.name == name:
            return one
    names = [one.name or CHAPTERS for one in every]
    if (prompts / kept.NAME).is_file():
        names.append(LIBRARY)
    raise ConfigError(f"the book {every[0].title!r} has no rendition {name!r}", next_step=f"it has {', '.join(names)}")


def _chapters(
    name: str,
    book: Book,
    chapters: tuple[Chapter, ...],
    script: Script,
    folder: Path,
    voice: tuple[str, ...],
    files: tuple[Finding, ...],
) -> Recording:
    return Recording(
        name=name,
        folder=folder,
        title=book.title,
        language=book.language,
        chapters=chapters,
        script=script,
        voice=voice,
        findings=(*script_findings(book, chapters, script), *files),
    )


def _prompts(
    name: str,
    title: str,
    prompts: Sequence[Prompt],
    reader: _Reader,
    folder: Path,
    voice: tuple[str, ...],
    files: Iterable[Finding],
) -> Recording:
    findings = [*files]
    said = []
    for number, prompt in enumerate(prompts):
        said.append(_script_chapter(number, prompt, reader))
        if prompt.cue and reader.number(prompt.cue, prompt.text) is None:
            message = f"the script gives no number {prompt.text} there"
            findings.append(Finding(code="script", chapter=number, cue=prompt.cues[0].id, begin_ms=0, message=message))
    return Recording(
        name=name,
        folder=folder,
        title=title,
        language=reader.language,
        chapters=tuple(_chapter(number, prompt) for number, prompt in enumerate(prompts)),
        script=Script(chapters=tuple(said), terms=()),
        voice=voice,
        findings=tuple(findings),
        prompts=True,
    )


def _chapter(number: int, prompt: Prompt) -> Chapter:
    return Chapter(
        number=number,
        id=prompt.name,
        title=prompt.text,
        audio=prompt.audio,
        start_ms=0,
        duration_ms=prompt.duration_ms,
        cues=prompt.cues,
    )


def _script_chapter(number: int, prompt: Prompt, reader: _Reader) -> ScriptChapter:
    said = tuple(reader.utterance(cue, prompt.cue) for cue in prompt.cues)
    return ScriptChapter(number=number, id=prompt.name, title=prompt.text, lead=Ms(0), utterances=said, structure=())


class _Reader:
    """Reads the texts of prompts as ``script`` reads its own."""

    def __init__(self, script: Script, language: str) -> None:
        self.language = language
        self._spoken = {utterance.id: utterance.spoken for utterance in script.utterances()}
        self._origin = next(script.utterances()).origin
        wording = phrases.load(language)
        self._verbalizer = Verbalizer.of(language, Lexicon(self._terms()), wording, Pauses())

    def number(self, cue: str, text: str) -> Spelled | None:
        """The telephone number that a cue of the script gives as ``text``, in its digits."""
        given = (span for span in self._spoken.get(cue, ()) if isinstance(span, Spelled))
        return next((span for span in given if span.text == text), None)

    def utterance(self, cue: Cue, number_of: str) -> Utterance:
        """What a prompt's cue should say; where it gives the number of a cue of the script, that."""
        number = self.number(number_of, cue.text)
        spoken: Spoken = (number,) if number is not None else self._verbalizer.spoken(cue.text)
        return Utterance(
            id=cue.id,
            kind=cue.kind,
            role=cue.role,
            shown=cue.text,
            spoken=spoken,
            pause_after=Ms(0),
            origin=self._origin,
        )

    def _terms(self) -> Iterator[Entry]:
        for spoken in self._spoken.values():
            for span in spoken:
                if isinstance(span, Term):
                    yield Entry(
                        term=span.text, ipa=span.ipa, say="", meaning="", forms=(), alias=(), origin=self._origin
                    )


def _named(voice: Voice) -> tuple[str, ...]:
    return voice.engine, voice.name
