"""A leaflet against its library: what no file can show by itself. Pure: all that is known is passed in."""

from __future__ import annotations

import difflib
import shlex
from collections.abc import Collection, Iterator

from audioleaflet.document import Document, MappingNode
from audioleaflet.errors import Origin, Problem
from audioleaflet.leaflet.annotation import plain
from audioleaflet.leaflet.model import Leaflet
from audioleaflet.leaflet.urgency import urgent_signs
from audioleaflet.settings import canonical_language, narrowing

MAX_SUMMARY_WORDS = 60


def language_of(document: Document) -> str:
    """The language that a leaflet file names, as a BCP 47 tag; empty where it names none that could be one."""
    named = document.text("language")
    try:
        return canonical_language(named.text.strip()) if named else ""
    except ValueError:  # the field's own check tells it
        return ""


def check(
    document: Document, *, terms: Collection[str], languages: Collection[str], voices: Collection[str]
) -> tuple[Problem, ...]:
    """What a leaflet file asks of its library and the library does not have, at its lines.

    ``terms``: every term and form of the house lexicon (the leaflet's own count too). ``languages``: tags
    that have phrases. ``voices``: tags that the library names voices for. The file may have other faults.
    """
    problems = list(_terms(document, terms))
    language = language_of(document)
    wanted = narrowing(language) if language else ()
    if wanted and not any(tag in languages for tag in wanted):
        message = f"there is no fixed wording for the language {language}"
        step = f"known are: {', '.join(sorted(languages))}"
        problems.append(_problem(document, "NO-PHRASES", message, step, "language"))
    if wanted and not any(tag in voices for tag in wanted):
        message = f"library.yaml names no voice for the language {language}"
        problems.append(_problem(document, "NO-VOICE", message, f"add '{language}' to its 'voices'", "language"))
    return tuple(sorted(problems, key=lambda problem: problem.origin.line))


def warnings(leaflet: Leaflet) -> tuple[Problem, ...]:
    """What is no fault, but an editor should know: urgent signs without advice, no summary, or one that is too long."""
    return tuple(_warning(*told) for told in (*_urgency(leaflet), *_summary(leaflet)))


def _urgency(leaflet: Leaflet) -> Iterator[tuple[Origin, str, str, str]]:
    signs = () if leaflet.urgent else urgent_signs(leaflet)
    if signs:
        listed = ", ".join(f"{sign.name} (line {sign.origin.line})" for sign in signs)
        message = f"the leaflet speaks of signs that need urgent care, and has no 'urgent': {listed}"
        step = "say under 'urgent' what to do about them, in the publisher's words"
        yield signs[0].origin, "URGENT", message, step


def _summary(leaflet: Leaflet) -> Iterator[tuple[Origin, str, str, str]]:
    if leaflet.summary is None:
        step = f"say in 'summary' what matters most, in at most {MAX_SUMMARY_WORDS} words"
        yield leaflet.origin, "NO-SUMMARY", "the leaflet has no summary", step
        return
    words = len(plain(leaflet.summary.text).split())
    if words > MAX_SUMMARY_WORDS:
        yield leaflet.summary.origin, "SUMMARY", f"the summary has {words} words", f"keep it to {MAX_SUMMARY_WORDS}"


def _warning(origin: Origin, code: str, message: str, step: str) -> Problem:
    return Problem(origin=origin, code=code, message=message, next_step=step, severity="warning")


def _problem(document: Document, code: str, message: str, step: str, *location: str | int) -> Problem:
    return Problem(origin=document.origin(*location), code=code, message=message, next_step=step)


def _terms(document: Document, house: Collection[str]) -> Iterator[Problem]:
    known = {term.casefold(): term for term in (*house, *_own_terms(document))}
    for index in range(len(document.items("say"))):
        node = document.text("say", index)
        term = " ".join(node.text.split()) if node else ""
        if not term or term.casefold() in known:
            continue
        # 0.8: 'metastatsis' is near 'metastasis'; 'zanubrutinib' must not be taken for the drug 'imatinib' (0.6)
        near = difflib.get_close_matches(term.casefold(), known, n=1, cutoff=0.8)
        add = f"audioleaflet lexicon add {shlex.quote(term)} --say RESPELLING"
        step = f"did you mean '{known[near[0]]}'? If not: {add}" if near else f"add it: {add}"
        yield _problem(document, "UNKNOWN-TERM", f"no lexicon has the term '{term}' of 'say'", step, "say", index)


def _own_terms(document: Document) -> Iterator[str]:
    for index in range(len(document.items("lexicon"))):
        term = document.text("lexicon", index, "term")
        forms = document.node("lexicon", index, "forms")
        if term is not None:
            yield term.text.strip()
        if isinstance(forms, MappingNode):
            yield from forms.fields
