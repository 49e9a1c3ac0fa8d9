"""How alike two sounds are: tones as the sounds of a voice, at one pace and at others."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from audioleaflet.proof.verify.likeness import RATE, likenesses

Sound = NDArray[np.int16]
SAME, OTHER = 0.5, 0.7


def said(hertz: Sequence[int], pace: float = 1.0, pause_s: float = 0.5) -> Sound:
    """A tone of 0.15 s for each, 0 a pause, faint noise all over; at ``pace`` 2 in half the time."""
    parts = [np.zeros(round(pause_s * RATE)) if not one else tone(one, 0.15 / pace) for one in (0, *hertz, 0)]
    whole = np.concatenate(parts)
    whole += np.random.default_rng(len(whole)).normal(0, 3, len(whole))
    return whole.astype(np.int16)


def tone(hertz: int, length_s: float) -> NDArray[np.float64]:
    along = np.arange(round(length_s * RATE)) / RATE
    sound: NDArray[np.float64] = 6000 * np.sin(2 * np.pi * hertz * along) + 3000 * np.sin(4 * np.pi * hertz * along)
    return sound


WORDS = {
    "one": (300, 500, 900, 0, 700, 400),
    "two": (900, 300, 700, 1200),
    "three": (500, 1200, 0, 300, 900, 500),
    "four": (700, 900, 400, 0, 500),
}


def distances(pace: float, pause_s: float, **changed: Sequence[int]) -> dict[str, float]:
    models = {name: said(words) for name, words in WORDS.items()}
    others = {name: said(words, pace, pause_s) for name, words in (WORDS | changed).items()}
    return {name: one.distance for name, one in likenesses(models, others).items()}


@pytest.mark.parametrize(("pace", "pause_s"), [(1.0, 0.5), (0.8, 0.75), (1.3, 0.5), (0.4, 0.9)])
def test_the_same_at_any_pace_with_longer_and_shorter_silences(pace: float, pause_s: float) -> None:
    assert max(distances(pace, pause_s).values()) < SAME


@pytest.mark.parametrize(("pace", "pause_s"), [(1.0, 0.5), (0.8, 0.75), (1.3, 0.5)])
@pytest.mark.parametrize(
    "changed",
    [
        (300, 500, 1400, 0, 700, 400),  # another sound
        (300, 500, 0, 700, 400),  # one that is lost
        (300, 500, 900, 0, 700, 1100, 400),  # one too many
        (500, 1200, 0, 300, 900, 500),  # another sentence
        (),
    ],
)
def test_what_is_otherwise_in_one_place_stands_out(pace: float, pause_s: float, changed: Sequence[int]) -> None:
    found = distances(pace, pause_s, one=changed)
    assert found.pop("one") > OTHER
    assert max(found.values()) < SAME


def test_where_it_is_otherwise() -> None:
    models = {"one": said(WORDS["one"]), "two": said(WORDS["two"])}
    others = {**models, "one": said((300, 500, 1400, 0, 700, 400))}
    found = likenesses(models, others)
    assert 800 <= found["one"].at_ms <= 950  # after a pause of half a second and two tones
    assert found["two"].distance < 0.01


def test_how_loud_it_is_says_nothing() -> None:
    models = {name: said(words) for name, words in WORDS.items()}
    found = likenesses(models, {name: (sound // 2).astype(np.int16) for name, sound in models.items()})
    assert max(one.distance for one in found.values()) < SAME


def test_nothing_and_next_to_nothing() -> None:
    sound, none = said(WORDS["one"]), np.zeros(0, np.int16)
    assert likenesses({}, {"one": sound}) == {}
    assert likenesses({"one": none}, {"one": sound}) == {}
    assert likenesses({"one": np.zeros(100, np.int16)}, {"one": sound}) == {}
    names = ("one", "two", "three", "four", "five")
    found = likenesses(dict.fromkeys(names, sound), dict.fromkeys(names, sound) | {"one": none, "two": sound[:100]})
    assert {name for name, one in found.items() if math.isinf(one.distance)} == {"one", "two"}
    assert found["three"].distance < 0.01
