"""Respellings that editors type, back to IPA."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.cases import check_each

from audioleaflet.leaflet.ipa import VOWELS, parse_ipa, respell, symbols
from audioleaflet.leaflet.lexicon import read_lexicon
from audioleaflet.leaflet.respelling import parse_respelling
from audioleaflet.script.lexicon import Lexicon

HOUSE = Path(__file__).resolve().parents[2] / "content" / "lexicon" / "en.yaml"
ENTRIES = read_lexicon(HOUSE)
READINGS = sorted({reading.ipa for reading in Lexicon(ENTRIES)})
# What the key writes with the same letters, so that one of them comes back for all.
AMBIGUOUS = (
    {"i", "iː"},  # "ee"
    {"ə", "ʌ"},  # "uh" and "u", by stress
    {"ɚ", "ɜː"},  # "er", by stress
)


@pytest.mark.parametrize(
    ("typed", "ipa"),
    [
        ("deh-NOH-soo-mab", "dɛˈnoʊ.suːˌmæb"),
        ("muh-TAS-tuh-sis", "məˈtæs.tə.sɪs"),
        ("met-uh-STAT-ik", "ˌmɛt.əˈstæt.ɪk"),
        ("kee-moh-THAYR-uh-pee", "ˌkiː.moʊˈθɛɹ.ə.pi"),
        ("lim-FOH-muh", "lɪmˈfoʊ.mə"),
        ("on-KAH-loh-jist", "ɑːnˈkɑː.loʊ.dʒɪst"),
        ("rih-KER-uns", "ɹɪˈkɜːɹ.əns"),
        ("NAW-zee-uh", "ˈnɔː.zi.ə"),
        ("WOOND", "ˈwuːnd"),
        ("woond", "ˈwuːnd"),
        ("Wownd", "ˈwaʊnd"),
        ("bohn MAIR-oh", "boʊn ˈmɛɹ.oʊ"),
        ("limf nohd", "ˈlɪmf ˈnoʊd"),
        ("LIMF nohd", "ˈlɪmf noʊd"),
        ("THY-royd", "ˈθaɪ.ɹɔɪd"),
        ("muh-TAS-tuh-sized", "məˈtæs.təˌsaɪzd"),
        ("bih-NINE", "bɪˈnaɪn"),
        ("PLAYT-let", "ˈpleɪt.lɛt"),
        ("UR-uh-nate", "ˈɜːɹ.əˌneɪt"),
        ("DOHS-ing", "ˈdoʊs.ɪŋ"),
        ("NIGHT-shift", "ˈnaɪt.ʃɪft"),
        ("TIE", "ˈtaɪ"),
        ("EYE-un", "ˈaɪ.ən"),
        ("BYOO-tee", "ˈbjuː.ti"),
        ("YEH-loh", "ˈjɛ.loʊ"),
        ("VIZH-un", "ˈvɪʒ.ən"),
        ("dhuh", "ˈðʌ"),
        ("PANG-kree-us", "ˈpæŋ.kɹi.əs"),
        ("LAIR-inks", "ˈlɛɹ.ɪŋks"),
        ("KROHNZ dih-ZEEZ", "ˈkɹoʊnz dɪˈziːz"),
        ("Deh-NOH-soo-mab", "dɛˈnoʊ.suːˌmæb"),  # a sentence's first letter
        ("deh–NOH–soo·mab", "dɛˈnoʊ.suːˌmæb"),  # what word processors make of a hyphen
        ("deh-ˈnoh-soo-ˌmab", "dɛˈnoʊ.suːˌmæb"),  # a dictionary's marks
        ("deh-'noh-soo-mab", "dɛˈnoʊ.suːˌmæb"),
        ("mə-ˈtas-tə-səs", "məˈtæs.tə.səs"),
        ("ˈmā-jər", "ˈmeɪ.dʒɚ"),
        ("FYR", "ˈfaɪɹ"),
        ("ED-juh", "ˈɛd.dʒə"),
        ("FLEGG-mun", "ˈflɛɡ.mən"),
        ("klok", "ˈklɑːk"),
        ("DOK-ter", "ˈdɑːk.tɚ"),
        ("TAKS", "ˈtæks"),
        ("TAX", "ˈtæks"),
    ],
)
def test_what_editors_type(typed: str, ipa: str) -> None:
    assert parse_respelling(typed) == ipa


def test_british_vowels_for_a_british_lexicon() -> None:
    assert parse_respelling("HOS-pit-uhl", "en-GB") == "ˈhɒs.pɪt.əl"
    assert parse_respelling("NOHD", "en-GB") == "ˈnəʊd"


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "nothing to say"),
        ("--", "nothing to say"),
        ("muh--TAS", "'muh--TAS' has a hyphen too many"),
        ("muh-tas-tuh", "'muh-tas-tuh' has no stressed syllable; write it in capitals"),
        ("KEE-moh-THAYR-uh-pee", "2 syllables in capitals; write the strongest alone so: kee-moh-THAYR-uh-pee"),
        ("muh-TaS-tuh", "'TaS' is half in capitals; write TAS or tas"),
        ("LEAD", "'ea' in the syllable 'lead' .* write ee, eh or ay"),
        ("ROUT", "'ou' in the syllable 'rout' .* write ow"),
        ("KEY", "'ey' in the syllable 'key' .* write ee or ay"),
        ("FIELD", "'ie' in the syllable 'field'"),
        ("GO-ing", "'o' in the syllable 'go' .* write oh or ah"),
        ("ME-tuh", "'e' in the syllable 'me' .* write ee or eh"),
        ("A-korn", "'a' in the syllable 'a' .* write ay or uh"),
        ("cell", "'c' in the syllable 'cell' .* write k, s or ch"),
        ("TEEUH", "'teeuh' has more than one vowel; put a hyphen"),
        ("LOOSE", "'loose' has more than one vowel"),
        ("TL-uh", "the syllable 'tl' has no vowel"),
        ("QUIK", "'q' in the syllable 'quik' .* write k or kw"),
        ("NEW", "'ew' in the syllable 'new' .* write yoo or oo"),
        ("B12", "'1' in the syllable 'B12' is no letter"),
        ("ÉH", "'É' in the syllable 'ÉH' is not a letter of the key"),
        ("ngah", "'ng' cannot stand there in the syllable 'ngah'"),
    ],
)
def test_what_cannot_be_read_in_one_way_is_named_with_what_to_write(typed: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        parse_respelling(typed)


def plain(ipa: str) -> str:
    """Without second stresses, which the key does not write."""
    return re.sub("(^|(?<= ))ˌ", "", ipa).replace("ˌ", ".")


def same_class(one: str, other: str) -> bool:
    return one == other or any({one, other} == pair for pair in AMBIGUOUS)


def test_our_own_respellings_come_back_with_the_same_sounds() -> None:
    def check(ipa: str) -> None:
        ours, back = symbols(plain(ipa)), symbols(plain(parse_respelling(respell(ipa))))
        assert len(ours) == len(back)
        assert all(same_class(one, other) for one, other in zip(ours, back, strict=True)), "".join(back)

    check_each(((ipa,) for ipa in READINGS), check)


def test_most_come_back_as_they_were() -> None:
    written = [ipa for entry in ENTRIES for ipa in (entry.ipa, *dict(entry.forms).values())]
    back = [parse_respelling(respell(ipa)) for ipa in written]
    assert sum(ours == theirs for ours, theirs in zip(written, back, strict=True)) / len(written) >= 0.85
    assert sum(plain(ours) == plain(theirs) for ours, theirs in zip(written, back, strict=True)) / len(written) >= 0.9


KEYS = st.sampled_from([*"abcdefghijklmnopqrstuvwxyz", *"AEIOUYRT", "-", "-", " ", "'", "uh", "OH", "ee", "ight", "ə"])


@given(st.one_of(st.text(max_size=20), st.lists(KEYS, max_size=12).map("".join)))
def test_any_text_is_ipa_or_a_value_error(text: str) -> None:
    try:
        ipa = parse_respelling(text)
    except ValueError as error:
        assert str(error)  # noqa: PT017
    else:
        assert parse_ipa(ipa) == ipa
        assert set(symbols(ipa)) & set(VOWELS)
