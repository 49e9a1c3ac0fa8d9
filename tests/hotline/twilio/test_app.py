"""What the application refuses, and how it serves sound."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from urllib.parse import quote

import pytest
from lxml import etree
from tests.hotline.catalogues import catalogue, edition
from tests.hotline.twilio.exchange import (
    CALLER,
    DIALLED,
    PUBLIC,
    SID,
    Answer,
    Broken,
    Noise,
    Phone,
    World,
    samples_of,
    signature,
    world,
)

from audioleaflet.hotline.twilio.totals import Front, Totals
from audioleaflet.log import Log

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
CALL = {"CallSid": SID, "To": DIALLED, "From": CALLER}


@pytest.fixture
def place() -> World:
    return world(loaded=Noise(catalogue()))


def test_a_call_needs_twilios_signature(place: World) -> None:
    url = f"{PUBLIC}call"
    assert place.posts(url, CALL).status == 200
    for signed in ("", "AAAA", signature(url, CALL, token="f" * 32), signature(f"{PUBLIC}step", CALL)):
        answer = place.posts(url, CALL, signed=signed)
        assert (answer.status, answer.body) == (403, b"Forbidden\n")
    assert place.asks("POST", url, headers=FORM).status == 403
    assert place.counts["call"] == 1


def test_no_parameter_may_be_changed_added_or_taken_away(place: World) -> None:
    url = f"{PUBLIC}call"
    good = signature(url, CALL)
    for other in ({**CALL, "To": "+1"}, {**CALL, "Digits": "1"}, {"CallSid": SID, "To": DIALLED}):
        assert place.posts(url, other, signed=good).status == 403
    assert place.posts(f"{url}?a=b", CALL, signed=good).status == 403


def test_the_address_is_that_of_the_settings_whatever_the_request_says(place: World) -> None:
    forwarded = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http", "Forwarded": "host=evil.example"}
    answer = place.posts(f"{PUBLIC}call", CALL, **forwarded)
    assert answer.status == 200
    assert b"evil" not in answer.body
    evil = "http://evil.example/line/call"
    assert place.posts(evil, CALL, signed=signature(evil, CALL)).status == 403


def test_the_folder_of_the_address_may_have_been_taken_away_by_a_proxy(place: World) -> None:
    signed = signature(f"{PUBLIC}call", CALL)
    assert place.posts("https://calls.example/call", CALL, signed=signed).status == 200


def test_an_address_is_of_one_call(place: World) -> None:
    phone = Phone(place)
    other = {"CallSid": "CA" + "f" * 32, "Digits": "6"}
    assert place.posts(phone.inside["action"], other).status == 403
    assert place.posts(phone.inside["action"], {"CallSid": SID, "Digits": "6"}).status == 200


@pytest.mark.parametrize(
    "change",
    [
        lambda state: state[:-1],
        lambda state: state + "A",
        lambda state: state[:20] + ("A" if state[20] != "A" else "B") + state[21:],
        lambda state: "",
        lambda state: "A" * 3000,
        lambda state: quote("ü\0"),
    ],
)
def test_a_changed_address_is_refused_though_twilio_asks(place: World, change: Callable[[str], str]) -> None:
    phone = Phone(place)
    base, _, state = phone.inside["action"].partition("state=")
    answer = place.posts(f"{base}state={change(state)}", {"CallSid": SID, "Digits": ""})
    assert answer.status == 403
    assert place.faults == []


def test_a_second_state_is_refused(place: World) -> None:
    phone = Phone(place)
    url = phone.inside["action"]
    assert place.posts(f"{url}&state={url.partition('state=')[2]}", {"CallSid": SID}).status == 403
    assert place.posts(f"{PUBLIC}step", {"CallSid": SID}).status == 403


def test_an_old_address_is_refused(place: World) -> None:
    phone = Phone(place)
    place.clock.passes(100)
    fresh = phone.inside["action"]
    phone.goes_on()
    place.clock.passes(300)
    assert place.posts(phone.inside["action"], {"CallSid": SID, "Digits": ""}).status == 403
    assert place.posts(fresh, {"CallSid": SID, "Digits": "5"}).status == 403


def test_a_request_that_comes_again_gets_the_same_answer_and_is_counted_once(place: World) -> None:
    phone = Phone(place)
    phone.listens_until("normal/02")
    phone.presses("*")
    phone.presses("3")
    url, told = phone.inside["action"], {"CallSid": SID, "Digits": "1"}
    answers = [place.posts(url, told).body for _ in range(3)]
    assert answers[0] == answers[1] == answers[2]
    assert len(place.store.places) == 1
    first = [place.posts(f"{PUBLIC}call", {**CALL, "CallSid": "CA2"}).body for _ in range(2)]
    assert first[0] == first[1]
    assert place.counts["call"] == 2


@pytest.mark.parametrize(
    ("method", "url", "headers", "body", "status"),
    [
        ("GET", f"{PUBLIC}call", {}, b"", 405),
        ("GET", f"{PUBLIC}step?state=a", {}, b"", 405),
        ("POST", f"{PUBLIC}other", FORM, b"", 404),
        ("POST", f"{PUBLIC}call/", FORM, b"", 404),
        ("GET", f"{PUBLIC}media/a.wav", {}, b"", 403),
        ("GET", f"{PUBLIC}media/..%2f..%2fetc%2fpasswd", {}, b"", 404),
        ("GET", f"{PUBLIC}media/%00.wav", {}, b"", 403),
        ("POST", f"{PUBLIC}call", {"Content-Type": "application/json"}, b"{}", 415),
        ("POST", f"{PUBLIC}call", {}, b"a=b", 415),
        ("POST", f"{PUBLIC}call", FORM, b"a=" + b"x" * 20_000, 413),
        ("POST", f"{PUBLIC}call", FORM, b"&".join(b"a=b" for _ in range(300)), 400),
        ("POST", f"{PUBLIC}call", FORM, b"a=\xff", 400),
        ("POST", f"{PUBLIC}call", FORM, b"a=%ff", 400),
    ],
)
def test_other_requests_are_refused(
    place: World, method: str, url: str, headers: dict[str, str], body: bytes, status: int
) -> None:
    answer = place.asks(method, url, headers=headers, body=body, parts=7)
    assert answer.status == status, answer
    assert answer.headers["cache-control"] == "no-store"
    assert place.faults == []


def test_a_signed_request_without_a_call_or_with_two_is_refused(place: World) -> None:
    url = f"{PUBLIC}call"
    assert place.posts(url, {"To": DIALLED}).status == 400
    twice = b"CallSid=CA1&CallSid=CA2"
    signed = signature(url, {"CallSid": "CA1CallSidCA2"})
    headers = {**FORM, "X-Twilio-Signature": signed}
    assert place.asks("POST", url, headers=headers, body=twice).status == 400


def test_a_body_that_never_comes_is_not_waited_for(place: World, monkeypatch: pytest.MonkeyPatch) -> None:
    import asyncio

    from audioleaflet.hotline.twilio import app

    monkeypatch.setattr(app, "_BODY_S", 0.05)

    async def never() -> object:
        await asyncio.sleep(3600)
        raise AssertionError

    sent: list[dict[str, object]] = []

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    scope = {
        "type": "http", "http_version": "1.1", "method": "POST", "path": "/call", "raw_path": b"/call",
        "scheme": "http", "query_string": b"", "headers": [(b"content-type", FORM["Content-Type"].encode())],
        "root_path": "",
    }  # fmt: skip
    asyncio.run(place.app(scope, never, send))  # type: ignore[arg-type]
    assert sent[0]["status"] == 408


def media(place: World, **headers: str) -> tuple[str, Answer]:
    phone = Phone(place)
    url = next(address for address in phone.addresses if "/media/" in address)
    return url, place.asks("GET", url, headers=headers)


def test_sound_is_served_whole_or_in_ranges_and_may_be_kept_until_it_expires(place: World) -> None:
    url, whole = media(place)
    assert whole.status == 200
    assert len(samples_of(whole.body)) == 5 * 8000
    assert whole.headers["cache-control"].startswith("private, max-age=")
    assert 600 <= int(whole.headers["cache-control"].rpartition("=")[2]) <= 1200
    part = place.asks("GET", url, headers={"Range": "bytes=100-199"})
    assert (part.status, part.body) == (206, whole.body[100:200])
    assert part.headers["content-range"] == f"bytes 100-199/{len(whole.body)}"
    assert place.asks("GET", url, headers={"Range": "bytes=999999-"}).status == 416
    tag = whole.headers["etag"]
    assert place.asks("GET", url, headers={"If-None-Match": f'"x", {tag}'}).status == 304
    assert place.asks("GET", url, headers={"Range": "bytes=0-9", "If-Range": '"x"'}).status == 200
    head = place.asks("HEAD", url)
    assert (head.status, head.headers["content-length"]) == (200, str(len(whole.body)))


def test_the_same_sound_has_the_same_address_for_some_minutes_and_then_none(place: World) -> None:
    url, _ = media(place)
    place.clock.passes(5)
    other = Phone(place, sid="CA" + "f" * 32)
    assert url in other.addresses
    place.clock.passes(1300)
    assert place.asks("GET", url).status == 403


def test_a_fault_of_ours_is_told_without_what_was_asked(place: World) -> None:
    def broken(_code: object) -> str:
        raise Broken(CALLER)

    place.store.keep = broken  # type: ignore[assignment,method-assign]
    phone = Phone(place)
    phone.presses("*")
    phone.presses("3")
    answer = place.posts(phone.inside["action"], {"CallSid": SID, "Digits": "1"})
    assert (answer.status, answer.body) == (500, b"Internal Server Error\n")
    assert [type(fault) for fault in place.faults] == [Broken]


def test_nothing_of_a_caller_is_logged(place: World, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        phone = Phone(place)
        phone.listens_until("normal/01")
        phone.presses("#")
        phone.presses("3")
        place.posts(f"{PUBLIC}call", CALL, signed="no")
    assert not any(secret in caplog.text for secret in (CALLER, DIALLED, SID, "Digits"))


def test_what_a_call_is_called_cannot_get_into_the_markup(place: World) -> None:
    parameters = {"CallSid": '"/><Dial>+1</Dial><!--', "To": "<Hangup/>"}
    answer = place.posts(f"{PUBLIC}call", parameters)
    assert {element.tag for element in etree.fromstring(answer.body).iter()} == {"Response", "Gather", "Play"}


def test_an_operator_with_odd_characters_is_text(place: World) -> None:
    from audioleaflet.hotline.twilio import twiml

    made = twiml.dial("https://calls.example/step?state=a&b=<c>", "sip:a&b<c>@pbx.example")
    (dial,) = etree.fromstring(made)
    assert dial.get("action") == "https://calls.example/step?state=a&b=<c>"
    assert (dial[0].tag, dial[0].text) == ("Sip", "sip:a&b<c>@pbx.example")


def test_a_caller_who_hung_up_hears_and_counts_nothing_more(place: World) -> None:
    phone = Phone(place)
    phone.listens_until("normal/04")
    phone.goes_on()
    before = place.counts.copy()
    phone.follows(phone.asks(phone.inside["action"], Digits="", CallStatus="completed"))
    assert phone.verb == "Hangup"
    assert place.counts == before


def test_beyond_the_limit_of_connections_twilio_is_told_to_come_again(place: World) -> None:
    told: list[str] = []
    totals = Totals(Log("json", told.append))
    place.app = Front(place.app, totals)
    assert Phone(place).verb == "Gather"
    place.state["crowded"] = True
    answer = place.asks("GET", f"{PUBLIC}healthz")
    assert (answer.status, answer.headers["retry-after"]) == (503, "10")
    assert place.posts(f"{PUBLIC}call", CALL).status == 503
    totals.flush()
    assert (json.loads(told[0])["answers"], json.loads(told[0])["failed"]) == (2, 1)


def test_calls_at_once_are_apart(place: World) -> None:
    one, other = Phone(place), Phone(place, sid="CA" + "f" * 32)
    one.presses("6")
    other.presses("8")
    one.goes_on()
    other.goes_on()
    assert (one.hears(), other.hears()) == (["normal/01@12"], ["normal/00@12"])


def test_a_long_leaflet_is_read_in_one_call(place: World) -> None:
    assert place.shelf.loaded is not None
    place.shelf.loaded = Noise(catalogue(edition(chapters=40)))
    phone = Phone(place)
    phone.listens_until("normal/40", most=300)
    assert max(map(len, phone.addresses)) < 2000
