"""The import rule of the house: a room imports only rooms before it in the flow."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.cases import check_each

PACKAGE = Path(__file__).resolve().parent.parent / "src" / "audioleaflet"
FLOOR = {
    "units",
    "errors",
    "bind",
    "log",
    "unitfile",
    "web",
    "digest",
    "cache",
    "document",
    "settings",
    "phrases",
    "sound",
}
ALLOWED = {
    "errors": {"units"},
    "units": set(),
    "bind": set(),
    "log": set(),
    "unitfile": {"errors"},
    "web": {"errors", "bind"},
    "digest": {"errors"},
    "cache": {"errors", "units"},
    "document": {"errors", "units"},
    "settings": {"errors", "units", "document"},
    "phrases": {"errors", "units", "document", "settings"},
    "sound": {"errors", "units"},
    "leaflet": FLOOR,
    "script": FLOOR | {"leaflet"},
    "speech": FLOOR | {"script.model"},
    "book": FLOOR | {"leaflet", "script", "speech"},
    "proof": FLOOR | {"leaflet", "script", "speech", "book"},
    "publish": FLOOR | {"book"},
    "hotline": FLOOR | {"book"},
}
SEE_EVERYTHING = {
    "__init__",
    "__main__",
    "pipeline",
    "preparation",
    "telephone",
    "cli",
    "saying",
    "house",
    "doctor",
    "terminal",
    "pronunciation",
    "notices",
    "remnant",
}
FILES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))


def room(file: str) -> str:
    return file.partition("/")[0].removesuffix(".py")


def imported(source: str, file: str) -> Iterator[str]:
    """Every module of this package that ``source`` imports, without the package's name; imports in functions too."""
    package = ["audioleaflet", *file.split("/")[:-1]]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *filter(None, [node.module])])
            names = [f"{module}.{alias.name}" for alias in node.names] if module == "audioleaflet" else [module]
        else:
            continue
        for name in names:
            if name.partition(".")[0] == "audioleaflet":
                yield name.partition(".")[2]


def strangers(source: str, file: str) -> list[str]:
    """The imports of a file that the rule does not allow."""
    here = room(file)
    allowed = {here, *ALLOWED[here]}
    return [
        name
        for name in imported(source, file)
        if not any(name == known or name.startswith(f"{known}.") for known in allowed)
    ]


def test_every_room_has_its_rule() -> None:
    assert {room(file) for file in FILES} == ALLOWED.keys() | SEE_EVERYTHING


def test_a_room_imports_only_rooms_before_it() -> None:
    def check(file: str) -> None:
        assert strangers((PACKAGE / file).read_text(encoding="utf-8"), file) == []

    check_each(((file,) for file in FILES if room(file) not in SEE_EVERYTHING), check)


@pytest.mark.parametrize(
    ("file", "source", "found"),
    [
        ("publish/transcript/text.py", "from audioleaflet.leaflet.model import Leaflet", "leaflet.model"),
        ("speech/engine.py", "from audioleaflet.script.writer import write", "script.writer"),
        ("script/writer.py", "def f():\n    import audioleaflet.speech.engine", "speech.engine"),
        ("leaflet/reader.py", "from audioleaflet import pipeline", "pipeline"),
        ("sound/mp3.py", "from ..book import model", "book"),
        ("cache.py", "from audioleaflet.settings import Settings", "settings"),
    ],
)
def test_the_rule_sees_each_form_of_import(file: str, source: str, found: str) -> None:
    assert strangers(source, file) == [found]


def test_its_own_room_may_be_imported() -> None:
    assert strangers("from . import text\nfrom audioleaflet.book.model import Book", "publish/transcript/page.py") == []
