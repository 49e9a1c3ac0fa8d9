"""``check`` on the words of a leaflet: heteronyms that nothing settles, and words unknown or rare."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from audioleaflet.cli import run
from audioleaflet.errors import Problem
from audioleaflet.pipeline import prepare
from audioleaflet.pronunciation.checks import check

HEAD = "title: Words\nlanguage: {}\nversion: 1\npublisher: X\nsections:\n  - id: one\n    title: One\n    text: |\n"


def written(folder: Path, text: str, language: str = "en-US", further: str = "") -> Path:
    path = folder / "words.yaml"
    rows = "".join(f"      {row}\n" for row in text.split("\n"))
    path.write_text(HEAD.format(language) + rows + further, encoding="utf-8")
    return path


def problems(path: Path) -> list[Problem]:
    prepared = prepare(path)
    return list(check(prepared.leaflet, prepared.lexicon, prepared.phrases, prepared.settings))


def test_a_heteronym_that_nothing_settles_is_told_with_both_marks(tmp_path: Path) -> None:
    (problem,) = problems(written(tmp_path, "Clean the wound.\n\nNow she\nwound the cloth."))
    assert (problem.code, problem.severity, problem.origin.line) == ("HETERONYM", "warning", 12)
    assert "WOOND (an injury) or WOWND (turned or wrapped, from wind); it is said WOOND" in problem.message
    assert problem.next_step == "write [wound](say:WOOND) or [wound](say:WOWND)"


def test_the_line_is_that_of_the_occurrence(tmp_path: Path) -> None:
    (problem,) = problems(written(tmp_path, "Wound care is first.\nA wound heals. Now she\nwound the cloth."))
    assert problem.origin.line == 11


@pytest.mark.parametrize("mark", ["say:WOWND", "say:/waʊnd/"])
def test_a_mark_settles_it(tmp_path: Path, mark: str) -> None:
    path = written(tmp_path, f"Now she [wound]({mark}) the cloth.")
    assert problems(path) == []
    assert "waʊnd" in str(prepare(path).script)


def test_an_unknown_word_is_told_once_at_its_first_place_ready_to_paste(tmp_path: Path) -> None:
    (problem,) = problems(
        written(tmp_path, "Take your tablet.\nThen florbazine.\n\nMore florbazine, Florbazine's best.")
    )
    assert (problem.code, problem.severity, problem.origin.line) == ("WORD", "warning", 10)
    assert problem.message.startswith("'florbazine' is in no lexicon and no dictionary; the voice would say ")
    said = problem.message.rsplit(" ", 1)[1]
    assert problem.next_step.endswith(f'audioleaflet lexicon add florbazine --say "{said}"')


def test_names_and_rare_words_are_notes(tmp_path: Path) -> None:
    found = problems(written(tmp_path, "Ask Florbaz about it. A nebulizer is small."))
    assert [(problem.message.split("'")[1], problem.severity) for problem in found] == [
        ("Florbaz", "note"),
        ("nebulizer", "note"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "See www.florbazine.org or write to florb@florbazine.org.",
        "HER2, T-cell, COVID-19, CD38 and B12.",
        "An MRI, a CT and an ECG at 10 mg/kg.",
        "Denosumab and metastasis-free life.",  # the house lexicon
        "The patient's reassessments were unremarkable.",  # formed from known words
        "Take 2 tablets twice daily, Mon-Fri.",
    ],
)
def test_what_is_read_by_rule_or_known_is_not_told(tmp_path: Path, text: str) -> None:
    assert problems(written(tmp_path, text)) == []


def test_a_leaflets_own_entry_makes_a_word_known(tmp_path: Path) -> None:
    further = "lexicon:\n  - {term: florbazine, ipa: ˈflɔːɹ.bə.ziːn}\n"
    assert problems(written(tmp_path, "Take florbazine.", further=further)) == []


def test_british_spellings_are_words(tmp_path: Path) -> None:
    assert problems(written(tmp_path, "A sceptical friend and a manoeuvre.", "en-GB")) == []


def test_warnings_end_with_exit_1_and_notes_do_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    note, warning = tmp_path / "note", tmp_path / "warning"
    note.mkdir()
    warning.mkdir()
    text = "Ask Florbaz about it. Your doctor and your nurse can help you with this. " * 8
    further = "summary: In short, ask.\n"
    assert run(["check", str(written(note, text, further=further)), "--json"]) == 0
    assert "note" in {problem["severity"] for problem in json.loads(capsys.readouterr().out)}
    assert run(["check", str(written(warning, f"{text} Take florbazine.", further=further))]) == 1
    assert "1 checked, 1 problem, 2 notes" in capsys.readouterr().err


def test_the_packaged_leaflet_needs_no_mark() -> None:
    assert problems(Path("content/bone-metastasis/en.yaml")) == []
