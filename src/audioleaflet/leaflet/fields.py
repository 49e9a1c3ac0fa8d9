"""The fields of a leaflet file, as an editor fills them in."""

from __future__ import annotations

import re
import unicodedata
import uuid
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from audioleaflet.document import Line, fault
from audioleaflet.leaflet.lexicon import EntryFile
from audioleaflet.settings import LanguageTag

MAX_NAME = 64
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_URN = re.compile(r"urn:[a-z0-9][a-z0-9-]{0,30}[a-z0-9]:\S+", re.I)  # RFC 8141, 2
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_NUMBERS = re.compile(r"\d+ *[-/.] *\d+ *[-/.] *\d+")
# Windows keeps these names for devices, whatever their ending.
_RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))})

RESERVED_SLUGS = frozenset({"assets", "phone"})
"""Folders that a library of recordings has beside those of its leaflets."""


def check_name(name: str) -> str:
    """``name`` if it can be an id, a slug and a part of a file name everywhere. Raises ValueError."""
    if len(name) > MAX_NAME:
        raise ValueError(f"it has more than {MAX_NAME} characters")
    if not _NAME.fullmatch(name):
        raise ValueError(f"'{name}' is not made of a to z, 0 to 9 and single hyphens")
    if name in _RESERVED:
        raise ValueError(f"'{name}' is a name that Windows keeps for a device")
    return name


def suggest_name(text: str) -> str:
    """The nearest good id to ``text``: ``What is it?`` gives ``what-is-it``."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:MAX_NAME].strip("-")


def _id(name: str) -> str:
    try:
        return check_name(name)
    except ValueError as error:
        near = suggest_name(name)
        step = f"write '{near}'" if near and near not in _RESERVED else "write a short name such as symptoms"
        raise fault("ID", str(error), step) from error


def _urn(text: str) -> str:
    text = text.strip()
    if not _URN.fullmatch(text):
        raise fault("IDENTIFIER", f"'{text}' is not a URN", "leave it out: the first build makes one")
    if text.lower().startswith("urn:uuid:"):
        try:
            uuid.UUID(text[9:])
        except ValueError as error:
            raise fault("IDENTIFIER", f"'{text[9:]}' is not a UUID", "leave it out: the build makes one") from error
    return text


def _day(text: str) -> str:
    text = text.strip()
    problem = fault("DATE", f"'{text}' is not a day", "write year-month-day, as in 2026-01-31")
    if not _DAY.fullmatch(text):  # fromisoformat takes 20260131 and weeks too
        raise problem
    try:
        date.fromisoformat(text)
    except ValueError as error:
        raise problem from error
    return text


def _published(text: str) -> str:
    """A year, a month in words and the like stay as they are; three numbers must be a day that can be read one way."""
    return _day(text) if _NUMBERS.fullmatch(text.strip()) else text


def _hotline(text: str) -> str:
    text = text.strip()
    if not re.fullmatch("[1-9]{1,8}", text):
        raise fault("HOTLINE", f"'{text}' is not one to eight digits from 1 to 9", "write a number such as 121")
    return text


# An editor takes an unquoted 121 or 1.0 for a number and must not mark it as wrong; here it is read as text.
_TYPED: JsonDict = {"type": ["string", "number"]}
Id = Annotated[str, AfterValidator(_id), Field(min_length=1, json_schema_extra={"pattern": f"^{_NAME.pattern}$"})]
Title = Annotated[Line, Field(max_length=200)]
Words = Annotated[str, Field(min_length=1)]
IsoDay = Annotated[str, AfterValidator(_day)]


class SourceFile(BaseModel):
    """Where the facts come from."""

    model_config = ConfigDict(frozen=True, extra="forbid", title="Source")

    title: Line = Field(description="The title of the page, leaflet or book.")
    publisher: Line = Field("", description="Who published it.")
    date: Annotated[Line, AfterValidator(_published)] = Field(
        "", description="When it was published or last reviewed, as it says.", json_schema_extra=_TYPED
    )
    url: Line = Field("", description="Its web address.")


class UrgentFile(BaseModel):
    """What to do about urgent signs, in the publisher's words."""

    model_config = ConfigDict(frozen=True, extra="forbid", title="Urgent signs")

    after: Id = Field(description="The id of the section that it follows.")
    text: Words = Field(description="One paragraph.")


class SectionFile(BaseModel):
    """One titled part of a leaflet: a chapter of the recording."""

    model_config = ConfigDict(frozen=True, extra="forbid", title="Section")

    id: Id = Field(description="A short name, a to z, 0 to 9 and hyphens. It becomes part of a file name.")
    title: Title = Field(description="The heading.")
    text: Words = Field(description="Markdown: paragraphs, lists, emphasis, links. Start it with '|'.")


class LeafletFile(BaseModel):
    """A patient leaflet, to be read aloud."""

    model_config = ConfigDict(frozen=True, extra="forbid", title="Audioleaflet leaflet")

    identifier: Annotated[str, AfterValidator(_urn)] = Field(
        "",
        description="A URN that stays the same over all editions, urn:uuid:…. Left out: made from the slug.",
    )
    title: Title = Field(description="The leaflet's title.")
    language: LanguageTag = Field(description="BCP 47 tag, such as en-US.")
    version: Line = Field(description="The version of the text, such as 1.0.", json_schema_extra=_TYPED)
    date: IsoDay = Field("", description="When this version was written, as 2026-01-31.")
    publisher: Line = Field("", description="Who publishes it. Left out: the library's publisher.")
    licence: Line = Field("", description="The licence of the text, such as CC-BY-4.0.")
    sources: tuple[SourceFile, ...] = Field((), description="Where the facts come from.")
    contact: Line = Field("", description="Where to report a wrong word.")
    summary: Words = Field("", description="'In short', read first in chapter 1: at most 60 words.")
    urgent: UrgentFile | None = Field(None, description="What to do about urgent signs.")
    notice: Words = Field("", description="Read at the end.")
    say: tuple[Line, ...] = Field(
        (), max_length=8, description="Terms that the introduction teaches, in this order, at most 8."
    )
    hotline: Annotated[str, AfterValidator(_hotline)] = Field(
        "", description="The leaflet's number on the telephone, digits 1 to 9.", json_schema_extra=_TYPED
    )
    sections: tuple[SectionFile, ...] = Field(min_length=1, description="The text, section by section.")
    lexicon: tuple[EntryFile, ...] = Field((), description="This leaflet's own terms, before the house's.")
