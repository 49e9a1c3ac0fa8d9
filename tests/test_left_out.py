"""Formats that cannot be made here: told before any work, or, with ``all``, left out and told."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.editions import Library, Tones, choir, speak, stamps, whole

from audioleaflet import cli, pipeline
from audioleaflet.book import manifest
from audioleaflet.errors import ContentError, PublishError
from audioleaflet.pipeline import Built, Reporter
from audioleaflet.publish.formats import made

MISSING = "braille is made by lou_translate, which is not on this computer; install liblouis"
SMALL = ("mp3", "transcript")


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for programs, with the few that are needed, and without a braille translator."""
    folder = tmp_path / "programs"
    folder.mkdir()
    for name in ("cat", "sed", "sh"):
        (folder / name).symlink_to(shutil.which(name) or f"/bin/{name}")
    monkeypatch.setenv("PATH", str(folder))
    return folder


def install(programs: Path, version: str = "1") -> None:
    """A translator that gives back what it gets; it has no sign for ☺."""
    path = programs / "lou_translate"
    path.write_text(
        f'#!/bin/sh\n[ $1 = --version ] && echo "{version}" && exit\nsed "s/☺/\'\\\\\\\\X263A\'/"\n', encoding="utf-8"
    )
    path.chmod(0o755)


def build(
    library: Library, formats: Sequence[str], engine: Tones, *, where_possible: bool = False
) -> tuple[Built, list[str]]:
    told: list[str] = []
    built = pipeline.build(
        library.leaflet,
        output=library.output,
        cache=library.cache,
        formats=formats,
        where_possible=where_possible,
        reporter=Reporter(message=told.append, progress=pipeline.SILENT.progress),
        engines=choir(engine),
    )
    return built, told


def test_what_is_asked_for_by_name_and_cannot_be_made_is_told_before_a_word_is_spoken(
    tones: Library, programs: Path
) -> None:
    engine = Tones()
    with pytest.raises(PublishError, match=MISSING):
        build(tones, [*SMALL, "braille"], engine)
    assert engine.spoken == []
    assert not tones.output.exists()


def test_an_edition_stays_where_a_format_cannot_be_added(tones: Library, programs: Path) -> None:
    speak(tones, formats=SMALL)
    before = stamps(tones.edition)
    with pytest.raises(PublishError, match=MISSING):
        build(tones, ["braille", "epub"], Tones())
    assert stamps(tones.edition) == before


def test_of_all_what_cannot_be_made_is_left_out_and_told(tones: Library, programs: Path) -> None:
    built, told = build(tones, [*SMALL, "epub", "braille"], Tones(), where_possible=True)
    assert made(built.book) == {*SMALL, "epub"}
    (line,) = told
    assert line.startswith(f"a format is left out: {MISSING}")
    install(programs)
    built, told = build(tones, [*SMALL, "epub", "braille"], Tones(), where_possible=True)
    assert made(whole(tones.edition)) == {*SMALL, "epub", "braille"}
    assert told == []


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("braille", "there is no braille for '☺' (U+263A) in '☺.'"),
        ("pdf", "the large print has no letters for 骨 (U+9AA8)"),
    ],
)
def test_a_character_that_cannot_be_shown_is_told_with_its_line(
    name: str, told: str, tones: Library, programs: Path
) -> None:
    install(programs)
    engine = Tones()
    tones.write("Bone is 骨." if name == "pdf" else "Bone is ☺.", voices="tones:low")
    with pytest.raises(ContentError) as error:
        build(tones, [*SMALL, name], engine)
    (problem,) = error.value.problems
    lines = tones.leaflet.read_text(encoding="utf-8").splitlines()
    line = next(at for at, text in enumerate(lines, 1) if "Bone is" in text)
    assert (problem.origin.path, problem.origin.line, problem.code) == (tones.leaflet, line, "NO-SIGN")
    assert problem.message == told
    assert "leave" in problem.next_step
    assert engine.spoken == []
    built, messages = build(tones, [*SMALL, name], engine, where_possible=True)
    assert made(built.book) == set(SMALL)
    assert told in " ".join(messages)


def test_braille_of_another_translator_is_made_again_and_stays_where_there_is_none(
    tones: Library, programs: Path
) -> None:
    install(programs)
    formats = [*SMALL, "braille"]
    build(tones, formats, Tones())
    first = whole(tones.edition)
    assert not build(tones, formats, Tones())[0].changed
    install(programs, "2")
    kept = stamps(tones.edition)
    assert build(tones, formats, Tones())[0].changed
    second = whole(tones.edition)
    name = "braille.program"
    assert first.reading_sha256[name] != second.reading_sha256[name]
    assert stamps(tones.edition)["small-en.brf"] == kept["small-en.brf"]  # its bytes are the same
    (programs / "lou_translate").unlink()
    assert not build(tones, formats, Tones())[0].changed
    assert not build(tones, ["mp3"], Tones())[0].changed
    assert cli.run(["publish", str(tones.edition), "--formats", "epub,braille"]) == 0
    assert whole(tones.edition).reading_sha256[name] == second.reading_sha256[name]


def test_doctor_tells_whether_braille_can_be_made(
    programs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AUDIOLEAFLET_CACHE", str(tmp_path / "cache"))
    assert cli.run(["doctor"]) == 0
    assert "lou_translate is not here: braille needs it (on Debian and Ubuntu" in capsys.readouterr().out
    install(programs, "lou_translate (Liblouis) 3.24.0")
    assert cli.run(["doctor"]) == 0
    assert "lou_translate (Liblouis) 3.24.0" in capsys.readouterr().out


def test_publish_makes_all_that_it_can_and_what_is_named_or_nothing(
    tones: Library, programs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    speak(tones, formats=SMALL)
    before = stamps(tones.edition)
    for where in ([], ["--to", str(tmp_path / "card")]):
        assert cli.run(["publish", str(tones.edition), "--formats", "epub,braille", *where]) == 6
        assert MISSING in capsys.readouterr().err
    assert stamps(tones.edition) == before
    for where in ([], ["--to", str(tmp_path / "card")]):
        assert cli.run(["publish", str(tones.edition), "--formats", "all", *where]) == 0
        told = capsys.readouterr()
        assert f"a format is left out: {MISSING}" in told.err
        assert "small-en.large-print.pdf" in told.out
        assert ".brf" not in told.out
    assert "braille" not in made(manifest.load(tones.edition))


def test_of_many_leaflets_the_one_that_failed_is_named(
    tones: Library, programs: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    tones.write()
    other = tones.folder / "content" / "other" / "en.yaml"
    other.parent.mkdir()
    shutil.copy(tones.leaflet, other)
    places = ["--output", str(tones.output), "--cache", str(tones.cache)]
    paths = [str(tones.leaflet), str(other)]
    assert cli.run(["build", *paths, *places, "--formats", "mp3,braille"]) == 1
    told = capsys.readouterr().err
    assert f"small/en: {MISSING}" in told
    assert f"other/en: {MISSING}" in told
    monkeypatch.setattr("audioleaflet.cli.build.FORMATS", ("mp3", "braille"))
    assert cli.run(["build", paths[0], *places, "--formats", "all"]) == 0
    assert f"small/en: a format is left out: {MISSING}" in capsys.readouterr().err


def test_a_build_tells_where_what_was_asked_for_is(
    library: Library, programs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    install(programs)
    places = ["--output", str(library.output), "--cache", str(library.cache)]
    assert cli.run(["build", str(library.leaflet), *places, "--formats", "mp3,braille,pdf"]) == 0
    told = capsys.readouterr().err
    assert f"braille  {library.edition / 'small-en.brf'}\n" in told
    assert f"print    {library.edition / 'small-en.large-print.pdf'}\n" in told
