"""Two strengths with a hyphen are told from a range; what could be a range of doses stays one."""

from __future__ import annotations

import pytest

from audioleaflet.script.verbalizer.strengths import Pairing


@pytest.mark.parametrize(
    ("before", "first", "second", "unit"),
    [
        ("", 5, 325, True),
        ("", 10, 325, False),
        ("", 800, 160, True),
        ("", 7.5, 200, True),
        ("Bactrim ", 400, 800, True),
        ("lisinopril-hydrochlorothiazide ", 20, 25, True),
        ("amlodipine/valsartan tablets ", 5, 10, True),
        ("co-codamol ", 8, 15, True),
    ],
)
def test_two_strengths(before: str, first: float, second: float, unit: bool) -> None:
    assert Pairing("en-US").are_two(f"{before}{first}-{second}", len(before), first, second, unit=unit)


@pytest.mark.parametrize(
    ("before", "first", "second", "unit"),
    [
        ("", 5, 10, True),
        ("", 5, 60, True),
        ("", 1, 20, True),
        ("", 0, 10, True),
        ("", 5, 325, True),
        ("", 20, 10, False),
        ("slow-release ", 5, 10, True),
        ("anti-inflammatory ", 5, 10, True),
    ],
)
def test_a_range(before: str, first: float, second: float, unit: bool) -> None:
    cue = "from " if second == 325 else before
    assert not Pairing("en-US").are_two(f"{cue}{first}-{second}", len(cue), first, second, unit=unit)
