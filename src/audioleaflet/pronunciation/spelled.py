"""How an engine says a word, written for a person: its own IPA in our alphabet, and as a respelling."""

from __future__ import annotations

import re

from audioleaflet.leaflet.ipa import respell
from audioleaflet.leaflet.syllabify import syllabified

# What espeak-ng writes for American and British English, in the symbols of our alphabet.
_OURS = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        ("[ɾʔ]", "t"),
        ("ᵻ", "ɪ"),
        ("[ɐᵊ]", "ə"),
        ("oː", "ɔː"),
        ("ɚ(?=[ˈˌ]?ɹ)", "ə"),
        ("ɹ([ˈˌ]?)ɹ", r"\1ɹ"),
        ("aɪɚ", "aɪ.ɚ"),
        ("([lmn])\u0329", r"ə\1"),
        ("ɔ(?![ːɪ])", "ɔː"),
        ("a(?![ɪʊ])", "æ"),
        ("[eo](?![ɪʊ])", "ə"),
    )
)


def canonical(engine_ipa: str) -> str:
    """The engine's IPA of one word, stress marks before vowels, as our lexicons write it.

    Raises ValueError where our alphabet has no symbol for what the engine says.
    """
    ipa = engine_ipa.strip()
    for pattern, replacement in _OURS:
        ipa = pattern.sub(replacement, ipa)
    if "ˈ" not in ipa:
        ipa = "ˈ".join(ipa.rsplit("ˌ", 1))
    *first, last = ipa.split("ˈ")
    return syllabified("ˈ".join(["ˌ".join(first), last]) if first else ipa, at_vowels=True)


def respelled(engine_ipa: str) -> str:
    """The engine's IPA of one word as ``deh-NOH-soo-mab``. Raises ValueError as ``canonical`` does."""
    return respell(canonical(engine_ipa))
