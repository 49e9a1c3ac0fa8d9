"""One call as SIP sees it: answered, confirmed, held, transferred, ended (RFC 3261, 3264, 3515, 4028).

A leg is half open from our 200 to its ACK: until then nothing but a few small messages goes to an address that may be
forged, and no sound. ``agent`` finds the leg that a request belongs to.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Final

from audioleaflet.hotline.events import Key
from audioleaflet.hotline.metrics import Outcome
from audioleaflet.hotline.sip import sdp
from audioleaflet.hotline.sip.dialog import Dialog, new_tag
from audioleaflet.hotline.sip.dtmf import Info
from audioleaflet.hotline.sip.expiry import Expiry, negotiated, refresh
from audioleaflet.hotline.sip.guard import Peer
from audioleaflet.hotline.sip.headers import Malformed
from audioleaflet.hotline.sip.line import Line, Loaded
from audioleaflet.hotline.sip.media import Address, Heard, Session
from audioleaflet.hotline.sip.message import Headers, Message, Request, Response, fragment_status, response_to
from audioleaflet.hotline.sip.negotiation import Negotiation
from audioleaflet.hotline.sip.office import Office, reply_address
from audioleaflet.hotline.sip.refusals import ALLOW, SUPPORTED, Refusal
from audioleaflet.hotline.sip.transactions import LIFE, Acceptance, Budget, Timer

_TRANSFER_S: Final = 30.0  # a caller waits no longer for somebody to answer
_REFUSALS: Final = 2  # so often a refresh of the session timer may be refused for the moment
_LATER: Final = (("Retry-After", "1"),)
_SDP: Final = ("Content-Type", sdp.MEDIA_TYPE)


class Leg:
    """One call. ``source`` is where its INVITE came from, ``gone`` is told once when it is over.

    Raises ``Malformed``: its offer has nothing that we can send. HotlineError: no port is free for its sound.
    """

    def __init__(
        self,
        office: Office,
        invite: Request,
        peer: Peer,
        source: Address,
        loaded: Loaded,
        gone: Callable[[Leg], None],
    ) -> None:
        self._office = office
        self.invite = invite
        self._peer = peer
        self.host = source[0]  # stays, whatever other port or computer of a trunk its requests come from
        self._asker = source  # of the request that is being answered
        self._address = reply_address(invite, source)
        self._gone = gone
        at = office.at(self.host)
        self._contact = ("Contact", f"<sip:{at}>")
        self.dialog = Dialog(invite, new_tag(), contact=self._contact[1], sent_by=at)
        self._line = Line(loaded, office.rules(), self, office.desk, count=office.metrics.count, now=office.now)
        self._socket = office.ports.open(office.host)
        self._media = Negotiation(
            address=office.here(self.host), port=self._socket.getsockname()[1], host=self.host, peer=peer
        )
        try:
            self._description = self._media.answered(invite.body)
        except Malformed:
            office.ports.give_back(self._socket)
            raise
        self._session: Session | None = None
        self._acceptance: Acceptance | None = None
        self._accepted = invite.cseq.number  # the INVITE whose ACK is awaited
        self._budget = Budget()
        self._expiry: Expiry | None = None
        self._refused = 0  # how often in a row its refresh was
        self._timers: dict[str, Timer] = {}
        self._keys_by = ""  # how the caller's keys come; those that come the other way too are the same again
        self._since = office.clock.time()
        self._held_since = 0.0
        self._held_s = 0.0  # all times on hold together, but for the one that goes on
        self.over = False
        office.guard.opened(self.host)

    @property
    def confirmed(self) -> bool:
        """Whether its ACK has come."""
        return self._session is not None

    # It begins

    def answer(self, size: int, expiry: Expiry | None) -> None:
        """Answer the INVITE, a datagram of ``size`` bytes: 100, 180, and 200 until its ACK comes."""
        office = self._office
        self._budget.came(size)
        self._expiry = expiry
        for status, headers in ((100, ()), (180, (self._contact,))):
            self._within_budget(self._response(self.invite, status, headers))
        self._acceptance = Acceptance(
            office.clock,
            self._send,
            self._accepting(self.invite, expiry, self._description).serialize(),
            lambda: self.end("unconfirmed"),
            give_up_s=office.settings.limits.half_open_s if self._peer.trunk is None else LIFE,
            budget=self._budget,
        )
        self._acceptance.again()

    def again(self, size: int) -> None:
        """The INVITE came again, in a datagram of ``size`` bytes."""
        if self._acceptance is not None and not self.confirmed:
            self._budget.came(size)
            self._acceptance.again()

    def acknowledged(self, ack: Request) -> None:
        """An ACK with our tag came."""
        if self._acceptance is None or ack.cseq.number != self._accepted or not self.dialog.has(ack):
            return
        self._acceptance.stop()
        self._acceptance = None
        try:
            self._media.closed(ack.body)
        except Malformed:
            self.end("unconfirmed")
            return
        if self._session is None:
            self._begin()
        else:
            self._agree(self._session)

    def _begin(self) -> None:
        office, flow = self._office, self._media.flow
        if flow is None or not office.guard.begun(self.host):
            self.end("unconfirmed")
            return
        self._since = office.clock.time()
        office.metrics.began()
        self._session = Session(
            self._socket,
            flow,
            self,
            ssrc=secrets.randbits(32),
            sequence=secrets.randbits(16),
            timestamp=secrets.randbits(32),
            patience_s=office.settings.limits.rtp_silence_s,
        )
        office.ticker.add(self._session, self.fault)
        self._expires(self._expiry)
        self._watch_hold()
        self._line.begin(self._session, self.invite.request_uri.dialled)

    # It goes on

    def asked(self, request: Request, source: Address) -> Response:
        """The answer to a request in this dialog, ACK and CANCEL apart. ``source`` is where it came from."""
        self._asker = source
        if not self.dialog.has(request):
            return self._response(request, 481)
        if not self.dialog.is_next(request):
            return self._response(request, 500, _LATER)
        if source[0] == self.host:
            self._address = reply_address(request, source)
        try:
            return self._answered(request)
        except Malformed as error:
            return self._response(request, error.status)

    def _answered(self, request: Request) -> Response:
        if request.method in ("INVITE", "UPDATE"):
            return self._changed(request)
        if request.method == "BYE":
            self.end("caller", bye=False)
        elif request.method == "INFO" and request.body:
            key = Info.parse(request.content_type, request.body).key
            if key is not None:
                self._pressed(key, "info")
        elif request.method == "NOTIFY":
            return self._response(request, 200 if self._notified(request) else 481)
        return self._response(request, 200, (ALLOW, SUPPORTED))

    def _changed(self, request: Request) -> Response:
        """A re-INVITE or an UPDATE: another description, a refresh of the timer, or both."""
        if self._session is None or (request.method == "INVITE" and self._acceptance is not None):
            return self._response(request, 500, _LATER)  # one thing after the other (RFC 3261, 14.2)
        expiry = negotiated(request)
        if isinstance(expiry, Refusal):
            return self._response(request, expiry.status, expiry.headers)
        description = b""
        if request.body or request.method == "INVITE":
            description = self._media.answered(request.body)
            self._agree(self._session)
        self.dialog.retarget(request)
        self._expires(expiry)
        response = self._accepting(request, expiry, description)
        if request.method == "INVITE":
            self._accepted = request.cseq.number
            self._acceptance = Acceptance(
                self._office.clock, self._send, response.serialize(), lambda: self.end("unconfirmed")
            )
        return response

    def _agree(self, session: Session) -> None:
        if self._media.flow is not None:
            session.agree(self._media.flow)
        self._watch_hold()

    def _watch_hold(self) -> None:
        """A call that is held has no other end than this: its sound and its waits stand still.

        Time on hold does not count to the time limit: who comes back has as much left as before, and is asked then. It
        has a limit of its own, as long: who is held hears no question.
        """
        flow, now = self._media.flow, self._office.clock.time()
        held, was_held = flow is not None and not flow.sending, "hold" in self._timers
        if held and not was_held:
            self._held_since = now
            left_s = self._office.settings.limits.minutes * 60 - self._held_s
            self._after("hold", left_s, lambda: self.end("silent"))
        elif was_held and not held:
            self._cancel("hold")
            self._held_s += now - self._held_since
            self._line.resumed(now - self._held_since)

    def _expires(self, expiry: Expiry | None) -> None:
        """Begin the time of the session timer anew."""
        self._expiry = expiry
        self._refused = 0
        self._cancel("expiry")
        if expiry is not None:
            self._after("expiry", expiry.due, self._refresh if expiry.ours else lambda: self.end("silent"))

    def _refresh(self) -> None:
        if self._expiry is not None:
            self._ask("UPDATE", refresh(self._expiry), self._refreshed)

    def _refreshed(self, response: Response | None) -> None:
        """Only who is gone ends the call at once (RFC 4028, 10): 491 or 500 mean that two requests have met."""
        if response is not None and response.status < 300:
            self._expires(self._expiry)
        elif response is None or response.status in (408, 481) or self._refused == _REFUSALS or self._expiry is None:
            self.end("silent")
        else:
            self._refused += 1
            self._after("expiry", self._expiry.again, self._refresh)

    # What the line wants

    def key(self, key: Key) -> None:
        """A key came as a telephone event."""
        self._pressed(key, "event")

    def _pressed(self, key: Key, way: str) -> None:
        self._keys_by = self._keys_by or way
        if way == self._keys_by:
            self._line.key(key)

    def heard(self, what: Heard) -> None:
        """What the session tells."""
        if what is Heard.SILENT:
            self.end("silent")
        else:
            self._line.heard(what)

    def hang_up(self) -> None:
        """The call is over by its own rules."""
        self.end("goodbye")

    def transfer(self) -> None:
        """REFER this call to the operator (RFC 3515); the other end calls there, and tells how that went."""
        operator = self._office.settings.operator
        if operator is None:
            self._transfer_failed()
            return
        self._after("transfer", _TRANSFER_S, self._transfer_failed)
        self._ask("REFER", (("Refer-To", f"<{operator_uri(operator, self.host)}>"),), self._referred)

    def stay(self) -> None:
        """The caller does not want to be transferred any more."""
        self._cancel("transfer")

    def _referred(self, response: Response | None) -> None:
        if response is None or response.status >= 300:
            self._transfer_failed()

    def _notified(self, request: Request) -> bool:
        """Take in how the transfer goes; answer whether there is one."""
        if "transfer" not in self._timers:
            return False
        status = fragment_status(request.body)
        if status >= 300:
            self._transfer_failed()
        elif status >= 200:  # what told us so is answered first
            self._cancel("transfer")
            self._after("transferred", 0, lambda: self.end("transferred"))
        return True

    def _transfer_failed(self) -> None:
        if "transfer" in self._timers or self._office.settings.operator is None:
            self._cancel("transfer")
            self._line.transfer_failed()

    # It ends

    def fault(self, error: Exception) -> None:
        """An error of ours in this call: it is told, and the call ends rather than hang in silence."""
        self._office.fault(error)
        self.end("fault")

    def end(self, outcome: Outcome, *, bye: bool = True) -> None:
        """End it. ``bye``: the other end does not know yet."""
        if self.over:
            return
        self.over = True
        office, confirmed = self._office, self.confirmed
        if self._acceptance is not None:
            self._acceptance.stop()
        for name in tuple(self._timers):
            self._cancel(name)
        if self._session is not None:
            office.ticker.remove(self._session)
            office.guard.ended(self.host)
        else:
            office.guard.closed(self.host)
            office.metrics.began()
        office.ended(outcome, office.clock.time() - self._since)
        office.ports.give_back(self._socket)
        if bye and confirmed:
            office.ask(self.dialog, self._address, "BYE")
        elif bye:  # to who has proved nothing, once, and only as far as its budget goes
            self._within_budget(self.dialog.request("BYE")[1])
        self._gone(self)
        self._line.over()

    # Messages and timers

    def _response(self, request: Request, status: int, headers: Headers = (), body: bytes = b"") -> Response:
        return response_to(request, status, source=self._asker, to_tag=self.dialog.tag, headers=headers, body=body)

    def _accepting(self, request: Request, expiry: Expiry | None, description: bytes) -> Response:
        headers = (self._contact, ALLOW, SUPPORTED, *(expiry.headers if expiry else ()))
        return self._response(request, 200, (*headers, _SDP) if description else headers, description)

    def _send(self, data: bytes) -> None:
        self._office.send(data, self._address)

    def _within_budget(self, message: Message) -> None:
        data = message.serialize()
        if self._budget.takes(len(data)):
            self._send(data)

    def _ask(self, method: str, headers: Headers, done: Callable[[Response | None], None]) -> None:
        def answered(response: Response | None) -> None:
            if not self.over:
                done(response)

        self._office.ask(self.dialog, self._address, method, headers, answered)

    def _after(self, name: str, seconds: float, what: Callable[[], None]) -> None:
        self._cancel(name)
        self._timers[name] = self._office.clock.call_later(seconds, what)

    def _cancel(self, name: str) -> None:
        timer = self._timers.pop(name, None)
        if timer is not None:
            timer.cancel()


def operator_uri(operator: str, host: str) -> str:
    """The operator of the settings as a SIP address: a telephone number is one of the exchange at ``host``."""
    if operator.startswith(("sip:", "sips:")):
        return operator
    return f"sip:{operator}@[{host}]" if ":" in host else f"sip:{operator}@{host}"
