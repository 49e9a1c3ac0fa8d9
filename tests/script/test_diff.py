"""Two scripts compared."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from audioleaflet.errors import Origin
from audioleaflet.script.diff import Change, as_data, as_lines, compare, marked
from audioleaflet.script.model import Pause, Script, ScriptChapter, Spelled, Spoken, Term, Text, Utterance
from audioleaflet.units import Ms

PLACE = Origin(path=Path("a.yaml"), line=3)


def said(text: str) -> Spoken:
    return (Text(text=text),)


def script(*texts: str | tuple[str, Spoken]) -> Script:
    """A script of one chapter: utterances by what they show, and by what they say where that is something else."""
    utterances = tuple(
        Utterance(
            id=f"c01-{number:03}",
            kind="sentence",
            role="text",
            shown=text if isinstance(text, str) else text[0],
            spoken=said(text) if isinstance(text, str) else text[1],
            pause_after=Ms(300),
            origin=PLACE,
        )
        for number, text in enumerate(texts, 1)
    )
    chapter = ScriptChapter(number=1, id="one", title="One", lead=Ms(0), utterances=utterances, structure=())
    return Script(chapters=(chapter,), terms=())


def told(old: Script, new: Script) -> list[str]:
    return list(as_lines(compare(old, new)))


def kinds(changes: tuple[Change, ...]) -> list[tuple[str, str, str]]:
    return [(one.kind, one.old.shown if one.old else "", one.new.shown if one.new else "") for one in changes]


def test_the_same_script_has_no_differences() -> None:
    assert compare(script("One.", "Two."), script("One.", "Two.")) == ()


def test_ids_and_places_do_not_count() -> None:
    old = script("One.", "Two.")
    chapter = old.chapters[0]
    renamed = tuple(
        replace(one, id=f"c09-{one.id}", origin=replace(PLACE, line=99), pause_after=Ms(900))
        for one in chapter.utterances
    )
    assert compare(old, replace(old, chapters=(replace(chapter, utterances=renamed),))) == ()


def test_a_new_sentence_is_the_only_difference_though_it_moves_every_id() -> None:
    changes = compare(script("One.", "Two.", "Three."), script("Zero of all.", "One.", "Two.", "Three."))
    assert kinds(changes) == [("added", "", "Zero of all.")]
    assert told(script("One."), script("Zero of all.", "One.")) == ["c01-001  added    {+Zero of all.+}"]


def test_a_sentence_that_went_is_told_with_its_old_words() -> None:
    assert told(script("One.", "Two."), script("Two.")) == ["c01-001  removed  [-One.-]"]


def test_other_words_are_marked_word_by_word() -> None:
    old, new = script("Take one tablet a day."), script("Take two tablets a day.")
    assert told(old, new) == ["c01-001  text     Take [-one tablet-]{+two tablets+} a day."]


def test_a_sentence_of_quite_other_words_is_not_a_change_of_it() -> None:
    changes = compare(script("One tablet a day."), script("Call your doctor."))
    assert sorted(one.kind for one in changes) == ["added", "removed"]


def test_what_is_said_otherwise_is_told_apart_from_what_is_shown_otherwise() -> None:
    old = script(("Take 10 mg.", said("Take ten em gee.")))
    new = script(("Take 10 mg.", said("Take ten milligrams.")))
    assert told(old, new) == [
        "c01-001  spoken   Take 10 mg.",
        "         said     Take ten [-em gee.-]{+milligrams.+}",
    ]


def test_a_reading_that_changed_is_named_with_both() -> None:
    old = script(("A metastasis.", (Text(text="A "), Term(text="metastasis", ipa="ˈa"), Text(text="."))))
    new = script(("A metastasis.", (Text(text="A "), Term(text="metastasis", ipa="ˈb"), Text(text="."))))
    (change,) = compare(old, new)
    assert change.kind == "spoken"
    assert [(one.term, one.old, one.new) for one in change.readings] == [("metastasis", "ˈa", "ˈb")]
    assert list(as_lines([change])) == ["c01-001  spoken   A metastasis.", "         reading  metastasis: ˈa -> ˈb"]


def test_a_reading_that_stayed_is_not_named() -> None:
    def both(ipa: str) -> Script:
        spoken = (Term(text="lymph", ipa="ˈl"), Text(text=" and "), Term(text="pelvis", ipa=ipa))
        return script(("lymph and pelvis", spoken))

    (change,) = compare(both("ˈa"), both("ˈb"))
    assert [one.term for one in change.readings] == ["pelvis"]


def test_a_word_that_has_become_a_term_has_no_old_reading() -> None:
    old, new = script("Bone."), script(("Bone.", (Term(text="Bone", ipa="ˈb"), Text(text="."))))
    assert told(old, new) == ["c01-001  spoken   Bone.", "         reading  bone: the voice’s own -> ˈb"]


def test_silences_and_the_edges_of_spans_do_not_count() -> None:
    whole = script(("A b c.", said("A b c.")))
    parts = script(("A b c.", (Text(text="A "), Pause(length=Ms(250)), Text(text="b c."))))
    assert compare(whole, parts) == ()


def test_a_digit_of_a_number_counts() -> None:
    def number(digit: str) -> Script:
        groups = (("eight", "zero", digit),)
        return script(("Call.", (Spelled(text="80x", groups=groups, between=Ms(400)),)))

    assert [one.kind for one in compare(number("one"), number("two"))] == ["spoken"]
    assert compare(number("one"), number("one")) == ()


def test_what_stands_elsewhere_has_moved() -> None:
    changes = compare(script("One one.", "Two two.", "Three three."), script("Three three.", "One one.", "Two two."))
    assert kinds(changes) == [("moved", "Three three.", "Three three.")]
    assert list(as_lines(changes)) == ["c01-001  moved    Three three. (was c01-003)"]


def test_a_change_of_role_is_a_difference() -> None:
    old = script("One.")
    chapter = old.chapters[0]
    hidden = tuple(replace(one, role="announcement") for one in chapter.utterances)
    changes = compare(old, replace(old, chapters=(replace(chapter, utterances=hidden),)))
    assert sorted(one.kind for one in changes) == ["added", "removed"]


def test_colour_is_added_only_where_it_is_wanted() -> None:
    assert marked("a b", "a c", colour=False) == "a [-b-]{+c+}"
    assert marked("a b", "a c", colour=True) == "a \x1b[31m[-b-]\x1b[0m\x1b[32m{+c+}\x1b[0m"


def test_the_data_has_both_sides() -> None:
    (change,) = as_data(compare(script("One two three."), script("One two four.")))
    assert change["kind"] == "text"
    assert change["old"]["shown"] == "One two three."
    assert change["new"] == {
        "id": "c01-001",
        "role": "text",
        "shown": "One two four.",
        "said": "One two four.",
        "line": 3,
    }
