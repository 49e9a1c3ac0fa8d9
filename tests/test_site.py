"""Web pages made by builds, and made again by ``audioleaflet site`` with no leaflet and no voice at hand."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest
from tests.editions import Library, Tones, choir, once, speak, stamps, tree, whole

from audioleaflet import cli, notices
from audioleaflet.book import manifest
from audioleaflet.errors import AudioleafletError, PublishError
from audioleaflet.publish import pages
from audioleaflet.publish.formats import PAGES, made
from audioleaflet.publish.library import Library as Facts

FACTS = Facts(title="Test library", publisher="Test Trust", base_url="", telephone="")
ON_THE_WEB = Facts(
    title="Test library", publisher="Test Trust", base_url="https://library.example/audio/", telephone="+1 555 0100"
)
TODAY = date(2026, 11, 22)
ALL = ("mp3", "transcript", "site", "feed")


@pytest.fixture(scope="session")
def sited_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library of one small leaflet with its edition and its page. Not to be changed."""

    def make(folder: Path) -> None:
        first = Library(folder)
        first.write(voices="tones:low")
        speak(first, formats=ALL)

    return once(tmp_path_factory, "sited", make)


@pytest.fixture
def sited(sited_once: Path, tmp_path: Path) -> Library:
    """The library of one small leaflet with its edition and its page, and its cache."""
    return Library(Path(shutil.copytree(sited_once, tmp_path / "library")))


def site(library: Library, *arguments: str) -> int:
    return cli.run(["site", "--output", str(library.output), "--library", str(library_yaml(library)), *arguments])


def library_yaml(library: Library) -> Path:
    return library.folder / "content" / "library.yaml"


def add_fact(library: Library, line: str) -> None:
    path = library_yaml(library)
    path.write_text(path.read_text(encoding="utf-8") + f"{line}\n", encoding="utf-8")


def test_a_build_makes_the_page_in_its_swap_and_the_book_lists_it(sited: Library) -> None:
    book = whole(sited.edition)
    assert made(book) == {"mp3", "transcript", "site"}
    paths = [file.path for file in book.files]
    assert {"index.html", "small-en-chapters.zip"} <= set(paths)
    assert book.pages_sha256 == pages.pages_sha256(FACTS)
    assert sited.left_over() == []


def test_the_pages_style_is_there_before_the_page(sited: Library) -> None:
    page = (sited.edition / "index.html").read_text(encoding="utf-8")
    assets = next((sited.output / "assets").iterdir())
    assert f"../../assets/{assets.name}/" in page


def test_with_an_address_there_is_a_feed(tones: Library) -> None:
    add_fact(tones, "base_url: https://library.example/audio")
    speak(tones, formats=ALL)
    assert {"feed.xml", "chapters.json"} <= {file.path for file in whole(tones.edition).files}
    assert site(tones) == 0
    assert "https://library.example/audio/small/en/small-en.mp3" in (tones.output / "feed.xml").read_text("utf-8")


@pytest.mark.parametrize("formats", [ALL, ("mp3", "transcript", "site")])
def test_the_page_names_the_feed_that_is_there(tones: Library, formats: tuple[str, ...]) -> None:
    add_fact(tones, "base_url: https://library.example/audio")
    speak(tones, formats=formats)
    named = "feed.xml" in (tones.edition / "index.html").read_text(encoding="utf-8")
    assert named is (tones.edition / "feed.xml").exists() is ("feed" in formats)


def test_no_page_is_made_where_none_was_asked_for(tones: Library) -> None:
    speak(tones, formats=("mp3",))
    assert made(whole(tones.edition)) == {"mp3"}
    assert not (tones.output / "assets").exists()
    assert manifest.load(tones.edition).pages_sha256 == ""


def test_a_page_is_added_to_an_edition_without_speaking_again(tones: Library) -> None:
    speak(tones, formats=("mp3",))
    before = tree(tones.edition)
    engine = speak(tones, formats=ALL)
    assert engine.spoken == []
    after = tree(tones.edition)
    assert {name: after[name] for name in before if name != "book.json"} == {
        name: before[name] for name in before if name != "book.json"
    }


def test_other_facts_of_the_library_renew_the_page_and_touch_nothing_else(sited: Library) -> None:
    before = stamps(sited.edition)
    add_fact(sited, "telephone: +1 555 0100")
    engine = Tones()
    built = sited.build(formats=ALL, engines=choir(engine))
    assert built.changed
    assert engine.spoken == []
    after = stamps(sited.edition)
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed - {".", "chapters"} == {"index.html", "book.json"}
    assert "555" in (sited.edition / "index.html").read_text(encoding="utf-8")
    assert not sited.build(formats=ALL, engines=choir(engine)).changed


def test_site_needs_neither_leaflet_nor_voice(tones: Library, capsys: pytest.CaptureFixture[str]) -> None:
    speak(tones, formats=("mp3", "transcript"))
    shutil.rmtree(tones.leaflet.parent)
    assert site(tones, "--json") == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["editions"] == answer["renewed"] == ["small/en"]
    assert "site" in made(whole(tones.edition))
    assert "small/en/" in (tones.output / "index.html").read_text(encoding="utf-8")


def test_site_again_writes_nothing(tones: Library, capsys: pytest.CaptureFixture[str]) -> None:
    add_fact(tones, "base_url: https://library.example")
    speak(tones, formats=ALL)
    assert site(tones) == 0
    capsys.readouterr()
    before = stamps(tones.output)
    assert site(tones, "--json") == 0
    assert json.loads(capsys.readouterr().out)["renewed"] == []
    after = stamps(tones.output)
    # Both folders hold a lock for a moment, so their own times change.
    assert {name: after[name] for name in after if name not in (".", "small")} == {
        name: before[name] for name in before if name not in (".", "small")
    }


def test_a_review_date_that_passes_is_told_by_the_next_site(sited: Library) -> None:
    approve = ["approve", str(sited.leaflet), "--by", "A. Nurse", "--role", "nurse", "--review-due"]
    assert cli.run([*approve, "2027-01-31"]) == 0
    sited.build(formats=ALL, engines=choir(Tones()))
    assert not pages.renew(sited.edition, FACTS, PAGES, today=date(2027, 1, 31))
    assert pages.renew(sited.edition, FACTS, PAGES, today=date(2027, 2, 1))
    assert "past its review date" in (sited.edition / "index.html").read_text(encoding="utf-8")


def test_a_damaged_edition_keeps_its_page_and_is_told(sited: Library, capsys: pytest.CaptureFixture[str]) -> None:
    chapter = next((sited.edition / "chapters").iterdir())
    chapter.write_bytes(b"")
    add_fact(sited, "telephone: +1 555 0100")
    before = tree(sited.edition)
    assert site(sited) == 1
    assert "small/en keeps its old page" in capsys.readouterr().err
    assert tree(sited.edition) == before


def test_an_edition_that_cannot_be_read_is_left_out_and_told(
    sited: Library, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = sited.output / "other" / "en"
    broken.mkdir(parents=True)
    (broken / "book.json").write_text("{}", encoding="utf-8")
    assert site(sited) == 1
    err = capsys.readouterr().err
    assert err.count("other/en is left out of the library") == 1
    assert "other/en" not in (sited.output / "index.html").read_text(encoding="utf-8")


def test_what_a_build_is_making_is_no_edition(sited: Library) -> None:
    shutil.copytree(sited.edition, sited.edition.with_name(".en.building"))
    assert [one.path for one in pages.editions(sited.output, pytest.fail)] == ["small/en"]


def test_an_empty_library_has_a_page_too(tmp_path: Path) -> None:
    assert pages.write_library(tmp_path / "audio", FACTS, today=TODAY, message=pytest.fail) == ()
    assert (tmp_path / "audio" / "index.html").is_file()


def test_a_feed_without_an_edition_in_it_is_taken_away(tones: Library) -> None:
    add_fact(tones, "base_url: https://library.example")
    speak(tones, formats=ALL)
    pages.write_library(tones.output, ON_THE_WEB, today=TODAY, message=pytest.fail)
    assert (tones.output / "feed.xml").is_file()
    shutil.rmtree(tones.edition)
    pages.write_library(tones.output, ON_THE_WEB, today=TODAY, message=pytest.fail)
    assert not (tones.output / "feed.xml").exists()
    assert "feed.xml" not in (tones.output / "index.html").read_text(encoding="utf-8")


def test_assets_stay_while_a_page_uses_them(sited: Library) -> None:
    old = sited.output / "assets" / "01234567"
    unused = sited.output / "assets" / "89abcdef"
    for folder in (old, unused):
        folder.mkdir()
    page = sited.edition / "index.html"
    page.write_text(page.read_text(encoding="utf-8") + "<!-- assets/01234567 -->", encoding="utf-8")
    pages.write_library(sited.output, FACTS, today=TODAY, message=pytest.fail)
    assert old.is_dir()
    assert not unused.exists()


def test_the_page_is_dropped_with_the_text_that_it_showed(sited: Library) -> None:
    sited.write("It is another text.", voices="tones:low")
    told: list[str] = []
    sited.build(formats=("mp3",), engines=choir(Tones()), told=told)
    assert made(whole(sited.edition)) == {"mp3"}
    assert any("dropped site, transcript" in line for line in told)


def test_a_withdrawal_reaches_the_page_and_the_list(sited: Library) -> None:
    assert site(sited) == 0
    notices.withdraw(
        sited.leaflet,
        by="A. Nurse",
        reason="A dose is wrong.",
        today=TODAY,
        output=sited.output,
        cache=sited.cache,
        engines=choir(Tones()),
    )
    for page in (sited.edition / "index.html", sited.output / "index.html"):
        assert "ithdrawn" in page.read_text(encoding="utf-8"), page
    assert "Bone is a living thing" not in (sited.edition / "index.html").read_text(encoding="utf-8")


def test_an_edition_that_was_taken_away_is_not_listed_any_longer(sited: Library) -> None:
    assert site(sited) == 0
    with pytest.raises(AudioleafletError):
        notices.withdraw(
            sited.leaflet,
            by="A. Nurse",
            reason="A dose is wrong.",
            today=TODAY,
            output=sited.output,
            cache=sited.cache,
            engines=choir(Tones(fails_at=1)),
        )
    assert not sited.edition.exists()
    assert "small/en" not in (sited.output / "index.html").read_text(encoding="utf-8")


def test_a_library_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "audio").write_text("a file", encoding="utf-8")
    with pytest.raises(AudioleafletError, match="is not a folder"):
        pages.write_library(tmp_path / "audio", FACTS, today=TODAY, message=pytest.fail)


def test_renewing_an_edition_that_is_not_whole(sited: Library) -> None:
    (sited.edition / "transcript.vtt").unlink()
    with pytest.raises(PublishError, match=r"transcript\.vtt is missing; build the leaflet again with --force"):
        pages.renew(sited.edition, ON_THE_WEB, PAGES, today=TODAY)


def test_a_web_site_that_is_there_already_is_left_alone(sited: Library, capsys: pytest.CaptureFixture[str]) -> None:
    theirs = sited.output / "assets" / "theirs"
    theirs.mkdir()
    (sited.output / "assets" / "89abcdef").mkdir()
    (theirs / "page.css").write_text("p {}", encoding="utf-8")
    assert site(sited) == 0
    assert not (sited.output / "assets" / "89abcdef").exists()
    page = sited.output / "index.html"
    page.write_text("<title>Our hospital</title>", encoding="utf-8")
    capsys.readouterr()
    assert site(sited) == 8
    assert f"{page} is in the way: it is not the page of a library; move it away" in capsys.readouterr().err
    assert page.read_text(encoding="utf-8") == "<title>Our hospital</title>"
    assert (theirs / "page.css").is_file()
