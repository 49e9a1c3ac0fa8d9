"""Session timers (RFC 4028): how long a call lasts without a sign that the other end is still there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from audioleaflet.hotline.sip.message import Headers, Request
from audioleaflet.hotline.sip.refusals import Refusal

LEAST: Final = 90  # seconds; RFC 4028, section 5
_GRACE: Final = 32  # seconds before the end at which whoever waits gives up; section 10


@dataclass(frozen=True, slots=True)
class Expiry:
    """After ``seconds`` without a refresh the call is over. ``ours``: we refresh it, with UPDATE."""

    seconds: int
    ours: bool

    @property
    def due(self) -> float:
        """Seconds until we refresh it, or give the other end up."""
        return self.seconds / 2 if self.ours else self.seconds - min(_GRACE, self.seconds / 3)

    @property
    def again(self) -> float:
        """Seconds after which a refresh of ours that was refused is tried again: twice, there is time for that."""
        return self.seconds / 16

    @property
    def headers(self) -> Headers:
        """What our 2xx says of it."""
        refresher: Literal["uas", "uac"] = "uas" if self.ours else "uac"
        told = ("Session-Expires", f"{self.seconds};refresher={refresher}")
        return (told,) if self.ours else (("Require", "timer"), told)


def negotiated(request: Request) -> Expiry | Refusal | None:
    """What an INVITE or UPDATE asks for (section 9). None: no timer.

    Only who knows the extension is given one: the other end refreshes if it may choose. We refresh with UPDATE alone,
    as no INVITE is ever sent; an end that wants us to, and does not take UPDATE, gets no timer.
    """
    asked = request.session_expires
    if asked is None or "timer" not in request.supported:
        return None
    if asked.seconds < LEAST:
        return Refusal(422, (("Min-SE", str(LEAST)),))
    if asked.refresher == "uas":
        takes_update = "UPDATE" in (method.strip() for method in request.all("Allow"))
        return Expiry(asked.seconds, ours=True) if takes_update else None
    return Expiry(asked.seconds, ours=False)


def refresh(expiry: Expiry) -> Headers:
    """What an UPDATE of ours says, in which we are the one who asks."""
    return (("Supported", "timer"), ("Session-Expires", f"{expiry.seconds};refresher=uac"))
