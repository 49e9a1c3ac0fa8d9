"""Zip files whose bytes depend on nothing but what they hold: fixed times, an order, no extra fields."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from audioleaflet.errors import PublishError

_DAWN = (1980, 1, 1, 0, 0, 0)  # the first time that a zip can tell (APPNOTE 4.4.6, MS-DOS time)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A file in a zip. ``content``: its bytes, or the file that has them. ``stored``: as it is, not made smaller."""

    name: str
    content: bytes | Path
    stored: bool = True


def write_zip(path: Path, entries: Iterable[Entry]) -> None:
    """Write ``entries`` to ``path``, in their order: whole, or not at all.

    A file that stands at ``path`` is exchanged for a new one, as it may be a link to that of another edition.
    Raises PublishError for a file that is missing.
    """
    part = path.with_name(f"{path.name}.part")
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as archive:
            for entry in entries:
                info = zipfile.ZipInfo(entry.name, _DAWN)
                info.create_system = 3  # Unix, so that the permissions count
                info.external_attr = 0o100644 << 16
                info.compress_type = zipfile.ZIP_STORED if entry.stored else zipfile.ZIP_DEFLATED
                archive.writestr(info, _bytes(entry.content))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _bytes(content: bytes | Path) -> bytes:
    if isinstance(content, bytes):
        return content
    try:
        return content.read_bytes()
    except FileNotFoundError as error:
        raise PublishError(f"{content} is missing", next_step="build the edition again") from error
