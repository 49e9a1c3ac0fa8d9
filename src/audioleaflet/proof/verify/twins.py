"""The dangerous twins of words that matter: what a sentence must not have been said as. English.

A twin is the words that would stand in the place of one word; none at all where the word would be lost. Twins that mean
the same to a patient (may and might) are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

Twin = tuple[str, ...]
LOST: Twin = ()

_DIGITS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS = (
    *("ten", "eleven", "twelve", "thirteen", "fourteen"),
    *("fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_NUMBERS = (*_DIGITS, *_TEENS, *_TENS)
_ORDINALS = (
    *("first", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth"),
    *("thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth"),
    *("twentieth", "thirtieth"),
)
# Any of a row may be said for any other of it.
_ROWS = (
    ("hundred", "thousand", "million"),
    _ORDINALS,
    ("half", "third", "quarter"),
    ("milligrams", "micrograms", "grams", "kilograms", "units", "milliliters", "liters"),
    ("milligram", "microgram", "gram", "kilogram", "unit", "milliliter", "liter"),
    ("millilitres", "litres", "milligrams", "micrograms", "grams"),
    ("millilitre", "litre", "milligram", "microgram", "gram"),
    ("millimeters", "centimeters", "meters", "inches", "feet"),
    ("seconds", "minutes", "hours", "days", "weeks", "months", "years"),
    ("minute", "hour", "day", "week", "month", "year"),
    ("hourly", "daily", "weekly", "monthly"),
    ("teaspoons", "tablespoons"),
    ("teaspoon", "tablespoon"),
    ("inch", "foot"),
    ("once", "twice"),
    ("may", "must", "should"),
    ("always", "never"),
    ("not", "now"),
    ("nothing", "something"),
    ("before", "after"),
    ("earlier", "later"),
    ("first", "last"),
    ("more", "less"),
    ("least", "most"),
    ("above", "below"),
    ("over", "under"),
    ("higher", "lower"),
    ("upper", "lower"),
    ("longer", "shorter"),
    ("left", "right"),
    ("increase", "decrease"),
    ("with", "without"),
    ("if", "unless"),
    ("morning", "noon", "evening", "night"),
    ("today", "tomorrow"),
    ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
)
_MAY_BE_LOST = frozenset(
    (
        *("not", "no", "never", "only", "if", "unless", "until", "may", "might", "could", "should", "must"),
        *("point", "zero", "oh", "hundred", "thousand", "million", "half", "once", "twice", "least", "most"),
    )
)
_MAY_GAIN_NOT = frozenset(("may", "must", "should", "do", "does", "is", "are", "will"))
_CONTRACTED = {"can't": "can", "cannot": "can", "won't": "will", "shan't": "shall"}
_HALVES_OF_DAYS = {"a": "p", "p": "a"}  # before "m"


def _related() -> Mapping[str, tuple[Twin, ...]]:
    twins: dict[str, list[Twin]] = {}
    for row in _ROWS:
        for word in row:
            twins.setdefault(word, []).extend((other,) for other in row if other != word)
    for word in _NUMBERS:
        twins.setdefault(word, []).extend((other,) for other in (*_NUMBERS, "zero") if other != word)
    twins["second"] = [(other,) for other in _ORDINALS]
    for zero in ("zero", "oh"):
        twins[zero] = [(digit,) for digit in _DIGITS]
    return {word: tuple(dict.fromkeys(others)) for word, others in twins.items()}


_RELATED = _related()
VOCABULARY = frozenset(
    word
    for words in (_RELATED, _MAY_BE_LOST, _CONTRACTED, _CONTRACTED.values(), _HALVES_OF_DAYS, ("not", "cannot", "can"))
    for word in words
)


def twins(word: str, follows: str = "") -> tuple[Twin, ...]:
    """The twins of ``word``, in lower case, before the word ``follows``; none for a word that does not matter."""
    if word.endswith("n't") or word in _CONTRACTED:
        return ((_CONTRACTED.get(word, word[: -len("n't")]),),)
    if follows == "m" and word in _HALVES_OF_DAYS:
        return ((_HALVES_OF_DAYS[word],),)
    found = list(_RELATED.get(word, ()))
    if word in _MAY_BE_LOST or word in _NUMBERS:
        found.append(LOST)
    if follows != "not":
        if word == "can":
            # "can't" is left out: before g, k or h even a person hardly hears its t.
            found += [("cannot",)]
        elif word in _MAY_GAIN_NOT:
            found.append((word, "not"))
    return tuple(dict.fromkeys(found))


def places(words: Sequence[str]) -> Iterator[tuple[int, tuple[Twin, ...]]]:
    """Each word of a sentence that matters, by its place, with its twins."""
    for place, word in enumerate(words):
        found = twins(word, words[place + 1] if place + 1 < len(words) else "")
        if len(words) == 1:  # a sentence of one word that is lost is a silent sentence
            found = tuple(twin for twin in found if twin)
        if found:
            yield place, found
