from __future__ import annotations

from dataclasses import replace

import pytest
from tests.publish.conftest import write_sample
from tests.publish.feed.conftest import LIBRARY, edition

from audioleaflet.errors import PublishError
from audioleaflet.publish.feed.addresses import address, edition_path, feed_guid, web_folder


@pytest.mark.parametrize(
    ("feed", "guid"),
    [
        # the two examples of the standard
        ("https://podnews.net/rss", "9b024349-ccf0-5f69-a609-6b82873eab3c"),
        ("http://mp3s.nashownotes.com/pc20rss.xml", "917393e3-1b1e-5cef-ace4-edaa54e1f810"),
        ("https://podnews.net/rss//", "9b024349-ccf0-5f69-a609-6b82873eab3c"),
    ],
)
def test_a_feed_is_known_by_its_address(feed: str, guid: str) -> None:
    assert feed_guid(feed) == guid


@pytest.mark.parametrize(
    ("base_url", "folder"),
    [
        ("https://library.example/", "https://library.example/"),
        ("https://library.example", "https://library.example/"),
        ("https://Library.example:8443/audio/", "https://library.example:8443/audio/"),
        ("https://[2001:db8::1]:8000/a/", "https://[2001:db8::1]:8000/a/"),
        ("https://bücher.example/hör bücher/", "https://xn--bcher-kva.example/h%C3%B6r%20b%C3%BCcher/"),
        ("https://library.example/h%C3%B6r/~team/", "https://library.example/h%C3%B6r/~team/"),
    ],
)
def test_the_library_folder_is_an_address_in_ascii(base_url: str, folder: str) -> None:
    assert web_folder(replace(LIBRARY, base_url=base_url)) == folder


def test_without_base_url_there_is_a_next_step() -> None:
    with pytest.raises(PublishError, match=r"set 'base_url' in library\.yaml"):
        web_folder(replace(LIBRARY, base_url=""))


@pytest.mark.parametrize("base_url", ["https://a..b/", f"https://{'a' * 64}ü.example/", "https://a.example:99999/"])
def test_what_is_no_host_is_told(base_url: str) -> None:
    with pytest.raises(PublishError, match="is no web address"):
        web_folder(replace(LIBRARY, base_url=base_url))


def test_names_are_escaped_below_a_folder() -> None:
    assert address("https://a.example/", "a b?c#d", "é/f%.mp3") == "https://a.example/a%20b%3Fc%23d/%C3%A9/f%25.mp3"


def test_an_edition_lies_where_its_recording_is_named_after() -> None:
    assert edition_path(edition()) == "sample/en"


def test_an_edition_without_a_whole_recording_is_told() -> None:
    with pytest.raises(PublishError, match="no MP3 of the whole recording"):
        edition_path(write_sample())


def test_a_recording_of_another_name_is_told() -> None:
    with pytest.raises(PublishError, match=r"sample-en\.mp3 is not named after 'other'"):
        edition_path(edition(slug="other"))
