"""Fixed wording, a file a language: what a recording says and a page shows besides the leaflet's own words."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import as_file, files
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from audioleaflet.document import read_document, validate
from audioleaflet.errors import ConfigError
from audioleaflet.settings import canonical_language, narrowing

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")  # fromisoformat takes weeks and days without hyphens too


class _Wording(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


W = TypeVar("W", bound=_Wording)


class Plural(_Wording):
    """A phrase in its plural forms (CLDR categories; ``one`` is for exactly 1)."""

    one: str
    other: str


class Phrases(_Wording):
    """The wording of one language. Fields that hold ``{braces}`` are filled by the methods and by callers.

    ``date``: the form of a day by BCP 47 tag; ``<language>-001``, the language of the whole world, is for the regions
    that have none of their own (as CLDR has it). ``tag``: what the wording was loaded for; no file has it.
    """

    tag: str = ""
    name: str
    dir: Literal["ltr", "rtl"]
    count_words: tuple[str, ...]
    months: Annotated[tuple[str, ...], Field(min_length=12, max_length=12)]
    date: Mapping[str, str]
    introduction: str
    opening: str
    length: str
    minutes: Plural
    chapters: Plural
    sample: str
    checked: str
    wording_checked: str
    check_again: str
    past_due: tuple[str, ...]
    wording_changed: tuple[str, ...]
    sound_unchecked: str
    sound_changed: str
    skip: str
    teach: Plural
    chapter: str
    list: Plural
    numbered_item: str
    in_short: str
    repeat_number: str
    about: str
    sources: str
    source: str
    version: str
    version_of: str
    report: str
    end: str
    withdrawn_heading: str
    withdrawn: str
    its_publisher: str
    withdrawn_reason: str
    withdrawn_advice: str
    withdrawn_contact: str
    digits: Annotated[tuple[str, ...], Field(min_length=10, max_length=10)]
    symbols: Mapping[str, str]
    page: Mapping[str, str]

    def count(self, number: int) -> str:
        """A number as a word where the language has one listed, else in digits."""
        return self.count_words[number] if 0 <= number < len(self.count_words) else str(number)

    def plural(self, phrase: Plural, number: int) -> str:
        """``phrase`` for ``number`` things."""
        form = phrase.one if number == 1 else phrase.other
        return form.format(count=self.count(number))

    def day(self, iso: str) -> str:
        """An ISO 8601 day as a reader writes it; a year or a free text stays as it is."""
        try:
            day = datetime.date.fromisoformat(iso if _DAY.fullmatch(iso) else "")
        except ValueError:
            return iso
        return self._date().format(year=f"{day:%Y}", month=self.months[day.month - 1], day=day.day)

    def _date(self) -> str:
        *regions, language = narrowing(self.tag)
        tags = (*regions, f"{language}-001", language) if regions else (language,)
        return next(self.date[tag] for tag in tags if tag in self.date)


class SiteWording(_Wording):
    """The wording of the web pages in one language. ``units`` hold ``{count}``, always in digits."""

    units: Mapping[str, Plural]
    page: Mapping[str, str]
    player: Mapping[str, str]
    library: Mapping[str, str]
    feed: Mapping[str, str]
    server: Mapping[str, str]
    reading: Mapping[str, str]

    def amount(self, unit: str, number: int) -> str:
        """``number`` of a unit: "1 minute", "12 seconds"."""
        form = self.units[unit]
        return (form.one if number == 1 else form.other).format(count=number)

    def length(self, milliseconds: int) -> str:
        """A duration in words, to the nearest second: "1 minute 12 seconds"."""
        seconds = round(milliseconds / 1000)
        parts = (("hours", seconds // 3600), ("minutes", seconds // 60 % 60), ("seconds", seconds % 60))
        told = [self.amount(unit, number) for unit, number in parts if number]
        return " ".join(told) or self.amount("seconds", 0)


class HotlineWording(_Wording):
    """What the telephone says in one language: templates by name, of the library and of each edition.

    ``hash``: what callers call the key #, by BCP 47 tag; look it up from narrow to wide. ``emergency_number``: said
    where the library names none for the language.
    """

    hash: Mapping[str, str]
    emergency_number: str
    library: Mapping[str, str]
    edition: Mapping[str, str]

    def hash_for(self, language: str) -> str:
        """The name of the key # for a BCP 47 tag."""
        return next(self.hash[tag] for tag in narrowing(language) if tag in self.hash)


def languages() -> tuple[str, ...]:
    """The languages that have wording, as BCP 47 tags, sorted."""
    names = [entry.name for entry in files(__package__).iterdir()]
    return tuple(sorted(name.removesuffix(".yaml") for name in names if name.endswith(".yaml")))


@lru_cache(maxsize=8)
def load(language: str) -> Phrases:
    """The wording for a BCP 47 tag, looked up from narrow to wide. Raises ConfigError."""
    return _read(language, "{tag}.yaml", Phrases).model_copy(update={"tag": canonical_language(language)})


@lru_cache(maxsize=8)
def load_site(language: str) -> SiteWording:
    """The wording of the web pages for a BCP 47 tag, looked up from narrow to wide. Raises ConfigError."""
    return _read(language, "{tag}/site.yaml", SiteWording)


@lru_cache(maxsize=8)
def load_hotline(language: str) -> HotlineWording:
    """What the telephone says for a BCP 47 tag, looked up from narrow to wide. Raises ConfigError."""
    return _read(language, "{tag}/hotline.yaml", HotlineWording)


def _read(language: str, name: str, model: type[W]) -> W:
    for tag in narrowing(language):
        resource = files(__package__) / name.format(tag=tag)
        if resource.is_file():
            with as_file(resource) as path:
                return validate(read_document(path), model)
    raise ConfigError(
        f"there is no wording for the language {language!r}",
        next_step=f"known are {', '.join(languages())}; a new one is a file in audioleaflet/phrases",
    )
