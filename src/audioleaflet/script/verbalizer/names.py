"""Names with digits and signs: HER2, B12, L4-L5, T2N0M0, COVID-19, omega-3, CA 19-9, I-131, Ca2+, pH.

A number in a name is said the way people say it, which is no count: ``CA 125`` is "C A one twenty-five".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from audioleaflet.script.model import Span, Text
from audioleaflet.script.verbalizer.acronyms import Acronyms
from audioleaflet.script.verbalizer.counting import cardinal, digits
from audioleaflet.script.verbalizer.letters import said, spelled
from audioleaflet.script.verbalizer.patterns import Spellings, first_word, lazy
from audioleaflet.script.verbalizer.rules import Language, Reading, Rule
from audioleaflet.script.verbalizer.vocabulary import Vocabulary, load

_SECOND = lazy(r"([A-Z]?)(\d{1,3})(?![^\W_])")
_PART = lazy(r"([A-Z])(\d{1,3})([a-d]\d?(?=[A-Z]\d|(?![^\W_]))|[A-Z]{1,2}(?!\w))?")
_STAGED = lazy(r"(?:y?[pcr])(?=[TNM]\d)")
_LETTER = lazy(r"([A-Z])([-‑]?)(\d{1,3})(m?)(?![^\W_])")
_ACRONYM = lazy(r"([A-Z][A-Za-z]{1,6})([-‑]?)(\d{1,3})([a-dA-DmR]?)(?![^\W_])")
_WORD = lazy(r"([^\W\d_]{2,20})([-‑]?)(\d{1,3})([ms]?)(?![^\W_])")
_RANGE = lazy(r"\s?[-–‑]\s?(?=([A-Z])?\d)|/(?=[A-Z]\d|[1-9]\d?(?![\w/]|[.,]\d))")
_LETTERS = lazy(r"[A-Za-z]{1,5}\d?")
_HYPHEN_SIGN = lazy(r"-(?![\w])")
# "ER-/PR-", "ER- and PR-", "ER- cancer"; but "HER2- and ER-positive" has one word for both.
_NEGATIVE = lazy(r"-(?=[/,;.:)]|$|\s(?:(?:and|or)\s[A-Z]{2,5}\d?[-+](?![A-Za-z])|(?!and\s|or\s|to\s|[-–])[a-z]))")
_SIGN = lazy(r"\+(?!\w)|−(?!\w)|[⁺⁻]")
_MOST = 6


class Names(Vocabulary):
    """``exact``: as they stand, with these capitals (see letters.said). ``numbered``: words that a number may follow.

    ``elements``: symbols before a hyphen and a mass number. ``units``: what makes a number after a hyphen an amount.
    ``signed``: names whose + and − are a result, ``positive`` or ``negative``; blood groups only after ``blood`` (a
    pattern). ``to``: between two of a range.
    """

    exact: dict[str, str]
    numbered: str
    elements: str
    units: str
    signed: str
    blood: str
    positive: str
    negative: str
    to: str


def rules(language: Language) -> Iterator[tuple[str, Rule]]:
    """See rules.py."""
    names = load("names", Names, language.tag)
    reader = _Reader(names, load("acronyms", Acronyms, language.tag), language)
    for key in sorted({first_word(name, 0) for name in names.signed.split()}):
        yield key, reader.signed
    for key in sorted({first_word(name, 0) for name in names.exact}):
        yield key, reader.exact
    yield "A0", reader.coded
    yield "A0", reader.acronym
    yield "A0", reader.numbered


class _Reader:
    def __init__(self, names: Names, acronyms: Acronyms, language: Language) -> None:
        self.names, self.language = names, language
        self.elements, self.numbered_words = set(names.elements.split()), set(names.numbered.split())
        self.signed_names = set(names.signed.split())
        self.known = {word: " ".join(word) for word in acronyms.spelled.split()} | acronyms.said
        self.amount = lazy(rf"[.,/:]\d|\s?(?:{names.units})(?![^\W_])|\s?%", re.IGNORECASE)
        self.blood = lazy(rf"(?:{names.blood}):?\s(?:[ABO]{{1,2}}[+−-],? (?:or |and )?){{0,3}}$", re.IGNORECASE)
        self.exact_names = Spellings(
            (name, re.escape(name).replace(r"\-", "[-‑–−]") + r"(?![^\W_])")
            for name in sorted(names.exact, key=len, reverse=True)
        )
        self.forms = {_hyphens(name): reading for name, reading in names.exact.items()}

    def exact(self, text: str, at: int) -> Reading | None:
        """A name of the list."""
        match = self.exact_names.match(text, at)
        if match is None or (at and (text[at - 1].isalnum() or text[at - 1] in ".,")):
            return None
        if match.group()[-1] in "+⁺" and text[max(0, at - 9) : at].lower().endswith(("vitamin ", "vitamins ")):
            return None  # vitamin K+ is no potassium
        return Reading(match.end(), said(self.forms[_hyphens(match.group())], self.language.tag))

    def signed(self, text: str, at: int) -> Reading | None:
        """``ER+``, ``HER2−``, ``Rh+``, and after "blood group" ``O-``: positive or negative."""
        match = _LETTERS.match(text, at)
        if match is None or match.group() not in self.signed_names:
            return None
        sign = _SIGN.match(text, match.end())
        blood = self.blood.search(text, max(0, at - 40), at) is not None
        if sign is None:
            sign = (_HYPHEN_SIGN if blood else _NEGATIVE).match(text, match.end())
        if sign is None or (match.group() in ("A", "B", "O", "AB") and not blood):
            return None
        name = match.group().rstrip("0123456789")
        number = match.group()[len(name) :]
        words = self.known.get(name) or (" ".join(name.upper()) if len(name) < 3 else name)
        words += f" {cardinal(int(number), self.language.tag)}" if number else ""
        result = self.names.positive if sign.group() in "+⁺" else self.names.negative
        return Reading(sign.end(), said(f"{words} {result}", self.language.tag))

    def coded(self, text: str, at: int) -> Reading | None:
        """Letters each with a number: ``B12``, ``H1N1``, ``pT2aN0M0``, ``L4-L5``; with a hyphen: ``I-131``."""
        words: list[str] = []
        position = at
        if prefix := _STAGED.match(text, at):
            words += prefix.group().upper()
            position = prefix.end()
        while len(words) < 4 * _MOST and (part := _PART.match(text, position)):
            words += [
                part[1],
                self._label(part[2]),
                *(self._label(c) if c.isdecimal() else c.upper() for c in part[3] or ""),
            ]
            position = part.end()
        if position == at or (prefix and position == prefix.end()):
            return self._lettered(text, at)
        following = _RANGE.match(text, position)
        if following is not None and not self._are_neighbours(text, words, following):
            following = None
        if (following is None and self._is_amount(text, position)) or text[position : position + 1].isalnum():
            return None
        if following:
            return self._ranged(text, words, following)
        return Reading(position, said(" ".join(words), self.language.tag))

    def acronym(self, text: str, at: int) -> Reading | None:
        """A known acronym with a number: ``HER2``, ``CD20``, ``IL-6``; the symbol of an element: ``Tc-99m``."""
        match = _ACRONYM.match(text, at)
        if match is None or self._is_amount(text, match.end()):
            return None
        name, hyphen, number, letter = match.groups()
        if name in self.known:
            words = self.known[name]
        elif hyphen and name in self.elements:
            words = " ".join(name.upper())
        else:
            return None
        tail = f" {letter.upper()}" if letter else ""
        return Reading(match.end(), said(f"{words} {self._label(number)}{tail}", self.language.tag))

    def numbered(self, text: str, at: int) -> Reading | None:
        """A word that takes a number: ``omega-3``, ``strontium-89``, ``technetium-99m``."""
        match = _WORD.match(text, at)
        if match is None or match[1].lower() not in self.numbered_words or self._is_amount(text, match.end()):
            return None
        words = f"{match[1]} {self._label(match[3])}"
        if match[4] == "s":  # omega-3s
            return Reading(match.end(), (Text(text=f"{words}es" if words.endswith("x") else f"{words}s"),))
        tail = (Text(text=" "), spelled(match[4], self.language.tag)) if match[4] else ()
        return Reading(match.end(), (Text(text=words), *tail))

    def _lettered(self, text: str, at: int) -> Reading | None:
        match = _LETTER.match(text, at)
        if match is None or not match[2] or self._is_amount(text, match.end()):
            return None
        tail = f" {match[4].upper()}" if match[4] else ""
        return Reading(match.end(), said(f"{match[1]} {self._label(match[3])}{tail}", self.language.tag))

    def _are_neighbours(self, text: str, words: list[str], link: re.Match[str]) -> bool:
        """Whether a stroke before a bare number parts two of one row: C5/6, but not B12/100."""
        second = _SECOND.match(text, link.end())
        if link.group() != "/" or second is None or second[1]:
            return True
        return words[1:] == [self._label(str(int(second[2]) - 1))] and not self._is_amount(text, second.end())

    def _ranged(self, text: str, words: list[str], link: re.Match[str]) -> Reading | None:
        """``L4-L5`` and ``C3-7``: from one to the other; ``L5-S1`` and ``L4/L5``: one and then the other."""
        second = _SECOND.match(text, link.end())
        if second is None or self._is_amount(text, second.end()):
            return Reading(link.start(), said(" ".join(words), self.language.tag))
        last: tuple[Span, ...] = said(f"{second[1]} {self._label(second[2])}".strip(), self.language.tag)
        between = ", " if link.group() == "/" else f" {self.names.to} " if second[1] in ("", words[0]) else " "
        return Reading(second.end(), (*said(" ".join(words), self.language.tag), Text(text=between), *last))

    def _is_amount(self, text: str, end: int) -> bool:
        return self.amount.match(text, end) is not None

    def _label(self, number: str) -> str:
        """A number as a name: 131 is "one thirty-one", 200 "two hundred", 05 "zero five"."""
        tag = self.language.tag
        if number[0] == "0" and len(number) > 1:
            return digits(number, tag)
        if len(number) < 3 or number.endswith("00"):
            return cardinal(int(number), tag)
        rest = number[-2:]
        tail = f"oh {cardinal(int(rest), tag)}" if rest[0] == "0" else cardinal(int(rest), tag)
        return f"{cardinal(int(number[:-2]), tag)} {tail}"


def _hyphens(name: str) -> str:
    return re.sub("[‑–−]", "-", name)
