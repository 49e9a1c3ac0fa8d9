"""Who checked a leaflet: the file beside it, the readings approved for a library, and where the leaflet stands today.

``<lang>.approval.yaml`` keeps what was approved in two scopes. ``wording``: the hash of what a reader sees. ``sound``:
the hash of what is said, a short hash for each sentence so that a change can be named, and the reading of every term.
Readings stand outside the hash: a reading approved once in ``lexicon/<lang>.approval.yaml`` counts for every leaflet.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from pathlib import Path
from typing import Annotated, Final, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, RootModel

from audioleaflet.document import Line, fault, read_document, validate
from audioleaflet.errors import ContentError, Origin, Problem, Severity
from audioleaflet.leaflet.fields import IsoDay

FORMAT: Final = "audioleaflet-approval/1"
CODE: Final = "APPROVAL"
Scope = Literal["wording", "sound"]
State = Literal["none", "approved", "wording-changed", "past-due", "sound-unapproved"]
_SHA256 = re.compile("[0-9a-f]{64}")
_MOST_NAMED = 12
_ANEW = "bring the file back as it was, or delete it and run 'audioleaflet approve' again"
R = TypeVar("R", bound=BaseModel)


def _format(text: str) -> str:
    if text != FORMAT:
        raise fault("KIND", f"'{text}' is not {FORMAT}", _ANEW)
    return text


def _sha256(text: str) -> str:
    if not _SHA256.fullmatch(text):
        raise fault("KIND", "it is not a SHA-256 hash", _ANEW)
    return text


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Check(_Kept):
    """One approval: who, in which role, on which day, until when, of which version and of what (SHA-256)."""

    by: Line
    role: Line
    date: IsoDay
    review_due: IsoDay
    version: Line
    sha256: Annotated[str, AfterValidator(_sha256)]


class SoundCheck(Check):
    """An approval of what is said. ``readings``: spelling to reading; ``sentences``: utterance id to a short hash."""

    readings: dict[str, Line] = Field(default_factory=dict)
    sentences: dict[str, Line] = Field(default_factory=dict)


class Approval(_Kept):
    """What ``<lang>.approval.yaml`` holds: the last approval of each scope."""

    format: Annotated[str, AfterValidator(_format)]
    wording: Check | None = None
    sound: SoundCheck | None = None


class ApprovedReading(_Kept):
    """A reading of the house lexicon that was approved in one leaflet and counts for all."""

    term: Line
    ipa: Line
    by: Line
    role: Line
    date: IsoDay


class _Readings(RootModel[tuple[ApprovedReading, ...]]):
    model_config = ConfigDict(frozen=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """What an approval is about, in hashes: nothing that depends on the day, the length or the approval itself.

    ``wording``, ``spoken``: SHA-256. ``sentences``: utterance id and short hash, in order. ``readings``: spelling in
    lower case to reading. ``house``: the spellings that the house lexicon reads, each with its lexicon file's stem.
    """

    wording: str
    spoken: str
    sentences: tuple[tuple[str, str], ...]
    readings: Mapping[str, str]
    house: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingChange:
    """A term that is said otherwise than was approved; an empty reading leaves the word to the engine."""

    term: str
    approved: str
    now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a leaflet stands today. ``readings`` and ``sentences``: what of its sound is not as it was approved."""

    state: State
    wording: Check | None = None
    sound: Check | None = None
    readings: tuple[ReadingChange, ...] = ()
    sentences: tuple[str, ...] = ()

    @property
    def sound_holds(self) -> bool:
        """Whether all that is said is as it was approved."""
        return self.sound is not None and not self.readings and not self.sentences

    @property
    def scopes(self) -> tuple[Scope, ...]:
        """The scopes whose approval holds for the text as it is."""
        if self.wording is None or self.state == "wording-changed":
            return ()
        return ("wording", "sound") if self.sound_holds else ("wording",)

    @property
    def review_due(self) -> str:
        """The first day, ISO 8601, on which something is due to be checked again; empty if nothing was checked."""
        return min((check.review_due for check in (self.wording, self.sound) if check is not None), default="")


UNAPPROVED: Final = Standing(state="none")


def approval_path(leaflet: Path) -> Path:
    """The approval file beside a leaflet file: ``en.yaml`` has ``en.approval.yaml``."""
    return leaflet.with_name(f"{leaflet.stem}.approval.yaml")


def read_approval(leaflet: Path) -> Approval | None:
    """What was approved of a leaflet file, None if nothing ever was. Raises ContentError for a damaged file."""
    path = approval_path(leaflet)
    return _whole(path, Approval) if path.exists() else None


def read_readings(path: Path) -> tuple[ApprovedReading, ...]:
    """The readings approved for a library, from its ``lexicon/<lang>.approval.yaml``; none without one.

    Raises ContentError for a damaged file.
    """
    return _whole(path, _Readings).root if path.exists() else ()


def _whole(path: Path, kind: type[R]) -> R:
    """A record that a program wrote: what is wrong with it is not for an editor to mend in the file."""
    try:
        return validate(read_document(path), kind)
    except ContentError as error:
        told = error.problems
        steps = [one if one.code == "UNREADABLE" else replace(one, next_step=_ANEW) for one in told]
        raise ContentError(steps) from error


def stand(
    fingerprint: Fingerprint, approval: Approval | None, library: Iterable[ApprovedReading], today: datetime.date
) -> Standing:
    """Where a leaflet stands: what it is now against what was approved of it, on one day.

    Of several facts the gravest names the state: changed words, then a date gone by, then sound not approved.
    """
    if approval is None or approval.wording is None:
        return UNAPPROVED
    wording, sound = approval.wording, approval.sound
    if wording.sha256 != fingerprint.wording:
        return Standing(state="wording-changed", wording=wording, sound=sound)
    readings = _changed_readings(fingerprint, sound, library) if sound else ()
    sentences = _changed_sentences(fingerprint, sound) if sound else ()
    standing = Standing(state="approved", wording=wording, sound=sound, readings=readings, sentences=sentences)
    state: State = "approved" if standing.sound_holds else "sound-unapproved"
    if standing.review_due < today.isoformat():
        state = "past-due"
    return Standing(state=state, wording=wording, sound=sound, readings=readings, sentences=sentences)


def _changed_readings(
    fingerprint: Fingerprint, sound: SoundCheck, library: Iterable[ApprovedReading]
) -> tuple[ReadingChange, ...]:
    known = {(one.term, one.ipa) for one in library}
    changes = []
    for term in sorted({*fingerprint.readings, *sound.readings}):
        now, approved = fingerprint.readings.get(term, ""), sound.readings.get(term, "")
        # A leaflet's own entry, or a word settled in its place, is approved with its leaflet and nowhere else.
        if now != approved and not (term in fingerprint.house and (term, now) in known):
            changes.append(ReadingChange(term=term, approved=approved, now=now))
    return tuple(changes)


def _changed_sentences(fingerprint: Fingerprint, sound: SoundCheck) -> tuple[str, ...]:
    if sound.sha256 == fingerprint.spoken:
        return ()
    before = sorted(sound.sentences, key=_place)
    old = [sound.sentences[name] for name in before]
    new = [digest for _, digest in fingerprint.sentences]
    names = [name for name, _ in fingerprint.sentences]
    changed: list[str] = []
    for change, begin, end, first, last in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if change == "delete":
            changed += [f"{name} (no longer said)" for name in before[begin:end]]
        elif change != "equal":
            changed += names[first:last]
    return tuple(changed) or ("all",)  # the hash alone differs: somebody wrote in the file


def _place(utterance: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", utterance)))


def problems(standing: Standing, origin: Origin, *, required: bool) -> tuple[Problem, ...]:
    """What ``check`` tells of a leaflet that does not count as approved; nothing of one that does.

    A leaflet that was never approved, or never listened to, is a note, for most leaflets begin so; what has changed
    since, what is past its date, and whatever the library requires is a warning. ``origin``: the leaflet's.
    """
    message, step = explain(standing)
    if not message:
        return ()
    if required:
        step = f"{step}; the library requires it: build refuses until then"
    new = standing.state == "none" or (standing.state == "sound-unapproved" and standing.sound is None)
    severity: Severity = "note" if new and not required else "warning"
    return (Problem(origin=origin, code=CODE, message=message, next_step=step, severity=severity),)


def explain(standing: Standing) -> tuple[str, str]:
    """In plain words why a leaflet does not count as approved, and the next step; both empty if it does."""
    again = "have it checked again, then run 'audioleaflet approve'"
    check = standing.wording
    if check is None:
        return "no health professional has approved this leaflet", "when one has, run 'audioleaflet approve'"
    if standing.state == "wording-changed":
        return f"the wording has changed since {check.by} approved version {check.version} on {check.date}", again
    if standing.state == "past-due":
        message = f"the leaflet is past its review date, {standing.review_due}"
        return (message if standing.sound_holds else f"{message}; {_sound_changes(standing)}"), again
    if standing.state == "sound-unapproved":
        step = "listen to it, then run 'audioleaflet approve --scope sound'"
        return f"wording approved; {_sound_changes(standing)}", step
    return "", ""


def _sound_changes(standing: Standing) -> str:
    if standing.sound is None:
        return "how it is read aloud is not"
    told = []
    if standing.readings:
        terms = ", ".join(change.term for change in standing.readings)
        told.append(f"{_count(standing.readings, 'reading')} changed: {terms}")
    if standing.sentences:
        told.append(
            f"the spoken words changed in {_count(standing.sentences, 'sentence')}: {_some(standing.sentences)}"
        )
    return "; ".join(told)


def _count(things: Sequence[object], noun: str) -> str:
    return f"{len(things)} {noun}{'s' * (len(things) != 1)}"


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_MOST_NAMED])
    return shown if len(names) <= _MOST_NAMED else f"{shown} and {len(names) - _MOST_NAMED} more"
