"""The systemd unit of the line, read by systemd."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from tests.peers.conftest import require

from audioleaflet import cli

pytestmark = pytest.mark.peer
LIBRARY = """\
title: L
publisher: P
voices: {en: [espeak:en-us]}
hotline: {trunks: [{address: 192.0.2.10, media: [198.51.100.0/24]}, {address: '2001:db8::/64'}]}
"""


@pytest.mark.parametrize("bind", ["127.0.0.1:5060", "[::]:506"])
def test_systemd_takes_the_unit_and_finds_little_exposed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], bind: str
) -> None:
    systemd = require("systemd-analyze")
    folder = tmp_path / "a b"
    folder.mkdir()
    (tmp_path / "library.yaml").write_text(LIBRARY, encoding="utf-8")
    options = ["--library", str(tmp_path / "library.yaml"), "--output", str(folder), "--bind", bind]
    assert cli.run(["service", "hotline", *options]) == 0
    unit = tmp_path / "audioleaflet-hotline.service"
    unit.write_text(capsys.readouterr().out, encoding="utf-8")
    done = subprocess.run([systemd, "verify", "--man=no", str(unit)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    # In tenths; 100 is a service without any protection.
    limits = ["security", "--offline=yes", "--no-pager", "--threshold=20"]
    subprocess.run([systemd, *limits, str(unit)], capture_output=True, check=True)
