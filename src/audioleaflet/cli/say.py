"""``audioleaflet say``: one text as a leaflet would say it."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from audioleaflet.cli.answers import print_lines
from audioleaflet.cli.options import JSON, VOICE, found_leaflets
from audioleaflet.terminal import write

if TYPE_CHECKING:
    from audioleaflet.leaflet.model import Entry


@click.command("say")
@click.argument("text", required=False)
@VOICE
@click.option("--language", default="en-US", show_default=True, help="The language of the text (BCP 47).")
@click.option("--print", "printed", is_flag=True, help="Print the words as they are spoken.")
@click.option("--ipa", is_flag=True, help="Print the phonemes.")
@JSON
@click.option("--leaflet", default="", metavar="LEAFLET", help="As this leaflet says it, with its own lexicon.")
@click.option("--to", type=click.Path(path_type=Path, dir_okay=False), help="Write a .wav or .mp3 file instead.")
def command(
    text: str | None, voice: str, language: str, printed: bool, ipa: bool, as_json: bool, leaflet: str, to: Path | None
) -> int:
    """Hear a text as a leaflet would say it. Without TEXT, each line of the standard input is said.

    With --ipa --json, each line is answered by one of JSON: every word with its IPA and who answered for it, a
    lexicon (leaflet, house), heteronym, dictionary, rule or engine.
    """
    from audioleaflet.saying import Saying
    from audioleaflet.settings import is_tag

    if not is_tag(language):
        raise click.UsageError(f"'{language}' is not a language tag such as en or en-US")
    if printed + ipa + (to is not None) > 1:
        raise click.UsageError("--print, --ipa and --to exclude each other")
    if as_json and not (printed or ipa):
        raise click.UsageError("--json goes with --print or --ipa")
    lines = [text] if text is not None else [line.rstrip("\r\n") for line in sys.stdin]
    own: tuple[Entry, ...] = ()
    if leaflet:
        language, own = _leaflet(leaflet)
    with Saying(language, voice, own=own) as saying:
        for sign in dict.fromkeys(sign for line in lines for sign in saying.unread(line)):
            write(f"how to say '{sign}' is not known; write it in words")
        if printed:
            print_lines(
                _json({"text": line, "words": saying.words(line)}) if as_json else saying.words(line) for line in lines
            )
        elif ipa and as_json:
            print_lines(_json([asdict(answer) for answer in saying.answers(line)]) for line in lines)
        elif ipa:
            print_lines(saying.ipa(line) for line in lines)
        elif to is not None:
            saying.write(lines, to)
            write(f"wrote {to}")
        else:
            saying.play(lines)
    return 0


def _leaflet(name: str) -> tuple[str, tuple[Entry, ...]]:
    """The language and the own lexicon of the leaflet that is meant."""
    from audioleaflet.leaflet.reader import read

    paths = found_leaflets((name,))
    if len(paths) > 1:
        raise click.UsageError(f"'{name}' has several languages; name one: {', '.join(map(str, paths))}")
    leaflet = read(paths[0])
    return leaflet.language, leaflet.lexicon


def _json(answer: object) -> str:
    return json.dumps(answer, ensure_ascii=False)
