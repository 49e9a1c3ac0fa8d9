"""A sentence's plain words: who answers for each, and that no character of it is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audioleaflet.errors import Origin
from audioleaflet.leaflet.model import Entry
from audioleaflet.script.heteronyms import heteronyms
from audioleaflet.script.lexicon import Lexicon
from audioleaflet.script.model import Pause, Spelled, Spoken, Term, Text, Unread
from audioleaflet.script.settling import Read, settle
from audioleaflet.units import Ms


def entry(term: str, ipa: str) -> Entry:
    origin = Origin(path=Path("en.yaml"), line=1)
    return Entry(term=term, ipa=ipa, say="", meaning="", forms=(), alias=(), origin=origin)


LEXICON = Lexicon(
    [entry("metastasis", "məˈtæs.tə.sɪs"), entry("lead", "ˈlɛd")],
    lambda word: {"husband": "ˈhʌz.bənd", "aches": "ˈeɪks"}.get(word, ""),
)
PLAIN = Lexicon([], lambda word: "")


def reads(*spoken: Text | Term | Pause | Spelled | Unread | str, lexicon: Lexicon = LEXICON) -> list[Read]:
    spans: Spoken = tuple(Text(text=one) if isinstance(one, str) else one for one in spoken)
    return list(settle(spans, lexicon, heteronyms("en-US")))


def answers(*spoken: Text | Term | Pause | Spelled | Unread | str, lexicon: Lexicon = LEXICON) -> list[tuple[str, str]]:
    return [(read.source, getattr(read.span, "text", "")) for read in reads(*spoken, lexicon=lexicon)]


def test_each_word_has_its_source() -> None:
    assert answers("Your husband and the wound: metastasis-free") == [
        ("engine", "Your "),
        ("dictionary", "husband"),
        ("engine", " and the "),
        ("context", "wound"),
        ("engine", ": "),
        ("lexicon", "metastasis"),
        ("engine", "-free"),
    ]


@pytest.mark.parametrize("compound", ["non-metastasis", "metastasis-metastasis", "post-metastasis-like"])
def test_terms_are_said_between_hyphens(compound: str) -> None:
    said = [read.span for read in reads(compound) if read.source == "lexicon"]
    assert said
    assert all(isinstance(span, Term) and span.ipa == "məˈtæs.tə.sɪs" for span in said)


def test_the_lexicon_wins_over_the_words_beside() -> None:
    (read,) = [read for read in reads("This may lead to it") if read.source == "lexicon"]
    assert isinstance(read.span, Term)
    assert read.span.ipa == "ˈlɛd"


def test_a_mark_and_a_rules_term_are_left_as_they_are() -> None:
    mark = Term(text="wound", ipa="ˈwaʊnd")
    assert reads("the ", mark)[1] == Read(mark, "rule")
    assert answers("the ", mark, " husband")[-1] == ("dictionary", "husband")


def test_initials_are_no_words() -> None:
    assert ("dictionary", "HUSBAND") in answers("HUSBAND")
    assert answers("ACHE", lexicon=Lexicon([], lambda word: "ˈeɪk")) == [("engine", "ACHE")]


def test_spans_between_words_count_for_the_context() -> None:
    spelled = Spelled(text="5", groups=(("five",),), between=Ms(1))
    ways = {read.choice.way.name for read in reads("a ", spelled, " minute walk") if read.choice}
    assert ways == {"time"}
    turned = [read.choice for read in reads("Cloth wound", " up", lexicon=PLAIN) if read.choice]
    parted = [read.choice for read in reads("Cloth wound", Pause(length=Ms(5)), " up", lexicon=PLAIN) if read.choice]
    assert [choice.way.name for choice in (*turned, *parted)] == ["turned", "injury"]


def test_apostrophes_and_quotation_marks() -> None:
    assert ("dictionary", "husband") in answers("‘husband’ said")
    assert ("dictionary", "aches") in answers("'aches'")
    choices = [read.choice for read in reads("You don’t use it", lexicon=PLAIN) if read.choice]
    assert [choice.way.name for choice in choices] == ["verb"]


@given(st.lists(st.one_of(st.text(max_size=20), st.sampled_from(["wound", "lead", "aches", "metastasis"])), max_size=6))
def test_every_character_stays(parts: list[str]) -> None:
    text = "".join(parts)
    assert "".join(getattr(read.span, "text", "") for read in reads(text)) == text


def test_a_long_text_takes_time_in_proportion() -> None:
    asked = 0

    def count(_word: str) -> str:
        nonlocal asked
        asked += 1
        return ""

    list(settle((Text(text="word " * 1000),), Lexicon([], count), heteronyms("en-US")))
    assert asked == 1000
