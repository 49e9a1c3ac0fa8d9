"""Where the syllables of a word divide: dots for IPA that a dictionary or another program wrote without them.

As many consonants go to the next syllable as English lets one begin with (maximal onset); after a stressed short vowel
the first consonant stays, since no English syllable ends in one: ``məˈtæs.tə.sɪs``, ``ˈlɛt.ɹə``, but ``ˈɡoʊ.sə``.
"""

from __future__ import annotations

import re
from itertools import pairwise

from audioleaflet.leaflet.ipa import PRIMARY, SECONDARY, VOWELS, parse_ipa, parse_symbols, symbols

_VOWELS = frozenset(VOWELS)
_MARKS = frozenset((PRIMARY, SECONDARY))
_BOUNDARIES = frozenset((PRIMARY, SECONDARY, "."))
_SHORT = frozenset("ɪɛæʊʌɒ")
# What an English syllable begins with, besides one consonant.
_ONSETS = re.compile(
    "s(?:[pk][lɹj]?|t[ɹj]?|kw|[lmnw])|ʃɹ|[pbkɡf][lɹj]|[td]ɹ|θɹ|[tdθkɡs]w|[mhvn]j|hw|[pbtdkɡfvθðszʃʒhmnlɹjw]|tʃ|dʒ"
)
_BEFORE_U = frozenset(("uː", "ʊ", "ʊə"))  # the j of "cute": before other vowels it begins a syllable by itself


def syllabified(ipa: str, *, at_vowels: bool = False) -> str:
    """``ipa`` as ``parse_ipa`` wants it, with a dot wherever two vowels have no mark between them.

    Stress marks and dots stay where they are. Where a mark stands behind the consonants that begin a word, the program
    that wrote it puts marks before vowels, and all of the word's are moved to where their syllables begin; so they are
    where ``at_vowels`` tells that they stand there. A lone
    syllable with no mark stays unstressed. Raises ValueError as ``parse_ipa`` does.

    >>> syllabified("məˈtæstəsɪs")
    'məˈtæs.tə.sɪs'
    """
    return parse_ipa(" ".join(_divided(word, at_vowels=at_vowels) for word in parse_symbols(ipa).split(" ")))


def _divided(word: str, *, at_vowels: bool) -> str:
    parts = symbols(word)
    vowels = [index for index, part in enumerate(parts) if part in _VOWELS]
    if not vowels:
        return word
    first = list(parts[: vowels[0]])
    at_vowels = at_vowels or (len(first) > 1 and first[-1] in _MARKS)
    if at_vowels and first[-1:] and first[-1] in _MARKS:
        first = [first[-1], *first[:-1]]
    stressed = any(part in _MARKS for part in first)
    divided = [*first, parts[vowels[0]]]
    for this, following in pairwise(vowels):
        between = list(parts[this + 1 : following])
        mark = between.pop() if at_vowels and between[-1:] and between[-1] in _MARKS else ""
        if not _BOUNDARIES.intersection(between):
            kept = _kept(between, parts[this], parts[following], stressed=stressed)
            between.insert(kept, mark or ".")
        divided += [*between, parts[following]]
        stressed = any(part in _MARKS for part in between)
    return "".join([*divided, *parts[vowels[-1] + 1 :]])


def _kept(consonants: list[str], vowel: str, following: str, *, stressed: bool) -> int:
    """How many of the consonants between two vowels end the first one's syllable."""
    stays = (stressed and vowel in _SHORT) or (vowel == "ɜː" and consonants[:1] == ["ɹ"])
    least = 1 if stays and consonants else 0
    return next(count for count in range(least, len(consonants) + 1) if _begins(consonants[count:], following))


def _begins(onset: list[str], vowel: str) -> bool:
    if onset[1:] and onset[-1] == "j" and vowel not in _BEFORE_U:
        return False
    return not onset or _ONSETS.fullmatch("".join(onset)) is not None
