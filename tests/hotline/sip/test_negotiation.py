"""What a call's sound is agreed to be, and to whom it is sent."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from audioleaflet.hotline.sip import sdp
from audioleaflet.hotline.sip.guard import Peer
from audioleaflet.hotline.sip.headers import Malformed
from audioleaflet.hotline.sip.negotiation import Negotiation
from audioleaflet.settings.hotline import Trunk

NETWORK = ip_network("198.51.100.0/24")
TRUNK = Peer(Trunk(address=ip_network("192.0.2.7"), media=(NETWORK,)))


def negotiation(peer: Peer | None = None) -> Negotiation:
    return Negotiation(address="192.0.2.1", port=20000, host="192.0.2.7", peer=peer or Peer(None))


def offer(types: str = "0 101", *, host: str = "198.51.100.9", more: str = "") -> bytes:
    return (
        f"v=0\r\no=- 1 1 IN IP4 {host}\r\ns=-\r\nc=IN IP4 {host}\r\nt=0 0\r\nm=audio 4000 RTP/AVP {types}\r\n"
        f"a=rtpmap:101 telephone-event/8000\r\n{more}"
    ).encode()


def test_sound_goes_to_where_the_signalling_is() -> None:
    ours = negotiation()
    answer = sdp.parse(ours.answered(offer()))
    assert ours.flow is not None
    assert ours.flow.remote == ("192.0.2.7", 4000)
    assert ours.flow.sources == ()
    assert (ours.flow.payload_type, ours.flow.alaw, ours.flow.key_type) == (0, False, 101)
    assert (answer.address, answer.media[0].port) == ("192.0.2.1", 20000)


@pytest.mark.parametrize(("host", "to"), [("198.51.100.9", "198.51.100.9"), ("203.0.113.9", "192.0.2.7")])
def test_or_to_a_network_that_the_trunk_names(host: str, to: str) -> None:
    ours = negotiation(TRUNK)
    ours.answered(offer(host=host))
    assert ours.flow is not None
    assert ours.flow.remote == (to, 4000)
    assert ours.flow.sources == (NETWORK,)


def test_a_law_is_known_by_its_name_whatever_its_number() -> None:
    ours = negotiation()
    ours.answered(offer("96", more="a=rtpmap:96 PCMA/8000\r\n"))
    assert ours.flow is not None
    assert (ours.flow.payload_type, ours.flow.alaw, ours.flow.key_type) == (96, True, None)


@pytest.mark.parametrize(
    ("direction", "sending", "receiving"),
    [
        ("sendrecv", True, True),
        ("recvonly", True, False),
        ("sendonly", False, False),
        ("inactive", False, False),
    ],
)
def test_directions(direction: str, sending: bool, receiving: bool) -> None:
    ours = negotiation()
    ours.answered(offer(more=f"a={direction}\r\n"))
    assert ours.flow is not None
    assert (ours.flow.sending, ours.flow.receiving) == (sending, receiving)


def test_held_the_old_way_nothing_is_sent() -> None:
    ours = negotiation()
    ours.answered(offer(host="0.0.0.0"))
    assert ours.flow is not None
    assert (ours.flow.sending, ours.flow.receiving) == (False, False)


def test_the_version_counts_what_has_changed() -> None:
    ours = negotiation()
    told = [sdp.parse(ours.answered(body)) for body in (offer(), offer(), offer("8"), offer("8"), offer())]
    assert [one.version for one in told] == [0, 0, 1, 1, 2]
    assert len({one.session_id for one in told}) == 1


def test_an_offer_of_ours_is_closed_by_its_answer_once() -> None:
    ours = negotiation()
    assert sdp.parse(ours.answered(b"")).media[0].formats == ("0", "8", "101")
    agreed = []
    for answer in ("8", "0"):
        ours.closed(offer(answer))
        assert ours.flow is not None
        agreed.append(ours.flow.alaw)
    assert agreed == [True, True]


def test_what_cannot_be_agreed_on_changes_nothing() -> None:
    ours = negotiation()
    ours.answered(offer())
    before = ours.flow
    for body in (offer("3"), b"nonsense"):
        with pytest.raises(Malformed):
            ours.answered(body)
    assert ours.flow is before
    waiting = negotiation()
    waiting.answered(b"")
    with pytest.raises(Malformed):
        waiting.closed(b"")
