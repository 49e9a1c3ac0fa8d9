"""From what is shown to what is spoken: shown text in, spans out, a rule a class of text.

A place in the text is read by the first of these that knows it: an editor's own mark, an address or a telephone
number (``found``), the longest of a lexicon term and what the rules read from there (``rules``), else it is a plain
word. What is neither a word nor punctuation and no rule can read becomes ``Unread``: never a guess in silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from audioleaflet.phrases import Phrases
from audioleaflet.script.lexicon import Lexicon
from audioleaflet.script.model import Span, Spelled, Spoken, Term, Text, Unread
from audioleaflet.script.verbalizer import addresses, dates, measures, names, numbers, symbols, telephones, words
from audioleaflet.script.verbalizer.rules import Language, Rule
from audioleaflet.settings import Pauses, canonical_language
from audioleaflet.units import Ms

_TOKEN = re.compile(r"[^\W\d_]+|\d|[^\s\w]|_")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*['’]?")
_PLAIN = frozenset(".,;:!?'\"()’‘“”–—-…")
_RUN = re.compile(r"[\w.,/+%°-]*\w|\S")
# The order is that of precedence: the first rule that can read a place reads it.
_CLASSES = (dates, measures, numbers, names, words, symbols)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A reading that an editor has settled for one occurrence: ``text[begin:end]`` is said as ``ipa``."""

    begin: int
    end: int
    ipa: str


class Verbalizer:
    """Turns one sentence at a time into spans."""

    def __init__(self, language: Language, lexicon: Lexicon) -> None:
        self.language = language
        self.lexicon = lexicon
        self._rules: dict[str, list[Rule]] = {}
        for source in _CLASSES:
            for key, rule in source.rules(language):
                self._rules.setdefault(key, []).append(rule)

    @classmethod
    def of(cls, language: str, lexicon: Lexicon, phrases: Phrases, pauses: Pauses) -> Verbalizer:
        """For texts of one BCP 47 language; its region, else the United States, is where short numbers are dialled."""
        tag = canonical_language(language)
        _, _, region = tag.partition("-")
        return cls(
            Language(tag=tag, region=region[-2:] or "US", phrases=phrases, between_groups=Ms(pauses.group)), lexicon
        )

    def spoken(self, shown: str, marks: Iterable[Mark] = ()) -> Spoken:
        """The spans of a sentence, in order. Every character of ``shown`` is in one of them, as itself or in words."""
        return tuple(_joined(self._spans(shown, tuple(marks))))

    def telephones(self, shown: str) -> tuple[Spelled, ...]:
        """The telephone numbers in a sentence, in order."""
        return tuple(span for _, _, spans in self._found(shown, ()) for span in spans if isinstance(span, Spelled))

    def _found(self, shown: str, marks: tuple[Mark, ...]) -> list[tuple[int, int, Spoken]]:
        """What is looked for in the whole text before it is read from left to right, in order, without overlap."""
        candidates: list[tuple[int, int, Spoken]] = [
            (mark.begin, mark.end, (Term(text=shown[mark.begin : mark.end], ipa=mark.ipa),)) for mark in marks
        ]
        candidates.extend(addresses.find(shown, self.language))
        candidates.extend(telephones.find(shown, self.language))
        found: list[tuple[int, int, Spoken]] = []
        for begin, end, spans in candidates:  # marks before addresses before telephone numbers
            if not any(begin < last and first < end for first, last, _ in found):
                found.append((begin, end, spans))
        return sorted(found, key=lambda place: place[0])

    def _spans(self, shown: str, marks: tuple[Mark, ...]) -> Iterator[Span]:
        position = 0
        for begin, end, spans in self._found(shown, marks):
            yield from self._read(shown, position, begin)
            yield from spans
            position = end
        yield from self._read(shown, position, len(shown))

    def _read(self, text: str, begin: int, end: int) -> Iterator[Span]:
        """Read ``text[begin:end]`` token by token; rules see the whole text, and may not read past ``end``."""
        position = written = begin
        while (token := _TOKEN.search(text, position, end)) is not None:
            at = token.start()
            stop, spans = self._at(text, at, token.end(), end)
            if spans:
                if text[written:at]:
                    yield Text(text=text[written:at])
                yield from spans
                written = stop
            position = stop
        if text[written:end]:
            yield Text(text=text[written:end])

    def _at(self, text: str, at: int, after: int, end: int) -> tuple[int, Spoken]:
        """Where the token at ``at`` ends, and its spans; none where it stays as it is."""
        term_end, term = self._term(text, at, end) if text[at].isalpha() else (at, None)
        for key in _keys(text, at, after):
            for rule in self._rules.get(key, ()):
                reading = rule(text, at)
                if reading is not None and term_end < reading.end <= end:
                    return reading.end, tuple(self._with_terms(reading.spoken))
        if term is not None:
            return term_end, (term,)
        if text[at].isalpha() or text[at] in _PLAIN:
            return after, ()
        run = _RUN.match(text, at, end)
        assert run is not None, "a token is not white space"
        return run.end(), (Unread(text=run.group()),)

    def _term(self, text: str, at: int, end: int) -> tuple[int, Term | None]:
        """The longest lexicon term that begins at ``at``."""
        if at and (text[at - 1].isalnum()):
            return at, None
        ends: list[int] = []
        position = at
        while len(ends) < self.lexicon.longest and (word := _WORD.match(text, position, end)):
            ends.append(word.end())
            gap = word.end()
            while gap < end and text[gap].isspace():
                gap += 1
            position = gap
        for last in reversed(ends):
            reading = self.lexicon.get(" ".join(text[at:last].replace("’", "'").split()))
            if reading is not None:
                return last, self.lexicon.term(text[at:last], reading)
        return at, None

    def _with_terms(self, spoken: Spoken) -> Iterator[Span]:
        """A rule's words, with the lexicon's terms among them."""
        for span in spoken:
            if not isinstance(span, Text):
                yield span
                continue
            written = position = 0
            while (token := _WORD.search(span.text, position)) is not None:
                end, term = self._term(span.text, token.start(), len(span.text))
                if term is not None:
                    if span.text[written : token.start()]:
                        yield Text(text=span.text[written : token.start()])
                    yield term
                    written = end
                position = max(end, token.end())
            if span.text[written:]:
                yield Text(text=span.text[written:])


def _keys(text: str, at: int, after: int) -> Iterator[str]:
    """The keys of the rules to try at a token, the most telling first (see rules.py)."""
    if text[at].isdigit():
        yield "0"
        return
    if not text[at].isalpha():
        yield text[at]
        return
    if at and (text[at - 1].isalnum() or text[at - 1] == "_"):
        return
    word = text[at:after]
    yield word.lower()
    follows = text[after : after + 2]
    if follows[:1].isdigit() or (follows[:1] in "-–‑" and follows[1:].isdigit()):
        yield "A0"
    if len(word) > 1 and word[:-1].isupper():
        yield "AA"
    if len(word) == 1:
        yield "A"


def _joined(spans: Iterator[Span]) -> Iterator[Span]:
    """The spans with neighbouring plain words made one."""
    words: list[str] = []
    for span in spans:
        if isinstance(span, Text):
            words.append(span.text)
            continue
        if words:
            yield Text(text="".join(words))
            words.clear()
        yield span
    if words:
        yield Text(text="".join(words))
