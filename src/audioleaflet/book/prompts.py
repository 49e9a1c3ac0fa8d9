"""``prompts.json``: what the telephone says for a whole library in one language, and the sounds that say it.

It stands in ``phone/<BCP 47 tag>/`` below the library folder, with its sounds beside it. Written as
``audioleaflet-prompts/1``; paths are relative to that folder.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal

from pydantic import ValidationError

from audioleaflet.book import manifest
from audioleaflet.book.edition import heal
from audioleaflet.book.model import File, LanguageTag, Prompt, Record, Sha256, Voice
from audioleaflet.errors import PublishError

FORMAT: Final = "audioleaflet-prompts/1"
NAME: Final = "prompts.json"
FOLDER: Final = "phone"
_LARGEST = 4_000_000  # a hundred prompts take 40 kB
_AGAIN = "build a leaflet of that language again with 'audioleaflet build --formats phone'"


class Prompts(Record):
    """The prompts of a library in one language. ``title`` and ``publisher`` are the library's.

    ``recipe_sha256`` covers all that the files depend on: words, voice, rates, codecs, versions.
    """

    format: Literal["audioleaflet-prompts/1"] = FORMAT
    language: LanguageTag
    title: str
    publisher: str
    voice: Voice
    codec: str
    sample_rate: int
    recipe_sha256: Sha256
    prompts: tuple[Prompt, ...]
    files: tuple[File, ...]


def folder_of(output: Path, language: str) -> Path:
    """Where the prompts of a library for a BCP 47 tag are, below its folder ``output``."""
    return output / FOLDER / language


def load(path: Path) -> Prompts:
    """The prompts in a folder, or in its ``prompts.json``.

    Raises PublishError where there are none, or they are damaged, too large, of another format, or lead outside.
    """
    file = path if path.name == NAME else path / NAME
    heal(file.parent.resolve())
    try:
        size = file.stat().st_size
        if size > _LARGEST:
            raise PublishError(f"{file} is {size} bytes long, too large for prompts", next_step=_AGAIN)
        content = file.read_bytes()
    except OSError as error:
        raise PublishError(f"cannot read {file}: {error.strerror}", next_step=_AGAIN) from error
    try:
        found = Prompts.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"])) or "the file"
        raise PublishError(
            f"{file} is not in the format {FORMAT}: {place}: {first['msg']}", next_step=_AGAIN
        ) from error
    if "format" not in found.model_fields_set:
        raise PublishError(f"{file} is not in the format {FORMAT}: format: Field required", next_step=_AGAIN)
    for name in (*(prompt.audio for prompt in found.prompts), *(one.path for one in found.files)):
        if not manifest.is_inside(name):
            raise PublishError(f"{file} names a path outside its folder: {name!r}", next_step=_AGAIN)
    return found


def save(prompts: Prompts, folder: Path) -> Prompts:
    """Write ``prompts.json`` into the folder of its sounds, and answer the prompts with ``files`` filled in."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != NAME)
    whole = prompts.model_copy(update={"files": tuple(manifest.describe(folder, paths))})
    (folder / NAME).write_text(whole.model_dump_json(indent=1) + "\n", encoding="utf-8")
    return whole


def whole(prompts: Prompts, folder: Path) -> bool:
    """Whether every file of the prompts is there with its size and its hash."""
    try:
        found = tuple(manifest.describe(folder, [folder / file.path for file in prompts.files]))
    except OSError:
        return False
    return found == prompts.files
