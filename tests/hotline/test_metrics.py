"""Figures for the operator: what Prometheus' own parser reads of them, and who can ask for them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import suppress

import pytest
from prometheus_client.parser import text_string_to_metric_families

from audioleaflet.bind import Bind
from audioleaflet.errors import ConfigError
from audioleaflet.hotline import metrics as module
from audioleaflet.hotline.events import Count
from audioleaflet.hotline.metrics import CONTENT_TYPE, Metrics, told

LOOPBACK = Bind(host="127.0.0.1", port=0)


def values(metrics: Metrics) -> dict[str, dict[tuple[tuple[str, str], ...], float]]:
    """Every sample by its name and labels, as Prometheus reads them."""
    found: dict[str, dict[tuple[tuple[str, str], ...], float]] = {}
    for family in text_string_to_metric_families(metrics.text()):
        assert family.documentation
        assert family.type in ("gauge", "counter", "histogram")
        for sample in family.samples:
            labels = tuple(sorted(sample.labels.items()))
            assert labels not in found.setdefault(sample.name, {})
            found[sample.name][labels] = sample.value
    return found


def counted(metrics: Metrics, counts: Iterable[Count]) -> None:
    for count in counts:
        metrics.count(count)


def test_calls() -> None:
    metrics = Metrics()
    for _ in range(3):
        metrics.began()
    metrics.ended("caller", 42.5)
    metrics.ended("caller", 7.0)
    metrics.refused(403)
    found = values(metrics)
    assert found["audioleaflet_calls_active"] == {(): 1.0}
    assert found["audioleaflet_calls_total"] == {(("outcome", "caller"),): 2.0}
    assert found["audioleaflet_calls_refused_total"] == {(("status", "403"),): 1.0}
    assert found["audioleaflet_call_seconds_sum"] == {(): 49.5}
    buckets = found["audioleaflet_call_seconds_bucket"]
    assert buckets[(("le", "10"),)] == 1.0
    assert buckets[(("le", "60"),)] == 2.0
    assert buckets[(("le", "+Inf"),)] == 2.0


def test_chapters_are_counted_by_number_and_not_by_leaflet() -> None:
    metrics = Metrics()
    counted(metrics, [Count(what="chapter-begun", label=f"{slug}/en/02") for slug in ("cancer", "asthma")])
    counted(metrics, [Count(what="chapter-finished", label="cancer/en/02"), Count(what="key", label="#")])
    counted(metrics, [Count(what="code-kept"), Count(what="transfer"), Count(what="call")])
    found = values(metrics)
    assert found["audioleaflet_chapters_begun_total"] == {(("chapter", "02"),): 2.0}
    assert found["audioleaflet_chapters_finished_total"] == {(("chapter", "02"),): 1.0}
    assert found["audioleaflet_keys_total"] == {(("key", "#"),): 1.0}
    assert found["audioleaflet_codes_kept_total"] == {(): 1.0}
    assert found["audioleaflet_codes_found_total"] == {(): 0.0}
    assert found["audioleaflet_transfers_total"] == {(): 1.0}
    assert "cancer" not in metrics.text()


def test_how_late_sound_is_sent() -> None:
    metrics = Metrics()
    for seconds in (0.0, 0.001, 0.0011, 0.03, 7.0):
        metrics.late(seconds)
    found = values(metrics)["audioleaflet_packet_late_seconds_bucket"]
    assert [found[(("le", bound),)] for bound in ("0.001", "0.002", "0.02", "0.05", "1", "+Inf")] == [2, 3, 3, 4, 4, 5]


def test_the_state_of_the_line() -> None:
    metrics = Metrics(editions=lambda: 3, places_work=lambda: False)
    found = values(metrics)
    assert found["audioleaflet_editions"] == {(): 3.0}
    assert found["audioleaflet_places_writable"] == {(): 0.0}


def test_labels_are_escaped() -> None:
    metrics = Metrics()
    metrics.count(Count(what="key", label='a"b\\c\nd'))
    assert values(metrics)["audioleaflet_keys_total"] == {(("key", 'a"b\\c\nd'),): 1.0}


async def asked(bind: Bind, request: bytes) -> bytes:
    reader, writer = await asyncio.open_connection(bind.host, bind.port)
    try:
        writer.write(request)
        return await reader.read()
    except ConnectionError:  # cut off
        return b""
    finally:
        await closed(writer)


async def closed(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()


def answer(request: bytes) -> tuple[str, dict[str, str], str]:
    """The status, the headers and the body of the answer to ``request``."""

    async def ask() -> bytes:
        async with told(Metrics(editions=lambda: 2), LOOPBACK) as bind:
            return await asked(bind, request)

    head, _, body = asyncio.run(ask()).partition(b"\r\n\r\n")
    status, *lines = head.decode().split("\r\n")
    return status, dict(line.split(": ", 1) for line in lines), body.decode()


def test_prometheus_asks_over_http() -> None:
    status, headers, body = answer(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert status == "HTTP/1.1 200 OK"
    assert headers["Content-Type"] == CONTENT_TYPE
    assert int(headers["Content-Length"]) == len(body.encode())
    assert "audioleaflet_editions 2\n" in body


@pytest.mark.parametrize(
    ("request_line", "status", "has_body"),
    [
        (b"HEAD /metrics HTTP/1.1", "200 OK", False),
        (b"GET /metrics?x=1 HTTP/1.1", "200 OK", True),
        (b"GET / HTTP/1.1", "404 Not Found", True),
        (b"POST /metrics HTTP/1.1", "405 Method Not Allowed", False),
        (b"\x16\x03\x01", "405 Method Not Allowed", False),
    ],
)
def test_other_requests(request_line: bytes, status: str, *, has_body: bool) -> None:
    found, _, body = answer(request_line + b"\r\n\r\n")
    assert found == f"HTTP/1.1 {status}"
    assert bool(body) is has_body


def test_a_slow_reader_and_a_long_request_are_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_SLOW_S", 0.1)

    async def ask() -> None:
        async with told(Metrics(), LOOPBACK) as bind, asyncio.timeout(5):
            assert await asked(bind, b"GET /metrics HTTP/1.1\r\n") == b""
            assert await asked(bind, b"GET /metrics HTTP/1.1\r\nX: " + b"x" * 100_000) == b""
            assert b"200 OK" in await asked(bind, b"GET /metrics HTTP/1.1\r\n\r\n")

    asyncio.run(ask())


def test_no_more_than_a_few_readers_at_once() -> None:
    async def ask() -> None:
        async with told(Metrics(), LOOPBACK) as bind, asyncio.timeout(5):
            idle = [await asyncio.open_connection(bind.host, bind.port) for _ in range(module._READERS)]
            await asyncio.sleep(0.05)
            assert await asked(bind, b"GET /metrics HTTP/1.1\r\n\r\n") == b""
            for _, writer in idle:
                await closed(writer)
            await asyncio.sleep(0.05)
            assert b"200 OK" in await asked(bind, b"GET /metrics HTTP/1.1\r\n\r\n")

    asyncio.run(ask())


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "calls.example", "127.evil.example"])
def test_other_computers_are_told_nothing(host: str) -> None:
    async def open_it() -> None:
        async with told(Metrics(), Bind(host=host, port=0)):
            pytest.fail("it listened")

    with pytest.raises(ConfigError, match="other computers could read them"):
        asyncio.run(open_it())


def test_a_port_in_use_is_an_error_that_says_so() -> None:
    async def twice() -> None:
        async with told(Metrics(), LOOPBACK) as bind, told(Metrics(), bind):
            pytest.fail("two listen at one port")

    with pytest.raises(ConfigError, match="choose another port for --metrics"):
        asyncio.run(twice())
