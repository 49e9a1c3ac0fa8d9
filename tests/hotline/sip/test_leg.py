"""What ends a call, what keeps it going, and how it is handed to a person, in time that a test lets pass."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.hotline.sip.caller import Caller
from tests.hotline.sip.offices import Bench, closed, pause

from audioleaflet.hotline.shelf import Loaded


def heard_in(bench: Bench, caller: Caller, seconds: int) -> list[bytes]:
    """Every packet of sound of some seconds; a socket holds no more than a few of them."""
    heard: list[bytes] = []
    caller.waiting()
    for _ in range(seconds):
        bench.clock.move(1)
        heard += [packet.payload for packet in caller.waiting()]
    return heard


# What ends a call


def test_a_caller_who_sends_nothing_for_as_long_as_is_allowed_is_let_go(bench: Bench, caller: Caller) -> None:
    bench.call(caller)
    pause(bench, caller)
    bench.clock.move(80)
    caller.speak()
    assert bench.after(80) == []
    assert bench.after(15)[0][1] == "BYE"
    assert 'outcome="silent"} 1' in bench.metrics.text()


def test_a_call_on_hold_stays_for_as_long_as_a_call_may_last(loaded: Loaded) -> None:
    bench = Bench(loaded, {"limits": {"minutes": 5}})
    with Caller(("127.0.0.1", 5060)) as caller:
        bench.call(caller)
        assert bench.ask(caller, "UPDATE", caller.sdp(direction="inactive")).status == 200
        assert bench.after(150) == []
        bench.ask(caller, "UPDATE", caller.sdp(direction="sendonly"))
        assert bench.after(149) == []
        assert bench.after(2)[0][1] == "BYE"
        caller.to_tag = ""
    closed(bench)


def test_all_times_on_hold_together_have_that_limit(loaded: Loaded) -> None:
    bench = Bench(loaded, {"limits": {"minutes": 5}})
    with Caller(("127.0.0.1", 5060)) as caller:
        bench.call(caller)
        pause(bench, caller)
        for held_s in (100, 150):
            bench.ask(caller, "UPDATE", caller.sdp(direction="inactive"))
            assert bench.after(held_s) == []
            bench.ask(caller, "UPDATE", caller.sdp())
            caller.speak()
            assert bench.after(60) == []
        bench.ask(caller, "UPDATE", caller.sdp(direction="inactive"))
        assert bench.after(49) == []
        assert bench.after(2)[0][1] == "BYE"
        caller.to_tag = ""
    closed(bench)


def test_time_on_hold_is_not_counted_to_a_pause(loaded: Loaded) -> None:
    """After ten minutes of a pause the line says goodbye, but not because it was on hold for longer."""
    bench = Bench(loaded)
    with Caller(("127.0.0.1", 5060)) as caller:
        bench.call(caller)
        pause(bench, caller)
        bench.ask(caller, "UPDATE", caller.sdp(direction="inactive"))
        bench.clock.move(1200)
        bench.ask(caller, "UPDATE", caller.sdp())
        word = loaded.pcm(loaded.catalogue.prompts["en-US"]["still-paused"])[:160]
        assert word in heard_in(bench, caller, 62)
        assert bench.agent.calls == 1
        caller.to_tag = ""
    closed(bench)


def test_a_call_that_was_on_hold_goes_on(loaded: Loaded) -> None:
    bench = Bench(loaded, {"limits": {"minutes": 5}})
    with Caller(("127.0.0.1", 5060)) as caller:
        bench.call(caller)
        pause(bench, caller)
        bench.ask(caller, "UPDATE", caller.sdp(direction="inactive"))
        bench.clock.move(299)
        bench.ask(caller, "UPDATE", caller.sdp())
        assert bench.after(5) == []
        assert bench.agent.calls == 1
        caller.to_tag = ""
    closed(bench)


def test_bye_is_sent_until_it_is_answered_and_follows_the_route(bench: Bench, caller: Caller) -> None:
    routes = ("Record-Route: <sip:192.0.2.1;lr>", "Record-Route: <sip:192.0.2.2;lr>")
    bench.call(caller, *routes)
    bench.agent.end_all()
    bye = bench.sent[-1]
    assert bye.message.headers["route"] == ["<sip:192.0.2.1;lr>", "<sip:192.0.2.2;lr>"]
    assert bye.address == caller.sip.getsockname()
    assert bye.message.first.startswith(f"BYE sip:caller@{caller.host}:")
    assert bench.after(4) == [(0.5, "BYE"), (1.5, "BYE"), (3.5, "BYE")]
    bench.reply(caller, bye.message, 200)
    assert bench.after(60) == []


def test_a_strict_proxy_is_named_in_the_request(bench: Bench, caller: Caller) -> None:
    bench.call(caller, "Record-Route: <sip:192.0.2.1>, <sip:192.0.2.2;lr>")
    bench.agent.end_all()
    bye = bench.sent[-1].message
    assert bye.first == "BYE sip:192.0.2.1 SIP/2.0"
    target = f"<sip:caller@{caller.host}:{caller.sip.getsockname()[1]}>"
    assert bye.headers["route"] == ["<sip:192.0.2.2;lr>", target]


def test_a_fault_in_one_call_ends_that_call_alone(
    bench: Bench, caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Caller(("127.0.0.1", 5060)) as other:
        bench.call(caller)
        bench.call(other)
        leg = bench.agent._legs[caller.call_id, caller.to_tag]
        assert leg._session is not None
        monkeypatch.setattr(leg._session, "tick", lambda: 1 / 0)
        assert "BYE" in [what for _, what in bench.after(0.05)]
        assert [type(fault) for fault in bench.faults] == [ZeroDivisionError]
        bench.faults.clear()
        assert bench.agent.calls == 1
        bench.clock.move(1)
        assert len(other.waiting()) > 40
        other.to_tag = ""


def test_a_fault_about_one_message_is_told_and_answered(
    bench: Bench, caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.call(caller)
    monkeypatch.setattr(bench.agent, "_within", lambda *_: 1 / 0)
    assert bench.ask(caller, "INFO", "5", "application/dtmf").status == 500
    bench.put(caller, caller.request("ACK"))
    assert [type(fault) for fault in bench.faults] == [ZeroDivisionError]
    bench.faults.clear()


def test_answers_to_nothing_are_passed_over(bench: Bench, caller: Caller) -> None:
    bench.call(caller)
    bench.agent.end_all()
    bye = bench.sent[-1].message
    for _ in range(3):
        bench.reply(caller, bye, 200)
    assert bench.office.waiting == 0


# Session timers


def test_a_caller_who_refreshes_its_call_is_waited_for(bench: Bench, caller: Caller) -> None:
    answer = bench.invite(caller, None, "Supported: timer", "Session-Expires: 120")
    assert answer.headers["session-expires"] == ["120;refresher=uac"]
    assert answer.headers["require"] == ["timer"]
    bench.put(caller, caller.request("ACK"))
    pause(bench, caller)
    for _ in range(4):
        bench.clock.move(80)
        caller.speak()
        refreshed = bench.ask(caller, "UPDATE", "", "", "Supported: timer", "Session-Expires: 120;refresher=uac")
        assert refreshed.status == 200
        assert refreshed.headers["session-expires"] == ["120;refresher=uac"]
    bench.clock.move(70)
    caller.speak()
    assert bench.after(15) == []
    assert bench.after(4)[0][1] == "BYE"  # 88 s after the refresh: 32 s before the end


def test_a_refresh_without_a_timer_ends_it(bench: Bench, caller: Caller) -> None:
    bench.call(caller, "Supported: timer", "Session-Expires: 120")
    pause(bench, caller)
    assert "session-expires" not in bench.ask(caller, "UPDATE").headers
    for _ in range(3):
        bench.clock.move(50)
        caller.speak()
    assert bench.agent.calls == 1


def test_nothing_is_changed_before_the_ack(bench: Bench, caller: Caller) -> None:
    bench.invite(caller)
    for method in ("UPDATE", "INVITE"):
        refused = bench.ask(caller, method, caller.sdp())
        assert (refused.status, refused.headers["retry-after"]) == (500, ["1"])
    bench.put(caller, caller.request("ACK", sequence=1))
    assert bench.office.guard.calls == 1


def test_a_caller_who_wants_us_to_refresh_gets_updates(bench: Bench, caller: Caller) -> None:
    timer = ("Supported: timer", "Session-Expires: 90;refresher=uas", "Allow: INVITE, UPDATE, BYE")
    answer = bench.invite(caller, None, *timer)
    assert answer.headers["session-expires"] == ["90;refresher=uas"]
    assert "require" not in answer.headers
    bench.put(caller, caller.request("ACK"))
    pause(bench, caller)
    for _ in range(3):
        caller.speak()
        assert bench.after(45.1)[0][1] == "UPDATE"
        update = bench.sent[-1].message
        assert update.headers["session-expires"] == ["90;refresher=uac"]
        bench.reply(caller, update, 200)
    caller.speak()
    bench.clock.move(45.1)
    bench.reply(caller, bench.sent[-1].message, 481)
    assert bench.sent[-1].message.method == "BYE"


@pytest.mark.parametrize("status", [491, 500, 503])
def test_a_refresh_that_is_refused_for_the_moment_does_not_end_the_call(
    bench: Bench, caller: Caller, status: int
) -> None:
    """As when the exchange puts the caller on hold in the same moment."""
    bench.call(caller, "Supported: timer", "Session-Expires: 160;refresher=uas", "Allow: INVITE, UPDATE, BYE")
    pause(bench, caller)
    for last in (200, status):
        caller.speak()
        assert bench.after(80.1)[0][1] == "UPDATE"
        for _ in range(2):
            bench.reply(caller, bench.sent[-1].message, status)
            caller.speak()
            assert [what for _, what in bench.after(10.1)] == ["UPDATE"]
        bench.reply(caller, bench.sent[-1].message, last)
    assert bench.sent[-1].message.method == "BYE"


@pytest.mark.parametrize(
    "timer",
    [
        ("Session-Expires: 120",),
        ("Supported: timer",),
        ("Supported: timer", "Session-Expires: 90;refresher=uas", "Allow: INVITE, BYE"),
    ],
)
def test_without_somebody_who_can_refresh_there_is_no_timer(
    bench: Bench, caller: Caller, timer: tuple[str, ...]
) -> None:
    assert "session-expires" not in bench.invite(caller, None, *timer).headers


# A person


@pytest.fixture
def staffed(loaded: Loaded) -> Iterator[Bench]:
    made = Bench(loaded, {"operator": "+1 212 555 0100"})
    yield made
    closed(made)


def connecting(bench: Bench, caller: Caller) -> None:
    """Press 0 and wait until the call is to be transferred."""
    bench.call(caller)
    caller.press("0")
    for _ in range(80):
        bench.clock.move(0.1)
        if bench.sent[-1].message.method == "REFER":
            return
    raise AssertionError("there was no transfer")


def sipfrag(bench: Bench, caller: Caller, status: str, state: str = "active;expires=60") -> int:
    """The other end tells how a transfer goes."""
    headers = ("Event: refer", f"Subscription-State: {state}")
    return bench.ask(caller, "NOTIFY", f"SIP/2.0 {status}\r\n", "message/sipfrag", *headers).status


def test_a_transfer_refers_this_call_and_ends_when_somebody_answers(staffed: Bench, caller: Caller) -> None:
    connecting(staffed, caller)
    refer = staffed.sent[-1].message
    assert refer.headers["refer-to"] == [f"<sip:+12125550100@{caller.host}>"]
    staffed.reply(caller, refer, 202)
    assert sipfrag(staffed, caller, "100 Trying") == 200
    assert staffed.after(5) == []
    assert sipfrag(staffed, caller, "200 OK", "terminated;reason=noresource") == 200
    assert staffed.after(0.1)[0][1] == "BYE"
    assert 'outcome="transferred"} 1' in staffed.metrics.text()


@pytest.mark.parametrize("how", ["refused", "busy", "nobody"])
def test_when_nobody_can_be_reached_the_caller_hears_the_leaflet_again(
    staffed: Bench, caller: Caller, how: str, loaded: Loaded
) -> None:
    connecting(staffed, caller)
    refer = staffed.sent[-1].message
    staffed.reply(caller, refer, 603 if how == "refused" else 202)
    if how == "busy":
        assert sipfrag(staffed, caller, "486 Busy Here") == 200
    if how == "nobody":
        staffed.clock.move(29.8)
    caller.waiting()
    staffed.clock.move(0.3)
    sorry = loaded.pcm(loaded.catalogue.prompts["en-US"]["no-answer"])[:160]
    assert sorry in [packet.payload for packet in caller.waiting()]
    assert staffed.agent.calls == 1
    assert sipfrag(staffed, caller, "200 OK") == 481  # too late: the caller listens again


def test_who_is_called_is_told_so_and_can_still_go_back(staffed: Bench, caller: Caller, loaded: Loaded) -> None:
    connecting(staffed, caller)
    staffed.reply(caller, staffed.sent[-1].message, 202)
    prompts = loaded.catalogue.prompts["en-US"]
    word, on = (loaded.pcm(prompts[name])[:160] for name in ("still-calling", "going-on"))
    told = heard_in(staffed, caller, 28)
    assert told.count(word) == 3  # each eight seconds, after a prompt of its own length
    caller.press("5")
    staffed.clock.move(0.1)
    assert on in [packet.payload for packet in caller.waiting()]
    assert sipfrag(staffed, caller, "200 OK") == 481
    staffed.clock.move(5)  # past the 30 s
    assert loaded.pcm(prompts["no-answer"])[:160] not in [packet.payload for packet in caller.waiting()]
    assert staffed.agent.calls == 1


def test_who_tells_of_a_transfer_that_nobody_asked_for_is_not_believed(bench: Bench, caller: Caller) -> None:
    bench.call(caller)
    assert sipfrag(bench, caller, "200 OK") == 481
    assert bench.agent.calls == 1
