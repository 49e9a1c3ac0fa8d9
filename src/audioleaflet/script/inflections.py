"""Forms that follow from a lexicon entry: plural, third person and possessive; -ed and -ing; -ic.

Only where spelling and sound are both sure. A form may be no word of English ("necrosises"): nobody will write it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from audioleaflet.leaflet.ipa import PRIMARY, SECONDARY

_SIBILANTS = ("s", "z", "ʃ", "ʒ")
_VOICELESS = ("p", "t", "k", "f", "θ")
_SHORTEST = 4  # letters: "ass" and "ing" are not built from a short name
# The last letter is neither doubled nor lost in doubt: "-e", consonant and y, two consonants.
_VERB = re.compile(
    r"(?P<stem>\w+(?:iz|is|yz|ys|at))e|(?P<y>\w+[bcdfghklmnpqrstvwxz])y|\w+(?:[lnprs]t|[lnr]d|[nr]k|[lr]m|ss|ct|pt|st)"
)
# Spelling, sound, and what they become: the stress of these is fixed by the ending.
_ADJECTIVES = (
    (r"osis", r"oʊ\.sɪs", "otic", "ɑː.tɪk"),
    (r"itis", r"aɪ\.tɪs", "itic", "ɪt.ɪk"),
    (r"a?emia", r"iː\.mi\.ə", "{}emic", "iː.mɪk"),
)
_OLOGY = re.compile(f"{PRIMARY}([^{PRIMARY}{SECONDARY}.]*?)ɑː\\.lə\\.dʒi$")


def plural_forms(term: str, ipa: str) -> Iterator[tuple[str, str]]:
    """The regular plural or third person of a term, and its possessives, with their IPA."""
    ending = _plural_ending(ipa)
    if term.endswith(("s", "z", "x", "ch", "sh")):
        if not term.endswith(("is", "us", "es")):
            yield f"{term}es", ipa + ending
    elif term.endswith("y") and term[-2:-1] not in "aeiou":
        yield f"{term[:-1]}ies", ipa + ending
    else:
        yield f"{term}s", ipa + ending
        yield f"{term}s'", ipa + ending
    yield f"{term}'s", ipa + ending


def verb_forms(term: str, ipa: str) -> Iterator[tuple[str, str]]:
    """``metastasized`` and ``metastasizing`` for ``metastasize``."""
    found = _VERB.fullmatch(term.lower())
    if found is None or len(term) < _SHORTEST:
        return
    if found["stem"]:
        past, present = f"{term}d", f"{term[:-1]}ing"
    elif found["y"]:
        past, present = f"{term[:-1]}ied", f"{term}ing"
    else:
        past, present = f"{term}ed", f"{term}ing"
    yield past, ipa + _past_ending(ipa)
    yield present, f"{ipa}.ɪŋ"


def adjective_forms(term: str, ipa: str) -> Iterator[tuple[str, str]]:
    """``cirrhotic`` for ``cirrhosis``, ``anemic`` for ``anemia``, ``oncologic`` and ``-ical`` for ``oncology``."""
    for spelled, sound, letters, sounds in _ADJECTIVES:
        if re.search(f"{spelled}$", term) and re.search(f"{PRIMARY}[^{PRIMARY}{SECONDARY}.]*{sound}$", ipa):
            ending = letters.format("a" if term.endswith("aemia") else "")
            yield re.sub(f"{spelled}$", ending, term), re.sub(f"{sound}$", sounds, ipa)
    if term.endswith("ology") and (found := _OLOGY.search(ipa)) is not None:
        before = ipa[: found.start()]
        if PRIMARY not in before and SECONDARY not in before:
            before = SECONDARY + before if before else before
        dot = "." if before else ""
        adjective = f"{before}{dot}{found[1]}ə{PRIMARY}lɑː.dʒɪk"
        yield f"{term[:-1]}ic", adjective
        yield f"{term[:-1]}ical", f"{adjective[:-1]}.kəl"


def _plural_ending(ipa: str) -> str:
    if ipa.endswith(_SIBILANTS):
        return ".ɪz"
    return "s" if ipa.endswith(_VOICELESS) else "z"


def _past_ending(ipa: str) -> str:
    if ipa.endswith(("t", "d")):
        return ".ɪd"
    return "t" if ipa.endswith((*_VOICELESS, "s", "ʃ")) and not ipa.endswith(("z", "ʒ", "dʒ")) else "d"
