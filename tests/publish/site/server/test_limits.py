"""Slow, silent, greedy and broken clients: nothing falls over, and nobody else waits for them."""

from __future__ import annotations

import asyncio
import gc
import os
import random
import socket
import time
import tracemalloc
from contextlib import ExitStack

from tests.publish.site.server.conftest import SOUND, Shelf, Site, Start, descriptors, files_of, until

from audioleaflet.web.guard import Limits

PATH = f"/bones/en/{SOUND}"
FILE = files_of(1)[SOUND]
QUICK = Limits(header_s=0.4, stalled_s=0.6, idle_s=1)


def connect(site: Site) -> socket.socket:
    return socket.create_connection(("127.0.0.1", site.port), timeout=10)


def closed_after(connection: socket.socket, limit: float = 5) -> float:
    """Seconds until the server closes."""
    begin = time.monotonic()
    connection.settimeout(limit)
    try:
        while connection.recv(65536):
            pass
    except ConnectionResetError:
        pass
    return time.monotonic() - begin


def cut_off(connection: socket.socket, data: bytes, pause: float = 0) -> bool:
    """Whether the server closes while ``data`` is sent again and again."""
    try:
        for _ in range(1_000):
            connection.sendall(data)
            time.sleep(pause)
    except (ConnectionResetError, BrokenPipeError):
        return True
    return False


def test_a_header_that_does_not_come_to_an_end(shelf: Shelf, start: Start) -> None:
    site = start(shelf.folder, QUICK)
    with connect(site) as silent:
        assert 0.3 < closed_after(silent) < 2
    with connect(site) as slow:
        begin = time.monotonic()
        slow.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
        assert cut_off(slow, b"a", pause=0.05)  # a byte at a time does not buy time
        assert 0.3 < time.monotonic() - begin < 2


def test_a_second_request_that_does_not_come_to_an_end(shelf: Shelf, start: Start) -> None:
    site = start(shelf.folder, QUICK)
    with connect(site) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert connection.recv(65536).startswith(b"HTTP/1.1 200 ")
        connection.sendall(b"GET / HT")
        assert closed_after(connection) < 2
    with connect(site) as idle:
        idle.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert 0.7 < closed_after(idle) < 3


def test_a_reader_that_takes_nothing_is_cut_off(shelf: Shelf, start: Start) -> None:
    shelf.publish(files_of(1, size=20_000_000))
    site = start(shelf.folder, QUICK)
    before = descriptors()
    with connect(site) as stalled:
        stalled.sendall(b"GET %b HTTP/1.1\r\nHost: x\r\n\r\n" % PATH.encode())
        assert until(lambda: len(site.server.server_state.connections) == 1)
        assert site.get("/").status == 200
        assert until(lambda: not site.server.server_state.connections, 5)
    assert until(lambda: descriptors() <= before)


def test_a_slow_reader_that_takes_a_little_all_the_time_is_not_cut_off(shelf: Shelf, start: Start) -> None:
    limits = Limits(header_s=0.4, stalled_s=0.3, idle_s=1)
    site = start(shelf.folder, limits)
    with socket.socket() as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.settimeout(10)
        slow.connect(("127.0.0.1", site.port))
        slow.sendall(b"GET %b HTTP/1.0\r\n\r\n" % PATH.encode())
        taken = b""
        begin = time.monotonic()
        while chunk := slow.recv(12_000):
            taken += chunk
            time.sleep(0.004)
        assert time.monotonic() - begin > 2 * limits.stalled_s
        assert taken.endswith(FILE)


def test_too_large_a_header(site: Site) -> None:
    for request in (
        b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 20_000 + b"\r\n\r\n",
        b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: y\r\n" * 4_000 + b"\r\n",
    ):
        with connect(site) as connection:
            connection.sendall(request)
            assert connection.recv(65536).startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 414 ", b"HTTP/1.1 431 "))
            closed_after(connection)
    with connect(site) as endless:
        endless.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX: ")
        assert cut_off(endless, b"a" * 65536)
    assert site.get("/").status == 200


def test_an_endless_body_is_not_taken_in(shelf: Shelf, start: Start) -> None:
    site = start(shelf.folder, QUICK)
    with connect(site) as endless:
        endless.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n")
        assert cut_off(endless, b"a" * 65536)
    with connect(site) as trickle:
        trickle.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n")
        assert closed_after(trickle) < 2


def test_a_crowd_is_told_to_come_again_and_a_larger_one_is_cut_off(shelf: Shelf, start: Start) -> None:
    site = start(shelf.folder, Limits(connections=5, spare=3))
    with ExitStack() as stack:
        for _ in range(5):
            stack.enter_context(connect(site))
        assert until(lambda: len(site.server.server_state.connections) == 5)
        reply = site.get("/")
        assert (reply.status, reply.headers["Retry-After"], reply.headers["Connection"]) == (503, "10", "close")
        assert b"Wait ten seconds" in reply.body
        assert until(lambda: len(site.server.server_state.connections) == 5)
        assert site.get("/healthz").status == 200
        crowd = [stack.enter_context(connect(site)) for _ in range(40)]
        assert closed_after(crowd[-1]) < 2
        assert until(lambda: len(site.server.server_state.connections) <= 8)
    assert until(lambda: not site.server.server_state.connections)
    assert site.get("/").status == 200


def test_a_listener_who_goes_away_in_the_middle(shelf: Shelf, start: Start) -> None:
    shelf.publish(files_of(1, size=20_000_000))
    site = start(shelf.folder)
    before = descriptors()
    for _ in range(20):
        with connect(site) as connection:
            connection.sendall(b"GET %b HTTP/1.1\r\nHost: x\r\n\r\n" % PATH.encode())
            connection.recv(1000)
    assert until(lambda: not site.server.server_state.tasks)
    assert until(lambda: descriptors() <= before)
    assert site.lines == []  # that is no fault
    site.stop()
    assert int(site.lines[0].rpartition("=")[2]) < 20 * 10_000_000  # the rest is not read for nobody


def test_a_file_that_becomes_shorter_while_it_is_sent(shelf: Shelf, start: Start) -> None:
    shelf.publish(files_of(1, size=20_000_000))
    site = start(shelf.folder)
    with connect(site) as connection:
        connection.sendall(b"GET %b HTTP/1.0\r\n\r\n" % PATH.encode())
        connection.recv(1000)
        os.truncate(shelf.edition / SOUND, 1_000_000)
        closed_after(connection)
    assert until(lambda: len(site.lines) == 1)
    assert "fault: EOFError at publish/site/server/app.py:" in site.lines[0]
    assert site.get("/").status == 200


def test_five_hundred_ranges_at_once(shelf: Shelf, start: Start) -> None:
    """Each right byte for byte; memory and descriptors stay in bounds and come back."""
    size = 2_400_000
    shelf.publish(files_of(3, size))
    sound = files_of(3, size)[SOUND]
    site = start(shelf.folder)
    chance = random.Random(7)
    spans = [sorted(chance.sample(range(size), 2)) for _ in range(500)]

    async def one(first: int, last: int) -> bool:
        reader, writer = await asyncio.open_connection("127.0.0.1", site.port)
        asked = f"GET {PATH} HTTP/1.1\r\nHost: x\r\nRange: bytes={first}-{last}\r\nConnection: close\r\n\r\n"
        writer.write(asked.encode())
        head = await reader.readuntil(b"\r\n\r\n")
        at = first
        while chunk := await reader.read(65536):
            if chunk != sound[at : at + len(chunk)]:
                return False
            at += len(chunk)
        writer.close()
        await writer.wait_closed()
        told = f"content-range: bytes {first}-{last}/{size}".encode()
        return head.startswith(b"HTTP/1.1 206 ") and told in head and at == last + 1

    async def everyone() -> list[bool]:
        return await asyncio.gather(*(one(first, last) for first, last in spans))

    before = descriptors()
    gc.collect()
    tracemalloc.start()
    try:
        right = asyncio.run(everyone())
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert right == [True] * 500
    assert peak < 160_000_000  # 320 kB a listener, both ends together; the spans are 800 kB
    assert until(lambda: not site.server.server_state.connections)
    assert descriptors() <= before
    assert site.lines == []
