"""The command line: one file a command. Only in this room does anything print an answer or exit.

stdout is data, stderr is progress and messages. Exit 0: done; 1: problems in the content; 2: wrong usage; 3 and up: the
class of the error (see errors.py); 130: stopped by Ctrl-C. A command is a file named in ``COMMANDS`` that holds a
``command``.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module

import click

from audioleaflet.errors import AudioleafletError, ContentError
from audioleaflet.terminal import STOPPED, write

COMMANDS = (
    "build",
    "check",
    "script",
    "publish",
    "site",
    "serve",
    "hotline",
    "service",
    "proof",
    "verify",
    "approve",
    "withdraw",
    "say",
    "lexicon",
    "voices",
    "doctor",
)


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
        return STOPPED
    except BrokenPipeError:  # the reader of our answer has gone, as with '| head'
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return status if isinstance(status, int) else 0


class _Commands(click.Group):
    """Each command's file is read when the command is wanted."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click asks for it)
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"audioleaflet.cli.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="audioleaflet", prog_name="audioleaflet")
def _commands() -> None:
    """Turn written patient leaflets into narrated audiobooks with chapters and a transcript.

    LEAFLET is a name under content/, or the path of a leaflet file or folder. Without one, all leaflets under
    content/ are meant.
    """
