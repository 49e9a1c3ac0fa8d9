"""Processes that are killed, stopped or out of disk: the old edition is whole, and the next build finishes."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from tests.editions import Library, environment, once, stamps, tree, whole

from audioleaflet.book import manifest
from audioleaflet.cli import run

MOMENTS = 9
QUICK = ("mp3", "transcript")
# Root may write anywhere, unless it gives up that right.
ROOT_AS_OTHERS = ("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-dac_override")
STOPPED = "audioleaflet: stopped; every edition is whole, as it was or new\n"

# A build that waits at a named moment, having told that it is there, until its stdin is closed.
PAUSING = """
import sys
from pathlib import Path
from audioleaflet import cli
from audioleaflet.book import edition

moment, *arguments = sys.argv[1:]
rename, replace, in_one_call = Path.rename, Path.replace, edition._exchanged_in_one_call
rmtree = edition.shutil.rmtree

def pause(here):
    if here == moment:
        print(here, flush=True)
        sys.stdin.read()

def exchanged(one, other):
    pause("before the exchange")
    done = "rename" not in moment and in_one_call(one, other)
    pause("after the exchange")
    return done

def renamed(path, target):
    answer = rename(path, target)
    pause("after the first rename" if path.name == "en" else "after the second rename")
    return answer

def replaced(path, target):
    answer = replace(path, target)
    if path.suffix == ".link":
        pause("at a link")
    elif path.suffix == ".part":
        pause("at a clip")
    return answer

def removed(path, **how):
    if Path(path).name == ".en.building" and Path(path).exists():
        pause("at the end")
    rmtree(path, **how)

edition._exchanged_in_one_call = exchanged
Path.rename, Path.replace = renamed, replaced
edition.shutil.rmtree = removed
sys.argv[1:] = arguments
cli.main()
"""
AIMED = {  # moment: whether the new edition is the one that people use from then on
    "at a clip": False,
    "at a link": False,
    "before the exchange": False,
    "after the exchange": True,
    "after the first rename": False,
    "after the second rename": True,
    "at the end": True,
}


@pytest.fixture(scope="session")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library of one small leaflet with its edition. Not to be changed."""

    def make(folder: Path) -> None:
        first = Library(folder)
        first.write()
        first.build(formats=QUICK)

    return once(tmp_path_factory, "built", make)


@pytest.fixture
def built(built_once: Path, tmp_path: Path) -> Library:
    """The library of one small leaflet with its edition, and its cache."""
    return Library(Path(shutil.copytree(built_once, tmp_path / "library")))


def arguments(library: Library) -> list[str]:
    return ["build", str(library.leaflet), "--output", str(library.output), "--cache", str(library.cache)]


def command(library: Library, *options: str) -> list[str]:
    return [sys.executable, "-m", "audioleaflet", *arguments(library), *options]


@contextmanager
def running(words: list[str]) -> Iterator[subprocess.Popen[str]]:
    """A process in a group of its own, as a shell would start it; ended with the group at the end."""
    with subprocess.Popen(
        words,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def build(library: Library, *options: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(command(library, *options), capture_output=True, text=True, env=environment(), check=False)
    assert done.returncode == 0, done.stderr
    return done


def sentence(library: Library) -> str:
    return whole(library.edition).cues()["c01-003"].text


def begins(library: Library, process: subprocess.Popen[str]) -> None:
    """Wait until a build writes beside the edition; what comes before only loads modules and reads the leaflet."""
    while process.poll() is None and not (library.edition.parent / ".en.building").exists():
        time.sleep(0.001)


def test_kill_at_any_moment_leaves_a_whole_edition(library: Library) -> None:
    library.write("A first edition.")
    library.build()
    library.write("Edition 0.")
    with running(command(library)) as process:  # with a cache, as those that are killed
        begins(library, process)
        begun = time.monotonic()
        _, err = process.communicate(timeout=60)
        assert process.returncode == 0, err
    length = time.monotonic() - begun
    text, killed, tried = "Edition 0.", 0, 0
    while killed < MOMENTS:
        tried += 1
        new = f"Edition {tried} is another one."
        library.write(new)
        with running(command(library)) as process:
            begins(library, process)
            time.sleep(length * killed / MOMENTS)
            if process.poll() is None:
                process.kill()
                killed += 1
            else:  # builds have become quicker than the one that was timed: a kill after the end is none
                length *= 0.9
        found = sentence(library)
        assert found in (text, new), f"killed at moment {killed}"
        text = found
    assert tried < 4 * MOMENTS
    library.write("The last edition.")
    build(library)
    assert sentence(library) == "The last edition."
    assert library.left_over() == []


@pytest.mark.parametrize("moment", AIMED)
def test_kill_around_the_exchange_leaves_a_whole_edition(built: Library, moment: str) -> None:
    old = tree(built.edition)
    built.write("It is new.")
    with running([sys.executable, "-c", PAUSING, moment, *arguments(built), "--formats", "mp3,transcript"]) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == f"{moment}\n", process.stderr and process.stderr.read()
        process.kill()
    assert built.left_over() != []
    if moment == "after the first rename":
        assert not built.edition.exists()
        assert manifest.load(built.edition)
    assert sentence(built) == ("It is new." if AIMED[moment] else "Bone is a living thing.")
    assert (tree(built.edition) == old) != AIMED[moment]
    built.build(formats=QUICK, force=True)
    assert sentence(built) == "It is new."
    assert built.left_over() == []


STOPS = pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])


@STOPS
@pytest.mark.parametrize("moment", ["at a clip", "at a link", "before the exchange", "after the first rename"])
def test_a_stop_is_one_clear_line_and_never_cuts_an_exchange(
    built: Library, moment: str, number: signal.Signals
) -> None:
    old = tree(built.edition)
    built.write("It is new.")
    with running([sys.executable, "-c", PAUSING, moment, *arguments(built), "--formats", "mp3,transcript"]) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == f"{moment}\n"
        os.killpg(process.pid, number)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out.replace(f"{moment}\n", "")) == (130, "")  # there is a link for each file
    assert err.endswith(STOPPED)
    assert "Traceback" not in err
    assert built.left_over() == []
    if moment == "at a clip":
        assert tree(built.edition) == old
    else:
        assert sentence(built) == "It is new."


def test_a_second_stop_ends_the_process_at_once(built: Library) -> None:
    built.write("It is new.")
    words = [sys.executable, "-c", PAUSING, "before the exchange", *arguments(built), "--formats", "mp3"]
    with running(words) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "before the exchange\n"
        os.killpg(process.pid, signal.SIGINT)
        time.sleep(0.2)
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(timeout=30) == 130
    assert sentence(built) == "Bone is a living thing."
    built.build(formats=QUICK)
    assert built.left_over() == []


@STOPS
def test_a_stop_at_any_moment_of_the_work_leaves_a_whole_edition(library: Library, number: signal.Signals) -> None:
    library.write("Edition 0.")
    library.build()
    text, stopped = "Edition 0.", 0
    for moment in range(5):
        new = f"Edition {moment + 1} is another one."
        library.write(new)
        # A process group, as a terminal does it: ffmpeg is told to stop as well.
        with running(command(library, "--force")) as process:
            begins(library, process)
            time.sleep(moment * 0.035)
            os.killpg(process.pid, number)
            out, err = process.communicate(timeout=30)
        found = sentence(library)
        assert "Traceback" not in err
        assert library.left_over() == []
        if process.returncode == 130:
            assert err.endswith(STOPPED)
            assert out == ""
            assert found in (text, new)
            stopped += 1
        else:
            assert (process.returncode, found) == (0, new), err
        text = found
    assert stopped >= 2


def test_a_second_build_at_once_is_refused(library: Library) -> None:
    library.build(formats=("mp3",))
    library.write("It is new.")
    words = [sys.executable, "-c", PAUSING, "before the exchange", *arguments(library), "--formats", "mp3"]
    with running(words) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "before the exchange\n"
        before = stamps(library.edition)
        second = subprocess.run(
            command(library, "--formats", "mp3"), capture_output=True, text=True, env=environment(), check=False
        )
        assert (second.returncode, second.stdout) == (8, "")
        assert second.stderr == (
            f"audioleaflet: another build of {library.edition} is running; wait for it to end and build again\n"
        )
        assert stamps(library.edition) == before
        first.kill()
    library.build(formats=("mp3",))
    assert sentence(library) == "It is new."
    assert library.left_over() == []


# Real disks that do not take part


@contextmanager
def disk(folder: Path, options: str) -> Iterator[Path]:
    """A small file system of its own. Skips where this user may not mount one."""
    folder.mkdir(parents=True, exist_ok=True)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"a file system cannot be mounted here: {mounted.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.skipif(not shutil.which("mount"), reason="there is no mount here")
@pytest.mark.parametrize(
    "formats",
    ["mp3,transcript", "m4b"],
)
def test_a_full_disk_is_one_clear_line(library: Library, formats: str, capsys: pytest.CaptureFixture[str]) -> None:
    with disk(library.output, "size=8m"):
        library.build(formats=("mp3",))
        before = stamps(library.edition)
        library.write("It is new.")
        free = shutil.disk_usage(library.output).free
        filler = library.output / "filler"
        for left in range(0, 4_000_000, 250_000):
            filler.write_bytes(bytes(free - left))
            status = run([*arguments(library), "--formats", formats])
            err = capsys.readouterr().err
            if status == 0:
                break
            *progress, last = err.splitlines()
            assert status == 8, (left, err)
            assert last.startswith("audioleaflet: the disk is full;")
            assert last.endswith("free some space and build again")
            assert all(line.startswith("small/en: ") for line in progress)
            assert stamps(library.edition) == before
            assert library.left_over() == []
        else:
            pytest.fail("the disk was always full")
        assert left > 0, "the disk was never full"
        filler.unlink()
        library.build()
        assert sentence(library) == "It is new."


@pytest.mark.skipif(not shutil.which("mount"), reason="there is no mount here")
def test_a_full_disk_under_the_cache_is_one_clear_line(library: Library) -> None:
    library.build(formats=("mp3",))
    before = stamps(library.edition)
    library.write("It is new.")
    shutil.rmtree(library.cache)
    with disk(library.cache, "size=256k"):
        done = subprocess.run(command(library), capture_output=True, text=True, env=environment(), check=False)
        assert done.returncode == 8
        assert done.stderr.splitlines()[-1] == (
            f"audioleaflet: cannot use the cache in {library.cache}: No space left on device; "
            "free some space, or name another folder with --cache"
        )
        assert "Traceback" not in done.stderr
        assert stamps(library.edition) == before
        assert library.left_over() == []
        assert not list(library.cache.rglob("*.part"))


@pytest.mark.skipif(not shutil.which("mount"), reason="there is no mount here")
def test_a_read_only_disk_is_one_clear_line(library: Library) -> None:
    with disk(library.output, "size=8m"):
        library.build(formats=("mp3",))
        before = stamps(library.edition)
        library.write("It is new.")
        subprocess.run(["mount", "-o", "remount,ro", str(library.output)], check=True)
        done = subprocess.run(command(library), capture_output=True, text=True, env=environment(), check=False)
        assert (done.returncode, done.stdout) == (8, "")
        assert done.stderr.splitlines()[-1] == (
            f"audioleaflet: cannot write to {library.edition.parent}: Read-only file system; "
            "make the folder writable, or write into another one"
        )
        assert "Traceback" not in done.stderr
        assert stamps(library.edition) == before
        assert library.left_over() == []


@pytest.mark.skipif(os.geteuid() == 0 and not shutil.which("setpriv"), reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_is_one_clear_line(library: Library) -> None:
    library.build(formats=("mp3",))
    before = stamps(library.edition)
    library.write("It is new.")
    library.edition.parent.chmod(0o555)
    words = [*(ROOT_AS_OTHERS if os.geteuid() == 0 else ()), *command(library)]
    try:
        done = subprocess.run(words, capture_output=True, text=True, env=environment(), check=False)
    finally:
        library.edition.parent.chmod(0o755)
    assert (done.returncode, done.stdout) == (8, "")
    assert done.stderr == (
        f"audioleaflet: cannot write to {library.edition.parent}: Permission denied; "
        "make the folder writable, or write into another one\n"
    )
    assert stamps(library.edition) == before
    assert library.left_over() == []


def test_a_file_in_the_way_is_one_clear_line(library: Library) -> None:
    library.output.mkdir()
    (library.output / "small").write_text("mine", encoding="utf-8")
    done = subprocess.run(command(library), capture_output=True, text=True, env=environment(), check=False)
    assert (done.returncode, done.stdout) == (8, "")
    assert done.stderr == (
        f"audioleaflet: cannot make {library.edition}: {library.output / 'small'} is not a folder; "
        "move it away, or name another folder with --output\n"
    )
    assert (library.output / "small").read_text(encoding="utf-8") == "mine"
