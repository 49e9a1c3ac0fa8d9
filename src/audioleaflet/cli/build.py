"""``audioleaflet build``: leaflets in, editions out."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from audioleaflet.cli.answers import open_warnings, print_json, print_lines, problem_data
from audioleaflet.cli.options import CACHE, JSON, LEAFLETS, OUTPUT, VOICE, cache_folder, found_leaflets, today_here
from audioleaflet.errors import AudioleafletError, ContentError
from audioleaflet.publish.formats import DEFAULT, FORMATS, PAGE
from audioleaflet.publish.formats import made as formats_made
from audioleaflet.terminal import Stops, reporting, write

if TYPE_CHECKING:
    from audioleaflet.pipeline import Built


@click.command("build")
@LEAFLETS
@VOICE
@OUTPUT
@CACHE
@click.option(
    "--formats",
    default="",
    metavar="NAME,...",
    help=f"Of {', '.join((*FORMATS, 'all'))}; all is all that can be made here.  "
    f"[default: {', '.join(DEFAULT)}, and what the edition has]",
)
@click.option("--jobs", type=click.IntRange(min=1), help="How many things to do at once.  [default: the processors]")
@click.option("--force", is_flag=True, help="Make every file again.")
@JSON
def command(
    leaflets: tuple[str, ...],
    voice: str,
    output: Path,
    cache: Path | None,
    formats: str,
    jobs: int | None,
    force: bool,
    as_json: bool,
) -> int:
    """Make the audio editions of leaflets."""
    made: list[Built] = []
    failures: list[str] = []
    with Stops() as stops:
        from audioleaflet import pipeline

        _keep_memory()
        wanted = _formats(formats)
        paths = found_leaflets(leaflets)
        for path in paths:
            try:
                with reporting(_title(path), stops, quiet=as_json) as reporter:
                    built = pipeline.build(
                        path,
                        output=output,
                        cache=cache or cache_folder(),
                        voice=voice,
                        formats=wanted,
                        jobs=jobs,
                        force=force,
                        where_possible="all" in _names(formats),
                        reporter=reporter,
                    )
            except AudioleafletError as error:
                if len(paths) == 1:
                    raise
                failures.append(str(error) if isinstance(error, ContentError) else f"{_title(path)}: {error}")
                continue
            finally:
                stops.check()  # ffmpeg hears Ctrl-C too, and its end is no fault of the leaflet
            made.append(built)
            _tell(built, as_json=as_json)
    _write_library(made, wanted, output)
    if as_json:
        print_json([_summary(built) for built in made])
    for failure in failures:
        write(failure)
    if failures:
        write(f"audioleaflet: {len(failures)} of {len(paths)} leaflets were not built; their old editions stay")
    return 1 if failures else 0


def _write_library(made: Sequence[Built], wanted: Sequence[str] | None, output: Path) -> None:
    """The page that lists the editions, where one of them is new."""
    from audioleaflet.publish import pages

    shown = [built for built in made if "site" in formats_made(built.book)]
    if (wanted is None or "feed" in wanted) and any(not built.library.base_url for built in made):
        write(pages.NO_FEED)
    if shown and (any(built.changed for built in made) or not (output / PAGE).is_file()):
        pages.write_library(output, shown[-1].library, today=today_here(), message=write)


def _keep_memory() -> None:
    """Tell glibc not to give each freed clip back to the kernel: 70,000 page faults a book, 0.15 s.

    And tell Python that what is loaded by now will stay, before garbage is looked for again.
    """
    import ctypes

    gc.freeze()
    gc.enable()

    trim_threshold, mmap_threshold = -1, -3  # malloc.h
    with suppress(AttributeError, OSError, TypeError):  # another C library, another system
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(trim_threshold, 256_000_000)
        mallopt(mmap_threshold, 32_000_000)


def _names(formats: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in formats.split(",") if name.strip())


def _formats(names: str) -> tuple[str, ...] | None:
    chosen = _names(names)
    for name in chosen:
        if name not in (*FORMATS, "all"):
            raise click.UsageError(f"there is no format {name!r}; the formats are {', '.join((*FORMATS, 'all'))}")
    return FORMATS if "all" in chosen else chosen or None


def _title(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def _tell(built: Built, *, as_json: bool) -> None:
    from audioleaflet.leaflet.approval import explain

    if as_json:
        return
    book = built.book
    seconds = round(book.duration_ms / 1000)
    chapters = len(book.chapters)
    length = f"{chapters} chapter{'s' * (chapters != 1)}, {seconds // 60} min {seconds % 60} s"
    whole = next(file.path for file in book.files if file.path.endswith(".mp3") and "/" not in file.path)
    write(f"{book.title}: {length}, voice {book.voice.engine}:{book.voice.name}")
    write(f"  {book.status}")
    message, step = explain(built.standing)
    if message and book.withdrawn is None:
        write(f"  {message}; {step}")
    if warnings := open_warnings(built.problems):
        write(f"  {warnings}")
    write("  made now:" if built.changed else "  already up to date:")
    write(f"  listen   {built.folder / whole}   (any player; the chapters one by one are in chapters/)")
    for name in (PAGE, "transcript.html"):
        if any(file.path == name for file in book.files):
            write(f"  {'page' if name == PAGE else 'read'}     {built.folder / name}")
    for ends, word in ((".brf", "braille"), (".large-print.pdf", "print")):
        for file in book.files:
            if file.path.endswith(ends):
                write(f"  {word:8} {built.folder / file.path}")
    if "phone" in formats_made(book):
        library = built.folder.parent.parent
        elsewhere = "" if library == Path("audio") else f" --output {library}"
        write(f"  phone    audioleaflet hotline serve{elsewhere}")
    print_lines([str(built.folder)])


def _summary(built: Built) -> dict[str, Any]:
    from audioleaflet.leaflet.approval import explain

    book = built.book
    return {
        "slug": book.slug,
        "language": book.language,
        "title": book.title,
        "folder": str(built.folder),
        "changed": built.changed,
        "duration_ms": book.duration_ms,
        "chapters": len(book.chapters),
        "voice": f"{book.voice.engine}:{book.voice.name}",
        "status": book.status,
        "approval": {"state": built.standing.state, "message": explain(built.standing)[0]},
        "withdrawn": book.withdrawn.model_dump() if book.withdrawn else None,
        "problems": [problem_data(problem) for problem in built.problems],
        "files": [file.path for file in book.files],
    }
