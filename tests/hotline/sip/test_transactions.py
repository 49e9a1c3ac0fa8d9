"""What is sent again, for how long, and what is remembered."""

from __future__ import annotations

from tests.hotline.sip.clocks import HandClock

from audioleaflet.hotline.sip.message import Response
from audioleaflet.hotline.sip.transactions import Acceptance, Answers, Budget, Request


class Wire:
    """Notes what was sent, and when."""

    def __init__(self, clock: HandClock) -> None:
        self._clock = clock
        self.sent: list[float] = []
        self.lost: list[float] = []
        self.done: list[int | None] = []

    def send(self, _data: bytes) -> None:
        self.sent.append(round(self._clock.time() - 1000, 3))

    def lose(self) -> None:
        self.lost.append(round(self._clock.time() - 1000, 3))

    def finish(self, response: Response | None) -> None:
        self.done.append(None if response is None else response.status)


def response(status: int) -> Response:
    return Response(status=status, reason="")


def test_a_2xx_is_sent_again_at_t1_doubling_to_t2_and_given_up_after_64_t1() -> None:
    clock = HandClock()
    wire = Wire(clock)
    Acceptance(clock, wire.send, b"200", wire.lose).again()
    clock.move(100)
    assert wire.sent == [0, 0.5, 1.5, 3.5, 7.5, 11.5, 15.5, 19.5, 23.5, 27.5, 31.5]
    assert wire.lost == [32]
    assert clock.waiting == 0


def test_a_2xx_is_given_up_when_it_was_told_to() -> None:
    clock = HandClock()
    wire = Wire(clock)
    Acceptance(clock, wire.send, b"200", wire.lose, give_up_s=8)
    clock.move(100)
    assert wire.sent == [0.5, 1.5, 3.5, 7.5]
    assert wire.lost == [8]


def test_after_its_ack_a_2xx_is_not_sent_again() -> None:
    clock = HandClock()
    wire = Wire(clock)
    acceptance = Acceptance(clock, wire.send, b"200", wire.lose)
    clock.move(1)
    acceptance.stop()
    clock.move(100)
    assert (wire.sent, wire.lost) == ([0.5], [])


def test_who_has_proved_nothing_gets_eight_times_what_it_sent() -> None:
    clock = HandClock()
    wire, budget = Wire(clock), Budget()
    budget.came(10)
    acceptance = Acceptance(clock, wire.send, b"x" * 40, wire.lose, budget=budget)
    acceptance.again()
    clock.move(100)
    assert wire.sent == [0, 0.5]
    assert wire.lost == [32]
    budget.came(5)
    acceptance.again()
    acceptance.again()
    assert len(wire.sent) == 3
    assert not budget.takes(1)


def test_a_request_is_sent_again_until_its_answer() -> None:
    clock = HandClock()
    wire = Wire(clock)
    request = Request(clock, wire.send, b"BYE", wire.finish)
    clock.move(1.6)
    request.came(response(200))
    clock.move(100)
    assert wire.sent == [0, 0.5, 1.5]
    assert wire.done == [200]


def test_a_request_that_is_being_worked_on_is_sent_less_often() -> None:
    clock = HandClock()
    wire = Wire(clock)
    request = Request(clock, wire.send, b"REFER", wire.finish)
    clock.move(0.1)
    request.came(response(100))
    clock.move(9)
    assert wire.sent == [0, 0.5, 4.5, 8.5]
    request.stop()
    clock.move(100)
    assert wire.done == []


def test_a_request_that_nobody_answers_is_told_of_once_after_32_seconds() -> None:
    clock = HandClock()
    wire = Wire(clock)
    Request(clock, wire.send, b"BYE", wire.finish)
    clock.move(100)
    assert wire.sent == [0, 0.5, 1.5, 3.5, 7.5, 11.5, 15.5, 19.5, 23.5, 27.5, 31.5]
    assert wire.done == [None]


def test_answers_are_remembered_for_32_seconds_and_not_without_bound() -> None:
    clock = HandClock()
    answers = Answers(clock)
    answers.keep("a", b"1")
    clock.move(31.9)
    assert answers.get("a") == b"1"
    clock.move(0.2)
    assert answers.get("a") is None
    for number in range(5000):
        answers.keep(str(number), b"1")
    assert answers.get("0") is None
    assert answers.get("4999") == b"1"
    assert len(answers._kept) == 4096
