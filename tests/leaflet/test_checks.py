"""A leaflet against its library."""

from __future__ import annotations

from pathlib import Path

import pytest

from audioleaflet.document import read_document
from audioleaflet.errors import ContentError
from audioleaflet.leaflet.checks import check, warnings
from audioleaflet.leaflet.reader import read
from audioleaflet.pipeline import prepare

LEAFLET = """\
title: A
version: "1"
language: {language}
say: [{say}]
{more}
sections:
  - {{id: one, title: One, text: Some text.}}
"""


def written(folder: Path, *, language: str = "en-GB", say: str = "", more: str = "publisher: A") -> Path:
    path = folder / "asthma.yaml"
    path.write_text(LEAFLET.format(language=language, say=say, more=more), encoding="utf-8")
    return path


def problems(path: Path, *, terms: tuple[str, ...] = (), languages: tuple[str, ...] = ("en",)) -> list[str]:
    found = check(read_document(path), terms=terms, languages=languages, voices={"en-US": (), "en": ()})
    return [f"{one.origin.line} {one.severity} {one.code} {one.message} ({one.next_step})" for one in found]


def test_a_language_is_found_by_its_wider_tag(tmp_path: Path) -> None:
    assert problems(written(tmp_path)) == []
    assert problems(written(tmp_path, language="fr-CA"), languages=("en", "de")) == [
        "3 error NO-PHRASES there is no fixed wording for the language fr-CA (known are: de, en)",
        "3 error NO-VOICE library.yaml names no voice for the language fr-CA (add 'fr-CA' to its 'voices')",
    ]


@pytest.mark.parametrize("say", ["metastasis", "Metastasis", "metastases"])
def test_a_term_may_be_the_houses_or_the_leaflets_own_or_a_form(tmp_path: Path, say: str) -> None:
    own = "lexicon: [{term: metastasis, ipa: x, forms: {metastases: x}}]"
    assert problems(written(tmp_path, say=say, more=own)) == []
    assert problems(written(tmp_path, say=say), terms=("metastasis", "metastases")) == []


def test_an_unknown_term_is_told_with_the_nearest_at_its_line(tmp_path: Path) -> None:
    assert problems(written(tmp_path, say="metastisis,\n  zzz"), terms=("metastasis", "lymph")) == [
        (
            "4 error UNKNOWN-TERM no lexicon has the term 'metastisis' of 'say' "
            "(did you mean 'metastasis'? If not: audioleaflet lexicon add metastisis --say RESPELLING)"
        ),
        (
            "5 error UNKNOWN-TERM no lexicon has the term 'zzz' of 'say' "
            "(add it: audioleaflet lexicon add zzz --say RESPELLING)"
        ),
    ]


def test_a_drug_is_not_taken_for_another(tmp_path: Path) -> None:
    assert problems(written(tmp_path, say="zanubrutinib"), terms=("imatinib", "ibrutinib")) == [
        (
            "4 error UNKNOWN-TERM no lexicon has the term 'zanubrutinib' of 'say' "
            "(add it: audioleaflet lexicon add zanubrutinib --say RESPELLING)"
        )
    ]


def test_what_the_library_lacks_is_told_with_all_other_faults(tmp_path: Path) -> None:
    with pytest.raises(ContentError) as raised:
        prepare(written(tmp_path, say="metastisis", more="titel: x"))
    assert [(one.origin.line, one.code) for one in raised.value.problems] == [(4, "UNKNOWN-TERM"), (5, "UNKNOWN-KEY")]


def test_a_long_summary_is_a_warning_at_its_line(tmp_path: Path) -> None:
    assert warnings(read(written(tmp_path, more=f"summary: {'word ' * 60}"))) == ()
    (longer,) = warnings(read(written(tmp_path, more=f"summary: {'word ' * 61}")))
    assert (longer.origin.line, longer.severity, longer.code) == (5, "warning", "SUMMARY")
    assert longer.message == "the summary has 61 words"
