"""The last look at a sentence's plain words: each said as a lexicon, the words beside it or a dictionary has it.

What stays plain text is what an engine says right by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from audioleaflet.script.heteronyms import BREAK, Choice, Heteronyms
from audioleaflet.script.lexicon import Lexicon
from audioleaflet.script.model import Pause, Span, Spelled, Spoken, Term, Text, Unread

Source = Literal["rule", "lexicon", "context", "dictionary", "engine"]
_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*['’]?|\d+|[.,;:!?()–—…]")
_LONGEST_INITIALS = 4  # "MS" and "NSAID" are spelled or said by rules; longer capitals are words with emphasis


class Read(NamedTuple):
    """A span and who answered for it. ``choice``: of a word that can be said in two ways."""

    span: Span
    source: Source
    choice: Choice | None = None


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    span: int
    begin: int
    end: int


def settle(spoken: Spoken, lexicon: Lexicon, heteronyms: Heteronyms) -> Iterator[Read]:
    """The spans of a sentence with every word settled that can be; plain words next to each other stay one span."""
    tokens = list(_tokens(spoken))
    texts = [token.text for token in tokens]
    settled: dict[int, list[tuple[_Token, Read]]] = {}
    for at, token in enumerate(tokens):
        span = spoken[token.span]
        if isinstance(span, Text) and token.text[0].isalpha():
            read = _word(span.text[token.begin : token.end], texts, at, lexicon, heteronyms)
            if read is not None:
                settled.setdefault(token.span, []).append((token, read))
    for index, span in enumerate(spoken):
        if not isinstance(span, Text):
            known = isinstance(span, Term) and lexicon.get(" ".join(span.text.split())) is not None
            yield Read(span, "lexicon" if known else "rule")
            continue
        written = 0
        for token, read in settled.get(index, ()):
            if span.text[written : token.begin]:
                yield Read(Text(text=span.text[written : token.begin]), "engine")
            yield read
            written = token.end
        if span.text[written:]:
            yield Read(Text(text=span.text[written:]), "engine")


def _word(shown: str, texts: list[str], at: int, lexicon: Lexicon, heteronyms: Heteronyms) -> Read | None:
    word = texts[at].rstrip("'").lower()
    reading = lexicon.get(word)
    if reading is not None:
        return Read(lexicon.term(shown, reading), "lexicon")
    if word in heteronyms:
        choice = heteronyms.choose(texts, at)
        return Read(Term(text=shown, ipa=choice.way.ipa), "context", choice)
    if shown.isupper() and len(shown) <= _LONGEST_INITIALS:
        return None
    ipa = lexicon.correction(word)
    return Read(Term(text=shown, ipa=ipa), "dictionary") if ipa else None


def _tokens(spoken: Spoken) -> Iterator[_Token]:
    """Words, numbers and breaks of a whole sentence, in order; quotation marks and hyphens divide nothing."""
    for index, span in enumerate(spoken):
        if isinstance(span, Text | Term | Unread):
            for match in _TOKEN.finditer(span.text):
                yield _token(match, index)
        elif isinstance(span, Spelled):
            yield _Token("0", index, 0, 0)
        elif isinstance(span, Pause):
            yield _Token(BREAK, index, 0, 0)


def _token(match: re.Match[str], span: int) -> _Token:
    text = match.group().replace("’", "'")
    if not text[0].isalnum():
        return _Token(BREAK, span, match.start(), match.end())
    word = text.rstrip("'")  # a quotation mark, unless a plural owns what follows
    return _Token(text if word[-1] in "sS" else word, span, match.start(), match.start() + len(word))
