"""What keeps the line running: a systemd unit, and a Containerfile."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from audioleaflet import unitfile
from audioleaflet.bind import Bind
from audioleaflet.errors import ConfigError
from audioleaflet.settings import Settings

NAME = "audioleaflet-hotline"
_HERE = Path(__file__).parent
_PRIVILEGED = 1024  # ports below it need a right of their own
_FIGURES = Bind(host="127.0.0.1", port=9101)


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """``program``: how this installation is started, its first word an absolute path.

    ``needs``: the folders that it is read from. ``folder``: the library's, absolute. ``settings``: from the
    ``library.yaml`` of the line. ``metrics``: where figures are told, if anywhere.
    """

    program: Sequence[str]
    needs: Sequence[Path]
    folder: Path
    settings: Settings
    bind: Bind
    metrics: Bind | None


def unit(service: Service) -> str:
    """A systemd unit that may read the library and answer those who may call.

    Raises ConfigError for a path that it cannot hold, and where nobody may call.
    """
    library = service.settings.path.resolve()
    return unitfile.rendered(
        _HERE / "hotline.service.in",
        {
            "name": NAME,
            "command": unitfile.command((*service.program, *_options(service, library, Path("/var/lib") / NAME))),
            "visible": unitfile.bound((*service.needs, service.folder, *_apart(library, service))),
            "privileged": 0 < service.bind.port < _PRIVILEGED,
            "networks": " ".join(_networks(service)),
            "minutes": service.settings.hotline.limits.minutes + 1,
        },
    )


def containerfile(service: Service) -> str:
    """A Containerfile for an image of this version, built in the folder of its source. Raises ConfigError."""
    tuple(_networks(service))  # who may call is asked of a container too
    figures = service.metrics or _FIGURES
    inside = ("hotline", "serve", "--library", "/settings/library.yaml", "--output", "/library", "--state", "/state")
    listening = ("--bind", str(service.bind), "--metrics", str(figures), "--log", "json")
    check = (
        "import urllib.request as r; "
        f"assert b'_editions 0' not in r.urlopen('http://{figures}/metrics', timeout=5).read()"
    )
    return unitfile.rendered(
        _HERE / "Containerfile.in",
        {
            "name": NAME,
            "command": json.dumps(["audioleaflet", *inside, *listening]),
            "check": json.dumps(["python", "-c", check]),
            "folder": shlex.quote(str(service.folder)),
            "library": shlex.quote(str(service.settings.path.resolve())),
            "minutes": service.settings.hotline.limits.minutes + 1,
        },
    )


def _options(service: Service, library: Path, state: Path) -> tuple[str, ...]:
    places = ("--library", str(library), "--output", str(service.folder), "--state", str(state))
    figures = ("--metrics", str(service.metrics)) if service.metrics else ()
    return ("hotline", "serve", *places, "--bind", str(service.bind), *figures, "--log", "json")


def _apart(library: Path, service: Service) -> tuple[Path, ...]:
    """The settings' file, unless it lies in a folder that is seen anyway."""
    return () if any(library.is_relative_to(folder) for folder in (*service.needs, service.folder)) else (library,)


def _networks(service: Service) -> Iterator[str]:
    """Whom the kernel lets packets come from and go to: this computer, the trunks, and where these want their sound."""
    trunks = service.settings.hotline.trunks
    if not service.bind.loopback and not trunks:
        raise ConfigError(
            f"other computers can reach {service.bind}, and no 'trunks' in {service.settings.path} say which of them "
            "may call",
            next_step="name your telephone exchange there, as hotline: {trunks: [{address: 192.0.2.10}]}",
        )
    yield "localhost"
    if not service.bind.loopback:
        networks = [str(network) for trunk in trunks for network in (trunk.address, *trunk.media)]
        yield from dict.fromkeys(networks)
