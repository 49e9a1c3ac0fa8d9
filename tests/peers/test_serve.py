"""The server, asked by curl; the systemd unit, read by systemd."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from tests.conftest import Made
from tests.peers.conftest import require

from audioleaflet import cli
from audioleaflet.bind import Bind
from audioleaflet.publish.site.server.counts import Log
from audioleaflet.publish.site.server.run import prepare
from audioleaflet.web.guard import Limits
from audioleaflet.web.running import listening

pytestmark = pytest.mark.peer


@pytest.fixture
def address(real: Made) -> Iterator[str]:
    """Where the real edition is served."""
    lines: list[str] = []
    with listening(Bind(host="127.0.0.1", port=0)) as listener:
        folder = real.folder.parent.parent
        server = prepare(folder, log=Log("text", lines.append), limits=Limits(), every=3600)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/{real.book.slug}/{real.folder.name}/"
        server.should_exit = True
        thread.join(timeout=20)


def curl(*arguments: str) -> str:
    done = subprocess.run(
        [require("curl"), "--silent", "--show-error", "--fail", *arguments], capture_output=True, check=True
    )
    return done.stdout.decode()


def test_curl_goes_on_with_a_download_that_was_cut_short(real: Made, address: str, tmp_path: Path) -> None:
    whole = next(file for file in real.book.files if file.path.endswith(".mp3") and "/" not in file.path)
    part = tmp_path / "part.mp3"
    part.write_bytes((real.folder / whole.path).read_bytes()[:1_234_567])
    told = curl(
        "--continue-at",
        "-",
        "--output",
        str(part),
        "--write-out",
        "%{http_code} %{size_download}",
        address + whole.path,
    )
    assert told == f"206 {whole.bytes - 1_234_567}"
    assert sha256(part.read_bytes()).hexdigest() == whole.sha256


def test_a_range_of_each_chapter_is_that_of_the_file(real: Made, address: str, tmp_path: Path) -> None:
    for chapter in real.book.chapters:
        content = (real.folder / chapter.audio).read_bytes()
        for asked, wanted in (("0-", content), ("1000-60999", content[1000:61000]), ("-500", content[-500:])):
            part = tmp_path / "part"
            told = curl("--range", asked, "--output", str(part), "--write-out", "%{http_code}", address + chapter.audio)
            assert (told, part.read_bytes() == wanted) == ("206", True), (chapter.audio, asked)


def test_curl_unpacks_a_text_and_fetches_it_only_when_it_has_changed(real: Made, address: str, tmp_path: Path) -> None:
    page, tag = tmp_path / "page.html", tmp_path / "tag"
    place = f"{address}transcript.html"
    options = ("--compressed", "--etag-save", str(tag), "--output", str(page))
    code, size = curl(*options, "--write-out", "%{http_code} %{size_download}", place).split()
    assert page.read_bytes() == (real.folder / "transcript.html").read_bytes()
    assert (code, int(size) < page.stat().st_size / 2) == ("200", True)
    assert curl("--compressed", "--etag-compare", str(tag), "--write-out", "%{http_code}", place) == "304"


def test_curl_reads_eight_parts_on_one_connection(real: Made, address: str, tmp_path: Path) -> None:
    file = real.book.files[0]
    bounds = [file.bytes * part // 8 for part in range(9)]
    arguments: list[str] = []
    for part in range(8):
        span = f"{bounds[part]}-{bounds[part + 1] - 1}"
        arguments += ["--next"] * bool(part) + ["--silent", "--range", span, "--output", str(tmp_path / str(part))]
        arguments += ["--write-out", "%{num_connects}", address + file.path]
    assert curl(*arguments) == "10000000"
    joined = b"".join((tmp_path / str(part)).read_bytes() for part in range(8))
    assert sha256(joined).hexdigest() == file.sha256


def test_systemd_takes_the_unit_and_finds_little_exposed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    systemd = require("systemd-analyze")
    (tmp_path / "a b").mkdir()
    for bind in ("127.0.0.1:8000", "[::]:80"):
        assert cli.run(["service", "site", "--output", str(tmp_path / "a b"), "--bind", bind]) == 0
        unit = tmp_path / "audioleaflet-site.service"
        unit.write_text(capsys.readouterr().out, encoding="utf-8")
        done = subprocess.run([systemd, "verify", "--man=no", str(unit)], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")
        # In tenths; 100 is a service without any protection.
        limits = ["security", "--offline=yes", "--no-pager", "--threshold=20"]
        subprocess.run([systemd, *limits, str(unit)], capture_output=True, check=True)
