"""The command line: one function a command. Only here does anything print an answer or exit.

stdout is data, stderr is progress and messages. Exit 0: done; 1: problems in the content; 2: wrong usage; 3 and up: the
class of the error (see errors.py); 130: stopped by Ctrl-C.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from audioleaflet.errors import AudioleafletError, ConfigError, ContentError, Problem
from audioleaflet.terminal import Stops, reporting, write

if TYPE_CHECKING:
    from audioleaflet.pipeline import Built

_FORMATS = ("mp3", "m4b", "transcript", "all")
_LEAFLETS = click.argument("leaflets", nargs=-1, metavar="[LEAFLET]...")
_JSON = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
_VOICE = click.option("--voice", default="", metavar="ENGINE:VOICE", help="This voice and no other.")


def main() -> None:
    """Run the command line and exit."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    # numpy starts a thread a processor for matrices that we do not have: 0.07 s of every command that loads it.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    gc.disable()  # loading makes 100,000 objects that stay; looking through them for garbage is a tenth of a start
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command and answer its exit code."""
    try:
        status = _commands.main(list(arguments), prog_name="audioleaflet", standalone_mode=False)
        sys.stdout.flush()
    except AudioleafletError as error:
        write(str(error) if isinstance(error, ContentError) else f"audioleaflet: {error}")
        return error.exit_code
    except click.exceptions.Exit as exit_:
        return exit_.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        write("audioleaflet: stopped; every edition is whole, as it was or new")
        return 130
    except BrokenPipeError:  # the reader of our answer has gone, as with '| head'
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return status if isinstance(status, int) else 0


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="audioleaflet", prog_name="audioleaflet")
def _commands() -> None:
    """Turn written patient leaflets into narrated audiobooks with chapters and a transcript.

    LEAFLET is a name under content/, or the path of a leaflet file or folder. Without one, all leaflets under
    content/ are meant.
    """


@_commands.command()
@_LEAFLETS
@_VOICE
@click.option("--output", type=click.Path(path_type=Path, file_okay=False), default="audio", show_default=True)
@click.option(
    "--cache",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="AUDIOLEAFLET_CACHE",
    help="Where clips are kept.  [default: the user's cache folder]",
)
@click.option("--formats", default="all", show_default=True, metavar="NAME,...", help=f"Of {', '.join(_FORMATS)}.")
@click.option("--jobs", type=click.IntRange(min=1), help="How many things to do at once.  [default: the processors]")
@click.option("--force", is_flag=True, help="Make every file again.")
@_JSON
def build(
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
    failures: list[AudioleafletError] = []
    with Stops() as stops:
        from audioleaflet import pipeline

        _keep_memory()
        wanted = _formats(formats)
        paths = _found(leaflets)
        for path in paths:
            try:
                with reporting(_title(path), stops, quiet=as_json) as reporter:
                    built = pipeline.build(
                        path,
                        output=output,
                        cache=cache or _cache_folder(),
                        voice=voice,
                        formats=wanted,
                        jobs=jobs,
                        force=force,
                        reporter=reporter,
                    )
            except AudioleafletError as error:
                if len(paths) == 1:
                    raise
                failures.append(error)
                continue
            finally:
                stops.check()  # ffmpeg hears Ctrl-C too, and its end is no fault of the leaflet
            made.append(built)
            _tell(built, as_json=as_json)
    if as_json:
        _print_json([_summary(built) for built in made])
    for failure in failures:
        write(str(failure))
    if failures:
        write(f"audioleaflet: {len(failures)} of {len(paths)} leaflets were not built; their old editions stay")
    return 1 if failures else 0


@_commands.command()
@_LEAFLETS
@_JSON
def check(leaflets: tuple[str, ...], as_json: bool) -> int:
    """List the problems of leaflets, one a line: path:line: CODE message."""
    from audioleaflet.pipeline import prepare

    problems: list[Problem] = []
    paths = _found(leaflets)
    for path in paths:
        try:
            problems.extend(prepare(path).problems)
        except ContentError as error:
            problems.extend(error.problems)
    if as_json:
        _print_json([_problem(problem) for problem in problems])
    else:
        _print(map(str, problems))
        write(f"{len(paths)} checked, {len(problems)} problem{'s' * (len(problems) != 1)}")
    return 1 if problems else 0


@_commands.command()
@click.argument("leaflet")
@_JSON
def script(leaflet: str, as_json: bool) -> int:
    """Show what will be said: every line as a reader sees it and, where it differs, as it is spoken."""
    from audioleaflet.pipeline import prepare
    from audioleaflet.script.print import as_data, as_lines

    scripts = [prepare(path).script for path in _found((leaflet,))]
    if as_json:
        _print_json([as_data(script) for script in scripts])
    else:
        _print(line for script in scripts for line in as_lines(script))
    return 0


@_commands.command()
@click.argument("text", required=False)
@_VOICE
@click.option("--language", default="en-US", show_default=True, help="The language of the text (BCP 47).")
@click.option("--print", "printed", is_flag=True, help="Print the words as they are spoken.")
@click.option("--ipa", is_flag=True, help="Print the phonemes.")
@click.option("--to", type=click.Path(path_type=Path, dir_okay=False), help="Write a .wav or .mp3 file instead.")
def say(text: str | None, voice: str, language: str, printed: bool, ipa: bool, to: Path | None) -> int:
    """Hear a text as a leaflet would say it. Without TEXT, each line of the standard input is said."""
    from audioleaflet.saying import Saying

    if printed + ipa + (to is not None) > 1:
        raise click.UsageError("--print, --ipa and --to exclude each other")
    lines = [text] if text is not None else [line.rstrip("\r\n") for line in sys.stdin]
    with Saying(language, voice) as saying:
        if printed:
            _print(saying.words(line) for line in lines)
        elif ipa:
            _print(saying.ipa(line) for line in lines)
        elif to is not None:
            saying.write(lines, to)
            write(f"wrote {to}")
        else:
            saying.play(lines)
    return 0


@_commands.command()
@click.option("--language", default="", help="Only voices of this language.")
@_JSON
def voices(language: str, as_json: bool) -> int:
    """List the voices, as engine:voice and language."""
    from audioleaflet.speech.voices import ENGINES, engine_of

    found = []
    for name in ENGINES:
        engine = engine_of(name)
        found += [voice for voice in engine.voices() if voice.language.lower().startswith(language.lower())]
        engine.close()
    if as_json:
        _print_json([{"voice": str(voice), "language": voice.language} for voice in found])
    else:
        _print(f"{voice!s:32} {voice.language}" for voice in found)
    return 0


@_commands.command()
@click.option("--online", is_flag=True, help="Also ask Google whether gTTS is reachable.")
@_JSON
def doctor(online: bool, as_json: bool) -> int:
    """Tell what is installed, what is missing and how to get it."""
    from audioleaflet.doctor import examine

    findings = examine(cache=_cache_folder(), online=online)
    if as_json:
        _print_json([{"part": one.part, "ok": one.ok, "message": one.message} for one in findings])
    else:
        _print(f"{'ok     ' if one.ok else 'MISSING'}  {one.part:14} {one.message}" for one in findings)
    return 0 if all(one.ok for one in findings) else ConfigError.exit_code


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


def _found(leaflets: tuple[str, ...]) -> list[Path]:
    from audioleaflet.leaflet.finder import find, find_all

    content = Path("content")
    paths = [path for name in leaflets for path in find(name, content)] if leaflets else [*find_all(content)]
    if not paths:
        raise ConfigError(
            "there is no leaflet under content/",
            next_step="name a leaflet file, or go to the folder that holds content/",
        )
    return list(dict.fromkeys(paths))


def _formats(names: str) -> tuple[str, ...]:
    chosen = tuple(name.strip() for name in names.split(",") if name.strip())
    for name in chosen:
        if name not in _FORMATS:
            raise click.UsageError(f"there is no format {name!r}; the formats are {', '.join(_FORMATS)}")
    return _FORMATS[:-1] if "all" in chosen or not chosen else chosen


def _cache_folder() -> Path:
    from platformdirs import user_cache_path

    named = os.environ.get("AUDIOLEAFLET_CACHE")
    return Path(named) if named else user_cache_path("audioleaflet", appauthor=False)


def _title(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def _tell(built: Built, *, as_json: bool) -> None:
    if as_json:
        return
    book = built.book
    seconds = round(book.duration_ms / 1000)
    length = f"{len(book.chapters)} chapters, {seconds // 60} min {seconds % 60} s"
    whole = next(file.path for file in book.files if file.path.endswith(".mp3") and "/" not in file.path)
    write(f"{book.title}: {length}, voice {book.voice.engine}:{book.voice.name}")
    write(f"  {book.status}")
    write("  made now:" if built.changed else "  already up to date:")
    write(f"  listen   {built.folder / whole}   (any player; the chapters one by one are in chapters/)")
    if any(file.path == "transcript.html" for file in book.files):
        write(f"  read     {built.folder / 'transcript.html'}")
    _print([str(built.folder)])


def _summary(built: Built) -> dict[str, Any]:
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
        "files": [file.path for file in book.files],
    }


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "path": str(problem.origin.path),
        "line": problem.origin.line,
        "code": problem.code,
        "message": problem.message,
        "next_step": problem.next_step,
        "severity": problem.severity,
    }


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        sys.stdout.write(f"{line}\n")


def _print_json(answer: Any) -> None:
    sys.stdout.write(json.dumps(answer, ensure_ascii=False, indent=1) + "\n")
