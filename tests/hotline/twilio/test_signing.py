"""Twilio's signature, and ours."""

from __future__ import annotations

import base64
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.hotline.twilio.exchange import TOKEN

from audioleaflet.hotline.twilio.signing import ForgedError, Seal, is_from_twilio, request_signature

URL = "https://calls.example/line/call"


def test_the_order_of_parameters_does_not_matter_and_a_repeated_one_counts_once() -> None:
    one = request_signature(TOKEN, URL, [("To", "+1"), ("CallSid", "CA1"), ("To", "+1")])
    assert one == request_signature(TOKEN, URL, [("CallSid", "CA1"), ("To", "+1")])
    assert one != request_signature(TOKEN, URL, [("CallSid", "CA1"), ("To", "+2")])


@pytest.mark.parametrize(
    ("url", "signed"),
    [
        ("https://calls.example/call", "https://calls.example:443/call"),
        ("https://calls.example:8443/call", "https://calls.example/call"),
        ("http://[::1]:8080/call", "http://[::1]/call"),
        ("https://calls.example/call?state=a", "https://calls.example:443/call?state=a"),
    ],
)
def test_an_address_holds_with_and_without_its_port(url: str, signed: str) -> None:
    assert is_from_twilio(TOKEN, url, [], request_signature(TOKEN, url, []))
    assert is_from_twilio(TOKEN, url, [], request_signature(TOKEN, signed, []))


@pytest.mark.parametrize(
    "url", ["https://evil.example/call", "https://calls.example/step", "http://calls.example/call"]
)
def test_a_signature_is_of_one_address(url: str) -> None:
    assert not is_from_twilio(TOKEN, "https://calls.example/call", [], request_signature(TOKEN, url, []))


def test_a_signature_of_another_token_or_none_is_refused() -> None:
    for signature in (request_signature("f" * 32, URL, []), "", "=", "ü", "\udcff"):
        assert not is_from_twilio(TOKEN, URL, [], signature)


@given(st.binary(max_size=300), st.text(max_size=40))
def test_what_was_sealed_is_opened_in_its_context_alone(content: bytes, context: str) -> None:
    seal = Seal(TOKEN, "ticket/1")
    sealed = seal.seal(content, context)
    assert set(sealed) <= set(string.ascii_letters + string.digits + "-_")
    assert seal.open(sealed, context) == content
    for other, where in (
        (seal, context + "x"),
        (Seal(TOKEN, "piece/1"), context),
        (Seal("f" * 32, "ticket/1"), context),
    ):
        with pytest.raises(ForgedError):
            other.open(sealed, where)


@given(st.binary(max_size=40), st.data())
def test_one_changed_character_is_noticed(content: bytes, data: st.DataObject) -> None:
    seal = Seal(TOKEN, "ticket/1")
    sealed = seal.seal(content, "CA1")
    place = data.draw(st.integers(0, len(sealed) - 1))
    other = data.draw(st.sampled_from(string.ascii_letters + string.digits + "-_").filter(lambda c: c != sealed[place]))
    with pytest.raises(ForgedError):
        seal.open(sealed[:place] + other + sealed[place + 1 :], "CA1")


def test_an_address_has_one_spelling() -> None:
    seal = Seal(TOKEN, "ticket/1")
    sealed = seal.seal(b"")  # 16 bytes in 22 characters: the last one holds 2 bits
    for other in string.ascii_letters + string.digits + "-_=":
        if other != sealed[-1]:
            with pytest.raises(ForgedError):
                seal.open(sealed[:-1] + other)
    with pytest.raises(ForgedError):
        seal.open(sealed + "==")


@given(st.text(max_size=60))
def test_nothing_made_up_is_opened(sealed: str) -> None:
    with pytest.raises(ForgedError):
        Seal(TOKEN, "ticket/1").open(sealed, "CA1")


def test_the_token_itself_is_no_key() -> None:
    import hashlib
    import hmac

    tag = hmac.digest(TOKEN.encode(), hashlib.sha256(b"CA1").digest() + b"x", "sha256")[:16]
    with pytest.raises(ForgedError):
        Seal(TOKEN, "ticket/1").open(base64.urlsafe_b64encode(b"x" + tag).rstrip(b"=").decode(), "CA1")
