"""What addresses carry, there and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audioleaflet.hotline.events import State
from audioleaflet.hotline.twilio.signing import ForgedError
from audioleaflet.hotline.twilio.tickets import (
    Piece,
    Stretch,
    Ticket,
    parse_piece,
    parse_ticket,
    serialize_piece,
    serialize_ticket,
)

SNAPSHOT = b"snapshot"
NUMBERS = st.integers(0, 2**42)
STRETCHES = st.lists(
    st.one_of(
        st.builds(Stretch, sound=NUMBERS),
        st.tuples(NUMBERS, NUMBERS, st.integers(1, 2**30)).map(
            lambda parts: Stretch(sound=parts[0], begin_ms=parts[1], end_ms=parts[1] + parts[2])
        ),
    ),
    max_size=20,
).map(tuple)
STATES = st.builds(
    State,
    mode=st.sampled_from(["reading", "menu", "paused", "code-entry"]),
    language=st.sampled_from(["", "en-US"]),
    edition=st.text(max_size=20),
    chapter=st.integers(0, 99),
    digits=st.text("123456789", max_size=8),
    limit=st.floats(0, 2e9),
)
TICKETS = st.builds(
    Ticket,
    kind=st.sampled_from(["play", "wait", "dial"]),
    snapshot=st.binary(min_size=8, max_size=8),
    issued_ms=NUMBERS,
    lasts_s=NUMBERS,
    state=STATES,
    stretches=STRETCHES,
    heard_ms=NUMBERS,
    length_ms=NUMBERS,
)


@given(TICKETS)
def test_a_ticket_comes_back_as_it_was(ticket: Ticket) -> None:
    assert parse_ticket(serialize_ticket(ticket)) == ticket


@given(STRETCHES, NUMBERS)
def test_a_piece_comes_back_as_it_was(stretches: tuple[Stretch, ...], expires_s: int) -> None:
    piece = Piece(snapshot=SNAPSHOT, expires_s=expires_s, stretches=stretches)
    assert parse_piece(serialize_piece(piece)) == piece


@given(st.binary(max_size=80))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    for parse in (parse_ticket, parse_piece):
        try:
            parse(content)
        except ForgedError:
            continue


def test_a_state_of_another_version_is_refused() -> None:
    ticket = Ticket(
        kind="wait", snapshot=SNAPSHOT, issued_ms=1, lasts_s=1, state=State(mode="menu"), stretches=(), heard_ms=0,
        length_ms=0,
    )  # fmt: skip
    content = serialize_ticket(ticket)
    with pytest.raises(ForgedError):
        parse_ticket(content.replace(b'"mode"', b'"mood"'))
    with pytest.raises(ForgedError):
        parse_ticket(b"\x02" + content[1:])


def test_one_is_not_taken_for_the_other() -> None:
    piece = serialize_piece(Piece(snapshot=SNAPSHOT, expires_s=1, stretches=()))
    with pytest.raises(ForgedError):
        parse_ticket(piece)
    with pytest.raises(ForgedError):
        parse_piece(piece + b"x")
