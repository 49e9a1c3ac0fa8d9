"""The sockets of RTP."""

from __future__ import annotations

import socket

import pytest
from tests.ports import free_ports

from audioleaflet.errors import HotlineError
from audioleaflet.hotline.sip.ports import Ports


@pytest.fixture
def first() -> int:
    """The first of some ports in a row that nothing uses."""
    return free_ports(20)


def test_even_ports_come_first_and_a_port_rests_before_it_is_used_again(first: int) -> None:
    ports = Ports(first, first + 5)
    taken = [ports.open("127.0.0.1") for _ in range(2)]
    assert [one.getsockname()[1] - first for one in taken] == [0, 2]
    ports.give_back(taken[0])
    third = ports.open("127.0.0.1")
    assert third.getsockname()[1] == first + 4
    for one in (taken[1], third):
        ports.give_back(one)


def test_odd_ports_are_used_when_no_even_one_is_left_and_then_there_is_none(first: int) -> None:
    ports = Ports(first, first + 2)
    taken = [ports.open("127.0.0.1") for _ in range(3)]
    assert [one.getsockname()[1] - first for one in taken] == [0, 2, 1]
    with pytest.raises(HotlineError, match=r"no RTP port is free; widen hotline\.rtp_ports"):
        ports.open("127.0.0.1")
    for one in taken:
        ports.give_back(one)


def test_a_port_of_another_program_is_left_out(first: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", first))
        ports = Ports(first, first + 2)
        taken = ports.open("127.0.0.1")
        assert taken.getsockname()[1] == first + 2
        ports.give_back(taken)


def test_a_socket_does_not_block_and_an_address_that_is_not_ours_is_told(first: int) -> None:
    ports = Ports(first, first)
    taken = ports.open("127.0.0.1")
    with pytest.raises(BlockingIOError):
        taken.recv(10)
    ports.give_back(taken)
    with pytest.raises(HotlineError, match="cannot open an RTP port"):
        ports.open("192.0.2.1")
