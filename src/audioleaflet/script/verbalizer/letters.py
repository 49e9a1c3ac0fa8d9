"""Letters said one by one: ``CT`` is "see tee", and never a word; and words that are neither, such as HER and PET."""

from __future__ import annotations

from functools import lru_cache

from audioleaflet.script.model import Span, Spoken, Term, Text
from audioleaflet.script.verbalizer.vocabulary import Vocabulary, load

_SIBILANTS = ("s", "z", "ʃ", "ʒ")
_VOICELESS = ("p", "t", "k", "f", "θ")


class Letters(Vocabulary):
    """``names``: the IPA of each letter's name, by letter in upper case. ``sounds``: the IPA of words, by spelling."""

    names: dict[str, str]
    sounds: dict[str, str]


@lru_cache(maxsize=4096)
def spelled(text: str, language: str, ending: str = "") -> Term:
    """The letters of ``text`` as one word, the last one stressed. ``ending``: ``s`` or ``'s``, as in "CTs", "GP's".

    Raises KeyError for what is no letter of the language.
    """
    names = load("letters", Letters, language).names
    *first, last = (names[letter] for letter in text.upper())
    ipa = "".join(f"ˌ{name}" for name in first) + f"ˈ{last}"
    return Term(text=" ".join(text.upper()) + ending, ipa=ipa + (_plural(ipa) if ending else ""))


def said(words: str, language: str, ending: str = "") -> Spoken:
    """Words and letters with single spaces between them: ``H B A one C``, ``HER two``, ``A and E``, ``en-said``.

    Capitals that stand alone are letters, neighbours among them one term; words with a sound of their own are terms.
    """
    return _said(words, language, ending)


@lru_cache(maxsize=4096)
def _said(words: str, language: str, ending: str) -> Spoken:
    sounds = load("letters", Letters, language).sounds
    spans: list[Span] = []
    letters = ""
    parts = words.split(" ")
    for number, part in enumerate(parts):
        last = number == len(parts) - 1
        if len(part) == 1 and part.isupper():
            letters += part
            if last or not (len(parts[number + 1]) == 1 and parts[number + 1].isupper()):
                spans.append(spelled(letters, language, ending if last else ""))
                letters = ""
        elif part in sounds:
            ipa = sounds[part]
            tail = ending if last else ""
            spans.append(Term(text=part + tail, ipa=ipa + (_plural(ipa) if tail else "")))
        else:
            spans.append(Text(text=part + (ending if last else "")))
        if not last and not letters:
            spans.append(Text(text=" "))
    return tuple(spans)


def _plural(ipa: str) -> str:
    if ipa.endswith(_SIBILANTS):
        return ".ɪz"
    return "s" if ipa.endswith(_VOICELESS) else "z"
