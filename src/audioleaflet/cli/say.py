"""``audioleaflet say``: one text as a leaflet would say it."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from audioleaflet.cli.answers import print_lines
from audioleaflet.cli.options import VOICE
from audioleaflet.terminal import write


@click.command("say")
@click.argument("text", required=False)
@VOICE
@click.option("--language", default="en-US", show_default=True, help="The language of the text (BCP 47).")
@click.option("--print", "printed", is_flag=True, help="Print the words as they are spoken.")
@click.option("--ipa", is_flag=True, help="Print the phonemes.")
@click.option("--to", type=click.Path(path_type=Path, dir_okay=False), help="Write a .wav or .mp3 file instead.")
def command(text: str | None, voice: str, language: str, printed: bool, ipa: bool, to: Path | None) -> int:
    """Hear a text as a leaflet would say it. Without TEXT, each line of the standard input is said."""
    from audioleaflet.saying import Saying

    if printed + ipa + (to is not None) > 1:
        raise click.UsageError("--print, --ipa and --to exclude each other")
    lines = [text] if text is not None else [line.rstrip("\r\n") for line in sys.stdin]
    with Saying(language, voice) as saying:
        if printed:
            print_lines(saying.words(line) for line in lines)
        elif ipa:
            print_lines(saying.ipa(line) for line in lines)
        elif to is not None:
            saying.write(lines, to)
            write(f"wrote {to}")
        else:
            saying.play(lines)
    return 0
