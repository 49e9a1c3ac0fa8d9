"""A reading that is settled in its place is heard, and its marks are seen by nobody."""

from __future__ import annotations

from tests.editions import Library

from audioleaflet.leaflet.checks import warnings
from audioleaflet.pipeline import prepare
from audioleaflet.script.model import Term
from audioleaflet.script.writer import wording

MARKS = "\ufff9\ufffa\ufffb"
WOUND = "[wound](say:/ˈwaʊnd/)"


def test_no_file_of_an_edition_holds_a_mark(library: Library) -> None:
    text = library.leaflet.read_text(encoding="utf-8")
    text = text.replace("One item here.", f"One {WOUND} item, called {WOUND}. Call 800-227-2345 for a {WOUND}.")
    urgent = f"urgent: {{after: first, text: 'Call if {WOUND}.'}}"
    fields = f"summary: A {WOUND} is wound.\nnotice: Your {WOUND} here.\n{urgent}\n"
    library.leaflet.write_text(text.replace("sections:", f"{fields}sections:"), encoding="utf-8")
    prepared = prepare(library.leaflet)
    terms = [
        span.ipa
        for utterance in prepared.script.utterances()
        for span in utterance.spoken
        if isinstance(span, Term) and span.text == "wound"
    ]
    assert terms.count("ˈwaʊnd") == 6
    assert terms.count("ˈwuːnd") == 1
    assert not set(MARKS) & set(str(prepared.script))
    assert not set(MARKS) & set(wording(prepared.script))
    library.build()
    texts = [path for path in library.edition.rglob("*") if path.suffix in (".json", ".txt", ".html", ".vtt", ".srt")]
    assert len(texts) >= 5
    for path in texts:
        text = path.read_text(encoding="utf-8")
        assert not set(MARKS) & set(text), path
        assert "\\ufff" not in text, path


def test_a_mark_is_no_word_of_the_summary(library: Library) -> None:
    text = library.leaflet.read_text(encoding="utf-8")
    words = " ".join(["word"] * 58)
    summary = f"summary: {words} [bone marrow](<say:BOHN MAR-oh>)\n"
    library.leaflet.write_text(text.replace("sections:", f"{summary}sections:"), encoding="utf-8")
    assert [problem for problem in warnings(prepare(library.leaflet).leaflet) if problem.code == "SUMMARY"] == []
