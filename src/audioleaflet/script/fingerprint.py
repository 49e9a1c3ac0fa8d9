"""A script in hashes, for approval: the wording, what is said, each sentence, and the readings of its terms.

Left out is what no approval can be about: how long the recording is, who checked it, the day; and silences, which the
library sets. A term stands in its sentence by its spelling; how it is said is its reading, told apart, so that a
reading that is corrected for the whole library can be approved once. A term that its sentence says otherwise than the
lexicon (a word settled in its place) stays in the sentence with its reading.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterator
from pathlib import Path

from audioleaflet.digest import text_sha256
from audioleaflet.leaflet.approval import Fingerprint
from audioleaflet.leaflet.ipa import respell
from audioleaflet.script.lexicon import Lexicon
from audioleaflet.script.model import Pause, Script, Spelled, Syllables, Term, Text, Utterance
from audioleaflet.script.writer import is_told, wording

_SHORT = 12  # characters of a hash that only names what has changed; the whole script has a whole SHA-256


def fingerprint(script: Script, lexicon: Lexicon, house: Collection[Path]) -> Fingerprint:
    """The hashes of a script. ``house``: the lexicon files of the library, whose readings count for all leaflets."""
    sentences = _Sentences(script, lexicon)
    said = [(utterance.id, sentences.encoded(utterance)) for utterance in _lasting(script)]
    readings = sentences.readings
    origins = {term: reading.entry.origin.path for term in readings if (reading := lexicon.get(term)) is not None}
    return Fingerprint(
        wording=text_sha256(wording(script)),
        spoken=text_sha256("\n".join(text for _, text in said)),
        sentences=tuple((identifier, text_sha256(text)[:_SHORT]) for identifier, text in said),
        readings=readings,
        house={term: path.stem for term, path in origins.items() if path in house},
    )


class _Sentences:
    """What each utterance says, in words that can be compared. ``readings``: of every term that is told apart."""

    def __init__(self, script: Script, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        said: dict[str, set[str]] = defaultdict(set)
        for utterance in _lasting(script):
            for span in utterance.spoken:
                if isinstance(span, Term):
                    said[_spelling(span)].add(_reading(span))
        self._single = {spelling for spelling, readings in said.items() if len(readings) == 1}
        self.readings = {
            _spelling(span): _reading(span)
            for utterance in _lasting(script)
            for span in utterance.spoken
            if isinstance(span, Term) and self._apart(span)
        }

    def encoded(self, utterance: Utterance) -> str:
        """One line; the same words give the same line, wherever the verbalizer divides them into spans."""
        return " ".join("".join(self._span(span) for span in utterance.spoken).split())

    def _span(self, span: object) -> str:
        if isinstance(span, Text):
            return span.text
        if isinstance(span, Pause):
            return " "
        if isinstance(span, Spelled):
            return f" {json.dumps(span.groups)} "
        if isinstance(span, Term):
            return span.text if self._apart(span) else _marked(span.text, _reading(span))
        if isinstance(span, Syllables):
            ipa = "" if self._is_the_lexicons(span.text, span.ipa) else span.ipa
            return _marked("slowly", span.text, ipa, "" if span.respelling == respell(span.ipa) else span.respelling)
        return _marked(type(span).__name__, getattr(span, "text", ""))

    def _apart(self, term: Term) -> bool:
        if self._lexicon.get(term.text) is None:
            return _spelling(term) in self._single
        return self._is_the_lexicons(term.text, term.ipa)

    def _is_the_lexicons(self, text: str, ipa: str) -> bool:
        reading = self._lexicon.get(text)
        return reading is not None and reading.ipa == ipa


def _lasting(script: Script) -> Iterator[Utterance]:
    return (utterance for utterance in script.utterances() if not is_told(utterance))


def _spelling(term: Term) -> str:
    return " ".join(term.text.lower().split())


def _reading(term: Term) -> str:
    """How a term is said, with what engines without phonemes are given: ``məˈtæs.tə.sɪs gtts=meh tastasis``."""
    return " ".join((term.ipa, *(f"{engine}={spelling}" for engine, spelling in term.alias)))


def _marked(*parts: str) -> str:
    return f" {json.dumps(parts, ensure_ascii=False)} "
