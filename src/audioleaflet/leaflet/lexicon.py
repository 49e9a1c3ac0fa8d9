"""A lexicon file: how terms are said and what they mean. A leaflet's own ``lexicon`` has the same entries."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, RootModel, model_validator

from audioleaflet.document import Document, Line, fault, one_line, parse_document, read_file, validate
from audioleaflet.errors import Origin, Problem
from audioleaflet.leaflet.ipa import parse_ipa
from audioleaflet.leaflet.model import Entry


def _ipa(text: str) -> str:
    try:
        return parse_ipa(text)
    except ValueError as error:
        step = "write broad IPA with dots between syllables, as in məˈtæs.tə.sɪs"
        raise fault("IPA", str(error), step) from error


Ipa = Annotated[str, AfterValidator(_ipa), Field(min_length=1)]


class EntryFile(BaseModel):
    """One term: how it is said and what it means."""

    model_config = ConfigDict(frozen=True, extra="forbid", title="Term")

    term: Line = Field(description="The word or words, spelled as in a leaflet.")
    ipa: Ipa = Field(
        description="How it is said: broad IPA, dots between syllables, ˈ before the stressed one. "
        "Example: məˈtæs.tə.sɪs"
    )
    say: Line = Field("", description="A respelling for the eye, such as muh-TAS-tuh-sis. Left out: made from the IPA.")
    meaning: Line = Field("", description="What it means: a short phrase, lower case, no full stop.")
    forms: dict[Line, Ipa] = Field(
        default_factory=dict, description="Further spellings, each with its IPA: metastases, metastatic."
    )
    alias: dict[Line, Line] = Field(
        default_factory=dict,
        description="Engine to spelling, only for an engine that takes no phonemes and says the term wrong.",
    )

    @model_validator(mode="after")
    def _words_match(self) -> EntryFile:
        for spelling, ipa in ((self.term, self.ipa), *self.forms.items()):
            try:
                check_reading(spelling, ipa)
            except ValueError as error:
                step = "put a space in the IPA only between words of the term, a dot between syllables"
                raise fault("IPA", str(error), step) from error
        return self


def check_reading(spelling: str, ipa: str) -> None:
    """Raise ValueError where canonical ``ipa`` has more words than ``spelling``, a hyphen or slash dividing words."""
    said, written = len(ipa.split()), len(spelling.replace("-", " ").replace("/", " ").split())
    if said > written:
        raise ValueError(f"'{ipa}' has {said} words, '{spelling}' has {written}")


class LexiconFile(RootModel[tuple[EntryFile, ...]]):
    """A list of terms, each with its pronunciation and meaning."""

    model_config = ConfigDict(frozen=True, title="Audioleaflet lexicon")


def read_lexicon(path: Path) -> tuple[Entry, ...]:
    """The entries of a lexicon file, in its order. Raises ContentError with every fault of the file."""
    return _entries(path, read_file(path))


@lru_cache(maxsize=8)
def _entries(path: Path, data: bytes) -> tuple[Entry, ...]:
    """Kept: every leaflet of a library, and its telephone, asks for the same few files, of hundreds of terms each."""
    document = parse_document(path, data)
    file = validate(document, LexiconFile, further=repeated_terms(document))
    return make_entries(document, file.root)


def repeated_terms(document: Document, *location: str | int) -> list[Problem]:
    """A problem for every entry of the list at ``location`` whose term stands there before, in any case."""
    first: dict[str, int] = {}
    problems = []
    for index in range(len(document.items(*location))):
        node = document.text(*location, index, "term")
        if node is None:
            continue
        line = first.setdefault(one_line(node.text).casefold(), node.line)
        if line != node.line:
            message = f"'{one_line(node.text)}' stands here and on line {line}"
            origin = Origin(path=document.path, line=node.line)
            problems.append(Problem(origin=origin, code="DUPLICATE-TERM", message=message, next_step="keep one"))
    return problems


def make_entries(document: Document, files: Iterable[EntryFile], *location: str | int) -> tuple[Entry, ...]:
    """Entries of the list at ``location`` with their places."""
    return tuple(
        Entry(
            term=file.term,
            ipa=file.ipa,
            say=file.say,
            meaning=file.meaning,
            forms=tuple(file.forms.items()),
            alias=tuple(file.alias.items()),
            origin=document.origin(*location, index),
        )
        for index, file in enumerate(files)
    )
