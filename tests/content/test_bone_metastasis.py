"""The leaflet on bone metastasis: its facts with their hedges, its plain language, its telephone numbers.

A fact of health information is the sentence with its "may", "often" or "used to". bone_metastasis_facts.yaml
holds each fact beside the words that carry it.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.cases import check_each

from audioleaflet.leaflet.lexicon import read_lexicon
from audioleaflet.leaflet.reader import read

CONTENT = Path(__file__).parents[2] / "content"
LEAFLET = CONTENT / "bone-metastasis" / "en.yaml"
FACTS = Path(__file__).with_name("bone_metastasis_facts.yaml")

# Words that promise, and words that a speech engine says in the wrong one of their two ways.
PROMISES = re.compile(r"\b(will|cures?|cured|heals?|guarantee\w*|safe\w*|best|never|only|all|completely)\b", re.I)
TWO_WAYS = re.compile(r"\b(leads?|lives?|tears?|wounds?|close|bow|read|minute|wind|dose|contract|refuse)\b", re.I)


def read_strings(path: Path) -> dict[str, Any]:
    """A YAML mapping whose scalars are strings, whatever they look like."""
    loaded: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    return loaded


@cache
def leaflet() -> dict[str, Any]:
    return read_strings(LEAFLET)


@cache
def facts() -> dict[str, dict[str, str]]:
    """Of each section, the name of a fact and the words that carry it."""
    return read_strings(FACTS)


@cache
def sections() -> dict[str, str]:
    """The text of each section in one line."""
    return {section["id"]: " ".join(section["text"].split()) for section in leaflet()["sections"]}


def passages() -> dict[str, str]:
    """Every text that is read to a patient."""
    others = {name: leaflet()[name] for name in ("summary", "notice")}
    return {**sections(), **others, "urgent": leaflet()["urgent"]["text"]}


def sentences() -> list[str]:
    found = []
    for text in passages().values():
        found += re.split(r"(?<=[.?!:])\s+(?=[A-Z-])|\s-\s|\\ ", text)
    return [sentence for sentence in found if sentence]


def test_the_reader_takes_it_as_a_book_of_six_chapters() -> None:
    book = read(LEAFLET)
    assert (book.slug, book.language, book.hotline) == ("bone-metastasis", "en-US", "121")
    assert [section.id for section in book.sections] == list(facts())
    contacts = book.sections[-1].blocks[-1].items
    assert [item[0].lines for item in contacts] == [
        ("American Cancer Society", "Website: www.cancer.org", "Telephone: 800-227-2345"),
        ("National Cancer Institute", "Website: www.cancer.gov", "Telephone: 800-422-6237"),
    ]


def test_the_sections_are_in_order() -> None:
    assert list(sections()) == list(facts())


def test_a_fact_stands_with_its_hedge() -> None:
    def check(section: str, name: str) -> None:
        assert facts()[section][name] in sections()[section]

    check_each(((section, name) for section in facts() for name in facts()[section]), check)


def test_what_to_do_about_urgent_signs_follows_the_symptoms() -> None:
    urgent = leaflet()["urgent"]
    assert urgent["after"] == "symptoms"
    assert urgent["text"] == (
        "New numbness, weakness, or trouble with your bladder or bowel can be an emergency. "
        "Call your care team right away. If you cannot reach them, call your emergency number."
    )


def test_the_notice_sends_people_to_their_own_professional() -> None:
    assert "does not take the place of care from a health professional" in leaflet()["notice"]
    assert "Always follow the instructions that your health professional gives you." in leaflet()["notice"]


def test_the_summary_is_short_and_says_what_to_do() -> None:
    assert len(leaflet()["summary"].split()) <= 60
    assert "can be an emergency: call your care team right away" in leaflet()["summary"]


def test_the_words_to_learn_are_in_the_text_and_in_the_lexicon() -> None:
    terms = {entry.term for entry in read_lexicon(CONTENT / "lexicon" / "en.yaml")}
    text = " ".join(sections().values()).lower()
    assert len(leaflet()["say"]) == 8
    for word in leaflet()["say"]:
        assert word in terms
        assert re.search(rf"\b{word}\b", text)


def test_a_sentence_can_be_followed_by_ear() -> None:
    def check(sentence: str) -> None:
        assert len(sentence.split()) <= 25

    check_each(((sentence,) for sentence in sentences()), check)


def test_sentences_are_short_on_average() -> None:
    found = sentences()
    assert sum(len(sentence.split()) for sentence in found) / len(found) <= 12


@pytest.mark.parametrize("name", sorted(passages()))
def test_nothing_is_promised(name: str) -> None:
    assert PROMISES.findall(passages()[name]) == []


@pytest.mark.parametrize("name", sorted(passages()))
def test_the_text_is_made_to_be_spoken(name: str) -> None:
    text = re.sub(r"\]\(https://\S+?\)", "]", passages()[name])
    assert TWO_WAYS.findall(text) == []
    assert re.findall(r"[/()&;%]|\be\.g\.|\bi\.e\.|\betc\b|\s[–—]\s", text) == []
    assert set(re.findall(r"\b[A-Z]{2,}\b", text)) == set()


def test_nobody_is_told_that_it_was_reviewed() -> None:
    assert not {"review", "reviewed", "reviewer", "approval", "approved"} & set(leaflet())
    assert "review" not in LEAFLET.read_text(encoding="utf-8").lower()
