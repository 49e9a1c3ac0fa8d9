"""``audioleaflet voices``: what can speak."""

from __future__ import annotations

import click

from audioleaflet.cli.answers import print_json, print_lines
from audioleaflet.cli.options import JSON


@click.command("voices")
@click.option("--language", default="", help="Only voices of this language.")
@JSON
def command(language: str, as_json: bool) -> int:
    """List the voices, as engine:voice and language."""
    from audioleaflet.speech.voices import ENGINES, engine_of

    found = []
    for name in ENGINES:
        engine = engine_of(name)
        found += [voice for voice in engine.voices() if voice.language.lower().startswith(language.lower())]
        engine.close()
    if as_json:
        print_json([{"voice": str(voice), "language": voice.language} for voice in found])
    else:
        print_lines(f"{voice!s:32} {voice.language}" for voice in found)
    return 0
