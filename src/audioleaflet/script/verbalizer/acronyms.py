"""Capitals: acronyms that are spelled (CT) or said (PET) by a list, and words in capitals for emphasis (DO NOT).

Capitals of six letters and more that could be spoken are a word as well (DROWSINESS, TYLENOL): nobody spells so many.
Shorter ones that are neither on a list nor a form of a common English word stay unread, and ``check`` tells them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from audioleaflet.script.model import Span, Text, Unread
from audioleaflet.script.verbalizer.closing import keeps_stop, starters
from audioleaflet.script.verbalizer.letters import said, spelled
from audioleaflet.script.verbalizer.patterns import lazy
from audioleaflet.script.verbalizer.rules import Language, Reading, Rule
from audioleaflet.script.verbalizer.vocabulary import Vocabulary, load

_S = lazy(r"['’]?s(?![^\W_])")
_LONG_WORD = lazy(r"[^\W\d_]{2,80}")
_WORD = lazy(r"([A-Z]{2,30})(s(?![^\W_]))?((?:['’](?:s|S)(?![^\W_]))|['’](?:T|RE|VE|LL|D|M)(?![^\W_]))?")
_PAIR = lazy(r"([A-Z]{1,3})&([A-Z]{1,3})(?![^\W_])")
_POINTED = lazy(r"(?:[A-Z]\.){1,7}(?:[A-Z](?![^\W_])\.?|(?<=\.))")
_HYPHENATED = lazy(r"([A-Z])[-‑]([A-Z]{2,6})(?![^\W_])")
_LETTERS = lazy(r"([A-Z])[-–‑]([A-Z])(?![^\W_]|-)")
_SPECIES = lazy(r"([A-Z])\. ?(?=[a-z]{4,})")
_NEIGHBOUR_BEFORE = lazy(r"(?<![^\W_])([A-Z]{2,20})(?:['’][A-Z]{1,2})?[,:;]? $")
_NEIGHBOUR_AFTER = lazy(r"[,:;]? ([A-Z]{2,20})(?![^\W_])")
_CAPITAL_AFTER = lazy(r" [A-Z]{2,20}(?![^\W_])")
_INITIAL = lazy(r"(?<![^\W_])[^\W\d_](?=[^\W\d_])")
_SHORTEST = 3
_LONG = 6
_HARD = lazy(r"[B-DF-HJ-NP-TV-XZ]{5}|^[B-DF-HJ-NP-TV-XZ]{4}|[B-DF-HJ-NP-TV-XZ]{4}$|[AEIOUY]{4}|[QJVWX]{2}|(.)\1\1")
_VOWELS = lazy(r"[AEIOUY]+")
_ENDINGS = ("s", "es", "ed", "ing", "er", "ly")
_CAMEL = lazy(r"(?:[A-Z][a-z]{1,20}){2,5}s?|[ei][A-Z][a-z]{2,20}")


class Acronyms(Vocabulary):
    """``spelled``: letter by letter. ``said``: each as it is said (see letters.said).

    ``emphasis``: those that among words in capitals are words (WHO CAN COME). ``letter_cues``: words after which a lone
    A is a letter. ``joined``: two with a stroke that are said one after the other. ``to``: between two letters (A-Z).
    """

    spelled: str
    said: dict[str, str]
    emphasis: str
    letter_cues: str
    joined: str
    to: str


class Words(Vocabulary):
    """``common``: words that an engine reads well, in lower case, with spaces between."""

    common: str


@lru_cache(maxsize=4)
def common_words(language: str) -> frozenset[str]:
    """The common words of a language, in lower case."""
    return frozenset(load("words", Words, language).common.split())


def rules(language: Language) -> Iterator[tuple[str, Rule]]:
    """See rules.py."""
    reader = _Reader(load("acronyms", Acronyms, language.tag), language)
    yield "A", reader.letter
    yield "AA", reader.capitals
    yield "aA", reader.mixed


class _Reader:
    def __init__(self, words: Acronyms, language: Language) -> None:
        self.language, self.words = language, words
        self.spelled, self.said = set(words.spelled.split()), words.said
        self.emphasis, self.joined = set(words.emphasis.split()), set(words.joined.split())
        cues = "|".join(words.letter_cues.split())
        self.cue = lazy(rf"(?<![^\W_])(?:{cues})s?,? $", re.IGNORECASE)

    def letter(self, text: str, at: int) -> Reading | None:
        """A letter that stands alone: ``U.S.``, ``Q&A``, ``G-CSF``, ``H. pylori``, ``hepatitis A``, ``(a)``."""
        tag, character = self.language.tag, text[at]
        if not character.isascii():
            return None
        if character == "a":
            in_list = text[at + 1 : at + 2] == ")" and (at == 0 or text[at - 1] in " (")
            return Reading(at + 1, (spelled("A", tag),)) if in_list else None
        if match := _PAIR.match(text, at):
            return self._pair(match)
        if match := _HYPHENATED.match(text, at):
            if match[2] in self.spelled:
                return Reading(match.end(), (spelled(match[1] + match[2], tag),))
            return None
        if (match := _LETTERS.match(text, at)) and match[1] < match[2]:
            return Reading(match.end(), (spelled(match[1], tag), Text(text=self.words.to), spelled(match[2], tag)))
        if (match := _POINTED.match(text, at)) and match.end() - at > 2:
            return self._pointed(text, match)
        if match := _SPECIES.match(text, at):
            return Reading(match.end(), (spelled(match[1], tag), Text(text=" ")))
        if character == "A":
            return self._lone_a(text, at)
        return None

    def capitals(self, text: str, at: int) -> Reading | None:
        """A word in capitals."""
        if match := _PAIR.match(text, at):
            return self._pair(match)
        match = _WORD.match(text, at)
        if match is None or text[match.end() : match.end() + 1].isalpha():  # IVb
            run = _LONG_WORD.match(text, at)
            return Reading(run.end(), (Unread(text=run.group()),)) if run and run.group().isascii() else None
        word, plural, tail = match[1], match[2] or "", match[3] or ""
        if tail[1:] in ("", "s", "S") and not (word in self.emphasis and self._in_run(text, at, match.end())):
            ending = plural or tail.lower()
            spans = self._acronym(word, ending)
            if not spans and not ending and len(word) > _SHORTEST and word[-1] == "S" and not self._is_word(word):
                spans = self._acronym(word[:-1], "s")  # NSAIDS
            if spans:
                return self._with_next(text, match.end(), spans)
        lower = f"{word}{plural}{tail}".lower().replace("’", "'")
        common = common_words(self.language.tag)
        if lower in common and _is_introduced(text, at, match.end(), word):
            return Reading(match.end(), (spelled(word, self.language.tag),))
        if not plural and (lower in common or (tail and word.lower() in common and tail[1:] in "sS")):
            shown = (word + tail).lower()
            return Reading(match.end(), (Text(text=shown.capitalize() if at == 0 else shown),))
        if not tail[1:] and not plural and (_is_spoken(word) or _is_form(word.lower(), common)):
            return Reading(match.end(), (Text(text=word.capitalize() if at == 0 else word.lower()),))
        return Reading(match.end(), (Unread(text=match.group()),))

    def mixed(self, text: str, at: int) -> Reading | None:
        """Capitals inside a word: MyChart is read as it stands, what is no two words is not."""
        word = _LONG_WORD.match(text, at)
        if word is None:
            return None
        if _CAMEL.fullmatch(word.group()):
            return Reading(word.end(), (Text(text=word.group()),))
        return Reading(word.end(), (Unread(text=word.group()),)) if word.group().isascii() else None

    def _acronym(self, word: str, ending: str) -> tuple[Span, ...]:
        if word in self.said:
            return said(self.said[word], self.language.tag, ending)
        if word in self.spelled:
            return (spelled(word, self.language.tag, ending),)
        return ()

    def _with_next(self, text: str, end: int, spans: tuple[Span, ...]) -> Reading:
        """``PET-CT`` and ``PET/CT`` are one after the other."""
        if text[end : end + 1] in ("-", "‑", "/"):
            follows = _WORD.match(text, end + 1)
            word = follows[1] if follows else ""
            if follows and (word in self.said or word in self.spelled):
                pair = f"{text[max(0, end - 8) : end].rsplit(' ', 1)[-1]}/{word}"
                known = text[end] != "/" or pair in self.joined
                return Reading(end + 1, (*spans, Text(text=" " if known else ", ")))
        return Reading(end, spans)

    def _in_run(self, text: str, at: int, end: int) -> bool:
        """Whether a neighbour is a word in capitals that is no acronym."""
        if text[at:end] == "AM" and (text[max(0, at - 2) : at] == "I " or text[end : end + 3] == " I "):
            return True
        before = _NEIGHBOUR_BEFORE.search(text, max(0, at - 30), at)
        after = _NEIGHBOUR_AFTER.match(text, end)
        return any(match is not None and self._is_word(match[1]) for match in (before, after))

    def _is_word(self, word: str) -> bool:
        return word not in self.said and word not in self.spelled and word.lower() in common_words(self.language.tag)

    def _pair(self, match: re.Match[str]) -> Reading:
        tag = self.language.tag
        return Reading(match.end(), (spelled(match[1], tag), Text(text=" and "), spelled(match[2], tag)))

    def _pointed(self, text: str, match: re.Match[str]) -> Reading:
        letters = match.group().replace(".", "")
        ending = _S.match(text, match.end())
        end = ending.end() if ending else match.end()
        spans = self._acronym(letters, ending.group() if ending else "") or (
            spelled(letters, self.language.tag, ending.group() if ending else ""),
        )
        if not ending and text[end - 1] == "." and keeps_stop(text, end, starters(self.language.tag)):
            spans = (*spans, Text(text="."))
        return Reading(end, spans)

    def _lone_a(self, text: str, at: int) -> Reading | None:
        if self.cue.search(text, max(0, at - 24), at) or text[at + 1 : at + 2] in ("-", "‑"):
            return Reading(at + 1, (spelled("A", self.language.tag),))
        if at and _CAPITAL_AFTER.match(text, at + 1) and _NEIGHBOUR_BEFORE.search(text, max(0, at - 24), at):
            return Reading(at + 1, (Text(text="a"),))
        return None


def _is_spoken(word: str) -> bool:
    """Whether capitals are too many, and too easy to say, to be letters."""
    return len(word) >= _LONG and _HARD.search(word) is None and len(_VOWELS.findall(word)) > 1


def _is_form(word: str, common: frozenset[str]) -> bool:
    """Whether a word is a common one with an ending: boxed, refills, chewing."""
    for ending in _ENDINGS:
        stem = word.removesuffix(ending)
        if len(stem) > _SHORTEST - 1 and stem != word and not common.isdisjoint((stem, stem + "e", stem[:-1])):
            return True
    return False


def _is_introduced(text: str, at: int, end: int, word: str) -> bool:
    """Whether brackets give the initials of the words before them: ``acute lymphoblastic leukemia (ALL)``."""
    if text[at - 1 : at] != "(" or text[end : end + 1] != ")":
        return False
    initials = "".join(_INITIAL.findall(text, max(0, at - 120), at)[-len(word) - 2 :]).upper()
    rest = iter(initials)
    return all(letter in rest for letter in word)
