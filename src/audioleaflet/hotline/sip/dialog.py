"""A dialog: what two ends of a call know of each other (RFC 3261, section 12), and requests within it.

Made when an INVITE is answered. No socket and no clock; ``leg`` sends what is made here.
"""

from __future__ import annotations

import secrets
from typing import Final

from audioleaflet.hotline.sip.headers import NameAddr
from audioleaflet.hotline.sip.message import Headers, Request

MAGIC: Final = "z9hG4bK"  # how every branch begins since RFC 3261
_HOPS: Final = "70"

DialogId = tuple[str, str]


def dialog_id(request: Request) -> DialogId:
    """The Call-ID and our tag of a request within a dialog; the tag is empty outside of one."""
    return request.call_id, request.to.tag


def new_tag() -> str:
    """64 random bits: who cannot guess them has received an answer of ours."""
    return secrets.token_hex(8)


class Dialog:
    """One call's dialog, seen from the end that was called. ``sent_by``: our host and port, as in a Via."""

    def __init__(self, invite: Request, tag: str, *, contact: str, sent_by: str) -> None:
        self.call_id = invite.call_id
        self.tag = tag
        self._contact = contact
        self._sent_by = sent_by
        self._local = invite.to.with_tag(tag).serialize()
        self._remote = invite.all("From")[0]
        self._remote_tag = invite.from_.tag
        self._remote_sequence = invite.cseq.number
        self._target = invite.contacts[0].uri
        self._routes = invite.record_routes  # the order of the header: we are the end that was called (12.1.1)
        self._sequence = secrets.randbelow(1 << 16) + 1

    @property
    def id(self) -> DialogId:
        """What requests in it have in common."""
        return self.call_id, self.tag

    def has(self, request: Request) -> bool:
        """Whether a request with our tag comes from the other end."""
        return request.call_id == self.call_id and request.from_.tag == self._remote_tag

    def is_next(self, request: Request) -> bool:
        """Whether a request comes in its order (12.2.2); if so, it is the last one that came."""
        number = request.cseq.number
        if number <= self._remote_sequence:
            return False
        self._remote_sequence = number
        return True

    def retarget(self, request: Request) -> None:
        """Note where the other end is to be reached now (12.2.2), if a re-INVITE or an UPDATE says so."""
        if len(request.contacts) == 1:
            self._target = request.contacts[0].uri

    def request(self, method: str, headers: Headers = ()) -> tuple[str, Request]:
        """A request of ours, and its branch. Never an INVITE: this line is called and does not call."""
        self._sequence += 1
        branch = f"{MAGIC}{secrets.token_hex(8)}"
        uri, routes = self._way()
        made = Request(
            method=method,
            uri=uri,
            headers=(
                ("Via", f"SIP/2.0/UDP {self._sent_by};branch={branch};rport"),
                ("Max-Forwards", _HOPS),
                *(("Route", route) for route in routes),
                ("From", self._local),
                ("To", self._remote),
                ("Call-ID", self.call_id),
                ("CSeq", f"{self._sequence} {method}"),
                ("Contact", self._contact),
                *headers,
            ),
        )
        return branch, made

    def _way(self) -> tuple[str, tuple[str, ...]]:
        """Request-URI and routes (12.2.1.1): a first proxy that routes strictly is named in the Request-URI."""
        routes = tuple(NameAddr(uri=route.uri, params=route.params).serialize() for route in self._routes)
        if self._routes and not _is_loose(self._routes[0].uri):
            return self._routes[0].uri, (*routes[1:], f"<{self._target}>")
        return self._target, routes


def _is_loose(uri: str) -> bool:
    return "lr" in (part.partition("=")[0].lower() for part in uri.split(";")[1:])
