"""A leaflet withdrawn: the record of it, and at once a notice in the place of its edition.

The listener's safety decides what happens when something is in the way. The record is written first. Faults of the
leaflet or its library do not stop the notice: it needs a title and a language, which the old edition knows too. If no
voice can speak it, or the disk refuses it, the edition is taken away all the same: a listener is safer with nothing
than with what was withdrawn. The command then fails, says so, and the next build makes the notice.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import date
from functools import partial
from pathlib import Path

from audioleaflet import pipeline
from audioleaflet.book import manifest
from audioleaflet.book.model import Book
from audioleaflet.errors import AudioleafletError, ConfigError, StorageError
from audioleaflet.leaflet.withdrawal import (
    FORMAT,
    LIFTED,
    WITHDRAWN,
    Withdrawal,
    Withdrawals,
    in_force,
    read_withdrawals,
    withdrawals_path,
)
from audioleaflet.proof.records import alone, one_text, write_record
from audioleaflet.publish import pages
from audioleaflet.publish.formats import PAGE
from audioleaflet.remnant import edition_at, edition_folder, settings_of
from audioleaflet.speech.engine import Engine
from audioleaflet.speech.voices import engine_of

_COMMENT = "Written by 'audioleaflet withdraw': a record. Entries are only ever added."


def withdraw(
    path: Path,
    *,
    by: str,
    reason: str,
    today: date,
    output: Path,
    cache: Path,
    voice: str = "",
    reporter: pipeline.Reporter = pipeline.SILENT,
    engines: Callable[[str], Engine] = engine_of,
) -> pipeline.Built:
    """Record that the leaflet at ``path`` is withdrawn, and replace its edition under ``output`` by the notice.

    ``voice`` is asked first; a voice that cannot speak must not delay the notice, so the library's are asked next.
    Raises AudioleafletError: ConfigError for an empty name or reason, before anything is done; else no edition is left
    unless it is a notice, even where the record could not be written.
    """
    by, reason = one_text("--by", by), one_text("--reason", reason)
    folder = _folder(path, output)
    build = partial(pipeline.build, path, output=output, cache=cache, reporter=reporter, engines=engines)
    recorded = False
    if folder is not None and edition_at(folder) is None:
        told = f"{folder} holds no edition of it"
        reporter.message(f"{told}; if listeners have one elsewhere, withdraw it there too, with --output")
    try:
        _record(path, WITHDRAWN, by, reason, today, output)
        recorded = True
        if voice:
            try:
                return build(voice=voice)
            except AudioleafletError as error:
                reporter.message(f"{error}; the voices of the library are asked instead")
        return build()
    except BaseException:  # whatever it was, a stop by Ctrl-C too
        if not recorded:
            told = "this withdrawal is NOT recorded: the next build would make the edition again"
            reporter.message(f"{told}; mend what follows, then run 'audioleaflet withdraw' once more")
        if folder is not None:
            _take_away(folder, reporter)
        raise
    finally:
        if (output / PAGE).is_file():  # it lists the edition as it was
            library = pipeline.library_of(settings_of(path, reporter.message)[0])
            pages.write_library(output, library, today=today, message=reporter.message)


def lift(path: Path, *, by: str, reason: str, today: date, output: Path) -> None:
    """Record that the withdrawal of the leaflet at ``path`` is lifted; the next build makes its edition again.

    Raises ConfigError where it is not withdrawn, ContentError for a damaged record, StorageError.
    """
    if in_force(read_withdrawals(path)) is None:
        raise ConfigError(f"{path} is not withdrawn", next_step="there is nothing to lift")
    _record(path, LIFTED, one_text("--by", by), one_text("--reason", reason), today, output)


def _folder(path: Path, output: Path) -> Path | None:
    try:
        return edition_folder(path, output)
    except ConfigError:  # there is no edition to replace; the build tells what it lacks to make the notice
        return None


def _record(path: Path, action: str, by: str, reason: str, today: date, output: Path) -> None:
    """Add one entry. What it is about is the edition that people have, or had before the notice."""
    folder = _folder(path, output)
    old = edition_at(folder) if folder else None
    with alone(path.parent):
        _add(path, action, by, reason, today, old)


def _add(path: Path, action: str, by: str, reason: str, today: date, old: Book | None) -> None:
    entries = read_withdrawals(path)
    last = entries[-1] if entries else None
    version, wording = "", ""
    if old is not None and old.withdrawn is None:
        version, wording = old.version, old.wording_sha256
    elif last is not None:
        version, wording = last.version, last.wording_sha256
    entry = Withdrawal(
        action=action, by=by, reason=reason, date=today.isoformat(), version=version, wording_sha256=wording
    )
    content = Withdrawals(format=FORMAT, entries=(*entries, entry)).model_dump()
    # An empty field would be read as one that somebody forgot to fill in.
    content["entries"] = [{name: text for name, text in one.items() if text} for one in content["entries"]]
    write_record(withdrawals_path(path), _COMMENT, content)


def _take_away(folder: Path, reporter: pipeline.Reporter) -> None:
    """Remove an edition that is not a notice. Out of sight first, in one step: nobody must meet half of it.

    What is no edition is left alone, and of what others have put into one, nothing is deleted.
    """
    old = edition_at(folder)
    if not folder.exists() or (old is not None and old.withdrawn is not None):
        return
    if not _is_edition(folder):
        reporter.message(f"{folder} holds no edition, and was left as it is")
        return
    aside = _free(folder.with_name(f".{folder.name}.withdrawn"))
    try:
        folder.rename(aside)
    except OSError as error:
        raise StorageError(
            f"{folder} is to be withdrawn, and can neither be replaced nor taken away: {error.strerror}",
            next_step="delete it by hand, now",
        ) from error
    _delete(aside, manifest.paths(old) if old else None)
    if aside.exists():
        reporter.message(f"files in {folder} that are not the edition's are now in {aside}")
    reporter.message(f"no notice could be made; {folder} was taken away, so that nobody hears what was withdrawn")


def _is_edition(folder: Path) -> bool:
    """Whether a build made it, though its lists may be lost."""
    made = (folder / "book.json", folder / "script.json", *folder.glob(f"chapters/*-{folder.name}-[0-9][0-9]-*.mp3"))
    return any(path.is_file() for path in made)


def _free(path: Path) -> Path:
    """``path``, or that name with the first number that nothing has."""
    names = (path, *(path.with_name(f"{path.name}-{number}") for number in range(2, 1000)))
    return next((name for name in names if not os.path.lexists(name)), path)


def _delete(aside: Path, own: Collection[str] | None) -> None:
    """Delete the files ``own`` and the folders that this empties; everything, where nobody can tell what is whose."""
    if own is None:
        shutil.rmtree(aside, ignore_errors=True)
        return
    for name in own:
        with suppress(OSError):
            (aside / name).unlink()
    for folder in sorted((path for path in aside.rglob("*") if path.is_dir() and not path.is_symlink()), reverse=True):
        with suppress(OSError):
            folder.rmdir()
    with suppress(OSError):
        aside.rmdir()
