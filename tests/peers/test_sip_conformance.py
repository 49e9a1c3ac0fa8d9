"""sipp, a SIP user agent that others wrote, calls the line as it is started (RFC 3261, 3264, 4028 and 6086)."""

from __future__ import annotations

import re
import shutil
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from tests.bench import hotline as load
from tests.peers.sip_line import Line, Sipp, library, line

__all__ = ["library"]
pytestmark = pytest.mark.peer
# sipp passes over a message that is the same as one before, unless it is told not to send or take anything twice.
EVERY_MESSAGE = ["-nr"]
LOOPBACK_TRUNK = {"address": "127.0.0.1"}


@pytest.fixture(scope="module")
def opened(library: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    """A line that any program of this computer may call, for scenarios that leave nothing behind."""
    with line(library, tmp_path_factory.mktemp("opened"), limits={"calls_a_source": 40}) as one:
        yield one


class Sound:
    """A place where sound may arrive: what comes is counted while the context lasts."""

    def __init__(self, host: str) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((host, 0))
        self._socket.setblocking(False)
        self.address: tuple[str, int] = self._socket.getsockname()

    def packets(self) -> int:
        """How many packets have come, each of them 20 ms of RTP."""
        count = 0
        while True:
            try:
                data = self._socket.recv(2048)
            except BlockingIOError:
                return count
            assert len(data) == 172
            assert data[0] == 0x80
            count += 1

    def close(self) -> None:
        self._socket.close()


def tags(messages: str) -> set[str]:
    """The tags that the line gave: those of To in its 200s."""
    answers = [part for part in messages.split("message received") if "SIP/2.0 200" in part]
    return {found[1] for part in answers if (found := re.search(r"^To:.*;tag=(\S+)", part, re.MULTILINE))}


@pytest.mark.parametrize(
    "scenario",
    [
        *("basic", "pcma", "offerless", "hold"),  # calls
        *("options", "extension", "register", "method", "codec", "timer_short", "cancel_unknown", "stray"),  # refusals
    ],
)
def test_a_scenario(opened: Line, tmp_path: Path, scenario: str) -> None:
    Sipp(opened, scenario, tmp_path / "sipp", arguments=["-d", "500"]).ends_well()


def test_an_invite_that_comes_again_is_the_same_call(library: Path, tmp_path: Path) -> None:
    with line(library, tmp_path / "line") as one:
        messages = Sipp(one, "retransmitted", tmp_path / "sipp", arguments=EVERY_MESSAGE).ends_well()
        assert len(tags(messages)) == 1
        one.reaches(1, "calls_total", outcome="caller")
        one.reaches(0, "calls_active")


def test_a_cancel_after_the_answer_changes_nothing(library: Path, tmp_path: Path) -> None:
    with line(library, tmp_path / "line") as one:
        assert len(tags(Sipp(one, "cancel", tmp_path / "sipp").ends_well())) == 1
        one.reaches(1, "calls_total", outcome="caller")


def test_an_answer_whose_acks_are_lost_comes_again(opened: Line, tmp_path: Path) -> None:
    messages = Sipp(opened, "lost_ack", tmp_path / "sipp", arguments=EVERY_MESSAGE).ends_well()
    assert len(tags(messages)) == 1


def test_keys_in_info_are_heard_once(library: Path, tmp_path: Path) -> None:
    with line(library, tmp_path / "line") as one:
        Sipp(one, "info", tmp_path / "sipp", arguments=EVERY_MESSAGE).ends_well()
        one.reaches(1, "keys_total", key="6")
        one.reaches(1, "keys_total", key="5")


def test_the_line_ends_calls_when_it_is_told_to_twice(library: Path, tmp_path: Path) -> None:
    with line(library, tmp_path / "line") as one:
        call = Sipp(one, "bye_from_us", tmp_path / "sipp")
        one.reaches(1, "calls_active")
        one.signal()
        Sipp(one, "unavailable", tmp_path / "options").ends_well()
        Sipp(one, "full", tmp_path / "late").ends_well()
        one.signal()
        call.ends_well()
        assert one.process.wait(10) == 0


def test_with_nothing_to_hear_it_is_unavailable_until_there_is(library: Path, tmp_path: Path) -> None:
    output = tmp_path / "audio"
    shutil.copytree(library, output)
    with line(output, tmp_path / "line") as one:
        (output / "small").rename(tmp_path / "away")
        one.reaches(0, "editions")
        Sipp(one, "unavailable", tmp_path / "options").ends_well()
        Sipp(one, "full", tmp_path / "call").ends_well()
        (tmp_path / "away").rename(output / "small")
        one.reaches(1, "editions", patience=20)
        Sipp(one, "options", tmp_path / "again").ends_well()


def test_a_full_line_and_a_source_with_its_share(library: Path, tmp_path: Path) -> None:
    with line(library, tmp_path / "line", limits={"calls": 3, "calls_a_source": 2}) as one:
        two = Sipp(one, "basic", tmp_path / "two", arguments=["-m", "2", "-r", "50", "-d", "2500"])
        one.reaches(2, "calls_active")
        Sipp(one, "busy", tmp_path / "busy").ends_well()
        other = Sipp(one, "basic", tmp_path / "other", host="127.0.0.2", arguments=["-d", "1500"])
        one.reaches(3, "calls_active")
        Sipp(one, "full", tmp_path / "full", host="127.0.0.3").ends_well()
        two.ends_well()
        other.ends_well()
        one.reaches(1, "calls_refused_total", status="486")
        one.reaches(1, "calls_refused_total", status="503")
        Sipp(one, "basic", tmp_path / "after", arguments=["-d", "100"]).ends_well()


def test_fifty_calls_of_a_trunk(library: Path, tmp_path: Path) -> None:
    with line(library, tmp_path / "line", trunks=[LOOPBACK_TRUNK]) as one:
        arguments = ["-m", "50", "-l", "50", "-r", "50", "-d", "6000", "-rtp_echo"]
        calls = Sipp(one, "basic", tmp_path / "sipp", arguments=arguments)
        one.reaches(50, "calls_active", patience=8)
        calls.ends_well()
        one.reaches(50, "calls_total", outcome="caller")
        one.reaches(0, "calls_active")


def test_a_hundred_calls_with_sound_both_ways_lose_no_packet(library: Path, tmp_path: Path) -> None:
    with line(library, tmp_path / "line", trunks=[LOOPBACK_TRUNK], limits={"calls": 100}) as one:
        before = one.open_files()
        with closing(load.Load(one.address, menu=b"")) as callers:
            callers.run(4, begin=100, rate=50)
            assert (callers.refused, callers.ended) == (0, 0)
            one.reaches(100, "calls_active")
            _, came, lost = load.intervals(iter(callers.calls.values()))
            assert lost == 0
            assert came > 100 * 1.5 * 50  # the last call began after two of the four seconds
        one.reaches(100, "calls_total", outcome="caller")
        one.reaches(0, "calls_active")
        assert one.open_files() == before


def test_key_0_sends_a_caller_to_a_person(library: Path, tmp_path: Path) -> None:
    with line(library, tmp_path / "line", operator="sip:reception@pbx.example") as one:
        Sipp(one, "transfer", tmp_path / "there").ends_well()
        one.reaches(1, "calls_total", outcome="transferred")
        Sipp(one, "transfer_busy", tmp_path / "busy").ends_well()
        one.reaches(1, "calls_total", outcome="caller")
        one.reaches(2, "transfers_total")


def test_a_call_over_ipv6(library: Path, tmp_path: Path) -> None:
    with line(library, tmp_path / "line", host="[::1]") as one:
        Sipp(one, "basic", tmp_path / "sipp", host="::1", arguments=["-d", "500"]).ends_well()
        one.reaches(1, "calls_total", outcome="caller")


@pytest.mark.parametrize(
    ("networks", "there"),
    [pytest.param(["127.0.0.9"], True, id="named by the trunk"), pytest.param(["192.0.2.0/24"], False, id="not named")],
)
def test_sound_at_a_second_address(library: Path, tmp_path: Path, networks: list[str], there: bool) -> None:
    asked = Sound("127.0.0.9")
    try:
        arguments = ["-key", "at", asked.address[0], "-key", "at_port", str(asked.address[1])]
        with line(library, tmp_path / "line", trunks=[LOOPBACK_TRUNK | {"media": networks}]) as one:
            Sipp(one, "media", tmp_path / "sipp", arguments=arguments).ends_well()
        packets = asked.packets()
        assert packets > 50 if there else packets == 0
    finally:
        asked.close()


def test_a_caller_without_a_trunk_cannot_have_sound_sent_elsewhere(opened: Line, tmp_path: Path) -> None:
    asked = Sound("127.0.0.9")
    try:
        arguments = ["-key", "at", asked.address[0], "-key", "at_port", str(asked.address[1])]
        Sipp(opened, "media", tmp_path / "sipp", arguments=arguments).ends_well()
        assert asked.packets() == 0
    finally:
        asked.close()


def test_beyond_this_computer_only_trunks_may_call(library: Path, tmp_path: Path) -> None:
    with line(library, tmp_path / "line", host="0.0.0.0", trunks=[LOOPBACK_TRUNK]) as bound:
        one = Line(("127.0.0.1", bound.address[1]), bound.figures, bound.process)
        Sipp(one, "stranger", tmp_path / "stranger", host="127.0.0.2").ends_well()
        Sipp(one, "basic", tmp_path / "trunk", arguments=["-d", "200"]).ends_well()


def test_session_timers_are_kept(library: Path, tmp_path: Path) -> None:
    """The shortest that the standard has is 90 s; both ends of it in the same minute."""
    with line(library, tmp_path / "line") as one:
        theirs = Sipp(one, "timer", tmp_path / "theirs")
        ours = Sipp(one, "timer_ours", tmp_path / "ours")
        ours.ends_well(70)
        theirs.ends_well(30)
        one.reaches(1, "calls_total", outcome="silent")
        one.reaches(1, "calls_total", outcome="caller")
