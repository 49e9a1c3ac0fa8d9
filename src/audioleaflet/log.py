"""Lines that a server tells its operator on stderr: facts by name, never who asked for what."""

from __future__ import annotations

import errno
import json
import traceback
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

_PACKAGE = Path(__file__).resolve().parent


def now() -> datetime:
    """This moment."""
    return datetime.now(UTC)


class Log:
    """Lines for the operator, as text or as one JSON object each."""

    def __init__(
        self, form: Literal["text", "json"], write: Callable[[str], None], clock: Callable[[], datetime] = now
    ) -> None:
        self._form = form
        self._write = write
        self._clock = clock

    def tell(self, event: str, facts: Mapping[str, str | int]) -> None:
        """One line: when, what, and facts by name. Text tells the fact ``message`` alone, if there is one."""
        moment = self._clock().astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        if self._form == "json":
            self._write(json.dumps({"ts": moment, "event": event, **facts}, ensure_ascii=False))
        else:
            told = facts.get("message") or " ".join(f"{name}={value}" for name, value in facts.items())
            self._write(f"{moment} {event}: {told}")


def fault(error: BaseException) -> str:
    """A fault of ours by its class and its place in our code; never its message, which may hold what somebody sent."""
    number = errno.errorcode.get(error.errno or 0, "") if isinstance(error, OSError) else ""
    return f"{type(error).__name__}{' ' * bool(number)}{number} at {_place(error)}"


def _place(error: BaseException) -> str:
    frames = [
        frame for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename).is_relative_to(_PACKAGE)
    ]
    if not frames:
        return "a place outside our code"
    return f"{Path(frames[-1].filename).relative_to(_PACKAGE).as_posix()}:{frames[-1].lineno}"
