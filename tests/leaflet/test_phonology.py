"""What counts as the same word to the ear, and what does not."""

from __future__ import annotations

import pytest

from audioleaflet.leaflet.phonology import skeletons


def same(one: str, other: str) -> bool:
    return bool(skeletons(one) & skeletons(other))


@pytest.mark.parametrize(
    ("engine", "dictionary"),
    [
        ("wˈɔːɾɚ", "wˈɔːtɚ"),  # flap
        ("kˈɜːɹənt", "kˈɜːənt"),  # r-colouring
        ("ˌɑːpɚɹˈeɪʃən", "ˌɑːpɚˈeɪʃən"),
        ("ˌɑːpɚˈɹeɪʃən", "ˌɑːpɚˈeɪʃən"),  # marks before syllables
        ("sᵻkjˈʊɹɹᵻɾi", "sɪkjˈʊɹɪti"),
        ("mˈɛmɚɹi", "mˈɛmɹi"),  # a weak vowel before r
        ("kˈæɾɪɡɚɹi", "kˈætəɡˌɔːɹi"),
        ("ˌɪndᵻvˈɪdʒuːəl", "ˌɪndəvˈɪdʒəwəl"),
        ("fəmˈɪliɚ", "fəmˈɪljɚ"),
        ("nˈuː", "njˈuː"),
        ("tʃˈuːn", "tjˈuːn"),
        ("fˈaɪɚ", "fˈaɪɹ"),
        ("θˈæŋk", "θˈænk"),
        ("ɪntˈɛnʃən", "ɪntˈɛntʃən"),
        ("bˈʌtn̩", "bˈʌtən"),
        ("ɡlˈɑːs", "ɡlˈæs"),  # the colour of a vowel
        ("aʊtsˈaɪd", "ˈaʊtsˈaɪd"),  # a dictionary's two main stresses
        ("ˌɛni", "ˈɛni"),  # none
        ("hˈɪm", "hɪm"),  # one syllable
    ],
)
def test_allophones_are_no_difference(engine: str, dictionary: str) -> None:
    assert same(engine, dictionary)


@pytest.mark.parametrize(
    ("engine", "dictionary"),
    [
        ("hˈʌsbənd", "hˈʌzbənd"),
        ("nˈɔːsɪə", "nˈɔːziə"),
        ("dˈɪstɹɪbjˌuːt", "dɪstɹˈɪbjuːt"),
        ("fˈeɪsd", "fˈeɪst"),
        ("ˈeɪkz", "ˈeɪks"),
        ("ɐplˈɪkəbəl", "ˈæpləkəbəl"),
        ("mˌɛtəstˈɑːsiːz", "mətˈæstəsɪs"),
        ("ɪntˈɜːnʃɪp", "ˈɪntɚnʃˌɪp"),
        ("kˈuːp", "kˈuː"),
        ("θˈaɪm", "tˈaɪm"),
        ("nˈoʊl", "noʊˈɛl"),
    ],
)
def test_consonants_syllables_and_the_main_stress_are(engine: str, dictionary: str) -> None:
    assert not same(engine, dictionary)
