"""``library.yaml``: what holds for all leaflets of a library, and where the library's content is.

The nearest ``library.yaml`` upwards from a leaflet counts, else that in ``./content``, else the packaged one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator

from audioleaflet.document import Line, fault, read_document, validate
from audioleaflet.errors import ConfigError
from audioleaflet.settings.hotline import HotlineSettings
from audioleaflet.settings.languages import LanguageTag, canonical_language, is_tag, narrowing
from audioleaflet.settings.web import BaseUrl

__all__ = [
    "LIBRARY",
    "BaseUrl",
    "Flag",
    "HotlineSettings",
    "LanguageTag",
    "LexiconFiles",
    "LibraryFile",
    "Pause",
    "Pauses",
    "Settings",
    "VoiceName",
    "canonical_language",
    "content_folder",
    "is_tag",
    "lexicon_files",
    "load_settings",
    "narrowing",
    "packaged_content",
    "read_settings",
    "reading_approvals",
]

LIBRARY = "library.yaml"
_VOICE = re.compile(r"[a-z][a-z0-9]*:[^\s:]+")


def _voice(name: str) -> str:
    if not _VOICE.fullmatch(name.strip()):
        raise fault("VOICE", f"'{name}' is not an engine, a colon and a voice", "write it as espeak:en-us")
    return name.strip()


def _flag(value: object) -> object:
    known = {"true": True, "yes": True, "false": False, "no": False}
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().lower() in known:
        return known[value.strip().lower()]
    raise fault("KIND", "it is neither true nor false", "write true or false")


VoiceName = Annotated[str, AfterValidator(_voice), Field(min_length=1)]
Pause = Annotated[int, Field(ge=0, le=5000)]
Flag = Annotated[bool, BeforeValidator(_flag)]


class Pauses(BaseModel):
    """Silences in milliseconds, by where they stand."""

    model_config = ConfigDict(frozen=True, extra="forbid", title="Pauses")

    sentence: Pause = Field(350, description="After a sentence, in ms.")
    item: Pause = Field(500, description="After an item of a list, in ms.")
    paragraph: Pause = Field(700, description="After a paragraph, in ms.")
    heading: Pause = Field(1200, description="After a heading, in ms.")
    chapter_head: int = Field(700, ge=500, le=1000, description="Before a chapter's first word, in ms.")
    chapter_tail: int = Field(1200, ge=1000, le=5000, description="After a chapter's last word, in ms.")
    phrase: Pause = Field(250, description="Inside an utterance, between a term and what follows, in ms.")
    group: Pause = Field(450, description="Between groups of digits, in ms.")


class LibraryFile(BaseModel):
    """Title, publisher, voices and pauses of a library of leaflets."""

    model_config = ConfigDict(frozen=True, extra="forbid", title="Audioleaflet library")

    title: Line = Field(description="The library's name.")
    publisher: Line = Field(description="Who publishes the leaflets that name no publisher themselves.")
    voices: dict[LanguageTag, Annotated[tuple[VoiceName, ...], Field(min_length=1)]] = Field(
        min_length=1,
        description="Language to voices, the best first, each as engine:voice. If one cannot narrate a whole "
        "book, the next does.",
    )
    base_url: BaseUrl | None = Field(
        None, description="The address at which the web holds the library folder; feeds need it."
    )
    telephone: Line | None = Field(None, description="The number at which the library can be heard by telephone.")
    rate_wpm: int = Field(145, ge=80, le=300, description="Words a minute.")
    pauses: Pauses = Field(default_factory=Pauses, description="Silences in milliseconds; each may be left out.")
    require_approval: Flag = Field(
        False, description="Whether build refuses a leaflet that is not approved, or is past its review date."
    )
    hotline: HotlineSettings = Field(default_factory=HotlineSettings, description="The telephone line.")

    @field_validator("hotline")
    @classmethod
    def _in_order(cls, hotline: HotlineSettings, info: ValidationInfo) -> HotlineSettings:
        normal = info.data.get("rate_wpm")  # absent where it has a fault of its own
        if normal is not None:
            rates = hotline.rates.around(normal)
            if not rates.slow_wpm <= normal <= rates.fast_wpm:
                raise fault(
                    "RANGE",
                    f"'rates' are {rates.slow_wpm} and {rates.fast_wpm}, and 'rate_wpm' {normal} is not between them",
                    "make slow_wpm the lower and fast_wpm the higher",
                )
        return hotline


class Settings(LibraryFile):
    """A library's settings. ``path`` is the ``library.yaml`` that they were read from."""

    path: Path

    def voices_for(self, language: str) -> tuple[str, ...]:
        """The voices for ``language``, looked up from narrow to wide; none if the library names none."""
        return next((self.voices[tag] for tag in narrowing(language) if tag in self.voices), ())


def load_settings(leaflet: Path, *, cwd: Path) -> Settings:
    """The settings that count for a leaflet file or folder.

    Raises ContentError for a faulty ``library.yaml``, ConfigError when there is none at all.
    """
    return read_settings(_nearest(leaflet, cwd))


def read_settings(path: Path) -> Settings:
    """The settings in one ``library.yaml``. Raises ContentError."""
    file = validate(read_document(path), LibraryFile)
    return Settings(
        title=file.title,
        publisher=file.publisher,
        voices=file.voices,
        base_url=file.base_url,
        telephone=file.telephone,
        rate_wpm=file.rate_wpm,
        pauses=file.pauses,
        require_approval=file.require_approval,
        hotline=file.hotline.model_copy(update={"rates": file.hotline.rates.around(file.rate_wpm)}),
        path=path,
    )


def _nearest(leaflet: Path, cwd: Path) -> Path:
    start = (cwd / leaflet).resolve()
    for folder in (start, *start.parents):
        if (folder / LIBRARY).is_file():
            return folder / LIBRARY
    local = cwd / "content" / LIBRARY
    return local if local.is_file() else packaged_content() / LIBRARY


def packaged_content() -> Path:
    """The content that came with this installation: the wheel's, else the clone's. Raises ConfigError."""
    here = Path(__file__).resolve().parents[1]
    for folder in (here / "content", here.parent.parent / "content"):
        if (folder / LIBRARY).is_file():
            return folder
    raise ConfigError("the packaged library.yaml is missing", next_step="install audioleaflet again")


def content_folder(settings: Settings) -> Path:
    """The folder of the library's content: that of its ``library.yaml``."""
    return settings.path.parent


def lexicon_files(settings: Settings, language: str) -> tuple[Path, ...]:
    """The house lexicons for ``language``, narrow before wide; the packaged ones if the library has none."""
    own = content_folder(settings) / "lexicon"
    held = [*own.iterdir()] if own.is_dir() else []
    # Approvals of readings may stand alone there: they are of the packaged lexicon, and do not replace it.
    only_approvals = bool(held) and all(path.name.endswith(".approval.yaml") for path in held)
    folder = own if own.is_dir() and not only_approvals else packaged_content() / "lexicon"
    return tuple(path for tag in narrowing(language) if (path := folder / f"{tag}.yaml").is_file())


LexiconFiles = Callable[[Settings, str], tuple[Path, ...]]


def reading_approvals(settings: Settings, language: str) -> tuple[Path, ...]:
    """Where the library's approvals of readings for ``language`` may stand, narrow before wide."""
    folder = content_folder(settings) / "lexicon"
    return tuple(folder / f"{tag}.approval.yaml" for tag in narrowing(language))
