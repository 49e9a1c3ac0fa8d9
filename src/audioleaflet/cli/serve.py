"""``audioleaflet serve``: the web library, over HTTP."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Literal

import click

from audioleaflet.cli.options import OUTPUT
from audioleaflet.errors import ConfigError
from audioleaflet.terminal import STOPPED, write

BIND = click.option("--bind", default="127.0.0.1:8000", show_default=True, metavar="HOST:PORT", help="Where to listen.")


@click.command("serve")
@OUTPUT
@BIND
@click.option(
    "--log", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Lines on stderr."
)
def command(output: Path, bind: str, form: Literal["text", "json"]) -> int:
    """Serve the web library to browsers and podcast apps.

    Only this computer reaches it unless --bind says otherwise. It keeps no address of a visitor and no page that was
    read: once an hour it tells totals.
    """
    from audioleaflet.bind import Bind

    if os.name != "posix":
        raise ConfigError(
            "serve opens files below an open folder, which this system cannot do",
            next_step="serve the same folder with any web server that knows byte ranges",
        )
    try:
        place = Bind.parse(bind)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    from audioleaflet.publish.site.server.counts import Log
    from audioleaflet.publish.site.server.run import serve

    ended_by = serve(output, place, log=Log(form, write))
    return STOPPED if ended_by is signal.SIGINT else 0
