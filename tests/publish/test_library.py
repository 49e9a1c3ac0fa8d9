from __future__ import annotations

import pytest
from tests.publish.feed.conftest import edition, with_files

from audioleaflet.errors import PublishError
from audioleaflet.publish.library import Listed, main_language, whole_recording


def listed(*languages: str) -> list[Listed]:
    return [Listed(book=edition(language=language), path=f"sample/{language}") for language in languages]


@pytest.mark.parametrize(
    ("languages", "main"),
    [((), "en"), (("fr",), "fr"), (("en-US", "fr", "fr"), "fr"), (("fr", "de"), "de")],
)
def test_a_library_speaks_as_most_of_its_editions(languages: tuple[str, ...], main: str) -> None:
    assert main_language(listed(*languages)) == main


def test_the_whole_recording_is_no_chapter_and_no_m4b() -> None:
    assert whole_recording(edition()).path == "sample-en.mp3"


def test_an_edition_without_one_is_told() -> None:
    with pytest.raises(PublishError, match="build it again"):
        whole_recording(with_files(edition(), without=("sample-en.mp3",)))
