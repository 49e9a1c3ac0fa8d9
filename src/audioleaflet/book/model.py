"""``book.json``: the waist of the house. Everything before it makes it, everything after it reads it.

Written as ``audioleaflet-book/1``. Times are milliseconds. A cue's times count from its chapter's start, a chapter's
``start_ms`` from the book's. Cues tile their chapter: the first begins at 0, each ends where the next begins, the last
at the chapter's end; the words lie between ``speech_begin_ms`` and ``speech_end_ms``.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from audioleaflet.settings.languages import canonical_language

FORMAT: Final = "audioleaflet-book/1"

# "length" and "status" depend on more than the text: on how long it takes to say, on who checked it, on the day.
Told = Literal["length", "status"]
Kind = Literal["title", "heading", "sentence", "item", "term", "meaning", "contact", "notice", "urgent", "end"] | Told
Role = Literal["text", "heading", "announcement", "repeat"]
PrintedRoles = ("text", "heading")
Milliseconds = Annotated[int, Field(ge=0)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
LanguageTag = Annotated[str, AfterValidator(canonical_language)]


class Record(BaseModel):
    """A frozen part of ``book.json``; an unknown field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Cue(Record):
    """One utterance in time. ``text`` is what a reader sees."""

    id: str
    kind: Kind
    role: Role
    begin_ms: Milliseconds
    speech_begin_ms: Milliseconds
    speech_end_ms: Milliseconds
    end_ms: Milliseconds
    text: str

    @property
    def printed(self) -> bool:
        """Whether a reader meets it; announcements and repeats are for the ear and for captions only."""
        return self.role in PrintedRoles


class Chapter(Record):
    """A chapter and its cues. ``audio`` is a path inside the edition; chapter 0 is the introduction."""

    number: int
    id: str
    title: str
    audio: str
    start_ms: Milliseconds
    duration_ms: Milliseconds
    cues: tuple[Cue, ...]


class Node(Record):
    """The structure of the text: headings, paragraphs and nested lists down to sentences, each naming its cue.

    ``heading`` has a ``level`` (0 the book's title, 1 a chapter, 2 and up inside one) and a cue; ``paragraph`` holds
    ``sentence`` and ``break``; ``list`` holds ``item``; ``item`` holds paragraphs and lists.
    """

    kind: Literal["heading", "paragraph", "list", "item", "break", "sentence"]
    cue: str = ""
    level: int = 0
    ordered: bool = False
    children: tuple[Node, ...] = ()


class Part(Record):
    """The structure of one chapter."""

    chapter: int
    nodes: tuple[Node, ...]


class Term(Record):
    """A word that the introduction teaches. ``ipa`` has syllable dots; ``cues`` are those that teach it."""

    term: str
    ipa: str
    respelling: str
    meaning: str
    cues: tuple[str, ...]


class Source(Record):
    """Where the facts come from."""

    title: str
    publisher: str
    date: str
    url: str


class Urgent(Record):
    """What to do about urgent signs, in the publisher's words, after the section ``after``."""

    after: str
    text: str


class Voice(Record):
    """Who narrated: one voice for a whole book."""

    engine: str
    name: str
    version: str
    rate_wpm: int


class Rendition(Record):
    """Another sound of the same script, such as the telephone's; its chapters have cues of their own."""

    name: str
    rate_wpm: int
    codec: str
    sample_rate: int
    chapters: tuple[Chapter, ...]


class Prompt(Record):
    """Something short that a caller hears besides the chapters. ``cues`` are its utterances, counted from its start.

    ``cue``: for a telephone number, the cue of the book that says whose number it is; else empty.
    """

    name: str
    text: str
    audio: str
    duration_ms: Milliseconds
    cues: tuple[Cue, ...]
    cue: str = ""


class File(Record):
    """A file of the edition. ``path`` is relative to the edition's folder, with forward slashes."""

    path: str
    media_type: str
    bytes: int
    sha256: Sha256


class Check(Record):
    """Who checked a leaflet, in which role, and when it is due again (ISO 8601 days)."""

    by: str
    role: str
    date: str
    review_due: str


class Approval(Check):
    """The last approval of the wording, and whether it still holds.

    ``state``: ``approved`` is the one that counts; ``wording-changed``: the text is not the one that was checked;
    ``past-due``: its review date has gone by; ``sound-unapproved``: how it is read aloud is not approved, or no longer.
    ``scopes``: what of it is as it was approved. ``sound``: the last approval of how it is read.
    ``changed_terms`` and ``changed_sentences`` name what is read otherwise than was approved.
    """

    state: Literal["approved", "wording-changed", "past-due", "sound-unapproved"]
    scopes: tuple[Literal["wording", "sound"], ...]
    sound: Check | None
    changed_terms: tuple[str, ...]
    changed_sentences: tuple[str, ...]


class Withdrawn(Record):
    """The leaflet was withdrawn: who did it, why, and on which day (ISO 8601). The book is the notice of it."""

    by: str
    reason: str
    date: str


class Book(Record):
    """An edition: facts of the leaflet, voice, chapters with cues, structure, and every file with its hash.

    ``recipe_sha256`` covers all that the files depend on: script, voice, sound settings, versions, formats.
    ``approval`` None: no health professional has checked it, and every output says so. ``status`` is that in words.
    ``pages_sha256`` covers what its web pages are made from besides the book; empty where it has none.
    ``reading_sha256``: for each of its formats for players and reading apps, the hash of all that it was made from, and
    as ``<format>.program`` that of the system's program that wrote it, where one did.
    ``hotline``: what a caller enters for it, digits 1 to 9, or empty; ``prompts``: what the telephone says of it alone.
    ``telephone_sha256`` covers what its telephone sound is made from besides the recipe; empty where it has none.
    ``withdrawn``: one chapter, number 0, tells that the leaflet is withdrawn; there is nothing else to listen to.
    """

    format: Literal["audioleaflet-book/1"] = FORMAT
    identifier: str
    slug: str
    language: LanguageTag
    dir: Literal["ltr", "rtl"]
    title: str
    version: str
    publisher: str
    licence: str
    sources: tuple[Source, ...]
    contact: str
    notice: str
    urgent: Urgent | None
    approval: Approval | None
    withdrawn: Withdrawn | None = None
    status: str
    modified: str
    cover: str
    voice: Voice
    script_sha256: Sha256
    wording_sha256: Sha256
    recipe_sha256: Sha256
    pages_sha256: Sha256 | Literal[""] = ""
    reading_sha256: Mapping[str, Sha256] = Field(default_factory=dict)
    telephone_sha256: Sha256 | Literal[""] = ""
    sample_rate: int
    duration_ms: Milliseconds
    loudness_lufs: float
    true_peak_dbtp: float
    structure: tuple[Part, ...]
    terms: tuple[Term, ...]
    chapters: tuple[Chapter, ...]
    renditions: tuple[Rendition, ...]
    hotline: str = ""
    prompts: tuple[Prompt, ...] = ()
    files: tuple[File, ...]

    @classmethod
    def load(cls, path: Path) -> Book:
        """The book of an edition, from its folder or its ``book.json``. Raises PublishError."""
        from audioleaflet.book.manifest import load

        return load(path)

    def cues(self) -> dict[str, Cue]:
        """Every cue by its id."""
        return {cue.id: cue for chapter in self.chapters for cue in chapter.cues}
