"""``audioleaflet approve``: who checked a leaflet, written beside it."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import click

from audioleaflet.cli.answers import open_warnings, print_json, print_lines, problem_data
from audioleaflet.cli.options import JSON, OUTPUT, one_leaflet, today_here
from audioleaflet.terminal import write


def _day(_context: click.Context, _option: click.Parameter, text: str) -> date:
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text.strip()):  # fromisoformat takes 20270131 and weeks too
        try:
            return date.fromisoformat(text.strip())
        except ValueError:
            pass
    raise click.BadParameter(f"'{text}' is not a day; write year-month-day, as in 2027-01-31")


@click.command("approve")
@click.argument("leaflet")
@click.option("--by", required=True, metavar="NAME", help="Who checked it.")
@click.option("--role", required=True, metavar="ROLE", help="Their role, such as 'oncology nurse'.")
@click.option("--review-due", required=True, metavar="DATE", callback=_day, help="When to check again: 2027-01-31.")
@click.option("--scope", type=click.Choice(["wording", "sound"]), help="Only this.  [default: both]")
@OUTPUT
@JSON
def command(leaflet: str, by: str, role: str, review_due: date, scope: str | None, output: Path, as_json: bool) -> int:
    """Write down that a leaflet was checked: its wording, how it is read aloud, or both.

    The introduction, the pages and book.json of the next build say by whom and when. Readings of the lexicon that are
    approved in one leaflet count for all. It is told where the library holds no edition that sounds so.
    """
    from audioleaflet.house import near
    from audioleaflet.leaflet.approval import explain
    from audioleaflet.pipeline import edition_name, prepare
    from audioleaflet.proof.approval import SCOPES, Approver, approve, is_heard
    from audioleaflet.script.writer import wording

    path, today = one_leaflet(leaflet), today_here()
    prepared = prepare(path, today=today)
    approver = Approver(by=by, role=role, today=today, review_due=review_due)
    scopes = tuple(known for known in SCOPES if scope in (None, known))
    approved = approve(prepared.leaflet, prepared.script, prepared.lexicon, prepared.settings, approver, scopes=scopes)
    standing = prepare(path, today=today).standing
    edition = output / prepared.leaflet.slug / edition_name(prepared.leaflet)
    heard = is_heard(edition, prepared.leaflet, prepared.lexicon, prepared.settings, approved.fingerprint)
    message, step = explain(standing)
    files = [str(near(file)) for file in (approved.file, *approved.readings)]
    summary = {
        "title": prepared.leaflet.title,
        "version": prepared.leaflet.version,
        "scopes": list(scopes),
        "words": len(wording(prepared.script).split()),
        "sentences": len(approved.fingerprint.sentences),
        "readings": len(approved.fingerprint.readings),
        "wording_sha256": approved.fingerprint.wording,
        "script_sha256": approved.fingerprint.spoken,
        "state": standing.state,
        "message": message,
        "heard": heard,
        "problems": [problem_data(problem) for problem in prepared.problems],
        "files": files,
    }
    if as_json:
        print_json(summary)
        return 0
    write(f"{summary['title']}, version {summary['version']}: {' and '.join(scopes)} approved")
    write(f"  words {summary['words']}, utterances {summary['sentences']}, readings of terms {summary['readings']}")
    write(f"  wording {approved.fingerprint.wording[:8]}, script {approved.fingerprint.spoken[:8]}")
    write(f"  {message}; {step}" if message else f"  to be checked again by {standing.review_due}")
    if warnings := open_warnings(prepared.problems):
        write(f"  {warnings}")
    if "sound" in scopes and not heard:
        write(f"  no edition in {edition} sounds as the leaflet does now; if nobody has heard it, build it and listen")
    if standing.scopes:
        write("  build it again: its introduction tells who checked it")
    print_lines(files)
    return 0
