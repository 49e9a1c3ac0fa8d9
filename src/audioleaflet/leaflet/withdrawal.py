"""The record of a leaflet's withdrawals, ``<lang>.withdrawn.yaml`` beside it, and what can be read of a faulty leaflet.

Entries are only ever added; the last one says whether the leaflet is withdrawn. While it is, its edition is a notice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from audioleaflet.document import Document, Line, fault, one_line, read_document, validate
from audioleaflet.errors import ContentError, Origin, Problem
from audioleaflet.leaflet.fields import IsoDay
from audioleaflet.settings import canonical_language, is_tag

FORMAT: Final = "audioleaflet-withdrawals/1"
WITHDRAWN: Final = "withdrawn"
LIFTED: Final = "lifted"


def _format(text: str) -> str:
    if text != FORMAT:
        raise fault("KIND", f"'{text}' is not {FORMAT}", "bring the file back as it was")
    return text


def _action(text: str) -> str:
    if text not in (WITHDRAWN, LIFTED):
        raise fault("KIND", f"'{text}' is neither {WITHDRAWN} nor {LIFTED}", "bring the file back as it was")
    return text


class Withdrawal(BaseModel):
    """One entry: ``action`` is ``withdrawn`` or ``lifted``; ``version`` and ``wording_sha256`` are of the edition."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    action: Annotated[str, AfterValidator(_action)]
    by: Line
    reason: Line
    date: IsoDay
    version: str = ""
    wording_sha256: str = ""


class Withdrawals(BaseModel):
    """What the file holds: every withdrawal and every lifting of one, in order."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    format: Annotated[str, AfterValidator(_format)]
    entries: tuple[Withdrawal, ...] = Field(min_length=1)


def withdrawals_path(leaflet: Path) -> Path:
    """The record beside a leaflet file: ``en.yaml`` has ``en.withdrawn.yaml``."""
    return leaflet.with_name(f"{leaflet.stem}.withdrawn.yaml")


def read_withdrawals(leaflet: Path) -> tuple[Withdrawal, ...]:
    """The entries beside a leaflet file, none without a record. Raises ContentError for a damaged one."""
    path = withdrawals_path(leaflet)
    return validate(read_document(path), Withdrawals).entries if path.exists() else ()


def in_force(entries: Sequence[Withdrawal]) -> Withdrawal | None:
    """The withdrawal that holds now, None where there is none or it was lifted."""
    return entries[-1] if entries and entries[-1].action == WITHDRAWN else None


def problems(withdrawal: Withdrawal | None, origin: Origin) -> tuple[Problem, ...]:
    """What ``check`` tells of a leaflet that is withdrawn: a note, for it is meant so. ``origin``: the leaflet's."""
    if withdrawal is None:
        return ()
    return (
        Problem(
            origin=origin,
            code="WITHDRAWN",
            message=f"{withdrawal.by} withdrew this leaflet on {withdrawal.date}: {withdrawal.reason}",
            next_step="its edition is a notice until 'audioleaflet withdraw --lift'",
            severity="note",
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Remains:
    """What can be read of a leaflet file, whatever its faults; empty where nothing can."""

    identifier: str
    title: str
    language: str
    version: str
    publisher: str
    licence: str
    contact: str


def remains(path: Path) -> Remains:
    """The plain fields of a leaflet file that may be faulty: a notice must not wait until somebody mends it."""
    try:
        document: Document | None = read_document(path)
    except ContentError:
        document = None

    def text(name: str) -> str:
        node = document.text(name) if document else None
        return one_line(node.text) if node else ""

    declared = text("language")
    language = declared if is_tag(declared) else path.stem if is_tag(path.stem) and len(path.stem) == 2 else ""
    return Remains(
        identifier=text("identifier"),
        title=text("title"),
        language=canonical_language(language) if language else "",
        version=text("version"),
        publisher=text("publisher"),
        licence=text("licence"),
        contact=text("contact"),
    )
