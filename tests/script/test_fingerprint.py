"""What an approval is about, and what it is not about: hashes of real scripts."""

from __future__ import annotations

from pathlib import Path

from audioleaflet import phrases
from audioleaflet.errors import Origin
from audioleaflet.leaflet import reader
from audioleaflet.leaflet.approval import Fingerprint
from audioleaflet.leaflet.model import Entry
from audioleaflet.script.fingerprint import fingerprint
from audioleaflet.script.lexicon import Lexicon
from audioleaflet.script.model import Script, ScriptChapter, Term, Text, Utterance
from audioleaflet.script.writer import Draft
from audioleaflet.settings import Settings, packaged_content, read_settings
from audioleaflet.units import Ms

HOUSE = Path("lexicon/en.yaml")
LEAFLET = """\
title: About bones
language: en-US
version: "1.0"
publisher: The Clinic
say: [marrow]
sections:
  - id: one
    title: The marrow
    text: |
      Denosumab is good for the marrow. Take it at night.
"""


def entry(term: str, ipa: str, say: str = "", alias: tuple[tuple[str, str], ...] = (), path: Path = HOUSE) -> Entry:
    return Entry(term=term, ipa=ipa, say=say, meaning="", forms=(), alias=alias, origin=Origin(path=path, line=1))


MARROW = entry("marrow", "ˈmær.oʊ")


def settings() -> Settings:
    return read_settings(packaged_content() / "library.yaml")


def written(folder: Path, text: str, lexicon: Lexicon, status: tuple[str, ...] = ("Nobody checked it.",)) -> Script:
    (folder / "leaflet.yaml").write_text(text, encoding="utf-8")
    leaflet = reader.read(folder / "leaflet.yaml")
    return Draft(leaflet, lexicon, phrases.load("en-US"), settings()).script(status)


def marks(folder: Path, text: str = LEAFLET, *entries: Entry, status: tuple[str, ...] = ("x",)) -> Fingerprint:
    lexicon = Lexicon(entries or (MARROW,))
    return fingerprint(written(folder, text, lexicon, status), lexicon, (HOUSE,))


def test_neither_the_status_nor_the_length_counts(tmp_path: Path) -> None:
    long = ("Checked by a person with a very long name indeed.",) * 40
    for status in ((), long):
        before, after = marks(tmp_path), marks(tmp_path, status=status)
        assert (before.wording, before.spoken, before.readings) == (after.wording, after.spoken, after.readings)
        assert [digest for _, digest in before.sentences] == [digest for _, digest in after.sentences]
    short, other = (written(tmp_path, LEAFLET, Lexicon([MARROW]), status) for status in (("x",), long))
    told = [next(one.shown for one in script.utterances() if one.kind == "length") for script in (short, other)]
    assert told[0] != told[1]


def test_a_changed_word_changes_the_wording_and_its_own_sentence(tmp_path: Path) -> None:
    before, after = marks(tmp_path), marks(tmp_path, LEAFLET.replace("night", "noon"))
    assert before.wording != after.wording
    changed = [new[0] for old, new in zip(before.sentences, after.sentences, strict=True) if old != new]
    assert changed == ["c01-004"]


def test_a_reading_that_is_corrected_changes_the_readings_alone(tmp_path: Path) -> None:
    before, after = marks(tmp_path), marks(tmp_path, LEAFLET, entry("marrow", "ˈmɑː.roʊ"))
    assert (before.wording, before.spoken, before.sentences) == (after.wording, after.spoken, after.sentences)
    assert after.readings == {**before.readings, "marrow": "ˈmɑː.roʊ"}
    assert before.readings["marrow"] == "ˈmær.oʊ"


def test_a_term_that_is_new_in_the_lexicon_changes_the_readings_alone(tmp_path: Path) -> None:
    before, after = marks(tmp_path), marks(tmp_path, LEAFLET, MARROW, entry("denosumab", "dɪˈnoʊ.sə.mæb"))
    assert (before.wording, before.spoken) == (after.wording, after.spoken)
    assert after.readings == {**before.readings, "denosumab": "dɪˈnoʊ.sə.mæb"}


def test_what_engines_without_phonemes_are_given_is_part_of_the_reading(tmp_path: Path) -> None:
    after = marks(tmp_path, LEAFLET, entry("marrow", "ˈmær.oʊ", alias=(("gtts", "marro"),)))
    assert after.readings["marrow"] == "ˈmær.oʊ gtts=marro"
    assert after.spoken == marks(tmp_path).spoken


def test_a_respelling_of_its_own_is_part_of_what_is_said(tmp_path: Path) -> None:
    assert marks(tmp_path, LEAFLET, entry("marrow", "ˈmær.oʊ", say="MARE-oh")).spoken != marks(tmp_path).spoken


def test_the_house_lexicons_readings_are_told_from_the_leaflets_own(tmp_path: Path) -> None:
    own = entry("denosumab", "dɪˈnoʊ.sə.mæb", path=Path("leaflet.yaml"))
    after = marks(tmp_path, LEAFLET, own, MARROW)
    assert after.readings.keys() >= {"denosumab", "marrow"}
    assert after.house == {"marrow": "en"}


def utterance(*spans: Text | Term) -> Script:
    one = Utterance(
        id="c01-001",
        kind="sentence",
        role="text",
        shown="Shown.",
        spoken=spans,
        pause_after=Ms(0),
        origin=Origin(path=HOUSE, line=1),
    )
    chapter = ScriptChapter(number=1, id="one", title="One", lead=Ms(0), utterances=(one,), structure=())
    return Script(chapters=(chapter,), terms=())


def test_a_word_settled_in_its_place_belongs_to_its_sentence() -> None:
    lexicon = Lexicon([entry("wound", "ˈwuːnd")])
    usual = fingerprint(utterance(Text(text="a "), Term(text="wound", ipa="ˈwuːnd")), lexicon, (HOUSE,))
    settled = fingerprint(utterance(Text(text="a "), Term(text="wound", ipa="ˈwaʊnd")), lexicon, (HOUSE,))
    assert usual.readings == {"wound": "ˈwuːnd"}
    assert settled.readings == {}
    assert usual.spoken != settled.spoken


def test_a_word_of_two_readings_that_no_lexicon_has_belongs_to_its_sentences() -> None:
    both = (Term(text="lead", ipa="ˈlɛd"), Text(text=" "), Term(text="lead", ipa="ˈliːd"))
    swapped = both[::-1]
    one, other = (fingerprint(utterance(*spans), Lexicon(()), ()) for spans in (both, swapped))
    assert one.readings == other.readings == {}
    assert one.spoken != other.spoken


def test_where_the_words_are_divided_changes_nothing() -> None:
    whole = fingerprint(utterance(Text(text="Take it at night.")), Lexicon(()), ())
    divided = fingerprint(utterance(Text(text="Take it "), Text(text="at night.")), Lexicon(()), ())
    assert whole == divided
