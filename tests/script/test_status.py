"""What a recording says of itself."""

from __future__ import annotations

import pytest

from audioleaflet import phrases
from audioleaflet.leaflet.approval import Check, Standing
from audioleaflet.leaflet.withdrawal import Withdrawal
from audioleaflet.script.status import statement, withdrawal_lines

CHECKED = "hecked by Dr. A. Lee, nurse, on January 2, 2026. "
AGAIN = "To be checked again by January 31, 2027."
PAST = "This leaflet is past its review date. Please check it with your care team."
CHANGED = "This leaflet has changed since it was checked. No health professional has checked it as it is now."


@pytest.mark.parametrize(
    ("state", "sound", "told"),
    [
        ("none", None, "This is a sample. No health professional has checked it."),
        ("approved", "2027-03-01", f"C{CHECKED}{AGAIN}"),
        ("sound-unapproved", None, f"The wording was c{CHECKED}{AGAIN} How it is read aloud has not been checked."),
        ("past-due", "2027-03-01", f"C{CHECKED}{PAST}"),
        ("wording-changed", "2027-03-01", CHANGED),
    ],
)
def test_each_state_has_its_words(state: str, sound: str | None, told: str) -> None:
    def check(due: str) -> Check:
        facts = {"by": "Dr. A. Lee", "role": "nurse", "date": "2026-01-02", "review_due": due}
        return Check(**facts, version="1.0", sha256="0" * 64)

    standing = Standing(
        state=state,  # type: ignore[arg-type]  # the five states
        wording=None if state == "none" else check("2027-01-31"),
        sound=check(sound) if sound else None,
    )
    assert " ".join(statement(standing, phrases.load("en-US"), "en-US")) == told


def withdrawal(reason: str) -> Withdrawal:
    return Withdrawal(action="withdrawn", by="Bo", reason=reason, date="2026-11-22")


def test_a_notice_says_who_when_why_and_what_to_do() -> None:
    words = phrases.load("en-US")
    assert withdrawal_lines(withdrawal("A dose was wrong"), "The Trust", "care@trust.example", words) == (
        "This leaflet was withdrawn by The Trust on November 22, 2026.",
        "The reason: A dose was wrong.",
        "Please do not rely on earlier copies. Ask your care team.",
        "Contact: care@trust.example.",
    )
    lines = withdrawal_lines(withdrawal("Is it 5 or 50?"), "", "", words)
    assert lines[0] == "This leaflet was withdrawn by its publisher on November 22, 2026."
    assert lines[1:] == ("The reason: Is it 5 or 50?", "Please do not rely on earlier copies. Ask your care team.")
