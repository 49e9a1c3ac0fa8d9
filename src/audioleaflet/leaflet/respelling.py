"""A respelling that an editor typed, back to IPA: ``deh-NOH-soo-mab`` to ``dəˈnoʊ.suːˌmæb``.

The key is that of the US National Cancer Institute as ``ipa.respell`` writes it, and what newspapers and dictionaries
use beside it. Letters that two keys read in two ways ("ow" but not "ou", "ee" but not "ea") are refused with what to
write instead: a wrong guess would be heard by a patient.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from string import ascii_lowercase

from audioleaflet.leaflet.ipa import PRIMARY, SECONDARY, parse_ipa

_HYPHENS = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2212·•", "-"))
_APOSTROPHES = "'\u2019\u02b9′"

# Letters to consonants, longest first when read. "th" is θ: the key has no letters of its own for ð, "dh" is common.
_CONSONANTS = (
    {letter: letter for letter in "bdfhklmnpstvwz"}
    | {letter * 2: letter for letter in "bdfklmnpstvz"}
    | {"ch": "tʃ", "tch": "tʃ", "sh": "ʃ", "zh": "ʒ", "th": "θ", "dh": "ð", "kh": "x", "ph": "f", "ck": "k"}
    | {"j": "dʒ", "dj": "dʒ", "g": "ɡ", "gg": "ɡ", "r": "ɹ", "rr": "ɹ", "y": "j", "wh": "w", "x": "ks"}
    | {"ng": "ŋ", "nk": "ŋk", "nx": "ŋks", "ngk": "ŋk", "nck": "ŋk"}
)
_ONLY_AFTER_VOWEL = frozenset(("ng", "nk", "nx", "ngk", "nck", "x", "ck", "tch", "dj", "gg", "rr"))
_ONLY_AFTER_VOWEL |= {letter * 2 for letter in "bdfklmnpstvz"}
_ONLY_BEFORE_VOWEL = frozenset(("y", "h", "w", "wh", "r"))

# Letters to vowels. A tuple: at the end of a syllable, before a consonant; "" where the letters cannot stand there.
_VOWELS = {
    "ay": ("eɪ", "eɪ"),
    "eigh": ("eɪ", "eɪ"),
    "ee": ("iː", "iː"),
    "eye": ("aɪ", "aɪ"),
    "igh": ("aɪ", "aɪ"),
    "ie": ("aɪ", ""),
    "ye": ("aɪ", ""),
    "y": ("aɪ", "aɪ"),
    "eh": ("ɛ", "ɛ"),
    "e": ("", "ɛ"),
    "ih": ("ɪ", "ɪ"),
    "i": ("", "ɪ"),
    "a": ("æ", "æ"),
    "ah": ("ɑː", "ɑː"),
    "aw": ("ɔː", "ɔː"),
    "o": ("", "ɑː"),
    "oh": ("oʊ", "oʊ"),
    "oa": ("", "oʊ"),
    "uh": ("ʌ", "ʌ"),
    "u": ("", "ʌ"),
    "uu": ("ʊ", "ʊ"),
    "oo": ("uː", "uː"),
    "ow": ("aʊ", "aʊ"),
    "oy": ("ɔɪ", "ɔɪ"),
    "oi": ("", "ɔɪ"),
    # dictionaries
    "ā": ("eɪ", "eɪ"),
    "ē": ("iː", "iː"),
    "ī": ("aɪ", "aɪ"),
    "ō": ("oʊ", "oʊ"),
    "ə": ("ʌ", "ʌ"),
}
_BRITISH = _VOWELS | {"o": ("", "ɒ"), "oh": ("əʊ", "əʊ"), "oa": ("", "əʊ"), "ō": ("əʊ", "əʊ")}
_WITH_R = {
    **dict.fromkeys(("ar", "ahr"), "ɑːɹ"),
    **dict.fromkeys(("or", "ohr", "awr", "oar", "ore", "ōr"), "ɔːɹ"),
    **dict.fromkeys(("air", "ayr", "ehr", "err"), "ɛɹ"),
    **dict.fromkeys(("eer", "ihr"), "ɪɹ"),
    **dict.fromkeys(("oor", "uur"), "ʊɹ"),
    **dict.fromkeys(("er", "ur", "ir", "uhr", "ər"), "ɜː"),
    **dict.fromkeys(("yr", "ire", "eyer"), "aɪɹ"),
    **dict.fromkeys(("owr",), "aʊɹ"),
    **dict.fromkeys(("oyr",), "ɔɪɹ"),
}
_MAGIC = {"a": "eɪ", "e": "iː", "i": "aɪ", "y": "aɪ", "o": "oʊ", "u": "uː"}
_MAGIC_ENDS = {letter: letter for letter in "tdnmlkpbzvf"} | {"th": "ð", "c": "s", "g": "dʒ"}
_HINTS = (
    {"ea": "ee, eh or ay", "ai": "ay (as in day) or eye", "ei": "ee, ay or eye", "ey": "ee or ay", "ae": "ee, eh or ay"}
    | {"au": "aw (as in law) or ow (as in cow)", "ou": "ow (as in cow), oo or uh", "oa": "oh", "oe": "oh or ee"}
    | {"eu": "yoo or oo", "ew": "yoo or oo", "ue": "oo or yoo", "ui": "oo or ih", "uy": "y, as in by", "oi": "oy"}
    | {"ie": "ee or y, or i before a consonant and e, as in tide", "aa": "ah or a"}
    | {"e": "ee or eh", "i": "ih, ee or eye", "o": "oh or ah", "u": "uh or oo"}
)
_VOWEL_LETTERS = "aeiouāēīōə"
_ALPHABET = frozenset(ascii_lowercase + _VOWEL_LETTERS)
_WEAK = {"ʌ": "ə", "ɜː": "ɚ"}  # what an unstressed syllable has for them
_FULL = ("eɪ", "ɑː", "ɔː", "oʊ", "uː", "aɪ", "aʊ", "ɔɪ", "æ", "ɛ", "iː")  # what may have a second stress
_VOWEL_INITIAL = re.compile(f"[{PRIMARY}{SECONDARY}]?[aeiouɑɔɛæɪʊʌəɚɜɒ]")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Syllable:
    """One syllable: its letters in lower case, and its stress mark or an empty string."""

    letters: str
    stress: str


def parse_respelling(text: str, language: str = "en-US") -> str:
    """The canonical IPA (see ``ipa.parse_ipa``) of a respelling: hyphens between syllables, spaces between words.

    The main stress is the syllable in CAPITALS, or the one after ˈ or an apostrophe. "uh" and "er" are weak where the
    stress is not. A full vowel two or more syllables from the main stress gets a second one, as English gives it. A
    word of one syllable is stressed if it stands alone or nothing in the text is in capitals. ``language``: for en-GB
    "o" and "oh" are the British vowels, ɒ and əʊ. Raises ValueError, which names the syllable and says what to write.
    """
    typed = unicodedata.normalize("NFC", " ".join(text.split())).translate(_HYPHENS)
    if not typed.strip("- "):
        raise ValueError("there is nothing to say in it; write it as in muh-TAS-tuh-sis")
    words = [_marked(word) for word in typed.split(" ")]
    if not any(syllable.stress == PRIMARY for word in words for syllable in word):
        words = [[_Syllable(letters=word[0].letters, stress=PRIMARY)] for word in words]
    vowels = _BRITISH if language.lower().startswith("en-gb") else _VOWELS
    return parse_ipa(" ".join(_word(word, vowels) for word in words))


def _marked(word: str) -> list[_Syllable]:
    """The syllables of a word with their stress. Raises ValueError where there is none, or more than one."""
    parts = word.split("-")
    if not all(parts):
        raise ValueError(f"'{word}' has a hyphen too many; write one between two syllables")
    marked = [_stressed(part) for part in parts]
    main = [part for part, syllable in zip(parts, marked, strict=True) if syllable.stress == PRIMARY]
    if len(main) > 1:  # the dictionary of the National Cancer Institute writes second stresses in capitals too
        last = max(index for index, syllable in enumerate(marked) if syllable.stress == PRIMARY)
        example = "-".join(part.upper() if index == last else part.lower() for index, part in enumerate(parts))
        raise ValueError(f"'{word}' has {len(main)} syllables in capitals; write the strongest alone so: {example}")
    if not main and len(parts) > 1:
        raise ValueError(f"'{word}' has no stressed syllable; write it in capitals, as in muh-TAS-tuh-sis")
    return marked


def _stressed(part: str) -> _Syllable:
    letters = part.lstrip(f"{PRIMARY}{SECONDARY}{_APOSTROPHES},")
    marks = part[: len(part) - len(letters)]
    for letter in letters:
        if not letter.isalpha():
            raise ValueError(f"'{letter}' in the syllable '{part}' is no letter; write letters and hyphens only")
        if letter.lower() not in _ALPHABET:
            raise ValueError(f"'{letter}' in the syllable '{part}' is not a letter of the key; write a to z")
    if letters.isupper() or PRIMARY in marks or any(mark in marks for mark in _APOSTROPHES):
        stress = PRIMARY
    elif letters[1:].islower() or len(letters) == 1:  # a capital at the start of a word is only that
        stress = SECONDARY if marks else ""
    else:
        raise ValueError(f"the syllable '{part}' is half in capitals; write {letters.upper()} or {letters.lower()}")
    return _Syllable(letters=letters.lower(), stress=stress)


def _word(word: list[_Syllable], vowels: dict[str, tuple[str, str]]) -> str:
    spoken = [_spoken(syllable, vowels) for syllable in word]
    for index, sound in enumerate(spoken[:-1]):
        if sound.endswith("ɜː") and _VOWEL_INITIAL.match(spoken[index + 1]):
            spoken[index] += "ɹ"  # "rih-KER-uns": the r is heard before a vowel
    stresses = _stresses([syllable.stress for syllable in word], spoken)
    out = ""
    for index, (stress, sound) in enumerate(zip(stresses, spoken, strict=True)):
        if not stress and sound.endswith("iː"):
            sound = sound[:-1]  # "muh-TAS-tuh-see", "NAW-zee-uh": an unstressed ee is short
        out += (stress or ("." if index else "")) + sound
    return out


def _stresses(typed: list[str], spoken: list[str]) -> list[str]:
    """The stress of each syllable, second ones added as English has them: on a full vowel, beside no other stress.

    ``ˌmɛt.əˈstæt.ɪk``, ``dəˈnoʊ.suːˌmæb``. Where an editor marked second stresses, those alone count.
    """
    stresses = list(typed)
    if SECONDARY in typed or PRIMARY not in typed:
        return stresses
    main, last = typed.index(PRIMARY), len(typed) - 1
    if main >= 2 and spoken[0] != "ɪ" and not re.search("[əɚ]", spoken[0]):
        stresses[0] = SECONDARY
    for index in (*range(main - 2, 0, -1), *range(main + 2, len(typed))):
        is_full = any(vowel in spoken[index] for vowel in _FULL)
        is_ending = index == last and spoken[index].endswith(("iː", "iːz"))
        if is_full and not is_ending and not any(stresses[index - 1 : index + 2]):
            stresses[index] = SECONDARY
    return stresses


_LETTERS_OF = sorted((*_VOWELS, *_WITH_R), key=len, reverse=True)
_CONSONANT_LETTERS = sorted(_CONSONANTS, key=len, reverse=True)
_MAGIC_E = re.compile(f"([^{_VOWEL_LETTERS}]*?)([aeioy])(th|[{''.join(set(_MAGIC_ENDS) - {'th'})}])e(d?)")


def _spoken(syllable: _Syllable, vowels: dict[str, tuple[str, str]]) -> str:
    """The sounds of one syllable."""
    letters = syllable.letters
    magic = _MAGIC_E.fullmatch(letters)
    if magic:
        onset, vowel, end, last = magic.groups()
        return _consonants(onset, letters, before=True) + _MAGIC[vowel] + _MAGIC_ENDS[end] + last
    start = _vowel_start(letters)
    onset = _consonants(letters[:start], letters, before=True)
    found = next((key for key in _LETTERS_OF if letters.startswith(key, start)), "")
    rest = letters[start + len(found) :]
    _check_vowel(letters, start, found, rest)
    if letters == "a":
        raise ValueError(_several("a", letters, "ay or uh, or a with the consonant that follows (ab, ad, am)"))
    coda = _consonants(rest, letters, before=False)
    vowel = _WITH_R[found] if found in _WITH_R else vowels[found][bool(rest)]
    if not syllable.stress:
        vowel = _WEAK.get(vowel, vowel)
    return onset + vowel + coda


def _vowel_start(letters: str) -> int:
    """Where the vowel of a syllable begins. Raises ValueError for a syllable without one."""
    for index, letter in enumerate(letters):
        if letter in _VOWEL_LETTERS:
            return index
        if letter == "y":
            after = letters[index + 1 : index + 2]
            is_consonant = after != "" and after in _VOWEL_LETTERS and not (index and letters[index:] == "ye")
            if not is_consonant:
                return index
    raise ValueError(f"the syllable '{letters}' has no vowel; write one, as in {letters[:-1]}u{letters[-1:]}")


def _check_vowel(letters: str, start: int, found: str, rest: str) -> None:
    """Raise ValueError, saying what to write, where the vowel letters of a syllable do not say one vowel."""
    cluster = re.match(f"[{_VOWEL_LETTERS}]+[wy]?", letters[start:])
    shown = cluster.group() if cluster else found
    hint = _HINTS.get(shown) or _HINTS.get(shown[:2])
    covered = found.startswith(shown.rstrip("wy"))
    if hint and not found.startswith(shown[:2]):
        raise ValueError(_several(shown[:2], letters, hint))
    if found not in _WITH_R and found and not _VOWELS[found][bool(rest)]:
        raise ValueError(_several(found, letters, _HINTS[found]))
    if not covered or any(letter in _VOWEL_LETTERS for letter in rest):
        raise ValueError(f"'{letters}' has more than one vowel; put a hyphen between syllables, and no silent letters")


def _several(found: str, syllable: str, hint: str) -> str:
    return f"'{found}' in the syllable '{syllable}' can be read in several ways; write {hint}"


def _consonants(letters: str, syllable: str, *, before: bool) -> str:
    """The sounds of the consonants ``before`` or after the vowel of a syllable."""
    out, position = "", 0
    barred = _ONLY_AFTER_VOWEL if before else _ONLY_BEFORE_VOWEL
    while position < len(letters):
        found = next((key for key in _CONSONANT_LETTERS if letters.startswith(key, position)), "")
        if not found or found in barred:
            raise ValueError(_bad_consonant(found or letters[position], syllable))
        out += _CONSONANTS[found]
        position += len(found)
    return out


def _bad_consonant(letters: str, syllable: str) -> str:
    hint = {
        "c": "k, s or ch",
        "q": "k or kw",
        "x": "z or ks",
        "h": "only what is heard",
        "w": "ow (as in cow), aw or oh",
        "y": "ay, ee or y after a consonant",
        "r": "ar, or, er, air, eer or yr",
    }.get(letters, "")
    if hint:
        return f"'{letters}' in the syllable '{syllable}' cannot be read there; write {hint}"
    return f"'{letters}' cannot stand there in the syllable '{syllable}'; write only the sounds that are heard"
