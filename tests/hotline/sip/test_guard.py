"""Who may call and how much of it, with a clock that stands still until it is moved."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from audioleaflet.hotline.sip.guard import Bucket, Full, Guard
from audioleaflet.settings.hotline import CallLimits, Trunk


class Time:
    """A clock that is set by hand."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


TRUNK = Trunk(address=ip_network("192.0.2.0/28"), media=(ip_network("198.51.100.0/24"),))


def guard(time: Time | None = None, *, private: bool = True, half_open: int = 100, **limits: int) -> Guard:
    return Guard(CallLimits(**limits), [TRUNK], half_open=half_open, private=private, clock=time or Time())


def test_beyond_this_computer_only_trunks_may_call() -> None:
    opened = guard(private=False)
    trunk = opened.peer("192.0.2.5")
    assert trunk is not None
    assert trunk.trunk == TRUNK
    assert opened.peer("192.0.2.16") is None
    assert opened.peer("127.0.0.1") is None


def test_on_this_computer_alone_anybody_may_call() -> None:
    stranger = guard().peer("127.0.0.9")
    assert stranger is not None
    assert stranger.trunk is None
    assert not stranger.hears_at("198.51.100.7")


@pytest.mark.parametrize(("host", "honoured"), [("198.51.100.7", True), ("203.0.113.1", False), ("pbx.example", False)])
def test_sound_goes_only_to_the_networks_that_a_trunk_names(host: str, honoured: bool) -> None:
    trunk = guard().peer("192.0.2.5")
    assert trunk is not None
    assert trunk.hears_at(host) is honoured


def test_a_long_datagram_is_not_read() -> None:
    assert guard(message_bytes=2000).reads("127.0.0.1", 2000)
    assert not guard(message_bytes=2000).reads("127.0.0.1", 2001)


def test_a_source_has_its_rate_and_gets_it_back() -> None:
    time = Time()
    line = guard(time, requests_a_second=10)
    assert [line.reads("127.0.0.1", 300) for _ in range(21)] == [True] * 20 + [False]
    assert line.reads("127.0.0.2", 300)
    time.now += 0.15
    assert [line.reads("127.0.0.1", 300) for _ in range(2)] == [True, False]


def test_a_trunk_has_the_rate_of_the_line() -> None:
    line = guard(requests_a_second=10)
    read = [line.reads("192.0.2.5", 300) for _ in range(501)]
    assert all(read[:500])
    assert not read[500]
    assert line.reads("192.0.2.5", 300, known=True)
    assert not line.reads("192.0.2.5", 9000, known=True)
    assert not line.reads("127.0.0.1", 300)
    assert line.reads("127.0.0.1", 300, known=True)


def test_strangers_do_not_use_up_the_rate_of_the_line() -> None:
    line = guard(private=False)
    refused = [line.reads(f"203.0.{number >> 8}.{number & 255}", 300) for number in range(5000)]
    assert sum(refused) == 20
    assert line.reads("192.0.2.5", 300)


def test_what_is_remembered_of_sources_has_a_bound() -> None:
    line = guard()
    for number in range(10_000):
        line.reads(f"127.{number >> 8}.{number & 255}.1", 300)
    assert len(line._rates) <= 2048
    assert len(line._peers) <= 2048


def test_a_source_has_so_many_calls_half_open() -> None:
    line = guard(half_open_a_source=2)
    for _ in range(2):
        assert line.full("127.0.0.1") is None
        line.opened("127.0.0.1")
    assert line.full("127.0.0.1") is Full.SOURCE
    assert line.full("127.0.0.2") is None
    line.closed("127.0.0.1")
    assert line.full("127.0.0.1") is None


def test_a_source_has_so_many_calls_and_a_trunk_as_many_as_the_line() -> None:
    line = guard(calls=5, calls_a_source=2)
    for host in ("127.0.0.1", "127.0.0.1"):
        line.opened(host)
        assert line.begun(host)
    assert line.full("127.0.0.1") is Full.SOURCE
    for _ in range(3):
        assert line.full("192.0.2.5") is None
        line.opened("192.0.2.5")
        assert line.begun("192.0.2.5")
    assert line.full("192.0.2.5") is Full.LINE
    line.ended("127.0.0.1")
    assert line.full("192.0.2.5") is None
    assert line.full("127.0.0.1") is None


def test_calls_that_nobody_acknowledges_do_not_fill_the_line() -> None:
    line = guard(calls=2, half_open=4)
    for _ in range(4):
        assert line.full("192.0.2.5") is None
        assert not line.crowded
        line.opened("192.0.2.5")
    assert line.crowded
    assert line.full("192.0.2.5") is None
    assert line.begun("192.0.2.5")
    assert line.begun("192.0.2.5")
    assert not line.begun("192.0.2.5")
    assert (line.calls, line.half_open) == (2, 2)


def test_a_bucket_never_holds_more_than_its_burst() -> None:
    time = Time()
    bucket = Bucket(1, 3, time)
    time.now += 1000
    assert [bucket.take() for _ in range(4)] == [True, True, True, False]


def test_doubt_is_least_of_trunks_then_of_who_has_called_then_of_who_asks_for_little() -> None:
    line = guard()
    for host in ("127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.3", "192.0.2.5", "192.0.2.5", "192.0.2.5"):
        line.opened(host)
    line.begun("127.0.0.1")
    line.opened("127.0.0.1")
    hosts = ["127.0.0.3", "192.0.2.5", "127.0.0.1", "127.0.0.2"]
    assert sorted(hosts, key=line.doubt) == ["192.0.2.5", "127.0.0.1", "127.0.0.2", "127.0.0.3"]
