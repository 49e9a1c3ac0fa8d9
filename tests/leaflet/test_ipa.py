"""The alphabet of the lexicon, its syllables, and respellings for the eye."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audioleaflet.leaflet.ipa import CONSONANTS, VOWELS, parse_ipa, respell, syllables, without_dots

ONSETS = st.sampled_from(["", *CONSONANTS, "st", "tɹ", "spl", "kj"]).filter(lambda onset: onset != "ŋ")
CODAS = st.sampled_from(["", "n", "s", "ks", "ŋk", "ɹ", "mf", "z", "tʃ", "ld"])
SYLLABLES = st.tuples(ONSETS, st.sampled_from(VOWELS), CODAS).map("".join)


@st.composite
def words(draw: st.DrawFn) -> str:
    parts = draw(st.lists(SYLLABLES, min_size=1, max_size=6))
    main = draw(st.integers(0, len(parts) - 1))
    word = ""
    for index, part in enumerate(parts):
        mark = "ˈ" if index == main else draw(st.sampled_from(["", "ˌ"]))
        word += (mark or ("." if index else "")) + part
    return word


TERMS = st.lists(words(), min_size=1, max_size=3).map(" ".join)


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("məˈtæs.tə.sɪs", "məˈtæs.tə.sɪs"),
        ("mə.ˈtæs.tə.sɪs", "məˈtæs.tə.sɪs"),
        ("m@".replace("@", "ə") + "'tæs.tə.sɪs", "məˈtæs.tə.sɪs"),
        ("ˈɹi:.nəl", "ˈɹiː.nəl"),
        ("ˈfræk.ʧɚ", "ˈfɹæk.tʃɚ"),
        ("ˈfræk.t͡ʃɚ", "ˈfɹæk.tʃɚ"),
        ("ˈædʒ.ə.vənt", "ˈædʒ.ə.vənt"),
        ("ˈæʤ.ə.vənt", "ˈædʒ.ə.vənt"),
        ("ˈɡæs", "ˈɡæs"),
        ("ˈgæs", "ˈɡæs"),
        ("ˈnɝs", "ˈnɜːs"),
        ("ˈtu.mɚ", "ˈtuː.mɚ"),
        ("bɑnˈdɔɪd", "bɑːnˈdɔɪd"),
        ("  ˈlɪmf   ˈnoʊd ", "ˈlɪmf ˈnoʊd"),
        ("lɪmf", "lɪmf"),
        ("ˈhɒs.pɪ.təl", "ˈhɒs.pɪ.təl"),
    ],
)
def test_other_ways_of_writing_are_mended(typed: str, canonical: str) -> None:
    assert parse_ipa(typed) == canonical


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "no sound"),
        ("meˈtæs", r"'e' \(U\+0065 LATIN SMALL LETTER E\) at character 2 .* write ɛ or eɪ"),
        ("ˈbʌt.n̩", r"U\+0329 COMBINING VERTICAL LINE BELOW\) at character 7 .* write əl or ən"),
        ("ˈlɪmf-noʊd", "dot between syllables"),
        ("ˈɪˈdiː.mə", "2 main stresses"),
        ("ɪ.diː.mə", "no main stress"),
        ("ɪˈdiːmə", "'ˈdiːmə' has 2 vowels"),
        ("ˈdiː.m", "'m' has no vowel"),
        ("ˈ", "empty"),
        ("ˈdiː.", "empty"),
        (".ˈdiː", "empty"),
        ("ˈˌdiː", "empty"),
        ("ˈdiː..mə", "empty"),
        ("ˈæ 😀", r"U\+1F600"),
        ("ˈæ\u202e", r"'' \(U\+202E"),
        ("ˈpː", "long mark only after"),
    ],
)
def test_what_cannot_be_said_is_named(typed: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        parse_ipa(typed)


@given(TERMS)
def test_what_is_well_formed_is_kept(term: str) -> None:
    assert parse_ipa(term) == term


@given(TERMS)
def test_syllables_hold_every_sound_in_order(term: str) -> None:
    parts = syllables(term)
    assert "".join(parts) == without_dots(term).replace(" ", "")
    assert all(part.strip("ˈˌ") for part in parts)
    assert sum("ˈ" in part for part in parts) == term.count("ˈ")


@given(TERMS)
def test_a_respelling_has_the_syllables_and_the_stress(term: str) -> None:
    for word, said in zip(term.split(" "), respell(term).split(" "), strict=True):
        marked, shown = syllables(word), said.split("-")
        assert len(marked) == len(shown)
        for sound, letters in zip(marked, shown, strict=True):
            assert letters.isascii()
            assert letters.isalpha()
            assert letters.isupper() == sound.startswith("ˈ")


@given(st.text(max_size=30))
def test_any_text_is_canonical_or_a_value_error(text: str) -> None:
    try:
        once = parse_ipa(text)
    except ValueError as error:
        assert str(error)  # noqa: PT017
    else:
        assert parse_ipa(once) == once
        assert respell(once)


def test_dots_go_and_stress_stays() -> None:
    assert without_dots("məˈtæs.tə.sɪs") == "məˈtæstəsɪs"
    assert syllables("məˈtæs.tə.sɪs") == ("mə", "ˈtæs", "tə", "sɪs")
    assert syllables("ˈlɪmf ˈnoʊd") == ("ˈlɪmf", "ˈnoʊd")


@pytest.mark.parametrize(
    ("ipa", "respelling"),
    [
        ("məˈtæs.tə.sɪs", "muh-TAS-tuh-sis"),
        ("məˈtæs.təˌsiːz", "muh-TAS-tuh-seez"),
        ("məˈtæs.təˌsaɪz", "muh-TAS-tuh-size"),
        ("məˈtæs.təˌsaɪzd", "muh-TAS-tuh-sized"),
        ("ˌmɛt.əˈstæt.ɪk", "met-uh-STAT-ik"),
        ("ˈlɪmf", "LIMF"),
        ("lɪmf", "LIMF"),
        ("ˈlɪmf ˌnoʊd", "LIMF nohd"),
        ("ˈθaɪ.ɹɔɪd", "THY-royd"),
        ("ˈpɛl.vɪs", "PEL-vis"),
        ("ˌkiː.moʊˈθɛɹ.ə.pi", "kee-moh-THAIR-uh-pee"),
        ("əˈbleɪ.ʃən", "uh-BLAY-shun"),
        ("ˈbaɪˌɑːp.si", "BY-ahp-see"),
        ("ɑːŋˈkɑː.lə.dʒɪst", "ahng-KAH-luh-jist"),
        ("ˌkɑːɹ.səˈnoʊ.mə", "kar-suh-NOH-muh"),
        ("luːˈkiː.mi.ə", "loo-KEE-mee-uh"),
        ("ˈjuː.tə.ɹəs", "YOO-tuh-rus"),
        ("ˈhɔːɹˌmoʊn", "HOR-mohn"),
        ("ˈpɹɑː.steɪt", "PRAH-stayt"),
        ("ˈfɹæk.tʃɚ", "FRAK-cher"),
        ("ˈnɔː.zi.ə", "NAW-zee-uh"),
        ("ˈʌl.tɹəˌsaʊnd", "UL-truh-sownd"),
        ("ˈvɜː.tə.bɹə", "VER-tuh-bruh"),
        ("ɹɪˈkɜːɹ.əns", "rih-KER-uns"),
        ("ˌaɪ.bjuːˈpɹoʊ.fən", "eye-byoo-PROH-fun"),
        ("ˈaɪ.ən", "EYE-un"),
        ("bɪˈnaɪn", "bih-NINE"),
        ("ˈpæŋ.kɹi.əs", "PANG-kree-us"),
        ("ˈlɛɹ.ɪŋks", "LAIR-inks"),
        ("ˈpʊl.məˌnɛɹ.i", "PUUL-muh-nair-ee"),
        ("ˌɛp.ɪˈdʊɹ.əl", "ep-ih-DOOR-ul"),
        ("ˈliː.ʒən", "LEE-zhun"),
        ("ˈoʊ.piˌɔɪd", "OH-pee-oyd"),
        ("əˌsiː.təˈmɪn.ə.fən", "uh-see-tuh-MIN-uh-fun"),
        ("ˈfaɪɹ", "FYR"),
        ("ˈhɒs.pɪs", "HOS-pis"),
        ("ˈnəʊd", "NOHD"),
    ],
)
def test_respelling(ipa: str, respelling: str) -> None:
    assert respell(parse_ipa(ipa)) == respelling
