"""What the server tells of its work: totals, never who asked for what.

That someone reads a page about cancer is health data. So nothing here holds an address, a user agent, a referrer or a
path, and the totals are of the whole library, not of a leaflet.
"""

from __future__ import annotations

import errno
import json
import traceback
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

_PACKAGE = Path(__file__).resolve().parents[3]
KINDS = ("pages", "audio", "downloads", "feeds", "assets", "unchanged", "redirects", "4xx", "5xx", "bytes")


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


class Counts:
    """Totals since the last line about them."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._totals: Counter[str] = Counter()
        self._told: set[str] = set()

    def answered(self, status: int, media_type: str, sent: int) -> None:
        """Count one answer by its status and media type, with the ``sent`` bytes of its body."""
        self._totals[_kind(status, media_type)] += 1
        self._totals["bytes"] += sent

    def failed(self, error: BaseException) -> None:
        """Tell of a fault of ours by its class and its place in our code; once for each until the next totals."""
        number = errno.errorcode.get(error.errno or 0, "") if isinstance(error, OSError) else ""
        fault = f"{type(error).__name__}{' ' * bool(number)}{number} at {_place(error)}"
        if fault not in self._told:
            self._told.add(fault)
            self._log.tell("fault", {"message": fault})

    def flush(self) -> None:
        """Tell the totals, if there are any, and begin again."""
        if self._totals:
            self._log.tell("counts", {kind: self._totals[kind] for kind in KINDS})
        self._totals.clear()
        self._told.clear()


def _kind(status: int, media_type: str) -> str:
    if status >= 300:
        return "unchanged" if status == 304 else {3: "redirects", 4: "4xx"}.get(status // 100, "5xx")
    if media_type.startswith("audio/"):
        return "audio"
    if media_type.startswith("text/html"):
        return "pages"
    if media_type.startswith("application/rss+xml"):
        return "feeds"
    is_asset = media_type.startswith(("text/css", "text/javascript", "image/"))
    return "assets" if is_asset else "downloads"


def _place(error: BaseException) -> str:
    frames = [
        frame for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename).is_relative_to(_PACKAGE)
    ]
    if not frames:
        return "a place outside our code"
    return f"{Path(frames[-1].filename).relative_to(_PACKAGE).as_posix()}:{frames[-1].lineno}"
