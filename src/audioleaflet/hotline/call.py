"""The call, free of I/O: an event in, the new state and what to do out.

``Call(catalogue, rules).step(state, event, now)`` answers ``(state, actions)``. No clock, socket or file inside: a wire
says what happened and when, plays what it is told, and keeps the state. The state is small, of plain values, and can be
written down and read back with the same catalogue (``State.as_data``).

events      what can happen, and what can be asked of a wire
turn        one step being made
listening   the welcome, and the keys while a leaflet is read
choosing    languages and leaflets
menus       all else that is chosen or entered
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from audioleaflet.hotline import choosing, listening, menus
from audioleaflet.hotline.catalogue import Catalogue
from audioleaflet.hotline.events import (
    Action,
    Answered,
    Count,
    Digit,
    Ended,
    Event,
    Found,
    HangUp,
    HungUp,
    Kept,
    Key,
    Mode,
    Resumed,
    Rules,
    State,
    Stay,
    TimedOut,
    TransferFailed,
)
from audioleaflet.hotline.turn import Turn

# A press of a key, by mode. In those that are missing keys do nothing: something is about to happen.
_PRESSED: Final[dict[Mode, Callable[[Turn, Key], None]]] = {
    "language": choosing.press_language,
    "leaflets": choosing.press_leaflet,
    "leaflet-entry": choosing.enter_leaflet,
    "welcome": listening.press_in_welcome,
    "paused": listening.press_in_pause,
    "finished": listening.press_at_end,
    "menu": menus.press_menu,
    "chapters": menus.press_chapters,
    "chapter-entry": menus.enter_chapter,
    "numbers": menus.press_numbers,
    "place": menus.press_place,
    "code": menus.press_code,
    "code-entry": menus.enter_code,
}
# Keys that do the same wherever they are pressed. Each menu looks for its own.
_EVERYWHERE: Final[dict[Mode, str]] = {
    **dict.fromkeys(("welcome", "reading", "paused", "finished"), "0*#"),
    "language": "0*",
    "leaflets": "0*",
    "leaflet-entry": "0",
}
# Digits of numbers and codes, and keys that do nothing.
_UNCOUNTED: Final = (
    "leaflet-entry",
    "chapter-entry",
    "code-entry",
    "connecting",
    "transferring",
    "keeping",
    "finding",
)

# The sound that was begun in a mode is over. In all others, the caller is waited for.
_ENDED: Final[dict[Mode, Callable[[Turn], None]]] = {
    "welcome": lambda turn: turn.read(chapter=turn.state.chapter),
    "reading": listening.ended,
    "leaflet-entry": menus.wait_for_digit,
    "chapter-entry": menus.wait_for_digit,
    "code-entry": menus.wait_for_digit,
}

# Nobody has pressed a key. In all others, reading goes on.
_SILENT: Final[dict[Mode, Callable[[Turn], None]]] = {
    "language": choosing.silent_at_languages,
    "leaflets": choosing.silent_at_leaflets,
    "leaflet-entry": choosing.leaflet_entered,
    "chapter-entry": menus.chapter_entered,
    "code-entry": menus.silent_at_code,
    "numbers": menus.silent_at_numbers,
    "paused": listening.silent_in_pause,
    "finished": listening.silent_at_end,
    "limit": listening.silent_at_limit,
    "connecting": menus.connect,
    "transferring": menus.still_calling,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """The rules of a call: ``catalogue`` is what can be heard in it, ``rules`` what the line's operator has decided."""

    catalogue: Catalogue
    rules: Rules

    def step(self, state: State, event: Event, now: datetime) -> tuple[State, tuple[Action, ...]]:
        """The state after ``event``, and what to do. ``now``: an aware datetime, in the line's local time.

        After a call is over, nothing is done any more. An event that cannot be in a state changes nothing.
        """
        if state.mode == "over":
            return state, ()
        turn = Turn(self.catalogue, self.rules, state, now)
        if isinstance(event, HungUp):
            turn.set(mode="over")
        elif isinstance(event, Answered):
            if state.mode == "new":
                turn.set(limit=now.timestamp() + self.rules.limit_s)
                turn.actions.append(Count(what="call"))
                choosing.begin(turn, event.dialled)
        elif isinstance(event, Resumed):  # time on hold is not the caller's
            turn.set(limit=state.limit + event.held_s, since=state.since + event.held_s)
        elif state.mode != "new" and not self._changed(turn):
            _happened(turn, event)
        return turn.state, tuple(turn.actions)

    def _changed(self, turn: Turn) -> bool:
        """Whether the leaflet is another one than a moment ago (for wires that cannot keep a catalogue); it is told."""
        state, edition = turn.state, self.catalogue.edition(turn.state.edition)
        if not state.edition and turn.editions():
            return False
        if edition is None:
            turn.set(language=state.language if turn.editions() else self.catalogue.languages()[0])
            turn.set(edition="", version="", chapter=0, cue="")
            choosing.shelf(turn)
        elif edition.version != state.version:
            turn.set(version=edition.version, cue="", left_chapter=-1, left_cue="")
            menus.read_updated(turn, state.chapter)
        else:
            return False
        return True


def _happened(turn: Turn, event: Event) -> None:
    mode = turn.state.mode
    if isinstance(event, Digit):
        _pressed(turn, event)
    elif isinstance(event, Ended):
        if mode == "goodbye":
            turn.set(mode="over")
            turn.actions.append(HangUp())
        else:
            _ENDED.get(mode, listening.wait_after)(turn)
    elif isinstance(event, TimedOut):
        _silent(turn)
    elif isinstance(event, TransferFailed) and mode == "transferring":
        choosing.go_on(turn, "no-answer")
    elif isinstance(event, Kept) and mode == "keeping":
        menus.kept(turn, event)
    elif isinstance(event, Found) and mode == "finding":
        menus.found(turn, event)


def _pressed(turn: Turn, event: Digit) -> None:
    mode, key = turn.state.mode, event.key
    if mode in ("limit", "goodbye"):
        turn.set(limit=turn.now.timestamp() + turn.rules.limit_s)
        if key == "*":
            menus.open_menu(turn)
        else:
            choosing.go_on(turn)
        return
    if mode in ("connecting", "transferring") and key in "5*":
        if mode == "transferring":
            turn.actions.append(Stay())
        choosing.go_on(turn) if key == "5" else menus.open_menu(turn)
        return
    if turn.is_late_hash(key, event.heard_ms):
        return
    if mode not in _UNCOUNTED and not choosing.begins_a_number(turn, key):
        turn.count_key(key)
    if choosing.goes_back(turn, key):
        choosing.go_on(turn, *(("cancelled",) if key == "*" else ()))
    elif key in _EVERYWHERE.get(mode, ""):
        if mode == "reading":
            turn.heard(event.heard_ms)
        menus.everywhere(turn, key)
    elif mode == "reading":
        listening.press(turn, key, event.heard_ms)
    elif mode in _PRESSED:
        _PRESSED[mode](turn, key)


def _silent(turn: Turn) -> None:
    mode = turn.state.mode
    if mode == "keeping":
        menus.kept(turn, Kept(code=""))
    elif mode == "finding":
        menus.found(turn, Found(place=None, refused=True))
    elif mode in _SILENT:
        _SILENT[mode](turn)
    else:
        choosing.go_on(turn)
