"""How hard a leaflet is to follow."""

from __future__ import annotations

import pytest
from tests.script.test_diff import PLACE, script

from audioleaflet.leaflet.model import Entry
from audioleaflet.proof.readability import Readability, measure, without_terms
from audioleaflet.proof.wordlists import word_lists
from audioleaflet.script.lexicon import Lexicon
from audioleaflet.script.model import Script, ScriptChapter, Spoken, Term, Text
from audioleaflet.units import Ms

EASY = ("The dog sat on the mat.", "It is red.", "You can see it.")
HARD = (
    "Interdisciplinary rehabilitation considerably ameliorates neurological complications.",
    "Pharmacological intervention necessitates individualized consideration.",
)
LEXICON = Lexicon(
    Entry(term=term, ipa="x", say="", meaning="", forms=(), alias=(), origin=PLACE)
    for term in ("chemotherapy", "rib", "rib cage")
)
INTRODUCTION = ScriptChapter(number=0, id="introduction", title="I", lead=Ms(0), utterances=(), structure=())


def measured(*texts: str | tuple[str, Spoken], language: str = "en-US") -> Readability:
    body = script(*texts)
    whole = Script(chapters=(INTRODUCTION, *body.chapters), terms=())
    return measure(whole, language, "About this leaflet", LEXICON, word_lists(language))


def test_hard_words_need_more_school_years() -> None:
    easy, hard = measured(*EASY).whole, measured(*HARD).whole
    assert easy is not None
    assert hard is not None
    assert easy.as_it_is.flesch_kincaid < 2 < 15 < hard.as_it_is.flesch_kincaid
    assert easy.as_it_is.ease > 90 > 0 > hard.as_it_is.ease


def test_a_term_counts_in_one_measure_and_not_in_the_other() -> None:
    spoken = (Text(text="This is "), Term(text="Chemotherapy", ipa="x"), Text(text=" for you."))
    whole = measured(("This is Chemotherapy for you.", spoken)).whole
    assert whole is not None
    assert whole.without_terms.flesch_kincaid < whole.as_it_is.flesch_kincaid


def test_only_whole_words_are_replaced() -> None:
    spoken = (Term(text="rib", ipa="x"), Text(text=" and ribbon, "), Term(text="rib cage", ipa="y"))
    (utterance,) = script(("Rib and ribbon, rib cage", spoken)).utterances()
    assert without_terms(utterance, LEXICON) == "thing and ribbon, thing"


def test_a_word_with_a_reading_that_is_no_term_stays() -> None:
    spoken = (Term(text="read", ipa="ˈɹɛd"), Text(text=" the rib"))
    (utterance,) = script(("read the rib", spoken)).utterances()
    assert without_terms(utterance, LEXICON) == "read the rib"


def test_a_list_item_without_a_full_stop_is_a_sentence_of_its_own() -> None:
    whole = measured("the left breast", "the full bladder", "the right lung").whole
    run_on = measured("the left breast the full bladder the right lung").whole
    assert whole is not None
    assert run_on is not None
    assert whole.as_it_is.flesch_kincaid < run_on.as_it_is.flesch_kincaid


def test_smog_wants_thirty_sentences() -> None:
    few, many = measured(*EASY).whole, measured(*(HARD * 15)).whole
    assert few is not None
    assert few.as_it_is.smog is None
    assert many is not None
    assert many.as_it_is.smog is not None
    assert many.as_it_is.smog > 10


@pytest.mark.parametrize("contact", ["Website: www.cancer.org", "Telephone: 800-227-2345", "Write to a@b.example"])
def test_contact_details_do_not_count(contact: str) -> None:
    assert [one.text for one in measured("It is red.", contact).sentences] == ["It is red."]


def test_other_languages_have_no_grades_but_their_longest_sentences() -> None:
    found = measured("Das ist rot.", "Das ist ein langer Satz.", language="de-DE")
    assert found.whole is None
    assert found.chapters == ()
    assert found.passive == ()
    assert [one.text for one in found.longest] == ["Das ist ein langer Satz.", "Das ist rot."]


@pytest.mark.parametrize(
    "sentence",
    [
        "The cells are called tumors.",
        "The test is usually done at home.",
        "You will be given a tablet.",
        "It was found early.",
        "Bones can be damaged.",
    ],
)
def test_a_passive_is_seen(sentence: str) -> None:
    assert [one.text for one in measured(sentence).passive] == [sentence]


@pytest.mark.parametrize("sentence", ["You are tired.", "The cup is red.", "You may need help.", "They form lumps."])
def test_an_active_sentence_is_not(sentence: str) -> None:
    assert measured(sentence).passive == ()
