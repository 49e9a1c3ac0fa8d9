from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from tests.publish.feed.conftest import LIBRARY, edition

from audioleaflet.errors import PublishError
from audioleaflet.publish.feed import write_edition_feed, write_library_feed
from audioleaflet.publish.feed.chapters import chapters_json
from audioleaflet.publish.feed.rss import edition_feed, library_feed
from audioleaflet.publish.library import Listed

EDITIONS = [Listed(book=edition(), path="sample/en")]


def test_an_edition_gets_its_feed_and_its_chapters(tmp_path: Path) -> None:
    write_edition_feed(edition(), tmp_path, LIBRARY)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["chapters.json", "feed.xml"]
    assert (tmp_path / "feed.xml").read_bytes() == edition_feed(edition(), LIBRARY)
    assert (tmp_path / "chapters.json").read_bytes() == chapters_json(edition())


def test_without_base_url_nothing_is_written(tmp_path: Path) -> None:
    nowhere = replace(LIBRARY, base_url="")
    with pytest.raises(PublishError, match="base_url"):
        write_edition_feed(edition(), tmp_path, nowhere)
    with pytest.raises(PublishError, match="base_url"):
        write_library_feed(EDITIONS, tmp_path, nowhere)
    assert [*tmp_path.iterdir()] == []


def test_a_library_gets_its_feed_and_a_cover_as_large_as_directories_ask_for(tmp_path: Path) -> None:
    write_library_feed(EDITIONS, tmp_path, LIBRARY)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cover.png", "feed.xml"]
    assert (tmp_path / "feed.xml").read_bytes() == library_feed(EDITIONS, LIBRARY, cover="cover.png")
    with Image.open(BytesIO((tmp_path / "cover.png").read_bytes())) as cover:
        assert cover.size == (1400, 1400)
