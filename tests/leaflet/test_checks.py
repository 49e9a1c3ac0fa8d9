"""A leaflet against its library."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from audioleaflet.errors import Origin
from audioleaflet.leaflet.checks import check
from audioleaflet.leaflet.model import Entry, Leaflet, Passage

ORIGIN = Origin(path=Path("en.yaml"), line=1)
LEAFLET = Leaflet(
    identifier="",
    slug="a",
    language="en-GB",
    title="A",
    version="1",
    publisher="",
    licence="",
    date="",
    contact="",
    sources=(),
    summary=None,
    urgent=None,
    urgent_after="",
    notice=None,
    say=(),
    hotline="",
    sections=(),
    lexicon=(),
    origin=ORIGIN,
)


def problems(leaflet: Leaflet, *, terms: tuple[str, ...] = (), languages: tuple[str, ...] = ("en",)) -> list[str]:
    found = check(leaflet, terms=terms, languages=languages, voices={"en-US": (), "en": ()})
    return [f"{problem.severity} {problem.code} {problem.message} ({problem.next_step})" for problem in found]


def test_a_language_is_found_by_its_wider_tag() -> None:
    assert problems(LEAFLET) == []
    assert problems(replace(LEAFLET, language="fr-CA"), languages=("en", "de")) == [
        "error NO-PHRASES there is no fixed wording for the language fr-CA (known are: de, en)",
        "error NO-VOICE library.yaml names no voice for the language fr-CA (add 'fr-CA' to its 'voices')",
    ]


@pytest.mark.parametrize("say", ["metastasis", "Metastasis", "metastases"])
def test_a_term_may_be_the_houses_or_the_leaflets_own_or_a_form(say: str) -> None:
    entry = Entry(term="metastasis", ipa="", say="", meaning="", forms=(("metastases", ""),), alias=(), origin=ORIGIN)
    assert problems(replace(LEAFLET, say=(say,), lexicon=(entry,))) == []
    assert problems(replace(LEAFLET, say=(say,)), terms=("metastasis", "metastases")) == []


def test_an_unknown_term_is_told_with_the_nearest() -> None:
    assert problems(replace(LEAFLET, say=("metastisis", "zzz")), terms=("metastasis", "lymph")) == [
        "error UNKNOWN-TERM no lexicon has the term 'metastisis' of 'say' (did you mean 'metastasis'? If not, add it)",
        "error UNKNOWN-TERM no lexicon has the term 'zzz' of 'say' (add it to the lexicon)",
    ]


def test_a_long_summary_is_a_warning_at_its_line() -> None:
    origin = replace(ORIGIN, line=7)
    sixty = replace(LEAFLET, summary=Passage(text="word " * 60, origin=origin))
    assert problems(sixty) == []
    longer = replace(LEAFLET, summary=Passage(text="word " * 61, origin=origin))
    assert problems(longer) == ["warning SUMMARY the summary has 61 words (keep it to 60)"]
    assert check(longer, terms=(), languages=("en",), voices=("en",))[0].origin.line == 7
