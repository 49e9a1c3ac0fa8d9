"""What a notice of withdrawal is made from when the leaflet cannot be read: what is left of it, and its old edition."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from audioleaflet.book import manifest
from audioleaflet.book.model import Book
from audioleaflet.errors import ConfigError, ContentError, Origin, PublishError
from audioleaflet.leaflet.model import Leaflet
from audioleaflet.leaflet.reader import is_language, make_identifier
from audioleaflet.leaflet.withdrawal import remains
from audioleaflet.settings import LIBRARY, Settings, load_settings, narrowing, packaged_content, read_settings


def folder_name(path: Path, language: str) -> str:
    """The name of an edition's folder: its leaflet file's name where that is a language, else its language."""
    names = [tag.lower() for tag in narrowing(language)]
    return path.stem.lower() if path.stem.lower() in names else names[0]


def edition_at(folder: Path) -> Book | None:
    """The book of an edition; None where there is none yet, or one of another format, which a build replaces."""
    try:
        return manifest.load(folder)
    except PublishError:
        return None


def edition_folder(path: Path, output: Path) -> Path:
    """Where the edition of the leaflet file at ``path`` is, as far as a faulty file and the editions made can tell.

    Raises ConfigError where they cannot.
    """
    language = remains(path).language
    folder = path.absolute().parent.name
    if language:
        slug = folder if is_language(path.stem, language) else path.stem
        return output / slug / folder_name(path, language)
    candidates = [output / folder / path.stem.lower(), *sorted((output / path.stem).glob("*"))]
    found = [candidate for candidate in candidates if edition_at(candidate) is not None]
    if len(found) != 1:
        raise ConfigError(
            f"cannot tell which edition under {output} is that of {path}",
            next_step="write 'language: …' in the leaflet, or name the library with --output",
        )
    return found[0]


def rest_of(path: Path, output: Path, publisher: str) -> Leaflet:
    """A leaflet without text, made of what the faulty file at ``path`` still says, else of what its old edition says.

    ``publisher`` counts where neither names one. Raises ConfigError where the language cannot be told.
    """
    folder = edition_folder(path, output)
    left, old = remains(path), edition_at(folder)
    language, slug = left.language or (old.language if old else ""), folder.parent.name
    return Leaflet(
        identifier=(old.identifier if old else "") or make_identifier(slug, language),
        slug=slug,
        language=language,
        title=left.title or (old.title if old else "") or slug,
        version=left.version or (old.version if old else ""),
        publisher=left.publisher or (old.publisher if old else "") or publisher,
        licence=left.licence or (old.licence if old else ""),
        date="",
        contact=left.contact or (old.contact if old else ""),
        sources=(),
        summary=None,
        urgent=None,
        urgent_after="",
        notice=None,
        say=(),
        hotline=old.hotline if old else "",
        sections=(),
        lexicon=(),
        origin=Origin(path=path, line=0),
    )


def settings_of(path: Path, tell: Callable[[str], None]) -> tuple[Settings, str]:
    """The settings of a leaflet's library and its publisher; where they are faulty, the packaged ones and no name."""
    try:
        settings = load_settings(path, cwd=Path.cwd())
    except ContentError as error:
        tell(f"{error.problems[0]}; the notice is made with the settings that came with audioleaflet")
        return read_settings(packaged_content() / LIBRARY), ""
    return settings, settings.publisher
