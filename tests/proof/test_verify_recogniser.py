"""The recogniser by itself."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from audioleaflet.proof.verify.pronunciations import dictionary_text
from audioleaflet.proof.verify.recogniser import Recogniser, language_model

SOUNDS = {"no": ("N OW",), "one": ("W AH N",)}


def noise(seed: int, level: float) -> bytes:
    """A second of it."""
    return np.random.default_rng(seed).normal(0, level, 16_000).astype("<i2").tobytes()


def test_what_was_heard_before_changes_nothing(tmp_path: Path) -> None:
    dictionary, model = tmp_path / "words", tmp_path / "model"
    dictionary.write_text(dictionary_text(SOUNDS))
    model.write_text(language_model([["no"], ["one"]]))
    recogniser = Recogniser(dictionary, model, SOUNDS)
    found = []
    for level in (3000, 9000, 30):
        pcm = noise(1, 300)
        words = recogniser.score_twins(pcm, ["no"], 0, [("one",)])
        found.append((recogniser.score(pcm, ["no"]), words, recogniser.align(pcm, ["no"]), recogniser.hear(pcm)))
        other = noise(2, level)
        recogniser.score(other, ["one"])
        recogniser.align(other, ["one"])
        recogniser.hear(other)
    assert found[0] == found[1] == found[2]
