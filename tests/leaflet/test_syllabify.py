"""Dots for IPA that was written without them."""

from __future__ import annotations

from pathlib import Path

import pytest

from audioleaflet.leaflet.ipa import syllables, without_dots
from audioleaflet.leaflet.lexicon import read_lexicon
from audioleaflet.leaflet.syllabify import syllabified

HOUSE = Path(__file__).resolve().parents[2] / "content" / "lexicon" / "en.yaml"


@pytest.mark.parametrize(
    ("written", "divided"),
    [
        ("məˈtæstəsɪs", "məˈtæs.tə.sɪs"),
        ("ˈlɛtɹəˌzoʊl", "ˈlɛt.ɹəˌzoʊl"),
        ("ˈɡoʊsəˌɹɛlɪn", "ˈɡoʊ.səˌɹɛl.ɪn"),
        ("ɹɪˈkɜɹəns", "ɹɪˈkɜːɹ.əns"),
        ("ˈkɹiətʃɚ", "ˈkɹi.ə.tʃɚ"),
        ("nuːˈmoʊnjə", "nuːˈmoʊn.jə"),  # "nj" begins no syllable before ə
        ("əˈkjuːmən", "əˈkjuː.mən"),
        ("ˈæŋɡəl", "ˈæŋ.ɡəl"),
        ("ˈsɪŋɪŋ", "ˈsɪŋ.ɪŋ"),
        ("lɪmf", "lɪmf"),
        ("ˈlɪmf ˈnoʊd", "ˈlɪmf ˈnoʊd"),
        ("ˈtuː.mɚ", "ˈtuː.mɚ"),
        ("ɹˈiːnəl", "ˈɹiː.nəl"),  # an engine's marks, before vowels
        ("kˌɑːɹsɪnˈoʊmə", "ˌkɑːɹ.sɪˈnoʊ.mə"),
        ("ɪnˈæktɪv", "ɪnˈæk.tɪv"),  # a dictionary's mark stays where it is
    ],
)
def test_syllables_divide_as_english_does(written: str, divided: str) -> None:
    assert syllabified(written) == divided


def test_the_house_lexicon_is_divided_as_its_editors_did() -> None:
    readings = [ipa for entry in read_lexicon(HOUSE) for _, ipa in ((entry.term, entry.ipa), *entry.forms)]
    other = [(ipa, syllabified(without_dots(ipa))) for ipa in readings if syllabified(without_dots(ipa)) != ipa]
    assert len(readings) > 250
    assert len(other) <= len(readings) // 100, other
    assert all(len(syllables(ours)) == len(syllables(theirs)) for ours, theirs in other)


@pytest.mark.parametrize(("written", "says"), [("juːnɪk", "no main stress"), ("qa", "'q'"), ("mmm", "no vowel")])
def test_what_cannot_be_said_is_named(written: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        syllabified(written)
