"""What our addresses carry: a call's place, for Twilio to come back with, and a piece of sound, for it to fetch.

Twilio keeps nothing of a call for us, and we keep nothing of it either: between two requests all that a call is lies in
the address of the next one. Sounds are named by their number in a snapshot, so that an address stays short: at most
``LONGEST`` characters.

Binary, version 1, numbers as LEB128 unless said otherwise: version (1 byte), kind (1), snapshot (8), then for a
``Ticket``: issued_ms, lasts_s, heard_ms, length_ms, stretches, and the state as JSON to the end; for a ``Piece``:
expires_s, stretches. Stretches: their count, then each one's sound * 2, begin and length in ms, or sound * 2 + 1 for a
whole one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from audioleaflet.hotline.events import State
from audioleaflet.hotline.twilio.signing import ForgedError

LONGEST: Final = 2000  # characters of a whole address; servers and proxies take at least so many
_VERSION: Final = 1
_KINDS: Final = ("play", "wait", "dial", "piece")
_SNAPSHOT_BYTES: Final = 8

Kind = Literal["play", "wait", "dial"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A part of a sound, in ms. ``end_ms`` 0: the whole."""

    sound: int
    begin_ms: int = 0
    end_ms: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """Where a call is while Twilio has it.

    ``kind``: what it was told to do. ``snapshot``: the editions that the call began with. ``issued_ms``: when it was
    told (since 1970); ``lasts_s``: for how long it may come back. ``stretches``: what is left to play, from the piece
    that it plays now; ``length_ms``: of that piece, or of the wait. ``heard_ms``: how much of the same ``Play`` came
    before it.
    """

    kind: Kind
    snapshot: bytes
    issued_ms: int
    lasts_s: int
    state: State
    stretches: tuple[Stretch, ...]
    heard_ms: int
    length_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Sound to fetch until ``expires_s`` (since 1970)."""

    snapshot: bytes
    expires_s: int
    stretches: tuple[Stretch, ...]


def serialize_ticket(ticket: Ticket) -> bytes:
    """The bytes of a ticket, to be sealed."""
    numbers = (ticket.issued_ms, ticket.lasts_s, ticket.heard_ms, ticket.length_ms)
    state = json.dumps(ticket.state.as_data(), separators=(",", ":"), sort_keys=True).encode()
    return _head(ticket.kind, ticket.snapshot) + _numbers(numbers) + _stretches(ticket.stretches) + state


def parse_ticket(content: bytes) -> Ticket:
    """The ticket of bytes whose seal was opened. Raises ForgedError for those of another version of this program."""
    reader = _Reader(content)
    kind, snapshot = reader.head()
    if kind == "piece":
        raise ForgedError
    issued_ms, lasts_s, heard_ms, length_ms = (reader.number() for _ in range(4))
    stretches = tuple(reader.stretches())
    try:
        state = State.of(json.loads(reader.rest()))
    except (ValueError, TypeError) as error:
        raise ForgedError from error
    return Ticket(
        kind=kind,
        snapshot=snapshot,
        issued_ms=issued_ms,
        lasts_s=lasts_s,
        state=state,
        stretches=stretches,
        heard_ms=heard_ms,
        length_ms=length_ms,
    )


def serialize_piece(piece: Piece) -> bytes:
    """The bytes of a piece, to be sealed."""
    return _head("piece", piece.snapshot) + _numbers((piece.expires_s,)) + _stretches(piece.stretches)


def parse_piece(content: bytes) -> Piece:
    """The piece of bytes whose seal was opened. Raises ForgedError."""
    reader = _Reader(content)
    kind, snapshot = reader.head()
    if kind != "piece":
        raise ForgedError
    expires_s = reader.number()
    stretches = tuple(reader.stretches())
    if reader.rest():
        raise ForgedError
    return Piece(snapshot=snapshot, expires_s=expires_s, stretches=stretches)


def _head(kind: str, snapshot: bytes) -> bytes:
    assert len(snapshot) == _SNAPSHOT_BYTES
    return bytes((_VERSION, _KINDS.index(kind))) + snapshot


def _numbers(numbers: Sequence[int]) -> bytes:
    written = bytearray()
    for number in numbers:
        assert number >= 0
        while number > 0x7F:
            written.append(number & 0x7F | 0x80)
            number >>= 7
        written.append(number)
    return bytes(written)


def _stretches(stretches: Sequence[Stretch]) -> bytes:
    numbers = [len(stretches)]
    for one in stretches:
        if one.end_ms:
            numbers += (one.sound * 2, one.begin_ms, one.end_ms - one.begin_ms)
        else:
            numbers.append(one.sound * 2 + 1)
    return _numbers(numbers)


class _Reader:
    def __init__(self, content: bytes) -> None:
        self._content = content
        self._at = 0

    def head(self) -> tuple[Literal["play", "wait", "dial", "piece"], bytes]:
        version, kind = self._take(2)
        if version != _VERSION or kind >= len(_KINDS):
            raise ForgedError
        return _KINDS[kind], self._take(_SNAPSHOT_BYTES)

    def number(self) -> int:
        number = shift = 0
        while True:
            (byte,) = self._take(1)
            number |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return number

    def stretches(self) -> Iterator[Stretch]:
        for _ in range(self.number()):
            sound, is_whole = divmod(self.number(), 2)
            if is_whole:
                yield Stretch(sound=sound)
            else:
                begin_ms = self.number()
                yield Stretch(sound=sound, begin_ms=begin_ms, end_ms=begin_ms + self.number())

    def rest(self) -> bytes:
        return self._take(len(self._content) - self._at)

    def _take(self, count: int) -> bytes:
        taken = self._content[self._at : self._at + count]
        if len(taken) != count:
            raise ForgedError
        self._at += count
        return taken
