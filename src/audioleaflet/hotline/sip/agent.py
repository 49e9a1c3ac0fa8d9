"""The user agent server: each datagram goes to the call that it belongs to, begins one, or is refused (RFC 3261).

A request that is refused leaves nothing behind: the same request gets the same answer again (8.2.7), so that a flood of
them costs no memory, and no more is ever sent than came.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable
from typing import Final

from audioleaflet.errors import HotlineError
from audioleaflet.hotline.sip.dialog import MAGIC, DialogId, dialog_id
from audioleaflet.hotline.sip.expiry import negotiated
from audioleaflet.hotline.sip.guard import Full, Peer
from audioleaflet.hotline.sip.headers import Malformed
from audioleaflet.hotline.sip.leg import Leg
from audioleaflet.hotline.sip.line import Loaded
from audioleaflet.hotline.sip.media import Address
from audioleaflet.hotline.sip.message import Headers, Request, Response, response_to
from audioleaflet.hotline.sip.office import Office, reply_address
from audioleaflet.hotline.sip.reader import parse
from audioleaflet.hotline.sip.refusals import ACCEPT, ALLOW, SUPPORTED, Refusal, refused
from audioleaflet.hotline.sip.transactions import Answers

_RETRY_S: Final = "30"  # for who finds the line full or closing
_BUSY: Final = Refusal(486)
_UNAVAILABLE: Final = Refusal(503, (("Retry-After", _RETRY_S),))
_GONE: Final = Refusal(481)
_TAG: Final = re.compile(rb"tag=([0-9a-f]{16})")  # as new_tag makes it
_HEAD: Final = 2048  # bytes in which it is looked for
_KEEPALIVES: Final = frozenset((b"", b"\r\n", b"\r\n\r\n", b"\x00\x00\x00\x00"))


class Agent:
    """Takes datagrams in. ``loaded`` answers what can be heard now, if anything can."""

    def __init__(self, office: Office, loaded: Callable[[], Loaded | None]) -> None:
        self._office = office
        self._loaded = loaded
        self._answers = Answers(office.clock)
        self._legs: dict[DialogId, Leg] = {}  # the oldest first
        self._half_open: dict[str, dict[DialogId, Leg]] = {}  # by source
        self._tags: set[bytes] = set()
        self._invites: dict[str, Leg] = {}  # by transaction
        self._merged: dict[tuple[str, str, int], str] = {}  # transactions by what 8.2.2.2 compares
        self._secret = secrets.token_bytes(16)
        self.closing = False

    @property
    def calls(self) -> int:
        """Calls that are going on, or are about to."""
        return len(self._legs)

    def end_all(self) -> None:
        """End every call."""
        for leg in tuple(self._legs.values()):
            leg.end("stopped")

    def came(self, data: bytes, source: Address) -> None:
        """A datagram came. Nothing is raised, whatever it is."""
        office = self._office
        if data in _KEEPALIVES or not office.guard.reads(source[0], len(data), known=self._names_a_call(data)):
            return
        try:
            message = parse(data, most=office.settings.limits.message_bytes)
        except Malformed as error:
            if error.request is not None and error.status and office.guard.peer(source[0]) is not None:
                self._refuse(error.request, Refusal(error.status), source)
            return
        try:
            if isinstance(message, Response):
                office.came(message)
            else:
                self._take(message, source, len(data))
        except Exception as error:  # noqa: BLE001  # a fault of ours about one message must not end the others' calls
            office.fault(error)
            if isinstance(message, Request):
                self._refuse(message, Refusal(500), source)

    def _names_a_call(self, data: bytes) -> bool:
        """Whether a tag of ours is in it; cheap, as it is asked of everything that comes."""
        return any(tag in self._tags for tag in _TAG.findall(data, 0, _HEAD))

    def _take(self, request: Request, source: Address, size: int) -> None:
        peer = self._office.guard.peer(source[0])
        if peer is None:
            self._refuse(request, Refusal(403), source)
        elif request.method == "ACK":
            self._acknowledged(request)
        elif request.method == "CANCEL":
            self._cancelled(request, source)
        elif (refusal := refused(request)) is not None:
            self._refuse(request, refusal, source)
        elif request.to.tag:
            self._within(request, source)
        elif request.method == "INVITE":
            self._invited(request, peer, source, size)
        else:
            self._outside(request, source)

    # Within a call

    def _acknowledged(self, request: Request) -> None:
        leg = self._legs.get(dialog_id(request))
        if leg is not None:
            leg.acknowledged(request)
            if leg.confirmed:
                self._settled(leg)

    def _within(self, request: Request, source: Address) -> None:
        key = _transaction(request)
        answer = self._answers.get(key)
        if answer is None:
            leg = self._legs.get(dialog_id(request))
            if leg is None:
                self._refuse(request, _GONE, source)
                return
            answer = leg.asked(request, source).serialize()
            self._answers.keep(key, answer)
        self._office.send(answer, reply_address(request, source))

    def _cancelled(self, request: Request, source: Address) -> None:
        """An INVITE is answered at once, so a CANCEL always comes too late, and changes nothing (RFC 3261, 9.2)."""
        key = _transaction(request)
        known = self._invites.get(key)
        if known is None and self._answers.get(key) is None:
            self._refuse(request, _GONE, source)
        else:
            self._reply(request, 200, source, tag=known.dialog.tag if known else "")

    # Outside of one

    def _outside(self, request: Request, source: Address) -> None:
        if request.method != "OPTIONS":
            self._refuse(request, _GONE, source)
        elif self.closing or self._loaded() is None:
            self._refuse(request, _UNAVAILABLE, source)
        else:
            self._reply(request, 200, source, (ALLOW, ACCEPT, SUPPORTED))

    def _invited(self, request: Request, peer: Peer, source: Address, size: int) -> None:
        key = _transaction(request)
        known = self._invites.get(key)
        if known is not None:
            known.again(size)
            return
        if self._answers.get(key) is not None:
            return  # late, of a call that is over
        refusal = self._begin(request, key, peer, source, size)
        if refusal is not None:
            self._office.refused(refusal.status)
            self._refuse(request, refusal, source)

    def _begin(self, request: Request, key: str, peer: Peer, source: Address, size: int) -> Refusal | None:
        office, loaded = self._office, self._loaded()
        merged = (request.from_.tag, request.call_id, request.cseq.number)
        if merged in self._merged:
            return Refusal(482)
        if self.closing or loaded is None:
            return _UNAVAILABLE
        expiry = negotiated(request)
        if isinstance(expiry, Refusal):
            return expiry
        full = office.guard.full(source[0])
        if full is not None:
            return _UNAVAILABLE if full is Full.LINE else _BUSY
        if office.guard.crowded:
            self._expendable().end("unconfirmed")
        try:
            leg = Leg(office, request, peer, source, loaded, lambda leg: self._gone(leg, key))
        except Malformed as error:
            return Refusal(error.status)
        except HotlineError as error:
            office.fault(error)
            return _UNAVAILABLE
        self._legs[leg.dialog.id] = self._invites[key] = leg
        self._half_open.setdefault(leg.host, {})[leg.dialog.id] = leg
        self._merged[merged] = key
        self._tags.add(leg.dialog.tag.encode())
        leg.answer(size, expiry)
        return None

    def _expendable(self) -> Leg:
        """The half-open call that goes where there are too many: the oldest of the source that is doubted most."""
        return next(iter(self._half_open[max(self._half_open, key=self._office.guard.doubt)].values()))

    def _settled(self, leg: Leg) -> None:
        """A call is no longer half open, or no longer there."""
        legs = self._half_open.get(leg.host, {})
        if legs.pop(leg.dialog.id, None) is not None and not legs:
            del self._half_open[leg.host]

    def _gone(self, leg: Leg, key: str) -> None:
        del self._legs[leg.dialog.id], self._invites[key]
        self._settled(leg)
        self._tags.discard(leg.dialog.tag.encode())
        invite = leg.invite
        del self._merged[invite.from_.tag, invite.call_id, invite.cseq.number]
        self._answers.keep(key, b"")

    # Answers that leave nothing behind

    def _refuse(self, request: Request, refusal: Refusal, source: Address) -> None:
        self._reply(request, refusal.status, source, refusal.headers)

    def _reply(self, request: Request, status: int, source: Address, headers: Headers = (), *, tag: str = "") -> None:
        if request.method == "ACK":
            return
        response = response_to(request, status, source=source, to_tag=tag or self._tag(request), headers=headers)
        self._office.send(response.serialize(), reply_address(request, source))

    def _tag(self, request: Request) -> str:
        """The same for the same request: nothing is remembered of it (8.2.7)."""
        about = f"{request.call_id}\n{request.from_.tag}\n{_transaction(request)}"
        digest = hmac.new(self._secret, about.encode("utf-8", "surrogateescape"), hashlib.sha256)
        return digest.hexdigest()[:16]


def _transaction(request: Request) -> str:
    """What a request has in common with those that repeat it, and with its CANCEL (RFC 3261, 17.2.3)."""
    via = request.via
    method = "INVITE" if request.method == "CANCEL" else request.method
    if via.branch.startswith(MAGIC):
        return f"{via.branch} {via.host}:{via.port} {method}"
    first = request.all("Via")[0]
    return f"{request.call_id} {request.from_.tag} {request.cseq.number} {request.uri} {first} {method}"
