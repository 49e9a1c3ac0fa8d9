"""How the verbalizer goes through a text: precedence, marks, terms, and nothing lost on the way."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audioleaflet import phrases
from audioleaflet.errors import Origin
from audioleaflet.leaflet.lexicon import read_lexicon
from audioleaflet.leaflet.model import Entry
from audioleaflet.script.lexicon import Lexicon
from audioleaflet.script.model import Pause, Span, Spelled, Term, Text, Unread
from audioleaflet.script.print import in_words
from audioleaflet.script.verbalizer import Mark, Verbalizer
from audioleaflet.script.verbalizer.acronyms import Acronyms, common_words
from audioleaflet.script.verbalizer.characters import mended
from audioleaflet.script.verbalizer.letters import Letters, said, spelled
from audioleaflet.script.verbalizer.vocabulary import load
from audioleaflet.settings import Pauses
from audioleaflet.speech.phonemes import mnemonics


@cache
def verbalizer(*entries: Entry) -> Verbalizer:
    return Verbalizer.of("en-US", Lexicon(entries), phrases.load("en-US"), Pauses())


@cache
def full() -> Verbalizer:
    lexicon = Lexicon(read_lexicon(Path("content/lexicon/en.yaml")))
    return Verbalizer.of("en-US", lexicon, phrases.load("en-US"), Pauses())


def entry(term: str, ipa: str) -> Entry:
    origin = Origin(path=Path("lexicon.yaml"), line=1)
    return Entry(term=term, ipa=ipa, say="", meaning="", forms=(), alias=(), origin=origin)


LYMPH = entry("lymph", "ˈlɪmf")
KEPT = ("not", "may", "can", "if", "only", "unless", "no", "never")
WORDS = (*KEPT, "NOT", "MAY", "ONLY", "(", ")", "/", "–", "“", "”", "*", "&", "e.g.", "IV", "stage", "I", "5")
NODE = entry("lymph node", "ˈlɪmf.noʊd")


def texts(spans: tuple[Span, ...]) -> list[tuple[str, str]]:
    return [(type(span).__name__, span.text) for span in spans if not isinstance(span, Pause)]


def test_plain_words_are_one_span() -> None:
    assert verbalizer().spoken("Drink water, please.") == (Text(text="Drink water, please."),)


def test_the_longest_term_wins() -> None:
    assert texts(verbalizer(LYMPH, NODE).spoken("A Lymph  node.")) == [
        ("Text", "A "),
        ("Term", "Lymph  node"),
        ("Text", "."),
    ]


def test_a_term_stands_in_the_words_of_a_rule() -> None:
    tablet = entry("tablet", "ˈtæb.lət")
    assert ("Term", "tablet") in texts(verbalizer(tablet).spoken("1 tab b.i.d."))


def test_a_term_in_capitals_is_that_term() -> None:
    assert texts(verbalizer(LYMPH).spoken("LYMPH"))[0] == ("Term", "LYMPH")


def test_a_rule_that_reads_further_wins_over_a_term() -> None:
    stage = entry("stage", "ˈsteɪdʒ")
    assert in_words(verbalizer(stage).spoken("stage IV")) == "stage four"


def test_a_term_inside_a_word_is_none() -> None:
    assert texts(verbalizer(LYMPH).spoken("endolymph")) == [("Text", "endolymph")]


def test_a_mark_settles_one_occurrence() -> None:
    spoken = verbalizer().spoken("lymph a lymph", (Mark(begin=8, end=13, ipa="ˈlɪmf"),))
    assert texts(spoken) == [("Text", "lymph a "), ("Term", "lymph")]


def test_a_mark_stays_at_its_word_when_something_before_it_is_not_heard() -> None:
    spoken = verbalizer().spoken("a \u00adb\u200b lymph", (Mark(begin=6, end=11, ipa="ˈlɪmf"),))
    assert texts(spoken) == [("Text", "a b "), ("Term", "lymph")]


def test_a_mark_goes_before_an_address() -> None:
    spoken = verbalizer().spoken("www.cancer.org", (Mark(begin=4, end=10, ipa="ˈkæn.sɚ"),))
    assert ("Term", "cancer") in texts(spoken)


@pytest.mark.parametrize(
    "text",
    [
        "(CT)",
        "“CT”",
        '"CT"',
        "‘CT’",
        "—CT",
        "[CT]",
        "a (CT) b",
        "CT/MRI",
        "†CT",
        "a*CT",
        "~CT",
        "•CT",
        "<CT",
        "+CT",
        "XYZQ/CT",
    ],
)
def test_no_sign_that_would_swallow_it_touches_a_term(text: str) -> None:
    spans = full().spoken(text)
    before = [one.text for one, two in pairwise(spans) if isinstance(one, Text | Unread) and isinstance(two, Term)]
    assert ("Term", "C T") in texts(spans)
    assert all(part[-1] in " -" for part in before)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=12))
def test_no_word_that_matters_is_ever_lost(words: list[str]) -> None:
    spoken = in_words(full().spoken(" ".join(words))).lower()
    heard = [word for word in "".join(c if c.isalpha() else " " for c in spoken).split() if word in KEPT]
    assert heard == [word.lower() for word in words if word.lower() in KEPT]


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_read_and_its_letters_are_kept_or_read(text: str) -> None:
    for span in full().spoken(text):
        assert isinstance(span, Pause | Spelled) or span.text
        if isinstance(span, Unread):
            assert span.text in mended(text)


def test_characters_that_are_not_heard_go() -> None:
    assert mended(
        "no\u00a0break, e\u2011mail, soft\u00adhyphen, a\u200bb, CO\u2082, 10\u2009000, 5\u202fmg, \u2162"
    ) == ("no break, e-mail, softhyphen, ab, CO2, 10\u2009000, 5 mg, III")


def test_letters_are_one_word_with_the_last_one_stressed() -> None:
    assert spelled("CT", "en-US") == Term(text="C T", ipa="ˌsiːˈtiː")
    assert spelled("GP", "en-US", "'s") == Term(text="G P's", ipa="ˌdʒiːˈpiːz")
    assert spelled("PSA", "en-US", "s").ipa == "ˌpiːˌɛsˈeɪz"
    assert spelled("OS", "en-US", "s").ipa == "ˌoʊˈɛs.ɪz"
    assert spelled("Z", "en-GB").ipa == "ˈzɛd"


def test_words_and_letters_mix() -> None:
    assert said("H B A one C", "en-US") == (
        spelled("HBA", "en-US"),
        Text(text=" "),
        Text(text="one"),
        Text(text=" "),
        spelled("C", "en-US"),
    )
    assert texts(said("HER two", "en-US")) == [("Term", "HER"), ("Text", " "), ("Text", "two")]


@pytest.mark.parametrize("language", ["en-US", "en-GB"])
def test_every_sound_of_the_lists_can_be_said(language: str) -> None:
    letters = load("letters", Letters, language)
    for ipa in (*letters.names.values(), *letters.sounds.values()):
        assert mnemonics(ipa, "en")


def test_no_acronym_is_both_spelled_and_said() -> None:
    acronyms = load("acronyms", Acronyms, "en-US")
    assert set(acronyms.spelled.split()) & acronyms.said.keys() == set()
    assert set(acronyms.emphasis.split()) <= set(acronyms.spelled.split()) | acronyms.said.keys()


def test_what_stands_for_itself_in_a_run_of_capitals_is_a_common_word() -> None:
    acronyms = load("acronyms", Acronyms, "en-US")
    common = common_words("en-US")
    assert {word for word in acronyms.emphasis.split() if word.lower() not in common} == set()


@pytest.mark.parametrize("word", ["not", "never", "only", "unless", "may", "can", "if", "don't", "can't", "stop"])
def test_words_that_matter_are_common(word: str) -> None:
    assert word in common_words("en-US")
