"""The items of PEMAT-A/V that a program can judge."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.conftest import Made
from tests.editions import REAL

from audioleaflet.errors import Origin
from audioleaflet.leaflet.model import Entry, Section
from audioleaflet.pipeline import prepare
from audioleaflet.proof.pemat import Item, Subject, assess
from audioleaflet.proof.readability import Sentence, measure
from audioleaflet.proof.wordlists import word_lists
from audioleaflet.script.lexicon import Lexicon
from audioleaflet.script.model import Term

PLACE = Origin(path=Path("a.yaml"), line=1)
STRANGE = Entry(term="denosumab", ipa="x", say="", meaning="", forms=(), alias=(), origin=PLACE)


@pytest.fixture(scope="module")
def subject(real: Made) -> Subject:
    prepared = prepare(REAL)
    lists = word_lists("en-US")
    return Subject(
        leaflet=prepared.leaflet,
        script=prepared.script,
        lexicon=Lexicon((STRANGE, *(reading.entry for reading in prepared.lexicon))),
        book=real.book,
        readability=measure(prepared.script, "en-US", prepared.phrases.about, prepared.lexicon, lists),
        lists=lists,
        quietest=-19.4,
        loudest=-18.8,
    )


def item(subject: Subject, number: int) -> Item:
    (found,) = [one for one in assess(subject) if one.number == number]
    return found


def saying(subject: Subject, *texts: str) -> Subject:
    """The subject with other sentences."""
    sentences = tuple(Sentence(utterance="c01-001", text=text) for text in texts)
    lists = subject.lists
    passive = tuple(one for one in sentences if lists and lists.passive.search(one.text))
    return replace(subject, readability=replace(subject.readability, sentences=sentences, passive=passive))


def test_the_items_of_the_tool_for_sound_and_film(subject: Subject) -> None:
    assert [one.number for one in assess(subject)] == [1, 3, 4, 5, 8, 9, 10, 11, 12, 13, 14, 18, 19, 20, 21, 22, 25]
    assert [one.number for one in assess(subject) if one.group == "act"] == [20, 21, 22, 25]
    assert all(one.evidence for one in assess(subject) if one.answer != "ask")


def test_a_leaflet_without_a_summary_fails_that_item(subject: Subject) -> None:
    assert item(subject, 11).answer == "yes"
    assert item(replace(subject, leaflet=replace(subject.leaflet, summary=None)), 11).answer == "no"


def test_many_passives_go_to_the_reader(subject: Subject) -> None:
    assert item(subject, 5).answer == "yes"
    told = item(saying(subject, "It is done.", "It is given.", "You sleep."), 5)
    assert (told.answer, told.evidence) == ("ask", "2 of 3 sentences look passive (66 %).")


def test_long_sentences_go_to_the_reader(subject: Subject) -> None:
    assert item(subject, 8).answer == "yes"
    assert item(saying(subject, " ".join(["word"] * 21)), 8).answer == "ask"


def test_an_action_is_a_sentence_that_tells_the_listener_to_do_something(subject: Subject) -> None:
    assert item(saying(subject, "Call your care team."), 20).answer == "yes"
    assert item(saying(subject, "If it hurts, call your nurse."), 20).answer == "yes"
    assert item(saying(subject, "You should rest."), 20).answer == "yes"
    assert item(saying(subject, "Feeling as if you need to vomit.", "The taking of a test."), 20).answer == "ask"
    assert item(saying(subject, "Bone pain.", "It hurts."), 20).answer == "ask"


def test_who_is_spoken_to_is_counted(subject: Subject) -> None:
    assert item(saying(subject, "Call your nurse.", "It hurts."), 21).answer == "yes"
    assert item(saying(subject, "Patients call their nurse."), 21).answer == "ask"


def test_a_term_that_nothing_explains_is_named(subject: Subject) -> None:
    chapters = list(subject.script.chapters)
    first = chapters[1].utterances[-1]
    strange = replace(first, shown="Denosumab helps.", spoken=(Term(text="Denosumab", ipa="x"),))
    chapters[1] = replace(chapters[1], utterances=(*chapters[1].utterances[:-1], strange))
    told = item(replace(subject, script=replace(subject.script, chapters=tuple(chapters))), 4)
    assert told.answer == "ask"
    assert "denosumab" in told.evidence
    explained = replace(strange, shown="Denosumab is a medicine for bones.")
    chapters[1] = replace(chapters[1], utterances=(*chapters[1].utterances[:-1], explained))
    told = item(replace(subject, script=replace(subject.script, chapters=tuple(chapters))), 4)
    assert "denosumab" not in told.evidence


def test_a_language_without_lists_is_asked_and_never_judged_by_words(subject: Subject) -> None:
    other = replace(subject, lists=None)
    assert {item(other, number).answer for number in (5, 20, 21)} == {"ask"}


def test_headings_are_counted(subject: Subject) -> None:
    sections: tuple[Section, ...] = subject.leaflet.sections
    assert f"each of the {len(sections)} sections" in item(subject, 9).evidence.lower()
