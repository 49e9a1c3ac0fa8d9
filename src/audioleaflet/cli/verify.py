"""``audioleaflet verify``: listen to editions, and tell whether every word is there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from audioleaflet.cli.answers import print_json, print_lines
from audioleaflet.cli.options import JSON, OUTPUT, one_leaflet
from audioleaflet.errors import ConfigError
from audioleaflet.terminal import Stops, reporting
from audioleaflet.units import Ms, ms_to_clock

if TYPE_CHECKING:
    from audioleaflet.leaflet.model import Leaflet
    from audioleaflet.proof.verify.model import CueResult, Finding, Report

CHAPTERS = "chapters"


@click.command("verify")
@click.argument("books", nargs=-1, metavar="[BOOK]...", type=click.Path(path_type=Path))
@OUTPUT
@click.option(
    "--rendition",
    default="",
    metavar="NAME",
    help="Listen to this alone: chapters, phone-slow, phone-normal, phone-fast, prompts or library-prompts.",
)
@click.option(
    "--leaflet",
    default="",
    metavar="LEAFLET",
    help="The leaflet of the one BOOK: every line of it must be in the script.",
)
@click.option("--jobs", type=click.IntRange(min=1), help="How many processes listen.  [default: the processors]")
@JSON
def command(
    books: tuple[Path, ...], output: Path, rendition: str, leaflet: str, jobs: int | None, as_json: bool
) -> int:
    """Listen to the sound of editions: is every sentence there, at its time, with the words that matter?

    BOOK is an edition's folder or its book.json; without one, every edition under --output is meant. Its chapters are
    heard, and what it has for the telephone: every rate, its prompts, and those of its library. A line tells each
    fault: chapter, cue, time, what was expected, what was heard. Exit 1: something is wrong. The whole sound is heard
    once for its sentences, then each negation, number, unit and digit is held against what it must not have been.
    """
    if leaflet and len(books) != 1:
        raise click.UsageError("--leaflet goes with one BOOK")
    reports: list[Report] = []
    with Stops() as stops:
        from audioleaflet.proof.verify import verify, verify_all

        written = _leaflet(leaflet) if leaflet else None
        for folder in _folders(books, output):
            with reporting(f"{folder.parent.name}/{folder.name}", stops, quiet=as_json) as reporter:
                made: tuple[Report, ...]
                if rendition:
                    name = "" if rendition == CHAPTERS else rendition
                    made = (verify(folder, rendition=name, leaflet=written, jobs=jobs, progress=reporter.progress),)
                else:
                    heard = {Path(report.folder) for report in reports}
                    made = verify_all(folder, leaflet=written, jobs=jobs, heard=heard, progress=reporter.progress)
                for report in made:
                    for note in report.notes:
                        reporter.message(note)
            reports += made
            if not as_json:
                print_lines(line for report in made for line in _lines(report))
    if as_json:
        print_json([report.as_data() for report in reports])
    return 1 if any(report.failed for report in reports) else 0


def _folders(books: tuple[Path, ...], output: Path) -> list[Path]:
    folders = [book.parent if book.name == "book.json" else book for book in books]
    if not books:
        folders = sorted(path.parent for path in output.glob("*/*/book.json") if not path.parent.name.startswith("."))
    if not folders:
        raise ConfigError(f"there is no edition under {output}", next_step="build one with 'audioleaflet build'")
    return [folder.resolve() for folder in folders]


def _leaflet(name: str) -> Leaflet:
    from audioleaflet.pipeline import prepare

    return prepare(one_leaflet(name)).leaflet


def _lines(report: Report) -> Iterator[str]:
    """A line a fault, in the order of speech, then what was not judged, then the totals."""
    for finding in report.findings:
        yield _finding(finding)
    for cue in report.cues:
        yield from _cue(cue)
    for cue in report.cues:
        if cue.unknown:
            where = _where(cue.chapter, cue.id, cue.begin_ms)
            yield f"{where}  not judged: no pronunciation of {', '.join(cue.unknown)}"
    totals = report.totals()
    yield (
        f"{report.title}{f', {report.rendition}' if report.rendition else ''}: "
        + (f"{totals['found']} of {totals['cues']} cues found, " if report.recognised else "words not listened to, ")
        + f"{totals['choices'] - totals['choices_wrong'] - totals['choices_undecided']} of {totals['choices']} words "
        + f"that matter right, {totals['choices_undecided'] + totals['undecided']} undecided, "
        + f"{totals['findings']} faults measured, {len(report.failed_cues())} cues failed"
    )


def _cue(cue: CueResult) -> Iterator[str]:
    where = _where(cue.chapter, cue.id, cue.begin_ms)
    if cue.state == "missing":
        yield f"{where}  missing: expected '{cue.expected}', heard '{cue.heard}'"
    elif cue.state == "undecided":
        yield f"{where}  undecided: expected '{cue.expected}', heard '{cue.heard}'"
    for choice in cue.choices:
        if choice.state != "right":
            heard = f"'{choice.twin}'" if choice.twin else "nothing"
            yield f"{where}  {choice.state}: expected '{choice.written}', heard {heard}, in '{cue.expected}'"


def _finding(finding: Finding) -> str:
    return f"{_where(finding.chapter, finding.cue, finding.begin_ms)}  {finding.code}: {finding.message}"


def _where(chapter: int, cue: str, begin_ms: int) -> str:
    return f"{chapter:02}  {cue or '-':8}  {ms_to_clock(Ms(begin_ms))}"
