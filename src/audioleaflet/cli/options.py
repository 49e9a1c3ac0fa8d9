"""What several commands are given: leaflets, a voice, a cache."""

from __future__ import annotations

import os
from datetime import date, datetime
from pathlib import Path

import click

from audioleaflet.errors import ConfigError

LEAFLETS = click.argument("leaflets", nargs=-1, metavar="[LEAFLET]...")
JSON = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
VOICE = click.option("--voice", default="", metavar="ENGINE:VOICE", help="This voice and no other.")
OUTPUT = click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default="audio",
    show_default=True,
    help="The library folder of editions.",
)
CACHE = click.option(
    "--cache",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="AUDIOLEAFLET_CACHE",
    help="Where clips are kept.  [default: the user's cache folder]",
)


def found_leaflets(leaflets: tuple[str, ...]) -> list[Path]:
    """The leaflet files that are meant, each once. Raises ConfigError, ContentError."""
    from audioleaflet.leaflet.finder import find, find_all

    content = Path("content")
    paths = [path for name in leaflets for path in find(name, content)] if leaflets else [*find_all(content)]
    if not paths:
        raise ConfigError(
            "there is no leaflet under content/",
            next_step="name a leaflet file, or go to the folder that holds content/",
        )
    return list(dict.fromkeys(paths))


def one_leaflet(name: str) -> Path:
    """The one leaflet file that is meant. Raises ConfigError where the name means several languages, or none."""
    paths = found_leaflets((name,))
    if len(paths) > 1:
        raise ConfigError(
            f"'{name}' is {len(paths)} leaflets: {', '.join(map(str, paths))}", next_step="name one of these files"
        )
    return paths[0]


def today_here() -> date:
    """The day on this computer's calendar."""
    return datetime.now().astimezone().date()


def cache_folder() -> Path:
    """Where clips are kept if nothing else is asked for."""
    from platformdirs import user_cache_path

    named = os.environ.get("AUDIOLEAFLET_CACHE")
    return Path(named) if named else user_cache_path("audioleaflet", appauthor=False)
