"""``say``: who answered for each word."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from audioleaflet.cli import run


def answered(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[list[dict[str, str]]]:
    assert run(["say", "--ipa", "--json", *arguments]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_each_word_tells_who_answered_for_it(capsys: pytest.CaptureFixture[str]) -> None:
    (words,) = answered(capsys, "Your husband may lead the CT of a metastasis")
    assert [(word["text"], word["source"]) for word in words] == [
        ("Your", "engine"),
        ("husband", "dictionary"),
        ("may", "engine"),
        ("lead", "heteronym"),
        ("the", "engine"),
        ("C T", "rule"),
        ("of", "engine"),
        ("a", "engine"),
        ("metastasis", "house"),
    ]
    by_word = {word["text"]: word["ipa"] for word in words}
    assert by_word["husband"] == "ˈhʌzbənd"
    assert by_word["metastasis"] == "məˈtæstəsɪs"
    assert all(word.keys() == {"text", "ipa", "source"} and word["ipa"] for word in words)


def test_a_leaflets_own_lexicon_answers_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    leaflet = tmp_path / "own.yaml"
    leaflet.write_text(
        "title: Own\nlanguage: en-US\nversion: 1\nsections: [{id: one, title: One, text: Text.}]\n"
        "lexicon: [{term: metastasis, ipa: ˈmɛt}]\n",
        encoding="utf-8",
    )
    (words,) = answered(capsys, "metastasis biopsy", "--leaflet", str(leaflet))
    assert words == [
        {"text": "metastasis", "ipa": "ˈmɛt", "source": "leaflet"},
        {"text": "biopsy", "ipa": "ˈbaɪˌɑːpsi", "source": "house"},
    ]


def test_print_in_json_and_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["say", "--print", "--json", "10 mg"]) == 0
    assert json.loads(capsys.readouterr().out) == {"text": "10 mg", "words": "ten milligrams"}
    assert run(["say", "--json", "10 mg"]) == 2
    assert run(["say", "--print", "--language", "", "10 mg"]) == 2


def test_a_voice_that_tells_nothing_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["say", "--ipa", "--json", "--voice", "gtts:en-us", "wound"]) == 4
    assert "tells no phonemes" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["hello.wav", "hello.mp3"])
def test_a_sound_that_cannot_be_written_leaves_the_old_one(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / name
    path.write_bytes(b"old")

    def full(path: Path, data: bytes) -> int:
        with path.open("wb") as file:
            file.write(data[:10])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    assert run(["say", "Hello.", "--to", str(path)]) == 8
    assert f"cannot write {path}: No space left on device" in capsys.readouterr().err
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
