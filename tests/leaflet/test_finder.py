"""Finding leaflets by slug, by path, and all at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from audioleaflet.errors import ConfigError
from audioleaflet.leaflet.finder import find, find_all


@pytest.fixture
def content(tmp_path: Path) -> Path:
    root = tmp_path / "content"
    for name in (
        *("library.yaml", "flu.yaml", "lexicon/en.yaml", "schema/leaflet.json", ".git/en.yaml"),
        *("bone/en.yaml", "bone/fr.yml", "bone/en.approval.yaml", "bone/notes.txt", "bone/.en.yaml"),
        *("asthma/en.yaml", "empty/README.md"),
    ):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("title: x\n")
    return root


def names(paths: tuple[Path, ...], root: Path) -> list[str]:
    return [path.relative_to(root).as_posix() for path in paths]


def test_all_leaflets(content: Path) -> None:
    assert names(find_all(content), content) == ["flu.yaml", "asthma/en.yaml", "bone/en.yaml", "bone/fr.yml"]
    assert find_all(content / "nowhere") == ()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("bone", ["bone/en.yaml", "bone/fr.yml"]),
        ("flu", ["flu.yaml"]),
        ("content/bone", ["bone/en.yaml", "bone/fr.yml"]),
        ("content/bone/fr.yml", ["bone/fr.yml"]),
        ("content", ["flu.yaml", "asthma/en.yaml", "bone/en.yaml", "bone/fr.yml"]),
        ("content/../content/asthma/", ["asthma/en.yaml"]),
    ],
)
def test_by_slug_or_path(content: Path, name: str, expected: list[str]) -> None:
    found = find(name, content, cwd=content.parent)
    assert names(tuple(path.resolve() for path in found), content) == expected


def test_a_slug_comes_before_a_folder_of_the_same_name(content: Path) -> None:
    (content.parent / "bone").mkdir()
    assert names(find("bone", content, cwd=content.parent), content) == ["bone/en.yaml", "bone/fr.yml"]


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("bones", "did you mean 'bone'"),
        ("zzz", "known are: asthma, bone, flu"),
        ("content/empty", "no leaflet in the folder"),
        ("lexicon", "no leaflet"),
        ("a\0b", "no leaflet"),
        ("", "no leaflet"),
    ],
)
def test_what_is_not_there(content: Path, name: str, says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        find(name, content, cwd=content.parent / "content" / "empty" if not name else content.parent)
