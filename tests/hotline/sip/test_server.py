"""The line, called over loopback by a plain telephone: what is answered, what is heard, what is refused."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from tests.hotline.shelves import write_edition, write_library
from tests.hotline.sip.caller import Caller
from tests.hotline.sip.hotlines import Hotline, heard, hotline, keys, sound, starts, wait_for

from audioleaflet.bind import Bind
from audioleaflet.hotline.sip import server
from audioleaflet.sound.g711 import ULAW_TO_ALAW

SILENCE = b"\xff" * 160
TRUNK = ({"address": "127.0.0.1"},)


# A call


def test_a_call_is_answered_and_the_welcome_begins(line: Hotline) -> None:
    with Caller(line.address) as caller:
        caller.send(caller.request("INVITE", caller.sdp()))
        answers = [caller.receive() for _ in range(3)]
        assert [answer.status for answer in answers] == [100, 180, 200]
        assert answers[0].tag("to") == ""
        assert answers[1].tag("to") == answers[2].tag("to") != ""
        assert answers[2].headers["content-type"] == ["application/sdp"]
        address, port, codec = answers[2].media()
        assert (address, codec) == ("127.0.0.1", 0)
        caller.to_tag, caller.remote = answers[2].tag("to"), (address, port)
        assert caller.hear(0.3) == []
        caller.acknowledge()
        packets = caller.hear(0.4)
        first = packets[0]
        assert first.source == caller.remote
        for place, packet in enumerate(packets):
            assert packet.sequence == (first.sequence + place) & 0xFFFF
            assert packet.timestamp == (first.timestamp + 160 * place) & 0xFFFFFFFF
            assert packet.marker is (place == 0)
            assert (packet.payload_type, len(packet.payload)) == (0, 160)
        welcome = b"".join(sound(line, name) for name in ("emergency", "prompts/publisher"))
        assert heard(packets).startswith(welcome)
        assert caller.hang_up().status == 200
        assert len(caller.hear(0.3)) <= 2


def test_a_telephone_with_a_law_hears_a_law(line: Hotline) -> None:
    with Caller(line.address) as caller:
        assert caller.call(caller.sdp(types="8 101")).media()[2] == 8
        (packet, *_) = caller.hear(0.3)
        assert packet.payload_type == 8
        assert packet.payload == starts(line, "emergency").translate(ULAW_TO_ALAW)


def test_an_invite_without_an_offer_gets_ours(line: Hotline) -> None:
    with Caller(line.address) as caller:
        answer = caller.invite("")
        assert "m=audio" in answer.body
        caller.acknowledge(caller.sdp(types="0 101"))
        assert wait_for(caller, starts(line, "emergency"))


def test_an_invite_without_an_offer_and_an_ack_without_an_answer_ends(line: Hotline) -> None:
    with Caller(line.address) as caller:
        caller.invite("")
        caller.acknowledge()
        assert caller.serve().method == "BYE"
        assert caller.hear(0.2) == []


def test_a_key_interrupts_at_once(line: Hotline) -> None:
    with Caller(line.address) as caller:
        caller.call()
        wait_for(caller, starts(line, "emergency"))
        caller.press("*")
        pressed = time.monotonic()
        assert wait_for(caller, starts(line, "menu"), 1.0).at - pressed < 0.12


@pytest.mark.parametrize(
    ("kind", "body"),
    [("application/dtmf-relay", "Signal=*\r\nDuration=160\r\n"), ("application/dtmf", "*")],
)
def test_a_key_may_come_as_info_and_comes_once(line: Hotline, kind: str, body: str) -> None:
    before = keys(line, "*")
    with Caller(line.address) as caller:
        caller.call()
        caller.sequence += 1
        info = caller.request("INFO", body, kind)
        for _ in range(3):
            caller.send(info)
            assert caller.final("INFO").status == 200
        wait_for(caller, starts(line, "menu"), 1.0)
        assert caller.ask("INFO", "Signal=A", "application/dtmf-relay").status == 200
        assert caller.ask("INFO").status == 200
        assert caller.ask("INFO", "Signal=", "application/dtmf-relay").status == 400
        assert caller.ask("INFO", "*", "text/plain").status == 415
    assert keys(line, "*") == before + 1


def test_keys_that_come_both_ways_count_once(line: Hotline) -> None:
    before = keys(line, "*")
    with Caller(line.address) as caller:
        caller.call()
        caller.press("*")
        wait_for(caller, starts(line, "menu"), 1.0)
        assert caller.ask("INFO", "Signal=*", "application/dtmf-relay").status == 200
    assert keys(line, "*") == before + 1


def test_silence_is_sent_while_the_line_waits(line: Hotline) -> None:
    with Caller(line.address) as caller:
        caller.call()
        caller.press("*")
        wait_for(caller, starts(line, "menu"), 1.0)
        packets = caller.hear(1.0)
        assert packets[-1].payload == SILENCE
        assert packets[-1].timestamp - packets[0].timestamp == 160 * (len(packets) - 1)
        caller.press("*")
        assert wait_for(caller, starts(line, "menu"), 1.0).marker


def test_a_place_is_kept_in_a_file(tmp_path: Path) -> None:
    with hotline(tmp_path) as line, Caller(line.address) as caller:
        caller.call()
        for key, prompt in (("*", "menu"), ("3", "place-get"), ("1", "code-is")):
            caller.press(key)
            wait_for(caller, starts(line, prompt), 2.0)
        packets = heard(caller.hear(0.8))
        assert [key for key in "123456789" if sound(line, f"digit-{key}")[160:320] in packets]
        assert line.places.file.exists()


# SIP


def test_the_same_invite_again_is_the_same_call(line: Hotline) -> None:
    with Caller(line.address) as caller:
        invite = caller.request("INVITE", caller.sdp())
        tags, ports = set(), set()
        for _ in range(3):
            caller.send(invite)
            answer = caller.final("INVITE")
            tags.add(answer.tag("to"))
            ports.add(answer.media()[1])
        assert len(tags) == len(ports) == 1


def test_an_ack_with_another_tag_starts_nothing(line: Hotline) -> None:
    with Caller(line.address) as caller:
        caller.invite()
        ours, caller.to_tag = caller.to_tag, "0123456789abcdef"
        caller.acknowledge()
        assert caller.hear(0.3) == []
        caller.to_tag = ours
        caller.acknowledge()
        assert caller.hear(0.3)


def test_a_cancel_after_the_answer_changes_nothing(line: Hotline) -> None:
    with Caller(line.address) as caller:
        caller.invite()
        branch, tag, caller.to_tag = caller.branch, caller.to_tag, ""
        caller.send(caller.request("CANCEL", branch=branch))
        answer = caller.final("CANCEL")
        assert (answer.status, answer.tag("to")) == (200, tag)
        caller.send(caller.request("CANCEL"))
        assert caller.final("CANCEL").status == 481
        caller.to_tag = tag
        caller.acknowledge()
        assert caller.hear(0.3)


def test_hold_stands_still_and_resume_goes_on_there(line: Hotline) -> None:
    with Caller(line.address) as caller:
        caller.call()
        *_, last = caller.listen(lambda packet: packet.payload == sound(line, "emergency")[160:320])
        held = caller.ask("INVITE", caller.sdp(direction="sendonly"))
        assert "a=recvonly" in held.body
        caller.acknowledge()
        before = caller.hear(0.3)
        assert len(before) <= 5
        resumed = caller.ask("INVITE", caller.sdp())
        assert "a=sendrecv" in resumed.body
        caller.acknowledge()
        after = caller.hear(0.5)
        assert after[0].marker
        assert after[0].timestamp - last.timestamp > 160 * 12
        assert sound(line, "emergency")[160:] in heard([last, *before, *after])


def test_an_update_holds_too_and_a_bad_offer_leaves_the_call_as_it_is(line: Hotline) -> None:
    with Caller(line.address) as caller:
        caller.call()
        assert caller.ask("INVITE", caller.sdp(types="3")).status == 488
        caller.send(caller.request("ACK"))
        assert len(caller.hear(0.3)) > 10
        assert "a=inactive" in caller.ask("UPDATE", caller.sdp(direction="inactive")).body
        assert len(caller.hear(0.3)) <= 2


def test_bye_of_ours_comes_again_until_it_is_answered(tmp_path: Path) -> None:
    with hotline(tmp_path) as line, Caller(line.address) as caller:
        caller.call()
        assert caller.hear(0.1)
        line.stop()
        line.stop()
        first, second = caller.receive(), caller.serve()
        assert first.first == second.first == f"BYE sip:caller@{caller.host}:{caller.sip.getsockname()[1]} SIP/2.0"
        assert first.headers == second.headers
        assert first.tag("from") == caller.to_tag
        assert first.tag("to") == caller.tag


# Who may call


def test_beyond_this_computer_a_stranger_is_refused_a_few_times(tmp_path: Path) -> None:
    everywhere = Bind(host="0.0.0.0", port=0)
    with hotline(tmp_path, everywhere, trunks=TRUNK) as line:
        with Caller(line.address, host="127.0.0.2") as stranger:
            statuses = []
            for _ in range(40):
                stranger.send(stranger.request("INVITE", stranger.sdp()))
            with suppress(TimeoutError):
                while True:
                    statuses.append(stranger.receive(0.5).status)
            assert set(statuses) == {403}
            assert 20 <= len(statuses) <= 30
        with Caller(line.address, host="127.0.0.1") as trunk:
            assert trunk.call().media()[0] == "127.0.0.1"
            assert trunk.hear(0.3)


def test_sound_goes_to_the_caller_and_not_where_the_description_says(tmp_path: Path) -> None:
    with hotline(tmp_path) as line, Caller(line.address) as caller, Caller(line.address, host=caller.host) as victim:
        port = victim.rtp.getsockname()[1]
        caller.call(caller.sdp(host="127.0.0.9", port=port))
        assert len(victim.hear(0.2)) > 5  # the port, but at the address of the caller
        caller.speak()
        assert len(caller.hear(0.3)) > 10  # where its own sound comes from, once
        victim.remote = caller.remote
        victim.speak()
        victim.hear(0.1)
        assert victim.hear(0.2) == []


def test_a_trunk_has_sound_sent_to_the_networks_it_names(tmp_path: Path) -> None:
    trunks = ({"address": "127.0.0.1", "media": ["127.0.1.0/24"]},)
    with (
        hotline(tmp_path, trunks=trunks) as line,
        Caller(line.address, host="127.0.0.1") as trunk,
        Caller(line.address, host="127.0.1.5") as gateway,
    ):
        trunk.call(trunk.sdp(host="127.0.1.5", port=gateway.rtp.getsockname()[1]))
        assert len(gateway.hear(0.3)) > 10
        gateway.remote = trunk.remote
        gateway.press("*")
        wait_for(gateway, starts(line, "menu"), 1.0)


def test_a_full_line_says_when_to_come_again_and_a_source_has_its_share(tmp_path: Path) -> None:
    limits = {"calls": 3, "calls_a_source": 2}
    with hotline(tmp_path, limits=limits) as line:
        hosts = ("127.0.0.1", "127.0.0.1", "127.0.0.1", "127.0.0.2", "127.0.0.3")
        callers = [Caller(line.address, host=host) for host in hosts]
        statuses = []
        for caller in callers:
            statuses.append(caller.invite().status)
            if statuses[-1] == 200:
                caller.acknowledge()
                caller.hear(0.1)
        assert statuses == [200, 200, 486, 200, 503]
        assert callers[0].hang_up().status == 200
        callers[4].sequence, callers[4].to_tag = 9, ""
        assert callers[4].invite().status == 200
        for caller in callers:
            caller.__exit__(None, None, None)


# In operation


def test_a_call_keeps_its_edition_and_the_next_hears_the_new_one(tmp_path: Path) -> None:
    with hotline(tmp_path) as line, Caller(line.address) as caller:
        caller.call()
        caller.press("*")
        wait_for(caller, starts(line, "menu"), 1.0)
        old = sound(line, "normal/01-part-1")
        write_edition(tmp_path / "new", script="1" * 64)
        exchanged = line.library / "small" / "en"
        exchanged.rename(tmp_path / "old")
        (tmp_path / "new" / "small" / "en").rename(exchanged)
        new = sound(line, "normal/01-part-1")
        assert new[:160] != old[:160]
        before, end = line.shelf.current(), time.monotonic() + 6
        while line.shelf.current() is before:
            assert time.monotonic() < end
            time.sleep(0.05)
        caller.hear(0.01)
        caller.press("5")
        wait_for(caller, old[160:320], 2.0)
        with Caller(line.address) as other:
            other.call()
            wait_for(other, new[160:320], 2.0)


def test_a_fault_in_looking_at_the_folder_is_told_and_it_looks_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "LOOK_EVERY_S", 0.05)
    with hotline(tmp_path) as line:
        before, end = line.shelf.current(), time.monotonic() + 6
        with monkeypatch.context() as damaged:
            damaged.setattr(line.shelf, "refresh", lambda: 1 / 0)
            while not any("ZeroDivisionError" in told for told in line.told):
                assert time.monotonic() < end
                time.sleep(0.05)
        (line.library / "small").rename(tmp_path / "away")
        while line.shelf.current() is before:
            assert time.monotonic() < end
            time.sleep(0.05)
        line.told.clear()  # else the fault is one of this test


def test_when_it_closes_calls_go_on_and_new_ones_are_refused(tmp_path: Path) -> None:
    with hotline(tmp_path) as line, Caller(line.address) as caller:
        caller.call()
        line.stop()
        time.sleep(0.2)
        with Caller(line.address) as late:
            assert late.ask("OPTIONS").status == 503
            assert late.invite().status == 503
        assert caller.hear(0.3)
        assert caller.hang_up().status == 200
    assert [told.split(" ", 1)[1] for told in line.told[1:]] == [
        "closing: no new calls are taken; 1 going on; the same again ends it",
        "counts: calls=1 seconds=1 refused=1",
        "stop: the line is closed",
    ]


def test_nothing_that_it_tells_or_keeps_is_of_a_caller(tmp_path: Path) -> None:
    with hotline(tmp_path) as line, Caller(line.address, user="15551234567") as caller:
        caller.call()
        caller.press("*")
        wait_for(caller, starts(line, "menu"), 1.0)
        caller.send(b"INVITE sip:15551234567 SIP/2.0\r\n\r\n")
        port = str(caller.sip.getsockname()[1])
    told = "\n".join(line.told) + line.metrics.text()
    for secret in ("15551234567", caller.call_id, caller.tag, caller.host, port):
        assert secret not in told


def test_no_call_leaves_anything_behind(tmp_path: Path) -> None:
    def files() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    with hotline(tmp_path) as line:
        before = 0
        for round_number in range(12):
            with Caller(line.address) as caller:
                caller.call()
                assert caller.hear(0.06)
                caller.hang_up()
            if round_number == 1:
                before = files()
        end = time.monotonic() + 5
        while files() > before:  # the shelf is looked through now and then, and so has a file open
            assert time.monotonic() < end
            time.sleep(0.02)
        assert line.metrics.active == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_first_signal_waits_for_calls_and_the_second_ends_them(tmp_path: Path, number: signal.Signals) -> None:
    write_library(tmp_path / "audio")
    folders = ["--output", str(tmp_path / "audio"), "--state", str(tmp_path / "state")]
    command = [sys.executable, "-m", "audioleaflet", "hotline", "serve", "--bind", "127.0.0.1:0", *folders]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            port = int(process.stderr.readline().split("sip:127.0.0.1:")[1].split()[0])
            with Caller(("127.0.0.1", port)) as caller:
                caller.call()
                assert caller.hear(0.2)
                process.send_signal(number)
                assert "closing: no new calls" in process.stderr.readline()
                assert caller.hear(0.3)
                process.send_signal(number)
                assert caller.serve().method == "BYE"
                caller.to_tag = ""
            assert process.stderr.read().endswith("stop: the line is closed\n")
            assert process.wait(5) == {signal.SIGTERM: 0, signal.SIGINT: 130}[number]
        finally:
            process.kill()
