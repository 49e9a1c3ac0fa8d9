"""Every file in tests/golden/malformed has its problems beside it, word for word.

``AUDIOLEAFLET_REWRITE=1 python -m pytest tests/leaflet/test_malformed.py`` writes the expectations anew; read the
difference before you keep it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from audioleaflet.document import CODES
from audioleaflet.errors import ContentError
from audioleaflet.leaflet.lexicon import read_lexicon
from audioleaflet.leaflet.reader import read
from audioleaflet.settings import read_settings

FOLDER = Path(__file__).parents[1] / "golden" / "malformed"
FILES = sorted(FOLDER.glob("*.yaml"))


def problems_of(path: Path) -> list[str]:
    """``line: CODE message (next step)`` for each problem of a leaflet, lexicon or library file, by its name."""
    readers: dict[str, Callable[[Path], object]] = {"lexicon": read_lexicon, "library": read_settings}
    reader = readers.get(path.stem.split("-")[0], read)
    with pytest.raises(ContentError) as raised:
        reader(path)
    for problem in raised.value.problems:
        assert problem.code in CODES
        assert problem.origin.path == path
        assert problem.next_step, f"no next step: {problem}"
    found = [str(problem).removeprefix(str(path)).removeprefix(":") for problem in raised.value.problems]
    return [line if line[0].isdigit() else f"0: {line.strip()}" for line in found]


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_malformed_file(path: Path) -> None:
    expected = path.with_suffix(".txt")
    found = problems_of(path)
    if os.environ.get("AUDIOLEAFLET_REWRITE"):
        expected.write_text("\n".join(found) + "\n", encoding="utf-8", newline="\n")
    assert found == expected.read_text(encoding="utf-8").splitlines()


def test_there_are_enough() -> None:
    assert len(FILES) >= 45


def test_every_code_of_a_file_is_shown() -> None:
    shown = {line.split()[1] for path in FILES for line in path.with_suffix(".txt").read_text("utf-8").splitlines()}
    elsewhere = {"UNREADABLE", "TOO-LARGE", "NOT-UTF8", "BINARY"}  # bytes that are no text: tests/test_document.py
    together = {"UNKNOWN-TERM", "NO-PHRASES", "NO-VOICE", "SUMMARY"}  # tests/leaflet/test_checks.py
    together |= {"URGENT", "NO-SUMMARY"}  # tests/leaflet/test_urgency.py
    together |= {
        "INTRODUCTION",
        "DATE-ORDER",
        "UNREAD",
        "SILENT",
    }  # tests/script/test_checks.py, tests/script/test_writer.py, tests/script/verbalizer/test_unread.py
    together |= {"NO-SIGN"}  # tests/test_left_out.py
    together |= {"APPROVAL", "WITHDRAWN"}  # tests/test_approve.py, tests/test_withdraw.py
    together |= {"XML", "PLS", "ALPHABET", "NOT-TAKEN"}  # tests/leaflet/test_pls.py
    together |= {"HETERONYM", "WORD"}  # tests/pronunciation/test_checks.py
    assert shown == set(CODES) - elsewhere - together
