"""``audioleaflet check``: the problems of leaflets."""

from __future__ import annotations

import click

from audioleaflet.cli.answers import print_json, print_lines, problem_data
from audioleaflet.cli.options import JSON, LEAFLETS, found_leaflets
from audioleaflet.errors import ContentError, Problem
from audioleaflet.terminal import write


@click.command("check")
@LEAFLETS
@JSON
def command(leaflets: tuple[str, ...], as_json: bool) -> int:
    """List the problems of leaflets, one a line: path:line: CODE message.

    Errors and warnings end with exit code 1; notes are for an editor to look at, and do not.
    """
    from audioleaflet.pipeline import prepare
    from audioleaflet.pronunciation.checks import check

    problems: list[Problem] = []
    paths = found_leaflets(leaflets)
    for path in paths:
        try:
            prepared = prepare(path)
            words = check(prepared.leaflet, prepared.lexicon, prepared.phrases, prepared.settings)
            problems.extend(sorted((*prepared.problems, *words), key=lambda problem: problem.origin.line))
        except ContentError as error:
            problems.extend(error.problems)
    notes = sum(problem.severity == "note" for problem in problems)
    if as_json:
        print_json([problem_data(problem) for problem in problems])
    else:
        print_lines(map(str, problems))
        write(f"{len(paths)} checked, {_count(len(problems) - notes, 'problem')}, {_count(notes, 'note')}")
    return 1 if len(problems) > notes else 0


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"
