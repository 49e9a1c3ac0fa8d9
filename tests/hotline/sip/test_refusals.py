"""What is refused, with what answer, and that nothing is remembered of it."""

from __future__ import annotations

import os
import socket
import time
from pathlib import Path

import pytest
from tests.hotline.shelves import write_library
from tests.hotline.sip.caller import Caller
from tests.hotline.sip.hotlines import Hotline, hotline


def test_what_is_not_of_a_call_is_told_so(line: Hotline) -> None:
    with Caller(line.address) as caller:
        caller.to_tag = "0123456789abcdef"
        for method in ("BYE", "INFO", "UPDATE", "INVITE", "NOTIFY"):
            assert caller.ask(method).status == 481


def test_a_request_out_of_order_is_refused(line: Hotline) -> None:
    with Caller(line.address) as caller:
        caller.call()
        caller.send(caller.request("INFO", "6", "application/dtmf", sequence=0))
        assert caller.final("INFO").status == 500
        other = Caller(line.address, call_id=caller.call_id, to_tag=caller.to_tag, host=caller.host)
        with other:
            assert other.ask("BYE").status == 481
        assert caller.hear(0.2)


def test_options_tell_what_the_line_can(line: Hotline) -> None:
    with Caller(line.address) as caller:
        answer = caller.ask("OPTIONS")
        assert answer.status == 200
        assert answer.headers["allow"] == ["INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, NOTIFY"]
        assert answer.headers["accept"][0].startswith("application/sdp")


def test_with_nothing_to_hear_options_and_calls_are_refused_until_there_is(tmp_path: Path) -> None:
    ready, library = write_library(tmp_path / "ready"), tmp_path / "audio"
    library.mkdir()
    with hotline(tmp_path) as line, Caller(line.address) as caller:
        assert caller.ask("OPTIONS").status == 503
        refused = caller.invite()
        caller.to_tag = ""
        assert (refused.status, refused.headers["retry-after"]) == (503, ["30"])
        for name in ("phone", "small"):
            (ready / name).rename(library / name)
        end = time.monotonic() + 8
        while caller.ask("OPTIONS").status != 200:
            assert time.monotonic() < end
            time.sleep(0.2)


@pytest.mark.parametrize(
    ("method", "headers", "body", "kind", "status", "told"),
    [
        ("REGISTER", (), "", "", 405, "allow"),
        ("SUBSCRIBE", (), "", "", 405, "allow"),
        ("REFER", (), "", "", 405, "allow"),
        ("JUGGLE", (), "", "", 501, "allow"),
        ("INVITE", ("Require: 100rel, timer",), "sdp", "application/sdp", 420, "unsupported"),
        ("INVITE", (), "hello", "text/plain", 415, "accept"),
        ("INVITE", ("Content-Encoding: gzip",), "sdp", "application/sdp", 415, "accept-encoding"),
        ("INVITE", (), "v=1", "application/sdp", 400, ""),
        ("INVITE", ("Supported: timer", "Session-Expires: 30"), "sdp", "application/sdp", 422, "min-se"),
    ],
)
def test_the_right_refusal(
    line: Hotline,
    method: str,
    headers: tuple[str, ...],
    body: str,
    kind: str,
    status: int,
    told: str,
) -> None:
    with Caller(line.address) as caller:
        request = caller.request(method, caller.sdp() if body == "sdp" else body, kind, headers=headers)
        answers = []
        for _ in range(2):
            caller.send(request)
            answers.append(caller.final(method))
        assert answers[0].status == status
        assert not told or told in answers[0].headers
        assert answers[0].headers == answers[1].headers  # nothing is remembered, and still the tag is the same


def test_no_sound_in_common_is_488_and_sips_416_and_another_version_505(line: Hotline) -> None:
    with Caller(line.address) as caller:
        assert caller.invite(caller.sdp(types="3 18")).status == 488
        caller.to_tag = ""
        invite = caller.request("INVITE", caller.sdp())
        for old, new, status in ((b" sip:", b" sips:", 416), (b"SIP/2.0\r\n", b"SIP/3.0\r\n", 505)):
            caller.send(invite.replace(old, new, 1))
            assert caller.final("INVITE").status == status


def test_the_same_call_by_two_ways_is_one(line: Hotline) -> None:
    with Caller(line.address) as caller:
        assert caller.invite().status == 200
        caller.to_tag = ""
        caller.send(caller.request("INVITE", caller.sdp()))
        while caller.final("INVITE").status != 482:
            pass


def test_an_answer_goes_to_the_port_that_the_via_names(line: Hotline) -> None:
    with Caller(line.address) as caller:
        request = caller.request("OPTIONS", rport=False)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
            other.bind((caller.host, 0))
            other.sendto(request, line.address)
        assert caller.final("OPTIONS").status == 200
        caller.send(caller.request("OPTIONS"))
        assert f"rport={caller.sip.getsockname()[1]}" in caller.final("OPTIONS").headers["via"][0]


def test_bytes_that_are_no_sip_get_no_answer_and_harm_nothing(line: Hotline) -> None:
    with Caller(line.address) as caller:
        for data in (b"", b"\r\n\r\n", b"\x00" * 4, os.urandom(400), b"INVITE\r\n\r\n", b"SIP/2.0 200 OK\r\n\r\n"):
            caller.send(data)
        caller.send(caller.request("OPTIONS")[:-20])
        with pytest.raises(TimeoutError):
            caller.receive(0.3)
        assert caller.ask("OPTIONS").status == 200


def test_a_message_that_can_be_answered_is_answered_400(line: Hotline) -> None:
    with Caller(line.address) as caller:
        caller.send(caller.request("OPTIONS").replace(b"Max-Forwards: 70", b"Max-Forwards: many"))
        assert caller.final("OPTIONS").status == 400
