"""How words are said: the leaflet's own entries first, then the house lexicon, then corrections from a dictionary.

Forms follow from their entry. What is in none of them is left to the engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from audioleaflet.leaflet.ipa import respell
from audioleaflet.leaflet.model import Entry
from audioleaflet.script.inflections import adjective_forms, plural_forms, verb_forms
from audioleaflet.script.model import Term


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One spelling with how it is said: ``spelling`` as found in text (lower case), ``ipa`` with syllable dots."""

    spelling: str
    ipa: str
    entry: Entry

    @property
    def respelling(self) -> str:
        """For the eye, in the manner of NCI's dictionaries: ``muh-TAS-tuh-sis``."""
        return self.entry.say if self.entry.say and self.ipa == self.entry.ipa else respell(self.ipa)


class Lexicon:
    """Terms and their forms, looked up by spelling in any case."""

    def __init__(self, entries: Iterable[Entry], corrections: Callable[[str], str] = lambda _word: "") -> None:
        """``entries`` in order of precedence: the first to give a spelling wins.

        ``corrections``: the IPA of a word in lower case that no entry has and an engine would say wrong, else nothing.
        """
        self.correction = corrections
        self._readings: dict[str, Reading] = {}
        entries = tuple(entries)
        for forms in (_written_forms, _derived_forms):
            for entry in entries:
                for spelling, ipa in forms(entry):
                    self._readings.setdefault(
                        spelling.lower(), Reading(spelling=spelling.lower(), ipa=ipa, entry=entry)
                    )
        self.longest = max((spelling.count(" ") + 1 for spelling in self._readings), default=0)

    def __iter__(self) -> Iterator[Reading]:
        return iter(self._readings.values())

    def __contains__(self, spelling: str) -> bool:
        return spelling.lower() in self._readings

    def get(self, spelling: str) -> Reading | None:
        """The reading of a word or of words joined by single spaces, or None where the lexicon has none."""
        return self._readings.get(spelling.lower())

    def spellings(self) -> tuple[str, ...]:
        """Every spelling that has a reading."""
        return tuple(self._readings)

    def term(self, text: str, reading: Reading) -> Term:
        """The span for ``text`` as it stands in a leaflet."""
        alias = reading.entry.alias if reading.spelling == reading.entry.term.lower() else ()
        return Term(text=text, ipa=reading.ipa, alias=alias)


def _written_forms(entry: Entry) -> Iterator[tuple[str, str]]:
    yield entry.term, entry.ipa
    yield from entry.forms


def _derived_forms(entry: Entry) -> Iterator[tuple[str, str]]:
    """The regular forms of the term itself (see inflections.py), and the possessives of its written forms."""
    derived = [*plural_forms(entry.term, entry.ipa)]
    if " " not in entry.term:
        derived += [*verb_forms(entry.term, entry.ipa), *adjective_forms(entry.term, entry.ipa)]
    yield from derived
    for spelling, spoken in _written_forms(entry):
        if spelling.endswith("s"):
            yield f"{spelling}'", spoken
