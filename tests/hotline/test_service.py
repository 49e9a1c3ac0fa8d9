"""The systemd unit and the Containerfile of the line: what they let it do, and whom they let it talk to."""

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
from audioleaflet.hotline.service import Service, containerfile, unit
from audioleaflet.settings import read_settings

OPEN = Bind(host="0.0.0.0", port=5060)
TRUNKS = "hotline: {trunks: [{address: 192.0.2.10, media: [198.51.100.0/24]}, {address: '2001:db8::/64'}]}\n"


def library(folder: Path, more: str = "") -> Path:
    path = folder / "library.yaml"
    path.write_text("title: L\npublisher: P\nvoices: {en: [espeak:en-us]}\n" + more, encoding="utf-8")
    return path


def service(folder: Path, more: str = "", bind: Bind = OPEN) -> Service:
    return Service(
        program=("/opt/leaflets/bin/python", "-m", "audioleaflet"),
        needs=(Path("/opt/leaflets"),),
        folder=Path("/srv/audio"),
        settings=read_settings(library(folder, more)),
        bind=bind,
        metrics=None,
    )


def parsed(text: str) -> dict[str, str]:
    parser = ConfigParser(interpolation=None, strict=False)
    parser.optionxform = str  # type: ignore[assignment, method-assign]  # as configparser's own documentation has it
    parser.read_string(text)
    assert parser.sections() == ["Unit", "Service", "Install"]
    return dict(parser["Service"])


def test_the_unit_reads_the_library_and_writes_places_alone(tmp_path: Path) -> None:
    found = parsed(unit(service(tmp_path, bind=Bind(host="127.0.0.1", port=5060))))
    assert found["ExecStart"] == (
        f"/opt/leaflets/bin/python -m audioleaflet hotline serve --library {tmp_path}/library.yaml --output /srv/audio "
        "--state /var/lib/audioleaflet-hotline --bind 127.0.0.1:5060 --log json"
    )
    assert found["BindReadOnlyPaths"] == f"/opt/leaflets /srv/audio {tmp_path}/library.yaml"
    for name, value in {
        "DynamicUser": "yes",
        "StateDirectory": "audioleaflet-hotline",
        "ProtectSystem": "strict",
        "NoNewPrivileges": "yes",
        "CapabilityBoundingSet": "",
        "RestrictAddressFamilies": "AF_INET AF_INET6",
        "IPAddressAllow": "localhost",
        "IPAddressDeny": "any",
        "TimeoutStopSec": "61min",
    }.items():
        assert found[name] == value
    assert int(found["LimitNOFILE"]) >= 65536
    assert (found["CPUSchedulingPolicy"], found["CPUSchedulingPriority"]) == ("fifo", "10")


def test_it_exchanges_packets_with_its_trunks_and_nobody_else(tmp_path: Path) -> None:
    found = parsed(unit(service(tmp_path, TRUNKS)))
    assert found["IPAddressAllow"] == "localhost 192.0.2.10/32 198.51.100.0/24 2001:db8::/64"
    assert found["IPAddressDeny"] == "any"


@pytest.mark.parametrize("write", [unit, containerfile])
def test_a_line_that_is_open_to_all_is_not_written(tmp_path: Path, write: object) -> None:
    assert callable(write)
    with pytest.raises(ConfigError, match=r"no 'trunks' in .*library\.yaml say which of them"):
        write(service(tmp_path))


def test_calls_may_end_before_it_is_ended(tmp_path: Path) -> None:
    more = "hotline: {limits: {minutes: 90}, trunks: [{address: 192.0.2.10}]}\n"
    assert parsed(unit(service(tmp_path, more)))["TimeoutStopSec"] == "91min"
    assert "--stop-timeout=5460 " in containerfile(service(tmp_path, more))


def test_settings_inside_a_folder_that_is_seen_are_not_named_again(tmp_path: Path) -> None:
    inside = replace(service(tmp_path, TRUNKS), folder=tmp_path)
    assert parsed(unit(inside))["BindReadOnlyPaths"] == f"/opt/leaflets {tmp_path}"


def test_any_path_stands_whole_in_the_unit(tmp_path: Path) -> None:
    folder = Path('/srv/our "audio" 100% $HOME\\x')
    found = parsed(unit(replace(service(tmp_path, TRUNKS), folder=folder)))
    assert '--output "/srv/our \\"audio\\" 100%% $$HOME\\\\x" --state' in found["ExecStart"]
    with pytest.raises(ConfigError):
        unit(replace(service(tmp_path, TRUNKS), folder=Path("/srv/a\nExecStartPre=/bin/rm")))


def test_the_container_runs_as_nobody_and_asks_itself_how_it_is(tmp_path: Path) -> None:
    text = containerfile(replace(service(tmp_path, TRUNKS), folder=Path("/srv/our audio")))
    lines = dict(line.split(" ", 1) for line in text.splitlines() if line and not line.startswith("#"))
    assert lines["USER"] == "65532:65532"
    entry = json.loads(lines["ENTRYPOINT"])
    assert entry[:5] == ["audioleaflet", "hotline", "serve", "--library", "/settings/library.yaml"]
    assert entry[-6:] == ["--bind", "0.0.0.0:5060", "--metrics", "127.0.0.1:9101", "--log", "json"]
    check = json.loads(lines["HEALTHCHECK"].partition(" CMD ")[2])
    compile(check[2], "check", "exec")
    assert "127.0.0.1:9101/metrics" in check[2]
    assert "--volume '/srv/our audio':/library:ro" in text
    assert "--network=host" in text


def test_the_command_prints_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = str(library(tmp_path, TRUNKS))
    arguments = ["service", "hotline", "--library", settings, "--output", str(tmp_path), "--bind", "[::]:5060"]
    assert cli.run([*arguments, "--metrics", "127.0.0.1:9200"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    found = parsed(out)
    assert found["ExecStart"].startswith(f"{sys.executable} -m audioleaflet hotline serve --library {settings}")
    assert "--bind [::]:5060 --metrics 127.0.0.1:9200 --log json" in found["ExecStart"]
    assert sys.prefix in found["BindReadOnlyPaths"].split()
    assert cli.run([*arguments, "--container"]) == 0
    assert "\nENTRYPOINT [" in capsys.readouterr().out
    assert cli.run([*arguments, "--metrics", "[::]:9200"]) == 4
    assert cli.run([*arguments, "--bind", "x"]) == 2


def test_a_low_port_gets_the_one_right_that_it_needs(tmp_path: Path) -> None:
    found = parsed(unit(service(tmp_path, bind=Bind(host="127.0.0.1", port=506))))
    assert found["AmbientCapabilities"] == found["CapabilityBoundingSet"] == "CAP_NET_BIND_SERVICE"
    assert "PrivateUsers" not in found
