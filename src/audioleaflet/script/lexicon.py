"""How terms are said: the leaflet's own entries first, then the house lexicon; forms follow from their entry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from audioleaflet.leaflet.ipa import respell
from audioleaflet.leaflet.model import Entry
from audioleaflet.script.model import Term

_SIBILANTS = ("s", "z", "ʃ", "ʒ")
_VOICELESS = ("p", "t", "k", "f", "θ")


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

    def __init__(self, entries: Iterable[Entry]) -> None:
        """``entries`` in order of precedence: the first to give a spelling wins."""
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
    """The regular plural (or third person) of the term itself, and the possessives of the term and its forms."""
    term, ipa = entry.term, entry.ipa
    ending = _plural_ending(ipa)
    if term.endswith(("s", "z", "x", "ch", "sh")):
        if not term.endswith(("is", "us", "es")):
            yield f"{term}es", ipa + ending
    elif term.endswith("y") and term[-2:-1] not in "aeiou":
        yield f"{term[:-1]}ies", ipa + ending
    else:
        yield f"{term}s", ipa + ending
        yield f"{term}s'", ipa + ending
    yield f"{term}'s", ipa + ending
    for spelling, spoken in _written_forms(entry):
        if spelling.endswith("s"):
            yield f"{spelling}'", spoken


def _plural_ending(ipa: str) -> str:
    if ipa.endswith(_SIBILANTS):
        return ".ɪz"
    return "s" if ipa.endswith(_VOICELESS) else "z"
