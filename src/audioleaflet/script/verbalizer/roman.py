"""Roman numerals after stage, type, grade and the like, and nowhere else: ``stage IIIB`` is "stage three B".

What stands in capitals elsewhere may be letters (an IV drip), a word (MIX) or a name (vitamin C). A lone I after such a
word may be the pronoun: "the stage I am in".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from audioleaflet.script.model import Span, Text
from audioleaflet.script.verbalizer.counting import cardinal
from audioleaflet.script.verbalizer.letters import spelled
from audioleaflet.script.verbalizer.patterns import lazy
from audioleaflet.script.verbalizer.rules import Language, Reading, Rule
from audioleaflet.script.verbalizer.vocabulary import Vocabulary, load

_VALUES = {"I": 1, "V": 5, "X": 10}
_ITEM = r"(?:(?=[IVXivx])(?:X{0,3}(?:IX|IV|V?I{0,3})|x{0,3}(?:ix|iv|v?i{0,3}))|\d{1,2})(?:-?[A-Ea-e]\d?)?(?![^\W_])"
_ONE = lazy(rf"({_ITEM})")
_PARTS = lazy(r"(\d{1,2}|[IVXivx]{1,6})-?([A-Ea-e])?(\d)?")
_LINK = lazy(r"\s?[-–‑−/]\s?|,? (?:(?:and|but|or) )?(?:not|rather than) |,? (?:and|or|to|through|versus|vs\.?|&) |, ?")
_UP_TO_LETTER = lazy(r"[-–‑]([A-Ea-e])(?![^\W_])")
_GAP = lazy(r":? |-")
_LEADING = lazy(
    r"(?:^|[,;:.!?]\s)[\"“]?(?:in|at|on|by|with|during|after|before|from|until)\s(?:[a-z]{1,8}\s){0,2}$", re.IGNORECASE
)
_BEFORE = lazy(r"(?:^|[^\w])([\w’']{1,20})\s$")
_NEXT = lazy(r"\s?([a-z]{2,12}|['’](?:m|ve|ll|d))\b")
_AMOUNT = lazy(r"[.,]?\d|%|\s?(?:mg|mcg|g|ml|cm|mm)\b")
_MOST = 8


class Roman(Vocabulary):
    """After which words numerals are read, and when a lone I is the pronoun.

    ``cues``: any numeral. ``tenth``: those whose X is ten; after others a lone X is the letter. ``compound``: a word
    with the word before it (nerve: cranial). ``first_person``: words after a pronoun only; ``perhaps``: after a pronoun
    where one of ``determiners`` stands before the cue, or a preposition that opens the sentence ("In class I sat");
    ``adverbs``: after a determiner only. ``links``: a link as it is said. ``slash``: as it is said, but for ``pairs``,
    after which it is not. ``initials``: cues that are spelled.
    """

    cues: str
    tenth: str
    compound: dict[str, str]
    first_person: str
    perhaps: str
    adverbs: str
    determiners: str
    links: dict[str, str]
    slash: str
    initials: str
    pairs: str


def rules(language: Language) -> Iterator[tuple[str, Rule]]:
    """See rules.py."""
    words = load("roman", Roman, language.tag)
    rule = _Rule(words, language).read
    for cue in (*words.cues.split(), *words.initials.split(), *words.compound):
        yield cue, rule


class _Rule:
    def __init__(self, words: Roman, language: Language) -> None:
        self.language = language
        self.words = words
        self.tenth, self.pairs = set(words.tenth.split()), set(words.pairs.split())
        self.first_person, self.perhaps = set(words.first_person.split()), set(words.perhaps.split())
        self.adverbs = set(words.adverbs.split())
        self.initials = set(words.initials.split())
        self.determiners = set(words.determiners.split())

    def read(self, text: str, at: int) -> Reading | None:
        """The cue at ``at`` with the numerals after it."""
        after = at
        while after < len(text) and text[after].isalpha() and after - at < 16:
            after += 1
        cue = text[at:after].lower()
        before = _BEFORE.search(text, max(0, at - 24), at)
        previous = before[1].lower() if before else ""
        if cue in self.words.compound and previous != self.words.compound[cue]:
            return None
        gap = _GAP.match(text, after)
        if gap is None:
            return None
        found = self._items(text, at, gap.end(), cue, previous)
        pair = cue in self.pairs and any(link == "/" for _, link in found)
        if not pair and all(item.isdecimal() for item, _ in found):  # plain numbers are for others to read
            return None
        spoken_cue = text[at:after] if not text[at:after].isupper() else cue.capitalize() if at == 0 else cue
        spans: list[Span] = [Text(text=spoken_cue + gap.group())]
        if cue in self.initials:
            spans = [spelled(cue, self.language.tag), Text(text=gap.group())]
        end = gap.end()
        for item, link in found:
            if link:
                spans.append(Text(text=self._link(link, cue)))
            spans.extend(self._spans(item))
            end += len(link) + len(item)
        if (upto := _UP_TO_LETTER.match(text, end)) and found[-1][0][-1].isalpha():  # IIIA-C
            spans += [Text(text=self.words.links["-"]), spelled(upto[1], self.language.tag)]
            end = upto.end()
        return Reading(end, tuple(spans))

    def _items(self, text: str, at: int, position: int, cue: str, previous: str) -> list[tuple[str, str]]:
        """The numerals of a list after the cue at ``at``, each with the link before it."""
        found: list[tuple[str, str]] = []
        link = ""
        while len(found) < _MOST and (match := _ONE.match(text, position)):
            item = match[1]
            leads = item == "I" and not found and _LEADING.search(text, max(0, at - 40), at) is not None
            if not self._is_numeral(text, item, match.end(), cue, previous, link, leads=leads):
                break
            found.append((item, link))
            following = _LINK.match(text, match.end())
            if following is None:
                break
            link, position = following.group(), following.end()
        return found

    def _is_numeral(self, text: str, item: str, end: int, cue: str, previous: str, link: str, *, leads: bool) -> bool:
        if item.isdecimal():
            return not _AMOUNT.match(text, end) and not (text[end : end + 1] == "/" and cue not in self.pairs)
        if item in ("X", "x"):
            return cue in self.tenth and item == "X"
        if item in ("i", "v", "via", "vi-a", "i-a"):
            return False
        if item != "I":
            return True
        if link.strip().lstrip(",").strip() in ("and", "or", "&"):
            return False
        follows = _NEXT.match(text, end)
        word = follows[1] if follows else ""
        return not (
            word.startswith(("'", "’"))
            or word in self.first_person
            or (word in self.perhaps and (leads or previous in self.determiners))
            or (word in self.adverbs and previous in self.determiners)
        )

    def _link(self, link: str, cue: str) -> str:
        bare = link.strip()
        if bare == "/":
            return " " if cue in self.pairs else self.words.slash
        return self.words.links.get(bare, link)

    def _spans(self, item: str) -> Iterator[Span]:
        parts = _PARTS.fullmatch(item)
        assert parts is not None, f"{item} was matched as a numeral"
        number, letter, digit = parts.groups()
        yield Text(text=cardinal(int(number) if number.isdecimal() else _value(number), self.language.tag))
        if letter:
            yield Text(text=" ")
            yield spelled(letter, self.language.tag)
        if digit:
            yield Text(text=f" {cardinal(int(digit), self.language.tag)}")


def _value(numeral: str) -> int:
    values = [_VALUES[letter] for letter in numeral.upper()]
    return sum(
        -value if value < following else value for value, following in zip(values, [*values[1:], 0], strict=True)
    )
