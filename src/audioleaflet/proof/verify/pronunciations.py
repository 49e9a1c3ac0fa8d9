"""How the words of a script sound, for the recogniser: ARPAbet without stress, as in the CMU Pronouncing Dictionary.

Plain words come from the recogniser's own dictionary, terms from the IPA that the script carries. A word that neither
knows is ``ANY``: whatever it sounds like is accepted, and it is not judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from audioleaflet.leaflet.ipa import CONSONANTS, PRIMARY, SECONDARY, VOWELS, syllables
from audioleaflet.script.model import Pause, Spelled, Spoken, Syllables, Term, Text

ANY = "~"
_CONSONANTS = {
    **{letter: letter.upper() for letter in "pbtdkfvszmnlw"},
    "ɡ": "G",
    "θ": "TH",
    "ð": "DH",
    "ʃ": "SH",
    "ʒ": "ZH",
    "h": "HH",
    "ŋ": "NG",
    "ɹ": "R",
    "j": "Y",
    "x": "K",
    "tʃ": "CH",
    "dʒ": "JH",
}
_VOWELS = {
    "iː": "IY",
    "i": "IY",
    "ɪ": "IH",
    "eɪ": "EY",
    "ɛ": "EH",
    "æ": "AE",
    "ɑː": "AA",
    "ɒ": "AA",
    "ɔː": "AO",
    "oʊ": "OW",
    "əʊ": "OW",
    "uː": "UW",
    "ʊ": "UH",
    "ʌ": "AH",
    "ə": "AH",
    "ɜː": "ER",
    "ɚ": "ER",
    "aɪ": "AY",
    "aʊ": "AW",
    "ɔɪ": "OY",
    "eə": "EH R",
    "ɪə": "IH R",
    "ʊə": "UH R",
}
ARPABET = {**_CONSONANTS, **_VOWELS}
PHONES = tuple(sorted({phone for phones in ARPABET.values() for phone in phones.split()}))
_SYMBOL = re.compile("|".join(sorted((*CONSONANTS, *VOWELS), key=len, reverse=True)))
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
# Of the words that matter, those that the dictionary has otherwise, or not at all.
_BRITISH = {"after": ("AA F T AH",), "shan't": ("SH AA N T",)}
# Words with the long a of "bath" in southern England, where the dictionary has the short one of "trap": without it
# "This is a sample." was taken for another sentence. A word too many does no harm: it has both.
_LONG_A = re.compile(
    "can't|(?:after|answer|ask|aunt|bask|bath|blast|branch|cal[fv]|cast|chance|class|command|craft|dance|"
    "demand|draft|exampl|fast|flask|gasp|glass|graft|grant|grasp|grass|hal[fv]|last|laugh|mask|master|nast|pass|past|"
    "path|plant|plast|rather|sampl|shaft|staff|task|vast)[a-z']*"
)
_OTHER = re.compile(r"[^a-z']+")
_SPELLINGS = tuple(
    (re.compile(british), american)
    for british, american in (
        ("(?<=[a-z])our", "or"),
        ("tre(?=s?$)", "ter"),
        ("is(?=e[ds]?$|ing$|ation)", "iz"),
        ("ae|oe", "e"),
        ("ll(?=ed$|ing$)", "l"),
        ("mme(?=s?$)", "m"),
    )
)
_ENTRY = re.compile(r"^([^\s(]+)(?:\(\d+\))? +(.+)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word as the recogniser knows it. ``key`` is unique to its sound, or ``ANY``; ``text`` is for people."""

    key: str
    text: str


class Pronunciations:
    """The sounds of every word that may be needed: ``known`` from a dictionary, and what is added from a script."""

    def __init__(self, known: Mapping[str, tuple[str, ...]]) -> None:
        self._known = known
        self._terms: dict[str, tuple[str, ...]] = {}

    def of(self, key: str) -> tuple[str, ...]:
        """The sounds of a word, each as phones divided by spaces; none for an unknown one."""
        if key in self._terms:
            return self._terms[key]
        american = self._known.get(key) or self._known.get(_american(key), ())
        long = (sounds.replace("AE", "AA", 1) for sounds in american if _LONG_A.fullmatch(key))
        return tuple(dict.fromkeys((*american, *_BRITISH.get(key, ()), *long)))

    def words(self, spoken: Spoken) -> tuple[Word, ...]:
        """The words of an utterance in order. A term said slowly is as many words as it has syllables."""
        words: list[Word] = []
        for span in spoken:
            if isinstance(span, Term):
                words.append(self._term(span))
            elif isinstance(span, Spelled):
                words.extend(word for group in span.groups for part in group for word in self._plain(part))
            elif isinstance(span, Syllables):
                words.extend(self._sounded(text, ipa) for text, ipa in _slowly(span))
            elif isinstance(span, Text):
                words.extend(self._plain(span.text))
            elif not isinstance(span, Pause):
                words.append(Word(key=ANY, text=span.text))
        return tuple(words)

    def _plain(self, text: str) -> list[Word]:
        found = []
        for match in _WORD.finditer(text):
            key = match.group().lower().replace("’", "'")
            found.append(Word(key=key if self.of(key) else ANY, text=match.group()))
        return found

    def _term(self, term: Term) -> Word:
        """A term with the sounds of its IPA and, if it has one, of the dictionary: an engine may take no IPA."""
        return self._sounded(term.text, term.ipa, self._known.get(term.text.lower(), ()))

    def _sounded(self, text: str, ipa: str, further: tuple[str, ...] = ()) -> Word:
        try:
            sounds = arpabet(ipa)
        except KeyError:
            return Word(key=ANY, text=text)
        # Two readings of one spelling are two words.
        key = f"{_OTHER.sub('_', text.lower())}{ANY}{sounds.replace(' ', '')}"
        self._terms[key] = tuple(dict.fromkeys((sounds, *further)))
        return Word(key=key, text=text)


def _american(word: str) -> str:
    """A British spelling as Americans write it, near enough to be looked up: the dictionary is American."""
    for british, american in _SPELLINGS:
        word = british.sub(american, word)
    return word


def _slowly(span: Syllables) -> Iterator[tuple[str, str]]:
    """Each syllable as it is respelled, with its IPA."""
    parts = syllables(span.ipa)
    names = re.split("[- ]", span.respelling)
    return zip(names if len(names) == len(parts) else parts, parts, strict=True)


def arpabet(ipa: str) -> str:
    """A lexicon's canonical IPA as ARPAbet phones divided by spaces; dots and stress are dropped.

    Raises KeyError for a symbol that is not in the alphabet.
    """
    phones: list[str] = []
    position = 0
    while position < len(ipa):
        if ipa[position] in f"{PRIMARY}{SECONDARY}. ":
            position += 1
            continue
        symbol = _SYMBOL.match(ipa, position)
        if symbol is None:
            raise KeyError(ipa[position])
        position = symbol.end()
        sounds = ARPABET[symbol.group()].split()
        if sounds == ["R"] and phones[-1:] == ["ER"]:  # ˈsɜː.dʒə.ɹi has one r, "fever" as ˈfiː.vɚɹ too
            continue
        phones.extend(sounds)
    return " ".join(phones)


def read_dictionary(path: Path) -> dict[str, tuple[str, ...]]:
    """A dictionary in the form of CMUdict: every word with all its sounds, in lower case, without stress marks."""
    words: dict[str, list[str]] = {}
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            entry = _ENTRY.match(line.rstrip())
            if entry:
                words.setdefault(entry[1].lower(), []).append(re.sub(r"\d", "", entry[2]))
    return {word: tuple(sounds) for word, sounds in words.items()}


def dictionary_text(sounds: Mapping[str, tuple[str, ...]]) -> str:
    """A dictionary file of some words, and of each phone as a word of its own (``~AA``) for ``ANY``."""
    lines = [f"{ANY}{phone} {phone}" for phone in PHONES]
    for key, readings in sounds.items():
        for number, phones in enumerate(readings, 1):
            lines.append(f"{key}({number}) {phones}" if number > 1 else f"{key} {phones}")
    return "\n".join(lines) + "\n"
