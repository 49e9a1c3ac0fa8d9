"""library.yaml: which one counts, what it may say, and how languages are looked up."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audioleaflet.errors import ConfigError, ContentError
from audioleaflet.settings import (
    Pauses,
    canonical_language,
    content_folder,
    is_tag,
    lexicon_files,
    load_settings,
    narrowing,
    packaged_content,
    read_settings,
)

MINIMAL = "title: Leaflets\npublisher: A clinic\nvoices: {en: [espeak:en-us]}\n"


def library(folder: Path, title: str = "Leaflets", more: str = "") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "library.yaml"
    path.write_text(MINIMAL.replace("Leaflets", title) + more, encoding="utf-8")
    return path


def test_the_nearest_library_upwards_counts(tmp_path: Path) -> None:
    library(tmp_path, "far")
    library(tmp_path / "near", "near")
    leaflet = tmp_path / "near" / "slug" / "en.yaml"
    assert load_settings(leaflet, cwd=tmp_path).title == "near"
    assert load_settings(tmp_path / "other" / "en.yaml", cwd=tmp_path / "near").title == "far"
    assert load_settings(Path("slug/en.yaml"), cwd=tmp_path / "near").title == "near"


def test_then_the_one_in_content_then_the_packaged_one(tmp_path: Path) -> None:
    work = tmp_path / "work"
    library(work / "content", "local")
    assert load_settings(tmp_path / "elsewhere" / "en.yaml", cwd=work).title == "local"
    packaged = load_settings(tmp_path / "elsewhere" / "en.yaml", cwd=tmp_path)
    assert packaged.path == packaged_content() / "library.yaml"


def test_no_packaged_library_is_an_error_that_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("audioleaflet.settings.__file__", str(tmp_path / "a" / "b" / "settings.py"))
    with pytest.raises(ConfigError, match="install audioleaflet again"):
        load_settings(tmp_path / "en.yaml", cwd=tmp_path)


def test_the_wheels_content_comes_before_the_clones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "src" / "audioleaflet"
    library(tmp_path / "content", "clone")
    monkeypatch.setattr("audioleaflet.settings.__file__", str(package / "settings.py"))
    assert packaged_content() == tmp_path / "content"
    library(package / "content", "wheel")
    assert packaged_content() == package / "content"


def test_the_shipped_library() -> None:
    settings = read_settings(packaged_content() / "library.yaml")
    assert settings.voices_for("en-US") == ("espeak:en-us",)
    assert settings.voices_for("en-gb") == ("espeak:en-gb-x-rp",)
    assert settings.voices_for("en-AU") == ("espeak:en-us",)
    assert settings.voices_for("fr") == ()
    assert settings.pauses == Pauses()
    assert settings.rate_wpm == 145


def test_pauses_left_out_are_the_defaults(tmp_path: Path) -> None:
    settings = read_settings(library(tmp_path, more="pauses: {item: 600}\n"))
    assert settings.pauses == Pauses(item=600)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ("rate_wpm: 79\n", "RANGE"),
        ("rate_wpm: 301\n", "RANGE"),
        ("rate_wpm: 145.5\n", "NUMBER"),
        ("pauses: {chapter_tail: 999}\n", "RANGE"),
        ("pauses: {sentence: -1}\n", "RANGE"),
        ("path: /etc/passwd\n", "UNKNOWN-KEY"),
        ("base_url: library.example\n", "URL"),
        ("base_url: ftp://library.example/\n", "URL"),
        ("base_url: https://library.example/?q=1\n", "URL"),
        ("base_url: https://[library/\n", "URL"),
        ("base_url: 'https://library.example/my audio/'\n", "URL"),
    ],
)
def test_what_a_library_cannot_say(tmp_path: Path, more: str, code: str) -> None:
    with pytest.raises(ContentError) as raised:
        read_settings(library(tmp_path, more=more))
    assert [problem.code for problem in raised.value.problems] == [code]


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("https://library.example", "https://library.example/"),
        ("http://127.0.0.1:8000/audio/", "http://127.0.0.1:8000/audio/"),
        ("https://Library.example/a%20b/%7Ec//", "https://Library.example/a%20b/%7Ec/"),
        ("http://[::1]:8000", "http://[::1]:8000/"),
    ],
)
def test_the_address_of_the_library_ends_as_a_folder_does(tmp_path: Path, written: str, address: str) -> None:
    assert read_settings(library(tmp_path)).base_url is None
    assert read_settings(library(tmp_path, more=f"base_url: '{written}'\n")).base_url == address


def test_the_lexicons_of_a_language_narrow_before_wide(tmp_path: Path) -> None:
    settings = read_settings(library(tmp_path))
    assert content_folder(settings) == tmp_path
    packaged = packaged_content() / "lexicon" / "en.yaml"
    assert lexicon_files(settings, "en-GB") == ((packaged,) if packaged.is_file() else ())
    (tmp_path / "lexicon").mkdir()
    assert lexicon_files(settings, "en-GB") == ()
    for name in ("en", "en-GB"):
        (tmp_path / "lexicon" / f"{name}.yaml").write_text("[]")
    assert [path.stem for path in lexicon_files(settings, "EN-gb")] == ["en-GB", "en"]


@pytest.mark.parametrize(
    ("tag", "tags"),
    [
        ("en", ("en",)),
        ("EN-us", ("en-US", "en")),
        ("zh-hant-tw", ("zh-Hant-TW", "zh-Hant", "zh")),
        ("es-419", ("es-419", "es")),
        ("ca-VALENCIA", ("ca-valencia", "ca")),
    ],
)
def test_languages_narrow_to_wide(tag: str, tags: tuple[str, ...]) -> None:
    assert narrowing(tag) == tags


@pytest.mark.parametrize("tag", ["", "english", "en_US", "e", "en-", "en-U", "-en", "en US", "\u0131s", "en-US\n"])
def test_what_is_no_language(tag: str) -> None:
    assert not is_tag(tag)
    with pytest.raises(ValueError, match="is not a language tag"):
        canonical_language(tag)


@given(st.from_regex(r"[a-zA-Z]{2,3}(-[a-zA-Z]{4})?(-[a-zA-Z]{2})?", fullmatch=True))
def test_canonical_once_is_canonical_for_ever(tag: str) -> None:
    once = canonical_language(tag)
    assert canonical_language(once) == once == canonical_language(tag.swapcase())
