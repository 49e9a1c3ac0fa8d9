"""The folder that the operator of an exchange installs: ``extensions.conf`` to include, sounds, and how to do it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from importlib.resources import files
from pathlib import Path, PurePosixPath
from string import Template
from typing import Final

from audioleaflet.errors import HotlineError, StorageError
from audioleaflet.hotline.asterisk import line
from audioleaflet.hotline.asterisk.keys import OUT, START, Line
from audioleaflet.hotline.asterisk.plan import serialize
from audioleaflet.hotline.asterisk.sounds import (
    FOLDER,
    FORMATS,
    SILENCE,
    SILENCES_S,
    Piece,
    cut,
    pieces,
    silence,
    source,
)
from audioleaflet.hotline.catalogue import Catalogue
from audioleaflet.settings import HotlineSettings

DIALPLAN: Final = f"extensions-{FOLDER}.conf"
GUIDE: Final = "README.md"
SOUNDS: Final = "sounds"
_MARK: Final = f"; {FOLDER}: written by 'audioleaflet hotline asterisk'; it is written anew each time"


def export(catalogue: Catalogue, settings: HotlineSettings, to: Path, forms: tuple[str, ...]) -> int:
    """Write dialplan, sounds and guide into ``to``, and answer how many sounds there are, in each of ``forms``.

    ``forms``: as ``parsed_forms`` gives them.
    Sounds are hard links where the system can. What is there from before is replaced; a folder that holds anything
    else is refused. Raises HotlineError, StorageError.
    """
    found = pieces(catalogue)
    wanted = {PurePosixPath(SOUNDS, f"{name}.{form}"): (piece, form) for name, piece in found.items() for form in forms}
    for piece, form in wanted.values():
        source(piece.sound, form)
    try:
        text = serialize(line.contexts(Line(catalogue=catalogue, settings=settings)), _notes(catalogue))
    except ValueError as error:
        raise HotlineError(
            f"the dialplan cannot be written: {error}", next_step="give the folders of the leaflets plain names"
        ) from error
    try:
        _make_ready(to)
        for path, (piece, form) in wanted.items():
            _place(to / path, piece, form)
        for seconds in SILENCES_S:
            _replace(to / SOUNDS / f"{SILENCE}{seconds}.ulaw", silence(seconds))
        _drop_others(to, [*wanted, *(PurePosixPath(SOUNDS, f"{SILENCE}{seconds}.ulaw") for seconds in SILENCES_S)])
        _replace(to / GUIDE, _guide(settings).encode())
        _replace(to / DIALPLAN, f"{_MARK}\n{text}".encode())
    except OSError as error:
        raise StorageError(
            f"{error.filename or to} cannot be written: {error.strerror}", next_step="choose another folder with --to"
        ) from error
    return len(found)


def parsed_forms(text: str) -> tuple[str, ...]:
    """The forms of sound that a list with commas names, each once. Raises ValueError for one that is not known."""
    forms = tuple(dict.fromkeys(form.strip() for form in text.split(",") if form.strip()))
    unknown = [form for form in forms if form not in FORMATS]
    if unknown or not forms:
        reason = ": Asterisk goes to a wrong place in it" if {"g722", "sln16"} & {*unknown} else ""
        raise ValueError(
            f"'{', '.join(unknown) or text}' is not a format for Asterisk here{reason}; known are: {', '.join(FORMATS)}"
        )
    return forms


def _notes(catalogue: Catalogue) -> Iterable[str]:
    yield "Leaflets:"
    for edition in catalogue.editions:
        yield f"  {edition.number or '-'} {edition.title} ({edition.language}), version {edition.version[:16]}"


def _make_ready(to: Path) -> None:
    """Make the folder. Raises HotlineError where it holds what we did not write."""
    if to.is_dir() and any(to.iterdir()) and not _is_ours(to / DIALPLAN):
        raise HotlineError(f"{to} holds other files", next_step="name a new or an empty folder with --to")
    if to.exists() and not to.is_dir():
        raise HotlineError(f"{to} is not a folder", next_step="name a folder with --to")
    to.mkdir(parents=True, exist_ok=True)
    # From the first moment on it can be told that the folder is ours, also when this run is cut short.
    if not (to / DIALPLAN).exists():
        _replace(to / DIALPLAN, f"{_MARK}\n".encode())


def _is_ours(dialplan: Path) -> bool:
    if not dialplan.is_file():
        return False
    with dialplan.open(encoding="utf-8", errors="replace") as lines:
        return lines.readline().rstrip("\n") == _MARK


def _place(path: Path, piece: Piece, form: str) -> None:
    """A sound under its new name: the same file where that can be, else a copy or a cut."""
    origin = source(piece.sound, form)
    if piece.end_ms is not None:
        _replace(path, cut(origin, piece.begin_ms, piece.end_ms))
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}")
    beside.unlink(missing_ok=True)
    try:
        os.link(origin, beside)
    except OSError:  # another disk, or a system without hard links
        beside.write_bytes(origin.read_bytes())
    # Two names of one file are not exchanged by a rename: the one beside would stay.
    if path.exists() and path.samefile(beside):
        beside.unlink()
    else:
        beside.replace(path)


def _replace(path: Path, data: bytes) -> None:
    """Write a file in one piece: an exchange that reads it meets the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}")
    beside.unlink(missing_ok=True)
    beside.write_bytes(data)
    beside.replace(path)


def _drop_others(to: Path, wanted: Iterable[PurePosixPath]) -> None:
    """Take away sounds that no leaflet has any more."""
    kept = {to / path for path in wanted}
    for path in sorted((to / SOUNDS).rglob("*"), reverse=True):
        if path.is_dir():
            if not any(path.iterdir()):
                path.rmdir()
        elif path not in kept:
            path.unlink()


def _guide(settings: HotlineSettings) -> str:
    return Template((files(__package__) / "guide.md").read_text(encoding="utf-8")).substitute(_facts(settings))


def _facts(settings: HotlineSettings) -> Mapping[str, str]:
    if settings.operator is None:
        person = "No `operator` is set in `library.yaml`: key 0 gives help."
    else:
        by_sip = settings.operator.startswith("sip")
        dialled = f"your-endpoint/{settings.operator}" if by_sip else f"{settings.operator}@your-trunk"
        person = Template(_PERSON).substitute(out=OUT, dialled=dialled)
    return {
        "start": START,
        "dialplan": DIALPLAN,
        "folder": FOLDER,
        "minutes": str(settings.limits.minutes),
        "person": person,
    }


_PERSON: Final = """\
Key 0 dials `Local/person@$out`. That context is yours: write into your `extensions.conf` how this exchange reaches
the person of `library.yaml`, for instance

    [$out]
    exten => person,1,Dial(PJSIP/$dialled,30)

While it is missing, callers hear "Nobody can take your call right now." and go on listening."""
