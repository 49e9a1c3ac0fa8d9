"""What keeps the server running: a systemd unit, and a Containerfile."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from audioleaflet import unitfile
from audioleaflet.bind import Bind

_PRIVILEGED = 1024  # ports below it need a right of their own
_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """``program``: how this installation is started, its first word an absolute path.

    ``needs``: the folders that it is read from. ``folder``: the library's, absolute.
    """

    program: Sequence[str]
    needs: Sequence[Path]
    folder: Path
    bind: Bind


def unit(service: Service) -> str:
    """A systemd unit that may read the library, and answer. Raises ConfigError for a path that it cannot hold."""
    options = ("serve", "--output", str(service.folder), "--bind", str(service.bind), "--log", "json")
    return unitfile.rendered(
        _HERE / "site.service.in",
        {
            "command": unitfile.command((*service.program, *options)),
            "visible": unitfile.bound((*service.needs, service.folder)),
            "privileged": 0 < service.bind.port < _PRIVILEGED,
            "loopback": service.bind.loopback,
        },
    )


def containerfile(service: Service) -> str:
    """A Containerfile for an image of this version, built in the folder of its source."""
    inside = Bind(host="0.0.0.0", port=8000)  # noqa: S104 (inside the container; its network decides who reaches it)
    check = f"import urllib.request as r; r.urlopen('http://127.0.0.1:{inside.port}/healthz', timeout=5)"
    return unitfile.rendered(
        _HERE / "Containerfile.in",
        {
            "command": json.dumps(
                ["audioleaflet", "serve", "--output", "/library", "--bind", str(inside), "--log", "json"]
            ),
            "check": json.dumps(["python", "-c", check]),
            "port": inside.port,
            "bind": service.bind,
            "folder": shlex.quote(str(service.folder)),
        },
    )
