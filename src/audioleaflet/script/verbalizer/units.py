"""Units of measure: symbols as leaflets write them, alone or in chains such as mg/kg/day, and their words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from audioleaflet.script.verbalizer.amounts import Amounts
from audioleaflet.script.verbalizer.patterns import lazy
from audioleaflet.script.verbalizer.vocabulary import Vocabulary, load

# A symbol is at most nine letters; what is no symbol is found so by looking into a table.
_SYMBOL = lazy(r"[A-Za-zµ]{1,9}(?![^\W_²³])|[%‰℃℉′″°]")
_RAISED = lazy(r"([A-Za-zµ]{1,2})\^?([23²³])(?![^\W_])")
_ROOM = lazy(r"[ \u00a0\u2009\u202f]{1,2}")
_UNDER = lazy(r"[ \u00a0]?[/⁄∕][ \u00a0]?|[ \u00a0]per[ \u00a0]")
_WORD = lazy(r"[a-zA-Z]{2,12}(?![^\W_])")
# The full stop of an abbreviation: the sentence goes on behind it.
POINT = lazy(r"\.(?=[ \u00a0](?:[a-z×]|[0-9]{1,2} ?(?:oz|in|min)\b)|[,;:])")
_LONGEST = 20  # no symbol is longer, with what must follow it
_ALIKE = str.maketrans({"º": "°", "˚": "°", "μ": "µ", "\u00a0": " ", "\u202f": " ", "⁄": "/", "％": "%"})
_FIRST = lazy(r"[A-Za-z]+|.")
_SQUARE = frozenset("2²")


class Unit(Vocabulary):
    """One unit: its words for one and for more, its symbols, and where a symbol counts (see units.yaml)."""

    one: str
    many: str
    written: tuple[str, ...]
    length: bool = False
    exact: bool = False
    after_number: bool = False
    spaced: bool = False


class Words(Vocabulary):
    """The small words between amounts and units."""

    to: str
    by: str
    times: str
    time: str
    per: str
    a: str
    an: str
    for_days: str
    slash: str
    square: str
    cubic: str


class Units(Vocabulary):
    """All that units.yaml holds."""

    units: dict[str, Unit]
    anywhere: frozenset[str]
    singular_after: frozenset[str]
    rates: frozenset[str]
    times: frozenset[str]
    an: frozenset[str]
    calendar: frozenset[str]
    carriers: tuple[str, ...]
    modifiers: tuple[str, ...]
    forms: tuple[str, ...]
    not_carriers: tuple[str, ...]
    articles: tuple[str, ...]
    joins: tuple[str, ...]
    brief_after: tuple[str, ...]
    brief_before: tuple[str, ...]
    dimensions: tuple[str, ...]
    of_inches: tuple[str, ...]
    temperature_near: frozenset[str]
    of_a_needle: tuple[str, ...]
    words: Words


@dataclass(frozen=True, slots=True)
class Chain:
    """Units up to ``end``, an index of the text: the words for one and for more, with all that they are "per".

    ``symbol``: the first unit's name in units.yaml. ``length``: a plain length.
    """

    end: int
    symbol: str
    one: str
    many: str
    length: bool


class Symbols:
    """Finds units of one language in text."""

    def __init__(self, tag: str) -> None:
        self.tag = tag
        self.data = load("units", Units, tag)
        self.lengths = frozenset(
            word for unit in self.data.units.values() if unit.length for word in (unit.one, unit.many)
        )
        self.amounts = Amounts(tag)
        self._exact: dict[str, str] = {}
        self._any: dict[str, str] = {}
        wide: list[str] = []
        for name, unit in self.data.units.items():
            for written in unit.written:
                self._exact[written] = name
                if not written.isalpha() and len(written) > 1:
                    wide.append(written)
                elif len(written) > 1 and not unit.exact:
                    self._any.setdefault(written.lower(), name)
        wide.sort(key=lambda written: (-len(written), written))
        forms = "|".join(re.escape(written).replace(r"\ ", " ?") for written in wide)
        self._wide = lazy(rf"(?:{forms})(?![^\W_])")
        self._wide_first = frozenset(written[0] for written in wide)
        self._wide_names = {written.replace(" ", ""): self._exact[written] for written in wide}

    def first_words(self) -> Iterator[str]:
        """What a symbol may begin with, as keys of rules."""
        yield from sorted({_FIRST.findall(written)[0].lower() for written in self._exact})
        yield from "μº˚"

    def named(self, name: str, end: int) -> Chain:
        """The unit of that name in units.yaml, up to ``end``."""
        unit = self.data.units[name]
        return Chain(end, name, unit.one, unit.many, unit.length)

    def chain(self, text: str, at: int, *, after_number: bool = True) -> Chain | None:
        """The units that begin right at ``at``, or None. ``after_number``: all symbols count, not only plain ones."""
        found = self._unit(text, at)
        if found is None:
            return None
        end, name, one, many, length = found
        unit = self.data.units.get(name)
        per: list[str] = []
        while len(per) < 4:
            under = self._under(text, end, name)
            if under is None:
                break
            end, words = under
            per.append(words)
        known = after_number or (unit is None or not unit.after_number) or self._is_anywhere(text[at:end])
        if not known and (not per or end - at < 3):
            return None
        tail = "".join(f" {self.data.words.per} {words}" for words in per)
        point = POINT.match(text, end) if text[end - 1].isalpha() else None
        end = point.end() if point else end
        return Chain(end, name, one + tail, many + tail, length)

    def _is_anywhere(self, written: str) -> bool:
        """Whether a symbol is a unit with no number by it; HR and YR in capitals are not."""
        return written in self.data.anywhere or (written.istitle() and written.lower() in self.data.anywhere)

    def per(self, text: str, at: int) -> tuple[int, str] | None:
        """What stands under a line that ends at ``at``: ``5 mL``, ``kg``, ``day``; its end and words."""
        amount = self.amounts.read(text, at) if text[at : at + 1].isdigit() else None
        begin = amount.end if amount else at
        if amount:
            room = _ROOM.match(text, begin)
            begin = room.end() if room else begin
        found = self._unit(text, begin)
        if found is not None:
            end, _, one, many, _ = found
            words = one if amount is None or amount.form != "many" else many
            return end, f"{amount.words} {words}" if amount else words
        word = _WORD.match(text, begin)
        lower = word.group().lower() if word else ""
        if word is None or not (lower in self.data.rates or lower.removesuffix("s") in self.data.rates):
            return None
        return word.end(), f"{amount.words} {lower}" if amount else lower

    def _under(self, text: str, end: int, above: str) -> tuple[int, str] | None:
        line = _UNDER.match(text, end)
        if line is None:
            return None
        under = self.per(text, line.end())
        if under is None:
            return None
        if text[line.end()].isdigit():  # 500 mg/30 mg are two strengths, not a rate
            written = self._unit(text, self._units_at(text, line.end()))
            if written is not None and written[1] == above:
                return None
        return under

    def _units_at(self, text: str, at: int) -> int:
        amount = self.amounts.read(text, at)
        end = amount.end if amount else at
        room = _ROOM.match(text, end)
        return room.end() if room else end

    def _unit(self, text: str, at: int) -> tuple[int, str, str, str, bool] | None:
        """End, name, words for one and for more, and whether it is a plain length."""
        window = text[at : at + _LONGEST].translate(_ALIKE)
        match = self._wide.match(window) if window[:1] in self._wide_first else None
        if match is not None:
            name = self._wide_names[match.group().replace(" ", "")]
            return self._found(at + match.end(), name)
        raised = _RAISED.match(window)
        if raised is not None:
            return self._powered(raised, at)
        match = _SYMBOL.match(window)
        if match is None:
            return None
        written = match.group()
        known = self._exact.get(written) or self._any.get(written.lower())
        if known is None or (self.data.units[known].spaced and at and text[at - 1].isdigit()):
            return None
        return self._found(at + match.end(), known)

    def _found(self, end: int, name: str) -> tuple[int, str, str, str, bool]:
        unit = self.data.units[name]
        return end, name, unit.one, unit.many, unit.length

    def _powered(self, raised: re.Match[str], at: int) -> tuple[int, str, str, str, bool] | None:
        """Square meters, cubic centimeters."""
        name = self._exact.get(raised[1])
        unit = self.data.units[name] if name else None
        if name is None or unit is None or not unit.length:
            return None
        power = self.data.words.square if raised[2] in _SQUARE else self.data.words.cubic
        return at + raised.end(), f"{name}{raised[2]}", f"{power} {unit.one}", f"{power} {unit.many}", False
