"""What no rule understands is marked and told, and what is read leaves nothing behind."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from audioleaflet import phrases
from audioleaflet.errors import Origin
from audioleaflet.leaflet.lexicon import read_lexicon
from audioleaflet.pipeline import prepare
from audioleaflet.script.checks import check
from audioleaflet.script.lexicon import Lexicon
from audioleaflet.script.model import Script, ScriptChapter, Text, Unread, Utterance
from audioleaflet.script.print import as_data, as_lines
from audioleaflet.script.verbalizer import Verbalizer
from audioleaflet.settings import Pauses
from audioleaflet.units import Ms


@cache
def verbalizer(language: str) -> Verbalizer:
    lexicon = Lexicon(read_lexicon(Path("content/lexicon/en.yaml")))
    return Verbalizer.of(language, lexicon, phrases.load(language), Pauses())


def unread(text: str, language: str = "en-US") -> list[str]:
    return [span.text for span in verbalizer(language).spoken(text) if isinstance(span, Unread)]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("the XYZQ gene", ["XYZQ"]),
        ("Henry VIII", ["VIII"]),
        ("ABC123", ["ABC123"]),
        ("abc9def", ["abc9def"]),
        ("A12345678", ["A12345678"]),
        ("on Q5.2 now", ["Q5.2"]),
        ("note* below", ["*"]),
        ("a word¹ here", ["¹"]),
        ("see note†", ["†"]),
        ("мрт", ["мрт"]),
        ("患者 here", ["患者"]),
        ("ΔF508", ["ΔF508"]),
        ("take 1 🦄", ["🦄"]),
        ("snake_case", ["_"]),
        ("+vitamins", ["+"]),
        ("DuoDERM", ["DuoDERM"]),
        ("siXNA", ["siXNA"]),
        ("40 mg od", ["od"]),
        ("an OD", ["OD"]),
        ("in C:\\papers", ["\\"]),
        ("1in 4 people", ["1in"]),
        ("3in1 shot", ["3in1"]),
        ("B12/100 mg", ["B12/100"]),
        ("40 mg ON", ["ON"]),
        ("IVb", ["IVb"]),
        ("5..5 mg", ["5..5"]),
        ("10,00,000 units", ["10,00,000"]),
        ("1'000 mg", ["1"]),
        ("2,5-5 mg", ["2,5-5"]),
        ("O.5 mg", ["O.5"]),
        ("5OO mg", ["5OO"]),
        ("HER2- and ER-positive", []),
    ],
)
def test_what_is_not_understood_is_marked(text: str, left: list[str]) -> None:
    assert unread(text) == left


def test_what_one_language_knows_another_may_not() -> None:
    assert (unread("40 mg OD"), unread("40 mg OD", "en-GB")) == (["OD"], [])


def test_a_long_run_is_unread_to_its_end() -> None:
    run = "A" + "12345" * 8 + "bcd"
    assert "".join(unread(run)) == run


def script(*spoken: Text | Unread) -> Script:
    """A script of two chapters, the second of one utterance."""

    def chapter(number: int, *utterances: Utterance) -> ScriptChapter:
        return ScriptChapter(number=number, id="a", title="A", lead=Ms(0), utterances=utterances, structure=())

    words = Utterance(
        id="c00-001",
        kind="sentence",
        role="text",
        shown="word " * 9,
        spoken=(Text(text="word " * 9),),
        pause_after=Ms(0),
        origin=Origin(path=Path("leaflet.yaml"), line=1),
    )
    last = Utterance(
        id="c01-001",
        kind="sentence",
        role="text",
        shown="".join(span.text for span in spoken),
        spoken=spoken,
        pause_after=Ms(60_000),
        origin=Origin(path=Path("leaflet.yaml"), line=7),
    )
    return Script(chapters=(chapter(0, words), chapter(1, last, last)), terms=())


def test_check_tells_each_place_once() -> None:
    problems = check(
        script(Unread(text="XYZQ"), Text(text=" and "), Unread(text="†")), 145, Origin(path=Path("x"), line=0)
    )
    assert [(problem.code, problem.severity, str(problem.origin)) for problem in problems] == [
        ("UNREAD", "warning", "leaflet.yaml:7")
    ] * 2
    assert ["'XYZQ'" in problems[0].message, "'†'" in problems[1].message] == [True, True]
    assert problems[0].next_step == "write it in words, or add it to the lexicon"


def test_a_printed_script_marks_it() -> None:
    printed = list(as_lines(script(Text(text="The "), Unread(text="XYZQ"), Text(text=" gene "), Unread(text="†"))))
    assert [line.split() for line in printed if " unread " in line] == [["unread", "'XYZQ',", "'†'"]] * 2


def test_a_script_as_data_marks_it() -> None:
    spans = as_data(script(Unread(text="†")))["chapters"][1]["utterances"][0]["spoken"]
    assert spans == [{"kind": "unread", "text": "†"}]


def test_the_packaged_leaflet_has_none() -> None:
    prepared = prepare(Path("content/bone-metastasis/en.yaml"))
    assert [problem for problem in prepared.problems if problem.code == "UNREAD"] == []
    assert not any(isinstance(span, Unread) for one in prepared.script.utterances() for span in one.spoken)
