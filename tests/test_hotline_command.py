"""``audioleaflet hotline``: clear errors, and the line itself as a program that somebody starts and ends."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest
from tests.hotline.shelves import write_edition, write_library, write_prompts

from audioleaflet import cli

SOURCE = Path(cli.__file__).resolve().parents[2]
LIBRARY = "title: L\npublisher: P\nvoices: {en: [espeak:en-us]}\n"


@pytest.fixture
def output(tmp_path: Path) -> Path:
    (tmp_path / "library.yaml").write_text(LIBRARY, encoding="utf-8")
    return write_library(tmp_path / "audio")


def options(output: Path, *more: str) -> list[str]:
    folder = output.parent
    places = ["--library", str(folder / "library.yaml"), "--state", str(folder / "state")]
    return ["hotline", "serve", "--output", str(output), *places, "--bind", "127.0.0.1:0", *more]


def failed(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> tuple[int, str]:
    status = cli.run(arguments)
    out, err = capsys.readouterr()
    assert out == ""
    return status, err


def test_no_library(output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, told = failed(capsys, options(output.parent / "missing"))
    assert (status, told.count("\n")) == (7, 1)
    assert "there is no folder" in told
    assert "build a leaflet first with 'audioleaflet build --formats phone'" in told


def test_no_edition_with_telephone_sound(tmp_path: Path, output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_edition(tmp_path / "web", rates=())
    status, told = failed(capsys, [*options(output), "--output", str(tmp_path / "web")])
    assert status == 7
    assert told.endswith(
        "has no edition that can be heard by telephone; run 'audioleaflet build --formats phone', or name the library "
        "folder with --output\n"
    )


def test_a_damaged_edition_is_told_before_it_gives_up(output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (output / "small" / "en" / "phone" / "slow" / "00-part-0.ulaw").unlink()
    status, told = failed(capsys, options(output))
    assert status == 7
    assert "edition: small/en: phone/slow/00-part-0.ulaw cannot be read" in told


def test_a_port_in_use(output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        bind = f"127.0.0.1:{other.getsockname()[1]}"
        status, told = failed(capsys, [*options(output), "--bind", bind])
    assert status == 4
    assert f"another program listens at {bind} already" in told


def test_open_to_others_without_trunks(output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, told = failed(capsys, [*options(output), "--bind", "0.0.0.0:0"])
    assert status == 4
    assert "no 'trunks' in library.yaml say which of them may call" in told


def test_figures_for_others(output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, told = failed(capsys, options(output, "--metrics", "0.0.0.0:9101"))
    assert status == 4
    assert "other computers could read them" in told


@pytest.mark.parametrize(
    "wrong", [["--bind", "5060"], ["--metrics", "x"], ["--output", __file__], ["--log", "xml"], ["--volume", "11"]]
)
def test_wrong_usage(output: Path, wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert failed(capsys, [*options(output), *wrong])[0] == 2


def test_faulty_settings(output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (output.parent / "library.yaml").write_text(f"{LIBRARY}hotline: {{operator: nobody}}\n", encoding="utf-8")
    status, told = failed(capsys, options(output))
    assert status == 1
    assert "library.yaml:4: OPERATOR 'hotline.operator'" in told


class Program:
    """The line in a process of its own, and what it has told."""

    def __init__(self, process: subprocess.Popen[str], told: Path) -> None:
        self.process = process
        self._told = told

    def told(self) -> str:
        return self._told.read_text(encoding="utf-8")

    def wait_for(self, what: str) -> re.Match[str]:
        end = time.monotonic() + 30
        while time.monotonic() < end:
            found = re.search(what, self.told())
            if found:
                return found
            assert self.process.poll() is None, self.told()
            time.sleep(0.05)
        raise AssertionError(f"it never told {what}: {self.told()}")


@contextmanager
def running(arguments: list[str], told: Path) -> Iterator[Program]:
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    with told.open("w") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "audioleaflet", *arguments], stderr=stream, text=True, env=environment
        )
        try:
            yield Program(process, told)
        finally:
            process.kill()
            process.wait(timeout=20)


def until(happened: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.1)


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_it_starts_tells_its_figures_takes_a_new_edition_and_ends(
    output: Path, tmp_path: Path, number: signal.Signals, status: int
) -> None:
    with running(options(output, "--metrics", "127.0.0.1:0"), tmp_path / "told.txt") as program:
        figures = program.wait_for(r"figures at (http://127\.0\.0\.1:\d+/metrics)")[1]
        program.wait_for(r"start: 1 leaflet by telephone at sip:127\.0\.0\.1:\d+ ")

        def told(line: str) -> bool:
            with urlopen(figures, timeout=10) as answer:
                return line in answer.read().decode().splitlines()

        assert told("audioleaflet_editions 1")
        assert told("audioleaflet_places_writable 1")
        write_edition(output, "other/en", title="Other")
        until(lambda: told("audioleaflet_editions 2"))
        write_edition(output, "third/en-gb", title="Third", language="en-GB")
        program.wait_for(r"edition: third/en-gb: the line has no prompts in en-GB; build it again with ")
        write_prompts(output, "en-GB")
        until(lambda: told("audioleaflet_editions 3"))
        program.process.send_signal(number)
        assert program.process.wait(timeout=20) == status
        assert "Traceback" not in program.told()


def test_calls_are_answered_where_places_cannot_be_kept(output: Path, tmp_path: Path) -> None:
    (tmp_path / "state").write_bytes(b"in the way")
    arguments = options(output, "--state", str(tmp_path / "state" / "below"), "--log", "json")
    with running(arguments, tmp_path / "told.txt") as program:
        program.wait_for('"event": "codes", "message": "codes to come back with are off: ')
        program.wait_for('"event": "start"')
        program.process.terminate()
        assert program.process.wait(timeout=20) == 0
