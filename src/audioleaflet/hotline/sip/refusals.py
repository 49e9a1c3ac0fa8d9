"""What is refused before anything is remembered of it (RFC 3261, section 8.2), and with what answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from audioleaflet.hotline.sip.headers import Malformed
from audioleaflet.hotline.sip.message import Headers, Request

METHODS: Final = ("INVITE", "ACK", "CANCEL", "BYE", "OPTIONS", "INFO", "UPDATE", "NOTIFY")
ALLOW: Final = ("Allow", ", ".join(METHODS))
ACCEPT: Final = ("Accept", "application/sdp, application/dtmf-relay, application/dtmf, message/sipfrag")
EXTENSIONS: Final = ("timer",)
SUPPORTED: Final = ("Supported", ", ".join(EXTENSIONS))
# Known, and not for this line: it does not register, subscribe or store, and nobody may send it elsewhere.
_KNOWN: Final = ("REGISTER", "SUBSCRIBE", "MESSAGE", "PUBLISH", "REFER", "PRACK")
_BODIES: Final = {
    "INVITE": ("application/sdp",),
    "UPDATE": ("application/sdp",),
    "INFO": ("application/dtmf-relay", "application/dtmf"),
    "NOTIFY": ("message/sipfrag",),
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """A final answer of 300 and above."""

    status: int
    headers: Headers = ()


def refused(request: Request) -> Refusal | None:
    """Why this request cannot be answered otherwise, wherever it comes from and whatever is going on.

    Max-Forwards 0 is no reason: it has arrived (RFC 4475, 3.3.11).
    """
    if request.method not in METHODS:
        return Refusal(405 if request.method in _KNOWN else 501, (ALLOW,))
    if request.method in ("ACK", "CANCEL"):
        return None  # never refused for what they ask: they only belong to another request
    try:
        scheme = request.request_uri.scheme
    except Malformed as error:
        return Refusal(error.status)
    if scheme == "sips":
        return Refusal(416)  # it promises TLS all the way, and this is UDP
    unknown = [name for name in request.require if name not in EXTENSIONS]
    if unknown:
        return Refusal(420, (("Unsupported", ", ".join(unknown)),))
    return _unreadable(request)


def _unreadable(request: Request) -> Refusal | None:
    if not request.body:
        return None
    encoding = (request.first("Content-Encoding") or "identity").strip().lower()
    known = _BODIES.get(request.method)
    if encoding != "identity" or (known is not None and request.content_type not in known):
        return Refusal(415, (ACCEPT, ("Accept-Encoding", "identity")))
    return None
