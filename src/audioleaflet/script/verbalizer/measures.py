"""Doses, measures, ranges, dimensions: how much, and how often."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from audioleaflet.script.model import Text
from audioleaflet.script.verbalizer.amounts import BROKEN, DASHES, VULGAR, Amount
from audioleaflet.script.verbalizer.durations import Durations
from audioleaflet.script.verbalizer.inches import Inches
from audioleaflet.script.verbalizer.pairs import Pairs
from audioleaflet.script.verbalizer.patterns import lazy
from audioleaflet.script.verbalizer.places import ended, word_before
from audioleaflet.script.verbalizer.rules import Language, Reading, Rule, apart, reading
from audioleaflet.script.verbalizer.strengths import Pairing
from audioleaflet.script.verbalizer.times import Clock
from audioleaflet.script.verbalizer.units import Chain, Symbols, Words
from audioleaflet.script.verbalizer.vocabulary import load

_SPACES = r"[ \u00a0\u2009\u202f]"
_RANGE = lazy(rf"(?P<tight>[{DASHES}])|{_SPACES}[{DASHES}]{_SPACES}|{_SPACES}(?P<lean>[-–])(?=[0-9])")
_MINUS = lazy(r"[-−]")
_EQUALS = lazy(rf"{_SPACES}?=")
_TIMES = lazy(rf"{_SPACES}?[x×X✕]{_SPACES}?(?=[0-9.{VULGAR}])")
_TIMES_AFTER = lazy(rf"{_SPACES}?[x×X✕](?![^\W_])")
_TO_UNIT = lazy(rf"{_SPACES}{{1,2}}|[{DASHES}](?=[A-Za-zµμ])|")
_HYPHEN_OPEN = lazy(rf"[-‑‐](?={_SPACES}(?:to|or|and){_SPACES}[0-9{VULGAR}])")
_HYPHEN = lazy(r"[‐‑](?=[^\W\d_])")
_RATE = lazy(rf"{_SPACES}?[/⁄∕]{_SPACES}?")
_LETTER_DEGREE = lazy(rf"{_SPACES}?([CF])(?![^\W_]|['’])")
_WORDS = lazy(r"[a-z]{1,14}")
_ROOM = lazy(rf"{_SPACES}?")
_FOLLOWS_ROOM = lazy(rf"{_SPACES}{{1,2}}")
_FOLLOWS = lazy(rf"{_SPACES}{{1,2}}([^\W\d_]{{1,20}})")
_WORD_BEFORE = lazy(rf"([^\W\d_]{{1,20}}|[0-9][xX×])\)?{_SPACES}?$")
_TIMES_BEFORE = lazy(rf"[x×✕]{_SPACES}?(?=[0-9])")
_CHAIN = lazy(r"[0-9]{1,15}(?:[-‑–][0-9]{1,15}){2,}(?![0-9/])|[0-9]{1,15}(?:/[0-9]{1,15}){2,}")
_MORE = lazy(r" [0-9]{1,6}(?![0-9/.:])( [0-9])?")
_FIGURE_BEFORE = lazy(r"[0-9] $")
_NUMBERED = lazy(rf"{_SPACES}[0-9]")
# Two times that have their units in words: 6 months-5 years.
_THROUGH = lazy(
    rf"[-–]{_SPACES}?(?=[0-9{VULGAR}][0-9.½]{{0,4}}{_SPACES}([a-z]{{3,8}})(?![a-z]|{_SPACES}(?:later|after|ago|before)))"
)
_TIMED_BEFORE = lazy(rf"[0-9{VULGAR}]{_SPACES}([a-z]{{3,8}}){_SPACES}?$")
_DAYS = lazy(r"[0-9] ?(?:d|h|hrs?|wks?|mos?|mths?|yrs?|mins?)\.?$")
_BRIEF = lazy(r"[sd](?![^\W_]|['’])")
_UNDER_A_WORD = "Ldh"  # the letters that are a unit under a word: tablets/d
_OF_A_BODY = {"celsius": (35, 42), "fahrenheit": (95, 107.6)}  # with a decimal, no other C or F is meant
_NEAR = 60  # characters around a number in which a word tells that it is a temperature
_STRENGTHS = frozenset({"microgram", "milligram", "gram"})
_PAIR = 2
_MOST_SIDES = 4  # 5 x 3 x 2 cm has three


@dataclass(frozen=True, slots=True)
class Side:
    """An amount with its unit, if it has one. ``joint``: a space or a hyphen between them."""

    end: int
    amount: Amount
    chain: Chain | None
    joint: str


def rules(language: Language) -> Iterator[tuple[str, Rule]]:
    """See rules.py."""
    measures = Measures(language.tag)
    for key in ("0", ".", *VULGAR):
        yield key, measures.read
    for symbol in measures.symbols.first_words():
        yield symbol, measures.alone
    yield "per", measures.after_per
    for key in "/⁄∕":
        yield key, measures.rate
    for key in "-–":
        yield key, measures.through
    for key in ("x", "×", "✕"):
        yield key, measures.times


class Measures:
    """The rules of one language."""

    def __init__(self, tag: str) -> None:
        self.symbols = Symbols(tag)
        self.amounts = self.symbols.amounts
        self.pairs = Pairs(tag, self.amounts, self.symbols)
        data = self.symbols.data
        self.words: Words = data.words
        self.rates = data.rates
        any_of = "|".join
        self._carrier = lazy(
            rf"[\s-]{{1,2}}(?:(?:{any_of(map(re.escape, data.modifiers))})[\s,]{{1,2}}){{0,3}}"
            rf"(?:(?!(?:{any_of(data.not_carriers)})\s)[a-z-]{{3,25}}\s(?:{any_of(data.forms)})"
            rf"|(?:{any_of(data.carriers)}))(?:s|es)?(?![^\W_])",
            re.IGNORECASE,
        )
        self._after_article = lazy(rf"[\s-](?!(?:{any_of(data.not_carriers)})(?![^\W_]))[^\W\d_]", re.IGNORECASE)
        self._article = lazy(rf"(?:^|[\s(“\"])(?:{any_of(data.articles)})\s$", re.IGNORECASE)
        joins = any_of(data.joins)
        self._again = lazy(rf"(?:,? (?:{joins}) |, ?|/)[0-9][0-9.,]{{0,6}}[ -]?([A-Za-zµ%]{{1,4}})(?![^\W_])")
        self._gauge = lazy(rf"[ -]?G\s(?:{any_of(map(re.escape, data.of_a_needle))})(?![^\W_])")
        self._brief_after = lazy(
            rf"(?<![^\W_])(?:{any_of(data.brief_after)})\s?(?:[0-9]{{1,3}} ?[-–] ?)?$", re.IGNORECASE
        )
        self._brief_before = lazy(rf"[sd][ -](?:{any_of(data.brief_before)})(?![^\W_])")
        notes = load("durations", Durations, tag).units
        self.notes = lazy(rf"[0-9]{{1,2}}/(?:{any_of(notes)})(?![\w/])") if notes else None  # 5 mg x 5/7
        clock = load("clock", Clock, tag)
        self._hours_after = clock.meetings | clock.at | clock.hours_of
        self.inches = Inches(self.symbols)
        self.pairing = Pairing(tag)

    def read(self, text: str, at: int) -> Reading | None:
        """Amounts that begin at ``at``, with their units, as ranges or as dimensions; None for a bare number."""
        before = text[at - 1 : at] if at else ""
        if before.isalnum() or (text[at] == "." and (before == "." or not "0" <= text[at + 1 : at + 2] <= "9")):
            return None
        return None if _CHAIN.match(text, at) or BROKEN.match(text, at) else self._quantity(text, at)

    def _quantity(self, text: str, at: int) -> Reading | None:
        feet = self.inches.both(text, at)
        if feet is not None:
            return feet
        side = self._side(text, at)
        if side is None:
            return None
        sides, joints = [side], []
        while len(sides) < _MOST_SIDES:
            following = self._next(text, sides[-1], at)
            if following is None:
                break
            joint, side = following
            sides.append(side)
            joints.append(joint)
            if joint != self.words.times:
                break
        return self._composed(text, at, sides, joints)

    def _side(self, text: str, at: int) -> Side | None:
        amount = self.pairs.read(text, at) or self.pairs.ratio(text, at) or self.amounts.read(text, at)
        if amount is None:
            return None
        joint = _TO_UNIT.match(text, amount.end)
        assert joint is not None, "the pattern matches nothing too"
        chain = self.symbols.chain(text, joint.end()) or self._by_context(text, at, amount)
        if chain is None:
            return Side(amount.end, amount, None, "")
        return Side(chain.end, amount, chain, "-" if joint.group() and joint.group() in DASHES else " ")

    def _next(self, text: str, side: Side, at: int) -> tuple[str, Side] | None:
        """The word that joins ``side`` to what follows it, and that."""
        times = _TIMES.match(text, side.end)
        if times is not None:
            following = self._side(text, times.end())
            if following is None or (self.notes is not None and self.notes.match(text, times.end())):
                return None
            lasting = side.chain is not None and self._lasts(text, times.end(), following.end)
            return (self.words.for_days if lasting else self.words.times), following
        dash = _RANGE.match(text, side.end)
        if dash is None:
            return None
        sign = _MINUS.match(text, dash.end())
        following = self._side(text, sign.end() if sign else dash.end())
        if following is None:
            return None
        if sign:
            amount = Amount(
                following.amount.end, f"{self.amounts.minus} {following.amount.words}", "many", -following.amount.value
            )
            return self.words.to, Side(following.end, amount, following.chain, following.joint)
        first, second = side.amount.value, following.amount.value
        if "−" in dash.group() and self._is_sum(text, at, side, following):
            return self.amounts.minus, following
        if not dash["tight"]:
            return None if second < first else (self.words.to, following)
        unit = following.chain is not None and following.chain.symbol in _STRENGTHS
        two = (side.chain is None or unit) and self.pairing.are_two(text, at, first, second, unit=unit)
        return "," if two else self.words.to, following

    def _is_sum(self, text: str, at: int, first: Side, second: Side) -> bool:
        """Whether a minus sign takes the second away: "5−3", "3−5 = −2"; not "2−1 mugs", "open 10−4", "10−4, Sat"."""
        if first.chain or second.chain or word_before(text, at) in self._hours_after:
            return False
        falls = second.amount.value <= first.amount.value
        over = ended(text, second.end) and text[second.end : second.end + 1] != ","
        return _EQUALS.match(text, second.end) is not None or (falls and over)

    def _composed(self, text: str, at: int, sides: list[Side], joints: list[str]) -> Reading | None:
        last = sides[-1]
        attributive = self._attributive(text, at, last)
        length = self._length(text, last)
        words = [_with_unit(sides[0], attributive=attributive)]
        for before, joint, side in zip(sides, joints, sides[1:], strict=False):
            alike = (
                before.chain is None and side.chain is None and before.amount.value == side.amount.value
            )  # 4x4 gauze
            by = joint == self.words.times and (
                (length and (before.chain is None or before.chain.length)) or (alike and len(sides) == _PAIR)
            )
            words += [self.words.by if by else joint, _with_unit(side, attributive=attributive)]
        tail, end = self._tail(text, last) if last.chain is None else ("", last.end)
        if end == last.amount.end and _goes_on(text, end):
            return None
        if end == last.amount.end and _is_listed(text, at, end):
            tail = ","
        return apart(text, at, end, " ".join(words).replace(" ,", ",") + tail)

    def _length(self, text: str, last: Side) -> bool:
        if last.chain is not None:
            return last.chain.length
        follows = _FOLLOWS.match(text, last.end)
        return follows is not None and follows[1].lower() in self.symbols.lengths

    def _tail(self, text: str, last: Side) -> tuple[str, int]:
        """What stands behind an amount with no unit: "times", "per day", the hyphen of "2- to 3-week"; and its end."""
        tail, end = "", last.end
        times = _TIMES_AFTER.match(text, end)
        if times is not None:
            tail, end = f" {self.words.time if last.amount.form == 'one' else self.words.times}", times.end()
        line = _RATE.match(text, end)
        under = self.symbols.per(text, line.end()) if line else None
        if under is not None:
            end, words = under
            tail += f" {self._a_or_an(words) if times else self.words.per} {words}"
        hyphen = _HYPHEN_OPEN.match(text, end)
        if hyphen is not None:
            return tail, hyphen.end()
        unbroken = _HYPHEN.match(text, end)
        return (f"{tail}-", unbroken.end()) if unbroken else (tail, end)

    def _a_or_an(self, under: str) -> str:
        return self.words.an if under in self.symbols.data.an else self.words.a

    def _attributive(self, text: str, at: int, last: Side) -> bool:
        """Whether the last unit stands before its noun, so that it is said in the singular."""
        if last.chain is None:
            return False
        per_amount = any(figure.isdigit() for figure in text[last.amount.end : last.end])
        if per_amount and last.joint != "-" and "/" in text[last.amount.end : last.end]:
            return False  # 250 mg/5 mL oral suspension
        if last.joint == "-" or text[last.end : last.end + 1] in ("-", "‑", "‐"):
            return True
        if self._carrier.match(text, self._after_others(text, last)):
            return True
        article = self._article.search(text, max(0, at - 4), at)
        return article is not None and self._after_article.match(text, last.end) is not None

    def _after_others(self, text: str, last: Side) -> int:
        """Where further amounts of the same unit end: in "10 mg or 20 mg tablets" both are before the noun."""
        end = last.end
        for _ in range(_MOST_SIDES):
            other = self._again.match(text, end)
            if other is None or not text.endswith(other[1], 0, last.end):
                break
            end = other.end()
        return end

    def _by_context(self, text: str, at: int, amount: Amount) -> Chain | None:
        """Units that only the words around them tell: C and F, inches and feet."""
        after = text[amount.end : amount.end + 6]
        letter = _LETTER_DEGREE.match(after)
        if letter is not None:
            around = text[max(0, amount.end - _NEAR) : amount.end + _NEAR].lower()
            name = "celsius" if letter[1] == "C" else "fahrenheit"
            low, high = _OF_A_BODY[name]
            body = low <= amount.value <= high and amount.value % 1 > 0  # 98.6F, but no 36C bra
            if not body and self.symbols.data.temperature_near.isdisjoint(_WORDS.findall(around)):
                return None
            return self.symbols.named(name, amount.end + letter.end())
        if self._gauge.match(text, amount.end) and amount.value % 1 == 0:
            return self.symbols.named("gauge", amount.end + len(after) - len(after.lstrip(" -")) + 1)
        brief = _BRIEF.match(after)
        if brief is not None and (
            self._brief_after.search(text, max(0, at - 24), at) or self._brief_before.match(text, amount.end)
        ):
            return self.symbols.named("second" if brief.group() == "s" else "day", amount.end + 1)
        return self.inches.after(text, at, amount)

    def alone(self, text: str, at: int) -> Reading | None:
        """A symbol with no number before it: "in mg/dL", "half a mL"."""
        chain = self.symbols.chain(text, at, after_number=False)
        if chain is None or text[chain.end : chain.end + 1] in ("-", "/") or _joined_before(text, at):
            return None
        before = _WORDS.findall(text[max(0, at - 12) : at].lower())
        plural = chain.end - at > 2 and text[chain.end - 1] == "s"  # every other wk, but these other wks
        one = bool(before) and before[-1] in self.symbols.data.singular_after and not plural
        numbered = text[chain.end - 1] != "s" and _NUMBERED.match(text, chain.end) is not None  # wk 1
        one = one or (numbered and chain.symbol in self.symbols.data.calendar)
        return apart(text, at, chain.end, chain.one if one else chain.many)

    def after_per(self, text: str, at: int) -> Reading | None:
        """ "per kg", where the symbol means nothing by itself."""
        room = _FOLLOWS_ROOM.match(text, at + 3)
        if room is None or text[room.end() : room.end() + 1].isdigit():
            return None
        chain = self.symbols.chain(text, room.end())
        return reading(chain.end, f"{text[at : at + 3]} {chain.one}") if chain else None

    def rate(self, text: str, at: int) -> Reading | None:
        """The line of "times/day" and "breaths/min": after a word, before what it is counted by."""
        before = _WORD_BEFORE.search(text, max(0, at - 24), at)
        room = _ROOM.match(text, at + 1)
        under = self.symbols.per(text, room.end()) if before and room else None
        if before is None or room is None or under is None:
            return None
        word = before[1].lower()
        letter = under[0] - room.end() == 1 and text[room.end()] not in _UNDER_A_WORD
        if letter or word in self.symbols.data.calendar or word in self.rates:
            return None
        if text[room.end()].isdigit() and self.symbols.chain(text, before.start(1)):
            return apart(text, at, room.end(), f"{self.words.slash} ")  # 500 mg/30 mg: two strengths
        per = self._a_or_an(under[1]) if word in self.symbols.data.times else self.words.per
        return apart(text, at, under[0], f"{per} {under[1]}")

    def through(self, text: str, at: int) -> Reading | None:
        """The dash of "6 months-5 years", where each has its unit in words."""
        dash, before = _THROUGH.match(text, at), _TIMED_BEFORE.search(text, max(0, at - 12), at)
        if dash is None or before is None:
            return None
        both = {word.removesuffix("s") for word in (dash[1], before[1])}
        if not both <= self.symbols.data.calendar & self.rates:
            return None
        return reading(dash.end(), f"{'' if text[at - 1].isspace() else ' '}{self.words.to} ")

    def _lasts(self, text: str, begin: int, end: int) -> bool:
        """Whether the amount ``text[begin:end]`` is a length of time: "x 7 days", "x 2 wks.", "x7d"."""
        follows = _FOLLOWS.match(text, end)
        time = follows[1].lower().removesuffix("s") if follows else ""
        if time in self.symbols.data.calendar and time in self.rates:
            return True
        return _DAYS.search(text, begin, end) is not None

    def times(self, text: str, at: int) -> Reading | None:
        """``x 7 days``, ``x3``: a sign before a number with none before it."""
        sign = _TIMES_BEFORE.match(text, at)
        if sign is None or (at and text[at - 1].isalnum()):
            return None
        quantity = self._quantity(text, sign.end())
        if quantity is None:
            return None
        word = self.words.for_days if self._lasts(text, sign.end(), quantity.end) else self.words.times
        return Reading(quantity.end, (Text(text=f"{word} "), *quantity.spoken))


def _with_unit(side: Side, *, attributive: bool) -> str:
    if side.chain is None:
        return side.amount.words
    one = attributive or side.amount.form != "many"
    # "five-year", but "two hundred fifty milligram": a hyphen would join the last word of the number alone.
    joint = " " if " " in side.amount.words else side.joint
    return f"{side.amount.words}{joint}{side.chain.one if one else side.chain.many}"


def _goes_on(text: str, end: int) -> bool:
    """Whether letters or further figures follow at once, which is for numbers.py to read."""
    after = text[end : end + 2]
    return (after[:1].isalnum() and text[end - 1] not in VULGAR) or (
        after[:1] in (".", ",", "/") and after[1:].isdigit()
    )


def _is_listed(text: str, at: int, end: int) -> bool:
    """Whether it is one of three numbers or more with only spaces between, and not the last: 100 200 400 mg."""
    more = _MORE.match(text, end)
    return more is not None and (more[1] is not None or _FIGURE_BEFORE.search(text, max(0, at - 2), at) is not None)


def _joined_before(text: str, at: int) -> bool:
    return at > 0 and (text[at - 1].isalnum() or text[at - 1] in "-/’'")
