"""What keeps the server running: a systemd unit, and a Containerfile."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from audioleaflet.errors import ConfigError
from audioleaflet.publish.site.server.bind import Bind

_PRIVILEGED = 1024  # ports below it need a right of their own
_BARE = re.compile(r"[A-Za-z0-9_./:@=+,\[\]-]+")
_HOMES = ("/home", "/root", "/run/user")


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
    return _render(
        "site.service",
        {
            "command": " ".join(_word(part.replace("$", "$$")) for part in (*service.program, *options)),
            "visible": " ".join(_bound(path) for path in (*service.needs, service.folder)),
            "privileged": 0 < service.bind.port < _PRIVILEGED,
            "loopback": _is_loopback(service.bind.host),
        },
    )


def containerfile(service: Service) -> str:
    """A Containerfile for an image of this version, built in the folder of its source."""
    inside = Bind(host="0.0.0.0", port=8000)  # noqa: S104 (inside the container; its network decides who reaches it)
    check = f"import urllib.request as r; r.urlopen('http://127.0.0.1:{inside.port}/healthz', timeout=5)"
    return _render(
        "Containerfile",
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


def _render(name: str, facts: dict[str, object]) -> str:
    environment = Environment(  # noqa: S701 (neither is markup; words are quoted by _word and json)
        loader=FileSystemLoader(Path(__file__).parent),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template(f"{name}.in").render(facts)


def _word(text: str) -> str:
    """One word of a line in a unit (systemd.syntax(7)); % begins nothing in it."""
    if any(character < " " or character == "\x7f" for character in text):
        raise ConfigError(f"{text!r} holds a control character", next_step="give the folder another name")
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return escaped if _BARE.fullmatch(escaped) else f'"{escaped}"'


def _bound(path: Path) -> str:
    if ":" in str(path):  # systemd.exec(5): it divides a source from its destination
        raise ConfigError(
            f"{path} has a colon in it, which systemd cannot bind", next_step="give the folder another name"
        )
    return _word(str(path))


def _is_loopback(host: str) -> bool:
    return host in ("localhost", "::1") or host.startswith("127.")
