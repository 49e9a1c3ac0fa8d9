"""What a build makes: a whole book, and the same bytes from the same leaflet."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.conftest import Made
from tests.editions import REAL, Library, Tones, choir, environment, speak, stamps, tree, whole

from audioleaflet import pipeline

BOOK_FIELDS = (
    *("format", "identifier", "slug", "language", "dir", "title", "version", "publisher", "licence", "sources"),
    *("contact", "notice", "urgent", "approval", "modified", "cover", "voice", "script_sha256", "wording_sha256"),
    *("sample_rate", "duration_ms", "loudness_lufs", "true_peak_dbtp", "structure", "terms", "chapters"),
    *("renditions", "files"),
)
NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
CHAPTERS = (
    *("00-introduction", "01-what-is-it", "02-causes", "03-symptoms", "04-treatment", "05-complications"),
    "06-learn-more",
)


# The book


def test_book_json_has_every_field_of_the_design(real: Made) -> None:
    fields = json.loads((real.folder / "book.json").read_text(encoding="utf-8"))
    assert set(BOOK_FIELDS) <= fields.keys()
    assert fields["format"] == "audioleaflet-book/1"
    assert fields["voice"].keys() == {"engine", "name", "version", "rate_wpm"}
    assert fields["voice"]["engine"] == "espeak"
    assert "1.52" in fields["voice"]["version"]
    cue = fields["chapters"][3]["cues"][4]
    assert cue.keys() == {"id", "kind", "role", "begin_ms", "speech_begin_ms", "speech_end_ms", "end_ms", "text"}
    assert fields["chapters"][3].keys() == {"number", "id", "title", "audio", "start_ms", "duration_ms", "cues"}
    assert fields["terms"][0].keys() == {"term", "ipa", "respelling", "meaning", "cues"}
    empty = {name for name in BOOK_FIELDS if fields[name] in (None, "", [])}
    assert empty == {"approval", "renditions"}
    assert "No health professional has checked it" in fields["status"]


def test_every_utterance_has_its_cue_in_order(real: Made) -> None:
    script = pipeline.prepare(REAL).script
    assert [chapter.number for chapter in real.book.chapters] == list(range(7))
    for written, made in zip(script.chapters, real.book.chapters, strict=True):
        assert (written.number, written.id, written.title) == (made.number, made.id, made.title)
        assert [
            (utterance.id, utterance.kind, utterance.role, utterance.shown) for utterance in written.utterances
        ] == [(cue.id, cue.kind, cue.role, cue.text) for cue in made.cues]


def test_cues_tile_their_chapters_and_chapters_the_book(real: Made) -> None:
    start = 0.0
    for chapter in real.book.chapters:
        assert chapter.start_ms == pytest.approx(start, abs=1)
        assert chapter.cues[0].begin_ms == 0
        assert [cue.end_ms for cue in chapter.cues[:-1]] == [cue.begin_ms for cue in chapter.cues[1:]]
        assert chapter.cues[-1].end_ms == chapter.duration_ms
        for cue in chapter.cues:
            assert cue.begin_ms <= cue.speech_begin_ms < cue.speech_end_ms <= cue.end_ms
        start += chapter.duration_ms
    assert real.book.duration_ms == pytest.approx(start, abs=len(real.book.chapters))


def test_every_cue_is_named_once_and_the_structure_names_what_is_printed(real: Made) -> None:
    ids = [cue.id for chapter in real.book.chapters for cue in chapter.cues]
    assert len(ids) == len(set(ids))
    printed = [cue.id for chapter in real.book.chapters for cue in chapter.cues if cue.printed]
    named: list[str] = []
    for part in real.book.structure:
        waiting = list(reversed(part.nodes))
        while waiting:
            node = waiting.pop()
            named += [node.cue] if node.cue else []
            waiting += reversed(node.children)
    assert named == printed
    assert {cue for term in real.book.terms for cue in term.cues} <= set(ids)


def test_the_length_that_the_introduction_tells_is_right_within_15_percent(real: Made) -> None:
    told = next(cue.text for cue in real.book.chapters[0].cues if "minutes" in cue.text)
    count = told.split("About ", 1)[1].split(" minutes", 1)[0]
    minutes = int(count) if count.isdigit() else NUMBERS.index(count) + 1
    assert minutes * 60_000 == pytest.approx(real.book.duration_ms, rel=0.15)


def test_the_edition_is_whole_and_named_as_the_design_says(real: Made) -> None:
    assert whole(real.folder) == real.book
    expected = {f"chapters/bone-metastasis-en-{name}.mp3" for name in CHAPTERS}
    expected |= {"bone-metastasis-en.mp3", "bone-metastasis-en.m4b", "cover.png", "book.json", "script.json"}
    expected |= {f"transcript.{kind}" for kind in ("txt", "html", "vtt", "srt")}
    expected |= {"index.html", "bone-metastasis-en-chapters.zip", "publication.json"}
    expected |= {f"bone-metastasis-en.{kind}" for kind in ("epub", "daisy.zip", "audiobook")}
    assert tree(real.folder).keys() == expected
    assert sorted(path.name for path in real.folder.parent.iterdir()) == ["en"]


# The same bytes


def test_the_same_leaflet_gives_the_same_bytes(real: Made, tmp_path: Path) -> None:
    built = pipeline.build(REAL, output=tmp_path / "audio", cache=tmp_path / "cache", jobs=1)
    assert tree(built.folder) == tree(real.folder)
    assert built.book == real.book


def test_neither_the_process_nor_the_folder_nor_the_number_of_jobs_changes_a_byte(library: Library) -> None:
    found = []
    for number, jobs in enumerate(("1", "2", "3")):
        place = library.folder.parent / f"clone {number}"
        shutil.copytree(library.folder / "content", place / "content")
        (place / "here").mkdir()
        leaflet = place / "content/small/en.yaml" if number else Path("../content/small/en.yaml")
        command = [sys.executable, "-m", "audioleaflet", "build", str(leaflet)]
        command += ["--output", str(place / "audio"), "--cache", str(place / "cache"), "--jobs", jobs]
        seeded = {**environment(), "PYTHONHASHSEED": str(number)}
        subprocess.run(command, check=True, capture_output=True, cwd=place / "here", env=seeded)
        whole(place / "audio" / "small" / "en")
        found.append(tree(place / "audio"))
    made = {"index.html", *(f"small/en/{name}" for name in ("index.html", "small-en-chapters.zip", "small-en.m4b"))}
    assert made < found[0].keys()
    assert found[0] == found[1] == found[2]


def test_a_comment_in_the_leaflet_changes_nothing(tones: Library) -> None:
    speak(tones)
    before = stamps(tones.edition)
    text = tones.leaflet.read_text(encoding="utf-8")
    tones.leaflet.write_text(f"# A comment moves every line.\n\n{text}", encoding="utf-8")
    assert not tones.build(formats=("mp3", "transcript"), engines=choir(Tones())).changed
    assert stamps(tones.edition) == before
