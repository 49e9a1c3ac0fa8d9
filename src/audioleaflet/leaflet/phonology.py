"""What two pronunciations of a word have in common: its consonants, its syllables, and which has the main stress.

Compared is what an American listener takes for the same word. No difference are, beside the colour of vowels: a flapped
t; a vowel coloured by r, or a vowel and r; a weak vowel before l, m, n or r, said or not ("camera"); ``i`` or ``j``,
``u`` or ``w`` before a vowel, said or not ("familiar", "tune", "usual"); n or ŋ before k and ɡ; secondary stresses.
"""

from __future__ import annotations

import re

_VOWEL = "[iɪᵻəɐuʊɛæɑɒɔoʌaeɜ]"
# A vowel becomes one letter: E stressed, e full, ə weak, y and u such as may become a glide.
_ALLOPHONES = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        ("ˌ", ""),
        ("[ɾʔ]", "t"),
        ("ɫ", "l"),
        ("r", "ɹ"),
        ("g", "ɡ"),
        ("ɚ|ɝ|ɜː?", "əɹ"),
        ("ɹ([ˈ.]?)ɹ+", r"\1ɹ"),
        ("([lmn])\u0329", r"ə\1"),
        ("hw|ʍ", "w"),
        ("ŋ(?=[ˈˌ.]?[kɡ])", "n"),
        ("tʃ", "T"),
        ("dʒ", "D"),
        ("n([ˈ.]?)ʃ", r"n\1T"),
        ("[eaɔoə][ɪʊ]", "e"),
        ("ː", ""),
        (f"ˈ([^{_VOWEL[1:-1]}]*){_VOWEL}", r"\1E"),
        ("[ɛæɑɒɔoʌa]", "e"),
        ("[iɪᵻ]", "y"),
        ("ʊ", "u"),
        ("ɐ", "ə"),
        ("[ˈ.]", ""),
        ("[əu]w(?=[əy])", "u"),
        ("[yu]j?(?=[eəEyu])", ""),  # before a vowel: i or j, u or w, or nothing
        ("(?<=[^eəEyu])[jw](?=[eəEyu])", ""),
        ("(?<=[eE])[əyu](?=[ɹlmn])", ""),  # "fire", "trial"
        ("[yu]", "ə"),
    )
)
_YOD = re.compile("([td])([ˈˌ.]?)j(?=[ˈˌ]?[uʊ])")  # "tune": with j, without, or run together
_RUN_TOGETHER = {"t": "tʃ", "d": "dʒ"}
_ELIDED = re.compile("(?<=[^eəE])ə(?=[lmnɹ][eəE])")


def skeletons(ipa: str) -> frozenset[str]:
    """What is compared of one word's IPA, a dictionary's or an engine's, with stress marks before syllables or vowels.

    Where weak vowels may be left out there are two; with two main stresses, as dictionaries mark compounds, either may
    be the one. Two pronunciations that share a skeleton have the same consonants and syllables, the same one stressed.
    """
    stresses = [match.start() for match in re.finditer("ˈ", ipa)] or [match.start() for match in re.finditer("ˌ", ipa)]
    found = set()
    for stress in stresses or [0]:
        marked = re.sub("ˈ", "ˌ", ipa)
        word = f"{marked[:stress]}ˈ{marked[stress + 1 :]}" if stresses else ipa
        for spoken in {_YOD.sub(r"\1\2", word), _YOD.sub(lambda match: _RUN_TOGETHER[match[1]] + match[2], word)}:
            reduced = spoken
            for pattern, replacement in _ALLOPHONES:
                reduced = pattern.sub(replacement, reduced)
            found |= {_bare(reduced), _bare(_ELIDED.sub("", reduced))}
    return frozenset(found)


def _bare(word: str) -> str:
    word = word.replace("ə", "e")
    return word.replace("E", "e") if len(re.findall("[eE]", word)) == 1 else word
