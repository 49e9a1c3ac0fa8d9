"""What is made again from editions, and what goes with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from tests.editions import Library as Editions
from tests.editions import stamps, whole

from audioleaflet.errors import StorageError
from audioleaflet.publish import pages
from audioleaflet.publish.library import Library

TODAY = date(2026, 11, 22)
HERE = Library(title="", publisher="", base_url="https://one.example/", telephone="")
PRINT = "small-en.large-print.pdf"


@pytest.fixture
def edition(narrated: Editions) -> Path:
    """The edition of a small leaflet, in large print with the address of its library, and in EPUB."""
    assert pages.renew(narrated.edition, HERE, {"site", "epub", "pdf"}, today=TODAY)
    return narrated.edition


def test_large_print_goes_with_the_pages_where_the_library_has_moved(edition: Path) -> None:
    before, book = stamps(edition), whole(edition)
    assert pages.renew(edition, replace(HERE, base_url="https://two.example/"), {"site"}, today=TODAY)
    after = stamps(edition)
    assert (after[PRINT] == before[PRINT], after["small-en.epub"] == before["small-en.epub"]) == (False, True)
    assert whole(edition).reading_sha256["pdf"] != book.reading_sha256["pdf"]


def test_it_stays_with_the_same_facts_and_where_no_page_is_made(edition: Path) -> None:
    before = stamps(edition)
    assert not pages.renew(edition, HERE, {"site"}, today=TODAY)
    assert not pages.renew(edition, replace(HERE, base_url="https://two.example/"), {"epub"}, today=TODAY)
    assert stamps(edition)[PRINT] == before[PRINT]


def test_what_an_edition_has_not_is_not_added(narrated: Editions) -> None:
    assert pages.renew(narrated.edition, HERE, {"site"}, today=TODAY)
    assert not (narrated.edition / PRINT).exists()


def test_a_folder_that_cannot_be_written_is_told_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(pages, "locked", refuse)
    with pytest.raises(StorageError, match=r"cannot write to .*/audio: Permission denied"):
        pages.write_library(tmp_path / "audio", HERE, today=TODAY, message=print)
