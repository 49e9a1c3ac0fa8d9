"""A leaflet withdrawn: the record of it, and at once a notice in the place of its edition.

The listener's safety decides what happens when something is in the way. The record is written first. Faults of the
leaflet or its library do not stop the notice: it needs a title and a language, which the old edition knows too. If no
voice can speak it, or the disk refuses it, the edition is taken away all the same: a listener is safer with nothing
than with what was withdrawn. The command then fails, says so, and the next build makes the notice.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

from audioleaflet import pipeline
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
from audioleaflet.proof.records import one_text, write_record
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
    entries = read_withdrawals(path)
    last = entries[-1] if entries else None
    folder = _folder(path, output)
    old = edition_at(folder) if folder else None
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
    """Remove an edition that is not a notice. Out of sight first, in one step: nobody must meet half of it."""
    old = edition_at(folder)
    if not folder.exists() or (old is not None and old.withdrawn is not None):
        return
    aside = folder.with_name(f".{folder.name}.withdrawn")
    try:
        shutil.rmtree(aside, ignore_errors=True)
        folder.rename(aside)
    except OSError as error:
        raise StorageError(
            f"{folder} is to be withdrawn, and can neither be replaced nor taken away: {error.strerror}",
            next_step="delete it by hand, now",
        ) from error
    shutil.rmtree(aside, ignore_errors=True)
    reporter.message(f"no notice could be made; {folder} was taken away, so that nobody hears what was withdrawn")
