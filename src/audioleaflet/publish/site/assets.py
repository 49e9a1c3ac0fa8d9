"""``assets/<digest>/``: styles, scripts and icon of all pages, under a name that changes whenever one of them does.

So a page and the files it was written for never mix, and a browser may keep them for ever.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from functools import lru_cache
from pathlib import Path

_STATIC = Path(__file__).with_name("static")


@lru_cache(maxsize=1)
def assets_name() -> str:
    """``assets/<8 hexadecimal digits>``, inside the library: a digest of the names and bytes of all files there."""
    digest = hashlib.sha256()
    for path in _files():
        content = path.read_bytes()
        digest.update(f"{path.name}\0{len(content)}\0".encode())
        digest.update(content)
    return f"assets/{digest.hexdigest()[:8]}"


def write_assets(output: Path) -> None:
    """Put the assets into the library folder ``output``, if they are not there yet; older ones stay for older pages.

    The folder appears whole or not at all.
    """
    folder = output / assets_name()
    if folder.is_dir():
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    staging = folder.with_name(f".{folder.name}.{os.getpid()}")
    try:
        staging.mkdir()
        for path in _files():
            shutil.copyfile(path, staging / path.name)
        staging.rename(folder)
    except OSError:
        if not folder.is_dir():  # another process was first: its files are the same
            raise
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _files() -> list[Path]:
    return sorted(path for path in _STATIC.iterdir() if path.suffix in (".css", ".js", ".svg"))
