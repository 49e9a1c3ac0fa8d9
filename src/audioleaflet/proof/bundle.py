"""A proof on the disk: a folder with the page and its sound, and one zip that unpacks into that folder."""

from __future__ import annotations

import os
import re
import shutil
import zipfile
from pathlib import Path

from audioleaflet.book.model import Book
from audioleaflet.errors import StorageError

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip can hold: the same input gives the same bytes."""


def name(book: Book, folder: Path) -> str:
    """What a proof is called, such as ``bone-metastasis-en-proof``. ``folder``: the edition's."""
    return f"{book.slug}-{folder.resolve().name}-proof"


def write_folder(page: str, book: Book, edition: Path, to: Path) -> Path:
    """Write ``<to>/<name>/<name>.html`` and the chapters' sound beside it, and answer the page's path.

    An earlier proof in that place is replaced as a whole. Raises StorageError, also where the place holds anything
    else, if only one file: it may be the signed sheet.
    """
    called = name(book, edition)
    folder, staging = to / called, to / f".{called}.writing"
    try:
        if folder.is_symlink() or (folder.exists() and not (folder / f"{called}.html").is_file()):
            raise StorageError(f"{folder} is in the way: it holds no proof", next_step="move it away, or use --to")
        _refuse_others(called, [one.relative_to(folder.parent).as_posix() for one in folder.rglob("*")], folder)
        shutil.rmtree(staging, ignore_errors=True)
        try:
            staging.mkdir(parents=True)
            (staging / f"{called}.html").write_text(page, encoding="utf-8")
            for chapter in book.chapters:
                (staging / chapter.audio).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(edition / chapter.audio, staging / chapter.audio)
            shutil.rmtree(folder, ignore_errors=True)
            staging.rename(folder)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    except OSError as error:
        raise _storage_error(folder, error) from error
    return folder / f"{called}.html"


def write_zip(folder: Path) -> Path:
    """Pack a proof's folder as ``<name>.zip`` beside it; it unpacks into a folder of that name.

    Stored, not deflated: MP3 does not shrink, and the bytes then depend on no version of a compressor. Names are
    sorted and times fixed. Raises StorageError, also where another file is in its place.
    """
    path = folder.with_name(f"{folder.name}.zip")
    staging = path.with_name(f".{path.name}.writing")
    try:
        if path.exists():
            _refuse_others(folder.name, _packed(path), path)
        try:
            with zipfile.ZipFile(staging, "w", zipfile.ZIP_STORED) as archive:
                for file in sorted(one for one in folder.rglob("*") if one.is_file()):
                    info = zipfile.ZipInfo(f"{folder.name}/{file.relative_to(folder).as_posix()}", _EPOCH)
                    info.create_system = 3  # Unix, also where this runs on another: it is what the next line means
                    info.external_attr = 0o644 << 16
                    archive.writestr(info, file.read_bytes())
            staging.replace(path)
        finally:
            staging.unlink(missing_ok=True)
    except OSError as error:
        raise _storage_error(path, error) from error
    return path


def _packed(path: Path) -> list[str]:
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.namelist()
    except zipfile.BadZipFile:
        return [path.name]


def _refuse_others(called: str, names: list[str], place: Path) -> None:
    """Raise StorageError for the first of ``names``, from the proof's folder on, that no proof has."""
    ours = re.compile(rf"{re.escape(called)}(/{re.escape(called)}\.html|/chapters(/[^/]+\.mp3)?)?/?")
    other = next((name for name in sorted(names) if not ours.fullmatch(name)), None)
    if other is not None:
        raise StorageError(
            f"{place} is in the way: {other} is no part of a proof", next_step="move it away, or use --to"
        )


def _storage_error(path: Path, error: OSError) -> StorageError:
    reason = error.strerror or os.strerror(error.errno or 0)
    return StorageError(f"cannot write {path}: {reason}", next_step="look at the disk, or use --to")
