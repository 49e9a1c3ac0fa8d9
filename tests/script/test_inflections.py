"""Forms that follow from an entry of a lexicon."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from audioleaflet.leaflet.cmudict import Dictionary, sounds
from audioleaflet.leaflet.ipa import parse_ipa
from audioleaflet.leaflet.lexicon import read_lexicon
from audioleaflet.leaflet.phonology import skeletons
from audioleaflet.script.inflections import adjective_forms, plural_forms, verb_forms
from audioleaflet.script.lexicon import Lexicon


@cache
def house() -> Lexicon:
    return Lexicon(read_lexicon(Path("content/lexicon/en.yaml")))


@pytest.mark.parametrize(
    ("term", "ipa", "forms"),
    [
        ("stent", "ˈstɛnt", {"stents": "ˈstɛnts", "stents'": "ˈstɛnts", "stent's": "ˈstɛnts"}),
        ("biopsy", "ˈbaɪˌɑːp.si", {"biopsies": "ˈbaɪˌɑːp.siz", "biopsy's": "ˈbaɪˌɑːp.siz"}),
        ("thorax", "ˈθɔː.ɹæks", {"thoraxes": "ˈθɔː.ɹæks.ɪz", "thorax's": "ˈθɔː.ɹæks.ɪz"}),
        ("pelvis", "ˈpɛl.vɪs", {"pelvis's": "ˈpɛl.vɪs.ɪz"}),
    ],
)
def test_plural_and_possessive(term: str, ipa: str, forms: dict[str, str]) -> None:
    assert dict(plural_forms(term, ipa)) == forms


@pytest.mark.parametrize(
    ("term", "ipa", "forms"),
    [
        ("metastasize", "məˈtæs.təˌsaɪz", {"metastasized": "məˈtæs.təˌsaɪzd", "metastasizing": "məˈtæs.təˌsaɪz.ɪŋ"}),
        ("urinate", "ˈjʊɹ.əˌneɪt", {"urinated": "ˈjʊɹ.əˌneɪt.ɪd", "urinating": "ˈjʊɹ.əˌneɪt.ɪŋ"}),
        ("biopsy", "ˈbaɪˌɑːp.si", {"biopsied": "ˈbaɪˌɑːp.sid", "biopsying": "ˈbaɪˌɑːp.si.ɪŋ"}),
        ("stent", "ˈstɛnt", {"stented": "ˈstɛnt.ɪd", "stenting": "ˈstɛnt.ɪŋ"}),
        ("graft", "ˈɡɹæft", {}),
        ("catheter", "ˈkæθ.ə.tɚ", {}),  # catheterred? catheterr? no rule is sure
        ("scan", "ˈskæn", {}),
    ],
)
def test_ed_and_ing_where_spelling_and_sound_are_sure(term: str, ipa: str, forms: dict[str, str]) -> None:
    assert dict(verb_forms(term, ipa)) == forms


@pytest.mark.parametrize(
    ("term", "ipa", "forms"),
    [
        ("cirrhosis", "səˈɹoʊ.sɪs", {"cirrhotic": "səˈɹɑː.tɪk"}),
        ("arthritis", "ɑːɹˈθɹaɪ.tɪs", {"arthritic": "ɑːɹˈθɹɪt.ɪk"}),
        ("anemia", "əˈniː.mi.ə", {"anemic": "əˈniː.mɪk"}),
        ("anaemia", "əˈniː.mi.ə", {"anaemic": "əˈniː.mɪk"}),
        ("oncology", "ɑːŋˈkɑː.lə.dʒi", {"oncologic": "ˌɑːŋ.kəˈlɑː.dʒɪk", "oncological": "ˌɑːŋ.kəˈlɑː.dʒɪ.kəl"}),
        (
            "dermatology",
            "ˌdɜː.məˈtɑː.lə.dʒi",
            {"dermatologic": "ˌdɜː.mə.təˈlɑː.dʒɪk", "dermatological": "ˌdɜː.mə.təˈlɑː.dʒɪ.kəl"},
        ),
        ("metastasis", "məˈtæs.tə.sɪs", {}),
        ("neuropathy", "nʊˈɹɑː.pə.θi", {}),
    ],
)
def test_ic_where_the_ending_fixes_the_stress(term: str, ipa: str, forms: dict[str, str]) -> None:
    assert dict(adjective_forms(term, ipa)) == forms


def test_every_form_is_ipa_that_a_lexicon_takes() -> None:
    assert [reading for reading in house() if parse_ipa(reading.ipa) != reading.ipa] == []


def test_no_derived_form_contradicts_the_dictionary() -> None:
    written = {spelling for reading in house() for spelling, _ in ((reading.entry.term, ""), *reading.entry.forms)}
    wrong = []
    with Dictionary() as dictionary:
        for reading in house():
            listed = dictionary.phones(reading.spelling)
            if reading.spelling in written or not listed or reading.spelling == "hysterectomies":  # "hister": its slip
                continue
            if not any(skeletons(reading.ipa) & skeletons(sounds(phones)) for phones in listed):
                wrong.append(reading.spelling)
    assert wrong == []


@pytest.mark.parametrize("word", ["is", "as", "us", "his", "lung", "lunging", "breast", "patients"])
def test_no_form_shadows_a_word_of_another_meaning(word: str) -> None:
    assert word not in house() or house().get(word).entry.term in (word, word.removesuffix("s"))  # type: ignore[union-attr]


def test_what_is_written_wins_over_what_follows() -> None:
    reading = house().get("metastases")
    assert reading is not None
    assert reading.ipa == "məˈtæs.təˌsiːz"
