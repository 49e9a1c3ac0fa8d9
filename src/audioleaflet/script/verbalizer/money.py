"""Money: ``$10.50`` is "ten dollars and fifty cents", ``£1.5m`` "one point five million pounds"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from audioleaflet.script.model import Span, Text
from audioleaflet.script.verbalizer.counting import cardinal, decimal
from audioleaflet.script.verbalizer.letters import spelled
from audioleaflet.script.verbalizer.patterns import lazy
from audioleaflet.script.verbalizer.places import DASH, any_of, begins, word_after
from audioleaflet.script.verbalizer.rules import Language, Reading, Rule
from audioleaflet.script.verbalizer.vocabulary import Vocabulary, load

_DECIMAL_COMMA = lazy(r"^(\d{1,6}),(\d\d)$")
_NUMBER = r"(?:\d{1,3}(?:,\d{3}){1,4}|\d{1,15})?(?:\.\d{1,6}|(?<=€\d),\d\d|(?<=€\d\d),\d\d)?"


class Currency(Vocabulary):
    """The names of a unit and of its hundredth (empty where it has none), for one and for more."""

    unit: tuple[str, str]
    part: tuple[str, ...]


class Money(Vocabulary):
    """Signs, codes and the words around sums; see en/money.yaml."""

    currencies: dict[str, Currency]
    codes: dict[str, tuple[str, str]]
    prefixes: dict[str, str]
    small: dict[str, tuple[str, str]]
    scales: dict[str, str]
    per: dict[str, str]
    and_: str
    to: str
    minus: str
    or_more: str
    before: frozenset[str]


class _Sums:
    """The sums of one language."""

    def __init__(self, language: Language) -> None:
        self.tag = language.tag
        self.money = money = load("money", Money, language.tag)
        sign = any_of(money.currencies)
        scale = rf"(?:\s?(?P<scale>{any_of(money.scales)})\b)?"
        over = r"(?!\w|[.,]\d)"
        apart = any_of(prefix for prefix in money.prefixes if len(prefix) > 1)  # "US $5"; but "A $5 note"
        self.sign = lazy(
            rf"(?:(?P<prefix>{any_of(money.prefixes)})|(?P<apart>{apart})\s)?"
            rf"(?P<sign>{sign})\s?(?P<number>{_NUMBER}){scale}{over}"
        )
        self.owner = lazy(rf"\s(?P<code>{any_of(money.codes)})(?!\w)")
        self.range = lazy(rf"\s?(?:{DASH})\s?(?P<again>{sign})?\s?(?P<number>{_NUMBER}){scale}{over}")
        self.code = lazy(rf"(?P<code>{any_of(money.codes)})\s?(?P<number>{_NUMBER}){scale}{over}")
        self.code_after = lazy(
            rf"(?P<number>\d{{1,6}},\d\d(?=\s?€)|{_NUMBER}){scale}\s?(?P<code>{any_of(money.codes)}|[€£$](?!\s?\d))(?!\w)"
        )
        self.small = lazy(rf"(?P<number>\d{{1,4}}(?:\.\d{{1,2}})?)\s?(?P<small>{any_of(money.small)})(?![\w.]\w)(?!\w)")
        self.per = lazy(rf"\s?/\s?(?P<per>{any_of(money.per)})(?!\w)")

    def signed(self, text: str, at: int) -> Reading | None:
        """``$5``, ``US$5``, ``$5-$10``, ``$20/month``."""
        match = self.sign.match(text, at)
        if match is None or not match["number"] or (at and text[at - 1].isalnum()):
            return None
        currency = self.money.currencies[match["sign"]]
        of = self.money.prefixes.get(match["prefix"] or match["apart"] or "", "")
        owner = self.owner.match(text, match.end())
        if owner is not None and self.money.codes[owner["code"]][0] == match["sign"]:
            return self._with_per(text, owner.end(), self._sum(match, currency, self.money.codes[owner["code"]][1]))
        second = self.range.match(text, match.end())
        if second is not None and second["number"] and (second["again"] or match["sign"]) == match["sign"]:
            first = self._sum(match, currency, of) if second["again"] else self._bare(match)
            spans = (*first, Text(text=f" {self.money.to} "), *self._sum(second, currency, of))
            return self._with_per(text, second.end(), spans)
        if self._is_attribute(text, at, match.end()):
            return Reading(match.end(), self._sum(match, _before_noun(currency), of))
        return self._with_per(text, match.end(), self._sum(match, currency, of))

    def negative(self, text: str, at: int) -> Reading | None:
        """``-$5``."""
        amount = self.signed(text, at + 1) if not at or text[at - 1].isspace() else None
        return Reading(amount.end, (Text(text=f"{self.money.minus} "), *amount.spoken)) if amount else None

    def coded(self, text: str, at: int) -> Reading | None:
        """``USD 20``."""
        match = self.code.match(text, at)
        if match is None or not match["number"]:
            return None
        sign, of = self.money.codes[match["code"]]
        return self._with_per(text, match.end(), self._sum(match, self.money.currencies[sign], of))

    def counted(self, text: str, at: int) -> Reading | None:
        """``99¢``, ``50p``, ``20 USD``, ``20 €``."""
        if not begins(text, at):
            return None
        match = self.small.match(text, at)
        if match is not None:
            one, more = self.money.small[match["small"]]
            name = one if match["number"] == "1" else more
            return self._with_per(text, match.end(), (Text(text=f"{decimal(match['number'], self.tag)} {name}"),))
        match = self.code_after.match(text, at)
        if match is None or not match["number"]:
            return None
        sign, of = self.money.codes.get(match["code"], (match["code"], ""))
        return self._with_per(text, match.end(), self._sum(match, self.money.currencies[sign], of))

    def _with_per(self, text: str, end: int, spans: tuple[Span, ...]) -> Reading:
        match = self.per.match(text, end)
        if match is None:
            more = text[end : end + 1] == "+" and not text[end + 1 : end + 2].isalnum()
            return Reading(end + 1, (*spans, Text(text=f" {self.money.or_more}"))) if more else Reading(end, spans)
        return Reading(match.end(), (*spans, Text(text=f" {self.money.per[match['per']]}")))

    def _is_attribute(self, text: str, at: int, end: int) -> bool:
        """Whether the sum stands before a noun: "a $10 copay"."""
        article = re.search(
            r"\b(?:an?|the|your|per|each|this|that|no|of|\d)\s$", text[max(0, at - 8) : at], re.IGNORECASE
        )
        return (
            article is not None and text[end : end + 1] in " -" and word_after(text, end).lower() in self.money.before
        )

    def _bare(self, match: re.Match[str]) -> tuple[Span, ...]:
        """The number alone, with its "million"."""
        words = decimal(match["number"], self.tag)
        return (Text(text=f"{words} {self.money.scales[match['scale']]}" if match["scale"] else words),)

    def _named(self, unit: str, of: str) -> tuple[Span, ...]:
        if of and of.isupper():
            return (spelled(of, self.tag), Text(text=f" {unit}"))
        return (Text(text=f"{of} {unit}".strip()),)

    def _sum(self, match: re.Match[str], currency: Currency, of: str) -> tuple[Span, ...]:
        written, scale = _DECIMAL_COMMA.sub(r"\1.\2", match["number"]), match["scale"]
        number = written.replace(",", "")
        whole, _, fraction = number.partition(".")
        one, more = currency.unit
        if scale or not currency.part or len(fraction) not in (0, 2):
            name = one if number == "1" and not scale else more
            words = decimal(written, self.tag) + (f" {self.money.scales[scale]}" if scale else "")
            return (Text(text=f"{words} "), *self._named(name, of))
        spans: tuple[Span, ...] = ()
        if int(whole or 0) or not int(fraction or 0):
            spans = (
                Text(text=f"{cardinal(int(whole or 0), self.tag)} "),
                *self._named(one if whole == "1" else more, of),
            )
        if int(fraction or 0):
            part = currency.part[0 if int(fraction) == 1 else 1]
            joined = f" {self.money.and_} " if spans else ""
            spans = (*spans, Text(text=f"{joined}{cardinal(int(fraction), self.tag)} {part}"))
        return spans


def _before_noun(currency: Currency) -> Currency:
    """The singular for one and for more: "a five dollar and fifty cent copay"; pence stay pence."""
    unit, part = currency.unit[0], currency.part
    if part and part[1].startswith(part[0]):
        part = (part[0], part[0])
    return Currency(unit=(unit, unit), part=part)


def rules(language: Language) -> Iterator[tuple[str, Rule]]:
    """See rules.py."""
    sums = _Sums(language)
    for sign in sums.money.currencies:
        yield sign.lower(), sums.signed
    for prefix in sums.money.prefixes:
        yield prefix.lower(), sums.signed
    for code in sums.money.codes:
        yield code.lower(), sums.coded
    for minus in "-−–":
        yield minus, sums.negative
    yield "0", sums.counted
