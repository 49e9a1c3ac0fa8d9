"""What the line tells of its work: totals, never who called, what was pressed or which leaflet was heard."""

from __future__ import annotations

from collections import Counter
from http import HTTPStatus
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from audioleaflet.hotline.events import Count
from audioleaflet.log import Log, fault

_COUNTED: Final = {
    "call": "calls",
    "chapter-begun": "chapters_begun",
    "chapter-finished": "chapters_finished",
    "code-kept": "codes_kept",
    "code-refused": "codes_refused",
    "code-found": "codes_found",
    "transfer": "transfers",
}
_KINDS: Final = (*_COUNTED.values(), "answers", "refused", "failed")


class Totals:
    """Totals since the last line about them."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._totals: Counter[str] = Counter()
        self._told: set[str] = set()

    def count(self, one: Count) -> None:
        """Take what a call asks to have counted; keys are not told here."""
        if one.what in _COUNTED:
            self._totals[_COUNTED[one.what]] += 1

    def answered(self, status: int, media_type: str, sent: int) -> None:  # noqa: ARG002 (as web.guard calls it)
        """Count one answer by its status."""
        self._totals["answers" if status < 400 else "refused" if status < 500 else "failed"] += 1

    def failed(self, error: BaseException) -> None:
        """Tell of a fault of ours, once for each until the next totals."""
        told = fault(error)
        if told not in self._told:
            self._told.add(told)
            self._log.tell("fault", {"message": told})

    def flush(self) -> None:
        """Tell the totals, if there are any, and begin again."""
        if self._totals:
            self._log.tell("counts", {kind: self._totals[kind] for kind in _KINDS})
        self._totals.clear()
        self._told.clear()


class Front:
    """Around the application: its answers are counted, and beyond the limit of connections there are none."""

    def __init__(self, app: ASGIApp, totals: Totals) -> None:
        self._app = app
        self._totals = totals

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, and its answer back."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def passing(message: Message) -> None:
            if message["type"] == "http.response.start" and not scope["path"].endswith("/healthz"):
                self._totals.answered(message["status"], "", 0)
            await send(message)

        if scope.get("state", {}).get("crowded"):
            headers = [(b"retry-after", b"10"), (b"connection", b"close"), (b"content-length", b"0")]
            start = {"type": "http.response.start", "status": int(HTTPStatus.SERVICE_UNAVAILABLE), "headers": headers}
            await passing(start)
            await send({"type": "http.response.body", "body": b""})
        else:
            await self._app(scope, receive, passing)
