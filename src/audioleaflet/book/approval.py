"""What ``book.json`` says of a leaflet's approval and withdrawal."""

from __future__ import annotations

from audioleaflet.book.model import Approval, Check, Withdrawn
from audioleaflet.leaflet import approval
from audioleaflet.leaflet.approval import Standing
from audioleaflet.leaflet.withdrawal import Withdrawal


def approval_of(standing: Standing) -> Approval | None:
    """The approval as an edition tells it; None where no health professional has checked the leaflet."""
    wording = standing.wording
    if wording is None or standing.state == "none":
        return None
    return Approval(
        by=wording.by,
        role=wording.role,
        date=wording.date,
        review_due=wording.review_due,
        state=standing.state,
        scopes=standing.scopes,
        sound=_check(standing.sound) if standing.sound else None,
        changed_terms=tuple(change.term for change in standing.readings),
        changed_sentences=standing.sentences,
    )


def withdrawn_of(withdrawal: Withdrawal | None) -> Withdrawn | None:
    """The withdrawal as an edition tells it."""
    if withdrawal is None:
        return None
    return Withdrawn(by=withdrawal.by, reason=withdrawal.reason, date=withdrawal.date)


def _check(check: approval.Check) -> Check:
    return Check(by=check.by, role=check.role, date=check.date, review_due=check.review_due)
