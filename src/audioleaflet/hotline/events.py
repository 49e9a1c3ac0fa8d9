"""What happens on a line, and what to do about it: the words between a call and the wire that carries it.

Of the actions of a step, at most one is ``Play``, ``Wait``, ``Transfer`` or ``HangUp``: it replaces whatever was begun
before. None of them: what was begun goes on. A wire sends silence while it waits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Literal

from audioleaflet.hotline.catalogue import NORMAL, Sound
from audioleaflet.units import Ms

Key = Literal["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "#"]


_NOTHING = Ms(0)

# What happened. ``heard_ms``: how much of the sounds of the last ``Play`` had been sent by then, over all its spans.


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The call begins. ``dialled``: the number that was called, where the wire knows it; never that of the caller."""

    dialled: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Digit:
    """A key was pressed."""

    key: Key
    heard_ms: Ms = _NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """All sounds of the last ``Play`` were sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedOut:
    """The last ``Wait`` is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HungUp:
    """The caller is gone, or the wire ended the call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferFailed:
    """The person could not be reached: busy, refused, no answer. The caller is still there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The answer to ``Keep``: five digits, 1 to 9; empty where codes are off."""

    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The answer to ``Find``: the place of that code, None where there is none.

    ``refused``: codes are off, or too many were tried in this hour.
    """

    place: Place | None
    refused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed:
    """The caller is back after ``held_s`` seconds on hold, in which the wire's sound and waits stood still."""

    held_s: float


Event = Answered | Digit | Ended | TimedOut | HungUp | TransferFailed | Kept | Found | Resumed


# What to do.


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of a sound, from ``begin_ms`` to ``end_ms``."""

    sound: Sound
    begin_ms: Ms
    end_ms: Ms


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """Send these spans, one right after the other; then ``Ended``. There is at least one, and none is empty."""

    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Send silence; then ``TimedOut``."""

    ms: Ms


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """Connect the caller to the operator of the settings; ``TransferFailed`` if that fails.

    Send silence meanwhile, and ``TimedOut`` after ``ms``: what is played or waited for then does not end the attempt.
    A wire on which the caller hears it ring needs neither.
    """

    ms: Ms


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """Give up the attempt of ``Transfer``: the caller stays. It comes with what is played next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HangUp:
    """End the call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """Keep this place and answer with ``Kept``."""

    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Find:
    """Look up a code and answer with ``Found``."""

    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """Something to count, for the operator's figures: ``call``, ``chapter-begun``, ``chapter-finished``, ``key``.

    ``label``: for ``key``, which key, of those that command; digits of a code or a number are never counted.
    """

    what: Literal[
        "call", "chapter-begun", "chapter-finished", "key", "code-kept", "code-refused", "code-found", "transfer"
    ]
    label: str = ""


Action = Play | Wait | Transfer | Stay | HangUp | Keep | Find | Count


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a caller stopped listening: the edition by key and version, the chapter, and the cue by id."""

    edition: str
    version: str
    chapter: int
    cue: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What the operator of the line has decided. ``person``: there is somebody to connect to; ``person_at``: and when.

    ``codes``: there is a store for places. ``limit_s``: after so many seconds a call is asked whether it goes on.
    """

    person: bool
    person_at: Callable[[datetime], bool]
    codes: bool
    limit_s: int
    code_tries: int


Mode = Literal[
    "new",
    "language",
    "leaflets",
    "leaflet-entry",
    "welcome",
    "reading",
    "paused",
    "menu",
    "chapters",
    "chapter-entry",
    "numbers",
    "place",
    "keeping",
    "code",
    "code-entry",
    "finding",
    "connecting",
    "transferring",
    "finished",
    "limit",
    "goodbye",
    "over",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Where a call is. Plain values only; ``State()`` is a call before it is answered.

    ``language``: of what is said; ``warned``: the languages in which the emergency number was told, each after a space.
    ``edition``, ``version``: the leaflet, empty before one is chosen; it stays until another is. ``chapter``, ``cue``:
    the sentence that sounds, or at which reading goes on. ``left_chapter``, ``left_cue``: where the caller left to hear
    how words are said; -1 and empty if not. ``lead_ms``: how long the prompts before the chapter's sound are, of what
    is being played; ``from_ms``, ``until_ms``: from where in the chapter that sound is, and to where. ``hash_ms``: how
    much of what is being played may have sounded when a # still ends what was entered. ``digits``: those
    entered so far; in the mode ``code``, the code that was got. ``rounds``: how often something was said into silence.
    ``item``: which telephone number. ``tries``: wrong codes. ``codes``: how many were got; ``code``: the last of them,
    and ``code_at``: its place. ``since``: when the pause began; ``limit``: when the caller is asked whether the call
    goes on; both in seconds since 1970.
    """

    mode: Mode = "new"
    language: str = ""
    warned: str = ""
    edition: str = ""
    version: str = ""
    chapter: int = 0
    cue: str = ""
    rate: int = NORMAL
    left_chapter: int = -1
    left_cue: str = ""
    lead_ms: int = 0
    from_ms: int = 0
    until_ms: int = 0
    hash_ms: int = 0
    digits: str = ""
    rounds: int = 0
    item: int = 0
    tries: int = 0
    codes: int = 0
    code: str = ""
    code_at: str = ""
    since: float = 0.0
    limit: float = 0.0

    def as_data(self) -> dict[str, str | int | float]:
        """The fields that are not at their defaults, for a wire that cannot keep the state itself."""
        return {one.name: getattr(self, one.name) for one in fields(self) if getattr(self, one.name) != one.default}

    @classmethod
    def of(cls, data: Mapping[str, str | int | float]) -> State:
        """The state that ``as_data`` wrote. Raises TypeError for fields that it has not."""
        return cls(**data)  # type: ignore[arg-type]  # as_data wrote each under its own name
