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
    """List the problems of leaflets, one a line: path:line: CODE message."""
    from audioleaflet.pipeline import prepare

    problems: list[Problem] = []
    paths = found_leaflets(leaflets)
    for path in paths:
        try:
            problems.extend(prepare(path).problems)
        except ContentError as error:
            problems.extend(error.problems)
    if as_json:
        print_json([problem_data(problem) for problem in problems])
    else:
        print_lines(map(str, problems))
        write(f"{len(paths)} checked, {len(problems)} problem{'s' * (len(problems) != 1)}")
    return 1 if problems else 0
