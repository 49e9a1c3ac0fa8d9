"""A leaflet file to a Leaflet: everything good at once, the rules of slugs, and no traceback for any bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audioleaflet.errors import ContentError, Origin
from audioleaflet.leaflet.lexicon import read_lexicon
from audioleaflet.leaflet.model import Block, Leaflet
from audioleaflet.leaflet.reader import is_language, make_identifier, read
from audioleaflet.settings import packaged_content

GOLDEN = Path(__file__).parents[1] / "golden"
EVERYTHING = GOLDEN / "leaflets" / "everything" / "en-GB.yaml"
MINIMAL = """\
title: Understanding bone metastasis
language: en-US
version: 1.0
sections:
  - id: symptoms
    title: Symptoms
    text: |
      Tell your care team.
"""


def leaflet_in(folder: Path, name: str = "leaflet.yaml", content: str = MINIMAL) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return path


def outcome(path: Path) -> tuple[object, ...]:
    """What the reader made of a file: sections or problems, never nothing, never another error."""
    try:
        return read(path).sections
    except ContentError as error:
        return error.problems


def words(blocks: tuple[Block, ...]) -> Iterator[str]:
    for block in blocks:
        for line in block.lines:
            yield from re.findall(r"\w+", line)
        for item in block.items:
            yield from words(item)


def test_a_leaflet_with_everything() -> None:
    leaflet = read(EVERYTHING, publisher="not this one")
    assert (leaflet.slug, leaflet.language, leaflet.version, leaflet.date) == (
        "everything",
        "en-GB",
        "2.0",
        "2026-01-31",
    )
    assert leaflet.identifier == "urn:uuid:0a7c1c6e-90c2-4a3e-b0b5-0b9e7f1a2c3d"
    assert (leaflet.title, leaflet.publisher) == ("Everything: a leaflet", "St Mary's Clinic")
    assert (leaflet.licence, leaflet.hotline) == ("CC-BY-4.0", "121")
    assert leaflet.contact == "Write to words@clinic.example or call 01632 960 001."
    assert leaflet.say == ("metastasis", "lymph node")
    assert [(source.title, source.date, source.url) for source in leaflet.sources] == [
        ("A page", "2021", "https://www.cancer.org"),
        ("A book", "", ""),
    ]
    assert leaflet.sources[1].origin.line == 15
    assert leaflet.summary is not None
    assert leaflet.summary.text == "Folded words, in two lines, with emphasis."
    assert leaflet.urgent is not None
    assert (leaflet.urgent.text, leaflet.urgent_after) == ("Call 999 (nhs.example).", "two")
    assert leaflet.notice is not None
    assert leaflet.notice.text == "No. It's not."
    assert leaflet.notice.origin == Origin(path=EVERYTHING, line=25)
    assert [(section.id, section.title) for section in leaflet.sections] == [("one", "One: first"), ("two", "2")]
    assert leaflet.sections[1].origin.line == 47
    assert [block.origin.line for block in leaflet.sections[0].blocks] == [30, 34, 41, 43]
    assert " ".join(words(leaflet.sections[0].blocks)) == (
        "A paragraph with bold and lean words and a link www cancer org a hard break here "
        "outer inner www cancer gov more of inner second of outer Last Typed by a word processor"
    )
    assert [entry.term for entry in leaflet.lexicon] == ["metastasis", "lymph node"]
    entry = leaflet.lexicon[0]
    assert (entry.ipa, entry.say, entry.meaning) == ("məˈtæs.tə.sɪs", "muh-TAS-tuh-sis", "cancer that has spread")
    assert entry.forms == (("metastases", "məˈtæs.təˌsiːz"),)
    assert entry.alias == (("gtts", "muh tass tuh sis"),)
    assert entry.origin.line == 53


def test_a_leaflet_with_little(tmp_path: Path) -> None:
    leaflet = read(leaflet_in(tmp_path), publisher="The library's")
    assert (leaflet.publisher, leaflet.identifier, leaflet.say, leaflet.hotline) == ("The library's", "", (), "")
    assert leaflet.summary is leaflet.urgent is leaflet.notice is None


def shipped() -> list[Path]:
    return sorted(packaged_content().glob("bone-metastasis/*.yaml"))


@pytest.mark.parametrize("path", shipped(), ids=[path.stem for path in shipped()])
def test_the_shipped_leaflet_reads(path: Path) -> None:
    leaflet: Leaflet = read(path)
    assert leaflet.slug == "bone-metastasis"
    assert leaflet.sections
    source = path.read_text(encoding="utf-8")
    for word in (word for section in leaflet.sections for word in words(section.blocks)):
        assert word in source


def test_the_shipped_lexicon_reads() -> None:
    assert len(read_lexicon(packaged_content() / "lexicon" / "en.yaml")) >= 80


@pytest.mark.parametrize(
    ("name", "language", "slug"),
    [
        ("bone/en.yaml", "en-US", "bone"),
        ("bone/en-us.yaml", "en-US", "bone"),
        ("bone/pt-BR.yaml", "pt-BR", "bone"),
        ("bone/haw.yaml", "haw", "bone"),
        ("flu.yaml", "en", "flu"),
        ("my-skin.yaml", "en", "my-skin"),
        ("no-sections.yaml", "en", "no-sections"),
    ],
)
def test_a_slug_is_the_folder_of_a_file_named_as_its_language(
    tmp_path: Path, name: str, language: str, slug: str
) -> None:
    path = leaflet_in(tmp_path, name, MINIMAL.replace("en-US", language))
    assert read(path).slug == slug
    assert is_language(path.stem, language) == (slug == "bone")


def test_a_slug_does_not_depend_on_how_the_path_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    leaflet_in(tmp_path, "bone/en.yaml")
    monkeypatch.chdir(tmp_path / "bone")
    assert read(Path("en.yaml")).slug == "bone"


@pytest.mark.parametrize("folder", ["Bone Metastasis", "con", "-", "b\u00f6se", "a" * 65])
def test_a_folder_that_is_no_slug_is_told(tmp_path: Path, folder: str) -> None:
    with pytest.raises(ContentError, match="the folder's name"):
        read(leaflet_in(tmp_path, f"{folder}/en.yaml"))


def test_an_identifier_is_made_from_slug_and_language_alone() -> None:
    assert make_identifier("a", "en") == make_identifier("a", "en")
    assert len({make_identifier("a", "en"), make_identifier("a", "fr"), make_identifier("b", "en")}) == 3
    assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", make_identifier("a", "en"))


def test_faults_of_fields_and_of_text_come_together(tmp_path: Path) -> None:
    content = MINIMAL.replace("version", "verzion").replace("Tell", "> Tell")
    with pytest.raises(ContentError) as raised:
        read(leaflet_in(tmp_path, content=content))
    assert [problem.code for problem in raised.value.problems] == ["MISSING", "UNKNOWN-KEY", "MARKDOWN"]


LINES = st.sampled_from(
    [
        *(
            "title: T",
            "title: a: b",
            "language: en",
            "language: no",
            "version: 1.0",
            "hotline: 121",
            "date: 2026-01-01",
        ),
        *(
            "say: [a, b]",
            "say:",
            "- metastasis",
            "summary: >",
            "  words",
            "notice: |",
            "urgent:",
            "  after: a",
            "  text: x",
        ),
        *(
            "sections:",
            "  - id: a",
            "    title: T",
            "    text: |",
            "      Words.",
            "      - item",
            "        - item",
            "",
        ),
        *(
            "      # no",
            "      \u2022 typed",
            "      [a](https://x.org)",
            "      1) a",
            "      `c`",
            "lexicon:",
            "  - term: a",
        ),
        *(
            "    ipa: \u02c8\u00e6",
            "    ipa: x",
            "    forms: {b: \u02c8\u00e6}",
            "sources: [{title: x}]",
            "x: &a [1]",
            "y: *a",
            "---",
        ),
        *(
            "\tz: 1",
            "\u00a0 z: 1",
            "identifier: urn:a:b",
            "'",
            '"',
            "? k",
            "{",
            "sections: {}",
            "sections: [[]]",
            "lexicon: x",
        ),
    ]
)
SHUFFLED = st.lists(LINES, max_size=40).map("\n".join)
EDITED = st.tuples(st.integers(0, 400), st.integers(0, 30), st.text(max_size=6))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.one_of(SHUFFLED.map(str.encode), st.binary(max_size=200), st.text(max_size=200).map(str.encode)))
def test_no_bytes_give_anything_but_a_leaflet_or_a_content_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "leaflet.yaml"
    path.write_bytes(content)
    assert outcome(path)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=st.lists(EDITED, min_size=1, max_size=4))
def test_nor_does_a_good_leaflet_that_was_damaged(tmp_path: Path, edits: list[tuple[int, int, str]]) -> None:
    content = EVERYTHING.read_text(encoding="utf-8")
    for start, length, text in edits:
        content = content[: start * 4] + text + content[start * 4 + length :]
    path = tmp_path / "leaflet.yaml"
    path.write_bytes(content.encode())
    assert outcome(path)
