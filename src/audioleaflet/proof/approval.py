"""Approving a leaflet, and where it stands: its script held against what was approved of it and of its library."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from audioleaflet.errors import ConfigError, ContentError, PublishError
from audioleaflet.leaflet.approval import (
    FORMAT,
    UNAPPROVED,
    Approval,
    ApprovedReading,
    Check,
    Fingerprint,
    Scope,
    SoundCheck,
    Standing,
    approval_path,
    read_approval,
    read_readings,
    stand,
)
from audioleaflet.leaflet.model import Leaflet
from audioleaflet.leaflet.withdrawal import in_force, problems, read_withdrawals
from audioleaflet.proof.records import alone, one_text, write_record
from audioleaflet.script.fingerprint import fingerprint
from audioleaflet.script.lexicon import Lexicon
from audioleaflet.script.model import Script
from audioleaflet.script.stored import load
from audioleaflet.settings import Settings, content_folder, lexicon_files, reading_approvals

SCOPES: tuple[Scope, ...] = ("wording", "sound")
_COMMENT = "Written by 'audioleaflet approve'; nobody types a review. Keep it with its leaflet."
_READINGS_COMMENT = "Written by 'audioleaflet approve': readings of the lexicon, approved for every leaflet."


@dataclass(frozen=True, slots=True, kw_only=True)
class Approver:
    """Who approves, in which role, on which day, and when it is due to be checked again."""

    by: str
    role: str
    today: date
    review_due: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved:
    """What was approved, and the files written. ``file`` is the leaflet's; ``readings`` those of its library."""

    fingerprint: Fingerprint
    file: Path
    readings: tuple[Path, ...]


def fingerprint_of(leaflet: Leaflet, script: Script, lexicon: Lexicon, settings: Settings) -> Fingerprint:
    """The hashes of a leaflet's script, its library's lexicon files known."""
    return fingerprint(script, lexicon, lexicon_files(settings, leaflet.language))


def standing_of(leaflet: Leaflet, script: Script, lexicon: Lexicon, settings: Settings, today: date) -> Standing:
    """Where a leaflet stands on a day. Raises ContentError for a damaged file of approvals."""
    approval = read_approval(leaflet.origin.path)
    if approval is None:
        return UNAPPROVED
    library = [one for path in reading_approvals(settings, leaflet.language) for one in read_readings(path)]
    return stand(fingerprint_of(leaflet, script, lexicon, settings), approval, library, today)


def approve(
    leaflet: Leaflet,
    script: Script,
    lexicon: Lexicon,
    settings: Settings,
    approver: Approver,
    scopes: Collection[Scope] = SCOPES,
) -> Approved:
    """Write down that a leaflet is approved as it is now. A scope that is not named stays as it was approved before.

    With the sound, the readings that the house lexicon gave are approved for every leaflet of the library.
    Raises ConfigError for an empty name or role or a day gone by, ContentError for a leaflet that is withdrawn,
    StorageError.
    """
    by, role = one_text("--by", approver.by), one_text("--role", approver.role)
    day = approver.today.isoformat()
    if approver.review_due < approver.today:
        raise ConfigError(
            f"the review date {approver.review_due} has gone by: today is {day}", next_step="give a day to come"
        )
    _refuse_withdrawn(leaflet)
    marks = fingerprint_of(leaflet, script, lexicon, settings)
    facts = {"by": by, "role": role, "date": day, "review_due": approver.review_due.isoformat()}
    facts["version"] = leaflet.version
    with alone(leaflet.origin.path.parent):
        file = _approve_leaflet(leaflet, marks, facts, scopes)
    written = _approve_readings(leaflet, settings, marks, facts) if "sound" in scopes else ()
    return Approved(fingerprint=marks, file=file, readings=written)


def is_heard(folder: Path, leaflet: Leaflet, lexicon: Lexicon, settings: Settings, marks: Fingerprint) -> bool:
    """Whether the edition in ``folder`` says what ``marks`` are of, so that somebody can have listened to it."""
    try:
        said = fingerprint_of(leaflet, load(folder), lexicon, settings)
    except PublishError:
        return False
    return said.spoken == marks.spoken and said.readings == marks.readings


def _approve_leaflet(leaflet: Leaflet, marks: Fingerprint, facts: Mapping[str, str], scopes: Collection[Scope]) -> Path:
    known = read_approval(leaflet.origin.path)
    wording, sound = (known.wording, known.sound) if known else (None, None)
    if "wording" in scopes:
        wording = Check(**facts, sha256=marks.wording)
    if "sound" in scopes:
        sentences, readings = dict(marks.sentences), dict(marks.readings)
        sound = SoundCheck(**facts, sha256=marks.spoken, sentences=sentences, readings=readings)
    file = approval_path(leaflet.origin.path)
    approval = Approval(format=FORMAT, wording=wording, sound=sound)
    write_record(file, _COMMENT, approval.model_dump(exclude_none=True))
    return file


def _refuse_withdrawn(leaflet: Leaflet) -> None:
    told = problems(in_force(read_withdrawals(leaflet.origin.path)), leaflet.origin)
    if told:
        raise ContentError(
            replace(one, severity="error", next_step="lift that first with 'audioleaflet withdraw --lift'")
            for one in told
        )


def _approve_readings(
    leaflet: Leaflet, settings: Settings, marks: Fingerprint, facts: Mapping[str, str]
) -> tuple[Path, ...]:
    """Add the readings of the house lexicon to the library's approvals, one file a lexicon file."""
    if content_folder(settings).resolve() not in leaflet.origin.path.resolve().parents:
        return ()  # settings that came with the program, or from elsewhere: no place to write into
    written = []
    for path in reading_approvals(settings, leaflet.language):
        stem = path.name.removesuffix(".approval.yaml")
        new = {
            term: ApprovedReading(term=term, ipa=ipa, by=facts["by"], role=facts["role"], date=facts["date"])
            for term, ipa in marks.readings.items()
            if marks.house.get(term) == stem
        }
        with alone(path.parent):
            known = {one.term: one for one in read_readings(path)}
            changed = {term: one for term, one in new.items() if term not in known or known[term].ipa != one.ipa}
            if changed:
                merged: list[dict[str, Any]] = [one.model_dump() for _, one in sorted((known | changed).items())]
                write_record(path, _READINGS_COMMENT, merged)
                written.append(path)
    return tuple(written)
