"""Words as the recogniser knows them, and their twins."""

from __future__ import annotations

import pytest

from audioleaflet.leaflet.ipa import parse_ipa
from audioleaflet.proof.verify.listening import as_written
from audioleaflet.proof.verify.pronunciations import (
    ANY,
    ARPABET,
    PHONES,
    Pronunciations,
    arpabet,
    dictionary_text,
    read_dictionary,
)
from audioleaflet.proof.verify.recogniser import dictionary_path, language_model
from audioleaflet.proof.verify.twins import LOST, VOCABULARY, places, twins
from audioleaflet.script.model import Pause, Spelled, Syllables, Term, Text, Unread
from audioleaflet.units import Ms

IPA_OF = {phone: symbol for symbol, phone in reversed(ARPABET.items()) if " " not in phone}


@pytest.mark.parametrize(
    ("ipa", "phones"),
    [
        ("məˈtæs.tə.sɪs", "M AH T AE S T AH S IH S"),
        ("ˌkiː.moʊˈθɛɹ.ə.pi", "K IY M OW TH EH R AH P IY"),
        ("ˈsɜː.dʒə.ɹi", "S ER JH AH R IY"),
        ("ˈfɹæk.tʃɚz", "F R AE K CH ER Z"),
        ("ˌsiːˈtiː", "S IY T IY"),
        ("ˈblʌd ˈtɛst", "B L AH D T EH S T"),
        ("keə", "K EH R"),
    ],
)
def test_ipa_in_arpabet(ipa: str, phones: str) -> None:
    assert arpabet(parse_ipa(ipa)) == phones


def test_a_symbol_that_is_not_in_the_alphabet() -> None:
    with pytest.raises(KeyError, match="ʔ"):
        arpabet("bʔ")


def test_the_sounds_of_the_dictionary_survive_ipa_and_back() -> None:
    lost = []
    for word, readings in list(read_dictionary(dictionary_path()).items())[::25]:
        phones = readings[0].split()
        back = arpabet(".".join(IPA_OF[phone] for phone in phones))
        if back.split() != [
            one for one, before in zip(phones, ["", *phones], strict=False) if (before, one) != ("ER", "R")
        ]:
            lost.append(word)
    assert lost == []


def test_the_recognisers_model_has_every_phone() -> None:
    used = {phone for readings in read_dictionary(dictionary_path()).values() for phone in readings[0].split()}
    assert used == set(PHONES)


def test_each_kind_of_span_in_words() -> None:
    known = Pronunciations({"take": ("T EY K",), "don't": ("D OW N T",), "five": ("F AY V",), "lymph": ("L IH M F",)})
    words = known.words(
        (
            Text(text="Don’t take Krames, "),
            Term(text="lymph", ipa="ˈlɪmf"),
            Pause(length=Ms(100)),
            Syllables(text="lymph node", ipa="ˈlɪmf ˈnoʊd", respelling="LIMF NOHD"),
            Spelled(text="55", groups=(("five", "five"),), between=Ms(1)),
            Unread(text="☃"),
        )
    )
    assert [word.text for word in words[:4]] == ["Don’t", "take", "Krames", "lymph"]
    assert [word.key for word in words] == [
        *("don't", "take", ANY, "lymph~LIHMF", "limf~LIHMF", "nohd~NOWD"),
        *("five", "five", ANY),
    ]
    assert known.of("lymph~LIHMF") == ("L IH M F",)


def test_two_readings_of_one_spelling_are_two_words() -> None:
    known = Pronunciations({})
    words = known.words((Term(text="read", ipa="ɹiːd"), Term(text="read", ipa="ɹɛd")))
    assert [known.of(word.key) for word in words] == [("R IY D",), ("R EH D",)]


def test_a_term_has_the_dictionarys_sounds_too() -> None:
    known = Pronunciations({"lead": ("L IY D", "L EH D")})
    (word,) = known.words((Term(text="lead", ipa="ˈlɛd"),))
    assert known.of(word.key) == ("L EH D", "L IY D")


def test_a_dictionary_is_read_as_it_was_written(tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "words.dict"
    path.write_text(dictionary_text({"a": ("AH", "EY")}), encoding="utf-8")
    assert read_dictionary(path)["a"] == ("AH", "EY")
    assert read_dictionary(path)["~aa"] == ("AA",)


def test_a_language_model_sums_to_one() -> None:
    lines = language_model([["take", "two"], ["take", ANY, "five"]]).splitlines()
    start = lines.index("\\1-grams:") + 1
    chances = [10 ** float(line.split()[0]) for line in lines[start : lines.index("", start)]]
    assert sum(chances) == pytest.approx(1, abs=1e-3)
    assert any(line.endswith(" take five") for line in lines)
    assert not any(ANY in line for line in lines)


@pytest.mark.parametrize(
    ("word", "follows", "twin"),
    [
        ("not", "take", LOST),
        ("not", "take", ("now",)),
        ("now", "take", ("not",)),
        ("don't", "take", ("do",)),
        ("can't", "take", ("can",)),
        ("cannot", "take", ("can",)),
        ("never", "take", ("always",)),
        ("only", "if", LOST),
        ("unless", "you", ("if",)),
        ("if", "you", ("unless",)),
        ("may", "take", ("may", "not")),
        ("five", "milligrams", ("fifty",)),
        ("fifteen", "milligrams", ("fifty",)),
        ("thirteen", "milligrams", ("thirty",)),
        ("point", "five", LOST),
        ("zero", "eight", ("nine",)),
        ("milligrams", "", ("micrograms",)),
        ("milligrams", "", ("grams",)),
        ("milliliters", "", ("liters",)),
        ("twice", "a", ("once",)),
        ("without", "food", ("with",)),
        ("before", "food", ("after",)),
        ("second", "tablet", ("seventh",)),
        ("a", "m", ("p",)),
        ("p", "m", ("a",)),
        ("night", "", ("morning",)),
        ("above", "thirty", ("below",)),
        ("least", "two", ("most",)),
        ("first", "dose", ("last",)),
        ("first", "dose", ("third",)),
        ("left", "eye", ("right",)),
        ("lower", "lid", ("upper",)),
        ("lower", "dose", ("higher",)),
        ("nothing", "to", ("something",)),
        ("teaspoon", "", ("tablespoon",)),
    ],
)
def test_the_dangerous_twins_of_a_word(word: str, follows: str, twin: tuple[str, ...]) -> None:
    assert twin in twins(word, follows)
    assert (word,) not in twins(word, follows)


@pytest.mark.parametrize("word", ["bone", "the", "a", "metastasis~MAHTAESTAHSIHS", "~"])
def test_a_word_that_does_not_matter(word: str) -> None:
    assert twins(word, "") == ()


def test_every_twin_can_be_pronounced() -> None:
    known = Pronunciations(read_dictionary(dictionary_path()))
    assert [word for word in sorted(VOCABULARY) if not known.of(word)] == []


def test_not_is_not_doubled() -> None:
    assert ("do", "not") in twins("do", "take")
    assert ("do", "not") not in twins("do", "not")


def test_a_sentence_of_one_word_is_not_lost() -> None:
    ((place, found),) = places(["five"])
    assert place == 0
    assert LOST not in found


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("litres", "liters"),
        ("tumour", "tumor"),
        ("colour", "color"),
        ("centre", "center"),
        ("organised", "organized"),
        ("oestrogen", "estrogen"),
        ("kilogrammes", "kilograms"),
    ],
)
def test_british_spellings_sound_as_american_ones(british: str, american: str) -> None:
    known = Pronunciations(read_dictionary(dictionary_path()))
    assert set(known.of(british)) & set(known.of(american))


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("sample", "S AA M P AH L"),
        ("glasses", "G L AA S IH Z"),
        ("ask", "AA S K"),
        ("last", "L AA S T"),
        ("half", "HH AA F"),
        ("can't", "K AA N T"),
        ("after", "AA F T AH"),
    ],
)
def test_as_said_in_southern_england(word: str, said: str) -> None:
    known = read_dictionary(dictionary_path())
    sounds = Pronunciations(known).of(word)
    assert said in sounds
    assert set(known[word]) < set(sounds)


@pytest.mark.parametrize("word", ["can", "hand", "asthma", "family"])
def test_a_short_a_stays_short(word: str) -> None:
    known = read_dictionary(dictionary_path())
    assert Pronunciations(known).of(word) == known[word]


SOUNDS = {
    "thyroid": ("TH AY R OY D",),
    "thy": ("TH AY", "DH AY"),
    "royd": ("R OY D",),
    "two": ("T UW",),
    "to": ("T UW", "T AH"),
    "today": ("T AH D EY",),
    "day": ("D EY",),
    "not": ("N AA T",),
    "may": ("M EY",),
}


@pytest.mark.parametrize(
    ("wanted", "heard", "written"),
    [
        ("thyroid", "thy royd", "thyroid"),
        ("thy royd", "thyroid", "thy royd"),
        ("two day", "to day", "two day"),
        ("to day", "today", "to day"),
        ("may thyroid may", "may thy royd may", "may thyroid may"),
        ("thyroid", "thy royd not", "thy royd not"),
        ("thyroid", "thy", "thy"),
        ("may", "may not", "may not"),
        ("may not", "may", "may"),
        ("two", "not", "not"),
    ],
)
def test_what_sounds_the_same_is_heard_as_it_is_written(wanted: str, heard: str, written: str) -> None:
    assert as_written(wanted.split(), heard.split(), SOUNDS) == tuple(written.split())
