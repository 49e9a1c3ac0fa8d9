"""Telephone numbers digit by digit, in the groups in which they are written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from audioleaflet.script.model import Spelled, Spoken
from audioleaflet.script.verbalizer.rules import Language

_TELEPHONE = re.compile(r"(?<![\w.])\+?\(?\d[\d().\- ]{4,}\d(?!\w)")


def find(text: str, language: Language) -> Iterator[tuple[int, int, Spoken]]:
    """Every telephone number of a text: where it begins and ends, and its digits."""
    if not _TELEPHONE.search(text):
        return
    # Loading the numbering plans takes 40 ms, so only where something looks like a number.
    from phonenumbers import Leniency, PhoneNumberMatcher

    for match in PhoneNumberMatcher(text, language.region, Leniency.POSSIBLE):
        if len(re.sub(r"\D", "", match.raw_string)) >= 7:
            yield match.start, match.end, (_spelled(match.raw_string, language),)


def _spelled(number: str, language: Language) -> Spelled:
    groups = []
    for group in re.findall(r"\+?\d+", number):
        digits = [language.phrases.digits[int(digit)] for digit in group.lstrip("+")]
        groups.append(tuple([language.phrases.symbols["+"], *digits] if group.startswith("+") else digits))
    return Spelled(text=number, groups=tuple(groups), between=language.between_groups)
