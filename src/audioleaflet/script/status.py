"""What a recording says of itself: who checked the leaflet, that nobody did, or that it is withdrawn."""

from __future__ import annotations

from audioleaflet.leaflet.approval import Standing
from audioleaflet.leaflet.withdrawal import Withdrawal
from audioleaflet.phrases import Phrases
from audioleaflet.script.sentences import split


def statement(standing: Standing, phrases: Phrases, language: str) -> tuple[str, ...]:
    """The sentences about the approval, as they are shown and said; never none."""
    check = standing.wording
    if check is None:
        return tuple(split(phrases.sample, language))
    if standing.state == "wording-changed":
        return phrases.wording_changed
    phrase = phrases.checked if standing.sound_holds else phrases.wording_checked
    told = [phrase.format(by=check.by, role=check.role, date=phrases.day(check.date))]
    if standing.state == "past-due":
        told += phrases.past_due
    else:
        told.append(phrases.check_again.format(date=phrases.day(standing.review_due)))
    if not standing.sound_holds:
        told.append(phrases.sound_unchecked if standing.sound is None else phrases.sound_changed)
    return tuple(told)


def withdrawal_lines(withdrawal: Withdrawal, publisher: str, contact: str, phrases: Phrases) -> tuple[str, ...]:
    """What a leaflet that is withdrawn says in place of its text, a paragraph each; the first is its status."""
    day = phrases.day(withdrawal.date)
    lines = [
        phrases.withdrawn.format(publisher=publisher or phrases.its_publisher, date=day),
        phrases.withdrawn_reason.format(reason=_sentence(withdrawal.reason)),
        phrases.withdrawn_advice,
    ]
    return (*lines, phrases.withdrawn_contact.format(contact=contact)) if contact else tuple(lines)


def _sentence(text: str) -> str:
    return f"{text}." if text[-1:].isalnum() else text
