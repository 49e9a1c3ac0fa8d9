"""Signs: brackets and dashes are short pauses, arrows and ticks are words, marks of ownership are not heard.

A comma is the pause that engines make without ending their phrase; a bracket or a quotation mark that touches a word
given in phonemes can swallow it.
"""

from __future__ import annotations

from collections.abc import Iterator

from audioleaflet.script.model import Text, Unread
from audioleaflet.script.verbalizer.counting import cardinal
from audioleaflet.script.verbalizer.patterns import lazy
from audioleaflet.script.verbalizer.rules import Language, Reading, Rule
from audioleaflet.script.verbalizer.vocabulary import Vocabulary, load

_INDENT = 8
_BREATHS = frozenset(",;:.!?…([{–—|•")
_ENDS = frozenset(',;:.!?…)]}–—([{|•"”')
_DASHES = "-–—−"
_BREAK = lazy(r"[—―]|-{2,80}|[–-](?=\s|$)")
_RESULT = lazy(r"([-‑–−+])ve(?![^\W_]|['’])")
_APART = lazy(r"\((?:[^()\s]{1,40}\s|[a-z]{3,40}\))")
_OPTIONAL = lazy(r"\((s|es|ies)\)(?!\w)")
_NUMBERED = lazy(r"[-‑]?(\d{1,2})(?![^\W_]|[.,]\d)")
_IN_WORDS = lazy(r"\(([A-Za-z]{3,9}(?:[- ][A-Za-z]{3,5})?)\)")
_FIGURES = lazy(r"(?<![\w.,/:-])(\d{1,2})\s?$")
_REPEATED = lazy(r"\((\d{1,4})\)(?![^\W_])")
_NUMBER_GOES_ON = lazy(r"(?:[^\W_]|(?:ty|hundred|thousand|million)(?: and|,)?[ -])$")
_LONGEST_NUMBER = 60  # characters of a number in words
_LAST_WORD = lazy(r"[^\W\d_]{2,30}$")
_OPENED = lazy(r"(?:^|[\s(\[/—–-])[‘'](?=\w)[^‘]{0,40}$")
_BLANK = lazy(r"_{2,1000}(?:\s?/\s?_{2,1000}){0,4}")  # __/__/____ is one date
_DOTS = lazy(r"\.{4,1000}|(?:\. ){3,300}\.?")


class Symbols(Vocabulary):
    """``words``: signs as words. ``letters``: lone Greek ones. ``between``: signs that are words between two others.

    ``silent``: not heard. ``breaths``: a pause. ``arrows``: each ``leads_to``. ``alternative``: between a word and its
    plural, as in "lump(s)". ``blank``: a line to write on. ``s_he``: "(s)he".
    ``results``: "-ve" of a test.
    """

    words: dict[str, str]
    letters: dict[str, str]
    between: dict[str, str]
    silent: str
    breaths: str
    arrows: str
    leads_to: str
    alternative: str
    blank: str
    s_he: str
    results: dict[str, str]


def rules(language: Language) -> Iterator[tuple[str, Rule]]:
    """See rules.py."""
    symbols = load("symbols", Symbols, language.tag)
    reader = _Reader(symbols, language.tag)
    for sign in "-‑–−+":
        yield sign, reader.result
    for sign in symbols.words:
        yield sign, reader.word
    for letter in symbols.letters:
        yield letter.lower(), reader.letter
    for sign in symbols.between:
        yield sign, reader.between
    for sign in symbols.silent.split():
        yield sign, _silent
    for sign in symbols.breaths.split():
        yield sign, _breath
    for sign in symbols.arrows.split():
        yield sign, reader.arrow
    yield "(", reader.opening
    yield ")", _closing
    for sign in _DASHES + "―":
        yield sign, _dash
    for sign in "‘’'":
        yield sign, _quote
    yield "_", reader.line
    yield "ø", _slashed
    yield ".", _leader


class _Reader:
    def __init__(self, symbols: Symbols, tag: str) -> None:
        self.symbols, self.tag = symbols, tag

    def word(self, text: str, at: int) -> Reading | None:
        """A sign with a name, with spaces where it has none; as the first of a text, like a bullet, with a pause."""
        if _is_first(text, at) and text[at + 1 : at + 2] == " " and text[at + 2 : at + 3].isalnum():
            return Reading(at + 1, (Text(text=f"{self.symbols.words[text[at]]},"),))
        return _spaced(text, at, at + 1, self.symbols.words[text[at]])

    def result(self, text: str, at: int) -> Reading | None:
        """``ER +ve``, ``HER2-ve``: not the end of a word that a line has broken."""
        match = _RESULT.match(text, at)
        if match is None or (at and text[at - 1].islower()):
            return None
        return _spaced(text, at, match.end(), self.symbols.results["+ve" if match[1] == "+" else "-ve"])

    def letter(self, text: str, at: int) -> Reading | None:
        """A Greek letter that stands alone or has a number: ``β``, ``β2``."""
        if text[at + 1 : at + 2].isalpha() or text[at] not in self.symbols.letters:
            return None
        name, number = self.symbols.letters[text[at]], _NUMBERED.match(text, at + 1)
        if number:
            return _spaced(text, at, number.end(), f"{name} {cardinal(int(number[1]), self.tag)}")
        return _spaced(text, at, at + 1, name)

    def between(self, text: str, at: int) -> Reading | None:
        """A sign that is a word between two others, with spaces about it: ``a + b``, ``a = b``, ``salt & pepper``."""
        if text[at] == "&":
            return _spaced(text, at, at + 1, self.symbols.between["&"])
        around = text[at - 1 : at], text[at + 1 : at + 2]
        if at and text[at] == "+" and (around[0].isalnum() or around[0] == "+") and not around[1].isalnum():
            return _spaced(text, at, at + 1, self.symbols.between["+"])  # grade 3+, N+
        if at and around == (" ", " ") and at + 2 < len(text):
            return Reading(at + 1, (Text(text=self.symbols.between[text[at]]),))
        return None

    def arrow(self, text: str, at: int) -> Reading | None:
        """``→``; the first thing in a text it is only a bullet."""
        if _is_first(text, at):
            end = at + 1
            while end < len(text) and text[end] == " ":
                end += 1
            return Reading(end, ())
        return _spaced(text, at, at + 1, self.symbols.leads_to)

    def opening(self, text: str, at: int) -> Reading | None:
        """An opening bracket; and ``tablet(s)``, ``(s)he``."""
        if text.startswith("(s)he", at) and not text[at + 5 : at + 6].isalnum():
            return Reading(at + 5, (Text(text=self.symbols.s_he),))
        in_words = _IN_WORDS.match(text, at)
        figures = _FIGURES.search(text, max(0, at - 8), at) if in_words else None
        if in_words and figures and cardinal(int(figures[1]), self.tag) == in_words[1].lower().replace(" ", "-"):
            return Reading(in_words.end(), ())  # 2 (two) tablets
        repeated = _REPEATED.match(text, at)
        if repeated and self._is_said_before(text, at, repeated[1]):
            return Reading(repeated.end(), ())
        optional, word = _OPTIONAL.match(text, at), _LAST_WORD.search(text, max(0, at - 30), at)
        if optional and word:
            stem = word.group()
            if stem.endswith("is" if optional[1] == "es" else "y"):  # metastasis(es), therapy(ies)
                stem = stem[:-2] if optional[1] == "es" else stem[:-1]
            plural = stem + optional[1]
            return Reading(optional.end(), (Text(text=f"{self.symbols.alternative}{plural.lower()}"),))
        before = text[max(0, at - 3) : at]
        if at and before[-1].isalnum():
            return Reading(at + 1, (Text(text=", "),) if _APART.match(text, at) else ())
        end = at + 1
        while end < len(text) and text[end] == " ":
            end += 1
        needless = not before.strip() or before.strip()[-1] in _BREATHS
        return Reading(end, () if needless else (Text(text=", "),))

    def _is_said_before(self, text: str, at: int, figures: str) -> bool:
        """Whether the figures in brackets are the number just said: ``one (1) tablet``, ``thirty (30) minutes``."""
        words = cardinal(int(figures), self.tag)
        before = text[max(0, at - _LONGEST_NUMBER) : at].rstrip(" ").lower()
        if not before.replace("-", " ").endswith(words.replace("-", " ")):
            return False
        return not _NUMBER_GOES_ON.search(before[: len(before) - len(words)])

    def line(self, text: str, at: int) -> Reading | None:
        """A line to write on."""
        match = _BLANK.match(text, at)
        return _spaced(text, at, match.end(), self.symbols.blank) if match else None


def _is_first(text: str, at: int) -> bool:
    """Whether only a little space stands before."""
    return at <= _INDENT and not text[:at].strip()


def _closing(text: str, at: int) -> Reading | None:
    after = text[at + 1 : at + 4].lstrip()
    if not after or after[0] in _ENDS or (after[0] in _DASHES and not after[1:2].isdecimal()):
        return Reading(at + 1, ())
    if text[at + 1 : at + 2].isalnum():
        return Reading(at + 1, ()) if text[at - 1 : at].isalpha() else Reading(at + 1, (Text(text=", "),))
    if not text[at + 1].isspace():
        return Reading(at + 1, ())
    before = text[max(0, at - 1) : at]
    return Reading(at + 1, () if before in _BREATHS else (Text(text=","),))


def _dash(text: str, at: int) -> Reading | None:
    """A dash that is a pause: a long one, a double one, one with a space after it; but not ``pre- and post-``."""
    if text[at] == "−":
        return Reading(at + 1, (Unread(text="−"),))
    before, broken = text[max(0, at - 3) : at], _BREAK.match(text, at)
    if broken and not (broken.group() == "-" and before[-1:].isalnum()):
        return _pause(text, broken.end(), before)
    if text[at] == "–" and before[-1:].isalpha() and text[at + 1 : at + 2].isalpha():
        return Reading(at + 1, (Text(text="-"),))
    return None


def _pause(text: str, end: int, before: str) -> Reading:
    while end < len(text) and text[end] == " ":
        end += 1
    follows = text[end : end + 1]
    needless = not before.strip() or before.strip()[-1] in _BREATHS or not follows or follows in _ENDS - {"("}
    return Reading(end, (Text(text=" " if needless else ", "),))


def _breath(text: str, at: int) -> Reading | None:
    return _pause(text, at + 1, text[max(0, at - 3) : at])


def _slashed(text: str, at: int) -> Reading | None:
    """A lone ø is "no" in a doctor's hand, and no letter: no guess."""
    return None if text[at + 1 : at + 2].isalpha() else Reading(at + 1, (Unread(text=text[at]),))


def _silent(_text: str, at: int) -> Reading | None:
    return Reading(at + 1, ())


def _quote(text: str, at: int) -> Reading | None:
    """A quotation mark before a word, or the one that closes it; an apostrophe in a word or after it stays."""
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if after.isalnum():
        return None if before.isalnum() else Reading(at + 1, ())
    opened = _OPENED.search(text, max(0, at - 42), at)
    return Reading(at + 1, ()) if opened or text[at] == "‘" else None


def _leader(text: str, at: int) -> Reading | None:
    """Dots that lead the eye across a line."""
    match = _DOTS.match(text, at)
    return _pause(text, match.end(), text[max(0, at - 3) : at]) if match else None


def _spaced(text: str, at: int, end: int, words: str) -> Reading:
    before = " " if at and not text[at - 1].isspace() and text[at - 1] not in '([{"“‘-–' else ""
    after = " " if text[end : end + 1].isalnum() or text[end : end + 1] in ("(", "“") else ""
    return Reading(end, (Text(text=f"{before}{words}{after}"),))
