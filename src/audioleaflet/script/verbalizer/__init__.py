"""From what is shown to what is spoken: shown text in, spans out, a rule a class of text.

A place in the text is read by the first of these that knows it: an editor's own mark, an address or a telephone
number (``found``), the longest of a lexicon term and what the rules read from there (``rules``), else it is a plain
word. What is neither a word nor punctuation and no rule can read becomes ``Unread``: never a guess in silence.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import itemgetter

from audioleaflet.phrases import Phrases
from audioleaflet.script.heteronyms import heteronyms
from audioleaflet.script.lexicon import Lexicon
from audioleaflet.script.model import Pause, Span, Spelled, Spoken, Term, Text, Unread
from audioleaflet.script.settling import Read, settle
from audioleaflet.script.verbalizer import (
    abbreviations,
    acronyms,
    addresses,
    ages,
    codes,
    comparisons,
    dates,
    dosing,
    durations,
    helplines,
    measures,
    money,
    names,
    numbers,
    ordinals,
    references,
    roman,
    slashes,
    streets,
    symbols,
    telephones,
    times,
    weekdays,
    years,
)
from audioleaflet.script.verbalizer.characters import mended
from audioleaflet.script.verbalizer.patterns import lazy
from audioleaflet.script.verbalizer.rules import Language, Rule
from audioleaflet.settings import Pauses, canonical_language
from audioleaflet.units import Ms

# Letters are those of alphabets: raised and lowered digits, fractions and digits in circles are signs.
_SIGNS = "²³¹¼-¾⁰-₎⅐-⅟↉①-⓿❶-➓"
_TOKEN = lazy(rf"[^\W\d_{_SIGNS}]+|\S")
_WORD = lazy(r"[^\W_]{1,80}(?:['’-][^\W_]{1,80}){0,8}['’]?")
_RUN = lazy(r"[\w.,+/%°-]{0,40}\w")
_LATIN = lazy(r"[A-Za-zªºÀ-ÖØ-öø-ɏ\u0300-\u036fḀ-ỿﬀ-ﬆ]*")
_PLAIN = frozenset(".,;:!?'’-–…")
_SAFE = frozenset(".,;:!?'’–—-…")  # signs that a term may touch
_HYPHENS = frozenset("-–‑−")
# The order is that of precedence: the first rule that can read a place reads it.
_CLASSES = (
    streets,
    codes,
    names,
    roman,
    helplines,
    weekdays,
    durations,
    dates,
    times,
    money,
    years,
    ordinals,
    ages,
    references,
    measures,
    comparisons,
    numbers,
    dosing,
    abbreviations,
    acronyms,
    slashes,
    symbols,
)


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
        self._heteronyms = heteronyms(language.tag)
        self._rules: dict[str, list[Rule]] = {}
        for source in _CLASSES:
            for key, rule in source.rules(language):
                self._rules.setdefault(key, []).append(rule)
        self._first = {match.group().lower() for one in lexicon.spellings() if (match := _TOKEN.match(one))}

    @classmethod
    def of(cls, language: str, lexicon: Lexicon, phrases: Phrases, pauses: Pauses) -> Verbalizer:
        """For texts of one BCP 47 language; its region, else the United States, is where short numbers are dialled."""
        tag = canonical_language(language)
        _, _, region = tag.partition("-")
        return cls(
            Language(tag=tag, region=region[-2:] or "US", phrases=phrases, between_groups=Ms(pauses.group)), lexicon
        )

    def spoken(self, shown: str, marks: Iterable[Mark] = ()) -> Spoken:
        """The spans of a sentence, in order: every word, number and sign of ``shown``, as itself or in words."""
        return tuple(read.span for read in self.read(shown, marks))

    def read(self, shown: str, marks: Iterable[Mark] = ()) -> tuple[Read, ...]:
        """The spans of a sentence, each with what answered for it (see settling.py)."""
        marks = tuple(marks)
        text = mended(shown)
        if len(text) != len(shown):
            marks = tuple(
                Mark(begin=len(mended(shown[: mark.begin])), end=len(mended(shown[: mark.end])), ipa=mark.ipa)
                for mark in marks
            )
        return tuple(settle(tuple(_joined(self._spans(text, marks))), self.lexicon, self._heteronyms))

    def telephones(self, shown: str) -> tuple[Spelled, ...]:
        """The telephone numbers in a sentence, in order."""
        return tuple(
            span for _, _, spans in self._found(mended(shown), ()) for span in spans if isinstance(span, Spelled)
        )

    def _found(self, text: str, marks: tuple[Mark, ...]) -> list[tuple[int, int, Spoken]]:
        """What is looked for in the whole text before it is read from left to right, in order, without overlap."""
        candidates: list[tuple[int, int, Spoken]] = [
            (mark.begin, mark.end, (Term(text=text[mark.begin : mark.end], ipa=mark.ipa),)) for mark in marks
        ]
        candidates.extend(addresses.find(text, self.language))
        candidates.extend(telephones.find(text, self.language))
        found: list[tuple[int, int, Spoken]] = []
        for begin, end, spans in candidates:  # marks before addresses before telephone numbers
            place = bisect(found, begin, key=itemgetter(0))
            before = found[place - 1][1] if place else 0
            after = found[place][0] if place < len(found) else len(text)
            if before <= begin and end <= after:
                found.insert(place, (begin, end, spans))
        return found

    def _spans(self, text: str, marks: tuple[Mark, ...]) -> Iterator[Span]:
        position = 0
        for begin, end, spans in self._found(text, marks):
            yield from _apart(self._read(text, position, begin))
            yield from spans
            position = end
        yield from _apart(self._read(text, position, len(text)))

    def _read(self, text: str, begin: int, end: int) -> Iterator[Span]:
        """Read ``text[begin:end]`` token by token; rules see the whole text, and may not read past ``end``."""
        position = written = begin
        while (token := _TOKEN.search(text, position, end)) is not None:
            at = token.start()
            position, spans = self._at(text, at, token.end(), end)
            if spans is None:
                continue
            before = text[written:at]
            if spans and isinstance(spans[0], Text) and spans[0].text.startswith(","):
                before = before.rstrip()  # a bracket or a dash after a space has become a comma
            if before:
                yield Text(text=before)
            yield from spans
            written = position
        if text[written:end]:
            yield Text(text=text[written:end])

    def _at(self, text: str, at: int, after: int, end: int) -> tuple[int, Spoken | None]:
        """Where the token at ``at`` ends, and its spans; None where it stays as it is."""
        if _splits(text, at):  # the rest of a long run that is not read
            return _unread(text, at, end)
        word = text[at:after]
        lower = word.lower()
        if self._is_plain(word, lower, text[after : after + 1]):
            return after, None
        term_end, term = self._term(text, at, end) if lower in self._first else (at, None)
        for key in _keys(text, at, after, lower):
            for rule in self._rules.get(key, ()):
                reading = rule(text, at)
                if reading is not None and term_end < reading.end <= end and not _splits(text, reading.end):
                    return reading.end, tuple(self._with_terms(reading.spoken))
        if term is not None:
            return term_end, (term,)
        if word in _PLAIN or (word[0].isalpha() and _LATIN.fullmatch(word) and not _splits(text, after)):
            return after, None
        return _unread(text, at, end)

    def _is_plain(self, word: str, lower: str, follows: str) -> bool:
        """Whether a token is a word that no rule and no term can begin with: most are, so this comes first."""
        return (
            lower not in self._rules
            and lower not in self._first
            and len(word) > 1
            and word.isascii()
            and (word[1:].islower())
            and not follows.isdecimal()
            and follows not in _HYPHENS
        )

    def _term(self, text: str, at: int, end: int) -> tuple[int, Term | None]:
        """The longest lexicon term that begins at ``at``."""
        if at and text[at - 1].isalnum():
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


def _keys(text: str, at: int, after: int, lower: str) -> Iterator[str]:
    """The keys of the rules to try at a token, the most telling first (see rules.py)."""
    if text[at].isdecimal():
        yield "0"
        return
    if not text[at].isalpha():
        yield text[at]
        return
    if at and (text[at - 1].isalnum() or text[at - 1] == "_"):
        return
    word = text[at:after]
    yield lower
    follows = text[after : after + 2]
    if follows[:1].isdecimal() or (follows[:1] in _HYPHENS and follows[1:].isdecimal()):
        yield "A0"
    if len(word) == 1:
        yield "A"
    elif word.isupper() or (len(word) > 2 and word[:-1].isupper()):
        yield "AA"
    elif not word[1:].islower():
        yield "aA"


def _unread(text: str, at: int, end: int) -> tuple[int, Spoken]:
    """The run of a number or a name that is not read; a sign goes with a number after it, and alone before a word."""
    run = _RUN.match(text, at, end) if _in_word(text[at]) or text[at + 1 : at + 2].isdecimal() else None
    last = run.end() if run else at + 1
    return last, (Unread(text=text[at:last]),)


def _splits(text: str, end: int) -> bool:
    """Whether a reading up to ``end`` would leave a part of a word or of a number unread."""
    return 0 < end < len(text) and _in_word(text[end - 1]) and _in_word(text[end])


def _in_word(character: str) -> bool:
    return character.isalpha() or character.isdecimal()


def _apart(spans: Iterator[Span]) -> Iterator[Span]:
    """The spans with a space where two words would run together, and where a sign would touch a term.

    espeak-ng 1.52 leaves a word given in phonemes out when one of most signs stands right before it.
    """
    last = ""
    known = False
    for span in spans:
        if isinstance(span, Pause):
            last = ""
        else:
            together = known and not isinstance(span, Unread) and last.isalnum() and span.text[:1].isalnum()
            if together or (
                isinstance(span, Term) and last and not (last.isalnum() or last.isspace() or last in _SAFE)
            ):
                yield Text(text=" ")
            last = span.text[-1:] or last
            known = not isinstance(span, Unread)
        yield span


def _joined(spans: Iterator[Span]) -> Iterator[Span]:
    """The spans with neighbouring plain words made one."""
    words: list[str] = []
    for span in spans:
        if isinstance(span, Text):
            if words and span.text.startswith(","):
                words[-1] = words[-1].rstrip(" ")
            words.append(span.text)
            continue
        if words:
            yield Text(text="".join(words))
            words.clear()
        yield span
    if words:
        yield Text(text="".join(words))
