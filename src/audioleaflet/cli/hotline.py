"""``audioleaflet hotline``: the library by telephone."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from audioleaflet.cli.options import OUTPUT
from audioleaflet.errors import ConfigError
from audioleaflet.terminal import STOPPED, write

if TYPE_CHECKING:
    from audioleaflet.bind import Bind
    from audioleaflet.settings import Settings

LIBRARY = click.option(
    "--library",
    "library_file",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="The library.yaml with the settings of the line.  [default: the one in content/]",
)
BIND = click.option(
    "--bind", default="127.0.0.1:5060", show_default=True, metavar="HOST:PORT", help="Where to listen (SIP over UDP)."
)
METRICS = click.option(
    "--metrics", default="", metavar="HOST:PORT", help="Tell figures there, for Prometheus; on this computer alone."
)
STATE = click.option(
    "--state",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the places of callers are kept.  [default: the user's state folder]",
)
LOG = click.option(
    "--log", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Lines on stderr."
)


def line_settings(library_file: Path | None) -> Settings:
    """The settings of the library whose line it is. Raises ContentError, ConfigError."""
    from audioleaflet.settings import load_settings, read_settings

    return read_settings(library_file) if library_file else load_settings(Path("content"), cwd=Path.cwd())


def parsed_bind(text: str) -> Bind:
    """An address to listen on. Raises click's UsageError."""
    from audioleaflet.bind import Bind

    try:
        return Bind.parse(text)
    except ValueError as error:
        raise click.UsageError(str(error)) from error


@click.group("hotline")
def command() -> None:
    """Let people hear the library by telephone.

    Leaflets need telephone sound first: 'audioleaflet build --formats phone'.
    """


@command.command("serve")
@LIBRARY
@OUTPUT
@BIND
@METRICS
@STATE
@LOG
def serve(
    library_file: Path | None, output: Path, bind: str, metrics: str, state: Path | None, form: Literal["text", "json"]
) -> int:
    """Answer calls over SIP, as a telephone exchange or a softphone makes them.

    Only this computer can call unless --bind says otherwise; then 'hotline.trunks' in library.yaml lists who may. It
    keeps no number of a caller and no key: it counts calls. The first Ctrl-C takes no new calls and lets those that
    go on end, the second ends them.
    """
    if os.name != "posix":
        raise ConfigError("'hotline serve' runs on Linux and the like", next_step="run it there, or in a container")
    from audioleaflet.hotline.running import Line, run
    from audioleaflet.log import Log

    line = Line(
        output=output,
        settings=line_settings(library_file),
        bind=parsed_bind(bind),
        metrics=parsed_bind(metrics) if metrics else None,
        state=state,
    )
    ended_by = run(line, log=Log(form, write))
    return STOPPED if ended_by is signal.SIGINT else 0


@command.command("twilio")
@LIBRARY
@OUTPUT
@click.option(
    "--bind", default="127.0.0.1:8080", show_default=True, metavar="HOST:PORT", help="Where to listen (HTTP)."
)
@STATE
@LOG
def twilio(
    library_file: Path | None, output: Path, bind: str, state: Path | None, form: Literal["text", "json"]
) -> int:
    """Answer calls that Twilio takes, over its voice webhooks.

    Put a proxy with HTTPS before it, write its address as 'hotline.public_url' in library.yaml, and give the auth token
    of the account in TWILIO_AUTH_TOKEN. It keeps no number of a caller and no key: it counts calls.
    """
    if os.name != "posix":
        raise ConfigError("'hotline twilio' runs on Linux and the like", next_step="run it there, or in a container")
    from audioleaflet.hotline.twilio.run import Setup, serve
    from audioleaflet.log import Log

    setup = Setup(output=output, settings=line_settings(library_file), bind=parsed_bind(bind), state=state)
    ended_by = serve(setup, environment=os.environ, log=Log(form, write))
    return STOPPED if ended_by is signal.SIGINT else 0


@command.command("asterisk")
@LIBRARY
@OUTPUT
@click.option(
    "--to", type=click.Path(path_type=Path, file_okay=False), required=True, metavar="DIR", help="Where to write it."
)
@click.option(
    "--formats",
    default="ulaw",
    show_default=True,
    metavar="LIST",
    help="Forms of the sounds, with commas: ulaw, alaw, wav. More than ulaw need 'hotline.codecs'.",
)
def asterisk(library_file: Path | None, output: Path, to: Path, formats: str) -> int:
    """Write a dialplan with its sounds, for an exchange that runs Asterisk.

    DIR then holds what to include in extensions.conf, the sounds, and a README that says how to install them.
    """
    from audioleaflet.hotline.asterisk.export import export, parsed_forms
    from audioleaflet.hotline.shelf import read

    try:
        forms = parsed_forms(formats)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    settings = line_settings(library_file)
    count = export(read(output, settings, write), settings.hotline, to, forms)
    write(f"{count} sounds ({', '.join(forms)}) and a dialplan in {to}; {to / 'README.md'} says how to install them")
    return 0
