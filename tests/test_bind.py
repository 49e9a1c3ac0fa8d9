"""An address to listen on: whether only this computer reaches it."""

from __future__ import annotations

import pytest

from audioleaflet.bind import Bind


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_this_computer_alone(host: str) -> None:
    assert Bind(host=host, port=0).loopback


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "127.0.0.1.example", "clinic.example"])
def test_others_too(host: str) -> None:
    assert not Bind(host=host, port=0).loopback


@pytest.mark.parametrize(
    ("written", "example"), [("5060", "127.0.0.1:5060"), ("::1", "127.0.0.1:PORT"), (":80", "127")]
)
def test_what_is_no_address_is_told_with_one_that_is(written: str, example: str) -> None:
    with pytest.raises(ValueError, match=rf"^'{written}' is not HOST:PORT; write it as {example}"):
        Bind.parse(written)
