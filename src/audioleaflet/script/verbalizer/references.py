"""What a text refers to by number or letter: ``No. 5``, ``pp. 5-7``, ``Fig. 2a``, ``section 2.1.3``, ``#4``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from audioleaflet.script.model import Span, Text
from audioleaflet.script.verbalizer.counting import cardinal, digits, year
from audioleaflet.script.verbalizer.dates import Calendar
from audioleaflet.script.verbalizer.letters import spelled
from audioleaflet.script.verbalizer.patterns import lazy
from audioleaflet.script.verbalizer.places import DASH, any_of, begins, ended, word_after, word_before
from audioleaflet.script.verbalizer.rules import Language, Reading, Rule, reading
from audioleaflet.script.verbalizer.vocabulary import Vocabulary, load

_NUMBER = r"\d{1,6}(?:\.\d{1,3}){0,4}(?:[A-Z]\d{1,4}|[A-Za-z])?"
_OVER = r"(?![\w%°]|[.,:/]\d)"
# Four groups or more, or a group of three digits or more: no number has two points, and no section such groups.
_DOTTED = lazy(r"(?=\d{1,6}(?:\.\d{1,6}){3}|(?:\d{1,6}\.){0,2}\d{3})\d{1,6}(?:\.\d{1,6}){2,8}(?![\w%°]|[.,:/-]\d)")
_CITED = lazy(
    r"(?P<year>(?:19|20)\d\d);\s?(?P<volume>\d{1,4})(?:\((?P<issue>\d{1,4})\))?:\s?(?P<a>\d{1,6})(?:[-‑–](?P<b>\d{1,6}))?(?!\w|[-.,:/]\d)"
)
# q.4.h. is no question
_EVERY = lazy(r"q\.?\s?\d{1,3}(?:\s?[-–‑]\s?\d{1,3})?\.?\s?h(?:(?:ou)?rs?|ourly)?(?![^\W_])", re.IGNORECASE)
_SHARE = lazy(r"\s(?:in|out of|of)\s(?!(?:19|20)\d\d(?!\d))\d")
_COUNT_OF = lazy(
    r"(?P<word>[Nn]o|NO)(?:\.(?P<of>(?=\s(?:of|OF)\b))|\.?(?P<colon>:?)(?<=[.:])(?=\s?[(+]?\d[\d\s.-]{4}))"
)
_PARTS = lazy(r"(\d+)|([A-Za-z])|\.")


class References(Vocabulary):
    """Nouns that numbers follow, in short and in full; see en/references.yaml."""

    pointed: dict[str, str]
    bare: tuple[str, ...]
    signs: dict[str, tuple[str, str]]
    nouns: tuple[str, ...]
    version: str
    point: str
    dot: str
    dash: str
    cited: dict[str, str]
    places: frozenset[str]
    to: str
    goes_on: frozenset[str]
    numbered: frozenset[str]


class _References:
    """The references of one language."""

    def __init__(self, language: Language) -> None:
        self.tag = language.tag
        self.words = words = load("references", References, language.tag)
        self.calendar = load("calendar", Calendar, language.tag)
        numbers = rf"(?P<a>{_NUMBER})(?:\s?(?P<dash>{DASH})\s?(?P<b>{_NUMBER}))?{_OVER}"
        self.pointed = lazy(
            rf"(?:(?P<word>{any_of(words.pointed)})\.\s?|(?P<bare>{any_of(words.bare)})\s){numbers}", re.IGNORECASE
        )
        capital = any_of(word.capitalize() for word in words.pointed if len(word) > 1 and word[:2] != "no")
        self.letter = lazy(rf"(?P<word>{capital})\.\s?(?P<letter>[A-HJ-Z])(?!\w|\.\w)")
        self.sign = lazy(rf"(?P<sign>{any_of(words.signs)})(?P<again>§?)\s?{numbers}")
        self.noun = lazy(rf"(?P<word>{any_of(words.nouns)})\s{numbers}", re.IGNORECASE)
        self.version = lazy(r"(?:[vV](?=\d{1,4}\.\d)|v)(?P<a>\d{1,4}(?:\.\d{1,4}){0,4})(?![\w%]|[.,:/-]\d)")

    def in_short(self, text: str, at: int) -> Reading | None:
        """``No. 5``, ``p. 7``, ``Figs. 2-4``."""
        counted = _COUNT_OF.match(text, at)
        if counted is not None and (counted["of"] is not None or word_before(text, at) in self.words.numbered):
            noun = self.words.pointed[counted["word"].lower()]  # "No. of tablets", "phone no. 01632 960123"
            noun = noun.capitalize() if counted["word"][0].isupper() else noun
            return reading(counted.end(), noun + (counted["colon"] or ""))
        match = None if _EVERY.match(text, at) else self.pointed.match(text, at)
        if match is None:
            return self._by_letter(text, at)
        if self.calendar.counts(word_after(text, match.end())):
            return None
        word = match["word"] or match["bare"]
        if word == "no" and not (
            ended(text, match.end()) or word_after(text, match.end()).lower() in self.words.goes_on
        ):
            return None  # "The answer is no. 5 people came."
        if word.lower() == "no" and _SHARE.match(text, match.end()):
            return None  # "The answer is no. 1 in 5 people"
        if text[:at].rstrip()[-1:].isdigit():
            return None  # "30 sec. 4 times"
        noun = self.words.pointed[word.lower()]
        return Reading(
            match.end(),
            (
                Text(text=f"{noun.capitalize() if word[0].isupper() else noun} "),
                *self._numbers(match, noun in self.words.places),
            ),
        )

    def _by_letter(self, text: str, at: int) -> Reading | None:
        """``Appendix A`` in short, where it is no sentence that begins: "Use the app. A nurse …"."""
        match = self.letter.match(text, at)
        if match is None or not ended(text, match.end()):
            return None
        noun = self.words.pointed[match["word"].lower()].capitalize()
        return Reading(match.end(), (Text(text=f"{noun} "), spelled(match["letter"], self.tag)))

    def signed(self, text: str, at: int) -> Reading | None:
        """``#4``, ``§ 3``, ``§§ 3-5``."""
        match = self.sign.match(text, at)
        if match is None or (at and text[at - 1].isalnum()):
            return None
        one, more = self.words.signs[match["sign"]]
        noun = more if match["again"] or match["b"] else one
        return Reading(match.end(), (Text(text=f"{noun} "), *self._numbers(match)))

    def in_full(self, text: str, at: int) -> Reading | None:
        """``section 2.1.3``, ``Room 12B``: what a number alone is not."""
        match = self.noun.match(text, at)
        if (
            match is None
            or (match["a"].isdigit() and not match["b"])
            or self.calendar.counts(word_after(text, match.end()))
        ):
            return None
        place = match["word"].lower() in self.words.places
        return Reading(match.end(), (Text(text=f"{match['word']} "), *self._numbers(match, place)))

    def cited(self, text: str, at: int) -> Reading | None:
        """``2019;12(3):34-56``, where an article stands in a journal."""
        match = _CITED.match(text, at)
        if match is None:
            return None
        names, parts = self.words.cited, match.groupdict()
        said = {name: cardinal(int(parts[name]), self.tag) for name in ("volume", "issue", "a", "b") if parts[name]}
        words = f"{year(int(match['year']), self.tag)}, {names['volume']} {said['volume']}"
        words += f", {names['issue']} {said['issue']}" if match["issue"] else ""
        words += f", {names['pages' if match['b'] else 'page']} {said['a']}"
        return reading(match.end(), words + (f" {self.words.to} {said['b']}" if match["b"] else ""))

    def of_a_version(self, text: str, at: int) -> Reading | None:
        """``v2.1``; a capital V needs a point, for V2 is a lead of an ECG."""
        match = self.version.match(text, at)
        if match is None:
            return None
        return Reading(match.end(), (Text(text=f"{self.words.version} "), *self._number(match["a"])))

    def dotted(self, text: str, at: int) -> Reading | None:
        """``192.168.0.1``: a name made of digits."""
        match = _DOTTED.match(text, at)
        if match is None or not begins(text, at):
            return None
        groups = [digits(group, self.tag) for group in match.group().split(".")]
        return reading(match.end(), f" {self.words.dot} ".join(groups))

    def _numbers(self, match: re.Match[str], place: bool = False) -> Iterator[Span]:
        """One number or two. ``place``: one thing, whose name may have a dash in it, as Room 4-212 has."""
        yield from self._number(match["a"])
        if match["b"]:
            yield Text(text=f" {self.words.dash if place else self.words.to} ")
            yield from self._number(match["b"])

    def _number(self, written: str) -> Iterator[Span]:
        """Parts joined by "point"; those after the first digit by digit, as in a decimal, and a letter as a letter."""
        after_point = False
        for place, match in enumerate(_PARTS.finditer(written)):
            if match[1]:
                words = (
                    digits(match[1], self.tag)
                    if after_point or match[1][0] == "0"
                    else cardinal(int(match[1]), self.tag)
                )
                yield Text(text=words)
            elif match[2]:
                yield Text(text=" ")
                yield spelled(match[2], self.tag)
            else:
                yield Text(text=f" {self.words.point} ")
            after_point = after_point or place > 0


def rules(language: Language) -> Iterator[tuple[str, Rule]]:
    """See rules.py."""
    references = _References(language)
    for word in references.words.pointed:
        yield word, references.in_short
    for sign in references.words.signs:
        yield sign[0].lower(), references.signed
    for noun in references.words.nouns:
        yield noun, references.in_full
    yield "v", references.of_a_version
    yield "0", references.dotted
    yield "0", references.cited
