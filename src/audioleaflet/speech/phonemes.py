"""From IPA to the phoneme mnemonics of espeak-ng, a table a language.

Found by asking espeak-ng 1.52 for the same words in IPA and in mnemonics, for its American and its British voice. The
mnemonics stand for a word's sounds, not for an accent: ``A@`` is ɑːɹ to an American voice and ɑː to a British one, so
one table serves both, and takes the IPA of either.
"""

from __future__ import annotations

import re

_ENGLISH = {
    **{symbol: symbol for symbol in "pbtdkfvszhmnljw"},
    "ɡ": "g",
    "tʃ": "tS",
    "dʒ": "dZ",
    "θ": "T",
    "ð": "D",
    "ʃ": "S",
    "ʒ": "Z",
    "ŋ": "N",
    "ɹ": "r",
    "x": "x",
    "iː": "i:",
    "i": "i",
    "ɪ": "I",
    "eɪ": "eI",
    "ɛ": "E",
    "æ": "a",
    "ɑː": "A:",
    "ɒ": "0",
    "ɔː": "O:",
    "oʊ": "oU",
    "əʊ": "oU",
    "ʊ": "U",
    "uː": "u:",
    "ʌ": "V",
    "ɜː": "3:",
    "ə": "@",
    "ɚ": "3",
    "aɪ": "aI",
    "aʊ": "aU",
    "ɔɪ": "OI",
    "ɑːɹ": "A@",
    "ɔːɹ": "O@",
    "ɛɹ": "e@",
    "eə": "e@",
    "ɪɹ": "i@3",
    "ɪə": "i@3",
    "ʊɹ": "U@",
    "ʊə": "U@",
    "əl": "@L",
}
_TABLES = {"en": _ENGLISH}
_VOWELS = frozenset("iɪeɛæaɑɒɔoʊuʌɜəɚ")
_STRESS = {"ˈ": "'", "ˌ": ","}
# What English lets a syllable begin with, longest first: a stress mark moves to before it.
_ONSET = re.compile(
    r"(s(p[lɹj]?|t[ɹj]?|k[lɹwj]?|[lmnwjf])|[pbfɡk][lɹj]|[tdθ][ɹw]|[kɡ]w|ʃɹ|[mhvnl]j|tʃ|dʒ|[pbtdkɡfvθðszʃʒhmnlɹjw])$"
)


def mnemonics(ipa: str, language: str) -> str:
    """Mnemonics for one word, joined with ``|`` so that none runs into the next; a dot is dropped.

    Raises ValueError, naming the symbol, where the language's table has none for it.
    """
    return _joined(_tokens(ipa, language))


def syllable_mnemonics(ipa: str, language: str) -> str:
    """The same with a pause mnemonic (``_:``, about 0.16 s) between syllables; the stress is kept.

    A syllable spoken by itself would gain a stress of its own, so a slow word stays one word to the engine.
    """
    syllables = re.split(r"\.|(?<=.)(?=[ˈˌ])", ipa)
    return "|_:|".join(_joined(_tokens(syllable, language)) for syllable in syllables)


def onset_stress(ipa: str) -> str:
    """Engine IPA, whose stress marks stand before vowels, with each before its syllable, as dictionaries have it."""
    words = []
    for word in ipa.split(" "):
        out = ""
        for mark in re.split(r"([ˈˌ])", word):
            if mark in _STRESS:
                found = _ONSET.search(out)
                cut = found.start() if found else len(out)
                out = f"{out[:cut]}{mark}{out[cut:]}"
            else:
                out += mark
        words.append(out)
    return " ".join(words)


def _tokens(ipa: str, language: str) -> list[str]:
    table = _table(language)
    longest = max(map(len, table))
    tokens: list[str] = []
    stress = ""
    position = 0
    while position < len(ipa):
        symbol = ipa[position]
        if symbol in ". ":
            position += 1
            continue
        if symbol in _STRESS:
            stress = _STRESS[symbol]
            position += 1
            continue
        for length in range(longest, 0, -1):
            match = table.get(ipa[position : position + length])
            # U@ brings an r of its own before a vowel, and would get two.
            if match is not None and not (match == "U@" and ipa[position + length :].lstrip(".ˈˌ")[:1] in _VOWELS):
                break
        else:
            raise ValueError(f"no phoneme of {language} for {symbol!r} in {ipa!r}")
        if stress and symbol in _VOWELS:
            match, stress = stress + match, ""
        tokens.append(match)
        position += length
    return tokens


def _joined(tokens: list[str]) -> str:
    return "|".join(tokens)


def _table(language: str) -> dict[str, str]:
    table = _TABLES.get(language.split("-")[0].lower())
    if table is None:
        raise ValueError(f"there is no table from IPA to the phonemes of {language}")
    return table
