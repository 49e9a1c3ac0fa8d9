"""What a call's sound is agreed to be, again and again: offers answered, our own where there is none (RFC 3264)."""

from __future__ import annotations

import secrets
from dataclasses import replace

from audioleaflet.hotline.sip import sdp
from audioleaflet.hotline.sip.guard import Peer
from audioleaflet.hotline.sip.media import Address, Flow


class Negotiation:
    """One call's descriptions. ``address`` and ``port`` are where we receive; ``host`` is where its signalling is.

    Sound goes to ``host``, whatever the description says, unless the peer's networks of media have the address in it:
    else anybody could have it sent to anybody.
    """

    def __init__(self, *, address: str, port: int, host: str, peer: Peer) -> None:
        self._address = address
        self._port = port
        self._host = host
        self._peer = peer
        self._session_id = secrets.randbits(62)
        self._version = 0
        self._last: sdp.Description | None = None
        self._awaiting = False
        self.flow: Flow | None = None

    def answered(self, offer: bytes) -> bytes:
        """Our answer to an offer; without one, an offer of our own. ``flow`` is as agreed.

        Raises ``Malformed``: nothing in it can be sent (488), or it cannot be read; then nothing has changed.
        """
        if not offer:
            self._awaiting = True
            return self._told(
                sdp.offer(address=self._address, port=self._port, session_id=self._session_id, version=self._version)
            )
        theirs = sdp.parse(offer)
        agreed = sdp.choose(theirs)
        self._awaiting = False
        self.flow = self._flow(agreed)
        return self._told(
            sdp.answer(
                theirs,
                agreed,
                address=self._address,
                port=self._port,
                session_id=self._session_id,
                version=self._version,
            )
        )

    def closed(self, answer: bytes) -> None:
        """Take the answer to our offer, if one is awaited. Raises ``Malformed``: it is missing, or no answer to it."""
        if self._awaiting:
            self.flow = self._flow(sdp.choose(sdp.parse(answer)))
            self._awaiting = False

    def _told(self, ours: sdp.Description) -> bytes:
        """``ours`` as bytes, with the next version if it is not what we told last (RFC 3264, section 8)."""
        if self._last is not None and ours != self._last:
            self._version += 1
            ours = replace(ours, version=self._version)
        self._last = ours
        return ours.serialize()

    def _flow(self, agreed: sdp.Agreement) -> Flow:
        remote: Address = (agreed.address if self._peer.hears_at(agreed.address) else self._host, agreed.port)
        return Flow(
            payload_type=agreed.payload_type,
            alaw=agreed.codec == "PCMA",
            key_type=agreed.keys,
            sending=agreed.sending,
            receiving=agreed.sending and agreed.direction == "sendrecv",
            remote=remote,
            sources=self._peer.media,
        )
