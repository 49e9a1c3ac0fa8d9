"""Names made of characters, said one by one: reference numbers, ISBNs, ZIP codes and postcodes.

A hyphen, a stroke and a point inside them are said, since a listener may have to type them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from audioleaflet.script.model import Span, Text
from audioleaflet.script.verbalizer.counting import cardinal, digits
from audioleaflet.script.verbalizer.dates import Calendar
from audioleaflet.script.verbalizer.letters import spelled
from audioleaflet.script.verbalizer.patterns import lazy
from audioleaflet.script.verbalizer.places import any_of, word_after
from audioleaflet.script.verbalizer.rules import Language, Reading, Rule
from audioleaflet.script.verbalizer.vocabulary import Vocabulary, load

_CODE = (
    r"(?=[A-Za-z]{0,16}[-/.]?[A-Za-z]{0,16}[-/]?\d)"  # a word is no code
    r"[A-Za-z\d]{1,20}(?:[-‑/._][A-Za-z\d]{1,20}){0,6}(?:\s\d{2,6}(?!\w)){0,6}(?!\w)"
)
_PIECE = lazy(r"\d+|[A-Za-z]+|[^\w\s]|_|\s+")
_POSTCODE = lazy(r"([A-Z]{1,2}\d[A-Z\d]?)\s?(\d[ABD-HJLNP-UW-Z]{2})(?!\w)")
_STREET = lazy(r"(?<![\w.,/:-])\d{1,5}\s(?:[A-Z][A-Za-z.]{0,20}\s){1,4}\Z")
_DRIVE = lazy(r"Dr(?:\.(?=,|\s?\Z)|(?=\.?\s?\Z|,))")
_REGISTERED = lazy(r"\d{6,8}(?=\))")
_REACH = 60
_ZIP = r"(?P<zip>\d{5})(?:[-‑–](?P<more>\d{4}))?(?![\w%]|[.,/-]\d)"


class Codes(Vocabulary):
    """The words that codes follow; see en/codes.yaml."""

    cues: tuple[str, ...]
    with_number: frozenset[str]
    spelled: frozenset[str]
    short: frozenset[str]
    shortest: frozenset[str]
    links: tuple[str, ...]
    linked: frozenset[str]
    owners: frozenset[str]
    abbreviated: dict[str, str]
    numbers: dict[str, str]
    isbn: tuple[str, ...]
    zip: tuple[str, ...]
    registers: tuple[str, ...]
    box: str
    drive: str
    states: dict[str, str]


class _Codes:
    """The codes of one language."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.words = words = load("codes", Codes, language.tag)
        number = rf"(?P<gap>\s?)(?P<number>{any_of(words.numbers)})"
        self.calendar = load("calendar", Calendar, language.tag)
        self.code = lazy(
            rf"(?P<cue>{any_of(words.cues)})\b(?P<point>\.?)(?:{number}(?:(?<=#)|(?!\w)))?(?:(?P<colon>:)|\s(?P<link>{any_of(words.links)})(?=\s))?"
            rf"\s?(?P<code>{_CODE})",
            re.IGNORECASE,
        )
        self.trial = lazy(
            r"(?P<cue>NCT(?=\d{5})|ISRCTN(?=\d{5})|PMC(?=\d{5})|SC(?=\d{6})|CG|QS|TA|IPG)(?P<code>\d{2,10})(?!\w)"
        )
        self.isbn = lazy(
            rf"(?P<cue>{any_of(words.isbn)})(?:[-‑](?P<length>1[03]))?(?P<colon>:?)\s?"
            r"(?P<code>\d(?:[-‑ ]?\d){6,15}(?:[-‑ ]?X)?)(?!\w)"
        )
        self.zip = lazy(rf"(?P<cue>{any_of(words.zip)}):?\s{_ZIP}", re.IGNORECASE)
        self.state = lazy(rf"(?P<state>{any_of(words.states)})\s{{1,2}}{_ZIP}")
        self.registers = lazy(rf"(?:{any_of(words.registers)})\b", re.IGNORECASE)
        self.box = lazy(rf"P\.?\s?O\.?\s(?P<box>{words.box})\s(?P<code>\d{{1,7}})(?!\w)", re.IGNORECASE)

    def coded(self, text: str, at: int) -> Reading | None:
        """``Ref. NHS-1234/5``, ``PIN 1234``, ``account number 12345678``, ``Form 10-A``."""
        trial = self.trial.match(text, at)
        if trial is not None:
            return Reading(
                trial.end(), (spelled(trial["cue"], self.language.tag), Text(text=" "), *self._said(trial["code"]))
            )
        match = self.code.match(text, at)
        if match is None:
            return None
        cue, code = match["cue"].lower(), match["code"].rstrip(".")
        end = match.end() - len(match["code"]) + len(code)
        if not self._is_named(text, match, code, end):
            return None
        first: Span = (
            spelled(match["cue"], self.language.tag)
            if cue in self.words.spelled
            else Text(text=self._cue(match["cue"]))
        )
        between = f" {self.words.numbers[match['number'].lower()]}" if match["number"] else ""
        between += match["colon"] or (f" {match['link']}" if match["link"] else "")
        return Reading(end, (first, Text(text=f"{between} "), *self._said(code)))

    def _is_named(self, text: str, match: re.Match[str], code: str, end: int) -> bool:
        """Whether the characters after a cue are a name, and no count, year or part of a sentence."""
        words, cue = self.words, match["cue"].lower()
        if code.isdigit() and self.calendar.counts(word_after(text, end)):
            return False
        if cue in words.shortest:
            return re.fullmatch(r"\d+(?:[-‑]\d+)?", code) is not None
        if code.isdigit() and len(code) < 3:
            return False
        if match["point"] and cue not in words.abbreviated:
            return False
        if cue in words.linked:
            owned = bool(
                words.owners & {*re.findall(r"[a-z]+", text[max(0, match.start() - 40) : match.start()].lower())}
            )
            return code.isdigit() and len(code) < 9 and (owned or not re.fullmatch("(?:19|20).{2}", code))
        if match["number"]:
            return True
        if cue in words.with_number:
            return False
        if match["link"]:
            return code.isdigit() and match["link"].lower() != "in" and cue in words.short
        if cue in words.short and re.fullmatch(r"\d+|\d\d[-‑]\d\d[-‑]\d\d", code):
            return True
        return bool(cue in words.spelled or match["colon"] or self._is_code(code))

    def _cue(self, written: str) -> str:
        full = self.words.abbreviated.get(written.lower())
        return written if full is None else full.capitalize() if written[0].isupper() else full

    @staticmethod
    def _is_code(code: str) -> bool:
        """Whether characters are more than a number: there are capitals among them, or at least four digits."""
        number = re.sub(r"\s", "", code)
        return (number.isdigit() and len(number) > 3) or re.search(r"[A-Z]", code) is not None

    def booked(self, text: str, at: int) -> Reading | None:
        """``ISBN 978-0-306-40615-7``."""
        match = self.isbn.match(text, at)
        if match is None:
            return None
        length = f" {cardinal(int(match['length']), self.language.tag)}" if match["length"] else ""
        groups = [
            " ".join(filter(None, (digits(part.rstrip("X"), self.language.tag), "X" if "X" in part else "")))
            for part in re.split(r"[-‑ ]", match["code"])
        ]
        return Reading(
            match.end(),
            (spelled(match["cue"], self.language.tag), Text(text=f"{length}{match['colon']} {', '.join(groups)}")),
        )

    def posted(self, text: str, at: int) -> Reading | None:
        """``ZIP code 30303-1234``, ``GA 30303``, ``P.O. Box 123``."""
        match = self.box.match(text, at)
        if match is not None:
            spans: tuple[Span, ...] = (
                spelled("PO", self.language.tag),
                Text(text=f" {match['box']} "),
                *self._said(match["code"]),
            )
            return Reading(match.end(), spans)
        match = self.zip.match(text, at) or self.state.match(text, at)
        if match is None:
            return None
        if self.calendar.counts(word_after(text, match.end())):
            return None  # "In CA 12345 cases"
        code = digits(match["zip"], self.language.tag)
        code += f", {digits(match['more'], self.language.tag)}" if match["more"] else ""
        name = match.groupdict().get("cue") or self.words.states[match["state"]]
        return Reading(match.end(), (Text(text=f"{name} {code}"),))

    def driven(self, text: str, at: int) -> Reading | None:
        """``9609 Medical Center Dr.``: a street, where a number begins the name and no name follows."""
        match = _DRIVE.match(text, at)
        if match is None or not _STREET.search(text, max(0, at - _REACH), at):
            return None
        return Reading(match.end(), (Text(text=self.words.drive),))

    def registered(self, text: str, at: int) -> Reading | None:
        """``Registered charity in England and Wales (261017)``."""
        match = _REGISTERED.match(text, at)
        if match is None or text[at - 1 : at] != "(" or not self.registers.search(text, max(0, at - _REACH), at):
            return None
        return Reading(match.end(), tuple(self._said(match.group())))

    def postcode(self, text: str, at: int) -> Reading | None:
        """``SW1A 1AA``, the form of the United Kingdom."""
        match = _POSTCODE.match(text, at)
        if match is None or (" " not in match.group() and self.language.region != "GB"):
            return None
        return Reading(match.end(), (*self._said(match[1]), Text(text=", "), *self._said(match[2])))

    def _said(self, code: str) -> Iterator[Span]:
        symbols = self.language.phrases.symbols
        for number, piece in enumerate(_PIECE.findall(code)):
            if piece.isspace():
                yield Text(text=",")
                continue
            if number:
                yield Text(text=" ")
            if piece.isdigit():
                yield Text(text=digits(piece, self.language.tag))
            elif piece.isalpha():
                yield spelled(piece, self.language.tag)
            else:
                yield Text(text=symbols["-" if piece == "‑" else piece])


def rules(language: Language) -> Iterator[tuple[str, Rule]]:
    """See rules.py."""
    codes = _Codes(language)
    for cue in codes.words.cues:
        yield cue, codes.coded
    for trial in ("nct", "isrctn", "pmc", "sc", "cg", "qs", "ta", "ipg"):
        yield trial, codes.coded
    for book in codes.words.isbn:
        yield book.lower(), codes.booked
    for state in codes.words.states:
        yield state.lower(), codes.posted
    for post in ("zip", "p", "po"):
        yield post, codes.posted
    yield "A0", codes.postcode
    yield "0", codes.registered
    yield "dr", codes.driven
