"""Small libraries with telephone sound: real files of noise, described by real books and prompts."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from pathlib import Path

from audioleaflet.book import manifest, prompts
from audioleaflet.book.model import Approval, Book, Chapter, Check, Cue, Part, Prompt, Rendition, Voice, Withdrawn
from audioleaflet.book.prompts import Prompts
from audioleaflet.hotline.catalogue import RATES
from audioleaflet.hotline.editions import needed_prompts

HASH = "0" * 64
VOICE = Voice(engine="tones", name="a", version="1", rate_wpm=145)
EMERGENCY = {"en-US": "Call 911.", "en-GB": "Call 999."}  # the numbers of the packaged settings
CUES = ("c1", "c2", "c3")


def write_noise(path: Path, ms: int, seed: str) -> None:
    """A file of ``ms`` of µ-law noise, another for each ``seed``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(random.Random(seed).randbytes(ms * 8))


def cues(number: int, ms: int, names: Sequence[str] = CUES) -> tuple[Cue, ...]:
    """Cues that tile ``ms``, all but the last of the same length."""
    step = ms // len(names)
    ends = [*(step * place for place in range(1, len(names))), ms]
    return tuple(
        Cue(
            id=f"{number}-{name}",
            kind="sentence",
            role="text",
            begin_ms=end - step if place < len(names) - 1 else step * (len(names) - 1),
            speech_begin_ms=step * place,
            speech_end_ms=end,
            end_ms=end,
            text=f"Sentence {name} of chapter {number}.",
        )
        for place, (name, end) in enumerate(zip(names, ends, strict=True))
    )


def chapter(number: int, audio: str, ms: int) -> Chapter:
    """A chapter of three cues."""
    return Chapter(
        number=number, id=f"part-{number}", title=f"Part {number}", audio=audio, start_ms=0, duration_ms=ms,
        cues=cues(number, ms),
    )  # fmt: skip


def prompt(folder: Path, name: str, audio: str, *, ms: int = 60, cue: str = "", text: str = "") -> Prompt:
    """A prompt with its file. ``text``: what it says, its name if left out."""
    write_noise(folder / audio, ms, f"{folder} {name}")
    return Prompt(name=name, text=text or f"{name}.", audio=audio, duration_ms=ms, cues=(), cue=cue)


def approval(*, review_due: str, state: str = "approved") -> Approval:
    """An approval that ``state`` says still holds, or not."""
    check = {"by": "A nurse", "role": "nurse", "date": "2026-01-02", "review_due": review_due}
    return Approval(
        **check, state=state, scopes=("wording",), sound=Check(**check), changed_terms=(), changed_sentences=()
    )


def write_edition(
    output: Path,
    key: str = "small/en",
    *,
    title: str = "A small leaflet",
    language: str = "en-US",
    number: str = "",
    chapters: int = 3,
    rates: Iterable[str] = RATES,
    approved: Approval | None = None,
    withdrawn: bool = False,
    script: str = HASH,
    ms: int = 300,
) -> Book:
    """An edition of ``key`` in the library folder, with telephone sound at ``rates``, and one telephone number."""
    folder = output / key
    folder.mkdir(parents=True, exist_ok=True)
    numbers = range(1 if withdrawn else chapters)
    renditions = []
    for rate in rates:
        told = [chapter(one, f"phone/{rate}/{one:02}-part-{one}.ulaw", ms + 60 * one) for one in numbers]
        for one in told:
            write_noise(folder / one.audio, one.duration_ms, f"{key} {rate} {one.number} {script}")
        renditions.append(
            Rendition(name=f"phone-{rate}", rate_wpm=145, codec="ulaw", sample_rate=8000, chapters=tuple(told))
        )
    names = ["title", "publisher", "status", "choice", *(f"chapter-{one}" for one in numbers)]
    told_prompts = [prompt(folder, name, f"phone/prompts/{name}.ulaw") for name in names] if renditions else []
    if renditions and not withdrawn:
        told_prompts.append(prompt(folder, "number-1", "phone/prompts/number-1.ulaw", cue="1-c2"))
    (folder / "cover.png").write_bytes(b"cover")
    book = Book(
        identifier="urn:uuid:4f3c2c1e-52a4-4a53-9d57-0f6b8f2d1a10", slug=key.partition("/")[0], language=language,
        dir="ltr", title=title, version="1.0", publisher="Test Trust", licence="CC-BY-4.0", sources=(), contact="",
        notice="", urgent=None, approval=approved,
        withdrawn=Withdrawn(by="A nurse", reason="old", date="2026-01-02") if withdrawn else None,
        status="", modified="2026-01-02", cover="cover.png", voice=VOICE, script_sha256=script,
        wording_sha256=HASH, recipe_sha256=HASH, sample_rate=22050, duration_ms=1000, loudness_lufs=-18.0,
        true_peak_dbtp=-1.0, structure=tuple(Part(chapter=one, nodes=()) for one in numbers), terms=(),
        chapters=tuple(chapter(one, "cover.png", 600) for one in numbers), renditions=tuple(renditions),
        hotline=number, prompts=tuple(told_prompts), files=(),
    )  # fmt: skip
    return manifest.save(book, folder)


def write_prompts(output: Path, language: str = "en-US", *, without: Sequence[str] = ()) -> Prompts:
    """The prompts of a library, but for those of ``without``."""
    folder = prompts.folder_of(output, language)
    names = [name for name in needed_prompts(language) if name not in without]
    texts = {"emergency": EMERGENCY.get(language, "")}
    told = tuple(prompt(folder, name, f"{name}.ulaw", text=texts.get(name, "")) for name in names)
    library = Prompts(
        language=language, title="Test library", publisher="Test Trust", voice=VOICE, codec="ulaw", sample_rate=8000,
        recipe_sha256=HASH, prompts=told, files=(),
    )  # fmt: skip
    return prompts.save(library, folder)


def write_library(output: Path) -> Path:
    """A library of one edition and its prompts."""
    write_edition(output)
    write_prompts(output)
    return output
