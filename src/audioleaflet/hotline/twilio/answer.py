"""What Twilio is told: sound or silence until a key, a person, or the end; and the address to come back to."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from audioleaflet.hotline.catalogue import Catalogue
from audioleaflet.hotline.choosing import BY_KEY
from audioleaflet.hotline.events import HangUp, Play, State, Transfer, Wait
from audioleaflet.hotline.twilio import segments, twiml
from audioleaflet.hotline.twilio.segments import Spans
from audioleaflet.hotline.twilio.signing import ForgedError, Seal
from audioleaflet.hotline.twilio.snapshots import Snapshot
from audioleaflet.hotline.twilio.tickets import (
    Kind,
    Piece,
    Ticket,
    parse_piece,
    parse_ticket,
    serialize_piece,
    serialize_ticket,
)
from audioleaflet.units import Ms

STEP: Final = "step"
MEDIA: Final = "media"
WAV: Final = ".wav"
_SHORTEST_TIMEOUT_S: Final = 1  # of a Gather: it has to be a positive number of seconds
_NEXT_KEY_S: Final = 3  # between two digits of a number
_CODE_LENGTH: Final = 5
_LATE_S: Final = 120  # so long after the moment at which it is due, an address holds no longer
_LONGEST_DIAL_S: Final = 4 * 3600  # Twilio ends a connected call then
_MEDIA_S: Final = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A call between two requests. ``call``: how Twilio names it.

    ``doing``: what it is to be told; None: nothing that is known. Of a ``Play``, its spans are those that are left, and
    ``heard_ms`` is how much came before them; else it is how much of the last one was heard.
    """

    call: str
    snapshot: Snapshot
    state: State
    doing: Play | Wait | Transfer | HangUp | None
    heard_ms: Ms


class Answers:
    """Writes answers, and reads the addresses that it wrote. ``public_url`` ends with a slash."""

    def __init__(self, *, token: str, public_url: str, operator: str) -> None:
        self._public_url = public_url
        self._operator = operator
        self._tickets = Seal(token, "ticket/1")
        self._pieces = Seal(token, "piece/1")

    def tell(self, moment: Moment, now_ms: int) -> bytes:
        """The TwiML for a moment. ``now_ms``: since 1970."""
        doing = moment.doing
        if isinstance(doing, Play):
            return self._play(moment, doing.spans, now_ms)
        if isinstance(doing, Wait):
            timeout_s = max(_SHORTEST_TIMEOUT_S, math.ceil(doing.ms / 1000))
            keys = wanted_keys(moment.state, moment.snapshot.catalogue)
            due_s = timeout_s * keys
            action = self._address(moment, "wait", now_ms=now_ms, due_s=due_s, length_ms=doing.ms)
            return twiml.gather(action, keys=keys, timeout_s=timeout_s)
        if isinstance(doing, Transfer) and self._operator:
            return twiml.dial(self._address(moment, "dial", now_ms=now_ms, due_s=_LONGEST_DIAL_S), self._operator)
        return twiml.hang_up()

    def ticket(self, call: str, sealed: str) -> Ticket:
        """What an address that Twilio came back to holds. Raises ForgedError: it is not ours, or not of this call."""
        return parse_ticket(self._tickets.open(sealed, call))

    def piece(self, name: str) -> Piece:
        """The sound that an address names. Raises ForgedError."""
        if not name.endswith(WAV):
            raise ForgedError
        return parse_piece(self._pieces.open(name.removesuffix(WAV)))

    def _play(self, moment: Moment, spans: Spans, now_ms: int) -> bytes:
        snapshot = moment.snapshot
        length_ms = segments.first(spans, snapshot.samples)
        keys = wanted_keys(moment.state, snapshot.catalogue)
        timeout_s = _NEXT_KEY_S if keys > 1 else _SHORTEST_TIMEOUT_S
        due_s = math.ceil(length_ms / 1000) + timeout_s * keys
        action = self._address(moment, "play", now_ms=now_ms, due_s=due_s, length_ms=length_ms, spans=spans)
        sound = self._sound(snapshot, segments.split(spans, length_ms)[0], now_ms)
        return twiml.gather(action, keys=keys, timeout_s=timeout_s, sound=sound)

    def _address(
        self, moment: Moment, kind: Kind, *, now_ms: int, due_s: int, length_ms: int = 0, spans: Spans = ()
    ) -> str:
        ticket = Ticket(
            kind=kind,
            snapshot=moment.snapshot.name,
            issued_ms=now_ms,
            lasts_s=due_s + _LATE_S,
            state=moment.state,
            stretches=moment.snapshot.stretches(spans),
            heard_ms=moment.heard_ms,
            length_ms=length_ms,
        )
        return f"{self._public_url}{STEP}?state={self._tickets.seal(serialize_ticket(ticket), moment.call)}"

    def _sound(self, snapshot: Snapshot, spans: Spans, now_ms: int) -> str:
        # To a round time, so that a piece has one address for some minutes and Twilio need not fetch it for each call.
        expires_s = (now_ms // 1000 // _MEDIA_S + 2) * _MEDIA_S
        piece = Piece(snapshot=snapshot.name, expires_s=expires_s, stretches=snapshot.stretches(spans))
        return f"{self._public_url}{MEDIA}/{self._pieces.seal(serialize_piece(piece))}{WAV}"


def wanted_keys(state: State, catalogue: Catalogue) -> int:
    """How many keys to wait for: one, but where a number is entered as many digits as it may still have.

    Between two answers keys are lost, so the digits of a number have to come in one.
    """
    edition = catalogue.edition(state.edition)
    longest = 1
    if state.mode == "code-entry":
        longest = _CODE_LENGTH
    elif state.mode in ("chapters", "chapter-entry") and edition is not None:
        longest = max(len(str(chapter.number)) for chapter in edition.chapters)
    elif state.mode in ("leaflets", "leaflet-entry"):
        numbers = [len(edition.number) for edition in catalogue.editions if edition.language == state.language]
        longest = max(numbers, default=1) if len(numbers) > BY_KEY else 1
    return max(1, longest - len(state.digits))
