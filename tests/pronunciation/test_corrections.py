"""Which words are corrected from the dictionary, by the library's own voices."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.editions import ROOT, Tones

from audioleaflet import pronunciation
from audioleaflet.leaflet.ipa import parse_ipa
from audioleaflet.pronunciation import Corrections
from audioleaflet.settings import Settings, read_settings
from audioleaflet.speech.engine import Engine
from audioleaflet.speech.voices import engine_of


def library(*voices: str, tag: str = "en") -> Settings:
    settings = read_settings(ROOT / "content" / "library.yaml")
    return settings.model_copy(update={"voices": {tag: voices}})


@pytest.fixture(scope="module")
def american() -> Iterator[Corrections]:
    with Corrections(library("espeak:en-us"), "en-US") as corrections:
        yield corrections


@pytest.mark.parametrize(
    ("word", "ipa"),
    [
        ("husband", "ˈhʌz.bənd"),  # a consonant
        ("aches", "ˈeɪks"),
        ("resistance", "ɹɪˈzɪs.təns"),
        ("distribute", "dɪˈstɹɪb.juːt"),  # the main stress
        ("outpatient", "ˈaʊtˌpeɪ.ʃənt"),
        ("applicable", "ˈæp.lə.kə.bəl"),
        ("interfere", "ˌɪn.tɚˈfɪɹ"),
    ],
)
def test_what_the_engine_says_wrong_is_corrected(american: Corrections, word: str, ipa: str) -> None:
    assert american(word) == parse_ipa(ipa)


@pytest.mark.parametrize(
    "word",
    [
        *("cancer", "bone", "treatment", "operation", "water", "memory", "family", "current", "security", "little"),
        *("fire", "trial", "immediately", "category", "intention", "tune", "thank", "different", "camera", "every"),
        *("because", "any", "during", "upon", "cannot", "the", "whereas"),  # function words
        *("email", "circulation", "diagnosed", "comfortable", "autoimmune", "overcome"),  # the dictionary's slips
        *("denosumab", "xyzzy", "", "a", "ms", "naïve", "10"),
    ],
)
def test_what_it_says_right_is_left_alone(american: Corrections, word: str) -> None:
    assert american(word) == ""


@pytest.mark.parametrize(
    ("settings", "language"),
    [
        (library("espeak:en-us"), "en-GB"),
        (library("espeak:en-gb-x-rp"), "en-US"),
        (library("gtts:en-us"), "en-US"),
        (library("tones:low"), "en-US"),
        (library("espeak:nosuch"), "en-US"),
        (library("espeak:en-us", tag="fr"), "en-US"),
        (library("espeak:fr", tag="fr"), "fr"),
    ],
)
def test_no_word_is_corrected_without_an_american_voice_that_tells(settings: Settings, language: str) -> None:
    with Corrections(settings, language) as corrections:
        assert corrections("husband") == ""


def test_the_first_voice_that_tells_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    tones = Tones()

    def engines(name: str) -> Engine:
        return tones if name == "tones" else engine_of(name)

    monkeypatch.setattr(pronunciation, "engine_of", engines)
    with Corrections(library("tones:low", "nosuch:x", "espeak:en-us"), "en-US") as corrections:
        assert corrections("husband") != ""
    assert tones.closed == 1


def test_a_word_is_asked_once_and_again_after_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    def engines(name: str) -> Engine:
        made.append(name)
        return engine_of(name)

    monkeypatch.setattr(pronunciation, "engine_of", engines)
    with Corrections(library("espeak:en-us"), "en-US") as corrections:
        assert corrections("husband") == corrections("husband") == "ˈhʌz.bənd"
        corrections("aches")
    assert made == ["espeak"]
    assert corrections("husband") == "ˈhʌz.bənd"
    assert made == ["espeak"]
    assert corrections("raspberry") == parse_ipa("ˈɹæzˌbɛɹ.i")
    assert made == ["espeak", "espeak"]


def test_the_voice_that_narrates_changes_no_word_of_the_script(tmp_path: Path) -> None:
    from audioleaflet.pipeline import prepare

    folder = tmp_path / "content" / "small"
    folder.mkdir(parents=True)
    (folder / "en.yaml").write_text(
        "title: Small\nlanguage: en-US\nversion: 1\npublisher: X\nsections:\n"
        "  - {id: one, title: One, text: Your husband aches.}\n",
        encoding="utf-8",
    )
    scripts = []
    for voices in ("espeak:en-us", "gtts:en-us, espeak:en-us"):
        (tmp_path / "content" / "library.yaml").write_text(
            f"title: T\npublisher: P\nvoices: {{en: [{voices}]}}\n", encoding="utf-8"
        )
        scripts.append(prepare(folder / "en.yaml").script)
    assert scripts[0] == scripts[1]
    assert "ˈhʌz.bənd" in str(scripts[0])
