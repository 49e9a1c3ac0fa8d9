"""Words that are said in two ways (wound, tear, lead): which way, by the words beside them, as data a language.

Where nothing beside a word settles it, it is said in the way that is usual in leaflets, and an editor is told. See
``en.txt`` for the form of the data.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files

from audioleaflet.settings import narrowing

BREAK = "."  # a token that stands for punctuation or a pause


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way to say a word: a short name, canonical IPA, a meaning for an editor."""

    name: str
    ipa: str
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """How one occurrence is said, and the ways that it could be. ``settled``: the words beside it tell."""

    word: str
    way: Way
    ways: tuple[Way, ...]
    settled: bool


@dataclass(slots=True)
class _Word:
    ways: list[Way] = field(default_factory=list)
    contexts: list[tuple[str, str]] = field(default_factory=list)


class Heteronyms:
    """The words of one language."""

    def __init__(self, lines: Sequence[str]) -> None:
        """``lines`` of the data; see ``en.txt``."""
        self._classes: dict[str, frozenset[str]] = {}
        self._words: dict[str, _Word] = {}
        self._compiled: dict[str, _Context] = {}
        word, name = _Word(), ""
        for line in lines:
            head, _, rest = line.strip().partition(" ")
            if line.startswith("<"):
                name = head
                self._classes[name] = frozenset(rest.split())
            elif head == "=":
                name, ipa, meaning = rest.split("  ")
                word.ways.append(Way(name=name, ipa=ipa, meaning=meaning))
            elif head == ":":
                name, context = rest.split("  ")
                word.contexts.append((name, context))
            elif line.startswith(" "):
                self._classes[name] |= frozenset(line.split())
            elif head and not head.startswith("#"):
                word = self._words.setdefault(head, _Word())

    def __iter__(self) -> Iterator[str]:
        return iter(self._words)

    def __contains__(self, word: str) -> bool:
        return word.lower() in self._words

    def ways(self, word: str) -> tuple[Way, ...]:
        """The ways to say a word, the usual one first."""
        return tuple(self._words[word.lower()].ways)

    def contexts(self, word: str) -> tuple[tuple[str, str], ...]:
        """What settles a word: the name of a way and a context, in order of precedence."""
        return tuple(self._words[word.lower()].contexts)

    def choose(self, tokens: Sequence[str], at: int) -> Choice:
        """How ``tokens[at]`` is said, a word of the data in any case. ``BREAK`` stands for punctuation among tokens."""
        word = tokens[at].rstrip("'").lower()
        known = self._words[word]
        ways = {way.name: way for way in known.ways}
        for name, context in known.contexts:
            if self._context(context).fits(tokens, at):
                return Choice(word=word, way=ways[name], ways=tuple(known.ways), settled=True)
        return Choice(word=word, way=known.ways[0], ways=tuple(known.ways), settled=len(ways) == 1)

    def _context(self, text: str) -> _Context:
        if text not in self._compiled:
            parts = [self._alternatives(part) for part in text.split()]
            at = next(index for index, part in enumerate(parts) if part & {"_", "_A"})
            self._compiled[text] = _Context(tuple(parts[:at]), tuple(parts[at + 1 :]), "_A" in parts[at])
        return self._compiled[text]

    def _alternatives(self, part: str) -> frozenset[str]:
        found: set[str] = set()
        for one in part.split("|"):
            found |= self._classes[one] if one.startswith("<") else {one}
        return frozenset(found)


@dataclass(frozen=True, slots=True)
class _Context:
    before: tuple[frozenset[str], ...]
    after: tuple[frozenset[str], ...]
    capital: bool

    def fits(self, tokens: Sequence[str], at: int) -> bool:
        """Whether the words around ``tokens[at]`` are these."""
        if self.capital and (not tokens[at][:1].isupper() or at == 0 or tokens[at - 1] == BREAK):
            return False
        start = at - len(self.before)
        return all(_is(tokens, start + step, wanted) for step, wanted in enumerate(self.before)) and all(
            _is(tokens, at + 1 + step, wanted) for step, wanted in enumerate(self.after)
        )


def _is(tokens: Sequence[str], at: int, wanted: frozenset[str]) -> bool:
    if not 0 <= at < len(tokens) or tokens[at] == BREAK:
        return ("^" if at < 0 else "$") in wanted or (0 <= at < len(tokens) and "^" in wanted)
    token = tokens[at].lower()
    return (
        token in wanted
        or "*" in wanted
        or (token.isdigit() and "two" in wanted)
        or (token.endswith(("'s", "s'")) and "'s" in wanted)
    )


@lru_cache(maxsize=8)
def heteronyms(language: str) -> Heteronyms:
    """The heteronyms of a BCP 47 language; none where there is no data for it."""
    for tag in narrowing(language):
        resource = files(__package__) / f"{tag}.txt"
        if resource.is_file():
            return Heteronyms(resource.read_text(encoding="utf-8").splitlines())
    return Heteronyms(())
