"""The broad IPA of a lexicon: its alphabet, its syllables, and a respelling for the eye.

The alphabet is General American with the British vowels beside it, in one canonical form. ``.`` divides
syllables; a stress mark (ˈ ˌ) starts one and needs no dot; a space divides words. Symbols follow the Handbook
of the International Phonetic Association (1999).
"""

from __future__ import annotations

import re
import unicodedata

PRIMARY, SECONDARY = "ˈ", "ˌ"
CONSONANTS = ("tʃ", "dʒ", *"pbtdkɡfvθðszʃʒhmnŋlɹjwx")
VOWELS = (
    *("iː", "eɪ", "ɑː", "ɔː", "oʊ", "uː", "ɜː", "aɪ", "aʊ", "ɔɪ", "i", "ɪ", "ɛ", "æ", "ʊ", "ʌ", "ə", "ɚ"),
    *("əʊ", "eə", "ɪə", "ʊə", "ɒ"),  # British
)
_SYMBOLS = sorted((*CONSONANTS, *VOWELS, PRIMARY, SECONDARY, ".", " "), key=len, reverse=True)
_TOKEN = re.compile("|".join(map(re.escape, _SYMBOLS)))
_VOWEL_SET = frozenset(VOWELS)

# Each stands for one symbol of ours and no other, so that nothing is lost.
_MENDED = str.maketrans(
    {
        "r": "ɹ",
        "g": "ɡ",
        "ʧ": "tʃ",
        "ʤ": "dʒ",
        "ɝ": "ɜː",
        "'": PRIMARY,
        ":": "ː",
        **dict.fromkeys("\u0361\u035c"),  # tie bars
    }
)
_LONG = re.compile("(?:[ɑuɜ]|ɔ(?!ɪ))(?!ː)")
_HINTS = {
    "e": "ɛ or eɪ",
    "o": "oʊ or ɔː",
    "a": "æ, ɑː, aɪ or aʊ",
    "ɐ": "ə",
    "ᵻ": "ə or ɪ",
    "ɨ": "ə or ɪ",
    "ɾ": "t",
    "y": "j",
    "c": "k or s",
    "q": "k",
    "\u0329": "əl or ən",
    "-": "a dot between syllables",
    "‿": "a space",
    "/": "no slashes around it",
    "[": "no brackets around it",
    "(": "one pronunciation, without brackets",
    ",": "ˌ for the second stress",
    "ː": "a long mark only after i, ɑ, ɔ, u or ɜ",
}


def parse_ipa(text: str) -> str:
    """``text`` in the canonical form of the alphabet.

    Raises ValueError, which names the symbol and where it stands, or the syllable or word that cannot be.
    """
    ipa = parse_symbols(text)
    for word in ipa.split(" "):
        _check_word(word)
    return ipa


def parse_symbols(text: str) -> str:
    """``text`` in the canonical symbols; its dots and stress marks may be missing or wrong.

    Raises ValueError, which names the symbol and where it stands.
    """
    ipa = unicodedata.normalize("NFC", " ".join(text.split()))
    ipa = _LONG.sub(r"\g<0>ː", ipa.translate(_MENDED))
    ipa = re.sub(f"(?<=[^. ])\\.(?=[{PRIMARY}{SECONDARY}])", "", ipa)
    position = 0
    while position < len(ipa):
        token = _TOKEN.match(ipa, position)
        if token is None:
            raise ValueError(_unknown(text, ipa[position]))
        position = token.end()
    if not ipa:
        raise ValueError("there is no sound in it")
    return ipa


def symbols(ipa: str) -> tuple[str, ...]:
    """The symbols of canonical ``ipa`` one by one: vowels, consonants, stress marks, dots and spaces."""
    return tuple(_TOKEN.findall(ipa))


def _unknown(text: str, symbol: str) -> str:
    place = unicodedata.normalize("NFC", text).find(symbol)
    where = f" at character {place + 1}" if place >= 0 else ""
    name = unicodedata.name(symbol, "no character")
    shown = symbol if symbol.isprintable() and not unicodedata.combining(symbol) else ""
    hint = f"; write {_HINTS[symbol]}" if symbol in _HINTS else ""
    return f"the symbol '{shown}' (U+{ord(symbol):04X} {name}){where} is not in the alphabet{hint}"


def _check_word(word: str) -> None:
    parts = _split(word)
    for part in parts:
        sounds = _TOKEN.findall(part.lstrip(PRIMARY + SECONDARY))
        vowels = [sound for sound in sounds if sound in _VOWEL_SET]
        if not sounds:
            raise ValueError(f"a syllable of '{word}' is empty: look for a mark too many")
        if not vowels:
            raise ValueError(f"the syllable '{part}' has no vowel")
        if len(vowels) > 1:
            raise ValueError(f"'{part}' has {len(vowels)} vowels; put a dot between the syllables")
    stressed = word.count(PRIMARY)
    if stressed > 1:
        raise ValueError(f"'{word}' has {stressed} main stresses (ˈ); keep one and make the others ˌ")
    if not stressed and len(parts) > 1:
        raise ValueError(f"'{word}' has no main stress; put ˈ before the stressed syllable")


def _split(word: str) -> list[str]:
    return re.split(f"\\.|(?<!^)(?=[{PRIMARY}{SECONDARY}])", word)


def syllables(ipa: str) -> tuple[str, ...]:
    """The syllables of a canonical ``ipa``, each with its stress mark, the words of a term one after another.

    >>> syllables("məˈtæs.tə.sɪs")
    ('mə', 'ˈtæs', 'tə', 'sɪs')
    """
    return tuple(part for word in ipa.split(" ") for part in _split(word))


def without_dots(ipa: str) -> str:
    """A canonical ``ipa`` as dictionaries print it, and as engines take it: stress marks, no dots."""
    return ipa.replace(".", "")


# Vowel to letters: at the end of a syllable, before a consonant, and with an ɹ that belongs to it.
_LETTERS = {
    "iː": ("ee", "ee", "eer"),
    "i": ("ee", "ee", "eer"),
    "ɪ": ("ih", "i", "eer"),
    "eɪ": ("ay", "ay", "air"),
    "ɛ": ("eh", "e", "air"),
    "æ": ("a", "a", "air"),
    "ɑː": ("ah", "ah", "ar"),
    "ɔː": ("aw", "aw", "or"),
    "oʊ": ("oh", "oh", "or"),
    "ʊ": ("uu", "uu", "oor"),
    "uː": ("oo", "oo", "oor"),
    "ʌ": ("uh", "u", "ur"),
    "ɜː": ("er", "er", "er"),
    "ə": ("uh", "u", "er"),
    "ɚ": ("er", "er", "er"),
    "aɪ": ("y", "y", "yr"),
    "aʊ": ("ow", "ow", "owr"),
    "ɔɪ": ("oy", "oy", "oyr"),
    "ɒ": ("o", "o", "or"),
    "əʊ": ("oh", "oh", "or"),
    "eə": ("air", "air", "air"),
    "ɪə": ("eer", "eer", "eer"),
    "ʊə": ("oor", "oor", "oor"),
}
_CONSONANT_LETTERS = {
    **{letter: letter for letter in "pbtdkfvszhmnlwx"},
    "tʃ": "ch",
    "dʒ": "j",
    "ɡ": "g",
    "θ": "th",
    "ð": "th",
    "ʃ": "sh",
    "ʒ": "zh",
    "ŋ": "ng",
    "ɹ": "r",
    "j": "y",
    "x": "kh",
}
# After these a final e makes "i" say its name: "-tide", "-size", "spine". Not after s: "-ise" is read with z.
_MAGIC_E = frozenset("tdnmlkpbzvf")


def respell(ipa: str) -> str:
    """A respelling for the eye of a canonical ``ipa``, in the manner of the US National Cancer Institute.

    Hyphens join syllables, capitals mark the main stress: ``muh-TAS-tuh-sis``. Never for an engine.
    """
    words = [[_respell_syllable(part) for part in _split(word)] for word in ipa.split(" ")]
    if PRIMARY not in ipa and len(words) == len(words[0]) == 1:
        return words[0][0].upper()
    return " ".join("-".join(word) for word in words)


def _respell_syllable(syllable: str) -> str:
    sounds = _TOKEN.findall(syllable.lstrip(PRIMARY + SECONDARY))
    nucleus = next(index for index, sound in enumerate(sounds) if sound in _VOWEL_SET)
    vowel, onset, coda = sounds[nucleus], sounds[:nucleus], sounds[nucleus + 1 :]
    start = "".join(_CONSONANT_LETTERS[sound] for sound in onset)
    letters = start + _rhyme(vowel, coda, bare=not onset, after_y=onset[-1:] == ["j"])
    return letters.upper() if syllable.startswith(PRIMARY) else letters


def _rhyme(vowel: str, coda: list[str], *, bare: bool, after_y: bool) -> str:
    opened, closed, with_r = _LETTERS[vowel]
    if coda[:1] == ["ɹ"]:
        core, coda = with_r, coda[1:]
    else:
        core = closed if coda else opened
    end = "".join(_CONSONANT_LETTERS[sound] for sound in coda).replace("ngk", "nk")
    if vowel == "aɪ" and core == "y":
        if coda and coda[0] in _MAGIC_E and coda[1:] in ([], ["d"]):
            return f"i{coda[0]}e{''.join(coda[1:])}"
        if bare or after_y:
            core = "eye"
    return core + end
