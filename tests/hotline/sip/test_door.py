"""Where the line listens, and what it calls itself."""

from __future__ import annotations

import socket

import pytest

from audioleaflet.bind import Bind
from audioleaflet.errors import ConfigError
from audioleaflet.hotline.sip.door import Here, listening
from audioleaflet.settings.hotline import HotlineSettings

ALONE = HotlineSettings()
TRUNK = HotlineSettings.model_validate({"trunks": [{"address": "192.0.2.10"}]})


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.9", "localhost", "::1"])
def test_on_this_computer_alone_no_trunks_are_needed(host: str) -> None:
    with listening(Bind(host=host, port=0), ALONE) as listener:
        assert listener.type == socket.SOCK_DGRAM
        assert listener.getsockname()[1] > 0
        assert not listener.getblocking()


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_beyond_it_they_are(host: str) -> None:
    with (
        pytest.raises(ConfigError, match="say which of them may call; name your telephone exchange there"),
        listening(Bind(host=host, port=0), ALONE),
    ):
        pass
    with listening(Bind(host=host, port=0), TRUNK) as listener:
        assert listener.getsockname()[0] == host


def test_what_keeps_it_from_listening_is_told() -> None:
    with listening(Bind(host="127.0.0.1", port=0), ALONE) as listener:
        taken = Bind(host="127.0.0.1", port=listener.getsockname()[1])
        with (
            pytest.raises(ConfigError, match=r"another program listens at 127\.0\.0\.1:.* already; end it"),
            listening(taken, ALONE),
        ):
            pass
    for host in ("192.0.2.77", "no.such.name.invalid"):
        with (
            pytest.raises(ConfigError, match=f"'{host}' is not an address of this computer"),
            listening(Bind(host=host, port=0), TRUNK),
        ):
            pass


def test_a_port_that_is_not_for_everybody_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    class Refusing(socket.socket):
        bind = refuse

    monkeypatch.setattr(socket, "socket", Refusing)
    with (
        pytest.raises(ConfigError, match=r"this user may not listen at 127\.0\.0\.1:506; choose a port above 1023"),
        listening(Bind(host="127.0.0.1", port=506), ALONE),
    ):
        pass


def test_our_address_is_that_which_a_caller_reaches() -> None:
    assert Here("127.0.0.1", None)("127.0.0.1") == "127.0.0.1"
    assert Here("192.0.2.1", None)("198.51.100.7") == "192.0.2.1"
    assert Here("0.0.0.0", None)("127.0.0.1") == "127.0.0.1"
    assert Here("::", None)("::1") == "::1"


def test_what_is_advertised_is_for_callers_from_beyond() -> None:
    here = Here("0.0.0.0", "203.0.113.5")
    assert here("198.51.100.7") == "203.0.113.5"
    assert here("127.0.0.1") == "127.0.0.1"


def test_what_is_remembered_of_callers_has_a_bound() -> None:
    here = Here("0.0.0.0", None)
    for number in range(1000):
        here(f"127.0.{number >> 8}.{number & 255}")
    assert len(here._known) <= 256
