"""The welcome, and the keys 1 to 9 while a leaflet is read, paused or finished."""

from __future__ import annotations

from audioleaflet.hotline.catalogue import FAST, SLOW, Sound
from audioleaflet.hotline.events import Count, Key
from audioleaflet.hotline.turn import Turn
from audioleaflet.units import Ms

_ROUNDS = 3  # how often something is said into silence
_PAUSE_S = 60
_PAUSED_FOR_S = 600
_ANSWER_S = 8


def welcome(turn: Turn, *lead: str | Sound) -> None:
    """Who speaks, what it is, whether it was checked, and the keys. Chapter 1 follows with no key pressed."""
    edition, chapters = turn.edition, turn.readable()
    turn.set(version=edition.version, chapter=chapters[0].number, cue="", left_chapter=-1, left_cue="")
    keys = "keys" if len(chapters) > 1 else "keys-of-one"
    turn.play("welcome", *lead, *title_and_status(turn), keys)


def title_and_status(turn: Turn) -> list[str | Sound]:
    """What the leaflet is called, and what a listener must know of it: that nobody has checked it, or not lately."""
    edition = turn.edition
    told: list[str | Sound] = [*turn.own("title")]
    if edition.state != "approved":
        told += turn.own("status")
    elif edition.review_due and turn.now.date().isoformat() > edition.review_due:
        told.append("past-due")
    return told


def press(turn: Turn, key: Key, heard_ms: Ms) -> None:
    """A key while the leaflet is read."""
    position = turn.heard(heard_ms)
    _COMMANDS[key](turn, position)


def press_in_welcome(turn: Turn, key: Key) -> None:
    """A key in the welcome: chapter 1 begins, and those that make sense at its start act."""
    if key in "1236":
        turn.read(chapter=turn.state.chapter)
    else:
        _COMMANDS[key](turn, Ms(0))


def press_in_pause(turn: Turn, key: Key) -> None:
    """A key while reading is paused: 5 goes on, the others do what they do."""
    if key == "5":
        turn.read("going-on")
    else:
        _COMMANDS[key](turn, turn.cue.begin_ms)


def press_at_end(turn: Turn, key: Key) -> None:
    """A key after the last chapter."""
    if key in "356":
        _finished(turn, "wrong-key")
    else:
        _COMMANDS[key](turn, turn.sound.duration_ms)


def ended(turn: Turn) -> None:
    """The passage was heard to its end: its chapter's, or where the time limit is told of."""
    sound = turn.sound
    if turn.state.until_ms < sound.duration_ms:
        turn.set(cue=next(cue.id for cue in sound.cues if cue.begin_ms >= turn.state.until_ms))
        turn.set(rounds=1)
        turn.play("limit", "time-limit", *_keep_offer(turn))
        return
    turn.actions.append(Count(what="chapter-finished", label=turn.label()))
    if turn.state.chapter == 0 and turn.edition.state != "withdrawn":
        _leave_introduction(turn)
    elif (following := turn.neighbour(+1)) is not None:
        turn.read(chapter=following.number)
    else:
        turn.set(cue=sound.cues[-1].id, rounds=1)
        _finished(turn)


def _finished(turn: Turn, *lead: str) -> None:
    told = "notice-finished" if turn.edition.state == "withdrawn" else "finished"
    turn.play("finished", *lead, told)


def silent_at_end(turn: Turn) -> None:
    """Nobody has pressed a key after the last chapter."""
    if turn.state.rounds < _ROUNDS:
        turn.set(rounds=turn.state.rounds + 1)
        _finished(turn)
    else:
        turn.play("goodbye", "goodbye")


def silent_in_pause(turn: Turn) -> None:
    """A minute of a pause is over."""
    if turn.now.timestamp() - turn.state.since >= _PAUSED_FOR_S:
        turn.play("goodbye", "goodbye")
        return
    offer = _keep_offer(turn) if turn.state.rounds == 0 else ()
    turn.set(rounds=turn.state.rounds + 1)
    turn.play("paused", "still-paused", *offer)


def silent_at_limit(turn: Turn) -> None:
    """Nobody has answered whether the call goes on."""
    if turn.state.rounds < _ROUNDS:
        turn.set(rounds=turn.state.rounds + 1)
        turn.play("limit", "time-limit-again")
    else:
        turn.play("goodbye", "goodbye")


def wait_after(turn: Turn) -> None:
    """The prompt that asks for a key is over."""
    seconds = {"paused": _PAUSE_S, "limit": 15, "connecting": 3}.get(turn.state.mode, _ANSWER_S)
    turn.wait(turn.state.mode, seconds)


def _keep_offer(turn: Turn) -> tuple[str, ...]:
    return ("keep-offer",) if turn.rules.codes else ()


def _back(turn: Turn, position: Ms) -> None:
    turn.read("back", cue=turn.seek(position, -1))


def _restart(turn: Turn, _position: Ms) -> None:
    turn.read(cue=turn.sound.cues[0].id)


def _forward(turn: Turn, position: Ms) -> None:
    cue = turn.seek(position, +1)
    if cue is not None:
        turn.read("forward", cue=cue)
    else:
        _next(turn, position)


def _previous(turn: Turn, _position: Ms) -> None:
    before = turn.neighbour(-1)
    if turn.state.chapter == 0 and turn.state.left_chapter > 0:
        _leave_introduction(turn)
    elif before is not None:
        turn.read(chapter=before.number)
    else:
        turn.read("first-chapter")


def _next(turn: Turn, _position: Ms) -> None:
    if turn.state.chapter == 0 and turn.edition.state != "withdrawn":
        _leave_introduction(turn)
    elif (following := turn.neighbour(+1)) is not None:
        turn.read(chapter=following.number)
    else:
        turn.read("last-chapter")


def _pause(turn: Turn, _position: Ms) -> None:
    turn.set(since=turn.now.timestamp(), rounds=0)
    turn.play("paused", "paused")


def _slower(turn: Turn, _position: Ms) -> None:
    if turn.state.rate == SLOW:
        turn.read("slowest")
    else:
        turn.set(rate=turn.state.rate - 1)
        turn.read("slower")


def _faster(turn: Turn, _position: Ms) -> None:
    if turn.state.rate == FAST:
        turn.read("fastest")
    else:
        turn.set(rate=turn.state.rate + 1)
        turn.read("faster")


def _words(turn: Turn, _position: Ms) -> None:
    """How to say the words, and from there back to the sentence that was left."""
    if turn.edition.state == "withdrawn":
        _restart(turn, _position)
    elif turn.state.chapter == 0 or turn.edition.chapter(0) is None:
        _leave_introduction(turn)
    else:
        turn.set(left_chapter=turn.state.chapter, left_cue=turn.cue.id)
        turn.read(chapter=0)


def _leave_introduction(turn: Turn) -> None:
    chapter, cue = turn.state.left_chapter, turn.state.left_cue
    turn.set(left_chapter=-1, left_cue="")
    if chapter > 0 and turn.edition.chapter(chapter) is not None:
        turn.read("to-the-leaflet", chapter=chapter, cue=cue)
    else:
        turn.read("to-the-leaflet", chapter=turn.readable()[0].number)


_COMMANDS = {
    "1": _back,
    "2": _restart,
    "3": _forward,
    "4": _previous,
    "5": _pause,
    "6": _next,
    "7": _slower,
    "8": _words,
    "9": _faster,
}
