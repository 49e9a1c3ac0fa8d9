"""Where leaflet files are: by slug, by path, or all of a content folder."""

from __future__ import annotations

import difflib
from pathlib import Path

from audioleaflet.errors import ConfigError
from audioleaflet.leaflet.fields import check_name

_NO_LEAFLETS = frozenset({"lexicon", "schema"})
_ENDINGS = (".yaml", ".yml")


def find(name: str, content: Path, *, cwd: Path | None = None) -> tuple[Path, ...]:
    """The leaflet files that ``name`` means: a slug under ``content``, or the path of a file or folder.

    A slug or folder may hold several languages; a folder of slugs gives all of them. Paths are taken from
    ``cwd``. Raises ConfigError when there is none.
    """
    if _is_slug(name):
        found = leaflets_in(content / name) or _loose(content, name)
        if found:
            return found
    path = cwd / name if cwd else Path(name)
    if path.is_file():
        return (path,)
    if path.is_dir():
        found = find_all(path)
        if found:
            return found
        raise ConfigError(f"no leaflet in the folder '{name}'", next_step="write one, such as en.yaml")
    raise ConfigError(f"no leaflet '{name}'", next_step=_known(name, content))


def find_all(content: Path) -> tuple[Path, ...]:
    """Every leaflet file of a content folder: those in it, then those in its folders, by name."""
    if not content.is_dir():
        return ()
    folders = sorted(entry for entry in content.iterdir() if entry.is_dir())
    return (*leaflets_in(content), *(path for folder in folders for path in leaflets_in(folder)))


def leaflets_in(folder: Path) -> tuple[Path, ...]:
    """The leaflet files directly in a folder, by name: YAML that is neither settings nor an approval or withdrawal."""
    if not folder.is_dir() or folder.name in _NO_LEAFLETS or folder.name.startswith("."):
        return ()
    return tuple(sorted(path for path in folder.iterdir() if _is_leaflet(path)))


def _is_leaflet(path: Path) -> bool:
    if path.suffix not in _ENDINGS or path.name.startswith(".") or path.stem == "library":
        return False
    return not path.stem.endswith((".approval", ".withdrawn")) and path.is_file()


def _loose(content: Path, slug: str) -> tuple[Path, ...]:
    return tuple(path for ending in _ENDINGS if _is_leaflet(path := content / f"{slug}{ending}"))


def _is_slug(name: str) -> bool:
    try:
        check_name(name)
    except ValueError:
        return False
    return True


def _known(name: str, content: Path) -> str:
    slugs = sorted({path.parent.name if path.parent != content else path.stem for path in find_all(content)})
    near = difflib.get_close_matches(name, slugs, n=1)
    if near:
        return f"did you mean '{near[0]}'?"
    return f"known are: {', '.join(slugs)}" if slugs else f"'{content}' holds no leaflet"
