"""An engine's own reading, written for a person."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from audioleaflet.pronunciation import teller
from audioleaflet.pronunciation.spelled import canonical, respelled


@pytest.mark.parametrize(
    ("engine", "ipa"),
    [
        ("wˈɔːɾɚ", "ˈwɔː.tɚ"),
        ("ɹᵻsˈɪstəns", "ɹɪˈsɪs.təns"),
        ("kˈɜːɹənt", "ˈkɜːɹ.ənt"),
        ("mˈɛmɚɹi", "ˈmɛm.ə.ɹi"),
        ("sᵻkjˈʊɹɹᵻɾi", "sɪˈkjʊɹ.ɪ.ti"),
        ("ɐplˈɪkəbəl", "əˈplɪk.ə.bəl"),
        ("ˌɛni", "ˈɛn.i"),
        ("kənɡɹˈætʃʊlˈeɪʃən", "kənˌɡɹætʃ.ʊˈleɪ.ʃən"),
        ("bˈɪtn̩", "ˈbɪt.ən"),
        ("fˈɔːɹ", "ˈfɔːɹ"),
        ("ðə", "ðə"),
    ],
)
def test_the_engines_symbols_become_ours(engine: str, ipa: str) -> None:
    assert canonical(engine) == ipa


@pytest.mark.parametrize("engine", ["", "blˈɑ̃ŋk", "kˌɜːrɡ¤", "hm"])
def test_what_our_alphabet_lacks_is_told(engine: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        canonical(engine)


def test_most_words_that_an_editor_meets_can_be_written() -> None:
    words = ("denosumab", "zoledronic", "salbutamol", "rivaroxaban", "apixaban", "semaglutide", "phlebotomist")
    with ExitStack() as stack:
        tell = teller(("espeak:en-us",), stack)
        assert tell is not None
        assert respelled(tell("nebulized")) == "NEB-uh-lized"
        assert all("-" in respelled(tell(word)) for word in words)
