"""Numbers in words, the way a language counts: American English without "and", British with it."""

from __future__ import annotations

from functools import lru_cache

from audioleaflet.script.verbalizer.vocabulary import Vocabulary, load

_MOST_DIGITS = 15  # longer runs of digits are no count: they are said digit by digit
_UNGROUPED = 7  # so are seven digits with no separator, which name something more often than they count


class Counting(Vocabulary):
    """``with_and``: "one hundred and five"; ``point``: the decimal point; ``minus``; ``digits`` from zero to nine."""

    with_and: bool
    point: str
    minus: str
    digits: tuple[str, ...]


@lru_cache(maxsize=4096)
def cardinal(number: int, language: str) -> str:
    """``105`` as "one hundred five"; negative numbers with "minus". At most 15 digits, longer ones digit by digit."""
    counting = load("counting", Counting, language)
    if number < 0:
        return f"{counting.minus} {cardinal(-number, language)}"
    if number >= 10**_MOST_DIGITS:
        return digits(str(number), language)
    return _in_words(number, language, counting)


@lru_cache(maxsize=1024)
def ordinal(number: int, language: str) -> str:
    """``21`` as "twenty-first"."""
    return _in_words(number, language, load("counting", Counting, language), to="ordinal")


@lru_cache(maxsize=1024)
def year(number: int, language: str) -> str:
    """``1905`` as "nineteen oh five", ``2026`` as "twenty twenty-six"."""
    words = _in_words(number, language, load("counting", Counting, language), to="year")
    return words.replace("oh-", "oh ")


def decimal(text: str, language: str) -> str:
    """Digits with at most one ``.`` and perhaps commas: ``0.5`` is "zero point five", ``.5`` "point five".

    Digits after the point are said one by one; so are those before it where they begin with a zero that counts
    nothing (``007``), or are more than a count has.
    """
    whole, point, fraction = text.replace(",", "").partition(".")
    words = []
    if len(whole) > _MOST_DIGITS or (len(whole) > 1 and whole[0] == "0"):
        words.append(digits(whole, language))
    elif whole:
        words.append(cardinal(int(whole), language))
    if point and fraction:
        words += [load("counting", Counting, language).point, digits(fraction, language)]
    return " ".join(words)


def numeral(text: str, language: str) -> str:
    """A number as a leaflet writes it: as ``decimal``, but ``1234567``, with no separators, digit by digit."""
    if len(text) >= _UNGROUPED and text.isdecimal() and not text.endswith("000"):
        return digits(text, language)
    return decimal(text, language)


def digits(text: str, language: str) -> str:
    """ASCII digits one by one."""
    names = load("counting", Counting, language).digits
    return " ".join([names[int(digit)] for digit in text])


def _in_words(number: int, language: str, counting: Counting, to: str = "cardinal") -> str:
    from num2words import num2words  # 20 ms to load: only where a text has a number

    words: str = num2words(number, lang=language.split("-")[0], to=to).replace(",", "")
    return words if counting.with_and else words.replace(" and ", " ")
