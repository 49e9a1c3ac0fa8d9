"""Calls as SIP sees them, in time that a test lets pass: what is sent again, what ends, what a stranger gets."""

from __future__ import annotations

import pytest
from tests.hotline.sip.caller import Caller
from tests.hotline.sip.offices import Bench, closed

from audioleaflet.hotline.shelf import Loaded

LEAN = (
    b"INVITE sip:1@h SIP/2.0\r\nv:SIP/2.0/UDP h;branch=z9hG4bK1;rport\r\nf:<sip:a@h>;tag=1\r\nt:<sip:1@h>\r\ni:1\r\n"
    b"CSeq:1 INVITE\r\nm:<sip:h>\r\n\r\n"
)
TRUNKS: dict[str, object] = {"trunks": [{"address": "127.0.0.1"}]}


# A 200 without its ACK


def test_without_its_ack_a_200_is_sent_again_and_the_call_ends_after_8_seconds(bench: Bench, caller: Caller) -> None:
    assert bench.invite(caller).status == 200
    assert bench.after(60) == [(0.5, "200"), (1.5, "200"), (3.5, "200"), (7.5, "200"), (8.0, "BYE")]
    assert 'outcome="unconfirmed"} 1' in bench.metrics.text()


def test_a_trunk_has_the_time_of_the_standard(loaded: Loaded) -> None:
    bench = Bench(loaded, TRUNKS)
    with Caller(("127.0.0.1", 5060), host="127.0.0.1") as caller:
        bench.invite(caller)
        assert bench.after(20) == [(0.5, "200"), (1.5, "200"), (3.5, "200"), (7.5, "200")]
        bench.put(caller, caller.request("ACK"))
        assert bench.after(3) == []
        assert bench.agent.calls == 1
        caller.to_tag = ""
    closed(bench)


@pytest.mark.parametrize("changes", [{}, TRUNKS])
@pytest.mark.parametrize("times", [1, 3])
def test_a_forged_invite_gets_less_than_ten_times_its_size(
    loaded: Loaded, changes: dict[str, object], times: int
) -> None:
    bench = Bench(loaded, dict(changes))
    with Caller(("127.0.0.1", 5060), host="127.0.0.1") as forger:
        for _ in range(times):
            bench.put(forger, LEAN)
        bench.clock.move(100)
        got = sum(sent.size for sent in bench.sent)
        assert len(LEAN) < got < 9 * times * len(LEAN)
        # What an Ethernet frame, IP and UDP add to each packet makes the ratio smaller.
        packets = len(bench.sent)
        assert got + 42 * packets < 10 * times * (len(LEAN) + 42)
    closed(bench)


def test_a_forged_invite_gets_no_sound(bench: Bench, caller: Caller) -> None:
    bench.invite(caller)
    forged, caller.to_tag = caller.to_tag, "0" * 16
    bench.put(caller, caller.request("ACK"))
    caller.to_tag = ""
    bench.put(caller, caller.request("ACK"))
    bench.clock.move(1)
    assert caller.waiting() == []
    caller.to_tag = forged
    bench.put(caller, caller.request("ACK", sequence=7))
    bench.clock.move(0.1)
    assert caller.waiting() == []
    bench.put(caller, caller.request("ACK"))
    bench.clock.move(0.1)
    assert len(caller.waiting()) == 6


def test_of_calls_that_nobody_acknowledges_the_oldest_goes_first(loaded: Loaded) -> None:
    bench = Bench(loaded, {**TRUNKS, "limits": {"requests_a_second": 10_000, "calls": 2}}, half_open=4)
    with Caller(("127.0.0.1", 5060), host="127.0.0.1") as real:
        for number in range(30):
            name = f"{number}".encode()
            assert bench.put(real, LEAN.replace(b"i:1", b"i:" + name).replace(b"bK1", b"bK" + name))
            assert bench.office.guard.half_open <= 4
            if number == 27:
                bench.call(real)
        assert bench.office.guard.calls == 1
        real.to_tag = ""
    assert bench.faults == []
    closed(bench)


def test_a_caller_with_few_calls_stays_when_another_has_many(loaded: Loaded) -> None:
    bench = Bench(loaded, half_open=5)
    with (
        Caller(("127.0.0.1", 5060), host="127.1.200.9") as real,
        Caller(("127.0.0.1", 5060), host="127.1.200.1") as forger,
    ):
        bench.invite(real)
        for n in range(4):
            bench.put(forger, LEAN.replace(b"i:1", b"i:%d" % n).replace(b"bK1", b"bK%d" % n))
        with Caller(("127.0.0.1", 5060)) as third:
            assert bench.invite(third).status == 200
            third.to_tag = ""
        bench.put(real, real.request("ACK"))
        assert bench.office.guard.calls == 1
        real.to_tag = ""
    closed(bench)


def test_calls_of_a_trunk_go_on_during_a_flood_in_its_name(loaded: Loaded) -> None:
    bench = Bench(loaded, TRUNKS)
    with Caller(("127.0.0.1", 5060), host="127.0.0.1") as real:
        bench.invite(real)
        answered = [
            bool(bench.put(real, LEAN.replace(b"i:1", b"i:%d" % n).replace(b"bK1", b"bK%d" % n))) for n in range(600)
        ]
        assert 400 < sum(answered) < 550
        assert not any(answered[-50:])
        bench.put(real, real.request("ACK"))
        assert bench.office.guard.calls == 0  # its place was needed before its ACK came
        bench.clock.move(1)
        real.call_id, real.to_tag = "again", ""
        bench.call(real)
        for n in range(600):
            bench.put(real, LEAN.replace(b"i:1", b"i:x%d" % n).replace(b"bK1", b"bKx%d" % n))
        assert bench.office.guard.calls == 1
        assert bench.ask(real, "BYE").status == 200
        real.to_tag = ""
    closed(bench)


def test_a_line_that_filled_up_before_the_ack_says_goodbye(loaded: Loaded) -> None:
    bench = Bench(loaded, {"limits": {"calls": 1, "requests_a_second": 10_000}})
    with Caller(("127.0.0.1", 5060)) as first, Caller(("127.0.0.1", 5060)) as second:
        for caller in (first, second):
            assert bench.invite(caller).status == 200
        bench.put(first, first.request("ACK"))
        assert [answer.method for answer in bench.put(second, second.request("ACK"))] == ["BYE"]
        assert bench.office.guard.calls == 1
        first.to_tag = second.to_tag = ""
    closed(bench)


def test_the_invite_of_a_call_that_is_over_begins_no_other(bench: Bench, caller: Caller) -> None:
    invite = caller.request("INVITE", caller.sdp())
    answer = bench.put(caller, invite)[-1]
    caller.to_tag = answer.tag("to")
    bench.put(caller, caller.request("ACK"))
    assert bench.ask(caller, "BYE").status == 200
    assert bench.put(caller, invite) == []
    assert bench.agent.calls == 0
