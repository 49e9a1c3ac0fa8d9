"""Telephone numbers digit by digit, in the groups in which they are written, else in those usual in their country.

The shape alone makes a number: ``+`` and a country code (ITU-T E.123), the North American 3-3-4, a trunk zero before
nine or ten digits. Other runs of digits are one after a word such as "call", or where phonenumbers knows them as valid.
Dates, ISBNs, sums and ranges are none.

A number that spells a word (``1-800-4-CANCER``) is said as it is written and then in digits, since nobody can dial a
word by ear; where the text gives the digits itself, they are not added. ``+44 (0)20`` is "plus four four, or zero, two
zero": the zero is dialled only inside the country, instead of what stands before it.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from functools import lru_cache

from audioleaflet.script.model import Spelled, Spoken
from audioleaflet.script.verbalizer.addresses import by_letters
from audioleaflet.script.verbalizer.patterns import lazy
from audioleaflet.script.verbalizer.places import any_of
from audioleaflet.script.verbalizer.rules import Language
from audioleaflet.script.verbalizer.vocabulary import Vocabulary, load

Groups = tuple[tuple[str, ...], ...]

_SEP = r"[-‐‑–.\s]"
_WIDE = r"(?:\s?[-‐‑–.]\s?|\s)"
_TOLL_FREE = r"8(?:00|33|44|55|66|77|88)"
_START = r"(?<![\w$£€#%])(?<!\d[-‐‑–.,:+])(?<!\w[-‐‑–@.])"
_OVER = r"(?!(?![xX]\d)[\w%]|[-‐‑–.:,]\d)"
_SHAPES = {
    "vanity": rf"(?:1{_SEP}\(?\d{{3}}\)?[-‑.\s]{{0,2}}|\(?{_TOLL_FREE}\)?[-‑.])(?=[\d-]{{0,6}}[A-Z])"
    r"[A-Z\d]{1,12}(?:[-‑.\s][A-Z\d]{1,12}){0,3}",
    "nanp": rf"(?:\+?1{_WIDE}?)?(?:\(\d{{3}}\)(?:{_WIDE}|/)?|\d{{3}}(?:{_WIDE}|/))\d{{3}}{_WIDE}\d{{4}}"
    r"|\(\d{3}\)\s?\d{7}",
    "abroad": rf"(?:\+\s?|00)\d{{1,15}}(?:{_SEP}?\(\d{{1,5}}\){_SEP}?\d{{1,12}})?(?:(?:{_SEP}|/)\d{{1,12}}){{0,6}}",
    "trunk": rf"(?:1800[12]\s)?(?:\(0\d{{1,5}}\){_SEP}?\d{{2,8}}|0\d{{1,11}})(?:(?:{_SEP}|/)\d{{2,8}}){{0,4}}",
    "local": rf"\d{{2,11}}(?:{_SEP}\d{{2,8}}){{0,4}}",
}
_NUMBER = lazy(f"{_START}(?:" + "|".join(f"(?P<{name}>{shape})" for name, shape in _SHAPES.items()) + f"){_OVER}")
_FIRST_GROUP = lazy(r"\+?\(?\d+")
_LAST_GROUP = lazy(r"[\s/][A-Z\d]+$")
_GROUP = lazy(r"\+\s?\d+|\(0\)|\d+|[A-Z]+")
_KEYPAD = dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999", strict=True))  # ITU-T E.161
_REACH = 40  # characters looked at on either side
_WORDS_BEFORE = 4  # among which a word such as "call" announces a number
# Seven digits that are no range: "555-1212" and "212-0147", but not "438-2201".
_SEVEN = lazy(r"(?:555[-‑]\d{4}|\d{3}[-‑]0\d{3})(?!\w|[-‑.,:/%°]\d|\s?[a-zµμ°%])")
_OPENING = lazy(r"0\d[0-5]\d\s?[-‐‑–]\s?(?:[01]\d|2[0-4])[0-5]\d")  # 0900-1700, by the clock
_RELAY = 5  # digits of 18001 and 18002, dialled before a British number by people who type or read
_LONGEST_GROUP = 6  # more digits are said in the groups that are usual
_CLOSING_WORD = lazy(r"[A-Z]{2,7}$")
_BRACKETED = lazy(r"\s?\((\d{2,7})\)")
_VOWELS = frozenset("AEIOUY")


class Telephony(Vocabulary):
    """Words that announce a number, and those that are said inside one; see en/telephones.yaml."""

    cues: frozenset[str]
    never_after: frozenset[str]
    not_numbers: frozenset[str]
    number: frozenset[str]
    extensions: dict[str, str]
    that_is: tuple[str, ...]
    or_: str


def find(text: str, language: Language) -> Iterator[tuple[int, int, Spoken]]:
    """Every telephone number of a text with its extension: where it begins and ends, and its digits."""
    position = last = 0
    while (match := _NUMBER.search(text, position)) is not None:
        numbers = _Numbers(text, language)
        begin, end = match.start(), numbers.end(match, after=last)
        if end > begin:
            groups = numbers.groups(begin, end)
            end = numbers.in_digits(begin, end)
            extension = numbers.extension(end)
            if extension is not None:
                end, groups = extension[0], (*groups, extension[1])
            yield begin, end, (Spelled(text=text[begin:end], groups=groups, between=language.between_groups),)
            position = last = end
        else:  # the next may begin in what is none: "2 800-227-2345"
            first = _FIRST_GROUP.match(text, begin)
            position = first.end() if first else match.end()


class _Numbers:
    """What can be told of a place in a text."""

    def __init__(self, text: str, language: Language) -> None:
        self.text = text
        self.language = language
        self.words = load("telephones", Telephony, language.tag)
        self.extended = _extended(language.tag)

    def end(self, match: re.Match[str], after: int) -> int:
        """Where the number of a match ends: at its end, or some groups before; its beginning if it is none.

        ``after``: where the number before it ends; one in brackets right behind another is one: "RED-CROSS (733-2767)".
        """
        begin, kind = match.start(), match.lastgroup or ""
        before = re.findall(r"[^\W\d_]+", self.text[max(0, begin - _REACH) : begin].lower())
        if set(before[-2:]) & self.words.never_after or (
            set(before[-1:]) & self.words.number and set(before[-2:]) & self.words.not_numbers
        ):
            return begin
        if _OPENING.fullmatch(match.group()):
            return begin
        end = match.end()
        cued = bool(set(before[-_WORDS_BEFORE:]) & self.words.cues) or self.extension(end) is not None
        cued = cued or self.text[after:begin] in (" (", " or ")
        if not cued and _SEVEN.match(self.text, begin):
            return end
        while not self._is_number(self.text[begin:end], kind, cued):
            shorter = _LAST_GROUP.search(self.text[begin:end])
            if shorter is None:
                return begin
            end = begin + shorter.start()
        return end

    def _is_number(self, written: str, kind: str, cued: bool) -> bool:
        digits = re.sub(r"\D", "", written)
        if kind == "trunk" and digits[0] == "1":
            digits = digits[_RELAY:]
        if kind == "vanity":
            after = re.sub(r"[^A-Z\d]", "", written).removeprefix("1")[3:]
            return 7 <= len(after) <= (7 if " " in written else 12) and re.search("[A-Z]", after) is not None
        if kind == "nanp":
            if len(digits) < 10:
                return False
            shaped = written[0] == "(" or not any(char.isspace() for char in written)
            plausible = len(digits) == 11 or (digits[0] > "1" and digits[3] > "1")
            return cued or plausible or shaped or not any(group.endswith("0") for group in written.split())
        if kind == "abroad" and written[0] == "+":
            return self._parsed(written, possible=len(digits) >= 8)
        if kind in ("abroad", "trunk"):
            if len(digits) >= 9:
                return len(digits) <= 11 or (digits.startswith("00") and len(digits) <= 17)
            return len(digits) >= 7 and (cued or self._parsed(written) or self._parsed(written, "GB"))
        if not cued:
            return False
        in_two = re.fullmatch(rf"\d{{3}}{_SEP}\d{{4}}", written) is not None
        return in_two or len(digits) in (10, 11) or (len(digits) >= 6 and self._parsed_somewhere(written))

    def _parsed_somewhere(self, written: str) -> bool:
        """Whether it is a number here, or a short one of Australia, which travels further than others: 13 11 14."""
        return self._parsed(written) or (written[:2] == "13" and self._parsed(written, "AU"))

    def _parsed(self, written: str, region: str = "", possible: bool = False) -> bool:
        # Loading the numbering plans takes 40 ms, so only where something looks like a number.
        import phonenumbers as plans

        try:
            number = plans.parse(written, region or self.language.region)
        except plans.NumberParseException:
            return False
        if possible:
            return plans.is_possible_number_with_reason(number) == plans.ValidationResult.IS_POSSIBLE
        return plans.is_valid_number(number)

    def groups(self, begin: int, end: int) -> Groups:
        """The number's groups, each in words."""
        written = self.text[begin:end]
        if re.search("[A-Z]", written):
            return self._lettered(begin, end)
        parts = [re.sub(r"\s", "", part) for part in _GROUP.findall(written)]
        if len(parts) == 1:
            parts = self._usual(written)
        parts = [short for part in parts for short in _shorter(part)]
        return tuple(self._said(part) for part in parts)

    def _said(self, part: str) -> tuple[str, ...]:
        if part == "(0)":
            return (self.words.or_, self.language.phrases.digits[0])
        digits = [self.language.phrases.digits[int(digit)] for digit in part.lstrip("+")]
        return tuple([self.language.phrases.symbols["+"], *digits] if part.startswith("+") else digits)

    def _usual(self, written: str) -> list[str]:
        """The groups that are usual in the number's country, else threes; no digit is left out."""
        import phonenumbers as plans

        bare = re.sub(r"[^\d+]", "", written)
        try:
            number = plans.parse(bare, self.language.region)
        except plans.NumberParseException:
            return [bare]
        style = plans.PhoneNumberFormat.INTERNATIONAL if bare[0] == "+" else plans.PhoneNumberFormat.NATIONAL
        parts = re.findall(r"\+?\d+", plans.format_number(number, style))
        missing = bare.removesuffix("".join(parts)) if bare.endswith("".join(parts)) else None
        if missing is None:
            return [bare]
        return [missing, *parts] if missing else parts

    def _is_word(self, letters: str) -> bool:
        return len(letters) > 2 and bool(_VOWELS & {*letters}) and letters.lower() not in by_letters(self.language.tag)

    def _lettered(self, begin: int, end: int) -> Groups:
        """As written, and then in digits unless they stand nearby."""
        parts = _GROUP.findall(self.text[begin:end])
        groups = [
            self._said(part) if part[0].isdigit() else (part,) if self._is_word(part) else tuple(part) for part in parts
        ]
        dialled = "".join(_KEYPAD.get(char, char) for char in "".join(parts))
        first, rest = ([dialled[0]], dialled[1:]) if dialled[0] == "1" else ([], dialled)
        nearby = self.text[max(0, begin - _REACH) : begin] + " " + self.text[end : end + _REACH]
        if rest[3:10] not in re.sub(r"[^\w\s]|(?<=\d)\s(?=\d)", "", nearby):
            digits = [self._said(part) for part in [*first, rest[:3], rest[3:6], rest[6:10]]]
            groups += [(*self.words.that_is, *digits[0]), *digits[1:]]
        return tuple(groups)

    def in_digits(self, begin: int, end: int) -> int:
        """Where the brackets end that give the digits of the word that closes a number: ``1-800-273-TALK (8255)``."""
        word = _CLOSING_WORD.search(self.text[begin:end])
        match = _BRACKETED.match(self.text, end) if word else None
        if word is None or match is None:
            return end
        return match.end() if match[1] == "".join(_KEYPAD[letter] for letter in word.group()) else end

    def extension(self, end: int) -> tuple[int, tuple[str, ...]] | None:
        """``ext. 5`` after a number: where it ends, and its words."""
        match = self.extended.match(self.text, end)
        if match is None:
            return None
        last = match.end() if match["open"] else match.end("digits")
        return last, (self.words.extensions[match["word"].lower()], *self._said(match["digits"]))


@lru_cache(maxsize=8)
def _extended(language: str) -> re.Pattern[str]:
    word = any_of(load("telephones", Telephony, language).extensions)
    return lazy(
        rf",?\s{{0,2}}(?P<open>\(?)(?P<word>{word})[.:]?\s{{0,2}}#?(?P<digits>\d{{1,6}})(?P<close>\)?)(?!\w)",
        re.IGNORECASE,
    )


def _shorter(group: str) -> list[str]:
    """A group of more than six digits in groups of at most four, the longer ones last."""
    if len(group.lstrip("+")) <= _LONGEST_GROUP:
        return [group]
    count = -(-len(group) // 4)
    cuts = [len(group) * number // count for number in range(count + 1)]
    return [group[begin:end] for begin, end in itertools.pairwise(cuts)]
