"""The downloads of an edition's page: what is offered, in which order, and what is told of each."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from tests.publish.site.conftest import (
    LIBRARY,
    TODAY,
    Written,
    find,
    text,
    texts,
    values,
    withdrawn_book,
    write,
)

from audioleaflet import phrases
from audioleaflet.errors import PublishError
from audioleaflet.publish.site.edition import edition_page
from audioleaflet.publish.site.files import size


def check_downloads(page: Written) -> list[str]:
    """Each link is to a file that is there, in the version that the book lists; its size is told truly."""
    files = {file.path: file for file in page.book.files}
    words = phrases.load_site("en")
    told = []
    for link in find(page.root, "//section[@id='downloads']//a"):
        address = urlsplit(link.get("href") or "")
        path = unquote(address.path)
        assert (page.folder / path).stat().st_size == files[path].bytes
        assert parse_qs(address.query) == {"v": [files[path].sha256[:12]]}
        assert link.get("download") is not None
        assert size(files[path].bytes, words) in text(link)
        told.append(path)
    return told


def test_downloads_in_their_order(real_page: Written) -> None:
    stem = "bone-metastasis-en"
    chapters = [chapter.audio for chapter in real_page.book.chapters]
    expected = [f"{stem}.mp3", *chapters, f"{stem}-chapters.zip", f"{stem}.m4b", "transcript.txt"]
    expected += [f"{stem}.epub", f"{stem}.daisy.zip", f"{stem}.audiobook"]
    assert check_downloads(real_page) == expected
    assert values(real_page.root, "//link[@rel='publication']/@href") == ["publication.json"]


def test_who_wants_each_format(real_page: Written) -> None:
    others = texts(real_page.root, "//section[@id='downloads']//a")[-3:]
    assert [re.sub(r"\d\.\d MB", "N MB", told) for told in others] == [
        "Text and sound in one book, EPUB, N MB. For reading apps such as Thorium Reader.",
        "Talking book, DAISY, N MB. For DAISY players such as Victor Reader. Unzip into its own folder.",
        "Recording with its contents, Readium, N MB. For apps that open Readium audiobooks.",
    ]


def test_what_a_download_tells(written: Written) -> None:
    check_downloads(written)
    assert texts(written.root, "//section[@id='downloads']//a") == [
        "The whole recording, MP3, 54 seconds, 2.3 MB",
        "Introduction, MP3, 17 seconds, 1 kB",
        "Chapter 1: What is bone metastasis? MP3, 37 seconds, 1 kB",
        f"All chapters in one file, ZIP, 54 seconds, {zip_size(written)}, needs an unzip app",
        "The whole recording with chapters, M4B, 54 seconds, 1.0 MB, for audiobook apps",
        "Transcript as text, TXT, 1 kB",
    ]


def zip_size(page: Written) -> str:
    return f"{round((page.folder / 'sample-en-chapters.zip').stat().st_size / 1000)} kB"


def test_what_an_edition_does_not_have_is_not_offered(written: Written) -> None:
    kept = tuple(file for file in written.book.files if not file.path.endswith((".m4b", ".zip", ".txt")))
    page = edition_page(written.book.model_copy(update={"files": kept}), LIBRARY, today=TODAY)
    bare = replace(written, html=page)
    assert check_downloads(bare) == ["sample-en.mp3", *(chapter.audio for chapter in written.book.chapters)]
    assert "transcript.txt" not in page


def test_a_recording_that_is_not_listed_is_told(written: Written) -> None:
    kept = tuple(file for file in written.book.files if file.path != "sample-en.mp3")
    with pytest.raises(PublishError, match="has no MP3 of the whole recording; build it again"):
        edition_page(written.book.model_copy(update={"files": kept}), LIBRARY, today=TODAY)


@pytest.mark.parametrize(
    ("count", "told"),
    [(1, "1 kB"), (1499, "1 kB"), (580_499, "580 kB"), (999_499, "999 kB"), (999_500, "1.0 MB"), (5_084_226, "5.1 MB")],
)
def test_sizes_in_thousands(count: int, told: str) -> None:
    assert size(count, phrases.load_site("en")) == told


def test_chapters_play_with_no_script(any_written: Written) -> None:
    listened = {file.path: file for file in any_written.book.files}["sample-en.mp3"]
    audio = f"sample-en.mp3?v={listened.sha256[:12]}"
    assert values(any_written.root, "//audio/@src") == [audio]
    expected = [f"{audio}#t={chapter.start_ms / 1000:g}" for chapter in any_written.book.chapters]
    assert values(any_written.root, "//section[@id='player']//ol//a/@href") == expected


def test_of_a_withdrawn_edition_there_is_its_notice_to_download(tmp_path: Path) -> None:
    assert len(check_downloads(write(withdrawn_book(), tmp_path / "edition"))) == 5
