"""Letters said one by one: ``CT`` is "see tee", and never a word."""

from __future__ import annotations

from audioleaflet.script.model import Term
from audioleaflet.script.verbalizer.vocabulary import Vocabulary, load


class Letters(Vocabulary):
    """``names``: each letter, in upper case, with the IPA of its name."""

    names: dict[str, str]


def spelled(text: str, language: str, ending: str = "") -> Term:
    """The letters of ``text`` as one word, the last one stressed. ``ending``: IPA that follows, as ``z`` in "CTs".

    Raises KeyError for what is no letter of the language.
    """
    names = load("letters", Letters, language).names
    *first, last = (names[letter] for letter in text.upper())
    ipa = "".join(f"ˌ{name}" for name in first) + f"ˈ{last}" + ending
    return Term(text=" ".join(text.upper()) + ("s" if ending else ""), ipa=ipa)
