"""Lexicon files."""

from __future__ import annotations

from pathlib import Path

import pytest

from audioleaflet.errors import ContentError
from audioleaflet.leaflet.lexicon import read_lexicon


def lexicon(folder: Path, content: str) -> Path:
    path = folder / "en.yaml"
    path.write_text(content, encoding="utf-8")
    return path


def test_entries_keep_their_order_and_places(tmp_path: Path) -> None:
    path = lexicon(tmp_path, "# words\n- term: tumor\n  ipa: ˈtu.mɚ\n- {term: lymph, ipa: lɪmf, meaning: a fluid}\n")
    first, second = read_lexicon(path)
    assert (first.term, first.ipa, first.say, first.meaning, first.forms, first.alias) == (
        "tumor",
        "ˈtuː.mɚ",
        "",
        "",
        (),
        (),
    )
    assert (second.term, second.meaning) == ("lymph", "a fluid")
    assert (first.origin.line, second.origin.line) == (2, 4)


def test_words_that_yaml_would_make_values_are_words(tmp_path: Path) -> None:
    assert [entry.term for entry in read_lexicon(lexicon(tmp_path, "- {term: no, ipa: ˈnoʊ}\n"))] == ["no"]


def test_an_empty_list_is_a_lexicon(tmp_path: Path) -> None:
    assert read_lexicon(lexicon(tmp_path, "[]\n")) == ()


@pytest.mark.parametrize("term", ["X-ray", "X ray", "x/ray"])
def test_a_hyphen_may_be_said_as_a_new_word(tmp_path: Path, term: str) -> None:
    assert read_lexicon(lexicon(tmp_path, f"- {{term: {term}, ipa: ˈɛks ˌɹeɪ}}\n"))[0].ipa == "ˈɛks ˌɹeɪ"


def test_bad_ipa_of_a_form_is_at_its_line(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"en.yaml:4: IPA .*'a' \(U\+0061"):
        read_lexicon(
            lexicon(tmp_path, "- term: node\n  ipa: ˈnoʊd\n  forms:\n    nodal: ˈnod.al\n".replace("ˈnod", "ˈnoʊd"))
        )
