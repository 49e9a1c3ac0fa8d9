"""The lines of a proof."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.script.test_diff import script

from audioleaflet.book.model import Chapter, Cue
from audioleaflet.errors import Origin, Problem
from audioleaflet.leaflet.model import Entry
from audioleaflet.proof.lines import Piece, Said, compared, flagged, lines
from audioleaflet.script.lexicon import Lexicon
from audioleaflet.script.model import Script, Syllables, Term, Text

LEAFLET = Origin(path=Path("a.yaml"), line=1)
ENTRY = Entry(term="lymph", ipa="ˈlɪmf", say="LIMPH", meaning="", forms=(), alias=(), origin=LEAFLET)


def chapter(of: Script, *, role: str = "text", speech: tuple[int, int] = (700, 1500)) -> Chapter:
    cues = tuple(
        Cue.model_validate(
            {
                "id": one.id,
                "kind": one.kind,
                "role": role,
                "begin_ms": place * 2000,
                "speech_begin_ms": place * 2000 + speech[0],
                "speech_end_ms": place * 2000 + speech[1],
                "end_ms": place * 2000 + 2000,
                "text": one.shown,
            }
        )
        for place, one in enumerate(of.utterances())
    )
    return Chapter(number=1, id="one", title="One", audio="1.mp3", start_ms=0, duration_ms=4000, cues=cues)


def problem(line: int, message: str = "a fault") -> Problem:
    return Problem(origin=Origin(path=LEAFLET.path, line=line), code="CODE", message=message)


def test_words_that_are_said_otherwise_are_marked_on_both_sides() -> None:
    shown, spoken = compared("Call 911 now.", "Call nine one one now.")
    assert shown == (
        Piece(text="Call", differs=False),
        Piece(text="911", differs=True),
        Piece(text="now.", differs=False),
    )
    assert [piece.text for piece in spoken if piece.differs] == ["nine one one"]


def test_capitals_are_not_heard() -> None:
    shown, spoken = compared("Metastasis.", "metastasis.")
    assert not any(piece.differs for piece in (*shown, *spoken))


def test_a_line_plays_from_shortly_before_its_words_to_shortly_after_and_never_past_its_cue() -> None:
    one = script("One.", "Two.")
    first, second = lines(one.chapters[0], chapter(one), Lexicon(()), {}, LEAFLET)
    assert (first.begin, first.end) == ("0.64", "1.68")
    assert (second.begin, second.end) == ("2.64", "3.68")
    first, _ = lines(one.chapters[0], chapter(one, speech=(10, 1990)), Lexicon(()), {}, LEAFLET)
    assert (first.begin, first.end) == ("0.00", "2.00")


def test_what_no_reader_meets_is_told() -> None:
    one = script("One.")
    (told,) = lines(one.chapters[0], chapter(one, role="announcement"), Lexicon(()), {}, LEAFLET)
    assert told.sound_only
    assert not lines(one.chapters[0], chapter(one), Lexicon(()), {}, LEAFLET)[0].sound_only


def test_a_term_has_the_lexicons_respelling_where_that_is_of_its_reading() -> None:
    terms = (Term(text="Lymph", ipa="ˈlɪmf"), Text(text=" and "), Term(text="lymph", ipa="ˈlaɪmf"))
    one = script(("Lymph and lymph", terms))
    (told,) = lines(one.chapters[0], chapter(one), Lexicon((ENTRY,)), {}, LEAFLET)
    assert told.terms == (
        Said(text="Lymph", ipa="ˈlɪmf", respelling="LIMPH"),
        Said(text="lymph", ipa="ˈlaɪmf", respelling="LYMF"),
    )


def test_a_slow_word_is_a_term_too() -> None:
    one = script(("Lymph.", (Syllables(text="lymph", ipa="ˈlɪmf", respelling="LIMPH"),)))
    (told,) = lines(one.chapters[0], chapter(one), Lexicon(()), {}, LEAFLET)
    assert told.terms == (Said(text="lymph", ipa="ˈlɪmf", respelling="LIMPH"),)
    assert not told.same


def test_the_programs_own_wording_has_no_line() -> None:
    one = script("One.")
    (told,) = lines(one.chapters[0], chapter(one), Lexicon(()), {}, LEAFLET)
    assert told.source_line == 3
    (told,) = lines(one.chapters[0], chapter(one), Lexicon(()), {}, Origin(path=LEAFLET.path, line=3))
    assert told.source_line == 0


@pytest.mark.parametrize(
    ("told", "place"),
    [
        (problem(3), "c01-001"),
        (problem(5), "c01-001"),  # no line begins on 5: it belongs to the block before
        (problem(3, "no lexicon has 'denosumab'"), "c01-002"),
        (problem(3, "no lexicon has 'zzz'"), "c01-001"),
        (problem(3, "how to say '⊘' is not known"), "c01-003"),
    ],
)
def test_a_problem_goes_to_the_sentence_that_it_quotes(told: Problem, place: str) -> None:
    assert flagged(script("First.", "Then Denosumab.", "Not ⊘."), [told]) == {place: [told]}


def test_a_problem_before_every_line_goes_to_none() -> None:
    assert flagged(script("First."), [problem(1)]) == {}
