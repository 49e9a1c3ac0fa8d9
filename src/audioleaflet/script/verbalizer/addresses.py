"""Web and e-mail addresses and names of files in words: ``www.cancer.org`` is "w w w dot cancer dot org".

Digits are said one by one, and letters that make no word too (``nhs``). ``https://`` is not said: browsers add it. An
address with no ``www`` is known by its end, so "e.g." and a full stop with no space after it make none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from audioleaflet.script.model import Span, Spoken, Text
from audioleaflet.script.verbalizer.counting import digits
from audioleaflet.script.verbalizer.letters import spelled
from audioleaflet.script.verbalizer.patterns import lazy
from audioleaflet.script.verbalizer.places import any_of
from audioleaflet.script.verbalizer.rules import Language
from audioleaflet.script.verbalizer.vocabulary import Vocabulary, load

_RUN = lazy(r"[^\s<>()\[\]{}\"“”„«»,;\u200b]+")
_LONGEST = 2048  # characters; no browser and no listener takes more
_TRAILING = ".!?:'’‘…*_—–"
_POSSESSIVE = lazy(r"['’]s$")
_LEADING = lazy(r"^['‘’*_]+")
_LABEL = r"[A-Za-z0-9](?:[\w-]{0,61}[A-Za-z0-9])?"
_PART = lazy(r"[^\W\d_]+|\d+|[\W_]")
_SHORT = 5  # letters; longer parts with no vowel are words in another language, or nothing
_VOWELS = frozenset("aeiouyAEIOUY")


class Addresses(Vocabulary):
    """What ends an address, and which of its parts are said letter by letter; see en/addresses.yaml."""

    ends: tuple[str, ...]
    files: tuple[str, ...]
    spelled: frozenset[str]
    words: frozenset[str]
    characters: dict[str, str]


def find(text: str, language: Language) -> Iterator[tuple[int, int, Spoken]]:
    """Every address of a text: where it begins and ends, and its words."""
    if "." not in text and "@" not in text and "://" not in text:
        return
    known = _known(language.tag)
    for run in _RUN.finditer(text):
        begin = run.start()
        written = run.group()
        if len(written) > _LONGEST or not ("." in written or "@" in written or "://" in written):
            continue
        written = _POSSESSIVE.sub("", written.rstrip(_TRAILING))
        leading = _LEADING.match(written)
        if leading:
            begin, written = begin + leading.end(), written[leading.end() :]
        if known.fullmatch(written):
            yield begin, begin + len(written), tuple(_words(written, language))


def by_letters(language: str) -> frozenset[str]:
    """Names that are said letter by letter although they could be words, in lower case."""
    addresses: Addresses = load("addresses", Addresses, language)
    return addresses.spelled


@lru_cache(maxsize=8)
def _known(language: str) -> re.Pattern[str]:
    addresses = load("addresses", Addresses, language)
    host = rf"{_LABEL}(?:\.{_LABEL}){{0,8}}"
    path = r"(?::\d{1,5})?(?:[/?#]\S*)?"
    end = any_of(addresses.ends)
    return lazy(
        rf"(?:mailto:)?[\w.+'’%-]{{1,64}}@{_LABEL}(?:\.{_LABEL}){{1,8}}(?:\?\S*)?"
        rf"|(?:[Hh]ttps?|HTTPS?|ftp)://{host}\.?{path}"
        rf"|[Ww][Ww][Ww]\.{host}\.[A-Za-z]{{2,24}}{path}"
        rf"|(?:{_LABEL}\.){{1,8}}(?:{end}|{end.upper()}){path}"
        rf"|[\w-]{{1,100}}\.{any_of(addresses.files)}"
    )


def _words(address: str, language: Language) -> Iterator[Span]:
    bare = re.sub(r"^(?:https?|ftp)://|^mailto:", "", address, flags=re.IGNORECASE).rstrip("/")
    bare = bare.lower() if bare.isupper() else bare  # so that no engine spells a word
    parts = _PART.findall(bare)
    for number, part in enumerate(parts):
        if number:
            yield Text(text=" ")
        yield _part(
            part,
            language,
            ends=number > 0 and parts[number - 1] == "." and parts[number + 1 : number + 2] in ([], ["."], ["/"]),
        )


def _part(part: str, language: Language, *, ends: bool) -> Span:
    """The words for letters, digits or one character. ``ends``: the part may be the end of a host, such as ``.uk``."""
    addresses = load("addresses", Addresses, language.tag)
    small = part.lower()
    if part[0].isdigit():
        return Text(text=digits(part, language.tag))
    if not part[0].isalpha():
        return Text(text=language.phrases.symbols.get(part) or addresses.characters.get(part, part))
    if small == "www":
        return Text(text=" ".join(small))
    no_word = len(part) <= _SHORT and not _VOWELS & {*part}
    by_letters = small in addresses.spelled or no_word or (ends and len(part) == 2)
    if part.isascii() and (len(part) == 1 or (by_letters and small not in addresses.words)):
        return spelled(part, language.tag)
    return Text(text=part)
