"""The dialplan run by Asterisk itself: a caller presses keys, Asterisk says what it plays and from where.

The caller is a second leg of a Local channel, so that no telephone network is needed. Debian 12 has no Asterisk; where
there is none this test is skipped, also in CI.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import time
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.hotline import catalogues
from tests.hotline.asterisk.conftest import on_disk

from audioleaflet.hotline.asterisk.export import DIALPLAN, SOUNDS, export
from audioleaflet.settings import HotlineSettings

pytestmark = pytest.mark.peer

FOLDERS = ("etc", "varlib", "db", "keys", "data", "agi", "spool", "run", "log", "cache")
MODULES = (
    "app_controlplayback app_dial app_senddtmf app_stack bridge_simple codec_alaw codec_g722 codec_resample codec_ulaw "
    "format_pcm format_sln format_wav func_logic func_math func_strings func_timeout pbx_config res_clioriginate "
    "res_timing_timerfd"
)
SETTINGS = HotlineSettings.model_validate({"operator": "+12125550100", "limits": {"minutes": 5}})

FORMS = {"ulaw": 8, "alaw": 8, "wav": 16, "g722": 8, "sln16": 32}  # bytes a millisecond
PROBE = """\
[probe-{form}]
exten => s,1,Answer()
 same => n,ControlPlayback(probe-{form},,,,1,,,o(4000))
 same => n,Set(PLACE=${{CPLAYBACKOFFSET}})
 same => n,Hangup()
"""


def hurried(text: str) -> str:
    """The dialplan under other names, with a time limit that is told of after nine seconds."""
    assert "TIMEOUT(absolute)=240" in text
    renamed = text.replace("audioleaflet-", "hurried-").replace("[audioleaflet]", "[hurried]")
    return renamed.replace("(audioleaflet,", "(hurried,").replace("TIMEOUT(absolute)=240", "TIMEOUT(absolute)=9")


class Exchange:
    """A running Asterisk with nothing in it but our dialplan."""

    def __init__(self, program: str, root: Path) -> None:
        self._program, self._root = program, root
        self._log = root / "console"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [self._program, "-C", str(self._root / "etc/asterisk.conf"), "-f", "-n", "-vvv"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self.until(lambda: "Asterisk Ready" in self.told() or self._process.poll() is not None, 60)
        assert self._process.poll() is None, self.told()[-4000:]

    def stop(self) -> None:
        """End it."""
        self.asked("core stop now")
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def asked(self, command: str) -> str:
        """What it answers to a command."""
        done = subprocess.run(
            [self._program, "-C", str(self._root / "etc/asterisk.conf"), "-rx", command],
            capture_output=True,
            timeout=30,
            check=False,
        )
        return done.stdout.decode(errors="replace")

    def told(self) -> str:
        """All that it has written so far, without colours."""
        return re.sub(r"\x1b\[[0-9;]*m", "", self._log.read_text(encoding="utf-8", errors="replace"))

    def until(self, true: Callable[[], bool], seconds: float) -> None:
        """Wait until something is so."""
        end = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < end, self.told()[-4000:]
            time.sleep(0.1)

    def call(self, *script: str, seconds: float, to: str = "audioleaflet") -> str:
        """A call to a context: ``script`` is what its caller does; answered is what Asterisk wrote while it lasted."""
        steps = "\n".join(f" same => n,{step}" for step in (*script, "Hangup()"))
        (self._root / "etc/caller.conf").write_text(f"[caller]\nexten => s,1,NoOp()\n{steps}\n")
        self.asked("dialplan reload")
        before = len(self.told())
        self.asked(f"channel originate Local/s@{to}/n extension s@caller")
        self.until(lambda: "== Spawn extension" in self.told()[before:] and self._idle(), seconds)
        return self.told()[before:]

    def _idle(self) -> bool:
        return "0 active channels" in self.asked("core show channels count")


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Exchange]:
    program = shutil.which("asterisk")
    if program is None:
        pytest.skip("asterisk is not installed; Debian 12 has none, so that CI skips this one peer too")
    root = tmp_path_factory.mktemp("asterisk")
    for folder in FOLDERS:
        (root / folder).mkdir()
    shelf = on_disk(catalogues.catalogue(), root / "library", ("ulaw", "alaw"))
    export(shelf, SETTINGS, root / "exported", ("ulaw", "alaw"))
    shutil.copytree(root / "exported" / SOUNDS, root / "data/sounds")
    shutil.copy(root / "exported" / DIALPLAN, root / "etc")
    # Asterisk does not start without its own documentation, which lies beside its sounds.
    (root / "data/documentation").symlink_to("/usr/share/asterisk/documentation")
    folders = "\n".join(
        f"ast{name} => {root / folder}"
        for name, folder in zip(
            ("etcdir", "varlibdir", "dbdir", "keydir", "datadir", "agidir", "spooldir", "rundir", "logdir", "cachedir"),
            FOLDERS,
            strict=True,
        )
    )
    (root / "etc/asterisk.conf").write_text(f"[directories]\n{folders}\n[options]\ntransmit_silence = yes\n")
    loads = "\n".join(f"load = {name}.so" for name in MODULES.split())
    (root / "etc/modules.conf").write_text(f"[modules]\nautoload = no\n{loads}\n")
    (root / "etc/logger.conf").write_text("[logfiles]\nconsole = verbose(3),notice,warning,error\n")
    (root / "etc/caller.conf").write_text("[caller]\n")
    (root / "etc/hurried.conf").write_text(hurried((root / "etc" / DIALPLAN).read_text(encoding="utf-8")))
    included = ("caller.conf", DIALPLAN, "hurried.conf")
    probes = "\n".join(PROBE.format(form=form) for form in FORMS)
    (root / "etc/extensions.conf").write_text(probes + "".join(f'#include "{name}"\n' for name in included))
    for form, a_millisecond in FORMS.items():
        (root / f"data/sounds/probe-{form}.{form}").write_bytes(bytes(a_millisecond * 20_000))
    with wave.open(str(root / "data/sounds/probe-wav.wav"), "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(bytes(16 * 20_000))
    running = Exchange(program, root)
    running.start()
    try:
        yield running
    finally:
        running.stop()


def played(told: str) -> list[str]:
    """The sounds, in order, without silence."""
    names = re.findall(r"Playing '([^']+)\.(?:ulaw|alaw|g722|slin)' \(language", told)
    return [name.split("/", 2)[2] for name in names if "/silence-" not in name]


def starts(told: str) -> list[tuple[str, int]]:
    """The chapters, with the ms from which each was played."""
    found = re.findall(r'ControlPlayback\("[^"]*", "([^,"]+),,,,[^,]+,,,o\((\d+)\)"\)', told)
    return [(name.split("/", 2)[2], int(begin)) for name, begin in found]


def test_it_takes_the_dialplan_without_a_word(exchange: Exchange) -> None:
    told = exchange.told()
    assert not re.findall(r"(?:WARNING|ERROR)\[\d+\].*(?:extensions|pbx_config).*", told)
    assert "audioleaflet-book-one-en-read" in exchange.asked("dialplan show audioleaflet-book-one-en-read")


def test_the_leaflet_begins_with_no_key_pressed(exchange: Exchange) -> None:
    told = exchange.call("Wait(7)", seconds=30)
    assert played(told)[:6] == [
        "en-us/emergency", "one/en/publisher", "one/en/title", "one/en/status", "en-us/keys", "one/en/normal/chapter-1"
    ]  # fmt: skip
    assert starts(told) == [("one/en/normal/chapter-1", 0)]


def test_keys_move_through_the_leaflet(exchange: Exchange) -> None:
    told = exchange.call(
        *("Wait(1)", "SendDTMF(6)", "Wait(9)", "SendDTMF(7)", "Wait(2)", "SendDTMF(6)", "Wait(1)"),
        *("SendDTMF(#)", "Wait(0.5)", "SendDTMF(4)", "Wait(0.5)", "SendDTMF(#)", "Wait(3)"),
        seconds=60,
    )
    # Nine seconds into chapter 1 its third sentence sounds; slowly it starts at 9 s.
    assert starts(told) == [
        ("one/en/normal/chapter-1", 0),
        ("one/en/slow/chapter-1", 9000),
        ("one/en/slow/chapter-2", 0),
        ("one/en/slow/chapter-4", 0),
    ]
    assert played(told)[-2:] == ["en-us/last-digit-4", "one/en/slow/chapter-4"]
    assert "en-us/slower" in played(told)


def test_it_says_the_right_place_of_a_sound(exchange: Exchange) -> None:
    told = exchange.call("Wait(1)", "SendDTMF(6)", "Wait(6)", "SendDTMF(3)", "Wait(3)", seconds=40)
    offsets = [int(offset) for offset in re.findall(r'Set\("[^"]*", "AL_AT=(\d+)"\)', told)]
    assert any(5500 <= offset <= 7500 for offset in offsets), offsets
    assert starts(told)[-1] == ("one/en/normal/chapter-1", 20_000)  # the first sentence 10 s on


def test_a_pause_the_menu_and_help(exchange: Exchange) -> None:
    told = exchange.call(
        *("Wait(1)", "SendDTMF(6)", "Wait(2)", "SendDTMF(5)", "Wait(3)", "SendDTMF(5)", "Wait(3)"),
        *("SendDTMF(*)", "Wait(2)", "SendDTMF(1)", "Wait(1.5)", "SendDTMF(2)", "Wait(5)", "SendDTMF(8)", "Wait(2)"),
        seconds=60,
    )
    heard = played(told)
    assert heard[heard.index("en-us/paused") :][:4] == [
        "en-us/paused", "en-us/going-on", "one/en/normal/chapter-1", "en-us/menu"
    ]  # fmt: skip
    assert heard[-5:-1] == ["en-us/choose-chapter", "one/en/chapter-1", "en-us/last-digit-2", "one/en/normal/chapter-2"]
    assert heard[-1] == "one/en/normal/chapter-0"


def test_nobody_answers(exchange: Exchange) -> None:
    told = exchange.call("Wait(1)", "SendDTMF(0)", "Wait(8)", seconds=40)
    assert played(told)[-3:] == ["en-us/no-answer", "en-us/going-on", "one/en/normal/chapter-1"]


def test_the_time_limit_is_told_in_a_sentence(exchange: Exchange) -> None:
    """It comes 8 s into chapter 1, whose third sentence has begun; a key goes on with that sentence."""
    told = exchange.call("Wait(1)", "SendDTMF(6)", "Wait(10)", "SendDTMF(1)", "Wait(3)", seconds=60, to="hurried")
    assert starts(told)[0] == ("one/en/normal/chapter-1", 0)
    assert starts(told)[1] in [("one/en/normal/chapter-1", 4000), ("one/en/normal/chapter-1", 8000)]
    heard = played(told)
    assert heard[heard.index("en-us/time-limit") - 1 :][:3] == [
        "one/en/normal/chapter-1", "en-us/time-limit", "en-us/going-on"
    ]  # fmt: skip


def test_nobody_at_the_time_limit_is_told_goodbye(exchange: Exchange) -> None:
    told = exchange.call("Wait(75)", seconds=100, to="hurried")
    assert played(told)[-4:] == ["en-us/time-limit", *["en-us/time-limit-again"] * 2, "en-us/goodbye"]


@pytest.mark.parametrize(
    ("form", "place"), [("ulaw", 6000), ("alaw", 6000), ("wav", 6000), ("g722", 8000), ("sln16", 8000)]
)
def test_a_place_is_counted_eight_samples_a_millisecond(exchange: Exchange, form: str, place: int) -> None:
    """Two seconds from 4 s on are at 6 s; in .g722 and .sln16 Asterisk says 8 s, so that they are not offered."""
    told = exchange.call("Wait(2)", "SendDTMF(1)", "Wait(1)", seconds=30, to=f"probe-{form}")
    found = re.search(r'"PLACE=(\d+)"', told)
    assert found
    assert abs(int(found[1]) - place) < 700
