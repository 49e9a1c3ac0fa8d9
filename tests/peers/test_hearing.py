"""The ear that the calls are heard with, on recordings made here."""

from __future__ import annotations

import numpy as np
import pytest
from tests.peers.hearing import RATE, Ear, Heard, Samples, from_ulaw


def voice(seed: int, seconds: float) -> Samples:
    """Syllables of noise with pauses between, as 16-bit values; of µ-law's steps."""
    chance = np.random.default_rng(seed)
    sound = np.zeros(round(seconds * RATE), np.float32)
    at = 400
    while at + 2000 < len(sound):
        length = int(chance.integers(600, 1800))
        swell = np.sin(np.pi * np.arange(length) / length)
        sound[at : at + length] = np.convolve(chance.normal(0, 4000, length + 4), np.ones(5) / 5, "valid") * swell
        at += length + int(chance.integers(100, 900))
    return (np.round(sound / 16) * 16).astype(np.float32)


SOUNDS = {f"sound-{number}": voice(number, 2 + 3 * number) for number in range(1, 8)}


@pytest.fixture(scope="module")
def ear() -> Ear:
    return Ear(SOUNDS)


def cut(name: str, begin_s: float, end_s: float) -> Samples:
    return SOUNDS[name][round(begin_s * RATE) : round(end_s * RATE)]


def close(heard: list[Heard], *expected: tuple[str, float, float]) -> bool:
    """Whether the sounds are those, from those places, at those times; but for the silence that they begin with."""
    return [one.sound for one in heard] == [sound for sound, _, _ in expected] and all(
        -0.01 < one.begin_s - begin < 0.2 and abs((one.begin_s - one.offset_s) - (begin - offset)) < 0.001
        for one, (_, offset, begin) in zip(heard, expected, strict=True)
    )


def test_sounds_one_after_another(ear: Ear) -> None:
    silence = np.zeros(RATE, np.float32)
    heard = ear.hear(np.concatenate([silence, SOUNDS["sound-2"], SOUNDS["sound-1"], silence, SOUNDS["sound-5"]]))
    assert close(heard, ("sound-2", 0, 1), ("sound-1", 0, 9), ("sound-5", 0, 15)), [str(one) for one in heard]
    assert [round(one.end_s - one.begin_s) for one in heard] == [8, 5, 17]


def test_a_sound_that_is_cut_off_and_another_from_its_middle(ear: Ear) -> None:
    heard = ear.hear(np.concatenate([cut("sound-3", 0, 3.3), cut("sound-6", 7.25, 12), cut("sound-3", 5, 9)]))
    assert close(heard, ("sound-3", 0, 0), ("sound-6", 7.25, 3.3), ("sound-3", 5, 8.05)), [str(one) for one in heard]


def test_the_same_sound_again_from_another_place(ear: Ear) -> None:
    heard = ear.hear(np.concatenate([cut("sound-4", 0, 6), cut("sound-4", 4, 8)]))
    assert close(heard, ("sound-4", 0, 0), ("sound-4", 4, 6)), [str(one) for one in heard]


def test_a_packet_that_is_lost_is_seen(ear: Ear) -> None:
    whole = SOUNDS["sound-7"]
    heard = ear.hear(np.concatenate([whole[: 5 * RATE], whole[5 * RATE + 160 :]]))
    assert [one.sound for one in heard] == ["sound-7", "sound-7"]
    assert heard[1].offset_s - heard[0].offset_s - (heard[1].begin_s - heard[0].begin_s) == pytest.approx(0.02)


def test_what_is_unknown_is_passed_over(ear: Ear) -> None:
    heard = ear.hear(np.concatenate([voice(99, 4), SOUNDS["sound-1"], voice(98, 3)]))
    assert close(heard, ("sound-1", 0, 4)), [str(one) for one in heard]
    assert ear.hear(voice(97, 6)) == []
    assert ear.hear(np.zeros(3 * RATE, np.int16)) == []


def test_a_coarser_copy_is_known(ear: Ear) -> None:
    steps = 2 ** np.floor(np.log2(np.maximum(np.abs(SOUNDS["sound-2"]), 64)) - 4)
    assert close(ear.hear(np.round(SOUNDS["sound-2"] / steps) * steps), ("sound-2", 0, 0))


def test_of_two_sounds_that_begin_alike_the_one_that_goes_on_so_is_heard() -> None:
    ear = Ear({"short": cut("sound-3", 0, 2), "long": SOUNDS["sound-3"]})
    assert [one.sound for one in ear.hear(SOUNDS["sound-3"])] == ["long"]
    assert [one.sound for one in ear.hear(cut("sound-3", 0, 2))] == ["short"]


@pytest.mark.parametrize(("code", "value"), [(0xFF, 0), (0x7F, 0), (0x80, 32124), (0x00, -32124), (0xEF, 132)])
def test_ulaw(code: int, value: int) -> None:
    assert from_ulaw(bytes([code])).tolist() == [value]
