"""Two scripts compared: what a reader or a listener would find changed.

Utterances are matched by what they show, never by their ids: a new sentence moves every id after it. Silences are not
compared.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from audioleaflet.script.model import Pause, Script, Spelled, Spoken, Syllables, Term, Utterance
from audioleaflet.script.print import in_words
from audioleaflet.script.wordwise import aligned

ChangeKind = Literal["added", "removed", "moved", "text", "spoken"]
_ALIKE = 0.5
"""How much of their words two utterances share to be one that was changed, not one removed and another added."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A term that is said in another way. ``old`` or ``new`` is empty where the lexicon did not say how."""

    term: str
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One utterance that differs: ``old`` is None for an added one, ``new`` for a removed one.

    ``kind`` "text": other words are shown (``spoken`` follows them); "spoken": the same words are shown and said in
    another way; "moved": the same in another place. ``readings``: terms whose pronunciation changed.
    """

    kind: ChangeKind
    old: Utterance | None
    new: Utterance | None
    readings: tuple[Reading, ...] = ()


def compare(old: Script, new: Script) -> tuple[Change, ...]:
    """Every difference between two scripts, in the order of the new one; a removed utterance where it was."""
    before, after = tuple(old.utterances()), tuple(new.utterances())
    keys = [(one.role, one.shown) for one in before], [(one.role, one.shown) for one in after]
    changes: list[Change] = []
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, *keys, autojunk=False).get_opcodes():
        if tag == "equal":
            changes += filter(None, map(_respoken, before[i1:i2], after[j1:j2]))
        else:
            changes += _replaced(before[i1:i2], after[j1:j2])
    return tuple(_with_moves(changes))


def marked(old: str, new: str, *, colour: bool) -> str:
    """One line that shows both: ``Take [-one-]{+two+} tablets.``; in red and green too where ``colour`` is wanted."""
    pieces = []
    for before, after, same in aligned(old, new):
        if same:
            pieces.append(before)
            continue
        removed, added = (f"[-{before}-]" if before else ""), (f"{{+{after}+}}" if after else "")
        if colour:
            removed = f"\x1b[31m{removed}\x1b[0m" if removed else ""
            added = f"\x1b[32m{added}\x1b[0m" if added else ""
        pieces.append(removed + added)
    return " ".join(pieces)


def as_lines(changes: Iterable[Change], *, colour: bool = False) -> Iterator[str]:
    """The differences for a person: a line for what happened, one for what is shown, one for what is said."""
    for change in changes:
        one = change.new or change.old
        assert one is not None, "a change has at least one side"
        yield f"{one.id}  {change.kind:8} {_shown(change, colour)}"
        if change.kind in ("text", "spoken"):
            assert change.old is not None
            assert change.new is not None
            said = in_words(change.old.spoken), in_words(change.new.spoken)
            if said != (change.old.shown, change.new.shown) and (change.kind == "text" or said[0] != said[1]):
                yield f"         said     {marked(*said, colour=colour)}"
        for reading in change.readings:
            yield f"         reading  {reading.term}: {reading.old or 'the voice’s own'} -> {_or_own(reading.new)}"


def as_data(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """The differences for another program; ``old`` and ``new`` are null where there is no such side."""
    return [
        {
            "kind": change.kind,
            "old": _side(change.old),
            "new": _side(change.new),
            "readings": [{"term": one.term, "old": one.old, "new": one.new} for one in change.readings],
        }
        for change in changes
    ]


def _or_own(ipa: str) -> str:
    return ipa or "the voice’s own"


def _shown(change: Change, colour: bool) -> str:
    if change.kind == "text":
        assert change.old is not None
        assert change.new is not None
        return marked(change.old.shown, change.new.shown, colour=colour)
    if change.old is None or change.new is None:
        old, new = (change.old.shown if change.old else ""), (change.new.shown if change.new else "")
        return marked(old, new, colour=colour)
    moved = f" (was {change.old.id})" if change.kind == "moved" else ""
    return f"{change.new.shown}{moved}"


def _side(utterance: Utterance | None) -> dict[str, Any] | None:
    if utterance is None:
        return None
    return {
        "id": utterance.id,
        "role": utterance.role,
        "shown": utterance.shown,
        "said": in_words(utterance.spoken),
        "line": utterance.origin.line,
    }


def _respoken(old: Utterance, new: Utterance) -> Change | None:
    if _heard(old.spoken) == _heard(new.spoken):
        return None
    return Change(kind="spoken", old=old, new=new, readings=tuple(_readings(old.spoken, new.spoken)))


def _replaced(old: Sequence[Utterance], new: Sequence[Utterance]) -> Iterator[Change]:
    """Changes of a stretch where the two differ: like is paired with like, in order; the rest went or came."""
    taken = 0
    for one in new:
        found = next((place for place in range(taken, len(old)) if _alike(old[place], one)), None)
        if found is None:
            yield Change(kind="added", old=None, new=one)
            continue
        yield from (Change(kind="removed", old=gone, new=None) for gone in old[taken:found])
        readings = tuple(_readings(old[found].spoken, one.spoken))
        yield Change(kind="text", old=old[found], new=one, readings=readings)
        taken = found + 1
    yield from (Change(kind="removed", old=gone, new=None) for gone in old[taken:])


def _alike(old: Utterance, new: Utterance) -> bool:
    if old.role != new.role:
        return False
    matcher = difflib.SequenceMatcher(None, old.shown.split(), new.shown.split(), autojunk=False)
    return matcher.quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE


def _with_moves(changes: Sequence[Change]) -> Iterator[Change]:
    """An utterance that went in one place and came in another has moved."""
    gone = {(one.old.role, one.old.shown): one.old for one in changes if one.kind == "removed" and one.old}
    come = {(one.new.role, one.new.shown) for one in changes if one.kind == "added" and one.new}
    for change in changes:
        if change.kind == "removed" and change.old and (change.old.role, change.old.shown) in come:
            continue
        if change.kind == "added" and change.new and (change.new.role, change.new.shown) in gone:
            old = gone[change.new.role, change.new.shown]
            respoken = _respoken(old, change.new)
            yield respoken or Change(kind="moved", old=old, new=change.new)
        else:
            yield change


def _heard(spoken: Spoken) -> tuple[object, ...]:
    """What is said with its pronunciations, without silences; words that stand in one span or in two are the same."""
    heard: list[object] = []
    for span in spoken:
        if isinstance(span, Pause):
            continue
        if isinstance(span, Spelled):
            heard.append(span.groups)
        elif isinstance(span, Term | Syllables):
            heard.append(span)
        else:
            heard.extend(span.text.split())
    return tuple(heard)


def _readings(old: Spoken, new: Spoken) -> Iterator[Reading]:
    """Terms of both that are said in another way. A word that is now a term, or no longer one, counts too."""
    before, after = _pronounced(old), _pronounced(new)
    words = {word.casefold() for word in in_words(old).split()}, {word.casefold() for word in in_words(new).split()}
    for term in dict.fromkeys((*before, *after)):
        was, now = before.get(term, ""), after.get(term, "")
        in_both = (term in before or _said(term, words[0])) and (term in after or _said(term, words[1]))
        if was != now and in_both:
            yield Reading(term=term, old=was, new=now)


def _pronounced(spoken: Spoken) -> dict[str, str]:
    return {span.text.casefold(): span.ipa for span in spoken if isinstance(span, Term | Syllables)}


def _said(term: str, words: set[str]) -> bool:
    bare = {word.strip(".,;:!?()\"“”'’") for word in words}
    return all(part in bare for part in term.split())
