"""Verification by ear: a leaflet of doses, half of it said otherwise than it is written."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.proof import mutants

from audioleaflet.book import manifest
from audioleaflet.cli import run
from audioleaflet.proof.verify.model import Report
from audioleaflet.proof.verify.pronunciations import ANY
from audioleaflet.proof.verify.twins import VOCABULARY
from audioleaflet.proof.verify.voice import Lesson, Stretch, Voice, cepstra

RIGHT, FIRST, LAST = 8, 12, 16
WRONG = LAST - FIRST


@dataclass(frozen=True, slots=True)
class Mixed:
    """An edition whose last ``WRONG`` sentences say a twin; one more is silent, and two are exchanged."""

    edition: Path
    twins: set[str]
    broken: set[str]
    answer: dict[str, object]
    told: str
    status: int


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Mixed:
    folder = tmp_path_factory.mktemp("mixed")
    written, otherwise = mutants.sentences(), mutants.sentences(wrong=0)
    script = mutants.build([*written[:RIGHT], *written[FIRST:LAST]], folder / "script", cache=folder / "cache")
    half = [*written[:RIGHT], *otherwise[FIRST:LAST]]
    edition = mutants.build(half, folder / "sound", cache=folder / "cache")
    twins = mutants.disguise(edition, script)
    cues = [cue.id for cue in manifest.load(edition).chapters[1].cues]
    mutants.silenced(edition, {cues[4]})
    mutants.swapped(edition, [(cues[6], cues[9])])
    report = folder / "report.json"
    with pytest.MonkeyPatch.context() as patch, report.open("w", encoding="utf-8") as out:
        patch.setattr("sys.stdout", out)
        status = run(["verify", str(edition / "book.json"), "--json"])
    (answer,) = json.loads(report.read_text(encoding="utf-8"))
    return Mixed(edition, twins, {cues[4], cues[6], cues[9]}, answer, report.read_text(), status)


def test_every_changed_cue_fails_and_no_other(mixed: Mixed) -> None:
    assert len(mixed.twins) == WRONG
    assert set(mixed.answer["failed_cues"]) == mixed.twins | mixed.broken  # type: ignore[call-overload]
    assert mixed.status == 1


def test_what_is_said_of_each(mixed: Mixed) -> None:
    cues = {cue["id"]: cue for cue in mixed.answer["cues"]}  # type: ignore[attr-defined]
    states = {name: cue["state"] for name, cue in cues.items()}
    assert {name for name, state in states.items() if state == "missing"} == mixed.broken
    for name in mixed.twins:
        wrong = [choice for choice in cues[name]["choices"] if choice["state"] == "wrong"]
        assert wrong, cues[name]["expected"]
    sixty = next(cue for cue in cues.values() if "sixty" in cue["expected"])
    wrong = [(one["written"], one["twin"]) for one in sixty["choices"] if one["state"] == "wrong"]
    assert wrong == [("sixty", "sixteen")]


def test_the_table(mixed: Mixed, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The same report as lines for people; it is not listened to again."""
    from audioleaflet.proof.verify.model import Choice, CueResult, Finding

    cues = [
        CueResult(
            **{**cue, "choices": tuple(Choice(**one) for one in cue["choices"]), "unknown": tuple(cue["unknown"])}
        )
        for cue in mixed.answer["cues"]  # type: ignore[attr-defined]
    ]
    report = Report(
        **{name: mixed.answer[name] for name in ("folder", "title", "language", "rendition", "recognised")},  # type: ignore[arg-type]
        cues=tuple(cues),
        findings=tuple(Finding(**one) for one in mixed.answer["findings"]),  # type: ignore[attr-defined]
        notes=(),
    )
    monkeypatch.setattr("audioleaflet.proof.verify.verify_all", lambda *_, **__: (report,))
    assert run(["verify", str(mixed.edition)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert any("wrong: expected 'sixty', heard 'sixteen'" in line for line in lines)
    assert sum("  missing: expected" in line for line in lines) == len(mixed.broken)
    assert lines[-1].startswith("Doses and warnings: ")
    assert lines[-1].endswith(f"{WRONG + len(mixed.broken)} cues failed")


def test_a_folder_with_no_edition(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["verify", "--output", str(tmp_path)]) == 4
    assert "there is no edition" in capsys.readouterr().err
    assert run(["verify", str(tmp_path)]) == 6
    assert run(["verify", "--leaflet", str(tmp_path)]) == 2


def test_without_the_recogniser(
    mixed: Mixed, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pocketsphinx", None)
    assert run(["verify", str(mixed.edition)]) == 4
    assert "pip install 'audioleaflet[verify]'" in capsys.readouterr().err


def tones(*hertz: int) -> NDArray[np.int16]:
    along = np.arange(8000) / 16000
    noise = np.random.default_rng(1).normal(0, 100, 8000 * len(hertz))
    return (np.concatenate([8000 * np.sin(2 * np.pi * one * along) for one in hertz]) + noise).astype(np.int16)


def test_a_voice_tells_its_own_sounds_apart() -> None:
    def lesson(*words: tuple[str, int]) -> Lesson:
        frames = cepstra(tones(*(hertz for _, hertz in words)))
        stretches = [
            Stretch(key=phone, begin=50 * number, end=min(50 * (number + 1), len(frames)), phones=(phone,))
            for number, (phone, _) in enumerate(words)
        ]
        return Lesson(frames=frames, stretches=tuple(stretches))

    taught = [lesson(("AA", 500), ("IY", 1500)), lesson(("IY", 1500), ("AA", 500))]
    voice = Voice.learned(taught)
    scores = voice.scores(taught[0].frames)
    assert voice.best(scores, [[["AA"]], [["IY"]]]) > voice.best(scores, [[["IY"]], [["AA"]]]) + 1000
    assert voice.fit(scores, taught[0].stretches) > -2
    wrong = [Stretch(key="x", begin=0, end=len(scores), phones=("IY", "AA"))]
    assert voice.fit(scores, wrong) < -8
    assert voice.fit(scores, [Stretch(key=ANY, begin=0, end=9, phones=("AA",))]) == -99.0


def test_the_vocabulary_of_twins_is_known_to_the_recogniser() -> None:
    from audioleaflet.proof.verify.pronunciations import Pronunciations, read_dictionary
    from audioleaflet.proof.verify.recogniser import dictionary_path

    known = Pronunciations(read_dictionary(dictionary_path()))
    assert {word for word in VOCABULARY if not known.of(word)} == set()
