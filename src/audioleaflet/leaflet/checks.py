"""A leaflet against its library: what no file can show by itself. Pure: all that is known is passed in."""

from __future__ import annotations

import difflib
from collections.abc import Collection

from audioleaflet.errors import Origin, Problem, Severity
from audioleaflet.leaflet.model import Leaflet
from audioleaflet.settings import narrowing

MAX_SUMMARY_WORDS = 60


def check(
    leaflet: Leaflet, *, terms: Collection[str], languages: Collection[str], voices: Collection[str]
) -> tuple[Problem, ...]:
    """The problems of a leaflet in its library, in line order.

    ``terms``: every term and form of the house lexicon (the leaflet's own count too). ``languages``: tags
    that have phrases. ``voices``: tags that the library names voices for.
    """
    problems = [*_terms(leaflet, terms), *_summary(leaflet)]
    wanted = narrowing(leaflet.language)
    if not any(tag in languages for tag in wanted):
        message = f"there is no fixed wording for the language {leaflet.language}"
        step = f"known are: {', '.join(sorted(languages))}"
        problems.append(_problem(leaflet.origin, "NO-PHRASES", message, step))
    if not any(tag in voices for tag in wanted):
        message = f"library.yaml names no voice for the language {leaflet.language}"
        problems.append(_problem(leaflet.origin, "NO-VOICE", message, f"add '{leaflet.language}' to its 'voices'"))
    return tuple(sorted(problems, key=lambda problem: problem.origin.line))


def _problem(origin: Origin, code: str, message: str, step: str, severity: Severity = "error") -> Problem:
    return Problem(origin=origin, code=code, message=message, next_step=step, severity=severity)


def _terms(leaflet: Leaflet, house: Collection[str]) -> list[Problem]:
    own = [spelling for entry in leaflet.lexicon for spelling in (entry.term, *(form for form, _ in entry.forms))]
    known = {term.casefold(): term for term in (*house, *own)}
    problems = []
    for term in leaflet.say:
        if term.casefold() in known:
            continue
        near = difflib.get_close_matches(term.casefold(), known, n=1)
        step = f"did you mean '{known[near[0]]}'? If not, add it" if near else "add it to the lexicon"
        message = f"no lexicon has the term '{term}' of 'say'"
        problems.append(_problem(leaflet.origin, "UNKNOWN-TERM", message, step))
    return problems


def _summary(leaflet: Leaflet) -> list[Problem]:
    words = len(leaflet.summary.text.split()) if leaflet.summary else 0
    if leaflet.summary is None or words <= MAX_SUMMARY_WORDS:
        return []
    message = f"the summary has {words} words"
    return [_problem(leaflet.summary.origin, "SUMMARY", message, f"keep it to {MAX_SUMMARY_WORDS}", "warning")]
