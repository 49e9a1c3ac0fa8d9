"""liblouis: the braille translator of the free desktop, run as its program ``lou_translate``, a line of text a line.

On PyPI there is no liblouis, so it is a package of the system (Debian: ``liblouis-bin``).
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from audioleaflet.errors import PublishError
from audioleaflet.settings import narrowing

PROGRAM: Final = "lou_translate"
LONGEST: Final = 1000
"""Characters of a line. The program cuts a line where it or its braille reaches 2,048."""
_ASCII: Final = "en-us-brf.dis"  # North American Braille ASCII
_SECONDS: Final = 60
_TABLE_PATH: Final = "LOUIS_TABLEPATH"  # folders, parted by commas, that liblouis looks into before its own
_INCLUDE: Final = re.compile(rb"^[ \t]*include[ \t]+(\S+)", re.MULTILINE)
_INSTALL: Final = (
    "install liblouis (on Debian and Ubuntu: 'apt install liblouis-bin liblouis-data'), "
    "or leave braille out of --formats"
)


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of a language by their names in liblouis."""

    contracted: str
    uncontracted: str


# Unified English Braille is that of Britain and North America alike. A language stands here once its braille has been
# held against its words, as tests do for English.
_TABLES: Mapping[str, Tables] = MappingProxyType({"en": Tables("en-ueb-g2.ctb", "en-ueb-g1.ctb")})


def tables(language: str) -> Tables:
    """The tables for a BCP 47 tag, looked up from narrow to wide. Raises PublishError."""
    found = next((_TABLES[tag] for tag in narrowing(language) if tag in _TABLES), None)
    if found is None:
        raise PublishError(
            f"there is no braille yet for the language {language!r}",
            next_step=f"braille is made for {', '.join(_TABLES)}; leave it out of --formats",
        )
    return found


def translate(table: str, lines: Sequence[str], *, backward: bool = False) -> list[str]:
    """Each line as cells in braille ASCII (0x20 to 0x5F), or ``backward``: cells as text.

    A character that braille has no sign for becomes ``'\\X…'``, its number in hexadecimal. Raises PublishError.
    """
    if not lines:
        return []
    # The program reads a backslash as the beginning of an escape, in text and in cells.
    given = "".join(line.replace("\\", "\\\\") + "\n" for line in lines)
    done = _run(["--backward" if backward else "--forward", f"{_ASCII},{table}"], given)
    answered = done.stdout.decode("utf-8", "replace").split("\n")[:-1]
    # It ends with 0 even where it finds no table.
    if done.returncode or len(answered) != len(lines):
        told = done.stderr.decode("utf-8", "replace").split("\n")[0].strip()
        reason = told or f"it gave {len(answered)} lines of {len(lines)}"
        raise PublishError(f"{PROGRAM} did not translate with {table}: {reason}", next_step=_INSTALL)
    if backward:
        return answered
    # The display table writes letters small. BRF is the 64 characters with capitals; a` to ~ are the same cells.
    cells = ["".join(chr(ord(char) - 32) if "`" <= char <= "~" else char for char in line) for line in answered]
    odd = next((char for line in cells for char in line if not " " <= char <= "_"), "")
    if odd:
        raise PublishError(f"{PROGRAM} answered with {odd!r}, which is no braille", next_step=_INSTALL)
    return cells


def program() -> str:
    """The path of the program. Raises PublishError where it is not installed."""
    path = shutil.which(PROGRAM)
    if path is None:
        raise PublishError(f"braille is made by {PROGRAM}, which is not on this computer", next_step=_INSTALL)
    return path


def identity() -> str:
    """A SHA-256 of the program's version and of all its tables that are used here; "" where it is not installed.

    Tables that cannot be found as files are told apart by the version alone. Raises PublishError.
    """
    if shutil.which(PROGRAM) is None:
        return ""
    digest = hashlib.sha256(_run(["--version"], "").stdout)
    for content in _contents():
        digest.update(content)
    return digest.hexdigest()


def installed() -> str:
    """The program's name and version as it tells them; "" where it is not installed. Raises PublishError."""
    if shutil.which(PROGRAM) is None:
        return ""
    return _run(["--version"], "").stdout.decode("utf-8", "replace").split("\n")[0].strip()


def _contents() -> list[bytes]:
    """What stands in the tables, and in those that they include."""
    own = Path(program()).resolve().parent.parent / "share" / "liblouis" / "tables"
    folders = [*(Path(folder) for folder in os.environ.get(_TABLE_PATH, "").split(",") if folder), own]
    names = [_ASCII, *(name for pair in _TABLES.values() for name in (pair.contracted, pair.uncontracted))]
    found: dict[str, bytes] = {}
    while names:
        name = names.pop()
        file = next((folder / name for folder in folders if (folder / name).is_file()), None)
        if file is not None and name not in found:
            found[name] = file.read_bytes()
            names += [included.decode("utf-8", "replace") for included in _INCLUDE.findall(found[name])]
    return [found[name] for name in sorted(found)]


def _run(args: Sequence[str], given: str) -> subprocess.CompletedProcess[bytes]:
    path = program()
    try:
        return subprocess.run([path, *args], input=given.encode(), capture_output=True, timeout=_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise PublishError(f"{PROGRAM} did not finish in {_SECONDS} seconds", next_step="try again") from error
    except OSError as error:
        raise PublishError(f"{PROGRAM} does not start: {error.strerror} ({path})", next_step=_INSTALL) from error
