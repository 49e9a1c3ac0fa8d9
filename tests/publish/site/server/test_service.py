"""The systemd unit and the Containerfile: what they let the server do, and that any path stands in them whole."""

from __future__ import annotations

import json
import sys
from configparser import ConfigParser
from dataclasses import replace
from pathlib import Path

import pytest

from audioleaflet import cli
from audioleaflet.bind import Bind
from audioleaflet.errors import ConfigError
from audioleaflet.publish.site.server.service import Service, containerfile, unit

SERVICE = Service(
    program=("/opt/leaflets/bin/python", "-m", "audioleaflet"),
    needs=(Path("/opt/leaflets"),),
    folder=Path("/srv/audio"),
    bind=Bind(host="127.0.0.1", port=8000),
)


def parsed(text: str) -> dict[str, str]:
    parser = ConfigParser(interpolation=None, strict=False)
    parser.optionxform = str  # type: ignore[assignment, method-assign]  # as configparser's own documentation has it
    parser.read_string(text)
    assert parser.sections() == ["Unit", "Service", "Install"]
    return dict(parser["Service"])


def test_the_unit_can_read_the_library_and_answer() -> None:
    service = parsed(unit(SERVICE))
    assert service["ExecStart"] == (
        "/opt/leaflets/bin/python -m audioleaflet serve --output /srv/audio --bind 127.0.0.1:8000 --log json"
    )
    assert service["BindReadOnlyPaths"] == "/opt/leaflets /srv/audio"
    for name, value in {
        "DynamicUser": "yes",
        "ProtectSystem": "strict",
        "ReadOnlyPaths": "/",
        "NoNewPrivileges": "yes",
        "CapabilityBoundingSet": "",
        "RestrictAddressFamilies": "AF_INET AF_INET6",
        "IPAddressDeny": "any",
    }.items():
        assert service[name] == value
    assert "SystemCallFilter=@system-service\nSystemCallFilter=~" in unit(SERVICE)


def test_a_low_port_gets_the_one_right_that_it_needs_and_others_may_come_to_an_open_one() -> None:
    service = parsed(unit(replace(SERVICE, bind=Bind(host="::", port=80))))
    assert service["AmbientCapabilities"] == service["CapabilityBoundingSet"] == "CAP_NET_BIND_SERVICE"
    assert "PrivateUsers" not in service
    assert "IPAddressDeny" not in service
    assert "--bind [::]:80" in service["ExecStart"]


def test_any_path_stands_whole_in_the_unit() -> None:
    folder = Path('/srv/our "audio" 100% $HOME\\x')
    service = parsed(unit(replace(SERVICE, folder=folder)))
    assert '--output "/srv/our \\"audio\\" 100%% $$HOME\\\\x" --bind' in service["ExecStart"]
    assert service["BindReadOnlyPaths"] == '/opt/leaflets "/srv/our \\"audio\\" 100%% $HOME\\\\x"'
    for bad in ("/srv/a\nExecStartPre=/bin/rm", "/srv/a:b"):
        with pytest.raises(ConfigError):
            unit(replace(SERVICE, folder=Path(bad)))


def test_the_container_runs_as_nobody_and_asks_itself_how_it_is() -> None:
    text = containerfile(replace(SERVICE, folder=Path("/srv/our audio")))
    lines = dict(line.split(" ", 1) for line in text.splitlines() if line and not line.startswith("#"))
    assert lines["FROM"].startswith("docker.io/library/python:3.")
    assert lines["USER"] == "65532:65532"
    entry = json.loads(lines["ENTRYPOINT"])
    assert entry == ["audioleaflet", "serve", "--output", "/library", "--bind", "0.0.0.0:8000", "--log", "json"]
    check = json.loads(lines["HEALTHCHECK"].partition(" CMD ")[2])
    compile(check[2], "check", "exec")
    assert check[:2] == ["python", "-c"]
    assert "/healthz" in check[2]
    assert "--read-only --cap-drop=all" in text
    assert "--volume '/srv/our audio':/library:ro" in text


def test_the_command_prints_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["service", "site", "--output", str(tmp_path), "--bind", "[::1]:8001"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    service = parsed(out)
    assert service["ExecStart"].startswith(
        f"{sys.executable} -m audioleaflet serve --output {tmp_path} --bind [::1]:8001"
    )
    assert sys.prefix in service["BindReadOnlyPaths"].split()
    assert cli.run(["service", "site", "--container"]) == 0
    assert "\nENTRYPOINT [" in capsys.readouterr().out
    assert cli.run(["service", "site", "--bind", "x"]) == 2
    assert cli.run(["service", "sites"]) == 2
