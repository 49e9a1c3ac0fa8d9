"""``audioleaflet service``: what keeps a server running, to be saved and looked through by the person who runs it."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from audioleaflet.cli.hotline import BIND as LINE
from audioleaflet.cli.hotline import LIBRARY, METRICS, line_settings, parsed_bind
from audioleaflet.cli.options import OUTPUT
from audioleaflet.cli.serve import BIND


@click.group("service")
def command() -> None:
    """Print what keeps a server running. Nothing is installed by it."""


@command.command("site")
@OUTPUT
@BIND
@click.option("--container", is_flag=True, help="A Containerfile, not a systemd unit.")
def site(output: Path, bind: str, container: bool) -> int:
    """Print a systemd unit for 'audioleaflet serve' that may do nothing but read the library and answer."""
    from audioleaflet.bind import Bind
    from audioleaflet.publish.site.server.service import Service, containerfile, unit

    try:
        place = Bind.parse(bind)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    service = Service(
        program=(sys.executable, "-m", "audioleaflet"),
        needs=_installation(),
        folder=output.resolve(),
        bind=place,
    )
    sys.stdout.write(containerfile(service) if container else unit(service))
    return 0


@command.command("hotline")
@LIBRARY
@OUTPUT
@LINE
@METRICS
@click.option("--container", is_flag=True, help="A Containerfile, not a systemd unit.")
def hotline(library_file: Path | None, output: Path, bind: str, metrics: str, container: bool) -> int:
    """Print a systemd unit for 'audioleaflet hotline serve' that may do nothing but read the library and answer calls.

    Whom it may exchange packets with are the trunks in library.yaml.
    """
    from audioleaflet.hotline.metrics import check_loopback
    from audioleaflet.hotline.service import Service, containerfile, unit

    figures = parsed_bind(metrics) if metrics else None
    if figures is not None:
        check_loopback(figures)
    service = Service(
        program=(sys.executable, "-m", "audioleaflet"),
        needs=_installation(),
        folder=output.resolve(),
        settings=line_settings(library_file),
        bind=parsed_bind(bind),
        metrics=figures,
    )
    sys.stdout.write(containerfile(service) if container else unit(service))
    return 0


def _installation() -> tuple[Path, ...]:
    """The folders that Python and this package are read from, besides those of the system, which are seen anyway."""
    import audioleaflet

    folders = (Path(sys.prefix), Path(sys.base_prefix), Path(audioleaflet.__file__).resolve().parents[1])
    found: list[Path] = []
    for folder in folders:
        if folder != Path("/usr") and not any(folder.is_relative_to(known) for known in found):
            found.append(folder)
    return tuple(found)
